"""What `carecircle bench` measures: rows side by side, or growth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.growth import measure_growth, print_growth
from bench.page import write_growth, write_results
from bench.race import Tell
from bench.run import results, run_bench
from bench.table import print_rows


@dataclass(frozen=True)
class Report:
    """What was measured: as plain values, and shown to people."""

    content: dict[str, Any]
    show: Callable[[], None]


def side_by_side(*, size: str, only: Sequence[str], page: Path | None, tell: Tell) -> Report:
    """Return the rows asked for; a page gets them between its marks."""
    rows = run_bench(size=size, only=only, tell=tell)
    if page is not None:
        write_results(rows, page, size=size)
    return Report(results(rows, size=size), lambda: print_rows(rows))


def growing(*, page: Path | None, tell: Tell) -> Report:
    """Return how time and memory grow; a page gets the table and the picture."""
    growth = measure_growth(tell=tell)
    if page is not None:
        write_growth(growth, page)
    return Report(growth.as_json(), lambda: print_growth(growth))
