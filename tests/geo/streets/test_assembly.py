"""Putting streets together, by hand: what nodes on several spots, parallels and lengths become."""

from collections.abc import Sequence

import numpy as np
import pytest

from geo.streets.assembly import Ways, assemble
from geo.streets.network import WalkNetwork
from tests.conftest import METRIC

Line = Sequence[tuple[float, float]]


def assembled(lines: Sequence[Line], node: Sequence[int], **marks: Sequence[object]) -> WalkNetwork:
    """Return the network of lines of two vertices each, whose nodes are told."""
    many = len(lines)
    ways = Ways(
        start=np.arange(many + 1) * 2,
        xy=np.array(lines, dtype=float).reshape(-1, 2),
        node=np.array(node),
        oneway=np.array(marks.get("oneway", [0] * many), dtype=np.int8),
        private=np.array(marks.get("private", [False] * many)),
        kind=[str(word) for word in marks.get("kind", ["path"] * many)],
    )
    return assemble(ways, METRIC, name="ways")


@pytest.mark.parametrize("other", [(300.004, 0.0), (300.0, 0.004), (300.004, -0.004)])
@pytest.mark.parametrize("turned", [1, -1])
def test_a_node_on_two_spots_stands_on_the_western_then_the_southern(
    other: tuple[float, float], turned: int
) -> None:
    lines = [[(0.0, 0.0), (300.0, 0.0)], [other, (600.0, 0.0)]][::turned]
    network = assembled(lines, [0, 1, 1, 2] if turned == 1 else [1, 2, 0, 1])
    assert sorted(zip(network.x.tolist(), network.y.tolist(), strict=True)) == [
        (0, 0), (300, 0), (600, 0),
    ]  # fmt: skip


def test_lengths_are_rounded_to_the_nearest_millimetre() -> None:
    network = assembled([[(0, 0), (1.0006, 0)], [(0, 0), (0, 2.0004)]], [0, 1, 0, 2])
    assert sorted(network.length_mm.tolist()) == [1001, 2000]


def test_a_step_between_two_nodes_on_one_spot_costs_a_millimetre() -> None:
    network = assembled([[(0, 0), (5, 0)], [(5, 0), (5, 0)], [(5, 0), (5, 0)]], [0, 1, 1, 2, 1, 1])
    assert sorted(network.length_mm.tolist()) == [1, 5000]  # and no step from 1 to itself


@pytest.mark.parametrize(
    ("mark", "values"),
    [("private", [True, False]), ("oneway", [-1, 1]), ("kind", ["steps", "path"])],
)
def test_parallels_that_differ_in_one_mark_stand_in_one_order(
    mark: str, values: list[object]
) -> None:
    both = [[(0, 0), (9, 0)]] * 2
    one, other = (
        assembled(both, [0, 1, 0, 1], **{mark: given}) for given in (values, values[::-1])
    )
    for name in ("private", "oneway", "kind"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist()
    assert one.kinds == other.kinds
