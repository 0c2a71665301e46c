"""Where one more facility would help most, as a document for the map: squares and the best spots.

Colours run from light to dark in five steps; what each step says stands in the document itself.
"""

import json
from itertools import pairwise
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.what_if.gain_surface import CELL_M, GainSurface, Raster
from geo.language import say, translate
from geo.streets.network import Floats, Ints

COLOURS: Final = ("#f6e8f4", "#dcb8da", "#b678b8", "#834291", "#4a1a5c")
SOMEBODY: Final = 0.5  # fewer are printed as nobody
_CORNERS: Final = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
_DECIMALS: Final = 6  # of a degree: 11 cm
_ROUND: Final = (1, 2, 5)


def draw_gains(surface: GainSurface, top: pd.DataFrame, crs: Any) -> bytes:  # noqa: ANN401 - pyproj
    """Return the squares in which one more facility would help somebody, and the best spots.

    top
        `lon, lat, gain_60plus` of the best spots, the best first.

    Members: `classes`, each with its colour and words; `cells`, each with its class, its gain in
    whole people and its corners, latitude first; `spots`.
    """
    raster = surface.raster(cell_m=CELL_M)
    row, column = np.nonzero(np.nan_to_num(raster.gain) >= SOMEBODY)
    gain = raster.gain[row, column]
    steps = steps_of(gain)
    classes = np.searchsorted(steps, gain, side="right")
    corners = _corners(raster, row, column, crs)
    document = {
        "type": "FeatureCollection",
        "features": [],
        "title": translate("再建1处可新增覆盖（60岁以上，人）"),
        "note": translate("每格取最好的位置；点击编号处在那里新增"),
        "classes": [
            {"fill": fill, "label": words}
            for fill, words in zip(COLOURS, _words(steps), strict=False)
        ],
        "cells": [
            [int(each), round(float(people)), ring]
            for each, people, ring in zip(classes, gain, corners.tolist(), strict=True)
        ],
        "spots": top[["lon", "lat", "gain_60plus"]].round(7).to_numpy().tolist(),
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def steps_of(gain: Floats) -> list[float]:
    """Return at most four round numbers that part the gains into five classes, rising.

    Each class is about half of the next: few spots help many people.
    """
    if not len(gain):
        return []
    most = float(gain.max())
    wanted = [most * part for part in (0.08, 0.2, 0.4, 0.7)]
    return sorted({step for each in wanted if (step := _round(each)) >= 1})


def _round(value: float) -> float:
    """Return the nearest of 1, 2 and 5 times a power of ten; from ten on of whole tens too."""
    if value <= 0:
        return 0.0
    power = 10.0 ** np.floor(np.log10(value))
    known = [step * power for step in (*_ROUND, 3, 4, 6, 8, 10)]
    return float(min(known, key=lambda step: abs(step - value)))


def _words(steps: list[float]) -> list[str]:
    if not steps:
        return [translate("有新增覆盖")]
    first = str(say("{to:,.0f} 以下", to=steps[0]))
    last = str(say("{start:,.0f} 以上", start=steps[-1]))
    between = [f"{start:,.0f}–{end:,.0f}" for start, end in pairwise(steps)]
    return [first, *between, last]


def _corners(raster: Raster, row: Ints, column: Ints, crs: Any) -> Floats:  # noqa: ANN401
    """Return the four corners of each square in degrees, latitude first; shape (squares, 4, 2)."""
    x = raster.west + (column[:, None] + _CORNERS[:, 0]) * raster.cell_m
    y = raster.north - (row[:, None] + _CORNERS[:, 1]) * raster.cell_m
    there = gpd.GeoSeries(gpd.points_from_xy(x.ravel(), y.ravel()), crs=crs).to_crs("EPSG:4326")
    degrees = np.column_stack([there.y, there.x]).round(_DECIMALS)
    corners: Floats = degrees.reshape(-1, len(_CORNERS), 2)
    return corners
