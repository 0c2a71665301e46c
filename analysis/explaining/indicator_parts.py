"""What the numerator and the denominator of each indicator are, and why a ratio is not told."""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from analysis.districts.presence import KINDS
from analysis.explaining.explained import number
from analysis.indicators.indicator import Indicator
from analysis.provision.rates import UNKNOWN_MAX
from analysis.rule_keys import FLOOR_AREA
from geo.language import Message, say

Parts = tuple[Message, Message]

_URBAN: Final = say("城市社区")
_STREETS: Final = say("全部乡镇(街道)")
_COUNTIES: Final = say("边界资料中的旗县区")
PARTS: Final[Mapping[str, Parts]] = MappingProxyType(
    {
        "provision_rate_new": (
            say("新建小区中达标的（含统筹达标）"),
            say("新建小区中有结论的（达标、统筹达标与不达标）"),
        ),
        FLOOR_AREA: (
            say("有结论的小区已配的养老用房建筑面积（㎡，含统筹共用的设施）"),
            say("这些小区的户数（百户）"),
        ),
        "urban_community_coverage": (say("辖区内有养老服务设施的城市社区"), _URBAN),
        "urban_community_served": (
            say("辖区内有设施，或有设施登记服务本社区小区的城市社区"), _URBAN,
        ),
        "rural_community_coverage": (
            say("有养老服务设施的嘎查村"), say("农村牧区的嘎查村"),
        ),
        "community_station_coverage": (
            say("辖区内有社区养老服务站的社区"), say("城市社区（没有城乡属性时为全部社区）"),
        ),
        "three_tier_completeness": (
            say("县级平台、街道中心、社区站点俱全的社区"), say("全部社区(嘎查村)"),
        ),
        "street_centre_rate": (say("建有区域养老服务中心的乡镇(街道)"), _STREETS),
        "street_centre_rate_subdistricts": (
            say("建有区域养老服务中心的街道"), say("全部街道（不含镇、乡、苏木）"),
        ),
        **{
            f"county_presence_{kind}": (say("确知有此类设施的旗县区"), _COUNTIES)
            for kind in KINDS
        },
        "health_next_door_share": (
            say("毗邻对应医疗卫生机构的运营养老服务设施"),
            say("找到对应医疗卫生机构的运营养老服务设施"),
        ),
        "health_agreement_share": (say("与医疗机构签约的养老机构"), say("全部运营养老机构")),
        "old_and_young_share": (
            say("与托育机构同址或相邻的运营养老服务设施"), say("有坐标的运营养老服务设施"),
        ),
        "beds_per_1000_elderly": (
            say("养老机构、社区和互助养老的床位合计（张）"), say("60 岁及以上老年人（人）"),
        ),
        "nursing_share_of_institution_beds": (
            say("养老机构的护理型床位（张）"), say("养老机构的全部床位（张）"),
        ),
        "affordable_bed_gap": (
            say("养老机构现有的普惠床位（张）"), say("按入住比例测算需要的床位（张）"),
        ),
        "basic_and_affordable_beds_share": (
            say("兜底线和普惠性养老机构床位（张）"), say("收费类型已知的养老机构床位（张）"),
        ),
        "care_land_per_resident_community": (
            say("社区养老服务设施用地（㎡）"), say("全部人口（人，不是老年人）"),
        ),
        "care_land_per_resident_welfare": (
            say("社会福利用地（㎡）"), say("全部人口（人，不是老年人）"),
        ),
    }
)  # fmt: skip
"""Numerator and denominator of the figures that are computed, by key."""


def is_divided(figure: Indicator) -> bool:
    """Return whether a figure is made of two that are known."""
    return not (math.isnan(figure.numerator) or math.isnan(figure.denominator))


def too_much_unknown(figure: Indicator) -> bool:
    """Return whether a ratio is not told since too much of what it is made of is unknown."""
    return figure.value is None and is_divided(figure) and figure.denominator > 0


def parts_of(figure: Indicator) -> Parts | None:
    """Return what the numerator and the denominator of a figure are; None where it has none."""
    return PARTS.get(figure.key) if is_divided(figure) else None


def why_no_ratio(figure: Indicator) -> Message:
    """Return why a figure of two known parts has no value: nothing to divide by, or unknowns."""
    part, whole = number(figure.numerator), number(figure.denominator)
    if too_much_unknown(figure):
        return say(
            "已知的只有 {part} ÷ {whole}；另有未知，超过 {most:.0%}，不给比率",
            part=part, whole=whole, most=UNKNOWN_MAX,
        )  # fmt: skip
    return say("{part} ÷ {whole}：分母为 0，没有比率", part=part, whole=whole)
