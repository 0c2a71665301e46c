"""A form of a whole town is taken in at one look at the ledger, not one look a line."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.filled_cells import FilledCell
from report.data.filling import answers_in
from tests.report.test_forms_back import FIRST, form, report

ROWS = 40


def test_cells_are_not_compared_with_one_another_nor_the_ledger_searched_for_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = report(tmp_path, *(FIRST.replace("甲苑", f"{at}苑") for at in range(ROWS)))
    answers = [{"at": at + 2, "户数": 100 + at, "建成年份": 2015} for at in range(ROWS - 1)]
    path = form(data, tmp_path / "补.xlsx", *answers, {"at": ROWS + 1, "户数": "很多"})
    looks = {"cells": 0, "ids": 0}
    same, searched = FilledCell.__eq__, pd.Series.eq

    def counted(one: FilledCell, other: object) -> bool:
        looks["cells"] += 1
        return same(one, other)

    def looked(column: "pd.Series[str]", *args: object, **more: object) -> object:
        looks["ids"] += column.name == "id"
        return searched(column, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(FilledCell, "__eq__", counted)
    monkeypatch.setattr(pd.Series, "eq", looked)
    taken = answers_in(path, data)
    assert len(taken.cells) == 2 * (ROWS - 1)
    assert [cell.value for cell in taken.cells if cell.name == "7苑"] == ["107", "2015"]
    assert [(f.row, f.value) for f in taken.findings] == [(ROWS + 1, "很多")]
    assert looks["cells"] < ROWS
    assert looks["ids"] < ROWS
