"""A study in which scenarios are tried: its live what-if, and the map of things as they stand."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pandas as pd
import streamlit as st

from analysis.scenario import Scenario
from analysis.scenario_text import scenario_text
from analysis.study import Progress
from analysis.what_if.best_spots import best_spots
from analysis.what_if.by_place import ByPlace
from analysis.what_if.gain_surface import CELL_M, GainSurface, gain_surface
from analysis.what_if.live import Changed, Live
from analysis.what_if.reliance import Reliance, reliance
from geo.language import Message, speaking, spoken
from ui.kept import STUDIES_MAX, Shown, Slot, evaluated, live_of
from ui.map.gain_layer import draw_gains
from ui.map.layer_store import Later, store
from ui.map.scenario_layer import draw_change
from ui.sidebar import Choice
from ui.siting.without_effect import without_effect
from ui.studies import fingerprint

KEPT_MAX: Final = 32
SPOTS, APART_M = 6, 1000.0


@dataclass(eq=False)
class Worker:
    """One thread that stays, and what it has found of scenarios; the oldest go.

    Streamlit runs every click in a thread of its own, and a new thread sets up the change of
    coordinates anew, which takes longer than all the rest.
    """

    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    _kept: dict[tuple[object, ...], Any] = field(default_factory=dict)

    def once(
        self, what: str, scenario: Scenario, compute: Callable[[], Any]
    ) -> "Future[Any]":
        """Return what is known of a scenario, to be computed first where it is not."""

        def known() -> Any:  # noqa: ANN401
            key = what, scenario
            if key not in self._kept:
                if len(self._kept) >= KEPT_MAX:
                    del self._kept[next(iter(self._kept))]
                self._kept[key] = compute()
            return self._kept[key]

        # The language spoken goes along.
        return self._thread.submit(copy_context().run, known)


@dataclass(eq=False)
class Trying:
    """Scenarios tried in a study as it stands; shared by sessions, one at a time.

    base
        The evaluation of things as they stand, and its map.
    """

    choice: Choice
    base: Shown
    live: Live
    key: str
    # What a click waits for does not wait for what takes seconds, whoever asked for that.
    _quick: Worker = field(default_factory=Worker)
    _long: Worker = field(default_factory=Worker)

    @property
    def study(self) -> Path:
        """Return the file of the study."""
        return self.choice.study

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
        return self._tried(scenario)[0]

    def without_effect(self, before: Scenario, after: Scenario) -> Message | None:
        """Return what to say of a change that moves nobody across the limit, else None."""
        changed = Changed(self.changed(before).after, self.changed(after).after)
        told: Message | None = self._quick.once(
            f"effect upon {scenario_text(before)}", after, lambda: without_effect(changed)
        ).result()
        return told

    def tokens(self, changed: Changed) -> Mapping[str, str]:
        """Return the tokens of the map: things as they stand, and what the scenario changes."""
        document = self._tried(changed.after.scenario)[1]
        return {**self.base.tokens(), "scenario": store.keep(document)}

    def gains(self, scenario: Scenario) -> "Future[tuple[GainSurface, pd.DataFrame]]":
        """Return where one more facility would help most under a scenario: everywhere, and best."""

        def compute() -> tuple[GainSurface, pd.DataFrame]:
            surface = gain_surface(self.live.at(scenario), every_m=CELL_M)
            study = self.base.evaluation.study
            return surface, best_spots(surface, study, count=SPOTS, apart_m=APART_M)

        return self._long.once("gains", scenario, compute)

    def gain_token(self, scenario: Scenario) -> str:
        """Return the token of the map of gains, which is drawn when the browser asks for it."""
        language = spoken()

        def draw() -> bytes:
            surface, spots = self.gains(scenario).result()
            with speaking(language):
                crs = self.base.evaluation.study.crs
                drawn: bytes = self._long.once(
                    f"gains drawn {language}", scenario, lambda: draw_gains(surface, spots, crs)
                ).result()
            return drawn

        # Held here as long as the rest that is known of the scenario.
        later = self._quick.once(f"gains {language}", scenario, lambda: Later(draw))
        return store.keep(later.result())

    def reliance(self, scenario: Scenario) -> Reliance:
        """Return who relies on one facility alone under a scenario."""
        relying: Reliance = self._long.once(
            "reliance", scenario, lambda: reliance(self.live.at(scenario))
        ).result()
        return relying

    def _tried(self, scenario: Scenario) -> tuple[Changed, bytes]:
        def compute() -> tuple[Changed, bytes]:
            outcome = self.live.outcome(scenario)
            document = draw_change(self.live, self.by_place, outcome)
            return Changed(self.live.baseline, outcome), document

        tried: tuple[Changed, bytes] = self._quick.once("outcome", scenario, compute).result()
        return tried


def trying_of(choice: Choice, *, progress: Progress) -> Trying:
    """Return the study in which scenarios are tried, made once per content and walking.

    Errors: PlanningError where the study is refused.
    """
    base = evaluated(choice.baseline, progress=progress)
    slot = _slot(str(choice.study), fingerprint(choice.study), tuple(choice.walking.items()))
    trying: Trying = slot.get(
        lambda tell: Trying(choice.baseline, base, live_of(choice, progress=tell), base.key),
        progress=progress,
    )
    return trying


@st.cache_resource(show_spinner=False, max_entries=STUDIES_MAX)
def _slot(
    path: str, content: str, walking: tuple[tuple[str, float], ...]  # noqa: ARG001
) -> Slot:
    return Slot()
