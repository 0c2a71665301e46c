"""Why a verdict is what it is: stable codes, and the words for them."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from geo.language import Message, say

REASONS: Mapping[str, Message] = MappingProxyType(
    {
        "households_unknown": say("户数不明"),
        "area_unknown": say("养老用房面积不明"),
        "usable_area_only": say("口径不符"),
        "area_basis_unknown": say("面积口径不明"),
        "status_unknown": say("养老用房状态不明"),
        "area_implausible": say("养老用房面积超出合理范围"),
        "area_conflict": say("面积矛盾"),
        "area_from_facilities": say("由设施台账推得"),
        "facility_area_unknown": say("设施面积不明"),
        "facility_status_unknown": say("设施运营状态不明"),
        "facility_link_unclear": say("设施服务对象不明"),
        "serves_far": say("设施与所服务小区相距过远"),
        "basement_room": say("位于地下、半地下、夹层等处，不计入"),
        "not_handed_over": say("已验收未移交"),
        "planned_only": say("仅有规划或在建面积"),
        "misused": say("养老用房被挪用"),
        "closed": say("养老用房已停用"),
        "kind_unknown": say("新建或已建成不明"),
        "duty_date_unknown": say("配建义务日期不明"),
        "straddles": say("各期义务日期跨越规则变更"),
        "judged_as_built": say("义务日期早于首个已知规则，按已建成核查"),
        "no_rule": say("当日没有已生效的规则"),
        "completion_unknown": say("竣工情况不明"),
        "delivered_over_planned": say("已交付户数多于规划户数"),
        "phase_lag": say("分期滞后"),
        "pool_confirmed": say("经统筹确认"),
        "pool_short": say("统筹后仍不足"),
        "pool_too_far": say("距统筹设施超出步行时限"),
        "pool_unclear": say("统筹结果取决于未知数据"),
        "pool_not_for_kind": say("此类小区不适用统筹"),
        "assumed": say("含研究设定的假设"),
        "small_room": say("单处面积偏小（提示）"),
        "scattered_rooms": say("用房分散"),
        "no_lift": say("楼上用房没有电梯"),
        "too_high": say("楼层过高"),
        "basement_counted": say("位于地下、半地下、夹层等处"),
        "dates_contradict": say("日期前后矛盾"),
        "households_doubtful": say("户数远大于其他小区，疑似有误"),
    }
)
"""Every reason a row may carry, in the order in which they are printed."""

WARNINGS = (
    "small_room", "scattered_rooms", "no_lift", "too_high", "basement_counted", "dates_contradict",
    "households_doubtful",
)  # fmt: skip
"""Reasons that warn and change no verdict."""

SCOPE_REASONS: Mapping[str, Message] = MappingProxyType(
    {
        "not_due": say("在建未到期"),
        "not_housing": say("非住宅小区"),
        "exempt": say("户数低于免配下限"),
        "merged_into_project": say("并入项目"),
    }
)
"""Why a row gets no verdict of its own."""

WALK_REASONS: Mapping[str, Message] = MappingProxyType(
    {
        "off_street_too_far": say("离最近可走道路超过上限"),
        "behind_barrier": say("被阻隔挡住，走不到道路"),
        "no_usable_street": say("附近没有可走的道路"),
        "no_geometry": say("没有坐标"),
        "no_facility": say("没有可计入的设施"),
        "not_connected": say("道路不连通，走不到任何设施"),
        "beyond_horizon": say("超出测算的最长步行时间"),
        "unlocated": say("人口位置不明"),
        "nobody": say("没有人口"),
    }
)
"""Why no walk is known from a place."""

SEPARATOR = ";"


def reason_text(code: str) -> Message:
    """Return the words for a reason of any of the three kinds; KeyError for any other code."""
    return {**WALK_REASONS, **SCOPE_REASONS, **REASONS}[code]


def reasons_text(codes: str) -> str:
    """Return joined codes as joined words, in the language now spoken; empty stays empty."""
    return SEPARATOR.join(str(reason_text(code)) for code in codes.split(SEPARATOR) if code)


def join_reasons(flags: pd.DataFrame) -> pd.Series:
    """Return for each row the codes that hold, joined, as a category.

    flags
        One boolean column a code; columns that are no reason are not allowed (KeyError).
    """
    unknown = set(flags.columns) - set(REASONS)
    if unknown:
        raise KeyError(*sorted(unknown))
    codes = [code for code in REASONS if code in flags.columns]
    # Each set of codes is one number, a binary digit a code, and is put into words once.
    number = np.zeros(len(flags), dtype=np.int64)
    for digit, code in enumerate(codes):
        number |= flags[code].to_numpy(dtype=np.int64) << digit
    row, sets = pd.factorize(number)
    words = [SEPARATOR.join(c for k, c in enumerate(codes) if one >> k & 1) for one in sets]
    return pd.Series(pd.Categorical.from_codes(row, pd.Index(words)), index=flags.index)
