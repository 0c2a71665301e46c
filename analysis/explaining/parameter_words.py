"""Parameters of an evaluation in words, for whoever asks what a figure depends on."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from geo.language import Message, joined, say

Words = Message | str
CATEGORY_NAMES: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "community_station": say("社区养老服务站"),
        "day_care": say("日间照料中心"),
        "embedded": say("嵌入式养老机构"),
        "street_centre": say("街道区域养老服务中心"),
        "canteen": say("助餐点"),
        "care_home": say("养老机构"),
        "welfare_home": say("敬老院"),
        "mutual_aid": say("幸福院"),
        "county_platform": say("县级综合平台"),
        "elder_university": say("老年大学"),
        "health": say("医疗卫生机构"),
        "rehab": say("康复医院、护理院"),
        "childcare": say("托育机构"),
        "other": say("其他设施"),
    }
)
LABELS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "speed_m_per_s": say("步行速度（米/秒）"),
        "limit_min": say("时限（分钟）"),
        "horizon_min": say("最长测算步行时间（分钟）"),
        "snap_max_m": say("离街距离上限（米）"),
        "component_min_m": say("孤立路段短于此长度的不用（米）"),
        "categories": say("计入服务圈的设施类别"),
        "through_estates": say("可穿行封闭小区"),
        "people_source": say("人口来源"),
        "household_size": say("户均人口（人/户）"),
        "control": say("人口按统计公布数校正"),
        "on": say("规则日期"),
        "covers": say("研究范围"),
        "rules": say("所依据的规定"),
        "care_area_basis": say("缺面积口径时按"),
        "care_status": say("缺用房状态时按"),
        "household_step": say("户数进位（户）"),
        "exempt_below": say("免配户数（不足）"),
        "main_room_share": say("主要用房至少占应配面积"),
        "serves_within_m": say("服务关系存疑距离（米）"),
        "late_days": say("验收移交容许滞后（天）"),
        "silent_months": say("竣工情况未填时视为未到期的月数"),
        "next_door_m": say("毗邻距离（米）"),
        "near_m": say("邻近距离（米）"),
        "together_m": say("与托育机构视为同处的距离（米）"),
        "pools": say("已确认的统筹组"),
        "scenario": say("情景"),
        "unknown_share": say("按户数计无法判定的占比"),
        "crs": say("坐标系"),
    }
)
_SOURCES: Final = {
    "population": say("人口资料"), "residential": say("小区资料"), "boundaries": say("边界资料"),
}  # fmt: skip
_SETTLED: Final = {
    "building": say("建筑面积"), "usable": say("使用面积"), "operating": say("运营"),
    "planned": say("规划"), "misused": say("挪用"), "closed": say("停用"),
}  # fmt: skip
_COVERS: Final = {
    "part": say("旗县区的一部分，或没有写明"), "counties": say("旗县区全部"), "city": say("全市"),
}  # fmt: skip
_NONE: Final = say("无")


def parameter_words(parameters: Mapping[str, Any]) -> Iterator[tuple[Message, Words]]:
    """Yield what each parameter is called and its value in words; a group gives each of its own."""
    for name, value in parameters.items():
        if isinstance(value, Mapping):
            yield from parameter_words(value)
        elif name in LABELS:
            yield LABELS[name], value_words(name, value)
        else:
            yield say("{text}", text=name), _plain(value)


def value_words(name: str, value: Any) -> Words:  # noqa: ANN401 - any parameter
    """Return the value of a parameter in words."""
    return _WORDED.get(name, _plain)(value)


def _plain(value: Any) -> Words:  # noqa: ANN401 - any parameter
    if isinstance(value, bool):
        return say("是") if value else say("否")
    if isinstance(value, (int, float)):
        return f"{value:g}"
    if isinstance(value, (list, tuple)):
        return "、".join(map(str, value)) or _NONE
    return str(value)


def _categories(codes: list[str]) -> Words:
    return joined("、", *(CATEGORY_NAMES.get(code, code) for code in codes)) if codes else _NONE


def _switched(value: float) -> Words:
    return f"{value:g}" if value else _NONE


_WORDED: Final[Mapping[str, Callable[[Any], Words]]] = MappingProxyType(
    {
        "categories": _categories,
        "covers": lambda code: _COVERS.get(code, code),
        "people_source": lambda code: _SOURCES.get(code, code or _NONE),
        "care_area_basis": lambda code: _SETTLED.get(code, code),
        "care_status": lambda code: _SETTLED.get(code, code),
        "household_step": _switched,
        "exempt_below": _switched,
        "main_room_share": lambda share: f"{share:.0%}",
        "unknown_share": lambda share: f"{share:.1%}",
    }
)
