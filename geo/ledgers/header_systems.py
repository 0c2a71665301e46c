"""Coordinate systems that headers name: 百度经度, lng_gcj02, 经度（CGCS2000）."""

import re
from functools import lru_cache

from geo.ledgers.folded import fold

# Folded words for each system, the longest first; the shifted ones are wanted least.
_WORDS = {
    "wgs84": "wgs-?(19)?84|84坐标系?",
    "cgcs2000": "cgcs-?2000|2000国家大地坐标系|国家2000|大地2000",
    "gcj02": "gcj-?02|gcj|火星|高德(地图)?|腾讯(地图)?|amap|autonavi|国测局",
    "bd09": "bd-?09(ll)?(?!mc)|^bd(?=x|y|l)|(?<=[xytng])bd$|百度(地图)?|baidu",
}
_PATTERNS = {system: re.compile(words) for system, words in _WORDS.items()}
# What is left of a bracket, or between the words.
_LEFT = re.compile(r"[(\[【](坐标系?|经纬度)?[)\]】]|^坐标系(?=[经纬])|^[-/]|[-/]$")
# How much less than a plain header one of a shifted system is wanted.
SHIFTED_RANK = {"gcj02": 4, "bd09": 5}


def system_named(header: str) -> str:
    """Return the system a header names: wgs84, cgcs2000, gcj02, bd09; empty where none."""
    return without_system(fold(header))[1]


@lru_cache(maxsize=16_384)
def without_system(folded: str) -> tuple[str, str]:
    """Return a folded header without the system it names, and the system."""
    for system, pattern in _PATTERNS.items():
        if pattern.search(folded):
            rest = pattern.sub("", folded)
            rest = re.sub("^坐标(?=[经纬东北])", "", rest)
            return _LEFT.sub("", rest), system
    return folded, ""
