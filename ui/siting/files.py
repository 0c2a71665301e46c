"""The scenario at hand as a whole: named, begun anew, copied, deleted, downloaded, uploaded."""
# ruff: noqa: TID251 - this is the browser face

import re
from pathlib import Path
from typing import Final

import streamlit as st

from analysis.scenario import Scenario
from analysis.scenario_text import scenario_text, told_scenario
from geo.errors import PlanningError, ScenarioError
from geo.language import say, translate
from report.data.sheets import file_name
from ui.data.showing import upload_box
from ui.scenarios.at_hand import AtHand, begin, drop
from ui.siting.changing import attempt_change, refuse
from ui.siting.edits import OPENED_MAX, retitled
from ui.siting.redraw import after_edit
from ui.siting.trying import Trying

BYTES_MAX: Final = 256 * 1024
UPLOADS: Final = "uploads of scenarios"  # an uploaded file is taken once


def show_files(trying: Trying, hand: AtHand) -> None:
    """Show the title and the buttons; what they did is said above the map."""
    scenario, nothing = hand.scenario, hand.is_baseline or hand.is_unread
    with st.container(horizontal=True, vertical_alignment="bottom", key="care-scenario-tools"):
        _show_title(trying, hand)
        st.button(translate("新建空情景"), key="new scenario", on_click=_begin,
                  args=(trying, Scenario()))  # fmt: skip
        st.button(
            translate("复制为新情景"), key="copy scenario", disabled=nothing,
            on_click=_begin, args=(trying, _copy(scenario)),
        )
        st.button(
            translate("删除情景"), key="drop scenario",
            disabled=hand.number is None or hand.is_unread,
            on_click=_drop, args=(hand,), help=translate("删除后可以马上撤销"),
        )
        st.download_button(
            translate("下载情景（TOML）"), scenario_text(scenario).encode(),
            f"{file_name(scenario.title)}.scenario.toml",
            mime="application/toml", disabled=nothing, on_click="ignore",
            help=translate("终端 evaluate --scenario 也读这个文件"), key="download scenario",
        )
        _show_upload(trying, hand)


def _show_title(trying: Trying, hand: AtHand) -> None:
    key = f"title of {hand.number} {hand.scenario.title}"

    def rename() -> None:
        title = str(st.session_state[key])
        attempt_change(trying, hand, lambda: retitled(hand.scenario, title))
        after_edit()

    st.text_input(
        translate("情景名称"), value=hand.scenario.title, key=key, on_change=rename, width=240,
        max_chars=60, disabled=hand.is_baseline or hand.is_unread,
        placeholder=translate("现状（还没有改动）"),
    )


def _begin(trying: Trying, scenario: Scenario) -> None:
    begin(trying.study, scenario)
    after_edit()


def _drop(hand: AtHand) -> None:
    drop(hand)
    after_edit()


def _copy(scenario: Scenario) -> Scenario:
    title = str(say("{title} 副本", title=scenario.title))
    return scenario.model_copy(update={"title": title})


def _show_upload(trying: Trying, hand: AtHand) -> None:
    key = f"scenario file {st.session_state.get(UPLOADS, 0)}"

    def take() -> None:
        given = st.session_state.get(key)
        if given is None:
            return
        st.session_state[UPLOADS] = st.session_state.get(UPLOADS, 0) + 1
        try:
            scenario = scenario_of(given.name, given.getvalue())
            trying.changed(scenario)
            begin(hand.study, scenario)
        except PlanningError as refusal:
            refuse(refusal.messages)
        after_edit()

    with st.popover(translate("上传情景")), upload_box("scenario"):
        st.file_uploader(
            translate("情景文件（TOML，不超过256 KB）"), type=["toml"], key=key, on_change=take,
        )


def scenario_of(name: str, content: bytes) -> Scenario:
    """Return the scenario of an uploaded file. Errors: ScenarioError, in words."""
    called = re.split(r"[/\\]", name)[-1][:80] or "scenario.toml"
    if len(content) > BYTES_MAX:
        raise ScenarioError(say("{file} 超过 256 KB，不像情景文件。没有读入。", file=called))
    scenario = told_scenario(content, Path(called))
    if len(scenario.open) > OPENED_MAX:
        raise ScenarioError(say("一个情景最多新增 {most} 处。", most=OPENED_MAX))
    return Scenario.model_validate(scenario.model_dump(by_alias=True))  # not of that file
