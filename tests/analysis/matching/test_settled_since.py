"""A form of names that comes back late says what is settled by then, not that names are gone."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from analysis.matching.kept import read_confirmed
from analysis.matching.queue import OFFICE, confirm_from_table, decisions_in, office_table, queue
from analysis.study import Study
from report.data.name_form import read_name_form, write_name_form
from tests.analysis.matching.test_kept import waiting_study


def answered(study: Study, folder: Path, answer: str) -> pd.DataFrame:
    """Return the form of a study with one answer in its first line."""
    path = folder / "名单.csv"
    write_name_form(queue(study), path)
    table = read_name_form(path)
    answers = pd.Series(pd.NA, index=table.index, dtype="str")
    answers.iloc[0] = answer
    return table.assign(answer=answers)


def test_what_was_confirmed_before_is_no_error(tmp_path: Path) -> None:
    study = waiting_study(tmp_path)
    form = answered(study, tmp_path, "是")
    first = form.iloc[0]
    assert len(confirm_from_table(study, form).decisions) == 1
    (kept,) = read_confirmed(study.path)
    # As it is read anew: the row has the id in place of the name.
    layer = study.layers["facilities"]
    named = layer["serves"].str.replace(str(first["asked"]), str(kept.to_id), regex=False)
    later = replace(study, layers={**study.layers, "facilities": layer.assign(serves=named)})
    (told,) = decisions_in(later, form.iloc[[0]]).findings
    assert (told.severity, told.file, told.row, told.value) == ("info", "名单.csv", 2, "是")
    assert "不用再确认" in str(told.message)
    assert decisions_in(later, form.iloc[[0]]).decisions == ()


def test_another_answer_than_the_one_kept_is_refused_with_it(tmp_path: Path) -> None:
    study = waiting_study(tmp_path)
    form = answered(study, tmp_path, "是")
    confirm_from_table(study, form)
    (kept,) = read_confirmed(study.path)
    layer = study.layers["facilities"]
    gone = layer.assign(serves=pd.Series(pd.NA, index=layer.index, dtype="str"))
    later = replace(study, layers={**study.layers, "facilities": gone})
    other = form.iloc[[0]].assign(to_id="r9", to_name="别的")
    (told,) = decisions_in(later, other).findings
    assert told.severity == "error"
    assert kept.to_id in str(told.message)


def test_a_name_nobody_writes_any_more_is_told_alone(tmp_path: Path) -> None:
    study = waiting_study(tmp_path)
    form = office_table(queue(study)).iloc[[0]]
    strange = form.assign(**{OFFICE["asked"]: "从前的名字", OFFICE["answer"]: "是"})
    (told,) = decisions_in(study, strange).findings
    assert told.severity == "error"
    assert str(told.message) == "所写的名称“从前的名字”在研究中已经没有或已改名，未采用。"
