"""Places that were sent in and lie far from everything else of a study: they are not used."""

from collections.abc import Iterable
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from analysis.placing.lookup import without_place
from geo.language import Message, say
from geo.position.china import in_china
from geo.position.coordinates import WGS84

FAR_M: Final = 50_000.0  # a county across: nothing of a study lies farther from all of it
_GEOD: Final = Geod(ellps="WGS84")

_FAR = say("{lon}, {lat} 离研究范围约 {km} 公里，没有采用。请核对经度、纬度。")
_ABROAD = say("{lon}, {lat} 不在中国境内，没有采用。请核对经度、纬度。")


def ground_of(frames: Iterable[gpd.GeoDataFrame]) -> NDArray[np.object_]:
    """Return every shape of some layers in WGS84 degrees, those without a place left out."""
    shapes = [
        (frame if frame.crs is None else frame.to_crs(WGS84)).geometry[~without_place(frame)]
        for frame in frames
    ]
    return np.concatenate([np.empty(0, dtype=object), *(each.to_numpy() for each in shapes)])


def metres_between(one: Any, other: Any) -> NDArray[np.float64]:  # noqa: ANN401 - arrays of points
    """Return the distances of points in WGS84 degrees, pair by pair."""
    metres = _GEOD.inv(*(f(side) for side in (one, other) for f in (shapely.get_x, shapely.get_y)))
    return np.asarray(metres[2], dtype=np.float64)


def metres_from(points: NDArray[np.object_], ground: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return how far each point in WGS84 degrees lies from the nearest shape; 0 inside one."""
    if not len(points):
        return np.zeros(0)
    middle = float(np.mean(shapely.bounds(ground)[:, [1, 3]]))
    narrow = np.cos(np.radians(middle))  # a degree eastwards is so much shorter than northwards

    def flat(shapes: NDArray[np.object_]) -> Any:  # noqa: ANN401 - as shapely has it
        return shapely.transform(shapes, lambda at: at * [narrow, 1.0])

    ours, theirs = flat(points), flat(ground)
    (_, nearest) = shapely.STRtree(theirs).query_nearest(ours, all_matches=False)
    ways = shapely.shortest_line(ours, theirs[nearest])
    ends = [
        shapely.transform(shapely.get_point(ways, at), lambda xy: xy / [narrow, 1.0])
        for at in (0, -1)
    ]
    return metres_between(*ends)


def far_away(points: NDArray[np.object_], ground: NDArray[np.object_]) -> list[Message | None]:
    """Return for each point in WGS84 degrees why it cannot be meant; None where it may be.

    ground
        What else the study has; where that is nothing, all of China is near.
    """
    if not len(ground):
        home = in_china(shapely.get_x(points), shapely.get_y(points))
        return [None if here else _told(_ABROAD, point, 0.0)
                for here, point in zip(home, points, strict=True)]  # fmt: skip
    metres = metres_from(points, ground)
    return [None if far <= FAR_M else _told(_FAR, point, far)
            for far, point in zip(metres, points, strict=True)]  # fmt: skip


def _told(message: Message, point: shapely.Point, metres: float) -> Message:
    km = f"{metres / 1000:,.0f}"
    return Message(message.template, {"lon": f"{point.x:g}", "lat": f"{point.y:g}", "km": km})
