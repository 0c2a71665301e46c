"""How far a map reaches: to where people live, not to a row that lies far off."""

from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from analysis.evaluation import Evaluation
from analysis.study import Study
from geo.position.coordinates import WGS84
from geo.position.far_rows import metres_outside

BESIDE_M: Final = 5_000.0  # beyond the study's areas; what lies farther is told as a finding
# Of a layer without areas: so many times farther off than half of its rows is no part of the view.
APART_TIMES: Final = 10.0
_SURFACE: Final = 2  # dimensions of a polygon


def bounds_of_life(evaluation: Evaluation) -> tuple[float, float, float, float]:
    """Return the extent, in degrees, of the estates, else homes, else facilities, else streets.

    Places without geometry have no extent: the next kind stands in when none has one. A row that
    lies far off, for a slip in its coordinates, does not widen it.
    """
    study = evaluation.study
    return _extent(
        study, study.layer("residential"), evaluation.homes, study.layer("facilities")
    )


def bounds_of_study(study: Study) -> tuple[float, float, float, float]:
    """Return the extent, in degrees, of the estates, else facilities, areas or streets."""
    kinds = ("residential", "facilities", "boundaries")
    return _extent(study, *map(study.layer, kinds))


def _extent(
    study: Study, *kinds: gpd.GeoDataFrame | None
) -> tuple[float, float, float, float]:
    west, south, east, north = shown_shapes(study, *kinds).to_crs(WGS84).total_bounds
    return float(west), float(south), float(east), float(north)


def shown_shapes(study: Study, *kinds: gpd.GeoDataFrame | None) -> gpd.GeoSeries:
    """Return the shapes of the first kind that has any near the study's areas, else the streets."""
    ground = study.layer("boundaries")
    drawn = (at_home(kind.geometry, ground) for kind in kinds if kind is not None)
    shown = next((shapes for shapes in drawn if not np.isnan(shapes.total_bounds).any()), None)
    return gpd.GeoSeries(study.network.lines(), crs=study.crs) if shown is None else shown


def at_home(shapes: gpd.GeoSeries, ground: gpd.GeoDataFrame | None) -> gpd.GeoSeries:
    """Return the shapes near the study's areas; where none is, or there are none, near each other.

    shapes, ground
        In one metric CRS.
    """
    middles = shapely.centroid(shapes.to_numpy())
    placed = ~(shapely.is_missing(middles) | shapely.is_empty(middles))
    shapes, middles = shapes[placed], middles[placed]
    if not len(middles):
        return shapes
    areas = np.empty(0, dtype=object) if ground is None else ground.geometry.to_numpy()
    areas = areas[shapely.get_dimensions(areas) == _SURFACE]
    near = metres_outside(middles, areas) <= BESIDE_M if len(areas) else np.zeros(len(middles))
    if near.any():
        return shapes[near]
    xy = shapely.get_coordinates(middles)
    away = np.hypot(*(xy - np.median(xy, axis=0)).T)
    return shapes[away <= max(APART_TIMES * np.median(away), BESIDE_M)]
