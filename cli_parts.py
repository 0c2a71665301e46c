"""What the commands of the terminal share: reading their arguments, refusing, telling progress.

Libraries are loaded where they are needed, so that help and refusals come at once.
"""
# ruff: noqa: PLC0415 - see above

import datetime as dt
import math
import os
import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from geo.errors import PlanningError
from geo.language import Message, say, speak
from geo.reasons import unusable

CLOSED_PIPE: Final = 141  # as a shell counts a program that a closed pipe has ended


def _language(value: str) -> str:
    if value not in ("zh", "en"):
        raise typer.BadParameter(value)
    speak(value)
    return value


AsJson = Annotated[bool, typer.Option("--json", help="在标准输出给出 JSON")]
Lang = Annotated[str, typer.Option("--lang", help="zh | en", callback=_language)]


def parts_of(text: str) -> list[str]:
    """Return the parts of an option, parted by commas of either width or by 、; none is empty."""
    return [part.strip() for part in re.split("[,，、]", text) if part.strip()]


def read_study(
    path: Path,
    scenario: Path | None,
    speed: float | None,
    limit: float | None,
    categories: str | None,
    *,
    tell: Any,  # noqa: ANN401 - analysis.study.Progress
) -> Any:  # noqa: ANN401 - a Study; its type would load the libraries
    """Return the study of a file, under a scenario and other walking options where given."""
    from analysis.scenario import apply
    from analysis.scenario_text import read_scenario
    from analysis.study import load_study

    changes = walked_otherwise(speed, limit, categories)
    planned = None if scenario is None else read_scenario(scenario)
    study = load_study(path, progress=tell)
    if planned is not None:
        study = apply(planned, study)
    return study.with_walking(**changes) if changes else study


def walked_otherwise(
    speed: float | None, limit: float | None, categories: str | None = None
) -> dict[str, object]:
    """Return what is walked otherwise than a study says, by its key.

    Errors: PlanningError naming the option: the study file is not what is to be mended.
    """
    from analysis.description import Walking, checked
    from analysis.wanted import wanted

    options = {"speed_m_per_s": "--speed", "limit_min": "--limit", "categories": "--categories"}
    values = (speed, limit, None if categories is None else tuple(parts_of(categories)))
    asked = zip(options, values, strict=True)
    given: dict[str, object] = {key: value for key, value in asked if value is not None}

    def told(problem: Mapping[str, Any]) -> Message:
        return say(
            "{option} 的值“{value}”不合要求（{reason}）。",
            option=options[problem["loc"][0]], value=_as_given(problem["input"]),
            reason=wanted(problem),
        )  # fmt: skip

    with checked(Path(), error=PlanningError, rather=told):
        Walking.model_validate(given)
    return given


def _as_given(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def owed_conditions(
    households: int,
    path: Path | None,
    position: list[float] | None,
    asked: tuple[str | None, str | None],
    *,
    tell: Any,  # noqa: ANN401 - analysis.study.Progress
) -> tuple[Any, Any]:
    """Return what a parcel owes, and its neighbours where a study and a position are given."""
    from analysis.evaluation import evaluate as evaluate_study
    from analysis.pooling.parcel import pooled_parcel, require_position
    from analysis.provision.conditions import planning_conditions
    from analysis.rulebook import Rulebook

    day = None if asked[1] is None else _day(asked[1])
    packs = None if asked[0] is None else parts_of(asked[0])
    if path is None or position is None:
        rulebook = Rulebook.load(packs or ["chifeng"], folder=Path.cwd())
        return planning_conditions(households, rulebook, day or _today()), None
    require_position(*position)
    read = read_study(path, None, None, None, None, tell=part_of(tell, 0.0, 0.5))
    description = read.description
    if packs is not None or day is not None:
        changes = {"rules": tuple(packs or description.rules), "on": day or description.on}
        read = replace(read, description=description.model_copy(update=changes))
    rulebook = Rulebook.load(read.description.rules, folder=path.parent)
    owed = planning_conditions(households, rulebook, read.on, settings=description.provision)
    evaluation = evaluate_study(read, progress=part_of(tell, 0.5, 1.0), draw="when asked")
    return owed, pooled_parcel(owed, evaluation, *position)


def _today() -> dt.date:
    return dt.datetime.now(tz=dt.UTC).astimezone().date()


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise PlanningError(
            say("--on “{text}”不是日期。请写成 2025-12-31 的样子。", text=text)
        ) from None


def numbers_of(text: str, option: str, *, exactly: int | None = None) -> list[float]:
    """Return the numbers of an option, parted by commas. Errors: typer.BadParameter."""
    try:
        numbers = [float(part) for part in re.split("[,，、]", text)]
    except ValueError:
        numbers = []
    numbers = [number for number in numbers if math.isfinite(number)]
    if not numbers or (exactly is not None and len(numbers) != exactly):
        raise typer.BadParameter(text, param_hint=option)
    return numbers


@contextmanager
def refusals() -> Iterator[None]:
    """Print a refusal as one line each on stderr, and leave with 1."""
    try:
        yield
    except PlanningError as error:
        console = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
        for message in error.messages:
            console.print(" ".join(str(message).split("\n")))
        raise typer.Exit(1) from None
    except BrokenPipeError:
        end_quietly()
    except OSError as error:
        told = str(unusable(error))[:400]
        Console(stderr=True, soft_wrap=True).print(told, markup=False)
        raise typer.Exit(1) from None


def end_quietly() -> None:
    """End without a word: who read the output, such as `head`, has closed it."""
    # What is still to be written would fail once more on the way out.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(CLOSED_PIPE)


@contextmanager
def progress_bar() -> Iterator[Any]:
    """Show a bar on stderr for as long as the block runs."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    shown = console.is_terminal  # a log or a pipe gets figures and refusals, no bar
    with Progress(*columns, console=console, transient=True, disable=not shown) as bar:
        task = bar.add_task("", total=1.0)

        def tell(what: Message, part: float) -> None:
            bar.update(task, description=str(what), completed=part)

        yield tell


@contextmanager
def told_by_line() -> Iterator[Any]:
    """Tell of each step in a line of its own on stderr: what takes minutes is worth a log."""
    console = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
    began = time.monotonic()
    yield lambda what: console.print(f"{time.monotonic() - began:6.1f} s  {what}")


def part_of(tell: Any, begin: float, end: float) -> Any:  # noqa: ANN401
    """Return a teller whose whole is a part of another's."""
    return lambda what, part: tell(what, begin + (end - begin) * part)


def write_file(
    path: Path,
    write: Any,  # noqa: ANN401 - a function of a path
    *,
    reads: Iterable[Path],
    ours: bool = False,
) -> None:
    """Write one file whole or not at all, over nothing but what an earlier run wrote there.

    reads
        The files that the command reads.
    ours
        That a file which is there may be written over was settled before.

    Errors: PlanningError.
    """
    from report.replacing import refuse_input, refuse_strange
    from report.tables import all_or_none

    folder = path.parent.resolve()
    refuse_input(folder / path.name, reads)
    with all_or_none(folder) as draft:
        write(draft / path.name)
        if not ours:
            refuse_strange(folder / path.name, draft / path.name)


def files_read(study: Path, *more: Path | None) -> list[Path]:
    """Return the files that a command reads: those of a study, and others where given."""
    from analysis.files_of_study import files_of_study

    return [*files_of_study(study), *(path for path in more if path is not None)]
