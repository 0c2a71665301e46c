"""The bundled study tried live, and what other libraries are given of it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.evaluation import evaluate
from analysis.study import load_study
from analysis.what_if.gain_surface import gain_surface
from analysis.what_if.live import Live
from bench.contest import Arrays
from bench.contests.first_answer import STUDY
from geo.walks.places import Exits
from geo.walks.walk_graph import Ends, Numbers


def live() -> Live:
    """Return the study evaluated, without any change."""
    return Live(evaluate(load_study(STUDY), draw="when asked"))


def given(study: Live) -> Arrays:
    """Return the streets, the spots that we ask about, and whom nothing covers yet.

    start, node, mm
        Steps from each node, as a sparse matrix has them; private ways as layers of their own.
    spot_…, place_…
        One row a way onto a street: whose it is, the street, millimetres along it and before it,
        and the nodes at its ends with the millimetres to them, -1 for none.
    """
    surface, reached = gain_surface(study), study.now.reached
    standing, rows = reached.standing, reached.standing.graph.rows
    left = np.where(reached.within, 0.0, study.elders.at_points())
    sites = standing.sites(np.column_stack([surface.x, surface.y]))
    places, ends = standing.exits.only(left > 0), standing.graph.ends
    return {
        "start": rows.start, "node": rows.step[:, 0], "mm": rows.step[:, 1].astype(float),
        "limit_mm": np.array(reached.limit_mm), "people": left[left > 0], "oneway": ends.oneway,
        **_ways("spot", sites, ends, ends.seed), **_ways("place", places, ends, ends.read),
    }  # fmt: skip


def _ways(whose: str, exits: Exits, ends: Ends, node: Numbers) -> Arrays:
    to_ends = np.stack([exits.offset_mm, ends.length_mm[exits.street] - exits.offset_mm], axis=1)
    columns: dict[str, NDArray[Any]] = {
        "point": exits.point, "street": exits.street, "along_mm": exits.offset_mm,
        "off_mm": exits.off_street_mm, "node": node[exits.street],
        "mm": to_ends + exits.off_street_mm[:, None],
    }  # fmt: skip
    return {f"{whose}_{name}": column for name, column in columns.items()}
