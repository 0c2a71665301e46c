"""Answers to questions about sites, searched for once: whoever asks the same gets what is kept."""
# ruff: noqa: TID251 - this is the browser face

from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Final

import pandas as pd
import streamlit as st

from analysis.scenario import Scenario
from analysis.scenario_text import scenario_text
from analysis.siting.as_scenario import as_scenario
from analysis.siting.asked import Asked
from analysis.siting.choosing import Proposal, choose_sites, held_against
from analysis.siting.reasons import Reasoning, Reasons, WhyNot
from analysis.siting.years.phased import Phased, phase
from analysis.siting.years.phasing import Means
from analysis.study import Progress
from analysis.what_if.live import Changed
from analysis.what_if.reliance import Reliance
from geo.language import Message, say
from report.siting_files import write_sites
from ui.kept import Slot, evaluated
from ui.progress import silent
from ui.sidebar import Choice
from ui.siting.trying import trying_of
from ui.studies import fingerprint

ANSWERS_MAX: Final = 8
# A search that nobody waits for any longer does not keep the next one waiting.
_SEARCHERS: Final = ThreadPoolExecutor(2)
_EVALUATING, _SEARCHING = 0.3, 0.95  # parts of the whole


@dataclass(frozen=True)
class Question:
    """What is asked of which study under which scenario, and how it may be built over years."""

    choice: Choice
    asked: Asked
    means: Means | None

    @property
    def key(self) -> tuple[str, ...]:
        """Return everything that the answer depends on besides the study's files."""
        means = self.means
        years = "" if means is None else str(
            (means.years.tolist(), means.budgets.tolist(), means.sites_per_year, means.carry_over)
        )
        walking = str(tuple(self.choice.walking.items()))
        return walking, scenario_text(self.choice.scenario), repr(self.asked), years


@dataclass(frozen=True, eq=False)
class Answer:
    """The sites found, why these, why not others, and what they make of the streets.

    areas
        The study first, then its streets, before and after.
    """

    proposal: Proposal
    phased: Phased | None
    reasons: Reasons
    why_not: WhyNot
    scenario: Scenario
    areas: pd.DataFrame
    relying: Reliance

    def write(self, folder: Path) -> None:
        """Write the files that the terminal writes."""
        write_sites(
            self.proposal, folder, scenario=self.scenario, relying=self.relying,
            areas=self.areas, phased=self.phased,
        )  # fmt: skip


@dataclass
class Sought(Slot):
    """A question that is searched for by a thread of its own, so that nobody need wait for it.

    search
        The search under way or done; None before anybody asked.
    began
        When it began, in seconds of the monotonic clock.
    """

    beginning: Lock = field(default_factory=Lock)
    search: "Future[Answer] | None" = None
    began: float = 0.0

    @property
    def seconds(self) -> float:
        """Return how long ago the search began."""
        return monotonic() - self.began

    def is_done(self, *, within_s: float) -> bool:
        """Return whether the search is done, waiting for it a while."""
        return self.search is not None and bool(wait([self.search], timeout=within_s).done)

    def answer(self) -> Answer:
        """Return the answer of a search that is done. Errors: PlanningError where refused."""
        assert self.search is not None  # noqa: S101 - whoever asks has begun it
        return self.search.result()


def sought(question: Question) -> Sought:
    """Return the search for an answer, begun where nobody has begun it yet."""
    slot = _slot_of(question)
    with slot.beginning:
        if slot.search is None:
            _begin(question, slot)
    return slot


def seek_again(question: Question) -> None:
    """Search anew where a search was refused: what stood in its way may have been mended."""
    slot = _slot_of(question)
    with slot.beginning:
        if slot.search is None or (slot.search.done() and slot.search.exception() is not None):
            _begin(question, slot)


def _begin(question: Question, slot: Sought) -> None:
    def search() -> Answer:
        answer: Answer = slot.get(lambda tell: _search(question, tell), progress=silent)
        return answer

    slot.began = monotonic()
    # The language spoken goes along.
    slot.search = _SEARCHERS.submit(copy_context().run, search)


def _slot_of(question: Question) -> Sought:
    study = question.choice.study
    return _slot(str(study), fingerprint(study), question.key)


@st.cache_resource(show_spinner=False, max_entries=ANSWERS_MAX)
def _slot(path: str, content: str, question: tuple[str, ...]) -> Sought:  # noqa: ARG001
    return Sought()


def _search(question: Question, tell: Progress) -> Answer:
    def evaluating(what: Message, part: float) -> None:
        tell(what, _EVALUATING * part)

    def searching(what: Message, part: float) -> None:
        tell(what, _EVALUATING + (_SEARCHING - _EVALUATING) * part)

    evaluation = evaluated(question.choice, progress=evaluating).evaluation
    # Of the question, not of the page: that may walk otherwise by now.
    trying = trying_of(question.choice, progress=evaluating)
    proposal = choose_sites(evaluation, question.asked, progress=searching)
    tell(say("说明理由"), _SEARCHING)
    scenario = as_scenario(proposal, {})
    before, after = (trying.changed(each).after for each in (question.choice.scenario, scenario))
    areas = Changed(before, after).table
    proposal = held_against(proposal, areas)
    phased = None
    if question.means is not None and len(proposal.chosen):
        phased = phase(proposal, question.means)
    reasoning = Reasoning(proposal)
    return Answer(
        proposal, phased, reasoning.reasons(), reasoning.why_not(), scenario, areas,
        trying.reliance(question.choice.scenario),
    )  # fmt: skip
