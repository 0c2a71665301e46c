"""Columns of a file that hold personal data: left unread or masked, and told."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.findings import Finding
from geo.language import Message, say
from geo.ledgers.headers import Matching
from geo.ledgers.ledger import Table
from geo.ledgers.numbers import Cells
from geo.ledgers.personal import (
    holds_codes,
    masked,
    masked_figure,
    masked_name,
    names_persons,
    personal_cells,
)
from geo.schema import Schema


def personal_columns(
    table: Table, matching: Matching, schema: Schema, file: str
) -> list[Finding]:
    """Return one finding for each column that the layer does not use and that holds personal data.

    Nothing of such a column is read; the finding names its header and a count, no cell.
    """
    used = {*matching.columns.values()}
    findings = []
    for position, header in enumerate(table.headers):
        if position in used:
            continue
        count = int(personal_cells(table.columns[position], header).sum())
        if count:
            message = say(
                "含个人信息（{count} 格），这一列没有读，也不会进入任何结果。", count=count
            )
            findings.append(_told(schema.layer, message, file, header))
    return findings


def without_personal_data(cells: Cells) -> tuple[Cells, list[Finding]]:
    """Return a column of texts with personal data masked, cell by cell, and one finding.

    An identity number in a column of codes becomes unknown: masked, several would be one code.
    """
    personal = personal_cells(cells.values, cells.header)
    if not personal.any():
        return cells, []
    code, person = holds_codes(cells.header), names_persons(cells.header)
    values: NDArray[Any] = np.array(cells.values, dtype=object)
    for at in np.flatnonzero(personal):
        figure = None if isinstance(values[at], str) else masked_figure(float(values[at]))
        text = str(values[at]) if figure is None else figure
        values[at] = None if code else masked_name(text) if person else masked(text)
    message = say("含个人信息（{count} 格），已遮盖后读入。", count=int(personal.sum()))
    finding = _told(cells.layer, message, cells.file, cells.header)
    return Cells(values, cells.rows, cells.header, cells.layer, cells.file), [finding]


def _told(layer: str, message: Message, file: str, header: str) -> Finding:
    remedy = say("请在上交的表中删去个人信息。")
    return Finding("warning", layer, message, remedy, file, column=header)
