"""Streets downloaded from OpenStreetMap, by the name of a place or by a box.

OSMnx does the talking. Three of its habits are held in check here: it waits a minute and tries
again for ever where nobody answers, keeps a ./cache folder, and is steered by module settings.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import networkx as nx
import shapely
from pyproj import Transformer

from geo.errors import DownloadError, PlanningError, StreetsError
from geo.language import Message, say
from geo.position.coordinates import WGS84, metric_crs
from geo.streets.internet import require_reachable
from geo.streets.walkable import KEPT, TAGS

OVERPASS = "https://overpass-api.de/api"
NOMINATIM = "https://nominatim.openstreetmap.org"

# Streets must reach a 15-minute walk at 1.0 m/s and two snap distances beyond a named place.
BEYOND_M = 1_300.0
BOX_MAX_DEG = 1.0
BOX_SIDES = 4

_WAYS = (
    f'["highway"~"^({"|".join(sorted(KEPT))})$"]'
    '["area"!~"^yes$"]["foot"!~"^no$"]["motorroad"!~"^yes$"]'
)

# OSMnx's settings belong to the whole process; two downloads must not mix theirs.
_one_at_a_time = threading.Lock()

# Told of each stage: what is being done, and the part of the whole that is behind.
Progress = Callable[[Message, float], None]


def download_streets(
    place: str,
    *,
    overpass_url: str = OVERPASS,
    nominatim_url: str = NOMINATIM,
    timeout_s: float = 180.0,
    reach_s: float = 5.0,
    progress: Progress | None = None,
) -> "nx.MultiDiGraph[Any]":
    """Return the walkable streets of a place as an OSMnx graph: every piece once, as drawn.

    place
        A name (“红山区, 赤峰市”), taken with 1,300 m around it, or a box in degrees
        `west,south,east,north`, taken as it is.
    timeout_s, reach_s
        How long an answer may take; how long until a service counts as out of reach.

    Errors: DownloadError where nobody answers, or answers with an error; StreetsError where the
    place is unknown, the box is wrong, or nothing there can be walked on.
    """
    tell = progress or _tell_nobody
    box = parse_box(place)
    tell(say("检查网络"), 0.0)
    services = [overpass_url] if box else [nominatim_url, overpass_url]
    require_reachable(services, within_s=reach_s)
    with _one_at_a_time, _osmnx_settings(overpass_url, nominatim_url, timeout_s):
        try:
            tell(say("查找范围"), 0.1)
            area = box or _outline(place)
            tell(say("下载道路"), 0.2)
            return _streets_within(area, place)
        except (PlanningError, KeyboardInterrupt):
            raise
        except OSError as error:  # requests' errors are all OSErrors
            _say_broken_off(error)


def parse_box(place: str) -> shapely.Polygon | None:
    """Return the box `west,south,east,north` in degrees as a polygon; None for a name.

    Errors: StreetsError for a box that is empty, off the earth, or wider than one degree.
    """
    try:
        sides = [float(part) for part in place.replace("，", ",").split(",")]
    except ValueError:
        return None
    if len(sides) != BOX_SIDES:
        return None
    west, south, east, north = sides
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):  # noqa: PLR2004
        raise StreetsError(
            say("范围“{place}”不对。请按 西,南,东,北 的顺序写经纬度（度）。", place=place)
        )
    if max(east - west, north - south) > BOX_MAX_DEG:
        raise StreetsError(
            say("范围“{place}”过大，边长不能超过 1 度。请分块下载或用文件。", place=place)
        )
    return shapely.box(west, south, east, north)


def _outline(place: str) -> shapely.Geometry:
    import osmnx  # noqa: PLC0415 - two seconds to import

    try:
        found = osmnx.geocode_to_gdf(place)
    except (TypeError, KeyError, ValueError):
        raise StreetsError(
            say(
                "找不到地名“{place}”的面状边界。请写全称（如“红山区, 赤峰市”）或范围 西,南,东,北。",
                place=place,
            )
        ) from None
    return _widened(found.geometry.iloc[0], BEYOND_M)


def _widened(area: shapely.Geometry, metres: float) -> shapely.Geometry:
    metric = metric_crs(area.centroid.x, area.centroid.y)
    there = Transformer.from_crs(WGS84, metric, always_xy=True)
    back = Transformer.from_crs(metric, WGS84, always_xy=True)
    wide = shapely.transform(area, there.transform, interleaved=False).buffer(metres)
    return shapely.transform(wide, back.transform, interleaved=False)


def _streets_within(area: shapely.Geometry, place: str) -> "nx.MultiDiGraph[Any]":
    import osmnx  # noqa: PLC0415

    try:
        return osmnx.graph_from_polygon(
            area, simplify=False, retain_all=True, truncate_by_edge=True, custom_filter=_WAYS
        )
    except KeyError:
        _say_unreadable()
    except ValueError:  # OSMnx's own errors for an empty answer, and for nothing left of one
        raise StreetsError(
            say("“{place}”范围内没有可步行的道路。请检查范围或换用文件。", place=place)
        ) from None


@contextmanager
def _osmnx_settings(overpass_url: str, nominatim_url: str, timeout_s: float) -> Iterator[None]:
    import osmnx  # noqa: PLC0415

    ours = {
        "overpass_url": overpass_url,
        "nominatim_url": nominatim_url,
        "requests_timeout": int(timeout_s) if timeout_s >= 1 else timeout_s,
        "requests_kwargs": {"hooks": {"response": _refuse_bad_answer}},
        # Both would wait a minute and more for services that an intranet does not reach.
        "overpass_rate_limit": False,
        "doh_url_template": None,
        "use_cache": False,
        "log_file": False,
        "useful_tags_way": [*TAGS, "bridge", "layer"],
        # One edge per piece of way, in the direction drawn: `oneway:foot` is told from it.
        "all_oneway": True,
    }
    settings = osmnx.settings
    before = {key: getattr(settings, key) for key in ours}
    lookup = socket.getaddrinfo
    try:
        for key, value in ours.items():
            setattr(settings, key, value)
        yield
    finally:
        for key, value in before.items():
            setattr(settings, key, value)
        # OSMnx puts its own address lookup in the place of Python's, for the whole process.
        socket.getaddrinfo = lookup


def _refuse_bad_answer(response: Any, **_: object) -> None:  # noqa: ANN401 - requests.Response
    """Refuse an answer before OSMnx waits to ask again, or takes half of it for the whole."""
    if response.is_redirect:
        return
    if response.status_code in (429, 504):
        raise DownloadError(
            say("下载服务繁忙（{status}）。请过几分钟再试。", status=response.status_code)
        )
    if not response.ok:
        raise DownloadError(
            say("下载服务拒绝了请求（{status}）。请稍后再试或用文件。", status=response.status_code)
        )
    body = response.content.strip()
    if body[:1] not in (b"{", b"[") or body[-1:] not in (b"}", b"]"):
        _say_unreadable()
    # Overpass reports running out of time or memory after half an answer, with status 200.
    if b'"remark"' in body[-2_000:] and b"error" in body[-2_000:]:
        raise DownloadError(say("下载服务没有完成查询（超时或内存不足）。请缩小范围后再试。"))


def _say_unreadable() -> NoReturn:
    raise DownloadError(
        say("下载服务的回答无法读懂（可能是上网认证页面）。请检查网络；内网请用文件。")
    ) from None


def _say_broken_off(error: OSError) -> NoReturn:
    raise DownloadError(
        say(
            "下载中断（{reason}）。请检查互联网连接后再试；内网请用文件。",
            reason=type(error).__name__,
        )
    ) from None


def _tell_nobody(_what: Message, _part: float) -> None:
    """Tell nobody."""
