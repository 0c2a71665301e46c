"""Cells that say “as above” (同上, 〃): a text or date is taken from the row above, and told."""

import numpy as np

from geo.findings import Finding
from geo.language import say
from geo.ledgers.merged import Body, is_amount
from geo.ledgers.no_number import says_as_above
from geo.schema import READ_POSITION

_ROWS_NAMED = 20
_LONGER = 6  # than any way of saying it
# Two rows of one name or id would be one thing; a text beside the layer is left as it is.
_OWN = ("id", "name")


def fill_as_above(body: Body) -> list[Finding]:
    """Give cells that say “as above” the value above, in place, and tell it, one finding a column.

    An amount is not repeated, for one room of two phases would count twice: it stays unread, with
    a finding of its own.
    """
    kinds = {column.name: column for column in (*body.schema.columns, *READ_POSITION)}
    findings = []
    for position, name in body.names.items():
        cells = body.columns[position]
        said = [at for at, cell in enumerate(cells)
                if isinstance(cell, str) and len(cell) < _LONGER and says_as_above(cell)]
        if not said or said[0] == 0 or name in _OWN or is_amount(kinds[name]):
            continue
        for at in said:
            cells[at] = cells[at - 1]
        rows = body.rows[np.array(said)]
        message = say(
            "{count} 行写“同上”（第 {rows} 行），按上一行读入。", count=len(rows),
            rows="、".join(map(str, rows[:_ROWS_NAMED])),
        )
        findings.append(Finding("warning", body.schema.layer, message, file=body.file,
                                column=body.headers[position]))
    return findings
