"""What the figures of summary.json are called, and in what they are told."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from geo.language import Message, say


class FigureName(NamedTuple):
    """The name of a figure and its unit: `share` (0-1), `m2`, or what is counted."""

    name: Message
    unit: str


FIGURES: Mapping[str, FigureName] = MappingProxyType(
    {
        "share_60plus": FigureName(say("60岁以上老年人步行可达率"), "share"),
        "share_population": FigureName(say("全部人口步行可达率"), "share"),
        "share_65plus": FigureName(say("65岁以上老年人步行可达率"), "share"),
        "share_80plus": FigureName(say("80岁以上老年人步行可达率"), "share"),
        "share_residential_land": FigureName(say("居住用地覆盖率"), "share"),
        "share_areas": FigureName(say("小区覆盖率"), "share"),
        "share_households": FigureName(say("户数覆盖率"), "share"),
        "elderly_60plus": FigureName(say("60岁以上老年人（位置明确的）"), "people"),
        "covered_60plus": FigureName(say("步行可达的60岁以上老年人"), "people"),
        "unreachable_60plus": FigureName(say("走不到任何设施的60岁以上老年人"), "people"),
        "unlocated_60plus": FigureName(say("位置不明的60岁以上老年人"), "people"),
        "share_60plus_low": FigureName(say("60岁以上可达率下界（位置不明者全部未覆盖）"), "share"),
        "share_60plus_high": FigureName(say("60岁以上可达率上界（位置不明者全部覆盖）"), "share"),
        "edge_60plus": FigureName(say("住在边界附近、可达情况只是下限的60岁以上老年人"), "people"),
        "covered_areas": FigureName(say("已覆盖小区"), "estates"),
        "coverage.areas": FigureName(say("参与覆盖测算的小区"), "estates"),
        "areas_without_households": FigureName(say("户数不明的小区"), "estates"),
        "provision.areas": FigureName(say("小区台账行数"), "estates"),
        "0.8": FigureName(say("60岁以上可达率（0.8 米/秒）"), "share"),
        "1.0": FigureName(say("60岁以上可达率（1.0 米/秒）"), "share"),
        "norm_1000m": FigureName(say("60岁以上可达率（规范 1000 米）"), "share"),
        "rate": FigureName(say("配建达标率"), "share"),
        "rate_own": FigureName(say("配建独立达标率（不含统筹）"), "share"),
        "rate_floor": FigureName(say("配建达标率下限（无法判定计入分母）"), "share"),
        "rate_new": FigureName(say("新建居住区配建达标率"), "share"),
        "rate_2014": FigureName(say("2014年以来建成小区配建达标率"), "share"),
        "rate_2014_duty": FigureName(say("2014年以来产生配建义务小区的达标率"), "share"),
        "deficit_m2": FigureName(say("配建缺口"), "m2"),
        "deficit_least_m2": FigureName(say("配建缺口下限（面积说法不一处按较高面积）"), "m2"),
        "deficit_apart_areas": FigureName(say("面积说法不一而不达标的小区"), "estates"),
        "deficit_doubted_m2": FigureName(say("其中户数存疑小区的缺口"), "m2"),
        "deficit_doubted_areas": FigureName(say("户数存疑而不达标的小区"), "estates"),
        "in_scope": FigureName(say("核查范围内的小区"), "estates"),
        "met": FigureName(say("达标小区"), "estates"),
        "met_pooled": FigureName(say("统筹达标小区"), "estates"),
        "short": FigureName(say("不达标小区"), "estates"),
        "unknown": FigureName(say("无法判定小区"), "estates"),
        "unknown_share": FigureName(say("无法判定小区的户数占比"), "share"),
        "assumed": FigureName(say("含研究设定假设的小区"), "estates"),
    }
)
"""The figures of `coverage`, `band` and `provision` by their key."""


def figure_name(key: str, group: str = "") -> FigureName:
    """Return the name of a figure; one that nobody has named is called by its key.

    group
        `coverage`, `band` or `provision`, where a key stands in more than one of them.
    """
    named = FIGURES.get(f"{group}.{key}", FIGURES.get(key))
    return named or FigureName(say("{key}", key=key), "")
