"""A live what-if over one evaluation: every change tells at once who is covered then, and undoes.

What is told is what `evaluate` prints for the study with the scenario applied, in `coverage.csv`
and `summary.json`, of people aged 60+. A state is a `Scenario` and nothing else: figures are a
function of it, so a state tried again, or come back to, has the same ones. Provision, indicators
and outlines are not looked at.

A change of facilities, speed or limit touches no place and takes milliseconds; links, gates and
blocks join streets anew; a change that makes other streets usable, or walks by other rules of
placing, puts every place on streets anew.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, Final, Self

import pandas as pd

from analysis.evaluation import Evaluation
from analysis.scenario import Position, Scenario, apply
from analysis.study import Study
from analysis.what_if.changes import (
    opened_ids,
    with_block,
    with_closed,
    with_gate,
    with_linked,
    with_moved,
    with_opened,
    with_walking,
)
from analysis.what_if.elders import Elders, share_change
from analysis.what_if.standing import Reached, Standings
from geo.errors import ScenarioError
from geo.language import say

# What counting and walking ask about facilities and candidates; the rest makes tables slow.
_FACILITIES: Final = ("id", "row", "file", "name", "category", "status", "geometry")
_CANDIDATES: Final = ("id", "row", "file", "name", "geometry")


@dataclass(frozen=True, eq=False)
class Outcome:
    """Who is covered under a scenario.

    areas
        `level, area_id, name, elderly_60plus, covered_60plus, share_60plus`: the study, then the
        streets, as coverage.csv has them.
    summary
        `scope, elderly_60plus, covered_60plus, share_60plus`, as summary.json has them: without
        rural places.
    reached
        What stands behind: which points are within the limit of which facility.
    """

    scenario: Scenario
    areas: pd.DataFrame
    summary: dict[str, Any]
    reached: Reached


@dataclass(frozen=True, eq=False)
class Changed:
    """Two outcomes, one before and one after a change."""

    before: Outcome
    after: Outcome

    @property
    def holds_rural(self) -> bool:
        """Return whether the areas hold rural people, whom the headline leaves out."""
        whole = self.after.areas["elderly_60plus"].iloc[0]
        return bool(pd.notna(whole) and whole != self.after.summary["elderly_60plus"])

    @property
    def table(self) -> pd.DataFrame:
        """Return the areas after the change, with `covered_before`, `share_before`, `…_change`.

        A difference of shares is that of the people, and empty where there is nobody.
        """
        before, after = self.before.areas, self.after.areas
        more = after["covered_60plus"] - before["covered_60plus"]
        return after.assign(
            covered_before=before["covered_60plus"],
            share_before=before["share_60plus"],
            covered_change=more,
            share_change=share_change(more, after["elderly_60plus"]),
        )


class Live:
    """A study in the state that the changes made so far have brought it to.

    evaluation
        What the changes start from; it may itself be one of a scenario.
    levels
        Of the areas that are told besides the study.

    `baseline` is the outcome without changes, `now` with those made so far. Every change returns
    the outcomes before and after it, and raises ScenarioError, changing nothing, where the
    scenario would be refused.
    """

    def __init__(self, evaluation: Evaluation, *, levels: tuple[str, ...] = ("street",)) -> None:
        located = evaluation.located
        self._study = _lean(evaluation.study)
        self._last_study = Scenario(), apply(Scenario(), self._study)
        self.elders = Elders.of(evaluation, levels=levels)
        self.standings = Standings(
            self._study, evaluation.reach.placed, located.homes[located.estate < 0]
        )
        self.baseline = self.outcome(Scenario())
        self._past = [self.baseline]

    @property
    def now(self) -> Outcome:
        """Return the outcome of the changes made so far."""
        return self._past[-1]

    @property
    def scenario(self) -> Scenario:
        """Return the changes made so far: a value to be saved, applied and evaluated in full."""
        return self.now.scenario

    @property
    def so_far(self) -> Changed:
        """Return the baseline and the present outcome."""
        return Changed(self.baseline, self.now)

    @property
    def opened(self) -> tuple[str, ...]:
        """Return the ids that `apply` gives the facilities opened so far."""
        return self.opened_in(self.scenario)

    @property
    def study(self) -> Study:
        """Return the study as it would be, with what walks to facilities ask and no more."""
        return self.study_of(self.scenario)

    def study_of(self, scenario: Scenario) -> Study:
        """Return the same under any scenario. Errors: ScenarioError."""
        asked, study = self._last_study
        if asked != scenario:  # a click asks twice: for who is covered, and for what is drawn
            study = apply(scenario, self._study)
            self._last_study = scenario, study
        return study

    def opened_in(self, scenario: Scenario) -> tuple[str, ...]:
        """Return the ids that `apply` gives the facilities a scenario opens."""
        facilities = self._study.layers.get("facilities")
        return opened_ids(scenario, () if facilities is None else set(facilities["id"]))

    def at(self, scenario: Scenario) -> Self:
        """Return another what-if in the state of a scenario; this one's state stays.

        What is known of streets is shared. Errors: ScenarioError.
        """
        other = copy(self)
        other._past = [self.baseline, self.outcome(scenario)]  # noqa: SLF001 - its own kind
        return other

    def outcome(self, scenario: Scenario) -> Outcome:
        """Return who is covered under a scenario; the state stays. Errors: ScenarioError."""
        reached = self.standings.reached(self.study_of(scenario))
        within, elders = reached.within, self.elders
        return Outcome(scenario, elders.areas(within), elders.summary(within), reached)

    def to(self, scenario: Scenario) -> Changed:
        """Make a scenario the state: any changes at once. Errors: ScenarioError."""
        self._past.append(self.outcome(scenario))
        return Changed(*self._past[-2:])

    def undo(self) -> Changed:
        """Take the last change back. Errors: ScenarioError where there is none."""
        if len(self._past) == 1:
            raise ScenarioError(say("没有可以撤销的改动。"))
        undone = self._past.pop()
        return Changed(undone, self.now)

    def open(
        self,
        *,
        lon: float | None = None,
        lat: float | None = None,
        candidate_id: str | None = None,
        **more: Any,  # noqa: ANN401 - name, category, floor_area_m2, beds
    ) -> Changed:
        """Open a facility at a WGS84 position or a candidate's. Errors: ScenarioError.

        Without a category it is of the first that counts.
        """
        told = {"category": self._study.description.walking.categories[0], **more}
        return self.to(
            with_opened(self.scenario, lon=lon, lat=lat, candidate_id=candidate_id, **told)
        )

    def close(self, facility_id: str) -> Changed:
        """Close a facility of the study, or one opened before. Errors: ScenarioError."""
        return self.to(self.without(facility_id))

    def without(self, facility_id: str) -> Scenario:
        """Return the scenario in which a facility would be closed. Errors: ScenarioError."""
        return with_closed(self.scenario, facility_id, opened=self.opened)

    def move(self, facility_id: str, *, lon: float, lat: float) -> Changed:
        """Move a facility of the study, or one opened before. Errors: ScenarioError."""
        return self.to(with_moved(self.scenario, facility_id, lon=lon, lat=lat, opened=self.opened))

    def link(self, start: Position, end: Position) -> Changed:
        """Build a way from one WGS84 position to another. Errors: ScenarioError."""
        return self.to(with_linked(self.scenario, start, end))

    def gate(self, residential_id: str, *, lon: float, lat: float) -> Changed:
        """Open an entrance in an estate. Errors: ScenarioError."""
        return self.to(with_gate(self.scenario, residential_id, lon=lon, lat=lat))

    def block(self, line: Sequence[Position]) -> Changed:
        """Bar every street that a line of WGS84 positions crosses. Errors: ScenarioError."""
        return self.to(with_block(self.scenario, line))

    def walk(self, **changes: object) -> Changed:
        """Walk otherwise: `speed_m_per_s`, `limit_min` and so on. Errors: ScenarioError."""
        return self.to(with_walking(self.scenario, **changes))


def _lean(study: Study) -> Study:
    """Return the study with what walks of facilities ask, and no more."""
    layers = dict(study.layers)
    for name, wanted in {"facilities": _FACILITIES, "candidates": _CANDIDATES}.items():
        if name in layers:
            frame = layers[name]
            layers[name] = frame[[column for column in wanted if column in frame.columns]]
    return replace(study, layers=layers)
