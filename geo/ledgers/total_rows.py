"""Totals of a ledger held against the sums of the rows that were read: so a lost row is found."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from geo.findings import Finding
from geo.language import Message, say
from geo.ledgers.amounts import Amount, Floats, amounts_of, cell_of, figures_of, sums_of
from geo.ledgers.beside_data import GROUPS
from geo.ledgers.header_rows import Header
from geo.ledgers.numbers import figure, is_missing, shown
from geo.ledgers.sums import MOST_DECIMALS, Apart, Parts, Some, Sums
from geo.schema import Schema

Grid = Sequence[Sequence[Any]]

_SUM = re.compile("合计|小计|总计|共计|累计|汇总|总和|total|sum", re.IGNORECASE)
_TAIL = re.compile(r"(的|各项|数据)?(合计|小计|总计|共计|累计|汇总|总和)数?[:：]?.*")
# A total is tried against what stands between it and each of so many totals above it.
_TOTALS_ABOVE = 40
_TOLD = 200
_HELD_AGAINST = 250_000


def is_total(word: str) -> bool:
    """Tell whether the word of a row set aside says that it holds sums; 平均 and 其中 do not."""
    return _SUM.search(word) is not None


@dataclass(frozen=True)
class Summed:
    """The data of a sheet, its totals, and where it stands.

    kept
        Positions of the rows of data in the grid, rising.
    totals
        Position of each row of sums -> its word.
    sheet
        Its name where the workbook has several; else empty.
    """

    grid: Grid
    kept: Sequence[int]
    totals: Mapping[int, str]
    header: Header
    schema: Schema
    file: str
    sheet: str = ""

    @cached_property
    def rows(self) -> Some:
        """The rows of data as an array."""
        return np.asarray(self.kept, dtype=np.intp)

    @cached_property
    def parts(self) -> Some:
        """How many rows of data stand above each total, from the top down."""
        return np.searchsorted(self.rows, sorted(self.totals))

    @cached_property
    def groups(self) -> dict[str, list[Some]]:
        """The rows of each street and community; a merged or blank cell says as above.

        A street and a community of one name are two sets of rows, unless they hold the same.
        """
        found: dict[str, list[tuple[int, ...]]] = {}
        for column in map(self.header.matching.columns.get, GROUPS):
            for name, rows in ({} if column is None else self._in_column(column)).items():
                sets = found.setdefault(name, [])
                sets += [rows] if rows not in sets else []
        return {
            name: [np.array(rows, dtype=np.intp) for rows in sets] for name, sets in found.items()
        }

    def _in_column(self, column: int) -> dict[str, tuple[int, ...]]:
        group = ""
        found: dict[str, list[int]] = {}
        for at, position in enumerate(self.kept):
            cell = cell_of(self.grid[position], column)
            group = group if is_missing(cell) else shown(cell).strip()
            found.setdefault(group, []).append(at)
        return {name: tuple(rows) for name, rows in found.items() if name}

    def named(self, name: str) -> list[Some]:
        """Return the rows of the street or community that a total names: 东城小计."""
        if not name:
            return []
        exact = self.groups.get(name, [])
        # With thousands of streets and of totals all names cannot be held against each other.
        if len(self.groups) * len(self.totals) > _HELD_AGAINST:
            return exact
        alike = [rows for group, sets in self.groups.items()
                 if group != name and (group in name or name in group) for rows in sets]
        return [*exact, *alike[:_TOTALS_ABOVE]]


def about_totals(given: Summed) -> list[Finding]:
    """Return a finding for each amount of a total that is not the sum of the rows it stands for.

    Which rows these are nobody says: those back to the header or to a total above, those below it
    as far as the next total, all rows, or those of the street that it names. Where none of them
    fits, it is held against those that come nearest. Of many that do not fit the first are told,
    the others counted.
    """
    amounts = amounts_of(given.header, given.schema)
    if not given.totals or not amounts or not given.kept:
        return []
    scales = np.array([amount.scale for amount in amounts])
    sums = Sums(figures_of(given.grid, given.kept, amounts), scales)
    order = sorted(given.totals)
    findings: list[Finding] = []
    apart: list[int] = []
    for position, told in zip(order, sums_of(given.grid, order, amounts), strict=True):
        nearest = _nearest(given, sums, position, told)
        if nearest is None:
            continue
        apart.append(position)
        if len(apart) <= _TOLD:
            findings += _told(given, position, amounts, told, nearest)
    return [*findings, *_counted(given, apart[_TOLD:])]


def _counted(given: Summed, apart: Sequence[int]) -> list[Finding]:
    """Return one finding about all the totals beyond those told; none where there are none."""
    if not apart:
        return []
    message = say("从这一行起另有 {count} 行合计与各行之和不符，没有逐一列出。", count=len(apart))
    return [Finding("warning", given.schema.layer, message, _remedy(), given.file, apart[0] + 1)]


def _nearest(given: Summed, sums: Sums, position: int, told: Floats) -> Apart | None:
    """Return how a total is apart from the rows that come nearest; None where some fit."""
    best: Apart | None = None
    for parts in _meant(given, sums, position, given.totals[position]):
        nearest = parts.nearest(told)
        if nearest is not None and not nearest.wrong.any():
            return None
        if nearest is not None and (best is None or nearest.worth < best.worth):
            best = nearest
    return best


def _meant(given: Summed, sums: Sums, position: int, word: str) -> Iterator[Parts]:
    """Yield the sets of rows that a total may stand for, the likeliest first."""
    here, count = int(np.searchsorted(given.rows, position)), len(given.rows)
    before = given.parts[:np.searchsorted(given.parts, here)][-_TOTALS_ABOVE:]
    above = sorted({0, *before.tolist()})
    if "小计" in word or "subtotal" in word.casefold():
        above.reverse()
    yield sums.between([(start, here) for start in above if start < here])
    yield sums.among(given.named(_TAIL.sub("", word)))
    later = given.parts[np.searchsorted(given.parts, here, side="right"):]
    following = int(later[0]) if len(later) else count
    ends = dict.fromkeys(((here, following), (here, count), (0, count)))
    yield sums.between([(start, end) for start, end in ends if start < end])


def _told(
    given: Summed, position: int, amounts: Sequence[Amount], told: Floats, apart: Apart
) -> list[Finding]:
    rows, findings = apart.rows, []
    for at in map(int, np.flatnonzero(apart.wrong)):
        total, whole, column = float(told[at]), float(apart.sums[at]), amounts[at].at
        message = _message(
            given.sheet, int(len(rows) - apart.known[at]), word=given.totals[position],
            total=figure(total), sum=figure(round(whole, MOST_DECIMALS)),
            first=given.kept[rows[0]] + 1, last=given.kept[rows[-1]] + 1,
            count=len(rows), gap=figure(round(total - whole, MOST_DECIMALS)),
        )
        findings.append(
            Finding("warning", given.schema.layer, message, _remedy(), given.file, position + 1,
                    given.header.texts[column], shown(cell_of(given.grid[position], column)))
        )
    return findings


def _remedy() -> Message:
    return say("请核对是否漏了行、多了行，或有数写错。")


def _message(sheet: str, unknown: int, **values: object) -> Message:
    where: Message | str = say("工作表“{sheet}”的", sheet=sheet) if sheet else ""
    if values["count"] == 1:
        rows = say("{where}第 {first} 行", where=where, first=values["first"])
    else:
        rows = say("{where}第 {first} 至 {last} 行（共 {count} 行）之和", where=where, **values)
    if unknown:
        return say(
            "“{word}”行是 {total}，{rows}是 {sum}，相差 {gap}；其中 {unknown} 行没有可读的数。",
            rows=rows, unknown=unknown, **values,
        )
    return say("“{word}”行是 {total}，{rows}是 {sum}，相差 {gap}。", rows=rows, **values)
