"""The report in chapters: 现状—需求—差距—布局建议—近期项目—分街道指引, in sentences and tables."""

from collections.abc import Iterator

import pandas as pd

from analysis.coverage.table import STUDY
from analysis.evaluation import Evaluation
from analysis.explaining.parameter_words import CATEGORY_NAMES
from analysis.future.forecast import VARIANTS
from analysis.siting.solving.solution import Status
from analysis.siting.told import mandatory_sites
from geo.language import Message, joined, say
from report.briefing.content import Chapter, Shown
from report.briefing.estates import SHORT
from report.briefing.material import Material, Proposed
from report.briefing.places import COMMUNITIES
from report.briefing.sites import OPTIONS, PROJECTS
from report.briefing.streets import STREETS
from report.conclusions import headline, left_out, rooms
from report.figures import at_least, number, percent, unknown
from report.provision_figures import deficit_note, printed_deficit

TOP: int = 10
Part = Message | Shown


def chapters(material: Material) -> tuple[Chapter, ...]:
    """Return the chapters of a report; one of which nothing is known says so."""
    evaluation = material.evaluation
    return (
        Chapter("standing", say("现状"), tuple(_standing(evaluation))),
        Chapter("need", say("需求"), tuple(_need(evaluation))),
        Chapter("gaps", say("差距"), tuple(_gaps(material))),
        Chapter("sites", say("布局建议"), tuple(_sites(material))),
        Chapter("projects", say("近期项目"), tuple(_projects(material))),
        Chapter("streets", say("分街道指引"), tuple(_streets(material))),
    )


def _standing(evaluation: Evaluation) -> Iterator[Part]:
    layer = evaluation.study.layer("facilities")
    if layer is None:
        yield say("研究中没有设施图层，现状设施不明。")
    else:
        yield say(
            "台账共有设施{all}处，其中计入服务圈（运营中、类别计入、有坐标）的{counted}处：{kinds}。",
            all=len(layer), counted=len(evaluation.counted), kinds=_kinds(evaluation, layer),
        )  # fmt: skip
    yield Shown("standing")
    yield headline(evaluation)
    yield Shown("coverage")
    yield from _beds(evaluation)


def _kinds(evaluation: Evaluation, layer: pd.DataFrame) -> Message:
    counted = layer.loc[layer["id"].isin(evaluation.counted), "category"].value_counts()
    told = [
        say("{kind}{count}处", kind=CATEGORY_NAMES.get(str(code), say("其他设施")), count=int(n))
        for code, n in counted.items()
    ]
    return joined("、", *told) if told else say("无")


def _beds(evaluation: Evaluation) -> Iterator[Message]:
    whole = evaluation.detail.beds.iloc[0]
    if unknown(whole["beds"]):
        return
    yield say(
        "台账列明床位{beds}张（{without}处设施没有填床位数），每千名老年人{each}张。",
        beds=number(whole["beds"]), without=int(whole["facilities_without_beds"]),
        each=number(whole["beds_per_1000_elderly"], digits=1),
    )  # fmt: skip


def _need(evaluation: Evaluation) -> Iterator[Part]:
    coverage = evaluation.summary["coverage"]
    whole = evaluation.headline_coverage.iloc[0]
    yield say(
        "研究范围内已落位60岁以上老年人{elderly}人、总人口{people}人；另有{unlocated}名老年人未落位，"
        "不计入各项比率的分母。",
        elderly=number(coverage["elderly_60plus"]), people=number(whole["population"]),
        unlocated=number(coverage["unlocated_60plus"]),
    )  # fmt: skip
    check = evaluation.provision
    required = check.loc[check["in_scope"].astype(bool), "required_m2"].astype("float64").dropna()
    if len(required):
        yield say(
            "应核查住宅小区{count}个，按各自适用的规定应配养老用房建筑面积合计{area}平方米"
            "（{known}个小区户数与标准已知）。",
            count=evaluation.summary["provision"]["in_scope"], area=number(required.sum()),
            known=len(required),
        )  # fmt: skip
    yield from _forecast(evaluation)


def _forecast(evaluation: Evaluation) -> Iterator[Message]:
    """Yield how many old people are to come, by the low and the high variant."""
    projection = evaluation.detail.forecast
    if projection is None:
        yield say("研究没有分年龄人口，未作老年人口预测。")
        return
    table = projection.table
    whole = table.loc[table["county_id"].eq(STUDY)]
    for year in sorted(whole["year"].unique())[-2:]:
        of_year = whole.loc[whole["year"].eq(year)].set_index("variant")["elderly_60plus"]
        low, high = (number(of_year[variant]) for variant in (VARIANTS[0], VARIANTS[-1]))
        yield say(
            "按队列要素法测算，{year}年人口预测范围内60岁以上老年人为{low}–{high}人（低、高方案）。",
            year=int(year), low=low, high=high,
        )  # fmt: skip


def _gaps(material: Material) -> Iterator[Part]:
    evaluation = material.evaluation
    left = left_out(evaluation)
    if left is not None:
        yield left
    yield Shown(COMMUNITIES, ("number", "street", "name", "elderly_60plus", "uncovered_60plus",
                              "share_60plus"), TOP)  # fmt: skip
    told = rooms(evaluation)
    if told is not None:
        yield told
        yield from _lacking(evaluation)
    yield Shown("gaps")
    yield Shown(SHORT, ("number", "street", "name", "households", "deficit_m2", "remedy"), TOP)
    if material.earlier is not None:
        yield from material.earlier.sentences


def _lacking(evaluation: Evaluation) -> Iterator[Message]:
    provision = evaluation.summary["provision"]
    deficit = printed_deficit(provision)
    if deficit is None:
        return
    told = say("能算出缺口的小区共缺养老用房建筑面积{area}平方米", area=deficit)
    note = deficit_note(provision)
    yield joined("", told, *(() if note is None else ("；", note)), say("。"))


def _sites(material: Material) -> Iterator[Part]:
    proposed = material.proposed
    if proposed is None:
        yield from material.not_proposed
        return
    yield proposal_sentence(proposed)
    yield proof(proposed)
    yield Shown("sites")
    yield Shown(PROJECTS, ("rank", "name", "street", "action", "gain_60plus", "covered_60plus",
                           "share_60plus"), title=say("建议选址与新增覆盖"))  # fmt: skip
    yield Shown("change")
    if material.tried:
        yield Shown(OPTIONS)


def proposal_sentence(proposed: Proposed) -> Message:
    """Return what the proposed sites give together."""
    proposal = proposed.proposal
    return say(
        "建议新增{count}处：60岁以上老年人可达人数由{was}人增至{now}人（分母{all}人），"
        "可达率由{share_was}提高到{share}。",
        count=len(proposal.chosen), was=number(proposal.baseline),
        now=number(int(proposal.covered[-1])), all=number(proposal.everybody),
        share_was=percent(proposal.baseline / proposal.everybody),
        share=at_least(
            percent(float(proposal.shares[-1])),
            proposed.after.summary["coverage"]["lower_bound"],
        ),
    )  # fmt: skip


def proof(proposed: Proposed) -> Message:
    """Return how good the proposal is at most."""
    if proposed.proposal.solution.status is not Status.OPTIMAL:
        return say("在求解时限内得到，尚未证明最优。")
    forced = mandatory_sites(proposed.proposal)
    if forced:
        return say("台账必选{sites}；在此前提下，同样处数没有更好的选法（已证明最优）。",
                   sites="、".join(forced))  # fmt: skip
    return say("在所列备选点中，同样处数没有更好的选法（已证明最优）。")


def _projects(material: Material) -> Iterator[Part]:
    proposed = material.proposed
    if proposed is None:
        yield say("没有建议的选址，故不列近期项目。")
        return
    cost = proposed.proposal.eligible.figure("cost_wan")[proposed.proposal.chosen]
    known = cost[cost == cost]  # noqa: PLR0124 - NaN
    yield say(
        "建议项目{count}处，其中{known}处备选点有费用，合计{cost}万元；责任单位、完成时限由当地确定。",
        count=len(cost), known=len(known), cost=number(known.sum(), digits=1),
    )  # fmt: skip
    yield Shown(PROJECTS, ("rank", "name", "place", "cost_wan", "yuan_per_person"))


def _streets(material: Material) -> Iterator[Part]:
    yield say("各街道的可达率以本街道已落位的60岁以上老年人为分母；设施按所在街道计。")
    yield Shown(STREETS, ("name", "elderly_60plus", "uncovered_60plus", "share_60plus", "in_scope",
                          "short", "unknown", "deficit_m2"))  # fmt: skip
    proposed = material.proposed
    if proposed is None:
        return
    yield say("建议的选址按受益最多的街道列在第四、五部分；未列出的街道近期没有建议新增的点位。")
