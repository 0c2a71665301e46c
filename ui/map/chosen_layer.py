"""What the map shows of the place now chosen: an estate's route, a facility's service area."""

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from analysis.coverage.service_areas import service_area
from analysis.evaluation import Evaluation
from analysis.walking.routes import DrawnRoute, estate_route

_DECIMALS: Final = 6  # of a degree: 11 cm


def about_chosen(evaluation: Evaluation, chosen: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return `route` and `area` as the map's script reads them; each None where there is none."""
    layer = None if chosen is None else chosen.get("layer")
    place = "" if chosen is None else str(chosen.get("id"))
    route = estate_route(evaluation.reach, place) if layer == "estates" else None
    area = None
    if layer == "facilities":
        area = list(service_area(evaluation.places, evaluation.homes, place).estates) or None
    return {"route": None if route is None else _for_browser(route, evaluation), "area": area}


def _for_browser(route: DrawnRoute, evaluation: Evaluation) -> dict[str, Any]:
    crs = evaluation.study.crs
    return {
        "facility": route.facility_id,
        "minutes": round(route.minutes, 1),
        "metres": round(route.walk_mm / 1000),
        "streets": _degrees(route.streets, crs),
        "legs": [_degrees(leg, crs) for leg in route.legs],
    }


def _degrees(xy: NDArray[np.float64], crs: object) -> list[list[float]]:
    """Return corners as the browser takes them: latitude first."""
    points = gpd.GeoSeries(shapely.points(xy), crs=crs).to_crs("EPSG:4326")
    corners: list[list[float]] = np.column_stack([points.y, points.x]).round(_DECIMALS).tolist()
    return corners
