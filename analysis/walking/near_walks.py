"""Walks that proposals and remedies ask for: from estates to facilities and to candidates."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.pooling.proposals import NearWalks
from analysis.study import Study
from analysis.walking.estate_walks import estate_walks
from analysis.walking.placing import Placed, facility_points
from geo.walks.travel import budget_mm, in_minutes


def near_walks(study: Study, placed: Placed, *, pool_walk_min: float) -> NearWalks:
    """Return walks to facilities within the pooling walk, to candidates within the study's limit.

    All facilities are asked, whatever their category and status. Candidates are asked within the
    longer of both, so that pools may take them too.
    """
    limit_min = max(study.description.walking.limit_min, pool_walk_min)
    return NearWalks(
        _walks(study, placed, "facilities", "facility", pool_walk_min),
        _walks(study, placed, "candidates", "candidate", limit_min),
    )


def _walks(study: Study, placed: Placed, layer: str, kind: str, limit_min: float) -> pd.DataFrame:
    """Return estate, `kind` (positions) and minutes."""
    residential, there = study.layer("residential"), study.layer(layer)
    if residential is None or there is None:
        return pd.DataFrame({"estate": [], kind: [], "minutes": []}).astype(
            {"estate": "int64", kind: "int64", "minutes": "float64"}
        )
    speed = study.description.walking.speed_m_per_s
    exits = placed.ways_out(placed.sites_at(_spots(there)))
    limit_mm = budget_mm(limit_min, speed_m_per_s=speed)
    walks = estate_walks(placed, exits, limit_mm=limit_mm)
    return pd.DataFrame(
        {
            "estate": walks["estate"],
            kind: walks["facility"],
            "minutes": in_minutes(walks["walk_mm"].to_numpy(), speed_m_per_s=speed),
        }
    )


def _spots(layer: gpd.GeoDataFrame) -> np.ndarray:
    """Return one position a row, NaN where a row has none."""
    points = facility_points(layer)
    return np.column_stack([shapely.get_x(points), shapely.get_y(points)])
