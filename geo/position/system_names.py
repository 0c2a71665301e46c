"""What coordinate systems are called, where PROJ and EPSG have long English names for them."""

from pyproj import CRS

from geo.language import Message, say
from geo.position.zones import central_meridian

_WEB_MERCATOR = (3857, 900913, 3785)
_UTM_NORTH, _UTM_SOUTH, _UTM_ZONES = 32600, 32700, 60
_DEGREES = {
    4326: say("WGS84 经纬度（EPSG:4326）"), 4490: say("CGCS2000 经纬度（EPSG:4490）"),
}
_SAID = {
    "wgs84": say("WGS84 经纬度"), "cgcs2000": say("CGCS2000 经纬度"),
    "gcj02": say("GCJ-02（高德、腾讯）"), "bd09": say("BD-09（百度）"),
}
_SIX = say("CGCS2000 六度带，中央经线 {meridian}°（EPSG:{code}）")
_THREE = say("CGCS2000 三度带，中央经线 {meridian}°（EPSG:{code}）")
_SIX_DEGREES = range(4491, 4513)


def called(crs: CRS) -> Message | str:
    """Return the name of a coordinate system as a planner knows it, with its code if it has one."""
    code = crs.to_epsg()
    if code is None:
        return crs.name
    known = _known(code)
    return known if known is not None else f"{crs.name} (EPSG:{code})"


def _known(code: int) -> Message | None:
    if code in _DEGREES:
        return _DEGREES[code]
    if code in _WEB_MERCATOR:
        return say("Web 墨卡托（伪墨卡托，EPSG:{code}）", code=code)
    meridian = central_meridian(code)
    if meridian is not None:
        template = _SIX if code in _SIX_DEGREES else _THREE
        return Message(template.template, {"meridian": meridian, "code": code})
    for first, side in ((_UTM_NORTH, "N"), (_UTM_SOUTH, "S")):
        if 0 < code - first <= _UTM_ZONES:
            return say("WGS84 / UTM {zone} 带（EPSG:{code}）", zone=f"{code - first}{side}",
                       code=code)
    return None


def as_people_say(said: str) -> str:
    """Return the systems that a study or a file says, in words: gcj02 is that of 高德.

    said
        One, or several parted by 、; empty where nobody said one.
    """
    words = (_SAID.get(one.strip().casefold(), one) for one in said.split("、") if one.strip())
    return "、".join(str(word) for word in words)


def in_any_language(crs: CRS) -> str:
    """Return a name that needs no translation: CGCS2000 120°E (EPSG:4549)."""
    code = crs.to_epsg()
    if code is None:
        return crs.name
    meridian = central_meridian(code)
    short = {4326: "WGS84", 4490: "CGCS2000", 3857: "Web Mercator"}.get(code)
    if meridian is not None:
        short = f"CGCS2000 {meridian}°E"
    return f"{short or crs.name} (EPSG:{code})"
