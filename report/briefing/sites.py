"""The sites proposed, as projects; scenarios beside each other."""

import math
from typing import Any, Final

import pandas as pd

from analysis.evaluation import Evaluation
from analysis.explaining.parameter_words import CATEGORY_NAMES
from analysis.siting.choosing import Proposal
from analysis.siting.told import street_names
from analysis.siting.years.phased import ACTIONS
from analysis.what_if.side_by_side import BASELINE
from geo.language import Message, headed, joined, say, translate
from report.areas import area_of
from report.briefing.content import Column, Kind, Table, short
from report.briefing.gained import gained
from report.briefing.material import Material, Proposed
from report.briefing.site_checks import site_checks, site_spots
from report.chosen_sites import YUAN, chosen_sites
from report.figures import number, percent
from report.provision_figures import summed_note
from report.scenario_totals import scenario_totals
from report.siting_files import details_table, streets_table

PROJECTS: Final = "projects"
OPTIONS: Final = "options"
_TO_FILL: Final = say("由当地确定填写")
_PROJECT: Final = (
    Column("rank", say("序号"), Kind.COUNT, weight=0.6),
    Column("name", say("项目"), weight=2),
    Column("place", say("位置"), meaning=say("选址所在的街道、社区"), weight=1.6),
    Column("category", say("拟设类型"), words=headed, weight=1.2),
    Column("action", say("方式"), words=headed),
    Column("area_m2", say("面积（㎡）"), Kind.AREA, say("备选点的建筑面积；不明的为空")),
    Column("cost_wan", say("费用（万元）"), Kind.MONEY, say("备选点台账所列费用；不明的为空")),
    Column("yuan_per_person", say("每新增覆盖一人费用（元）"), Kind.COUNT,
           say("费用 ÷ 新增覆盖的 60 岁以上老年人")),
    Column("funds", say("资金来源"), meaning=_TO_FILL),
    Column("street", say("受益街道"), meaning=say("新增覆盖的老年人最多的街道"), weight=1.4),
    Column("gain_60plus", say("新增覆盖（人）"), Kind.COUNT,
           say("按序号依次建，每处新增覆盖的 60 岁以上老年人")),
    Column("covered_60plus", say("累计可达（人）"), Kind.COUNT),
    Column("share_60plus", say("累计可达率"), Kind.SHARE),
    Column("to_check", say("需核实"), words=headed, weight=2.2,
           meaning=say("备选台账和现状中对该处不利或不明的事项；空白为没有查到，不等于没有")),
    Column("cured_m2", say("可补缺口（㎡）"), Kind.AREA, say("若经统筹确认，可补邻近小区的缺口")),
    Column("bureau", say("责任单位"), meaning=_TO_FILL),
    Column("until", say("完成时限"), meaning=_TO_FILL),
    Column("reason", say("理由"), words=headed, weight=3),
    Column("candidate_id", say("备选点编号")),
    Column("lon", say("经度"), Kind.DEGREES, say("WGS84")),
    Column("lat", say("纬度"), Kind.DEGREES, say("WGS84")),
)  # fmt: skip
_OPTION: Final = (
    Column("label", say("方案"), weight=2),
    Column("opened", say("新开（处）"), Kind.COUNT),
    Column("closed", say("停办（处）"), Kind.COUNT),
    Column("cost_wan", say("费用（万元）"), Kind.MONEY, say("新开各处的费用；有一处不明即为空")),
    Column("covered_60plus", say("可达（人）"), Kind.COUNT),
    Column("covered_change", say("增减（人）"), Kind.COUNT),
    Column("share_60plus", say("可达率"), Kind.SHARE),
    Column("deficit_m2", say("配建缺口（㎡）"), Kind.AREA, say("能算出缺口的小区之和")),
)  # fmt: skip


def projects_table(proposed: Proposed, baseline: Evaluation | None = None) -> Table:
    """Return the sites in order of rank, with what each costs and gives.

    baseline
        The study without the scenario that they are proposed under; None where there is none.
    """
    proposal = proposed.proposal
    sites = chosen_sites(proposal, proposed.reasons)
    details = details_table(proposal, proposed.reasons)
    rows = sites.assign(
        place=_places(proposal), street=_most_served(proposed, len(sites)),
        action=[str(ACTIONS.get(code, code)) for code in sites["action"]],
        category=[str(CATEGORY_NAMES.get(code, code)) for code in sites["category"].fillna("")],
        area_m2=details["area_m2"].astype("float64"), to_check=site_checks(proposal),
        funds="", bureau="", until="",
        lon=details["lon"].round(6), lat=details["lat"].round(6),
    )[[column.key for column in _PROJECT]]  # fmt: skip
    return Table(
        PROJECTS, say("近期项目建议"), _PROJECT, rows, _total(rows), None,
        {
            **_dearest(rows),
            "yuan_per_person": say("每人费用为费用除以新增覆盖的 60 岁以上老年人。"),
            **_of_whom(proposed, baseline),
            "bureau": say("责任单位、完成时限由当地填写。"),
        },
    )  # fmt: skip


def _places(proposal: Proposal) -> list[str]:
    """Return the street and the community in which each site lies; empty where none does."""
    spots = site_spots(proposal)
    streets, communities = (
        area_of(proposal.evaluation, spots, level) for level in ("street", "community")
    )
    return [
        # A community is often called by its street too.
        community if street and community.startswith(street) else f"{street}{community}"
        for street, community in zip(streets, communities, strict=True)
    ]


def _dearest(rows: pd.DataFrame) -> dict[str, Message]:
    """Return which site takes more than half of the money, as a note on it; empty for none."""
    cost = rows["cost_wan"].astype("float64")
    whole = float(cost.sum(skipna=False))
    if len(rows) < 2 or not cost.max() > whole / 2:  # noqa: PLR2004 - one alone is all of it
        return {}
    at = int(cost.to_numpy().argmax())
    told = say(
        "第{rank}处“{name}”费用 {cost} 万元，占合计 {whole} 万元的 {share}，请专门论证。",
        rank=int(rows["rank"].iloc[at]), name=rows["name"].iloc[at],
        cost=short(float(cost.iloc[at]), 2), whole=short(whole, 2),
        share=percent(cost.iloc[at] / whole),
    )  # fmt: skip
    return {"cost_wan": told}


def _of_whom(proposed: Proposed, baseline: Evaluation | None) -> dict[str, Message]:
    """Return what gains and shares are of, and who stands apart from the sites one by one."""
    told = gained(proposed.proposal.evaluation, proposed, baseline)
    both = None if told.both is None else say("新增覆盖以情景为基数：合计{both}。", both=told.both)
    if told.apart is not None:
        apart = joined("", told.apart, say("。"))
        return {"gain_60plus": apart if both is None else joined("", both, apart)}
    return {
        **({} if both is None else {"gain_60plus": both}),
        "share_60plus": say("累计可达率的分母为全部位置明确的 60 岁以上老年人 {all} 人。",
                            all=number(proposed.proposal.everybody)),
    }  # fmt: skip


def _most_served(proposed: Proposed, sites: int) -> list[str]:
    """Return the street whose people each site newly covers most."""
    told = streets_table(proposed.proposal, proposed.reasons)
    if not len(told) or street_names(proposed.proposal).empty:
        return [""] * sites
    most = told.sort_values("gain_60plus", ascending=False, kind="stable")
    first = most.drop_duplicates("rank").set_index("rank")["name"]
    return [str(first.get(rank, "")) for rank in range(1, sites + 1)]


def _total(rows: pd.DataFrame) -> dict[str, Any]:
    last = rows.iloc[-1]
    summed = {name: rows[name].sum(skipna=False) for name in ("area_m2", "cost_wan", "gain_60plus")}
    people = float(summed["gain_60plus"])
    return {
        "name": translate("合计"), **summed,
        "yuan_per_person": float(summed["cost_wan"]) * YUAN / people if people else math.nan,
        "covered_60plus": last["covered_60plus"], "share_60plus": last["share_60plus"],
        "cured_m2": rows["cured_m2"].sum(),
    }  # fmt: skip


def options_table(material: Material) -> Table | None:
    """Return things as they stand, the proposal and the scenarios, a row each; None alone."""
    side = material.options
    if side is None:
        return None
    totals = scenario_totals(side, material.scenarios, material.evaluation.study)
    label = totals["label"].where(totals["label"].ne(BASELINE), headed(translate("现状")))
    rows = totals.assign(label=label)[[column.key for column in _OPTION]]
    rows["covered_change"] = rows["covered_change"].fillna(0.0)
    summary = material.evaluation.summary
    told = say("可达率的分母均为位置明确的 60 岁以上老年人 {all} 人",
               all=number(summary["coverage"]["elderly_60plus"]))  # fmt: skip
    if any(each["lower_bound"] for each in side.headline):
        told = joined("", told, say("；可达人数和可达率是下限"))
    if material.proposed is not None:
        both = gained(material.evaluation, material.proposed, material.baseline).both
        told = told if both is None else joined("；", told, say("情景加建议方案{both}", both=both))
    notes = {"deficit_m2": summed_note(summary["provision"])}
    return Table(OPTIONS, say("方案比较"), _OPTION, rows, None, joined("", told, say("。")), notes)
