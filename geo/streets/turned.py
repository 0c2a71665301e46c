"""Street files whose degrees cannot be as they are written: longitude and latitude swapped."""

import numpy as np
from numpy.typing import NDArray

from geo.errors import CoordinateError
from geo.findings import Finding
from geo.language import say
from geo.ledgers.numbers import figure
from geo.position.china import in_china

_LONGEST, _HIGHEST = 180, 90


def beyond_the_earth(lonlat: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which degrees no place has; unknown ones (NaN) are not among them."""
    lon, lat = np.abs(lonlat.T)
    return np.asarray((lon > _LONGEST) | (lat > _HIGHEST))


def refuse_swapped(lonlat: NDArray[np.float64], file: str) -> None:
    """Refuse degrees of which most stand with latitude before longitude.

    lonlat
        Shape (places, 2); NaN where unknown.

    Errors: CoordinateError.
    """
    known = lonlat[np.isfinite(lonlat).all(axis=1)]
    lon, lat = known.T
    swapped = beyond_the_earth(known) & ~beyond_the_earth(known[:, ::-1])
    # West of 90 degrees a swapped longitude is still a latitude: 43.8, 87.6 is Urumqi turned.
    swapped |= in_china(lat, lon) & ~in_china(lon, lat)
    if swapped.any() and swapped.sum() * 2 > len(known):
        raise CoordinateError(
            say(
                "{file}：经度与纬度颠倒（例如经度 {x}、纬度 {y}），"
                "请交换 x(lon) 与 y(lat) 后重新导出。",
                file=file, x=figure(lon[swapped][0]), y=figure(lat[swapped][0]),
            )
        )


def about_beyond(
    nodes: NDArray[np.int64], lonlat: NDArray[np.float64], file: str
) -> list[Finding]:
    """Return a finding on nodes whose degrees no place has.

    nodes, lonlat
        Their numbers, which may come again, and their degrees, shape (nodes, 2).
    """
    if not len(nodes):
        return []
    message = say(
        "{count} 个节点的坐标超出度的范围（首个是节点 {node}：经度 {x}、纬度 {y}），"
        "位置按未知处理，道路在该处断开。",
        count=len(np.unique(nodes)), node=int(nodes[0]), x=figure(float(lonlat[0, 0])),
        y=figure(float(lonlat[0, 1])),
    )
    return [Finding("warning", "streets", message, say("请改正坐标。"), file)]
