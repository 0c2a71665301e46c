"""The scenario at hand: what all pages evaluate, and what a gesture on the map changes.

The file beside the study is the truth: a session only remembers which scenario it looks at and how
it was before each change, so a reload or a restart loses nothing but the steps to undo. Where
nothing can be written beside the study, the scenario lasts as long as the session.
"""
# ruff: noqa: TID251 - this is the browser face

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import streamlit as st

from analysis.kept_scenarios import drop_scenario, keep_scenario, kept_numbers, scenario_file
from analysis.scenario import Scenario
from analysis.scenario_text import read_scenario
from geo.errors import PlanningError
from geo.language import Message, say
from ui import address
from ui.saving import Said, Seen, attempt, can_keep

PART: Final = "scenario"  # what `show_said` and the address call it
STEPS_MAX: Final = 100  # that can be taken back
DIGITS_MAX: Final = 4


@dataclass(frozen=True)
class AtHand:
    """The scenario that this session looks at.

    number
        Of its file; None where nothing is kept: things as they stand, or a folder that cannot be
        written to.
    seen
        Its file as it was when the page was drawn.
    refused
        Why it could not be read; it is the empty scenario then.
    """

    study: Path
    number: int | None
    scenario: Scenario
    seen: Seen
    refused: tuple[Message, ...] = ()

    @property
    def is_baseline(self) -> bool:
        """Return whether things are looked at as they stand."""
        return self.number is None and self.scenario == Scenario()

    @property
    def steps(self) -> list[Scenario]:
        """Return how the scenario was before each change of this session, the last change last."""
        return _kept_for(self, "past")

    @property
    def undone(self) -> list[Scenario]:
        """Return the changes that were taken back and can be made again, the last to come first."""
        return _kept_for(self, "undone")


def at_hand(study: Path) -> AtHand:
    """Return the scenario that this session looks at in a study, as its file says it now."""
    number = _chosen_number(study)
    address.tell(PART, "" if number is None else str(number))
    if number is None:
        loose: Scenario = st.session_state.get(f"loose scenario of {study}", Scenario())
        return AtHand(study, None, loose, Seen.now(scenario_file(study, _free(study))))
    file = scenario_file(study, number)
    seen = Seen.now(file)
    try:
        return AtHand(study, number, read_scenario(file), seen)
    except PlanningError as error:
        return AtHand(study, number, Scenario(), seen, error.messages)


def look_at(study: Path, number: int | None) -> None:
    """Look at a kept scenario, or at things as they stand."""
    st.session_state[f"scenario of {study}"] = number
    st.session_state.pop(f"loose scenario of {study}", None)
    st.session_state.pop(f"said of {PART}", None)


def begin(study: Path, scenario: Scenario) -> None:
    """Keep a scenario as a new one and look at it; a title that it lacks is made up.

    Errors are said where `show_said` stands.
    """
    named = scenario if scenario.title else _titled(scenario, study)
    if not can_keep(study):
        look_at(study, None)
        st.session_state[f"loose scenario of {study}"] = named
        return

    def keep() -> Said:
        look_at(study, keep_scenario(study, named))
        return Said((say("已存为新情景“{title}”。", title=named.title),))

    attempt(PART, keep, Seen.now(scenario_file(study, _free(study))))


def change(hand: AtHand, to: Scenario) -> None:
    """Make the scenario another one, keep it, and remember how it was.

    What was refused, or changed by another window meanwhile, is said where `show_said` stands.
    """
    if to == hand.scenario:
        return
    if not can_keep(hand.study):
        _step(hand)
        st.session_state[f"loose scenario of {hand.study}"] = to
        return

    def keep() -> Said:
        named = to if to.title else _titled(to, hand.study)
        number = keep_scenario(hand.study, named, number=hand.number)
        if hand.number is not None:
            _step(hand)
            return Said(())
        look_at(hand.study, number)
        # What was begun by one gesture goes back to nothing but a title.
        _step(replace(hand, number=number, scenario=Scenario(title=named.title)))
        return Said(())

    attempt(PART, keep, hand.seen)


def undo(hand: AtHand) -> None:
    """Take the last change of this session back; nothing where there is none."""
    _go(hand, hand.steps, hand.undone)


def redo(hand: AtHand) -> None:
    """Make the change again that was taken back last; nothing where there is none."""
    _go(hand, hand.undone, hand.steps)


def _go(hand: AtHand, there: list[Scenario], back: list[Scenario]) -> None:
    """Make the scenario the last of some, and the way back one to it."""
    if not there:
        return
    if not can_keep(hand.study):
        back.append(hand.scenario)
        st.session_state[f"loose scenario of {hand.study}"] = there.pop()
        return

    def keep() -> Said:
        keep_scenario(hand.study, there[-1], number=hand.number)
        back.append(hand.scenario)
        there.pop()
        return Said(())

    attempt(PART, keep, hand.seen)


def _step(hand: AtHand) -> None:
    """Remember how the scenario was; what was taken back before is no longer ahead."""
    steps = hand.steps
    steps.append(hand.scenario)
    del steps[:-STEPS_MAX]
    hand.undone.clear()


def _kept_for(hand: AtHand, which: str) -> list[Scenario]:
    kept: dict[int | None, list[Scenario]] = st.session_state.setdefault(
        f"{which} of {hand.study}", {}
    )
    return kept.setdefault(hand.number, [])


def drop(hand: AtHand) -> None:
    """Take the scenario away and look at things as they stand; one press brings it back."""
    if hand.number is None:
        return
    number = hand.number

    def bring_back() -> None:
        keep_scenario(hand.study, hand.scenario, number=number)
        look_at(hand.study, number)

    def keep() -> Said:
        drop_scenario(hand.study, number)
        look_at(hand.study, None)
        title = hand.scenario.title or hand.seen.file.name
        return Said((say("已删除情景“{title}”。", title=title),), undo=bring_back)

    attempt(PART, keep, hand.seen)


def _chosen_number(study: Path) -> int | None:
    """Return the number looked at; a reloaded page still has it in its address."""
    key = f"scenario of {study}"
    if key not in st.session_state:
        said = address.told(PART)
        st.session_state[key] = int(said) if said.isdecimal() and len(said) <= DIGITS_MAX else None
    number: int | None = st.session_state[key]
    return number if number in kept_numbers(study) else None


def _free(study: Path) -> int:
    taken = set(kept_numbers(study))
    return next(number for number in range(1, len(taken) + 2) if number not in taken)


def _titled(scenario: Scenario, study: Path) -> Scenario:
    title = str(say("方案{number}", number=_free(study)))
    return scenario.model_copy(update={"title": title})
