"""Conclusions as sentences that can be quoted: every number with what it is a part of."""

from collections.abc import Mapping
from typing import Any, Final

from analysis.coverage.table import OUTSIDE
from analysis.evaluation import Evaluation
from analysis.people.told import people_unknown
from analysis.walking.reach import FAST, SLOW
from geo.language import Message, joined, say
from report.areas import street_names
from report.figures import at_least, at_most, number, percent, some_of
from report.people_date import bracketed
from report.provision_figures import rate_basis

# Of the streets, so many are named where people out of reach are concentrated.
NAMED: Final = 3
NOBODY: Final = "0"  # as a count is printed


def conclusions(evaluation: Evaluation, baseline: Evaluation | None = None) -> list[Message]:
    """Return how a study stands in a few sentences: who is reached, who is not and where, rooms.

    baseline
        The same study without the scenario: then a sentence tells what the scenario changes.
    """
    told = [headline(evaluation)]
    if baseline is not None:
        told.append(against(evaluation, baseline))
    told += [each for each in (left_out(evaluation), rooms(evaluation)) if each is not None]
    return told


def headline(evaluation: Evaluation) -> Message:
    """Return the coverage of people aged 60 and over as one sentence that can be quoted."""
    study = evaluation.study
    walking = study.description.walking
    coverage, band = evaluation.summary["coverage"], evaluation.summary["band"]
    if coverage["share_60plus"] is None:
        return say("在{area}，60岁以上人口或设施的资料不足，不能测算步行{limit}分钟可达率。",
                   area=_scope(evaluation), limit=f"{walking.limit_min:g}")  # fmt: skip
    return say(
        "在{area}，按步行路网{speed}米/秒、{limit}分钟（约{metres}米）测算，"
        "{people}{all}人{counted}中{covered}人可达至少1处{which}社区级设施，占{share}"
        "{band}；系空间测算，不等同于政策“服务覆盖率”。",
        area=_scope(evaluation),
        speed=f"{walking.speed_m_per_s:g}",
        limit=f"{walking.limit_min:g}",
        metres=f"{walking.speed_m_per_s * walking.limit_min * 60:,.0f}",
        people=_people(evaluation),
        which=_counted(evaluation),
        all=number(coverage["elderly_60plus"]),
        counted=bracketed(evaluation),
        covered=some_of(coverage["covered_60plus"], coverage["elderly_60plus"],
                        coverage["lower_bound"]),
        share=at_least(percent(coverage["share_60plus"]), coverage["lower_bound"]),
        band=_band(walking.speed_m_per_s, band, lower_bound=coverage["lower_bound"]),
    )


def _scope(evaluation: Evaluation) -> Message | str:
    """Return what the figures are of: the study, without its rural places where it has some."""
    title = evaluation.study.title
    return title if evaluation.walked is None else say("{area}（城市部分）", area=title)


def _band(
    speed_m_per_s: float, band: Mapping[str, float | None], *, lower_bound: bool
) -> Message | str:
    """Return the band of ordinary speeds; nothing where the walk asked for lies outside it."""
    if not SLOW <= speed_m_per_s <= FAST:
        return ""
    low, high = (
        at_least(percent(band.get(str(speed))), lower_bound) for speed in (SLOW, FAST)
    )
    return say("（0.8–1.0米/秒为{low}–{high}）", low=low, high=high)


def _counted(evaluation: Evaluation) -> Message:
    """Return which facilities count: those a scenario brings are not in operation yet."""
    if any(told.get("open") for told in evaluation.study.scenarios):
        return say("运营中及情景新增的")
    return say("运营中的")


def _people(evaluation: Evaluation) -> Message:
    """Return whom the figures count, with the basis where the study has one throughout."""
    population = evaluation.study.layer("population")
    if population is None or "basis" not in population:
        return say("60岁以上老年人")
    known = set(population["basis"].dropna())
    if known == {"resident"}:
        return say("60岁以上常住老年人")
    return say("60岁以上户籍老年人") if known == {"registered"} else say("60岁以上老年人")


def against(evaluation: Evaluation, baseline: Evaluation) -> Message:
    """Return what a scenario changes, as people and percentage points."""
    now, before = evaluation.summary["coverage"], baseline.summary["coverage"]
    people, share = now["covered_60plus"], now["share_60plus"]
    was, share_was = before["covered_60plus"], before["share_60plus"]
    if None in (people, was, share, share_was):
        return say("情景与现状不能相比：可达人数未知。")
    told = {
        "all": number(now["elderly_60plus"]),
        "was": some_of(was, before["elderly_60plus"], before["lower_bound"]),
        "people": some_of(people, now["elderly_60plus"], now["lower_bound"]),
        "share_was": at_least(percent(share_was), before["lower_bound"]),
        "share": at_least(percent(share), now["lower_bound"]),
    }
    if before["lower_bound"] or now["lower_bound"]:  # of two bounds nobody knows the difference
        return say(
            "按情景测算，可达老年人由{was}人变为{people}人（分母{all}人），"
            "占比由{share_was}变为{share}；标≥的只是下限，相差多少不作结论。", **told,
        )  # fmt: skip
    return say(
        "按情景测算，可达老年人由{was}人变为{people}人（{change:+,.0f}人，分母{all}人），"
        "占比由{share_was}变为{share}（{points:+.1f}个百分点）。",
        **told, change=people - was,
        # Of the printed shares, so that whoever subtracts them finds the same.
        points=round(100 * share, 1) - round(100 * share_was, 1),
    )  # fmt: skip


def left_out(evaluation: Evaluation) -> Message | None:
    """Return how many are out of reach and where most of them live; None where it is unknown."""
    coverage = evaluation.summary["coverage"]
    everyone, covered = coverage["elderly_60plus"], coverage["covered_60plus"]
    if everyone is None or covered is None or coverage["share_60plus"] is None:
        return None
    lower = coverage["lower_bound"]
    left = at_most(number(everyone - covered), lower)
    if left == NOBODY:
        unknown = people_unknown(evaluation.located)
        if unknown.places:
            return say("人数和位置明确的60岁以上老年人都在步行时限内；另有{places}处人数不明。",
                       places=unknown.places)  # fmt: skip
        return say("位置明确的60岁以上老年人都在步行时限内。")
    streets = _streets_left(evaluation)
    if not streets:
        return say("仍有{left}名60岁以上老年人不在步行时限内。", left=left)
    named = joined("、", *(
        say("{name}（{people}人）", name=name, people=at_most(number(people), lower))
        for name, people in streets
    ))  # fmt: skip
    return say(
        "仍有{left}名60岁以上老年人不在步行时限内，主要在{streets}。", left=left, streets=named
    )


def _streets_left(evaluation: Evaluation) -> list[tuple[str, float]]:
    """Return the streets with most people out of reach, and how many."""
    table = evaluation.headline_coverage
    rows = table.loc[table["level"].eq("street") & table["area_id"].ne(OUTSIDE)]
    left = (rows["elderly_60plus"] - rows["covered_60plus"]).round()
    most = rows.assign(left=left).loc[left.ge(1)]
    most = most.sort_values("left", ascending=False, kind="stable").head(NAMED)
    called = most["area_id"].astype(str).map(street_names(evaluation)).fillna(most["name"])
    return list(zip(called, most["left"], strict=True))


def rooms(evaluation: Evaluation) -> Message | None:
    """Return how many estates have their care rooms; None where none is to be checked."""
    provision = evaluation.summary["provision"]
    if not provision["in_scope"]:
        return None
    return say(
        "应核查住宅小区{in_scope}个：达标{met}个（含统筹达标{pooled}个），不达标{short}个，"
        "无法判定{unknown}个；{rate}。",
        in_scope=provision["in_scope"], met=provision["met"] + provision["met_pooled"],
        pooled=provision["met_pooled"], short=provision["short"],
        unknown=provision["unknown"], rate=_rate(provision),
    )  # fmt: skip


def _rate(provision: Mapping[str, Any]) -> Message:
    rate, basis = provision["rate"], rate_basis(provision)
    if rate is None:
        return say("不给出达标率（{basis}）", basis=basis)
    return say("可判定小区达标率{rate}（{basis}）", rate=percent(rate), basis=basis)
