"""Candidates made up where a study has none: spots along the streets beside homes."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.evaluation import Evaluation
from analysis.siting.spot_names import spot_names
from analysis.what_if.gain_surface import spots_along
from geo.errors import SitingError
from geo.language import say
from geo.streets.network import Flags, Floats

EVERY_M: Final = 150.0
BESIDE_M: Final = 50.0  # a street runs along the homes it serves, not through them
MADE_UP: Final = "made_up"  # column: nobody offered the spot, it was made up
FORBIDDEN_LAND: Final = ("background", "barriers")


def generated_candidates(evaluation: Evaluation, *, every_m: float = EVERY_M) -> gpd.GeoDataFrame:
    """Return spots about every `every_m` along the streets, at most one a square of that side.

    They lie in residential land or no farther than 50 m beside it (estates, where there is no such
    layer; anywhere, where there are neither), and in none of the areas of the background (parks,
    water) or the barriers. Streets that carry no walk through are left out. What could be built
    there, how large and at what cost, nobody knows: all of it is unknown. They are called by the
    estate or community beside them.

    Errors: SitingError where no such spot is found.
    """
    placed, study = evaluation.reach.placed, evaluation.study
    xy = spots_along(
        placed.index.network, placed.index.usable & ~placed.private, every_m=every_m
    )
    xy = xy[_beside_homes(evaluation, xy)]
    xy = xy[~_forbidden(evaluation, xy)]
    if not len(xy):
        raise SitingError(
            say("沿居住用地的道路没有找到可设备选点的位置。请检查居住用地图层，或提供备选点。")
        )
    order = np.lexsort((xy[:, 0], -xy[:, 1]))  # as one reads a map: from the north-west
    xy = xy[order]
    numbers = np.arange(1, len(xy) + 1)
    return gpd.GeoDataFrame(
        {
            "id": pd.array([f"g{number}" for number in numbers], dtype="str"),
            "name": pd.array(spot_names(study, xy), dtype="str"),
            MADE_UP: True,
        },
        geometry=shapely.points(xy),
        crs=study.crs,
    )


def _beside_homes(evaluation: Evaluation, xy: Floats) -> Flags:
    study = evaluation.study
    for name in ("residential_land", "residential"):
        layer = study.layer(name)
        if layer is not None:
            land = shapely.STRtree(layer.geometry.to_numpy())
            near, _ = land.query(shapely.points(xy), predicate="dwithin", distance=BESIDE_M)
            return np.isin(np.arange(len(xy)), near)
    return np.ones(len(xy), dtype=bool)


def _forbidden(evaluation: Evaluation, xy: Floats) -> Flags:
    """Return which spots lie in an area where nothing can be built."""
    inside = np.zeros(len(xy), dtype=bool)
    for name in FORBIDDEN_LAND:
        layer = evaluation.study.layer(name)
        if layer is None:
            continue
        shapes = layer.geometry.to_numpy()
        areas = shapes[shapely.get_dimensions(shapes) == 2]  # noqa: PLR2004 - a surface
        within, _ = shapely.STRtree(areas).query(shapely.points(xy), predicate="within")
        inside[within] = True
    return inside
