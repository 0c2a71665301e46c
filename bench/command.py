"""What `carecircle bench` measures: rows side by side, or growth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.clicks.measure import click_table, measure_clicks
from bench.growth import measure_growth, print_growth
from bench.page import write_clicks, write_growth, write_results
from bench.race import Tell
from bench.run import results, run_bench
from bench.stored import Results, with_measured
from bench.table import print_rows, print_table


@dataclass(frozen=True)
class Report:
    """What was measured: as plain values, put among stored results, and shown to people."""

    content: dict[str, Any]
    among: Callable[[Results], dict[str, Any]]
    show: Callable[[], None]


def side_by_side(*, size: str, only: Sequence[str], page: Path | None, tell: Tell) -> Report:
    """Return the rows asked for; a page gets them between its marks."""
    rows = run_bench(size=size, only=only, tell=tell)
    if page is not None:
        write_results(rows, page, size=size)
    content = results(rows, size=size)
    return Report(
        content, lambda stored: with_measured(stored, content), lambda: print_rows(rows)
    )


def growing(*, page: Path | None, tell: Tell) -> Report:
    """Return how time and memory grow; a page gets the table and the picture."""
    growth = measure_growth(tell=tell)
    if page is not None:
        write_growth(growth, page)
    content = growth.as_json()
    return Report(
        content, lambda stored: {**stored, "growth": content}, lambda: print_growth(growth)
    )


def clicking(*, page: Path | None, tell: Tell) -> Report:
    """Return how long the page makes a visitor wait; a page of documents gets the table."""
    measured = measure_clicks(tell=tell)
    table = click_table(measured)
    if page is not None:
        write_clicks(table, page)
    content = {"clicks": [each.as_json() for each in measured]}
    return Report(content, lambda stored: {**stored, **content}, lambda: print_table(table))
