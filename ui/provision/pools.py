"""Proposed pools: one is looked at on the map, and kept once a document has confirmed it."""
# ruff: noqa: TID251 - this is the browser face

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import pandas as pd
import streamlit as st

from analysis.columns import words
from analysis.description import Pool
from analysis.evaluation import Evaluation
from analysis.pooling.kept import drop_pool, keep_pool, pools_file, put_pools_back, read_pools
from analysis.pooling.proposals import SEPARATOR
from analysis.provision.remedies import REMEDIES
from geo.errors import PlanningError, StudyError
from geo.language import Message, joined, say, translate
from geo.ledgers.dates import read_date
from geo.ledgers.numbers import shown as as_shown
from ui.data.showing import nothing, show_lines, show_table
from ui.kept import Shown
from ui.map.known import known_places
from ui.map.layers import Goal
from ui.map.with_card import show_care_map
from ui.page import Opened
from ui.saving import Said, Seen, attempt, show_cannot_keep, show_said, show_taking_back
from ui.seen import plain
from ui.words import headed, number

PART: Final = "pools"  # what `show_said` calls it
TABLE_PX: Final = 300
ROW_PX: Final = 34


def show_pools(page: Opened) -> None:
    """Show the proposals beside the map, what confirms one, and those confirmed before."""
    shown = page.shown
    cannot = show_cannot_keep(page.choice.study)
    proposals = shown.evaluation.detail.pools
    with st.container(key="care-headline-pools"):
        st.text(str(_summary(len(proposals))))
    left, right = st.columns([11, 9], gap="small")
    with left:
        at = _choose(shown, proposals)
        if at is not None:
            _show_proposal(page, proposals.iloc[at], off=cannot)
        show_said(PART)  # under the button whose press it answers
        _show_kept(page, off=cannot)
    with right:
        chosen = None if at is None else proposals.iloc[at]
        show_care_map(
            shown, page="-provision", colouring="verdict", off=("bands", "bubbles"),
            marked=None if chosen is None else _marked(chosen),
            goal=None if chosen is None else _goal(shown.evaluation, chosen),
        )


def _summary(count: int) -> Message:
    if not count:
        return say("没有可建议的统筹：附近没有富余的设施，也没有能同时补齐几个小区的备选点。")
    return say(
        "{n} 组统筹建议，只是建议，不改变结论；选一组看是哪些小区，有文件确认后再保存。", n=count
    )


def _choose(shown: Shown, proposals: pd.DataFrame) -> int | None:
    """Show the proposals as a table; return which is chosen."""
    if proposals.empty:
        return None
    key = f"pool list {shown.key} {len(proposals)}"
    answer: Any = st.dataframe(
        proposal_words(shown.evaluation, proposals), hide_index=True, row_height=ROW_PX, key=key,
        height=min(TABLE_PX, (len(proposals) + 1) * ROW_PX + 3), on_select="rerun",
        selection_mode="single-row", placeholder="",
    )  # fmt: skip
    rows = answer["selection"]["rows"]
    return rows[0] if rows and rows[0] < len(proposals) else None


def proposal_words(evaluation: Evaluation, proposals: pd.DataFrame) -> pd.DataFrame:
    """Return the proposals as they are read, estates and rooms by their names."""
    estates, rooms = (_names(evaluation, layer) for layer in ("residential", "facilities"))
    sites = _names(evaluation, "candidates")
    where = [
        _named(facility, rooms) if facility else _named(site, sites)
        for facility, site in zip(proposals["facilities"], proposals["candidate_id"], strict=True)
    ]
    return pd.DataFrame(
        {
            translate("建议"): proposals["proposal_id"],
            translate("补齐缺口㎡"): proposals["deficit_cured_m2"].astype(float).round(1),
            translate("步行分钟"): proposals["longest_walk_min"].astype(float).round(1),
            headed(translate("小区")): [_named(each, estates) for each in proposals["estates"]],
            translate("设施或备选点"): where,
            translate("补齐小区"): proposals["members_cured"],
            translate("富余㎡"): proposals["surplus_m2"].astype(float).round(1),
            translate("做法"): [str(REMEDIES[code]) for code in proposals["remedy"]],
        }
    )


def _names(evaluation: Evaluation, layer: str) -> Mapping[str, str]:
    frame = evaluation.study.layer(layer)
    if frame is None:
        return {}
    names, ids = words(frame, "name"), words(frame, "id")
    return dict(zip(ids, names.where(names.notna(), ids), strict=True))


def _named(ids: str, names: Mapping[str, str]) -> str:
    called = (names.get(each, each) for each in str(ids).split(SEPARATOR) if each)
    return plain(joined("、", *called))


def _marked(proposal: "pd.Series[Any]") -> dict[str, list[str]]:
    return {
        "estates": str(proposal["estates"]).split(SEPARATOR),
        "facilities": [each for each in str(proposal["facilities"]).split(SEPARATOR) if each],
    }


def _goal(evaluation: Evaluation, proposal: "pd.Series[Any]") -> Goal | None:
    """Return the extent of a proposal's estates and facilities, so that the map shows them all."""
    marked = _marked(proposal)
    known = known_places(evaluation.study)
    here = known[
        known["id"].isin(marked["estates"]) & known["layer"].eq("estates")
        | known["id"].isin(marked["facilities"]) & known["layer"].eq("facilities")
    ]  # fmt: skip
    if here.empty:
        return None
    west, south = float(here["west"].min()), float(here["south"].min())
    return Goal("", "", (west, south, float(here["east"].max()), float(here["north"].max())))


def _show_proposal(page: Opened, proposal: "pd.Series[Any]", *, off: bool) -> None:
    """Show why a pool is proposed, and what has to be told to keep it."""
    id_ = str(proposal["proposal_id"])
    with st.container(key="care-pool", border=True):
        st.text(_told(page.shown.evaluation, proposal))
        if not proposal["facilities"]:
            nothing(say("备选点还没有建成，不能确认统筹；建成后作为设施写进台账再来确认。"))
            return
        if page.choice.scenario != page.choice.baseline.scenario:
            nothing(say("现在看的是情景；请在侧栏换回“现状”再确认统筹。"))
            return
        asked = ("name", "document", "date")
        keys = {name: f"pool {name} {id_} {page.shown.key}" for name in asked}
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(translate("统筹组名称"), key=keys["name"], width=170, max_chars=60)
            st.text_input(
                translate("确认的文件"), key=keys["document"], width=230, max_chars=120,
                placeholder=translate("文号或会议纪要"),
            )
            st.text_input(
                translate("确认日期"), key=keys["date"], width=130,
                placeholder=translate("如 2025-12-31"),
                help=translate("晚于评价日期的统筹先保存，到那一天才计入。"),
            )
            st.button(
                translate("确认统筹"), type="primary", disabled=off, key=f"keep pool {id_}",
                on_click=attempt,
                args=(PART, partial(_keep, page.choice.study, proposal, keys),
                      Seen.now(pools_file(page.choice.study))),
            )  # fmt: skip


def _told(evaluation: Evaluation, proposal: "pd.Series[Any]") -> str:
    """Return why a pool is proposed, with names in the place of ids."""
    row = proposal_words(evaluation, proposal.to_frame().T)
    where, estates = row[translate("设施或备选点")].iloc[0], row[headed(translate("小区"))].iloc[0]
    return str(
        say(
            "{where}富余 {surplus} ㎡，步行 {minutes} 分钟以内，"
            "可补齐 {estates} 的缺口 {cured} ㎡；确认统筹以后，结论才会改变。",
            where=where, estates=estates,
            surplus=number(float(proposal["surplus_m2"])),
            minutes=number(float(proposal["longest_walk_min"]), digits=1),
            cured=number(float(proposal["deficit_cured_m2"]), digits=1),
        )
    )  # fmt: skip


def _keep(study: Path, proposal: "pd.Series[Any]", keys: Mapping[str, str]) -> Said:
    told = {name: str(st.session_state.get(key) or "").strip() for name, key in keys.items()}
    marked = _marked(proposal)
    pool = Pool(
        name=told["name"], document=told["document"], date=_day(told["date"]),
        estates=tuple(marked["estates"]), facilities=tuple(marked["facilities"]),
    )  # fmt: skip
    before = read_pools(study)
    keep_pool(study, pool)
    done = say("统筹组“{name}”已确认，记在 {file}；各页已按它重新测算。",
               name=plain(pool.name), file=pools_file(study).name)  # fmt: skip
    return Said((done,), undo=lambda: put_pools_back(study, before))


def _day(text: str) -> dt.date:
    """Return a day as it was typed. Errors: StudyError."""
    read = read_date(text) if text else None
    if read is None or read.value is None:
        raise StudyError(
            say("确认日期“{text}”不是日期，没有保存。请写成 2025-12-31 的样子。",
                text=as_shown(text))
        )  # fmt: skip
    return read.value


def _show_kept(page: Opened, *, off: bool) -> None:
    """Show the pools that count: those of the study file, and those kept beside it."""
    study = page.choice.study
    try:
        kept = read_pools(study)
    except PlanningError as refusal:
        show_lines(refusal.messages, key="pools", bad=True)
        return
    every = page.shown.evaluation.study.description.pools
    if not every:
        return
    with st.expander(str(say("已确认的统筹组（{n} 组）", n=len(every))), expanded=True):
        show_table(_kept_words(page.shown.evaluation, every, study))
        if kept:
            show_taking_back(
                PART, [plain(pool.name) for pool in kept], partial(_dropping, study, kept),
                pools_file(study), which=translate("撤销哪一组"), off=off,
            )  # fmt: skip


def _kept_words(evaluation: Evaluation, pools: tuple[Pool, ...], study: Path) -> pd.DataFrame:
    estates, rooms = (_names(evaluation, layer) for layer in ("residential", "facilities"))
    return pd.DataFrame(
        {
            translate("统筹组"): [pool.name for pool in pools],
            headed(translate("小区")): [_named(SEPARATOR.join(p.estates), estates) for p in pools],
            headed(translate("设施")): [_named(SEPARATOR.join(p.facilities), rooms) for p in pools],
            translate("确认的文件"): [pool.document for pool in pools],
            translate("确认日期"): ["" if p.date is None else p.date.isoformat() for p in pools],
            translate("记在"): [getattr(pool, "file", "") or study.name for pool in pools],
        }
    )


def _dropping(study: Path, kept: tuple[Pool, ...], at: int) -> Callable[[], Said]:
    def keep() -> Said:
        before = read_pools(study)
        drop_pool(study, kept[at])
        done = say("已撤销统筹组“{name}”。", name=plain(kept[at].name))
        return Said((done,), undo=lambda: put_pools_back(study, before))

    return keep
