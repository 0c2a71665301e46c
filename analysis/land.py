"""Residential land and estates: the part of each within the limit."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.reach import Reach
from analysis.study import Study
from geo.cells import Cells, estate_cells
from geo.places import NOBODY, Points, put_on_streets
from geo.streets.network import Floats, Ints
from geo.travel import nearest_facility


def estates_and_land(
    study: Study, reach: Reach, places: pd.DataFrame
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return estates and residential land, each row with the share of it within the limit."""
    nothing = gpd.GeoDataFrame(
        {"id": [], "share": [], "reachable": []}, geometry=[], crs=study.crs
    )
    residential = study.layer("residential")
    estates = nothing
    if residential is not None:
        rows = places[places["layer"] == "residential"]
        estates = residential.assign(
            share=rows["share"].to_numpy(), reachable=rows["reachable"].to_numpy()
        )
    land = study.layer("residential_land")
    if land is None:
        return estates, estates
    return estates, land.assign(share=_land_share(study, reach, land))


def _land_share(study: Study, reach: Reach, land: gpd.GeoDataFrame) -> Floats:
    """Return the part of each land polygon within the limit, by its cells."""
    cells = estate_cells(land.geometry.array)
    points = Points(cells.x, cells.y, _estate_around(cells, reach))
    exits = put_on_streets(
        reach.placed.index,
        points,
        snap_max_m=study.description.walking.snap_max_m,
        grounds=reach.placed.grounds,
    )
    walks = nearest_facility(
        study.network, reach.placed.facilities, exits, horizon_mm=reach.budgets["headline"]
    )
    within = walks.walk_mm <= reach.budgets["headline"]
    count = np.bincount(cells.owner, minlength=len(land)).astype(float)
    count[count == 0] = np.nan
    return np.bincount(cells.owner, weights=within, minlength=len(land)) / count


def _estate_around(cells: Cells, reach: Reach) -> Ints:
    """Return the first estate that holds each cell, `NOBODY` for land outside estates."""
    owner = np.full(len(cells.x), NOBODY, dtype=np.int64)
    tree = shapely.STRtree(reach.placed.grounds.polygons)
    cell, estate = tree.query(shapely.points(cells.x, cells.y), predicate="within")
    np.maximum.at(owner, cell, -estate - 2)  # the largest negative stands for the first estate
    return np.where(owner == NOBODY, NOBODY, -owner - 2)
