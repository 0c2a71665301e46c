"""The files that all contenders read: one city, and the points in it."""

from pathlib import Path
from typing import Any, Final

import numpy as np

from bench.city import loaded, make_city, same_nodes
from bench.contest import Task
from bench.settled import CANDIDATES, DEMAND, FACILITIES, PLACES, Size, spots_by_streets


def make_workspace(folder: Path, size: Size) -> Task:
    """Write the city of a size, in both orders of its nodes, with its points."""
    city = make_city(size.nodes)
    network = loaded(city)
    city.save(folder / "raw.npz")
    network.save(folder / "loaded.npz")
    np.save(folder / "loaded_of_raw.npy", same_nodes(city.network, network))
    wanted = {name: (what, getattr(size, name)) for name, what in KINDS.items()}
    points: dict[str, Any] = {}
    for name, (what, count) in wanted.items():
        spots = spots_by_streets(city.network, count, what=what)
        points[name] = np.stack([spots.x, spots.y])
    np.savez(folder / "spots.npz", **points)
    return Task(folder, size)


KINDS: Final = {
    "facilities": FACILITIES, "places": PLACES, "candidates": CANDIDATES, "demand": DEMAND,
}  # fmt: skip
