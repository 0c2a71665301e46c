"""The spots where one more facility would help most, with the street that each lies in."""

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.coverage.areas import by_level, members
from analysis.study import Study
from analysis.what_if.gain_surface import GainSurface
from geo.position.coordinates import WGS84

SOMEBODY = 0.5  # fewer are printed as nobody


def best_spots(
    surface: GainSurface, study: Study, *, count: int, apart_m: float
) -> pd.DataFrame:
    """Return at most `count` spots that help somebody: `lon, lat, street, gain_60plus`.

    `street` is empty outside all streets. Each spot by itself: together they cover fewer.
    """
    top = surface.top(count, apart_m=apart_m)
    top = top[top["gain_60plus"] >= SOMEBODY].reset_index(drop=True)
    points = gpd.GeoSeries(gpd.points_from_xy(top["x"], top["y"]), crs=study.crs)
    there = points.to_crs(WGS84)
    return pd.DataFrame(
        {
            "lon": there.x.to_numpy(),
            "lat": there.y.to_numpy(),
            "street": _streets(study, points),
            "gain_60plus": top["gain_60plus"].to_numpy(dtype=np.float64),
        }
    )


def _streets(study: Study, points: gpd.GeoSeries) -> list[str]:
    named = dict(by_level(study.layer("boundaries"))).get("street")
    if named is None or not len(points):
        return [""] * len(points)
    at = members(points.to_numpy(), named.geometry).first
    names = [*named["name"].fillna("").astype(str), ""]
    return [names[position] for position in at]
