"""The answer to a question about sites: how good it is, which sites and why, and why not others."""
# ruff: noqa: TID251 - this is the browser face

import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from analysis.explaining.parameter_words import CATEGORY_NAMES
from analysis.siting.asked import Objective
from analysis.siting.choosing import Proposal
from analysis.siting.searches import why_none
from analysis.siting.solving.solution import Status
from analysis.siting.told import best_of, mandatory_sites, why_not_sentences
from analysis.siting.years.phased import ACTIONS
from geo.language import Message, joined, say, speak, translate
from report.chosen_sites import chosen_sites
from report.data.sheets import file_name
from ui.data.showing import show_lines, show_table
from ui.scenarios.at_hand import begin
from ui.seen import plain
from ui.siting.answers import Answer
from ui.siting.redraw import after_edit
from ui.siting.trying import Trying
from ui.words import NOTHING, number, percent

ONE_PART_IN: Final = 10_000  # a gap below is printed as none


def show_found(trying: Trying, answer: Answer) -> None:
    """Show what was found, or why there is nothing."""
    proposal = answer.proposal
    if why := why_none(proposal.found):
        show_lines(why, key="no sites", bad=True)
        _show_why_not(answer)
        return
    show_lines(sentences(answer), key="sites", bad=False)
    _show_noticed(proposal)
    if not len(proposal.chosen):
        st.caption(translate("不需要新增：现有设施已经做到了。"))
        return
    _show_deeds(trying, answer)
    show_table(sites_shown(answer), wide=[translate("理由")])
    if answer.phased is not None:
        _show_years(answer)
    _show_why_not(answer)


def sentences(answer: Answer) -> list[Message]:
    """Return what the sites do, how good that is at most, and what they cost."""
    proposal = answer.proposal
    return [
        *_there_already(proposal), _outcome(proposal), *_walks(proposal), *_weighted(proposal),
        quality(proposal),
    ]  # fmt: skip


def _there_already(proposal: Proposal) -> list[Message]:
    """Return that what is asked for holds today, where it does: nothing is needed for it."""
    goal, share = proposal.asked.cover, proposal.baseline / proposal.everybody
    if goal is None or share < goal:
        return []
    told = say("现状可达率 {share} 已达到 {goal}，为此不用新增。", share=percent(share),
               goal=percent(goal))  # fmt: skip
    forced = mandatory_sites(proposal)
    if not forced:
        return [told]
    return [told, say("下面所列是台账写明必选的：{sites}。", sites=joined("、", *forced))]


def quality(proposal: Proposal) -> Message:
    """Return how good the answer is: proved best, or how far from the best at most."""
    solution = proposal.solution
    took = say("用时 {seconds:.1f} 秒", seconds=solution.seconds)
    if solution.status is Status.OPTIMAL or solution.gap < 1 / ONE_PART_IN:
        return say("{best}（{took}）。", best=best_of(proposal), took=took)
    return say(
        "离最优最多差 {gap:.1%}：已得 {value}，任何选法都到不了 {bound} 以外（{took}）。",
        gap=solution.gap, value=_in_unit(proposal, solution.value),
        bound=_in_unit(proposal, solution.bound), took=took,
    )


def _in_unit(proposal: Proposal, value: float) -> Message:
    aim = proposal.asked.aim
    if aim is Objective.SET_COVER:
        return say("{count} 处", count=number(value))
    if aim in (Objective.P_MEDIAN, Objective.P_CENTER):
        return say("{metres} 米", metres=number(value))
    return say("{people} 人", people=number(value))


def _outcome(proposal: Proposal) -> Message:
    after = proposal.starting + float(proposal.gain.sum())
    what = say("可达") if proposal.found.served is None else say("可达且有容量服务的")
    cost = proposal.eligible.figure("cost_wan")[proposal.chosen]
    spent = (
        say("部分费用未知") if np.isnan(cost).any()
        else say("费用合计 {cost} 万元", cost=number(float(cost.sum()), digits=1))
    )  # fmt: skip
    closed = proposal.eligible.table["candidate_id"].iloc[proposal.closed]
    given_up = (
        say("，关闭 {count} 处（{ids}）", count=len(closed), ids=joined("、", *closed))
        if len(closed) else ""
    )  # fmt: skip
    return say(
        "选出 {count} 处{given_up}：60岁以上 {all} 人中，{what}由 {before} 人（{share}）"
        "变为 {after} 人（{then}）；{spent}。",
        count=len(proposal.chosen), given_up=given_up, all=number(proposal.everybody), what=what,
        before=number(proposal.baseline), share=percent(proposal.baseline / proposal.everybody),
        after=number(after), then=percent(after / proposal.everybody), spent=spent,
    )


def _walks(proposal: Proposal) -> list[Message]:
    words = {
        Objective.P_MEDIAN: say("平均步行"), Objective.P_CENTER: say("走得到的人中最远的步行"),
    }  # fmt: skip
    what = words.get(proposal.asked.aim)
    if what is None:
        return []
    return [
        say("{what}由 {before} 米变为 {after} 米。", what=what,
            before=number(proposal.found.figures["before_m"]),
            after=number(proposal.solution.value))
    ]  # fmt: skip


def _weighted(proposal: Proposal) -> list[Message]:
    value = number(proposal.solution.value)
    return {
        "80plus": [say("其中新增覆盖80岁以上 {people} 人。", people=value)],
        "behind": [say("按街道落后程度折算，新增 {people} 人次。", people=value)],
    }.get(proposal.asked.weighting or "", [])


def _show_noticed(proposal: Proposal) -> None:
    told = [finding.line() for finding in proposal.findings if finding.severity != "error"]
    if proposal.outside_gain >= 1:
        told.append(say("区外受益 {people} 人，不计入新增。", people=number(proposal.outside_gain)))
    out = int((~proposal.eligible.may).sum())
    if out:
        told.append(
            say("{total} 个备选点中有 {out} 个不能用，原因在下面逐点可查。",
                total=len(proposal.eligible.table), out=out)
        )  # fmt: skip
    for line in told:
        st.text(plain(line))


def _show_deeds(trying: Trying, answer: Answer) -> None:
    language = st.session_state["language"]

    def packed() -> bytes:
        speak(language)  # the files are written in a context of their own
        return packed_files(answer)

    with st.container(horizontal=True):
        st.button(
            translate("放到地图上（成为新情景）"), type="primary", key="sites to scenario",
            on_click=_put_on_map, args=(trying, answer),
            help=translate("存为新情景，各页都按它看；地图上可以再拖动、增减。"),
        )
        title = file_name(answer.proposal.evaluation.study.title)
        st.download_button(
            translate("下载全部表格（zip）"), packed, f"{title}-{translate('选址')}.zip",
            "application/zip", on_click="ignore", key=f"download sites ({language})",
            help=translate("与终端 site 命令写出的文件相同：逐处理由、街道前后、未选原因、证明。"),
        )


def _put_on_map(trying: Trying, answer: Answer) -> None:
    begin(trying.study, answer.scenario)
    after_edit()


def packed_files(answer: Answer) -> bytes:
    """Return the files that the terminal writes, in one archive."""
    with TemporaryDirectory(prefix="carecircle-") as folder:
        out = Path(folder) / "sites"
        answer.write(out)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(out.iterdir()):
                archive.write(path, path.name)
        return packed.getvalue()


def sites_shown(answer: Answer) -> pd.DataFrame:
    """Return the sites as texts with headings of the page."""
    proposal = answer.proposal
    sites = chosen_sites(proposal, answer.reasons)
    served = proposal.found.served is not None
    forced = {*mandatory_sites(proposal)}
    return pd.DataFrame(
        {
            translate("序"): sites["rank"].astype(str),
            translate("名称"): [
                f"{plain(name)}（{plain(code)}）"
                for name, code in zip(sites["name"], sites["candidate_id"], strict=True)
            ],
            translate("方式"): [
                _action(code, forced=id_ in forced)
                for code, id_ in zip(sites["action"], sites["candidate_id"], strict=True)
            ],
            translate("类别"): [_category(code) for code in sites["category"]],
            translate("新增服务（人）") if served else translate("新增覆盖（人）"):
                sites["gain_60plus"].map(number),
            translate("累计占比"): sites["share_60plus"].map(percent),
            translate("费用（万元）"): [number(each, digits=1) for each in sites["cost_wan"]],
            translate("每新增1人（元）"): sites["yuan_per_person"].map(number),
            translate("可补配建缺口"): [
                _cured(count, area)
                for count, area in zip(sites["cured_estates"], sites["cured_m2"], strict=True)
            ],
            translate("竞争点"): sites["rivals"].mask(sites["rivals"].eq(""), NOTHING),
            translate("次优（少覆盖）"): [
                _second(code, less)
                for code, less in zip(
                    sites["runner_up_id"], sites["runner_up_less_60plus"], strict=True
                )
            ],
            translate("理由"): sites["reason"],
        }
    )  # fmt: skip


def _action(code: Any, *, forced: bool) -> str:  # noqa: ANN401 - a table's cell
    action = ACTIONS.get(code, NOTHING)
    return str(say("{action}（必选）", action=action)) if forced else str(action)


def _category(code: Any) -> str:  # noqa: ANN401
    return str(CATEGORY_NAMES.get(code, NOTHING))


def _cured(count: int, area: float) -> str:
    if not count:
        return NOTHING
    return str(say("{count} 个小区 {area} ㎡", count=count, area=number(area)))


def _second(code: str, less: float) -> str:
    """Return who came second and how many fewer it covers; only what must be built covers fewer."""
    if not code:
        return NOTHING
    if less < 0:
        return str(say("{site}（若不必选，可多 {people}）", site=plain(code), people=number(-less)))
    return f"{plain(code)}（{number(less)}）"


def _show_years(answer: Answer) -> None:
    phased = answer.phased
    if phased is None:
        return
    years = phased.years
    st.caption(translate("分年安排"))
    show_table(
        pd.DataFrame(
            {
                translate("年份"): years["year"].astype(str),
                translate("资金（万元）"): years["budget_wan"].map(number),
                translate("处数"): years["sites"].map(number),
                translate("费用（万元）"): [number(each, digits=1) for each in years["cost_wan"]],
                translate("新增覆盖（人）"): years["gain_60plus"].map(number),
                translate("年末可达率"): years["share_60plus"].map(percent),
            }
        )
    )
    show_table(phased.projects.map(_cell))
    if len(phased.left_over):
        st.caption(translate("没有排进任何一年的"))
        show_table(phased.left_over.map(_cell))


def _cell(value: Any) -> Any:  # noqa: ANN401 - a table's cell
    if isinstance(value, float):
        return NOTHING if np.isnan(value) else f"{value:,.1f}".removesuffix(".0")
    return plain(value)


def _show_why_not(answer: Answer) -> None:
    """Show why a candidate was not chosen: any of them, by name."""
    proposal = answer.proposal
    table = proposal.eligible.table
    if not len(table):
        return
    names = [
        f"{plain(name)}（{plain(code)}）"
        for name, code in zip(table["name"], table["candidate_id"], strict=True)
    ]
    at = st.selectbox(
        translate("为什么没选这一处？"), range(len(names)), index=None, width=460,
        format_func=names.__getitem__, placeholder=translate("选一个备选点，或输入名称查找"),
        key=f"why not {id(answer)}",
    )
    if at is not None:
        told = why_not_sentences(proposal, answer.why_not)[at]
        st.text(plain(joined("", told, say("。"))))
