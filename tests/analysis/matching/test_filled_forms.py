"""Forms of names that come back: what one street's answers settle, and what cannot be taken."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.matching.kept import read_confirmed
from analysis.matching.queue import OFFICE, confirm_from_table, decisions_in, office_table, queue
from analysis.study import Study
from geo.files.several_files import FILE
from report.data.name_form import read_name_form, write_name_form
from tests.analysis.toy_study import area, box, estate, facility, spot, toy_study

ANSWER = OFFICE["answer"]


def alike_study(folder: Path) -> Study:
    """Return a study whose facility serves 阳光花圆, which two estates are called like."""
    names = ("阳光花园", "阳光家园", "翠园一期", "翠园二期")
    return toy_study(
        folder,
        facilities=[facility("f1", spot(0, 0), serves="阳光花圆、翠园")],
        residential=[
            estate(f"r{n}", box(100 * n, 20, 100 * n + 50, 70), name=name)
            for n, name in enumerate(names, start=1)
        ],
    )


def filled(study: Study, **answers: str) -> pd.DataFrame:
    """Return the lines of the form that offer two estates to each name, with answers by id."""
    table = office_table(queue(study))
    own = {"阳光花圆": ["r1", "r2"], "翠园": ["r3", "r4"]}
    lines = [id_ in own[asked] for asked, id_ in zip(
        table[OFFICE["asked"]], table[OFFICE["to_id"]], strict=True
    )]  # fmt: skip
    table = table[lines].reset_index(drop=True)
    return table.assign(**{ANSWER: table[OFFICE["to_id"]].map(answers).fillna("")})


def test_two_estates_for_one_name_are_refused_with_both_rows(tmp_path: Path) -> None:
    study = alike_study(tmp_path)
    taken = confirm_from_table(study, filled(study, r1="是", r2="是"))
    (refused,) = taken.findings
    assert (refused.severity, refused.row) == ("error", 2)
    assert str(refused.message) == (
        "“阳光花圆”在第 2、3 行都填了“是”（阳光花园、阳光家园），只能是一处，未采用。"
    )
    assert read_confirmed(study.path) == ()


def test_two_phases_for_one_name_are_taken_and_said(tmp_path: Path) -> None:
    study = alike_study(tmp_path)
    taken = confirm_from_table(study, filled(study, r3="是", r4="是"))
    (told,) = taken.findings
    assert told.severity == "info"
    assert "翠园一期、翠园二期" in str(told.message)
    assert [one.to_id for one in read_confirmed(study.path)] == ["r3", "r4"]


def test_yes_and_no_to_one_estate_are_refused(tmp_path: Path) -> None:
    study = alike_study(tmp_path)
    form = filled(study, r1="是")
    both = pd.concat([form, form.assign(**{ANSWER: form[ANSWER].replace("是", "否")})])
    taken = confirm_from_table(study, both)
    assert taken.decisions == ()
    assert "互相矛盾" in str(taken.findings[0].message)


def test_an_answer_may_be_the_name_of_an_estate(tmp_path: Path) -> None:
    study = alike_study(tmp_path)
    taken = confirm_from_table(study, filled(study, r1="阳光家园"))
    assert [(one.to_id, one.decision) for one in taken.decisions] == [("r2", "same")]


def test_two_forms_taken_in_at_once_keep_all_their_lines(tmp_path: Path) -> None:
    study = alike_study(tmp_path)
    forms = [filled(study, **{id_: "否"}).assign(line=range(2, 6)) for id_ in ("r1", "r2")]
    taken = decisions_in(study, pd.concat(forms, ignore_index=True))
    assert sorted(one.to_id for one in taken.decisions) == ["r1", "r2"]


def street_study(folder: Path) -> Study:
    """Return a study of two streets, each with estates of 老社区, out of two files."""
    homes = [
        estate("r1", spot(10, 50), name="甲", community="老社区", street="桥北街道"),
        estate("r2", spot(20, 50), name="乙", community="老社区", street="桥北街道"),
        estate("r3", spot(110, 50), name="丙", community="老社区", street="站前街道"),
    ]
    files = ("桥北.xlsx", "桥北.xlsx", "站前.xlsx")
    return toy_study(
        folder,
        residential=[home | {FILE: file} for home, file in zip(homes, files, strict=True)],
        boundaries=[
            area("b1", "street", box(0, 0, 100, 100), name="桥北街道"),
            area("b2", "street", box(100, 0, 200, 100), name="站前街道"),
            area("c1", "community", box(0, 0, 100, 100), name="桥北街道第1社区"),
            area("c2", "community", box(100, 0, 200, 100), name="站前街道第1社区"),
        ],
    )


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_form_says_street_and_file_and_its_answer_holds_in_that_street(
    tmp_path: Path, ending: str
) -> None:
    study = street_study(tmp_path)
    waiting = queue(study)
    assert waiting[["file", "street", "to_id"]].to_numpy().tolist() == [
        ["桥北.xlsx", "桥北街道", "c1"], ["站前.xlsx", "站前街道", "c2"],
    ]  # fmt: skip
    path = tmp_path / f"核对.{ending}"
    assert write_name_form(waiting, path) == 2
    form = read_name_form(path)
    form["answer"] = ["是", None]
    taken = confirm_from_table(study, form)
    assert taken.findings == ()
    (one,) = read_confirmed(study.path)
    assert (one.street, one.file, one.asked, one.to_id) == ("桥北街道", "", "老社区", "c1")
    # The other street still waits.
    assert queue(study)["street"].tolist() == ["站前街道"]


def test_an_older_form_without_street_still_counts(tmp_path: Path) -> None:
    study = street_study(tmp_path)
    form = office_table(queue(study)).drop(columns=[OFFICE["street"], OFFICE["file"]])
    taken = confirm_from_table(study, form.assign(**{ANSWER: ["是", ""]}))
    assert taken.findings == ()
    assert queue(study)["street"].tolist() == ["站前街道"]


def test_a_layer_of_one_file_has_no_column_of_files(tmp_path: Path) -> None:
    table = office_table(queue(alike_study(tmp_path)))
    assert OFFICE["file"] not in table.columns
    assert OFFICE["street"] not in table.columns
    assert table.columns[-1] == ANSWER
