"""The fewest sites that cover as many people of each area as are wanted, and proof of how few."""

from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike

from analysis.siting.solving.candidates import (
    FINE_UNITS,
    Candidates,
    Scale,
    Table,
    as_flags,
    checked_table,
    covered_by,
    first_places,
    grouped,
    in_order,
    known_people,
    mandatory_and_free,
)
from analysis.siting.solving.cheaper_sites import cheaper_sites
from analysis.siting.solving.fewest_program import Wanting
from analysis.siting.solving.fewest_search import fewest
from analysis.siting.solving.most_of_few import most_of_few
from analysis.siting.solving.solution import Solution, Status
from geo.streets.network import Flags, Floats, Ints

TINY = 1e-6  # people: a sum of parts of people may miss the number wanted by this much
FIRST = 0.8  # part of the time for how few, the rest for which of them


def fewest_sites(  # noqa: PLR0913 - all but two by name
    candidates: Candidates,
    people: ArrayLike,
    *,
    wanted: ArrayLike,
    area: Ints | None = None,
    covered: Flags | None = None,
    cost: ArrayLike | None = None,
    seconds: float = 30.0,
    within: float = 0.0,
) -> Solution:
    """Return the fewest sites with which each area has as many people covered as are wanted.

    Of several such choices, the cheapest where the number is proven and all costs are known, else
    the one that newly covers most people, as far as time allows. They
    stand in order, each the one that adds most people to those before it, ties to the first.
    Value and bound are numbers of sites, mandatory ones counted.

    people, area
        Of each place: its people, known and not negative, and the number of its area; those of
        area -1 count nowhere. One area for all where absent.
    wanted
        Of each area: the people to be covered in all, by what exists or by a site.
    covered
        Places that existing facilities cover; none where absent.
    cost
        万元 of each candidate, NaN where unknown; nothing is weighed where absent.
    seconds, within
        The search ends after this time, or when the gap is this small.

    Infeasible where all candidates together cover too few: `most_possible` tells how many.
    Errors: SitingError where a mandatory candidate is forbidden.
    """
    began = perf_counter()
    asked = _Asked.of(candidates, people, wanted, area, covered)
    wanting, lack = asked.wanting()
    if (lack > wanting.most()).any():
        nothing = np.zeros(0, dtype=np.int64)
        return Solution(nothing, np.nan, np.nan, Status.INFEASIBLE, perf_counter() - began)
    found = fewest(wanting, deadline=began + FIRST * seconds, within=within, more=asked.mandatory)
    every = wanting if len(lack) == len(asked.lack) else asked.everywhere()
    free = most_of_few(every, found.sites, deadline=began + seconds)
    proven = len(free) <= found.bound
    if cost is not None and proven:
        prices = np.asarray(cost, dtype=np.float64)[asked.free]
        free = cheaper_sites(every, free, prices, deadline=began + seconds)
    counted = np.where(asked.area >= 0, known_people(people), 0.0)
    chosen = np.append(asked.mandatory, asked.free[free])
    sites, _ = in_order(candidates, counted, chosen, covered=covered)
    value, bound = len(sites), len(asked.mandatory) + found.bound
    ended = Status.TIME_LIMIT if found.late else Status.FEASIBLE
    status = Status.OPTIMAL if value <= bound else ended
    return Solution(sites, float(value), float(bound), status, perf_counter() - began)


def most_possible(
    candidates: Candidates,
    people: ArrayLike,
    *,
    area: Ints | None = None,
    covered: Flags | None = None,
) -> Floats:
    """Return the people of each area covered if every candidate were built that may be.

    What exists counts too. Arguments as of `fewest_sites`; areas up to the highest number named.
    """
    known = known_people(people)
    where = _areas(area, len(known), None)
    allowed = np.flatnonzero(~as_flags(candidates.forbidden, len(candidates)))
    table = checked_table(candidates, len(known))
    reached = covered_by(table, allowed, len(known)) | as_flags(covered, len(known))
    counts = reached & (where >= 0)
    size = int(where.max(initial=0 if area is None else -1)) + 1
    possible: Floats = np.bincount(where[counts], known[counts], minlength=size).astype(float)
    return possible


@dataclass(frozen=True, eq=False)
class _Asked:
    """What is asked, in whole units.

    units
        Of each place: people whom neither what exists nor a mandatory site covers, 0 in no area.
    lack
        Of each area: units still wanted, 0 where enough are covered.
    """

    table: Table
    units: Ints
    area: Ints
    lack: Ints
    mandatory: Ints
    free: Ints

    @classmethod
    def of(
        cls,
        candidates: Candidates,
        people: ArrayLike,
        wanted: ArrayLike,
        area: Ints | None,
        covered: Flags | None,
    ) -> "_Asked":
        """Return what is asked. Errors: ValueError for what is unknown or of another size."""
        known = known_people(people)
        wished = np.atleast_1d(np.array(wanted, dtype=np.float64))
        where = _areas(area, len(known), len(wished))
        scale = Scale.of(known, all_units=FINE_UNITS)
        table = checked_table(candidates, len(known))
        mandatory, free = mandatory_and_free(candidates, len(candidates))
        secured = as_flags(covered, len(known)) | covered_by(table, mandatory, len(known))
        need = _whole_units(wished, scale)
        lack = np.maximum(need - sums(scale.units, where, secured, len(wished)), 0)
        units = np.where(secured | (where < 0), 0, scale.units)
        return cls(table, units, where, lack, mandatory, free)

    def wanting(self) -> tuple[Wanting, Ints]:
        """Return the groups of the areas that lack anybody, and what these areas lack."""
        lacking = np.flatnonzero(self.lack > 0)
        number = np.full(len(self.lack) + 1, -1)  # the last one for places in no area
        number[lacking] = np.arange(len(lacking))
        where = number[self.area]
        units = np.where(where >= 0, self.units, 0)
        cover, group = grouped(self.table, self.free, units, area=where)
        of_group = where[first_places(group)]
        return Wanting(cover, of_group, self.lack[lacking]), self.lack[lacking]

    def everywhere(self) -> Wanting:
        """Return the groups of all areas."""
        cover, group = grouped(self.table, self.free, self.units, area=self.area)
        return Wanting(cover, self.area[first_places(group)], self.lack)


def _areas(area: Ints | None, places: int, areas: int | None) -> Ints:
    """Return the area of each place. Errors: ValueError for a wrong size or an area unknown."""
    if area is None:
        return np.zeros(places, dtype=np.int64)
    where = np.array(area, dtype=np.int64)
    if len(where) != places:
        msg = f"{places} places need an area each, not {len(where)}."
        raise ValueError(msg)
    if (where < -1).any() or (areas is not None and (where >= areas).any()):
        msg = "A place names an area of which nothing is wanted: -1 stands for none."
        raise ValueError(msg)
    return where


def _whole_units(wanted: Floats, scale: Scale) -> Ints:
    """Return the units that people wanted are, whole people where only these can be covered."""
    if not np.isfinite(wanted).all():
        msg = "The people wanted of every area must be known."
        raise ValueError(msg)
    # Half of the tolerance for how people are wanted, half for how they are counted.
    least = np.ceil(np.ldexp(np.maximum(wanted - TINY / 2, 0.0), scale.bits))
    units = np.minimum(least, 2.0 ** (FINE_UNITS + 8)).astype(np.int64)
    return -(-units // scale.person) * scale.person


def sums(units: Ints, area: Ints, which: Flags, areas: int) -> Ints:
    """Return the units of some places in each area."""
    counted = which & (area >= 0)
    total = np.zeros(areas, dtype=np.int64)
    np.add.at(total, area[counted], units[counted])
    return total
