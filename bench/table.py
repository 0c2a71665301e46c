"""The results as people read them: one table a row of work."""

import math
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bench.result import MANY, Measured, Row, target_words
from geo.language import Message, say, translate

WIDE = 120  # columns where no terminal tells


def print_rows(rows: Sequence[Row]) -> None:
    """Print all rows to standard output."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)
    for row in rows:
        console.print(_table(row))
        if row.check is not None:
            console.print(f"  {escape(str(row.check.how))}", highlight=False)


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Print any table to standard output, its first row the heading."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)
    headings, *lines = rows
    table = Table(*map(escape, headings))
    for line in lines:
        table.add_row(*map(escape, line))
    console.print(table)


def _table(row: Row) -> Table:
    table = Table(title=_title(row), title_justify="left", expand=False)
    headings, *lines = cells(row)
    for number, heading in enumerate(headings):
        aside = number in (0, len(headings) - 1)
        table.add_column(escape(heading), justify="left" if aside else "right")
    for line in lines:
        table.add_row(*map(escape, line))
    return table


def _title(row: Row) -> str:
    title = f"{row.title} · {row.size}"
    wanted = target_line(row)
    return escape(title if wanted is None else f"{title} · {wanted}")


def target_line(row: Row) -> Message | None:
    """Return what is wanted of a row and whether it is met; None where nothing is."""
    if row.target is None:
        return None
    verdict = {True: translate("达到"), False: translate("未达到"), None: translate("未测")}
    return say(
        "目标 {target}：{verdict}", target=target_words(row.target), verdict=verdict[row.met]
    )


def cells(row: Row) -> list[list[str]]:
    """Return the headings and a line for everybody who took part."""
    headings = [
        translate("参与者"), translate("准备"), translate("用时（中位数）"), "p99",
        translate("是本项目的"), translate("内存峰值"), translate("结果比较"),
    ]  # fmt: skip
    return [headings, *(_cells(row, each) for each in row.measured)]


def _cells(row: Row, each: Measured) -> list[str]:
    times = row.times(each)
    ours = each is row.measured[0]
    return [
        str(each.label),
        duration(each.prepare_s),
        duration(each.median_s),
        duration(each.p99_s) if len(each.seconds) >= MANY else "",
        "" if math.isnan(times) or ours else f"{times:,.1f}×",
        "" if math.isnan(each.peak_mb) else f"{each.peak_mb:,.0f} MB",
        _remark(each),
    ]


def _remark(each: Measured) -> str:
    parts = []
    if each.why is not None:
        parts.append(str(each.why))
    if each.share < 1:
        parts.append(str(say("只做 {share:.0%}，按比例推算", share=each.share)))
    if each.agreement is not None:
        known = {True: "✓ ", False: "✗ ", None: ""}[each.agreement.same]
        parts.append(f"{known}{each.agreement.how}")
    return "；".join(parts)


def duration(seconds: float) -> str:
    """Return a time with a unit that suits it; nothing for NaN."""
    if math.isnan(seconds):
        return ""
    if seconds < 1e-3:  # noqa: PLR2004 - a millisecond
        return f"{seconds * 1e6:,.0f} µs"
    if seconds < 1:
        return f"{seconds * 1e3:,.1f} ms"
    return f"{seconds:,.1f} s"
