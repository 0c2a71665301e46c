"""Residential land and estates: the part of each within the limit."""

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.study import Study
from analysis.walking.reach import Reach
from geo.ground.cells import estate_cells
from geo.streets.network import Floats


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
    return estates, land.assign(share=_land_share(reach, land))


def _land_share(reach: Reach, land: gpd.GeoDataFrame) -> Floats:
    """Return the part of each land polygon within the limit, by its cells."""
    cells = estate_cells(land.geometry.array)
    walk_mm, _ = reach.walk_at(cells.x, cells.y)
    within = walk_mm <= reach.budgets["headline"]
    count = np.bincount(cells.owner, minlength=len(land)).astype(float)
    count[count == 0] = np.nan
    shares: Floats = np.bincount(cells.owner, weights=within, minlength=len(land)) / count
    return shares

