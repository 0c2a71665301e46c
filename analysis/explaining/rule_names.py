"""What the rows of the rule packs are about, in words: their keys are for machines."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from analysis.explaining.parameter_words import CATEGORY_NAMES
from analysis.rulebook import EVERYTHING, Rule
from geo.language import Message, say

RULE_NAMES: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "care_floor_area_per_100_households": say("每百户养老服务设施建筑面积"),
        "counts_as_care_floor_area": say("可否计入养老服务用房"),
        "phase_due_share": say("分期建设时应先配建的比例"),
        "pool_walk_min": say("相邻小区统筹的步行时间"),
        "pool_applies_to": say("可否统筹"),
        "care_room_min_m2": say("单处养老服务用房最小面积"),
        "basement_room_counts": say("地下用房可否计入"),
        "lift_from_floor": say("从几层起须有电梯"),
        "highest_floor": say("用房所在最高楼层"),
        "handover_months": say("竣工后移交期限"),
        "care_rooms_may_shrink": say("配建面积可否减少"),
        "provision_rate_target": say("新建居住区配建达标率目标"),
        "provision_review_since": say("专项清查起始年"),
        "care_land_per_resident": say("人均养老服务设施用地"),
        "urban_community_coverage_target": say("城市社区养老服务覆盖率目标"),
        "rural_community_coverage_target": say("农村牧区养老服务覆盖率目标"),
        "community_station_coverage_target": say("社区养老服务站覆盖率目标"),
        "street_centre_rate_target": say("区域养老服务中心建有率目标"),
        "street_centre_min_m2": say("区域养老服务中心最小面积"),
        "health_agreement_target": say("医养签约率目标"),
        "beds_per_1000_elderly": say("每千名老年人养老床位"),
        "nursing_share_of_institution_beds": say("养老机构护理型床位占比"),
        "institution_beds_per_elderly": say("养老机构床位占老年人的比例"),
        "basic_and_affordable_beds_share": say("兜底和普惠床位占比"),
        "new_public_beds": say("新增公益性养老机构床位"),
        "county_presence_target": say("旗县区建有率目标"),
        "transition_years": say("过渡期年数"),
        "household_size": say("户均人口"),
    }
)
"""Of the keys that are computed with; a line of the indicator ledger has a name of its own."""
_BOUND: Final[Mapping[str, Message]] = MappingProxyType(
    {
        **CATEGORY_NAMES,
        "new": say("新建小区"),
        "built": say("已建成小区"),
        "community": say("社区养老服务设施用地"),
        "welfare": say("社会福利用地"),
        "subdistrict": say("街道"),
        "combined_care": say("医养结合"),
        "activity_centre": say("老年人活动中心"),
    }
)


def rule_name(rule: Rule) -> Message:
    """Return what a row is about, and whom it binds where that is not everybody."""
    name = RULE_NAMES.get(rule.key, say("{text}", text=rule.name or rule.key))
    if rule.applies_to == EVERYTHING:
        return name
    bound = _BOUND.get(rule.applies_to, rule.applies_to)
    return say("{name}（{bound}）", name=name, bound=bound)
