"""The sidebar: study, scenario, walking speed and limit."""
# ruff: noqa: TID251 - this is the browser face

from dataclasses import dataclass, field, replace
from pathlib import Path

import streamlit as st

from analysis.scenario import Scenario
from geo.language import Message, say, translate
from ui import address
from ui.chosen import chosen_before, remembered, worded
from ui.scenarios.choosing import choose_scenario
from ui.studies import StudyFile, find_studies

WINTER_FACTOR = 0.8
BEGUN = "study to look at"  # a study begun, or taken back, on a page: the list is to stand on it


@dataclass(frozen=True)
class Choice:
    """What the sidebar asks to be evaluated."""

    study: Path
    speed_m_per_s: float
    limit_min: float
    through_estates: bool
    scenario: Scenario = field(default_factory=Scenario)

    @property
    def baseline(self) -> "Choice":
        """Return the same without the scenario: things as they stand."""
        return replace(self, scenario=Scenario())

    @property
    def walking(self) -> dict[str, float]:
        """Return what is chosen as settings of the walk."""
        return {
            "speed_m_per_s": self.speed_m_per_s,
            "limit_min": self.limit_min,
            "through_estates": self.through_estates,
        }


def choose() -> Choice | None:
    """Show the controls and return what is chosen; None when no study can be found."""
    study = choose_study()
    if study is None:
        return None
    hand = choose_scenario(study.path)
    return Choice(
        study.path, _speed(study), _limit(study), _through_estates(study), hand.scenario
    )


def choose_study() -> StudyFile | None:
    """Show the list of studies and return the one chosen; None when none can be found."""
    studies = find_studies()
    if not studies:
        return None
    by_path = {str(file.path): file for file in studies}
    told = address.told("study")
    named = next((path for path, file in by_path.items() if file.path.name == told), None)
    st.session_state.setdefault("study", named)
    key, paths = worded("study"), list(by_path)
    begun = st.session_state.pop(BEGUN, None)
    if begun is not None:
        st.session_state["study"] = begun
        st.session_state[key] = paths[remembered("study", paths)]
    path = st.selectbox(
        translate("研究区"), paths, format_func=lambda path: by_path[path].title, key=key,
        placeholder=translate("请选择"),
        # What is set outright must not be given by a position as well.
        index=0 if begun is not None else remembered("study", paths),
    )
    st.session_state["study"] = path
    address.tell("study", "" if path == next(iter(by_path)) else by_path[path].path.name)
    return by_path[path]


def _speed(study: StudyFile) -> float:
    presets = _presets(study.speed_m_per_s)
    name = f"speed of {study.path}"
    speed = st.selectbox(
        translate("步行速度"), list(presets), format_func=lambda value: str(presets[value]),
        placeholder=translate("请选择"), key=worded(name), index=remembered(name, list(presets)),
    )
    st.session_state[name] = speed
    winter = st.checkbox(
        translate("冬季 ×0.8（假设）"), value=chosen_before("winter", default=False),
        key="winter switch",
        help=translate("冰雪路面步速按 0.8 折算，属假设，不是规范值。"),
    )
    st.session_state["winter"] = winter
    factor = WINTER_FACTOR if winter else 1.0
    walked = round(speed * factor, 4)
    st.caption(str(say("采用 {speed} 米/秒", speed=f"{walked:g}")))
    return float(walked)


def _presets(own: float) -> dict[float, Message]:
    """Return the speeds to choose from; the study's own comes first."""
    known = {
        0.9: say("0.9 米/秒（默认）"),
        1.0: say("1.0 米/秒 一般老人（假设）"),
        0.75: say("0.75 米/秒 高龄（假设）"),
        0.6: say("0.6 米/秒 助行（假设）"),
    }
    first = known.get(own, say("{speed} 米/秒（本研究设定）", speed=f"{own:g}"))
    return {own: first, **known}


def _limit(study: StudyFile) -> float:
    limits = sorted({5.0, 10.0, 15.0, 20.0, 30.0, study.limit_min})
    name = f"limit of {study.path}"
    limit = st.select_slider(
        translate("时限（分钟）"), limits, value=chosen_before(name, default=study.limit_min),
        format_func=lambda value: f"{value:g}", key=f"{name} slider",
    )
    st.session_state[name] = limit
    return float(limit)


def _through_estates(study: StudyFile) -> bool:
    name = f"estates of {study.path}"
    through = st.checkbox(
        translate("可穿行封闭小区"), key=f"{name} switch",
        value=chosen_before(name, default=study.through_estates),
        help=translate("勾选后，私有道路和封闭小区内的道路也可以穿行；用来对照，不是默认口径。"),
    )
    st.session_state[name] = through
    return through
