"""Cells that can be read and can hardly be right: parts above their whole, numbers far too large.

Nothing is dropped or changed for a doubt: it is told, and whoever keeps the ledger is asked.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.findings import Finding
from geo.language import Message, say
from geo.ledgers.numbers import figure, true_at
from geo.schema import Schema

# The first cannot exceed the second.
_PARTS: Final = (
    ("nursing_beds", "beds"),
    ("residents_now", "beds"),
    ("delivered_households", "households"),
    ("elderly_60plus", "population"),
    ("elderly_65plus", "elderly_60plus"),
    ("elderly_80plus", "elderly_65plus"),
)
# Named one by one up to here, then counted.
_NAMED: Final = 50
# Persons a household beyond which one of the two columns is of another unit or another thing.
_FEWEST_PERSONS, _MOST_PERSONS = 0.2, 15.0
# More than one estate has: the largest of the country are built and kept in several. For so many
# homes the rule asks 4,000 m² of rooms, and a street's whole centre has seldom more.
_MOST_OF_ESTATE: Final = {"households": 20_000.0, "care_floor_area_m2": 10_000.0}
# Of as many estates as make a share of 95 % a row: so many times what all but the largest have.
_TIMES, _USUAL, _FEWEST_ROWS = 10.0, 0.95, 20

_ABOVE = say("“{part}” {a} 大于“{whole}” {b}。")
_NO_HOMES = say("写的是 0：没有住户的，按非住宅小区不核查。")
_UNEQUAL = say("“{people}” {a} 与“{households}” {b} 不相称：每户 {each} 人。")
_FAR_ABOVE = say("{value} 远大于其他小区（其余各行的中位数是 {median}），疑似有误。")
_TOO_LARGE = say("{value} 大于 {limit}，一个小区少有这么大，疑似有误。")

TOO_LARGE: Final = frozenset({_FAR_ABOVE.template, _TOO_LARGE.template})
"""What is said of a number that is far too large, by its templates."""

DOUBTS: Final = TOO_LARGE | {_ABOVE.template, _NO_HOMES.template, _UNEQUAL.template}
"""Everything that is said here of a cell, by its templates."""


class Ledger(NamedTuple):
    """The rows of one file, and how it is told of.

    headers
        Canonical column -> header as the file spells it.
    """

    frame: gpd.GeoDataFrame
    schema: Schema
    file: str
    headers: Mapping[str, str]

    def warning(
        self, at: int, column: str, message: Message, remedy: Message, value: str = ""
    ) -> Finding:
        """Return a warning about the cell of a row."""
        return Finding("warning", self.schema.layer, message, remedy, self.file,
                       int(self.frame["row"].iloc[at]), self.headers[column], value)  # fmt: skip

    def figure(self, at: int, column: str) -> str:
        """Return the number in a cell, as people write it."""
        return figure(float(self.frame[column].iloc[at]))


def headers_in_doubt(finding: Finding) -> tuple[str, ...]:
    """Return the headers of the cells that are asked back; none where only the row can tell."""
    message = finding.message
    template, values = message.template, dict(message.values)
    if template in TOO_LARGE:
        return (finding.column,)
    if template == _ABOVE.template:
        return str(values["part"]), str(values["whole"])
    if template == _UNEQUAL.template:
        return str(values["people"]), str(values["households"])
    return ()


def doubtful_cells(ledger: Ledger, *, only: Collection[int] | None = None) -> list[Finding]:
    """Return a warning for each cell that can hardly be right.

    only
        Positions of the rows that are told of; None: all.
    """
    frame, headers = ledger.frame, ledger.headers
    findings: list[Finding] = []
    for part, whole in _PARTS:
        if part in frame and whole in frame:
            findings += _above(ledger, (part, whole), only)
    if ledger.schema.layer != "residential":
        return findings
    if "households" in headers:
        findings += _without_homes(ledger, only)
        if "population" in headers:
            findings += _unequal(ledger, only)
    for column in _MOST_OF_ESTATE:
        if column in headers:
            findings += _too_large(ledger, column, only)
    return findings


def too_large(numbers: "pd.Series[Any]", column: str) -> "pd.Series[bool]":
    """Return which numbers are larger than an estate has, or than its neighbours' by far.

    numbers
        Of the estates of one file; what is unknown is not too large.
    column
        households or care_floor_area_m2.
    """
    wrong: pd.Series[bool] = numbers > _MOST_OF_ESTATE[column]
    sized = numbers[numbers > 0].to_numpy(dtype=float)
    if column == "households" and len(sized) >= _FEWEST_ROWS:
        wrong |= numbers > _TIMES * float(np.quantile(sized, _USUAL, method="lower"))
    return wrong


def named_or_counted(
    rows: Sequence[int], about: Callable[[int], Finding], schema: Schema, file: str
) -> list[Finding]:
    """Return a finding about each of the first rows, and one that counts the others."""
    named = [about(row) for row in rows[:_NAMED]]
    if len(rows) <= _NAMED:
        return named
    message = say("另有 {count} 处与上面同类的问题，不再逐一列出。", count=len(rows) - _NAMED)
    return [*named, Finding("warning", schema.layer, message, file=file)]


def _told(
    ledger: Ledger,
    wrong: "pd.Series[bool]",
    about: Callable[[int], Finding],
    only: Collection[int] | None,
) -> list[Finding]:
    rows = [at for at in true_at(wrong) if only is None or at in only]
    return named_or_counted(rows, about, ledger.schema, ledger.file)


def _above(
    ledger: Ledger, names: tuple[str, str], only: Collection[int] | None
) -> list[Finding]:
    frame, (part, whole) = ledger.frame, names

    def about(at: int) -> Finding:
        values = {"part": ledger.headers[part], "whole": ledger.headers[whole],
                  "a": ledger.figure(at, part), "b": ledger.figure(at, whole)}  # fmt: skip
        return ledger.warning(at, part, replace(_ABOVE, values=values), say("请核对两列。"))

    return _told(ledger, frame[part] > frame[whole], about, only)


def _without_homes(ledger: Ledger, only: Collection[int] | None) -> list[Finding]:
    """Return findings on estates of 0 households, which owe nothing: perhaps it is unknown."""

    def about(at: int) -> Finding:
        remedy = say("请确认；若是不知道，请留空。")
        return ledger.warning(at, "households", _NO_HOMES, remedy, "0")

    return _told(ledger, ledger.frame["households"] == 0, about, only)


def _unequal(ledger: Ledger, only: Collection[int] | None) -> list[Finding]:
    """Return findings on estates with so few or so many persons a household as none has."""
    frame, people, homes = ledger.frame, "population", "households"
    persons = frame[people] / frame[homes].where(frame[homes] > 0)

    def about(at: int) -> Finding:
        values = {"people": ledger.headers[people], "households": ledger.headers[homes],
                  "a": ledger.figure(at, people), "b": ledger.figure(at, homes),
                  "each": f"{persons.iloc[at]:.2g}"}  # fmt: skip
        remedy = say("请核对两列的数和单位。")
        return ledger.warning(at, people, replace(_UNEQUAL, values=values), remedy)

    return _told(ledger, persons.lt(_FEWEST_PERSONS) | persons.gt(_MOST_PERSONS), about, only)


def _too_large(ledger: Ledger, column: str, only: Collection[int] | None) -> list[Finding]:
    """Return findings on numbers larger than an estate has, or than its neighbours' by far."""
    numbers, limit = ledger.frame[column], _MOST_OF_ESTATE[column]
    sized = numbers[numbers > 0].to_numpy(dtype=float)

    def about(at: int) -> Finding:
        value = float(numbers.iloc[at])
        others = np.delete(sized, np.flatnonzero(sized == value)[0])
        median = float(np.median(others)) if len(others) else value
        message = (
            replace(_FAR_ABOVE, values={"value": figure(value), "median": figure(round(median))})
            if value > _TIMES * median
            else replace(_TOO_LARGE, values={"value": figure(value), "limit": figure(limit)})
        )
        return ledger.warning(at, column, message, say("请核对；有误请改正。"), figure(value))

    return _told(ledger, too_large(numbers, column), about, only)
