"""What the columns of the rows behind a figure are called in Chinese; in English they are names."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_PLACES: Final = {
    "place_layer": "图层", "place_id": "地点编号", "unit_id": "人口单元", "id": "编号",
    "name": "名称", "minutes": "步行分钟", "share": "可达份额", "metres": "步行米数",
    "cell": "格", "within": "在时限内", "passed": "计入",
    "elderly_60plus": "60岁以上", "covered_60plus": "可达的60岁以上",
    "elderly_65plus": "65岁以上", "covered_65plus": "可达的65岁以上",
    "elderly_80plus": "80岁以上", "covered_80plus": "可达的80岁以上",
    "population": "人口", "covered_population": "可达人口",
    "unreachable_60plus": "走不到的60岁以上", "unlocated_60plus": "位置不明的60岁以上",
    "residential_m2": "居住用地（㎡）", "covered_residential_m2": "可达用地（㎡）",
    "areas": "小区", "covered_areas": "已覆盖", "partly_areas": "部分覆盖",
    "households": "户数", "covered_households": "可达户数",
}  # fmt: skip
_PROVISION: Final = {
    "residential_id": "小区编号", "street": "街道", "kind": "建设类型",
    "required_m2": "应配（㎡）", "provided_m2": "已配（㎡）", "deficit_m2": "缺口（㎡）",
    "deficit_least_m2": "缺口下限（㎡）", "weight_households": "计权户数",
    "undecided_households": "无法判定的户数",
    "verdict": "结论", "rule": "所用规则", "ledger": "出自", "status": "状态", "basis": "面积口径",
    "category": "类别", "area_m2": "面积（㎡）", "part": "所占份额", "counts_m2": "可计（㎡）",
    "asked": "条件", "holds": "满足",
}  # fmt: skip
_AREAS: Final = {
    "area_id": "区域编号", "level": "级别", "county": "旗县区", "setting": "城乡",
    "facilities": "设施数", "assigned": "登记服务本区的设施", "has_facility": "有设施",
    "served": "有服务", "stations": "服务站数", "rural_facilities": "农村设施数",
    "share_60plus": "60岁以上可达率", "county_platform": "县级平台", "street_centre": "街道中心",
    "station": "社区站点", "complete": "三级俱全", "missing": "缺少", "unit_type": "类型",
    "subdistrict": "是街道", "centres": "中心数", "has_centre": "有中心", "centre_id": "中心编号",
    "functions": "功能数", "functions_missing": "缺少的功能", "floor_area_m2": "建筑面积（㎡）",
    "min_m2": "面积下限（㎡）", "large_enough": "面积达标",
    "welfare_home": "敬老院", "has_welfare_home": "有敬老院", "elder_university": "老年大学",
    "has_elder_university": "有老年大学",
    "rehab": "康复医院、护理院", "has_rehab": "有康复医院、护理院",
    "combined_care": "医养结合设施", "has_combined_care": "有医养结合设施",
    "activity_centre": "老年活动中心", "has_activity_centre": "有老年活动中心",
}  # fmt: skip
_BEDS: Final = {
    "facilities_without_beds": "未填床位的设施", "beds": "床位", "institution_beds": "机构床位",
    "community_beds": "社区床位", "mutual_aid_beds": "互助床位", "nursing_beds": "护理型床位",
    "institution_nursing_beds": "机构护理型床位", "institutions": "机构数",
    "institutions_without_beds": "未填床位的机构",
    "institutions_without_nursing": "未填护理型的机构", "basic_beds": "兜底床位",
    "affordable_beds": "普惠床位", "beds_of_known_price": "收费类型已知的床位",
    "institutions_without_price": "未填收费类型的机构", "elderly_are": "老年人数出自",
    "beds_per_1000_elderly": "每千名老年人床位",
    "nursing_share_of_institution_beds": "机构护理型占比",
    "nursing_share_of_all_beds": "全部护理型占比",
    "affordable_beds_needed": "需要普惠床位", "affordable_bed_gap": "普惠床位缺口",
}  # fmt: skip
_INDICATORS: Final = {
    "key": "代号", "value": "数值", "target": "目标", "unit": "单位", "met": "达到目标",
    "numerator": "分子", "denominator": "分母", "year": "年份", "document": "文件",
    "clause": "条款",
}  # fmt: skip
_LAND: Final = {
    "residents": "人口", "residents_are": "人口出自", "community_land_m2": "社区养老用地（㎡）",
    "welfare_land_m2": "社会福利用地（㎡）", "community_m2_per_resident": "人均社区养老用地（㎡）",
    "welfare_m2_per_resident": "人均社会福利用地（㎡）", "met_community": "社区养老用地达标",
    "met_welfare": "社会福利用地达标", "unclear_land_m2": "类别不明的用地（㎡）",
    "facilities_without_land": "未填用地的设施",
}  # fmt: skip
_NEIGHBOURS: Final = {
    "facility_id": "设施编号", "inside": "在范围内", "health_id": "医疗机构",
    "health_m": "相距（米）",
    "health_class": "远近", "any_health_m": "最近医疗机构（米）", "health_agreement": "已签约",
    "childcare_id": "托育机构", "childcare_m": "托育相距（米）", "old_and_young": "一老一小相邻",
}  # fmt: skip
HEADINGS: Final[Mapping[str, str]] = MappingProxyType(
    {**_PLACES, **_PROVISION, **_AREAS, **_BEDS, **_INDICATORS, **_LAND, **_NEIGHBOURS}
)
