"""North and scale of a sheet, and what is said of its coordinate system."""

from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from geo.language import Message, headed, joined, say, translate
from geo.position.coordinates import WGS84
from report.maps.letters import POINT_MM
from report.maps.page import INK, Letters, Page, Pen
from report.maps.paper import Box
from report.maps.window import Window

_BARS: Final = (1, 2, 5)
_NARROW: Final = 8.0  # letters
_KILOMETRES_FROM: Final = 5000.0  # metres of a bar told in kilometres
_LEAST_DEGREES: Final = 0.05  # less between the norths is not worth a word
_CGCS2000: Final = "CGCS2000 / 3-degree"


def draw_north_and_scale(page: Page, box: Box, window: Window, *, ratio: bool) -> None:
    """Draw an arrow to grid north, and a bar in metres.

    ratio
        Whether the scale is printed as 1:N too, which holds only for the paper it was made for.
    """
    letter = page.paper.letter_pt * POINT_MM
    _arrow(page, box.left + 2.2 * letter, box.bottom + 0.6 * letter, 4.6 * letter)
    left = box.left + 5.6 * letter
    _bar(page, left, box.bottom + 1.8 * letter, box.right - left - 1.8 * letter, window)
    if ratio:
        words = say("比例尺 1:{scale}", scale=f"{window.metres_per_mm * 1000:,.0f}")
        page.write(headed(words), left, box.bottom + 5.2 * letter,
                   Letters(page.paper.letter_pt * 1.1))  # fmt: skip


def _arrow(page: Page, x: float, foot: float, high: float) -> None:
    """Draw a needle, dark on its west side, with the word above."""
    half = high * 0.2
    west = [(x, foot + high), (x - half, foot), (x, foot + high * 0.22), (x, foot + high)]
    east = [(x, foot + high), (x + half, foot), (x, foot + high * 0.22), (x, foot + high)]
    page.stroke(west, Pen(INK, 0.2, INK), z=6)
    page.stroke(east, Pen(INK, 0.2, "#ffffff"), z=6)
    size = page.paper.letter_pt * 1.15
    page.write(translate("北"), x, foot + high + 0.75 * size * POINT_MM,
               Letters(size, anchor="center"))  # fmt: skip


def bar_m(longest_m: float) -> float:
    """Return the longest round length that fits: 1, 2 or 5 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(longest_m))
    return float(max(step * power for step in _BARS if step * power <= longest_m * (1 + 1e-9)))


def _bar(page: Page, left: float, bottom: float, room_mm: float, window: Window) -> None:
    """Draw a bar of four parts, dark and light by turns, its ends and middle told."""
    letter = page.paper.letter_pt * POINT_MM
    metres = bar_m(room_mm * window.metres_per_mm)
    wide, high = metres / window.metres_per_mm, 0.55 * letter
    for part in range(4):
        box = Box(left + part * wide / 4, bottom, wide / 4, high)
        page.box(box, Pen(INK, 0.15, INK if part % 2 == 0 else "#ffffff"), z=6)
    in_km = metres >= _KILOMETRES_FROM
    unit = translate("公里") if in_km else translate("米")
    size = page.paper.letter_pt * 0.9
    narrow = wide < _NARROW * letter  # then the middle would run into the ends
    for share in (0.0, 1.0) if narrow else (0.0, 0.5, 1.0):
        told = f"{metres * share / (1000 if in_km else 1):,.10g}"
        x = left + share * wide
        page.write(told, x, bottom + high + 0.75 * letter, Letters(size, anchor="center"))
    beyond = f"{metres / (1000 if in_km else 1):,.10g}"
    shift = len(beyond) * 0.3 * size * POINT_MM
    page.write(unit, left + wide + shift + 0.3 * letter, bottom + high + 0.75 * letter,
               Letters(size))  # fmt: skip


def crs_line(crs: CRS, window: Window) -> Message:
    """Return the coordinate system and which north the arrow shows."""
    code = crs.to_authority()
    name: Message | str = crs.name
    if crs.name.startswith(_CGCS2000):
        name = say("CGCS2000 3度带高斯-克吕格投影")
    parts: list[Message | str] = [name]
    meridian = central_meridian(crs)
    if meridian is not None:
        parts.append(say("中央经线{degrees}°", degrees=f"{meridian:g}"))
    system = joined("，", *parts)
    if code is not None:
        system = joined("", system, say("（{code}）", code=":".join(code)))
    return say("坐标系：{system}；指北针为坐标北{true}", system=system,
               true=_true_north(crs, window))  # fmt: skip


def central_meridian(crs: CRS) -> float | None:
    """Return the central meridian of a transverse projection in degrees; None for others."""
    operation = crs.coordinate_operation
    for parameter in operation.params if operation is not None else ():
        if parameter.name == "Longitude of natural origin":
            return float(parameter.value)
    return None


def degrees_to_true_north(crs: CRS, x: float, y: float) -> float:
    """Return by how much true north is turned from grid north at a spot; to the east positive.

    x, y
        Metres in the system.
    """
    spot = gpd.GeoSeries([shapely.Point(x, y)], crs=crs).to_crs(WGS84).iloc[0]
    ends = [spot, shapely.Point(spot.x, spot.y + 1e-3)]
    south, north = gpd.GeoSeries(ends, crs=WGS84).to_crs(crs)
    return float(np.degrees(np.arctan2(north.x - south.x, north.y - south.y)))


def _true_north(crs: CRS, window: Window) -> Message | str:
    west, south, east, north = window.bounds
    turned = degrees_to_true_north(crs, (west + east) / 2, (south + north) / 2)
    if not abs(turned) >= _LEAST_DEGREES:  # NaN beyond the system's reach too
        return ""
    told = f"{abs(turned):.1f}"
    if turned > 0:
        return say("，真北在其东{degrees}°", degrees=told)
    return say("，真北在其西{degrees}°", degrees=told)
