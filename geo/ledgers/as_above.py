"""Cells that say “as above” (同上, 〃): a text or date is taken from the row above, and told."""

from collections.abc import Sequence

import numpy as np

from geo.findings import Finding
from geo.language import say
from geo.ledgers.merged import Body, is_amount
from geo.ledgers.no_number import says_as_above
from geo.ledgers.numbers import is_missing, shown
from geo.schema import READ_POSITION

_ROWS_NAMED = 20
_LONGER = 6  # than any way of saying it
# Two rows of one name or id would be one thing; a text beside the layer is left as it is.
_OWN = ("id", "name")


def fill_as_above(body: Body) -> list[Finding]:
    """Give cells that say “as above” the value above, in place, and tell it, one finding a column.

    Where nothing is above, or what is above is empty, the cell becomes empty and is told one by
    one. An amount is not repeated, for one room of two phases would count twice: it stays unread,
    with a finding of its own.
    """
    kinds = {column.name: column for column in (*body.schema.columns, *READ_POSITION)}
    findings = []
    for position, name in body.names.items():
        cells = body.columns[position]
        said = [at for at, cell in enumerate(cells)
                if isinstance(cell, str) and len(cell) < _LONGER and says_as_above(cell)]
        if not said or name in _OWN or is_amount(kinds[name]):
            continue
        filled = []
        for at in said:
            above = None if at == 0 else cells[at - 1]
            if is_missing(above):
                findings.append(_nothing_above(body, position, at))
                cells[at] = None
            else:
                filled.append(at)
                cells[at] = above
        if filled:
            findings.append(_filled(body, position, filled))
    return findings


def _filled(body: Body, position: int, filled: Sequence[int]) -> Finding:
    rows = body.rows[np.array(filled)]
    message = say(
        "{count} 行写“同上”（第 {rows} 行），按上一行读入。", count=len(rows),
        rows="、".join(map(str, rows[:_ROWS_NAMED])),
    )
    return Finding("warning", body.schema.layer, message, file=body.file,
                   column=body.headers[position])


def _nothing_above(body: Body, position: int, at: int) -> Finding:
    if at == 0:
        message = say("写的是“同上”，但它是首行，上面没有数据，按未知处理。")
    else:
        message = say("写的是“同上”，但上一行空白，按未知处理。")
    return Finding("error", body.schema.layer, message, say("请填写实际内容。"), body.file,
                   int(body.rows[at]), body.headers[position], shown(body.columns[position][at]))
