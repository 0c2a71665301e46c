"""Forms of names that come back with figures and columns that nobody asked for."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from analysis.matching.queue import OFFICE, decisions_in, queue
from geo.errors import LayerError
from report.data.name_form import read_name_form, write_name_form
from tests.analysis.matching.test_filled_forms import ANSWER, alike_study, filled


@pytest.mark.parametrize(
    ("score", "kept"),
    [("8500", None), ("-1", None), ("inf", None), ("100.1", None), ("很像", None), ("", None),
     ("0", 0), ("85", 85), ("100", 100)],
)  # fmt: skip
def test_a_score_beyond_its_scale_is_none(tmp_path: Path, score: str, kept: float | None) -> None:
    study = alike_study(tmp_path)
    form = filled(study, r1="是").assign(**{OFFICE["score"]: score})
    taken = decisions_in(study, form)
    assert [(one.to_id, one.score) for one in taken.decisions] == [("r1", kept)]
    assert taken.findings == ()


def test_a_column_that_stands_twice_is_told_in_one_sentence(tmp_path: Path) -> None:
    study = alike_study(tmp_path)
    form = filled(study, r1="是")
    taken = decisions_in(study, pd.concat([form, form[[ANSWER]]], axis=1))
    assert [str(finding.message) for finding in taken.findings] == [
        "确认表有几列“确认”，请只留一列。"
    ]
    assert taken.decisions == ()


def test_a_workbook_with_two_columns_of_answers_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    write_name_form(queue(alike_study(tmp_path)), path)
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    page.cell(1, page.max_column + 1).value = ANSWER
    page.cell(2, page.max_column).value = "是"
    book.save(path)
    with pytest.raises(LayerError, match=r"^确认表有几列“确认”，请只留一列。$"):
        read_name_form(path)
