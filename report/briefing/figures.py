"""The few figures that a meeting agrees on, each with what it is of: the page's and the papers'."""

from collections.abc import Mapping
from typing import Any, Final

from analysis.coverage.by_area import estates_in_parts
from analysis.evaluation import Evaluation
from analysis.explaining.explained import with_unit
from analysis.explaining.explained_table import UNCOVERED
from analysis.people.told import people_unknown
from geo.language import Message, say
from report.briefing.content import KeyFigure
from report.figures import NOTHING, at_least, at_most, number, percent, some_of
from report.people_date import briefly
from report.provision_figures import left_open, printed_deficit

LACKING: Final = "deficit_m2"
SQUARE_METRES: Final = "㎡"
_UNTOLD: Final = say("60 岁以上人口或设施的资料不足，不作测算")


def key_figures(evaluation: Evaluation) -> tuple[KeyFigure, ...]:
    """Return the key figures of an evaluation."""
    coverage = evaluation.summary["coverage"]
    provision = evaluation.summary["provision"]
    limit = evaluation.study.description.walking.limit_min
    return (
        _reach(coverage, evaluation.summary["band"], limit, counted=briefly(evaluation),
               untold=people_unknown(evaluation.located).places),
        _uncovered(coverage),
        _provision(provision),
        _estates(coverage, estates_in_parts(evaluation)),
        _deficit(provision),
    )


def _reach(
    coverage: Mapping[str, Any], band: Mapping[str, Any], limit: float, *, counted: Message | str,
    untold: int,
) -> KeyFigure:
    return KeyFigure(
        "share_60plus",
        say("60岁以上{limit}分钟可达率", limit=f"{limit:g}"),
        coverage["share_60plus"],
        at_least(percent(coverage["share_60plus"]), coverage["lower_bound"]),
        (_UNTOLD,) if coverage["share_60plus"] is None else
        (
            say(
                "{all} 人{counted}中 {covered} 人",
                all=number(coverage["elderly_60plus"]),
                counted=counted,
                covered=some_of(coverage["covered_60plus"], coverage["elderly_60plus"],
                                coverage["lower_bound"]),
            ),
            _beside(coverage, band),
            *((say("另有 {places} 处人数不明，不在分母内", places=untold),) if untold else ()),
        ),
    )


def _beside(coverage: Mapping[str, Any], band: Mapping[str, Any]) -> Message:
    """Return what stands beside the share: why it is a lower bound, or the band of speeds."""
    if coverage["lower_bound"] and coverage["edge_60plus"] == 0:
        return say("可能少算：有设施没有坐标")
    if coverage["lower_bound"]:
        return say(
            "靠近边界的 {people} 人可能少算：界外道路或设施不全",
            people=number(coverage["edge_60plus"]),
        )
    return say(
        "0.8–1.0 米/秒：{low}–{high}",
        low=percent(band.get("0.8")),
        high=percent(band.get("1.0")),
    )


def _uncovered(coverage: Mapping[str, Any]) -> KeyFigure:
    everyone, covered = coverage["elderly_60plus"], coverage["covered_60plus"]
    known = everyone is not None and covered is not None
    left = everyone - covered if known else None
    return KeyFigure(
        UNCOVERED,
        say("未覆盖老年人"),
        left,
        at_most(number(left), coverage["lower_bound"]),
        (_UNTOLD,) if left is None else
        (
            say(
                "其中没有路走到任何设施 {people} 人",
                people=number(coverage["unreachable_60plus"]),
            ),
            say("位置不明 {people} 人，不计入", people=number(coverage["unlocated_60plus"])),
        ),
    )


def _provision(provision: Mapping[str, Any]) -> KeyFigure:
    met = provision["met"] + provision["met_pooled"]
    judged = met + provision["short"]
    floor = say(
        "计入无法判定 {unknown} 个：≥{floor}",
        unknown=number(provision["unknown"]), floor=percent(provision["rate_floor"]),
    )  # fmt: skip
    of: tuple[Message, ...]
    if not provision["in_scope"]:
        of = (say("没有应核查的小区"),)
    elif provision["rate"] is None:
        of = (say("无法判定过多，不给出达标率"), floor)
    else:
        of = (say("可判定 {all} 个中达标 {met} 个", all=number(judged), met=number(met)), floor)
    return KeyFigure(
        "rate", say("小区配建达标率"), provision["rate"], percent(provision["rate"]), of
    )


def _estates(coverage: Mapping[str, Any], parts: tuple[int, int, int] | None) -> KeyFigure:
    return KeyFigure(
        "share_areas",
        say("小区覆盖率"),
        coverage["share_areas"],
        percent(coverage["share_areas"]),
        (
            say(
                "{all} 个中 {covered} 个",
                all=number(coverage["areas"]),
                covered=number(coverage["covered_areas"]),
            ),
            _parted(parts),
        ),
    )


def _parted(parts: tuple[int, int, int] | None) -> Message:
    """Return how the estates that are covered for one half at least come about."""
    if parts is None:
        return say("过半走得到才算覆盖")
    full, partly, none = map(number, parts)
    return say(
        "过半走得到算覆盖；全部走得到 {full} 个、部分 {partly} 个、全走不到 {none} 个",
        full=full, partly=partly, none=none,
    )  # fmt: skip


def _deficit(provision: Mapping[str, Any]) -> KeyFigure:
    deficit, note = printed_deficit(provision), left_open(provision)
    return KeyFigure(
        LACKING,
        say("养老用房缺口"),
        None if deficit is None else float(provision["deficit_m2"]),
        NOTHING if deficit is None else str(with_unit(deficit, "m2")),
        (
            say(
                "应核查 {in_scope} 个中不达标 {short} 个",
                in_scope=number(provision["in_scope"]),
                short=number(provision["short"]),
            ),
            *(() if note is None else (note,)),
        ),
    )
