"""Scenarios kept beside a study, one a file: NAME.scenario-1.toml and so on.

Each is what `evaluate --scenario` reads. Files bear numbers, not titles: nothing a user writes
becomes a path.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from analysis.kept_beside import beside, write_beside, writing
from analysis.scenario import Scenario
from analysis.scenario_text import read_scenario, scenario_text
from geo.errors import PlanningError
from geo.language import Message

_NUMBER: Final = re.compile(r"\.scenario-([1-9][0-9]{0,3})\.toml")


@dataclass(frozen=True)
class KeptScenario:
    """A scenario beside a study, by the number its file bears."""

    number: int
    file: Path
    scenario: Scenario

    @property
    def title(self) -> str:
        """Return what it is called: its title, else its file."""
        return self.scenario.title or self.file.name


def scenario_file(study: Path, number: int) -> Path:
    """Return where a scenario of a study is kept."""
    return beside(study, f"scenario-{number}")


def kept_scenarios(study: Path) -> tuple[list[KeptScenario], tuple[Message, ...]]:
    """Return the scenarios kept beside a study by number, and why others cannot be read."""
    kept: list[KeptScenario] = []
    refused: list[Message] = []
    for number in kept_numbers(study):
        file = scenario_file(study, number)
        try:
            kept.append(KeptScenario(number, file, read_scenario(file)))
        except PlanningError as error:
            refused += error.messages
    return kept, tuple(refused)


def kept_numbers(study: Path) -> Sequence[int]:
    """Return the numbers that scenarios beside a study bear, in order."""
    start = beside(study, "scenario-1").name.removesuffix(".scenario-1.toml")
    try:
        names = [file.name for file in study.resolve().parent.iterdir()]
    except OSError:
        return ()
    fits = (
        _NUMBER.fullmatch(name.removeprefix(start)) for name in names if name.startswith(start)
    )
    return sorted(int(found[1]) for found in fits if found)


def keep_scenario(study: Path, scenario: Scenario, *, number: int | None = None) -> int:
    """Write a scenario beside a study and return its number; without one, the first that is free.

    Errors: StudyError where it cannot be written; the file is then as it was.
    """
    if number is None:
        return keep_new(study, lambda _number: scenario)[0]
    file = scenario_file(study, number)
    with writing(file):
        write_beside(file, scenario_text(scenario))
    return number


def keep_new(study: Path, named: Callable[[int], Scenario]) -> tuple[int, Scenario]:
    """Keep a scenario under the first number that nobody has taken by the time it is written.

    named
        Gives the scenario of a number, so that none is called by a number that another took.

    Return the number and the scenario. Errors: StudyError as for `keep_scenario`.
    """
    taken = set(kept_numbers(study))
    free = (number for number in count(1) if number not in taken)
    while True:
        number = next(free)
        file = scenario_file(study, number)
        with writing(file):
            if not file.exists():  # another began one since the numbers were looked at
                scenario = named(number)
                write_beside(file, scenario_text(scenario))
                return number, scenario


def drop_scenario(study: Path, number: int) -> None:
    """Take a scenario away from beside a study. Errors: StudyError."""
    file = scenario_file(study, number)
    with writing(file):
        write_beside(file, "")
