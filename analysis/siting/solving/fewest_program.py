"""What is wanted of each area, and the program in whole numbers that says so."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, diags_array, hstack, vstack

from analysis.siting.solving.exact import Program
from analysis.siting.solving.max_cover_kernels import Cover
from geo.streets.network import Flags, Floats, Ints

HALF = 0.5
PERSON_BITS = 20  # the program counts in parts of the largest group: numbers of a middle size


@dataclass(frozen=True, eq=False)
class Wanting:
    """What is to be covered: the groups of each area, and the units wanted of them.

    area
        Of each group.
    need
        Of each area: 0 where nobody more is wanted.
    """

    cover: Cover
    area: Ints
    need: Ints

    def most(self) -> Ints:
        """Return the units of each area that all candidates cover together."""
        total = np.zeros(len(self.need), dtype=np.int64)
        np.add.at(total, self.area, self.cover.weight)
        return total

    @property
    def everybody(self) -> Flags:
        """Return which areas want everybody who can be covered."""
        everybody: Flags = self.need >= self.most()
        return everybody


def covering(wanting: Wanting, cost: Floats, *, count: float = np.inf) -> Program:
    """Return the program: at least cost, at most `count` sites, what is wanted covered.

    cost
        Of each candidate, then of each group covered; nothing is charged for the groups of areas
        that want everybody, which are all covered.
    """
    cover, need = wanting.cover, wanting.need
    groups, size, areas = len(cover.weight), len(cover.start) - 1, len(need)
    shape = (groups, size)
    near = csr_array((np.ones(len(cover.candidate)), cover.candidate, cover.by_start), shape=shape)
    whole = wanting.everybody[wanting.area]
    of_area = csr_array(
        (np.where(whole, 0.0, cover.weight.astype(float)), (wanting.area, np.arange(groups))),
        shape=(areas, groups),
    )
    unit = max(float(cover.weight.max(initial=1)) / 2**PERSON_BITS, 1.0)
    rows = vstack(
        [
            hstack([near, diags_array(np.where(whole, 0.0, -1.0), shape=(groups, groups))]),
            hstack([csr_array((areas, size)), of_area / unit]),
            hstack([csr_array(np.ones((1, size))), csr_array((1, groups))]),
        ]
    )
    rows.eliminate_zeros()
    wanted = np.where(wanting.everybody, 0.0, need / unit)
    least = np.concatenate([np.where(whole, 1.0, 0.0), wanted, [0.0]])
    most = np.append(np.full(groups + areas, np.inf), count)
    kinds = np.repeat([True, False], [size, groups])
    return Program(cost, csr_array(rows), least, most, np.ones(size + groups), kinds)
