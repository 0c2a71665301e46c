"""Dot density: one dot for so many people aged 60+, where they live, within reach or not.

Dots of an estate stand on its own cells, those within reach on cells within reach. What is too few
for a dot is carried on to the next place nearby, so that dots of either kind times people is the
sum of that kind to within half a dot; a dot made of what was carried on stands on any cell where
the place has none of its kind. The same evaluation always has the same dots.
"""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.evaluation import Evaluation
from geo.streets.network import Flags, Floats, Ints
from ui.map.features import feature_collection

EACH: Final = 100  # people a dot
STEPS: Final = tuple(step * 10**e for e in range(2, 7) for step in (1, 2, 5))
MOST_DOTS: Final = 20_000
KINDS: Final = ("covered", "left")
SPREAD_M: Final = 16.0  # dots stand a little off the middle of a cell of 25 m
# Of the plane's evenest sequence of this kind: multiples of both never come near one another.
_STEP: Final = np.array([0.7548776662466927, 0.5698402909980532])


def dots(evaluation: Evaluation) -> bytes:
    """Return the dots within reach and those out of it, one feature each.

    Members: `each`, the people a dot stands for; `unknown`, how many places have an unknown number
    of people, and so no dots.
    """
    elders = evaluation.homes["elderly_60plus"].to_numpy(dtype=float, na_value=np.nan)
    share = evaluation.homes["share"].to_numpy(dtype=float)
    known = np.isfinite(elders) & np.isfinite(share)
    each = people_a_dot(float(elders[known].sum()))
    ground, place, xy, within = _ground(evaluation)
    people = {"covered": (elders * share)[known], "left": (elders * (1 - share))[known]}
    by_place = pd.DataFrame({"place": place[known], **people}).groupby("place", sort=True).sum()
    by_place = by_place.iloc[_along_a_curve(by_place.index.to_numpy(), ground, xy)]
    shapes, classes = [], []
    for kind in KINDS:
        number = numbers_of_dots(by_place[kind].to_numpy(), each=each)
        wanted = within == (kind == "covered")
        of, at = _spots(by_place.index.to_numpy(), number, (ground, xy), wanted)
        if len(of):
            shapes.append(shapely.multipoints(_a_little_off(evaluation, of, at)))
            classes.append(kind)
    return feature_collection(
        gpd.GeoSeries(shapes, crs=evaluation.study.crs), pd.DataFrame({"kind": classes}),
        about={"each": each, "unknown": int((~known).sum())},
    )


def _along_a_curve(place: Ints, ground: Ints, xy: Floats) -> Ints:
    """Return places in an order in which neighbours follow neighbours."""
    if not len(place):
        return place
    points = np.maximum(np.bincount(ground, minlength=int(place.max()) + 1), 1)
    middle = np.column_stack([
        np.bincount(ground, weights=xy[:, axis], minlength=len(points)) / points for axis in (0, 1)
    ])[place]  # fmt: skip
    along = gpd.GeoSeries(shapely.points(middle)).hilbert_distance().to_numpy()
    order: Ints = np.argsort(along, kind="stable")
    return order


def people_a_dot(people: float) -> int:
    """Return the people that a dot stands for: a hundred, or more where dots would be a blot."""
    few_enough = [int(step) for step in STEPS if people / step <= MOST_DOTS]
    return few_enough[0] if few_enough else int(STEPS[-1])


def numbers_of_dots(people: Floats, *, each: int) -> Ints:
    """Return whole dots for people in a row of places; what is left over goes to the next place."""
    so_far = np.rint(np.cumsum(people) / each).astype(np.int64)
    numbers: Ints = np.diff(so_far, prepend=0)
    return numbers


def _ground(evaluation: Evaluation) -> tuple[Ints, Ints, Floats, Flags]:
    """Return where dots may stand: place and position of every point, and whether it is in reach.

    The second is the place of every home: estates by position, then homes of their own.
    """
    reach, placed = evaluation.reach, evaluation.reach.placed
    estate = evaluation.located.estate
    free = estate < 0
    estates = len(placed.estates)
    place = np.where(free, estates + np.cumsum(free) - 1, estate)
    kinds = (placed.residential, placed.homes)
    ground = np.concatenate([placed.place[kinds[0]], estates + placed.place[kinds[1]]])
    rows = np.concatenate([np.arange(kind.start, kind.stop) for kind in kinds])
    xy = np.column_stack([placed.points.x[rows], placed.points.y[rows]])
    within = reach.walks.within(reach.budgets["headline"])[rows]
    somewhere = np.isfinite(xy).all(axis=1)
    return ground[somewhere], place.astype(np.int64), xy[somewhere], within[somewhere]


def _spots(
    place: Ints, number: Ints, points: tuple[Ints, Floats], wanted: Flags
) -> tuple[Ints, Floats]:
    """Return place and position of every dot, spread evenly over the wanted points of its place.

    A place that has dots but no wanted point, since its neighbour's people were carried on to it,
    has them on any of its points.
    """
    ground, xy = points
    # Wanted points stand first among those of a place.
    order = np.lexsort((~wanted, ground))
    ground, xy, wanted = ground[order], xy[order], wanted[order]
    first = np.searchsorted(ground, place)
    every = np.searchsorted(ground, place, side="right") - first
    good = np.bincount(ground, weights=wanted, minlength=place.max(initial=-1) + 1)[place]
    among = np.where(good > 0, good, every).astype(np.int64)
    number = np.where(among > 0, number, 0)
    dot = np.repeat(np.arange(len(place)), number)
    nth = np.arange(len(dot)) - np.repeat(np.cumsum(number) - number, number)
    at = first[dot] + ((nth + 0.5) * among[dot] / number[dot]).astype(np.int64)
    return place[dot], xy[at]


def _a_little_off(evaluation: Evaluation, place: Ints, xy: Floats) -> Floats:
    """Return dots moved so that no rows are seen; never out of an estate."""
    moved: Floats = xy + ((np.arange(len(xy))[:, None] * _STEP) % 1.0 - 0.5) * SPREAD_M
    residential = evaluation.study.layer("residential")
    estates = len(evaluation.reach.placed.estates)
    if residential is None:
        return moved
    inside = place < estates
    polygons = residential.geometry.to_numpy()[place[inside]]
    out = np.zeros(len(xy), dtype=bool)
    out[inside] = ~shapely.contains_xy(polygons, *moved[inside].T)
    moved[out] = xy[out]
    return moved
