"""Streets that carry nobody through: private ways, and streets inside gated estates."""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from analysis.study import Study
from geo.findings import Finding
from geo.language import say
from geo.streets.network import Flags, WalkNetwork

MOSTLY_INSIDE: Final = 0.5  # a street belongs to the estate that holds more than half of it
OFF_THE_OUTLINE_M: Final = 1.0  # a street drawn along the outline runs outside the estate


def no_through_walk(study: Study) -> tuple[Flags, list[Finding]]:
    """Return which streets may begin or end a walk but never carry one between public streets.

    None of them where the study lets people walk through estates.
    """
    network = study.network
    if study.description.walking.through_estates:
        return np.zeros(len(network), dtype=bool), []
    inside = streets_inside(network, _gated_estates(study), among=~network.private)
    if not (network.private.any() or inside.any()):
        return network.private, []
    message = say(
        "{count} 条道路只供出入、不作穿行：私有道路 {private} 条，封闭小区内其他道路 {inside} 条。",
        count=int(network.private.sum() + inside.sum()),
        private=int(network.private.sum()),
        inside=int(inside.sum()),
    )
    return network.private | inside, [Finding("info", "streets", message)]


def streets_inside(
    network: WalkNetwork, estates: NDArray[np.object_], *, among: Flags
) -> Flags:
    """Return which of some streets lie for more than half of their length inside any one estate."""
    inside = np.zeros(len(network), dtype=bool)
    ground = shapely.buffer(estates, -OFF_THE_OUTLINE_M)
    ground = ground[~(shapely.is_empty(ground) | shapely.is_missing(ground))]
    if not len(ground):
        return inside
    asked = _around(network, shapely.total_bounds(ground)) & among
    near = np.flatnonzero(asked)
    corners = np.diff(network.vertex_start)
    lines = shapely.linestrings(
        network.vertex_xy[np.repeat(asked, corners)],
        indices=np.repeat(np.arange(len(near)), corners[near]),
    )
    tree = shapely.STRtree(lines)
    _, whole = tree.query(ground, predicate="contains")
    inside[near[whole]] = True
    estate, line = tree.query(ground, predicate="intersects")
    doubtful = ~inside[near[line]]
    estate, line = estate[doubtful], line[doubtful]
    within_m = shapely.length(shapely.intersection(lines[line], ground[estate]))
    inside[near[line[within_m > MOSTLY_INSIDE * shapely.length(lines[line])]]] = True
    return inside


def _around(network: WalkNetwork, bounds: NDArray[np.float64]) -> Flags:
    """Return the streets with a corner or a piece in a rectangle, and perhaps some more."""
    first = network.vertex_start[:-1]
    low = np.minimum.reduceat(network.vertex_xy, first) <= bounds[2:]
    high = np.maximum.reduceat(network.vertex_xy, first) >= bounds[:2]
    around: Flags = np.logical_and.reduce(low & high, axis=1)
    return around


def _gated_estates(study: Study) -> NDArray[np.object_]:
    residential = study.layer("residential")
    if residential is None or "gated" not in residential.columns:
        return np.zeros(0, dtype=object)
    gated = residential["gated"].astype("boolean").fillna(value=False).to_numpy(dtype=bool)
    estates: NDArray[np.object_] = residential.geometry.to_numpy()[gated]
    return estates
