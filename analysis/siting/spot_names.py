"""What a spot without a name is called: the estate beside it, the area it lies in, its degrees."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from analysis.columns import words
from analysis.coverage.areas import by_level, members
from analysis.study import Study
from geo.language import say
from geo.position.coordinates import WGS84
from geo.streets.network import Floats

Objects = NDArray[np.object_]

BESIDE_M: Final = 150.0
LEVELS: Final = ("community", "street")  # the smallest first


def spot_names(study: Study, xy: Floats) -> list[str]:
    """Return a name for each spot, which need not be the only one of that name.

    The nearest estate within 150 m that has a name, else the community or street around it, else
    its degrees. `xy` in metres of the study, shape (spots, 2).
    """
    points = shapely.points(xy)
    names = _estates(study, points)
    for level in LEVELS:
        around = _areas(study, points, level)
        names = np.where(names == "", around, names)
    shown = [str(say("{name}附近", name=name)) if name else "" for name in names]
    degrees = gpd.GeoSeries(points, crs=study.crs).to_crs(WGS84)
    return [
        name or f"{spot.x:.5f}, {spot.y:.5f}" for name, spot in zip(shown, degrees, strict=True)
    ]


def _estates(study: Study, points: Objects) -> Objects:
    """Return the name of the nearest estate that has one; empty where none is near."""
    names = np.full(len(points), "", dtype=object)
    residential = study.layer("residential")
    if residential is None:
        return names
    called = words(residential, "name")
    named = called.notna().to_numpy() & ~residential.geometry.isna().to_numpy()
    shapes = residential.geometry.to_numpy()[named]
    tree = shapely.STRtree(shapes)
    (at, estate), metres = tree.query_nearest(
        points, max_distance=BESIDE_M, return_distance=True, all_matches=True
    )
    near = pd.DataFrame({"at": at, "estate": estate, "metres": metres})
    near = near.sort_values(["at", "metres", "estate"]).drop_duplicates("at")
    names[near["at"]] = called.to_numpy(dtype=object)[named][near["estate"]]
    return names


def _areas(
    study: Study, points: Objects, level: str
) -> Objects:
    """Return the name of the area of a level around each point; empty outside all."""
    named = dict(by_level(study.layer("boundaries"))).get(level)
    if named is None:
        return np.full(len(points), "", dtype=object)
    at = members(points, named.geometry).first
    names = np.array([*words(named, "name").fillna(""), ""], dtype=object)
    return names[at]
