"""The scenario at hand: what all pages evaluate, and what a gesture on the map changes.

The file beside the study is the truth: a session only remembers which scenario it looks at and how
it was before each change, so a reload or a restart loses nothing but the steps to undo. Where
nothing can be written beside the study, the scenario lasts as long as the session.
"""
# ruff: noqa: TID251 - this is the browser face

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st

from analysis.kept_scenarios import (
    drop_scenario,
    keep_new,
    keep_scenario,
    kept_numbers,
    scenario_file,
)
from analysis.scenario import Scenario
from analysis.scenario_text import read_scenario, scenario_text
from geo.errors import PlanningError, StudyError
from geo.language import Message, say
from ui import address
from ui.saving import Said, Seen, attempt, can_keep

PART: Final = "scenario"  # what `show_said` and the address call it
STEPS_MAX: Final = 100  # that can be taken back
DIGITS_MAX: Final = 4
PAST, UNDONE = "past", "undone"


@dataclass(frozen=True)
class Step:
    """How a scenario was before a change of this session.

    left
        Its file as the change left it: what somebody has written since is not taken back. None
        where nothing is kept.
    """

    before: Scenario
    left: Seen | None


@dataclass(frozen=True)
class AtHand:
    """The scenario that this session looks at.

    number
        Of its file; None where nothing is kept: things as they stand, or a folder that cannot be
        written to.
    seen
        Its file as it was when the page was drawn; None without a file.
    refused
        Why it could not be read; it is the empty scenario then, and is not to be changed: that
        would be written over what the file says.
    """

    study: Path
    number: int | None
    scenario: Scenario
    seen: Seen | None
    refused: tuple[Message, ...] = ()

    @property
    def is_baseline(self) -> bool:
        """Return whether things are looked at as they stand."""
        return self.number is None and self.scenario == Scenario()

    @property
    def is_unread(self) -> bool:
        """Return whether its file cannot be read, so that nothing may be changed."""
        return bool(self.refused)

    @property
    def steps(self) -> list[Step]:
        """Return how the scenario was before each change of this session, the last change last."""
        return _kept_for(self.study, self.number, PAST)

    @property
    def undone(self) -> list[Step]:
        """Return the changes that were taken back and can be made again, the last to come first."""
        return _kept_for(self.study, self.number, UNDONE)

    def why_unread(self) -> tuple[Message, ...]:
        """Return which file cannot be read, why, and what to do; nothing where it can be."""
        if not self.is_unread or self.seen is None:
            return ()
        return (
            say("情景文件 {file} 读不出来，看到的是现状；改正之前不能在这里改动它，"
                "以免盖掉里面的内容。请按下面的说明改正这个文件，再刷新本页；也可以另选或新建一个情景。",
                file=self.seen.file.name),
            *self.refused,
        )  # fmt: skip


def at_hand(study: Path) -> AtHand:
    """Return the scenario that this session looks at in a study, as its file says it now."""
    number = _chosen_number(study)
    address.tell(PART, "" if number is None else str(number))
    if number is None:
        loose: Scenario = st.session_state.get(f"loose scenario of {study}", Scenario())
        return AtHand(study, None, loose, None)
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
    if not can_keep(study):
        look_at(study, None)
        st.session_state[f"loose scenario of {study}"] = _titled(scenario, 1)
        return

    def keep() -> Said:
        _, named = _begin(study, scenario)
        return Said((say("已存为新情景“{title}”。", title=named.title),))

    attempt(PART, keep, None)


def change(hand: AtHand, to: Scenario) -> None:
    """Make the scenario another one, keep it, and remember how it was.

    What was refused, or changed by another window meanwhile, is said where `show_said` stands.
    """
    if to == hand.scenario or _is_unread(hand):
        return
    if not can_keep(hand.study):
        look_at(hand.study, None)
        _step(replace(hand, number=None), None)
        st.session_state[f"loose scenario of {hand.study}"] = to
        return

    def keep() -> Said:
        if hand.number is None:
            number, named = _begin(hand.study, to)
            # What was begun by one gesture goes back to nothing but a title.
            begun = replace(hand, number=number, scenario=Scenario(title=named.title))
            _step(begun, _as_kept(hand.study, number, named))
        else:
            named = _titled(to, hand.number)
            keep_scenario(hand.study, named, number=hand.number)
            _step(hand, _as_kept(hand.study, hand.number, named))
        return Said(())

    attempt(PART, keep, hand.seen)


def undo(hand: AtHand) -> None:
    """Take the last change of this session back; nothing where there is none."""
    _go(hand, hand.steps, hand.undone)


def redo(hand: AtHand) -> None:
    """Make the change again that was taken back last; nothing where there is none."""
    _go(hand, hand.undone, hand.steps)


def _go(hand: AtHand, there: list[Step], back: list[Step]) -> None:
    """Make the scenario the last of some, and the way back one to it.

    Refused, and said, where the file is not as our own last step left it.
    """
    if not there or _is_unread(hand):
        return
    to = there[-1]
    if hand.number is None:
        back.append(Step(hand.scenario, None))
        st.session_state[f"loose scenario of {hand.study}"] = there.pop().before
        return
    number = hand.number

    def keep() -> Said:
        if hand.seen is not None and to.left != hand.seen:
            raise StudyError(
                say("{file} 在本窗口上一步之后又被别的窗口或别人改过；这一步没有做，"
                    "以免丢掉那些改动。",
                    file=hand.seen.file.name)
            )  # fmt: skip
        keep_scenario(hand.study, to.before, number=number)
        back.append(Step(hand.scenario, _as_kept(hand.study, number, to.before)))
        there.pop()
        return Said(())

    attempt(PART, keep, hand.seen)


def _begin(study: Path, scenario: Scenario) -> tuple[int, Scenario]:
    """Keep a scenario as a new one, look at it, and return its number and itself with a title."""
    number, named = keep_new(study, partial(_titled, scenario))
    _forget_steps(study, number)  # of another scenario that bore the number before
    look_at(study, number)
    return number, named


def _as_kept(study: Path, number: int, scenario: Scenario) -> Seen:
    return Seen.as_written(scenario_file(study, number), scenario_text(scenario))


def _is_unread(hand: AtHand) -> bool:
    """Return whether the scenario could not be read, which is then said."""
    if hand.is_unread:
        st.session_state[f"said of {PART}"] = Said(hand.why_unread(), bad=True)
    return hand.is_unread


def _step(hand: AtHand, left: Seen | None) -> None:
    """Remember how the scenario was; what was taken back before is no longer ahead."""
    steps = hand.steps
    steps.append(Step(hand.scenario, left))
    del steps[:-STEPS_MAX]
    hand.undone.clear()


def _kept_for(study: Path, number: int | None, which: str) -> list[Step]:
    kept: dict[int | None, list[Step]] = st.session_state.setdefault(f"{which} of {study}", {})
    return kept.setdefault(number, [])


def _forget_steps(study: Path, number: int) -> None:
    for which in (PAST, UNDONE):
        _kept_for(study, number, which).clear()


def drop(hand: AtHand) -> None:
    """Take the scenario away and look at things as they stand; one press brings it back."""
    if hand.number is None or hand.seen is None or _is_unread(hand):
        return
    number, title = hand.number, hand.scenario.title or hand.seen.file.name

    def bring_back() -> None:
        keep_scenario(hand.study, hand.scenario, number=number)
        _forget_steps(hand.study, number)
        look_at(hand.study, number)

    def keep() -> Said:
        drop_scenario(hand.study, number)
        _forget_steps(hand.study, number)
        look_at(hand.study, None)
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


def _titled(scenario: Scenario, number: int) -> Scenario:
    """Return a scenario with a title, made up of its number where it has none."""
    if scenario.title:
        return scenario
    return scenario.model_copy(update={"title": str(say("方案{number}", number=number))})
