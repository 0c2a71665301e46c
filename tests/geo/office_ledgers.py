"""Ledgers of offices, written by a real spreadsheet library and read as a layer."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

from geo.layers import Layer, read_layer

Rows = Sequence[Sequence[object]]
ESTATES = (("甲小区", 500, 118.9, 42.2), ("乙小区", 300, 118.91, 42.21))
HEADER = ("小区名称", "户数", "经度", "纬度")
PLACE = {"coordinates": "wgs84"}


def book(
    path: Path, sheets: Mapping[str, Rows], *, merged: Mapping[str, Sequence[str]] | None = None
) -> Path:
    """Write a workbook with openpyxl, as a spreadsheet program would; return its path."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for area in (merged or {}).get(name, ()):
            sheet.merge_cells(area)
    made.save(path)
    return path


def layer_of(
    tmp_path: Path, rows: Rows, *merged: str, layer: str = "residential", **options: object
) -> Layer:
    path = book(tmp_path / "台账.xlsx", {"台账": rows}, merged={"台账": merged})
    return read_layer(path, layer, **{**PLACE, **options})


def said(layer: Layer) -> str:
    return "\n".join(str(finding.line()) for finding in layer.findings)


def left_out(layer: Layer) -> list[int | None]:
    return [f.row for f in layer.findings if "不是数据" in str(f.message)]
