"""Which polygons of a layer share ground, found in blocks: however many lie on one another."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.findings import Finding
from geo.language import say

Geometries = NDArray[Any]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Twenty thousand outlines on one spot are two hundred million pairs. A block of rows at a time
# keeps them out of memory; what is looked at is bounded by its cost, so that the answer is the same
# on every computer: pairs of boxes, and vertices of the pairs that are put together.
_BLOCK = 64
_MOST_BOXES = 20_000_000
_MOST_VERTICES = 1_000_000


@dataclass(frozen=True)
class Overlaps:
    """Pairs of polygons that share ground, by the first, then the second.

    first, second
        Positions in the layer.
    m2
        Area of the ground each pair shares.
    complete
        False where there were too many pairs to look at all of them.
    """

    first: Ints
    second: Ints
    m2: Floats
    complete: bool


def overlaps(
    metric: Geometries, *, least_share: float = 0.0, alike: NDArray[Any] | None = None
) -> Overlaps:
    """Return the pairs of polygons that share more than a share of the smaller one.

    metric
        In metres.
    alike
        One value a polygon: only pairs of the same value count.
    """
    area = shapely.area(metric)
    vertices = shapely.get_num_coordinates(metric)
    found: list[tuple[Ints, Ints, Floats]] = []
    boxes, spent, complete = 0, 0, True
    for pairs in _pairs(metric):
        boxes += pairs.shape[1]
        least = least_share * area[pairs].min(axis=0)
        likely = _boxes_common_m2(metric, *pairs) > least
        if alike is not None:
            likely &= np.equal(*alike[pairs]).astype(bool)
        cost = spent + np.cumsum(np.where(likely, vertices[pairs].sum(axis=0), 0))
        complete = bool((cost <= _MOST_VERTICES).all()) and boxes <= _MOST_BOXES
        likely &= cost <= _MOST_VERTICES
        looked_at = pairs[:, likely]
        common = shapely.area(shapely.intersection(*metric[looked_at]))
        real = common > least[likely]
        found.append((*looked_at[:, real], common[real]))
        if not complete:
            break
        spent = int(cost[-1]) if len(cost) else spent
    first, second, m2 = (np.concatenate(each) for each in zip(*found, strict=True))
    return Overlaps(first, second, m2, complete)


def too_many_overlaps(layer: str, file: str) -> Finding:
    """Return the finding that not all pairs could be looked at."""
    message = say("互相重叠的面太多，没有全部核对：实际的重叠比列出和计数的更多。")
    return Finding("warning", layer, message, say("请检查是否把同一批图形重复合并。"), file)


def _pairs(metric: Geometries) -> Iterator[Ints]:
    """Yield pairs whose boxes meet, shape (2, pairs), each once, a block of first ones a time."""
    tree = shapely.STRtree(metric)
    for start in range(0, len(metric), _BLOCK):
        first, second = tree.query(metric[start:start + _BLOCK])
        pairs = np.stack([first + start, second]).astype(np.int64)
        pairs = pairs[:, pairs[0] < pairs[1]]
        yield pairs[:, np.lexsort(pairs[::-1])]  # whatever the order of the tree


def _boxes_common_m2(metric: Geometries, first: Ints, second: Ints) -> Floats:
    """Return the area that the bounds of each pair share: no less than the two share themselves."""
    west, south, east, north = shapely.bounds(metric).T
    wide = np.minimum(east[first], east[second]) - np.maximum(west[first], west[second])
    high = np.minimum(north[first], north[second]) - np.maximum(south[first], south[second])
    return np.asarray(np.maximum(wide, 0.0) * np.maximum(high, 0.0))
