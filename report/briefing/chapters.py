"""The report in chapters: 现状—需求—差距—布局建议—近期项目—分街道指引, in sentences and tables."""

from collections.abc import Iterator

import pandas as pd

from analysis.evaluation import Evaluation
from analysis.explaining.parameter_words import CATEGORY_NAMES
from analysis.periods.comparison import Comparison
from analysis.periods.words import HEADLINES
from geo.language import Message, joined, say
from report.briefing.content import Chapter, Shown, Table
from report.briefing.demand import FORECAST, forecast_sentence
from report.briefing.estates import SHORT
from report.briefing.estates_counted import not_checked, reviewed
from report.briefing.guidance import GUIDANCE
from report.briefing.material import Material
from report.briefing.periods import SINCE, SINCE_FACILITIES, streets_told
from report.briefing.places import COMMUNITIES, communities_sentence
from report.briefing.proposal import proposal_sentences
from report.briefing.sites import OPTIONS, PROJECTS, projects_table
from report.briefing.targets import TARGETS, beds, targets_sentence
from report.figures import measure, number
from report.people_date import bracketed
from report.provision_figures import deficit_note, printed_deficit
from report.scenario_lines import scenario_lines
from report.street_card import streets_of

TOP: int = 5
STREETS_SHOWN: int = 3
TARGETS_SHOWN: int = 6
Part = Message | Shown


def chapters(material: Material) -> tuple[Chapter, ...]:
    """Return the chapters of a report; one of which nothing is known says so."""
    evaluation = material.evaluation
    standing = say("现状") if material.scenario is None else say("情景下的状况")
    return (
        Chapter("standing", standing, tuple(_standing(material))),
        Chapter("need", say("需求"), tuple(_need(evaluation))),
        Chapter("gaps", say("差距"), tuple(_gaps(material))),
        Chapter("sites", say("布局建议"), tuple(_sites(material))),
        Chapter("projects", say("近期项目"), tuple(_projects(material))),
        Chapter("streets", say("分街道指引"), tuple(_streets(material))),
    )


def _standing(material: Material) -> Iterator[Part]:
    evaluation = material.evaluation
    yield from scenario_told(material)
    layer = evaluation.study.layer("facilities")
    if layer is None:
        yield say("研究中没有设施资料，现状设施不明。")
    else:
        yield say(
            "台账共有设施{all}处，其中计入服务圈（运营中、类别计入、有坐标）的{counted}处：{kinds}。",
            all=len(layer), counted=len(evaluation.counted), kinds=_kinds(evaluation, layer),
        )  # fmt: skip
    yield Shown("standing")
    yield Shown("coverage")
    told = beds(evaluation)
    if told is not None:
        yield told


def scenario_told(material: Material) -> tuple[Message, ...]:
    """Return which scenario the figures are of, and all that it changes; nothing without one."""
    scenario = material.scenario
    if scenario is None:
        return ()
    lines = scenario_lines(scenario, (material.baseline or material.evaluation).study)
    what = joined("；", *lines) if lines else say("没有改动")
    return (
        say("本材料按情景“{scenario}”测算，不是现状。情景的措施：{what}。",
            scenario=scenario.title, what=what),
    )


def _kinds(evaluation: Evaluation, layer: pd.DataFrame) -> Message:
    counted = layer.loc[layer["id"].isin(evaluation.counted), "category"].value_counts()
    told = [
        say("{kind}{count}处", kind=CATEGORY_NAMES.get(str(code), say("其他设施")), count=int(n))
        for code, n in counted.items()
    ]
    return joined("、", *told) if told else say("无")


def _need(evaluation: Evaluation) -> Iterator[Part]:
    yield _people(evaluation)
    apart = not_checked(evaluation)
    if apart is not None:
        yield apart
    check = evaluation.provision
    required = check.loc[check["in_scope"].astype(bool), "required_m2"].astype("float64").dropna()
    if len(required):
        yield say(
            "应核查住宅小区{count}个，按各自适用的规定应配养老用房建筑面积合计{area}平方米"
            "（{known}个小区户数与标准已知）。",
            count=evaluation.summary["provision"]["in_scope"], area=measure(required.sum()),
            known=len(required),
        )  # fmt: skip
    yield forecast_sentence(evaluation)
    yield Shown(FORECAST, apart=True)


def _people(evaluation: Evaluation) -> Message:
    coverage = evaluation.summary["coverage"]
    if coverage["elderly_60plus"] is None:
        return say("没有可用的60岁以上人口资料，需求不明。")
    whole = evaluation.headline_coverage.iloc[0]
    told = {
        "elderly": number(coverage["elderly_60plus"]), "people": number(whole["population"]),
        "unlocated": number(coverage["unlocated_60plus"]), "counted": bracketed(evaluation),
    }  # fmt: skip
    if evaluation.walked is None:
        return say(
            "研究范围内位置明确的60岁以上老年人{elderly}人、总人口{people}人{counted}；"
            "另有{unlocated}名老年人位置不明，不计入分母。", **told,
        )  # fmt: skip
    rural = evaluation.coverage.iloc[0]["elderly_60plus"] - coverage["elderly_60plus"]
    return say(
        "研究范围的城市部分位置明确的60岁以上老年人{elderly}人、总人口{people}人{counted}；农村地区另有老年人{rural}人，"
        "不按步行衡量；还有{unlocated}名老年人位置不明。后两者都不计入各项比率的分母。",
        rural=number(rural), **told,
    )  # fmt: skip


def _gaps(material: Material) -> Iterator[Part]:
    evaluation = material.evaluation
    yield Shown(TARGETS, ("name", "value", "of", "target", "gap"), TARGETS_SHOWN)
    stand = targets_sentence(evaluation)
    if stand is not None:
        yield stand
    yield from reviewed(evaluation)
    left = communities_sentence(evaluation)
    if left is not None:
        yield left
    yield Shown(COMMUNITIES, ("number", "street", "name", "elderly_60plus", "uncovered_60plus",
                              "share_60plus"), TOP, apart=True)  # fmt: skip
    yield from _lacking(evaluation)
    yield Shown("gaps")
    yield Shown(SHORT, ("number", "street", "name", "households", "deficit_m2", "remedy"), TOP)
    if material.earlier is not None:
        yield from _since(material.earlier)


def _since(earlier: Comparison) -> Iterator[Part]:
    """Yield what changed since the period before: its table, then what no figure of it says."""
    figures = earlier.figures.set_index(["group", "key"])["change"]
    told = sum(key in figures.index and pd.notna(figures[key]) for key in HEADLINES)
    yield Shown(SINCE)
    yield from earlier.sentences[told:]
    yield Shown(SINCE_FACILITIES, most=TOP)
    yield from streets_told(earlier, TOP)


def _lacking(evaluation: Evaluation) -> Iterator[Message]:
    provision = evaluation.summary["provision"]
    deficit = printed_deficit(provision)
    if deficit is None:
        return
    told = say("能算出缺口的小区共缺养老用房建筑面积{area}平方米", area=deficit)
    note = deficit_note(provision)
    yield joined("", told if note is None else joined("；", told, note), say("。"))


def _sites(material: Material) -> Iterator[Part]:
    proposed = material.proposed
    if proposed is None:
        yield from material.not_proposed
        return
    yield from proposal_sentences(proposed)
    yield Shown("sites")
    yield Shown("change")
    if material.tried or material.scenario is not None:
        yield Shown(OPTIONS)


def _projects(material: Material) -> Iterator[Part]:
    proposed = material.proposed
    if proposed is None:
        yield say("没有建议的选址，故不列近期项目。")
        return
    yield _costs(projects_table(proposed))
    yield Shown(PROJECTS, ("rank", "name", "cost_wan", "gain_60plus", "yuan_per_person",
                           "to_check"))  # fmt: skip


def _costs(projects: Table) -> Message:
    """Return what the sites cost, in the table's own figures: a sum of some is no sum of all."""
    (column,) = projects.only(["cost_wan"])
    known = projects.rows["cost_wan"].dropna()
    told = {"count": len(projects), "known": len(known), "cost": column.text(known.sum())}
    if len(known) == len(projects):
        return say("建议项目{count}处，费用合计{cost}万元。", **told)
    if known.empty:
        return say("建议项目{count}处，费用均不明。", **told)
    return say(
        "建议项目{count}处，其中{known}处有费用，小计{cost}万元，其余费用不明，故没有合计。",
        **told,
    )  # fmt: skip


def _streets(material: Material) -> Iterator[Part]:
    if not streets_of(material.evaluation).empty:
        yield say("未覆盖较多的街道近期要做的事如下。")
    yield Shown(GUIDANCE, ("name", "uncovered_60plus", "told"), STREETS_SHOWN)
