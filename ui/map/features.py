"""GeoJSON for the browser: rounded, compact, with names as plain data."""

import json
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

# Six decimals of a degree are 11 cm: finer than any screen shows.
_DECIMALS = 6


def feature_collection(
    geometry: gpd.GeoSeries,
    properties: pd.DataFrame,
    *,
    about: Mapping[str, Any] | None = None,
) -> bytes:
    """Return features as GeoJSON in WGS84, in row order; rows without a geometry are left out.

    properties
        One row a feature, in the same order; an unknown value is written as null.
    about
        Further members of the collection.
    """
    shapes = geometry.to_crs("EPSG:4326").to_numpy()
    drawn = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    texts = shapely.to_geojson(_rounded(shapes[drawn]))
    rows = _plain(properties.loc[drawn])
    features = ",".join(
        f'{{"type":"Feature","properties":{_json(row)},"geometry":{text}}}'
        for row, text in zip(rows, texts, strict=True)
    )
    members = "".join(f",{_json(key)}:{_json(value)}" for key, value in (about or {}).items())
    return f'{{"type":"FeatureCollection","features":[{features}]{members}}}'.encode()


def _rounded(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    return np.asarray(shapely.transform(shapes, lambda xy: np.round(xy, _DECIMALS)))


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    objects = table.astype(object)
    return [
        {str(key): value for key, value in row.items()}
        for row in objects.where(objects.notna(), None).to_dict("records")
    ]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
