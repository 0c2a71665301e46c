"""A study in which scenarios are tried: its live what-if, and the map of things as they stand."""
# ruff: noqa: TID251 - this is the browser face

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import streamlit as st

from analysis.scenario import Scenario
from analysis.study import Progress
from analysis.what_if.by_place import ByPlace
from analysis.what_if.live import Changed, Live
from ui.kept import STUDIES_MAX, Shown, Slot, evaluated, live_of
from ui.map.layer_store import store
from ui.map.scenario_layer import draw_change
from ui.sidebar import Choice
from ui.studies import fingerprint

OUTCOMES_MAX = 32


@dataclass(eq=False)
class Trying:
    """Scenarios tried in a study as it stands; shared by sessions, one at a time.

    base
        The evaluation of things as they stand, and its map.
    """

    study: Path
    base: Shown
    live: Live
    key: str
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _outcomes: dict[Scenario, tuple[Changed, bytes]] = field(default_factory=dict)

    @cached_property
    def by_place(self) -> ByPlace:
        """Return the places of the study."""
        return ByPlace.of(self.base.evaluation, self.live.elders)

    @property
    def categories(self) -> tuple[str, ...]:
        """Return the categories of facilities that count for the circle."""
        return tuple(self.base.evaluation.study.description.walking.categories)

    def changed(self, scenario: Scenario) -> Changed:
        """Return who is covered before and under a scenario. Errors: ScenarioError."""
        with self._lock:
            if scenario not in self._outcomes:
                if len(self._outcomes) >= OUTCOMES_MAX:
                    del self._outcomes[next(iter(self._outcomes))]
                outcome = self.live.outcome(scenario)
                document = draw_change(self.live, self.by_place, outcome)
                self._outcomes[scenario] = Changed(self.live.baseline, outcome), document
            return self._outcomes[scenario][0]

    def tokens(self, changed: Changed) -> Mapping[str, str]:
        """Return the tokens of the map: things as they stand, and what the scenario changes."""
        with self._lock:
            document = self._outcomes[changed.after.scenario][1]
        return {**self.base.tokens(), "scenario": store.keep(document)}


def trying_of(choice: Choice, *, progress: Progress) -> Trying:
    """Return the study in which scenarios are tried, made once per content and walking.

    Errors: PlanningError where the study is refused.
    """
    base = evaluated(choice.baseline, progress=progress)
    slot = _slot(str(choice.study), fingerprint(choice.study), tuple(choice.walking.items()))
    trying: Trying = slot.get(
        lambda tell: Trying(choice.study, base, live_of(choice, progress=tell), base.key),
        progress=progress,
    )
    return trying


@st.cache_resource(show_spinner=False, max_entries=STUDIES_MAX)
def _slot(
    path: str, content: str, walking: tuple[tuple[str, float], ...]  # noqa: ARG001
) -> Slot:
    return Slot()
