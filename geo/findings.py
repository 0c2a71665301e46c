"""Findings: what was noticed in the input, where, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from geo.language import Message, joined, say
from geo.schema import layer_word

Severity = Literal["error", "warning", "info"]

COLUMNS = ("severity", "layer", "file", "row", "column", "value", "message", "remedy")


@dataclass(frozen=True)
class Finding:
    """One thing noticed in the input.

    row
        As the file shows it (the header is row 1); None where no single row is meant.
    column, value
        As the file spells them; empty where none is meant.
    """

    severity: Severity
    layer: str
    message: Message
    remedy: Message | None = None
    file: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""

    def line(self) -> Message:
        """Return the finding as one line: file, row, column, value, what, what to do."""
        where: list[Message | str] = [self.file or layer_word(self.layer)]
        if self.row is not None:
            where.append(say("第 {row} 行", row=self.row))
        if self.column:
            where.append(say("“{column}”列", column=self.column))
        if self.value:
            where.append(f"“{self.value}”")
        what = self.message if self.remedy is None else joined(" ", self.message, self.remedy)
        return say("{where}：{what}", where=joined(" ", *where), what=what)


def as_table(findings: Iterable[Finding]) -> pd.DataFrame:
    """Return findings as a table, one a row, in the language now spoken; `row` is nullable."""
    rows = [
        (
            f.severity, f.layer, f.file, f.row, f.column, f.value, str(f.message),
            "" if f.remedy is None else str(f.remedy),
        )
        for f in findings
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"row": "Int64"})


def errors_in(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that are errors, in order."""
    return [finding for finding in findings if finding.severity == "error"]
