"""Evaluations kept between runs and sessions, keyed on everything they depend on.

A slot is found by its key through Streamlit's cache and filled once, under its lock: two sessions
asking the same question wait for one answer, and progress is shown to the one that computes.
"""
# ruff: noqa: TID251 - this is the browser face

import gc
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from analysis.evaluation import Evaluation, evaluate
from analysis.scenario import Scenario, apply
from analysis.scenario_text import scenario_text
from analysis.study import Progress, Study, load_study
from analysis.what_if.live import Live
from geo.errors import PlanningError, StudyError
from geo.language import Message, say
from report.data.data_report import DataReport, report_on_study, report_on_study_file
from report.map_extent import bounds_of_life
from ui.map.layer_store import Later, store
from ui.map.scene import draw_evaluation, draw_study
from ui.sidebar import Choice
from ui.studies import fingerprint

STUDIES_MAX, EVALUATIONS_MAX, MADE_MAX = 3, 12, 12
WAIT_S = 0.2


@dataclass
class Slot:
    """A place for one result; empty until somebody has computed it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    content: Any = None
    step: tuple[Message, float] = (say("正在测算…"), 0.0)

    def get(self, compute: Callable[[Progress], Any], *, progress: Progress) -> Any:  # noqa: ANN401
        """Return what is kept, computing it first when the slot is empty.

        Whoever finds another session computing is told that one's progress meanwhile.
        """
        while not self.lock.acquire(timeout=WAIT_S):
            progress(*self.step)
        try:
            if self.content is None:
                self.content = compute(lambda what, part: self._tell(what, part, progress))
                gc.collect()  # here, where it is small beside the rest, and not after every click
        finally:
            self.lock.release()
        return self.content

    def _tell(self, what: Message, part: float, progress: Progress) -> None:
        self.step = (what, part)
        progress(what, part)


@dataclass(frozen=True)
class Shown:
    """An evaluation and the tokens of its map layers."""

    evaluation: Evaluation
    documents: Mapping[str, bytes | Later]
    bounds: tuple[float, float, float, float]
    key: str

    def tokens(self) -> dict[str, str]:
        """Return the token of each layer; one that was dropped meanwhile is kept anew."""
        return {name: store.keep(document) for name, document in self.documents.items()}


@st.cache_resource(show_spinner=False, max_entries=STUDIES_MAX)
def _study_slot(path: str, content: str) -> Slot:  # noqa: ARG001 - the arguments are the key
    return Slot()


@st.cache_resource(show_spinner=False, max_entries=EVALUATIONS_MAX)
def _evaluation_slot(
    path: str, content: str, walking: tuple[tuple[str, float], ...], scenario: str  # noqa: ARG001
) -> Slot:
    return Slot()


@st.cache_resource(show_spinner=False, max_entries=STUDIES_MAX)
def _live_slot(
    path: str, content: str, walking: tuple[tuple[str, float], ...]  # noqa: ARG001
) -> Slot:
    return Slot()


@st.cache_resource(show_spinner=False, max_entries=MADE_MAX)
def _made_slot(path: str, content: str, what: str) -> Slot:  # noqa: ARG001
    return Slot()


@dataclass(frozen=True)
class Read:
    """A study as it was read, and its map layers that no walk changes."""

    study: Study
    documents: Mapping[str, bytes | Later]
    key: str


def read_study(path: Path, *, progress: Progress) -> Read:
    """Return a study, read once per content. Errors: PlanningError where it is refused."""
    content = fingerprint(path)
    study, still = _study_slot(str(path), content).get(
        lambda tell: _load(path, content, tell), progress=progress
    )
    return Read(study, still, content[:16])


def made_once(path: Path, what: str, make: Callable[[Progress], Any], *, progress: Progress) -> Any:  # noqa: ANN401
    """Return something made of a study's files, once per content; `what` tells it from others."""
    return _made_slot(str(path), fingerprint(path), what).get(make, progress=progress)


def report_on(path: Path, *, progress: Progress) -> DataReport:
    """Return the report on the data of a study; of one that is refused, file by file.

    Errors: StudyError for the study file itself.
    """

    def make(tell: Progress) -> DataReport:
        try:
            return report_on_study(read_study(path, progress=tell).study)
        except PlanningError:
            return report_on_study_file(path, tell=tell)

    report: DataReport = made_once(path, "report", make, progress=progress)
    return report


def is_kept(choice: Choice) -> bool:
    """Return whether the answer is there already, so that no progress need be shown."""
    return _slot_of(choice, fingerprint(choice.study)).content is not None


def evaluated(choice: Choice, *, progress: Progress) -> Shown:
    """Return the evaluation of a choice, computed once per study content, walking and scenario.

    Errors: PlanningError where the study or the scenario is refused.
    """
    content = fingerprint(choice.study)
    slot = _slot_of(choice, content)
    shown: Shown = slot.get(lambda tell: _compute(choice, content, tell), progress=progress)
    return shown


def _slot_of(choice: Choice, content: str) -> Slot:
    walking = tuple(choice.walking.items())
    return _evaluation_slot(
        str(choice.study), content, walking, scenario_text(choice.scenario)
    )


def live_of(choice: Choice, *, progress: Progress) -> Live:
    """Return the live what-if that starts from things as they stand, made once per walking.

    Sessions share it: ask `outcome` of a scenario and never change its state.
    """
    content = fingerprint(choice.study)
    base = evaluated(choice.baseline, progress=progress).evaluation
    slot = _live_slot(str(choice.study), content, tuple(choice.walking.items()))
    live: Live = slot.get(lambda _tell: Live(base), progress=progress)
    return live


def _compute(choice: Choice, content: str, progress: Progress) -> Shown:
    study, still = _study_slot(str(choice.study), content).get(
        lambda tell: _load(choice.study, content, tell), progress=progress
    )
    asked = study.with_walking(**choice.walking)
    if choice.scenario != Scenario():
        asked = apply(choice.scenario, asked)
    # The page opens first; the outlines are drawn when the map asks for them.
    evaluation = evaluate(asked, progress=progress, draw="when asked")
    return Shown(
        evaluation,
        documents={**still, **draw_evaluation(evaluation)},
        bounds=bounds_of_life(evaluation),
        key=content[:16],
    )


def _load(
    path: Path, content: str, progress: Progress
) -> tuple[Study, Mapping[str, bytes]]:
    """Return a study and its layers. Errors: PlanningError, also where it is no longer `content`.

    What is read while somebody writes would be kept as what the files were before.
    """
    study = load_study(path, progress=progress)
    if fingerprint(path) != content:
        raise StudyError(
            say("{file}：读取时有文件正好被改动，没有测算。请再试一次。", file=path.name)
        )
    return study, draw_study(study)
