"""Totals of a ledger held against the sums of the rows that were read: so a lost row is found."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.findings import Finding
from geo.language import Message, say
from geo.ledgers.beside_data import GROUPS, amounts_of, cell_of
from geo.ledgers.header_rows import Header
from geo.ledgers.numbers import figure, is_missing, read_number, shown
from geo.schema import Column, Schema

Grid = Sequence[Sequence[Any]]
Floats = NDArray[np.float64]
# Positions among the rows of data.
Some = NDArray[np.intp]

_SUM = re.compile("合计|小计|总计|共计|累计|汇总|总和|total|sum", re.IGNORECASE)
_TAIL = re.compile(r"(的|各项|数据)?(合计|小计|总计|共计|累计|汇总|总和)数?[:：]?.*")
# A total is tried against what stands between it and each of so many totals above it.
_TOTALS_ABOVE = 40
_MOST_DECIMALS = 6


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
    def groups(self) -> dict[str, Some]:
        """The rows of each street and community; a merged or blank cell says as above."""
        found: dict[str, list[int]] = {}
        for column in map(self.header.matching.columns.get, GROUPS):
            group = ""
            for at, position in enumerate(self.kept if column is not None else ()):
                cell = cell_of(self.grid[position], column or 0)
                group = group if is_missing(cell) else shown(cell).strip()
                found.setdefault(group, []).append(at)
        return {name: np.array(rows, dtype=np.intp) for name, rows in found.items() if name}


def about_totals(given: Summed) -> list[Finding]:
    """Return a finding for each amount of a total that is not the sum of the rows it stands for.

    Which rows these are nobody says: those back to the header or to a total above, those below it
    as far as the next total, all rows, or those of the street that it names. Where none of them
    fits, it is held against those that come nearest.
    """
    amounts = amounts_of(given.header, given.schema)
    if not given.totals or not amounts or not given.kept:
        return []
    figures = _figures(given.grid, given.kept, amounts)
    findings = []
    for position, word in sorted(given.totals.items()):
        told = _figures(given.grid, [position], amounts)[0]
        best: tuple[tuple[int, float], Some] | None = None
        for rows in _meant(given, position, word):
            wrong, distance = _apart(told, figures[rows])
            worth = (int(wrong.sum()), distance)
            if best is None or worth < best[0]:
                best = worth, rows
            if not worth[0]:
                break
        if best is not None and best[0][0]:
            findings += _told(given, position, best[1], told, figures[best[1]])
    return findings


def _figures(
    grid: Grid, positions: Sequence[int], amounts: Sequence[tuple[int, Column]]
) -> Floats:
    """Return the amounts of rows, one a line; NaN where unknown."""
    found = np.full((len(positions), len(amounts)), np.nan)
    for line, position in enumerate(positions):
        for at, (column, kind) in enumerate(amounts):
            cell = cell_of(grid[position], column)
            if not is_missing(cell):
                found[line, at] = _figure(cell, kind)
    return found


def _figure(cell: object, column: Column) -> float:
    if isinstance(cell, str) and cell.strip() in column.none:
        return 0.0
    value = read_number(cell, unit=column.unit).value
    return np.nan if value is None else value


def _meant(given: Summed, position: int, word: str) -> Iterator[Some]:
    """Yield the sets of rows that a total may stand for, the likeliest first."""
    here, count = int(np.searchsorted(given.rows, position)), len(given.rows)
    before = given.parts[:np.searchsorted(given.parts, here)][-_TOTALS_ABOVE:]
    above = sorted({0, *before.tolist()})
    if "小计" in word or "subtotal" in word.casefold():
        above.reverse()
    yield from (np.arange(start, here) for start in above if start < here)
    yield from _named(given, word)
    later = given.parts[np.searchsorted(given.parts, here, side="right"):]
    following = int(later[0]) if len(later) else count
    for start, end in dict.fromkeys(((here, following), (here, count), (0, count))):
        if start < end:
            yield np.arange(start, end)


def _named(given: Summed, word: str) -> Iterator[Some]:
    """Yield the rows of the street or community that a total names: 东城小计."""
    name = _TAIL.sub("", word)
    if name:
        yield from (rows for group, rows in given.groups.items() if group in name or name in group)


def _apart(told: Floats, rows: Floats) -> tuple[NDArray[np.bool_], float]:
    """Return which amounts of a total are not the sums of rows, and how far off they are."""
    sums = np.nansum(rows, axis=0)
    stated = ~np.isnan(told)
    gaps = np.where(stated, np.abs(np.where(stated, told, 0) - sums), 0)
    wrong = gaps > np.array([_tolerance(t, r) for t, r in zip(told, rows.T, strict=True)])
    distance = gaps / np.maximum(np.maximum(np.abs(sums), np.nan_to_num(np.abs(told))), 1)
    return wrong & stated, float(distance.sum())


def _tolerance(total: float, rows: Floats) -> float:
    """Return how far a total may be from a sum by rounding alone; whole figures sum exactly.

    Errors of rounding are as often up as down: of n of them the sum is beyond the root of n last
    places once in two thousand times.
    """
    known = rows[~np.isnan(rows)]
    if np.isnan(total) or not len(known):
        return 1e-9
    of_total, of_rows = _decimals(np.array([total])), _decimals(known)
    allowed = 1e-9 * max(1.0, abs(total))
    if of_total < of_rows:
        allowed += 0.5 * 10.0 ** -of_total
    elif of_total > 0:
        allowed += len(known) ** 0.5 * 10.0 ** -of_rows
    return float(allowed)


def _decimals(values: Floats) -> int:
    """Return how many decimals figures are written with."""
    for decimals in range(_MOST_DECIMALS):
        if np.allclose(values, np.round(values, decimals), rtol=1e-12, atol=1e-9):
            return decimals
    return _MOST_DECIMALS


def _told(
    given: Summed, position: int, rows: Some, told: Floats, figures: Floats
) -> list[Finding]:
    wrong, _ = _apart(told, figures)
    remedy = say("请核对是否漏了行、多了行，或有数写错。")
    first, last = given.kept[rows[0]] + 1, given.kept[rows[-1]] + 1
    findings = []
    for at, (column, _) in enumerate(amounts_of(given.header, given.schema)):
        if not wrong[at]:
            continue
        total, whole = float(told[at]), float(np.nansum(figures[:, at]))
        message = _message(
            given.sheet, int(np.isnan(figures[:, at]).sum()), word=given.totals[position],
            total=figure(total), sum=figure(round(whole, _MOST_DECIMALS)), first=first, last=last,
            count=len(rows), gap=figure(round(total - whole, _MOST_DECIMALS)),
        )
        findings.append(
            Finding("warning", given.schema.layer, message, remedy, given.file, position + 1,
                    given.header.texts[column], shown(cell_of(given.grid[position], column)))
        )
    return findings


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
