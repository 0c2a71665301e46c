"""Colours, shapes and classes of the map, chosen to survive colour blindness and grey print.

Walking bands run from light to dark, and change from blue to brown where the circle ends.
Verdicts differ in lightness and in outline, facilities in shape and in the sign they carry.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from analysis.explaining.parameter_words import CATEGORY_NAMES
from analysis.walking.reach import BEYOND_HORIZON
from geo.language import Message, say

UNKNOWN = "unknown"
OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class AreaStyle:
    """How one class of estates is drawn; `dash` marks what is not known or not judged."""

    fill: str
    line: str
    label: Message
    dash: str = ""


@dataclass(frozen=True)
class FacilitySign:
    """How one category of facility is drawn: shape, colour and one character."""

    shape: str
    colour: str
    sign: Message
    label: Message


MINUTES: Mapping[str, AreaStyle] = MappingProxyType(
    {
        "to_5": AreaStyle("#e6f0f8", "#7d9bb0", say("5以内")),
        "to_10": AreaStyle("#b3d2e8", "#5c86a3", say("5–10")),
        "to_15": AreaStyle("#79b0d8", "#2d6690", say("10–15")),
        "to_30": AreaStyle("#93400f", "#4a1d04", say("15–30")),
        "over_30": AreaStyle("#430d06", "#000000", say("30以上")),
        UNKNOWN: AreaStyle("#ffffff", "#5b6570", say("无法计算"), "4 3"),
    }
)
_UPPER_MINUTES = np.array([5.0, 10.0, 15.0, 30.0])

REACH: Mapping[str, AreaStyle] = MappingProxyType(
    {
        "all": AreaStyle("#9cc3de", "#5c86a3", say("全部可达")),
        "partly": AreaStyle("#d5e4ee", "#7d9bb0", say("部分可达")),
        "none": AreaStyle("#b5561f", "#7c3710", say("不可达")),
        UNKNOWN: AreaStyle("#ffffff", "#5b6570", say("无法计算"), "4 3"),
        "gained": AreaStyle("#124a2c", "#04170d", say("情景新增可达")),
        "lost": AreaStyle("#f2b701", "#3a2c00", say("情景减少可达"), "6 3"),
    }
)

VERDICTS: Mapping[str, AreaStyle] = MappingProxyType(
    {
        "met": AreaStyle("#bcd9ea", "#5c86a3", say("达标")),
        "met_pooled": AreaStyle("#5e97c3", "#2d6690", say("统筹达标")),
        "short": AreaStyle("#8f3410", "#5a1d06", say("不达标")),
        UNKNOWN: AreaStyle("#fff3c4", "#7a6a1c", say("无法判定"), "4 3"),
        OUT_OF_SCOPE: AreaStyle("#e4e4e0", "#a9a9a3", say("不在核查范围"), "1 4"),
    }
)

# The chain of care of a community, from whole to without even a station.
TIER_CLASSES: Mapping[str, AreaStyle] = MappingProxyType(
    {
        "whole": AreaStyle("#cfe3ee", "#5c86a3", say("三级俱全")),
        "no_upper": AreaStyle("#c98f45", "#7a5118", say("有站点，缺街道中心或县级平台")),
        "no_station": AreaStyle("#6e2412", "#3d0f07", say("缺社区站点")),
        UNKNOWN: AreaStyle("#ffffff", "#5b6570", say("无法判定"), "4 3"),
    }
)

_NEAR, _HOME, _CARE, _OTHER = "#0b3d63", "#5b2a6e", "#1d5b3a", "#4a4f57"
_SIGNS: Mapping[str, tuple[str, str, Message]] = MappingProxyType(
    {
        "community_station": ("round", _NEAR, say("站")),
        "day_care": ("round", _NEAR, say("日")),
        "embedded": ("round", _NEAR, say("嵌")),
        "street_centre": ("round", _NEAR, say("街")),
        "canteen": ("round", _OTHER, say("餐")),
        "care_home": ("square", _HOME, say("院")),
        "welfare_home": ("square", _HOME, say("敬")),
        "mutual_aid": ("square", _HOME, say("幸")),
        "county_platform": ("square", _HOME, say("台")),
        "elder_university": ("diamond", _OTHER, say("学")),
        "health": ("diamond", _CARE, say("医")),
        "rehab": ("diamond", _CARE, say("康")),
        "childcare": ("diamond", _OTHER, say("托")),
        "other": ("diamond", _OTHER, say("其")),
    }
)
FACILITIES: Mapping[str, FacilitySign] = MappingProxyType(
    {code: FacilitySign(*sign, CATEGORY_NAMES[code]) for code, sign in _SIGNS.items()}
)

# Dots: within reach a pale ring, out of reach a dark square; told apart without any colour.
DOTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"covered": ("round", "#3f86bd"), "left": ("square", "#7a0f30")}
)
ROUTE, CIRCLE, UNIT = "#14213d", "#4a1486", "#7a4a00"

BAND_COLOUR = "#00584d"
BUBBLE_FILL, BUBBLE_LINE = "#a3123f", "#ffffff"
WATER, GREEN, GROUND = "#c7dbe7", "#dde8d3", "#f6f5f1"

_MAJOR = ("trunk", "primary", "secondary")
_MIDDLE = ("tertiary", "unclassified", "residential", "living_street", "road")


def minute_classes(minutes: pd.Series, reason: pd.Series) -> pd.Series:
    """Return the walking band of each place; unknown where no walk is known.

    minutes
        Walk to the nearest facility; NaN where there is none. An upper limit belongs to its band.
    reason
        Why no walk is known; a walk beyond the horizon is surely a long one.
    """
    codes = np.array(list(MINUTES), dtype=object)
    position = np.searchsorted(_UPPER_MINUTES, minutes.to_numpy(dtype=float), side="left")
    classes = pd.Series(codes[position], index=minutes.index)
    return classes.mask(minutes.isna(), UNKNOWN).mask(reason.eq(BEYOND_HORIZON), "over_30")


def reach_classes(share: pd.Series, before: pd.Series | None = None) -> pd.Series:
    """Return how much of each estate is within the limit, or how a scenario changes it.

    share
        The part within the limit, 0-1; NaN where it has no place on the streets.
    before
        The same without the scenario.
    """
    if before is not None:
        return pd.Series(np.where(share > before, "gained", "lost"), index=share.index)
    classes = pd.Series("partly", index=share.index, dtype=object)
    classes = classes.mask(share.eq(0), "none").mask(share.eq(1), "all")
    return classes.mask(share.isna(), UNKNOWN)


def verdict_classes(verdict: pd.Series, in_scope: pd.Series) -> pd.Series:
    """Return the class of each estate's verdict; one that was never judged is out of scope."""
    known = verdict.where(verdict.isin(list(VERDICTS)), UNKNOWN)
    return known.mask(~in_scope.fillna(value=False).astype(bool), OUT_OF_SCOPE)


def tier_classes(chain: pd.DataFrame) -> pd.Series:
    """Return the class of each community's chain; unknown where what is known decides nothing.

    chain
        `county_platform`, `street_centre`, `station`, `complete`: nullable flags.
    """
    def lacks(tier: str) -> pd.Series:
        return chain[tier].eq(False).fillna(value=False).astype(bool)  # noqa: FBT003

    whole = chain["complete"].eq(True).fillna(value=False).astype(bool)  # noqa: FBT003
    stands = chain["station"].eq(True).fillna(value=False).astype(bool)  # noqa: FBT003
    classes = pd.Series(UNKNOWN, index=chain.index, dtype=object).mask(whole, "whole")
    above = (lacks("county_platform") | lacks("street_centre")) & stands
    return classes.mask(above, "no_upper").mask(lacks("station"), "no_station")


def street_class(highway: str) -> str:
    """Return how heavily a street is drawn: `major`, `middle` or `minor`."""
    word = highway.removesuffix("_link")
    if word in _MAJOR:
        return "major"
    return "middle" if word in _MIDDLE else "minor"
