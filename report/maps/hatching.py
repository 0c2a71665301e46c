"""Hatches: lines across areas, so that classes stay apart in grey print."""

from dataclasses import dataclass

import numpy as np
import shapely

from report.maps.page import Page, Pen, line_paths
from report.maps.window import Shapes, Window


@dataclass(frozen=True)
class Hatch:
    """Parallel lines in millimetres of the paper.

    degrees
        Of the lines, from the east, counter-clockwise.
    """

    pen: Pen
    apart_mm: float = 0.7
    degrees: float = 45.0


def draw_hatch(page: Page, shapes: Shapes, window: Window, hatch: Hatch, *, z: float) -> None:
    """Draw a hatch over polygons; its lines run on from one polygon to the next."""
    shapes = np.atleast_1d(np.asarray(shapes, dtype=object))
    shapes = shapes[window.sees(shapes)]
    if not len(shapes):
        return
    whole = shapely.union_all(shapely.make_valid(shapes, method="structure"))
    drawn = shapely.intersection(_lines(window, hatch), whole)
    if not drawn.is_empty:
        page.paint(line_paths(np.array([drawn]), window), hatch.pen, within=window.box, z=z)


def _lines(window: Window, hatch: Hatch) -> shapely.MultiLineString:
    """Return lines across all that is seen through a window, in metres."""
    west, south, east, north = window.bounds
    middle = np.array([(west + east) / 2, (south + north) / 2])
    long = np.hypot(east - west, north - south)
    apart = hatch.apart_mm * window.metres_per_mm
    turn = np.deg2rad(hatch.degrees)
    along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    steps = np.arange(-long / 2, long / 2, apart)
    starts = middle + steps[:, None] * across - along * long / 2
    ends = starts + along * long
    return shapely.multilinestrings(shapely.linestrings(np.stack([starts, ends], axis=1)))
