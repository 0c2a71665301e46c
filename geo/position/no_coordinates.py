"""Rows of a table without coordinates: which layers may have them, and what is said of them.

An office keeps addresses, not coordinates. Such rows are kept with an unknown place, counted and
listed; they may find their place later, by a table of addresses, by name, or by hand.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.findings import Finding
from geo.language import say
from geo.ledgers.numbers import Cells, is_missing, shown, true_at

PLACEABLE: Final = ("facilities", "residential", "candidates")
"""Layers whose rows are worth something without a place: what they say of area, beds or homes."""

BY_NAME: Final = "population"
"""The layer whose rows are put onto boundaries of their id or name."""

# Rows are told one by one up to here, then counted.
_ONE_BY_ONE: Final = 50

_ALL = say("{count} 行没有坐标，位置按未知处理：不计入步行可达，其余照常。")
_PEOPLE = say("{count} 行没有坐标；研究有边界图层时，按编号或名称落到边界上。")
_SOME = say("有 {count} 行没有坐标，位置按未知处理（第 {rows} 行等）。")
_ONE = say("没有坐标，位置按未知处理。")
_ONE_AT = say("没有坐标，位置按未知处理（地址：{address}）。")
_TOLD = frozenset(message.template for message in (_ALL, _PEOPLE, _SOME, _ONE, _ONE_AT))


def may_lack_coordinates(layer: str, labels: Iterable[NDArray[Any]]) -> bool:
    """Tell whether a table without any coordinate column can be used.

    labels
        Columns that may tell one row from another: ids, names, addresses.
    """
    if layer not in (*PLACEABLE, BY_NAME):
        return False
    return any(not is_missing(cell) for cells in labels for cell in cells)


def tell_without_coordinates(
    absent: NDArray[np.bool_], names: Cells, addresses: NDArray[Any]
) -> list[Finding]:
    """Return what is said of rows without coordinates: of all together, or of each where few are.

    absent
        Which rows they are.
    names
        Every row under its name.
    addresses
        Of every row; None or empty where unknown.
    """
    at = true_at(absent)
    if not at:
        return []
    remedy = say(
        '可在“数据”页补坐标；或把经纬度写进地址表，在研究文件这一图层写 places = "地址表.xlsx"。'
    )
    if len(at) == len(names.rows):
        whole = _PEOPLE if names.layer == BY_NAME else _ALL
        message = replace(whole, values={"count": len(at)})
        return [Finding("warning", names.layer, message, remedy, names.file)]
    if len(at) > _ONE_BY_ONE:
        rows = "、".join(str(row) for row in names.rows[at[:_ONE_BY_ONE]])
        message = replace(_SOME, values={"count": len(at), "rows": rows})
        return [Finding("warning", names.layer, message, remedy, names.file)]
    findings = []
    for i in at:
        address = "" if is_missing(addresses[i]) else shown(addresses[i])
        message = replace(_ONE_AT, values={"address": address}) if address else _ONE
        findings.append(names.finding("warning", i, message, remedy))
    return findings


def is_about_coordinates(finding: Finding) -> bool:
    """Tell whether a finding is one of `tell_without_coordinates`."""
    return finding.message.template in _TOLD


def needs_boundaries(findings: Iterable[Finding]) -> bool:
    """Tell whether a table of people told no coordinates, so that only boundaries can place it."""
    return any(finding.message.template == _PEOPLE.template for finding in findings)
