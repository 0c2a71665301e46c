"""Where a position is, in words: the street it lies in and the estate it is near."""

from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from analysis.study import Study
from geo.language import Message, say
from geo.position.coordinates import WGS84
from report.areas import area_in

NEAR_M: Final = 500.0  # an estate further off says little


def near(study: Study, lon: float, lat: float, *, but: str = "") -> Message:
    """Return a WGS84 position in words, its degrees in brackets; degrees alone where none are near.

    but
        Id of an estate that is named already: then the street alone is told.
    """
    spot = gpd.GeoSeries([shapely.Point(lon, lat)], crs=WGS84).to_crs(study.crs)
    (street,) = area_in(study, spot, "street")
    told = {"street": street, "lon": lon, "lat": lat,
            "estate": "" if but else _nearest_estate(study, spot.iloc[0])}  # fmt: skip
    if street and told["estate"]:
        return say("{street}“{estate}”附近（{lon:.6f}, {lat:.6f}）", **told)
    if told["estate"]:
        return say("“{estate}”附近（{lon:.6f}, {lat:.6f}）", **told)
    if street:
        return say("{street}（{lon:.6f}, {lat:.6f}）", **told)
    return say("{lon:.6f}, {lat:.6f}", **told)


def _nearest_estate(study: Study, spot: shapely.Point) -> str:
    """Return the name of the estate that is nearest to a spot in metres; empty where none is."""
    layer = study.layer("residential")
    if layer is None or layer.empty or "name" not in layer:
        return ""
    named = layer.loc[layer["name"].fillna("").ne("") & layer.geometry.notna()]
    if named.empty:
        return ""
    away = shapely.distance(named.geometry.to_numpy(), spot)
    at = int(np.argmin(away))
    return str(named["name"].iloc[at]) if away[at] <= NEAR_M else ""
