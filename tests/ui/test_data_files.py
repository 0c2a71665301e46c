"""Uploaded files: names that do no harm, forms and tables of names taken in and taken back."""

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely
from clerk import clerk_study

from analysis.filled_cells import filled_file, read_filled
from analysis.matching.kept import matches_file, read_confirmed
from geo.errors import PlanningError
from report.data.data_report import gathered, report_on_study_file
from report.data.form import write_form
from report.data.name_form import read_name_form, write_name_form
from ui.data.checking import Asked, layers_named, report_one
from ui.data.forms import _dropping, _keeping, forms_told, take
from ui.data.names import decided_table, keep_decisions, waiting_names
from ui.data.subject import Subject, subject_of
from ui.data.uploads import Brought, brought, safe_name
from ui.progress import silent
from ui.seen import plain
from ui.studies import fingerprint


@dataclass
class File:
    """A file as the browser hands it over."""

    name: str
    content: bytes = b""

    def getvalue(self) -> bytes:
        """Return its content."""
        return self.content


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return clerk_study(tmp_path)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\x\\小区.csv", "小区.csv"),
        ("con.csv", "_con.csv"),
        ("a\x00b\u202e.shp", "ab.shp"),
        ("", "_"),
        ("x" * 300 + ".xlsx", "x" * 60 + ".xlsx"),
        ("点<img src=x>.geojson", "点_img_src=x.geojson"),
    ],
)
def test_a_name_becomes_a_plain_one(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_parts_of_one_shapefile_come_together_and_others_apart() -> None:
    files = [File("点.shp", b"1"), File("点.DBF", b"2"), File("点.csv", b"3"), File("别.dbf", b"4"),
             File("点.csv", b"5")]  # fmt: skip
    with brought(files) as paths:
        assert [each.name for each in paths] == ["点.shp", "点.csv", "别.dbf", "点.csv"]
        assert sorted(part.name for part in paths[0].path.parent.iterdir()) == ["点.dbf", "点.shp"]
        assert [each.path.read_bytes() for each in paths] == [b"1", b"3", b"4", b"5"]
        folder = paths[0].path.parent.parent
    assert not folder.exists()


def test_unseen_signs_are_seen() -> None:
    assert plain("名\u202e称\x07\x1b[31m") == "名·称··[31m"
    assert plain(None) == plain(float("nan")) == plain(pd.NA) == ""


def test_a_file_of_several_sheets_asks_which(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for title in ("东片", "西片"):
        sheet = book.create_sheet(title)
        sheet.append(["小区名称", "户数", "经度", "纬度"])
        sheet.append(["甲", 100, 118.95, 42.28])
    del book["Sheet"]
    book.save(tmp_path / "x.xlsx")
    with brought([File("x.xlsx", (tmp_path / "x.xlsx").read_bytes())]) as paths:
        asked = Asked("residential", "wgs84")
        refused = report_one(paths[0], asked)
        assert refused.refused
        missed = report_one(paths[0], Asked("residential", "wgs84", sheet="南片"))
        read = report_one(paths[0], Asked("residential", "wgs84", sheet="西片"))

    names = layers_named(gathered("x", [refused]))
    assert names == ["东片", "西片"]  # what is chosen is asked for by its very name
    assert layers_named(gathered("x", [missed])) == names
    assert read.rows == 1


def test_a_layer_that_is_not_there_offers_those_that_are(tmp_path: Path) -> None:
    for layer in ("东片", "西片"):
        frame = gpd.GeoDataFrame(
            {"小区名称": ["甲"], "户数": [100]}, geometry=[shapely.Point(118.95, 42.28)], crs=4326
        )
        frame.to_file(tmp_path / "x.gpkg", layer=layer)
    refused = report_one(Brought("x.gpkg", tmp_path / "x.gpkg"), Asked("residential", None, "南片"))
    assert layers_named(gathered("x", [refused])) == ["东片", "西片"]


@pytest.mark.parametrize("odd", ["东片、西片", "一个" * 40, "东\u200b片"])
def test_a_layer_is_chosen_by_its_whole_name(tmp_path: Path, odd: str) -> None:
    for layer, count in ((odd, 1), ("南片", 2)):
        frame = gpd.GeoDataFrame(
            {"小区名称": ["甲"] * count, "户数": [100] * count},
            geometry=[shapely.Point(118.95 + at / 100, 42.28) for at in range(count)], crs=4326,
        )
        frame.to_file(tmp_path / "x.gpkg", layer=layer)
    file = Brought("x.gpkg", tmp_path / "x.gpkg")
    asked = report_one(file, Asked("residential", None))
    missed = report_one(file, Asked("residential", None, "北片"))
    for refused in (asked, missed):
        assert layers_named(gathered("x", [refused])) == [odd, "南片"]
        assert "(" not in str(refused.refused[0])  # told in words
    assert report_one(file, Asked("residential", None, odd)).rows == 1


def filled_form(study: Path, folder: Path) -> File:
    """Return the study's own form with the households of 锦绣家园 filled in."""
    path = folder / "form.xlsx"
    write_form(report_on_study_file(study, filled=()), path)
    book = openpyxl.load_workbook(path)
    sheet = book["小区"]
    headers = [cell.value for cell in sheet[1]]
    row = next(r for r in sheet.iter_rows(min_row=2) if r[headers.index("编号")].value == "r3")
    column = next(at for at, header in enumerate(headers) if str(header).startswith("户数"))
    row[column].value = 450
    book.save(path)
    return File("桥北.xlsx", path.read_bytes())


def test_a_form_is_taken_and_taken_back(study: Path, tmp_path: Path) -> None:
    before = fingerprint(study)
    taken = take(study, [filled_form(study, tmp_path)], "", silent)
    assert [(c.id, c.column, c.value, c.form) for c in taken.cells] == [
        ("r3", "households", "450", "桥北.xlsx")
    ]
    assert taken.refused == ()
    assert not filled_file(study).exists()  # looked at, not kept
    said = _keeping(study, taken.cells)()
    assert [cell.value for cell in read_filled(study)] == ["450"]
    assert fingerprint(study) != before
    assert said.undo is not None
    said.undo()
    assert not filled_file(study).exists()
    assert fingerprint(study) == before
    _keeping(study, taken.cells)()
    _dropping(study, "桥北.xlsx", read_filled(study)[0].form_mark)()
    assert read_filled(study) == ()


def form_answering(study: Path, folder: Path, id_: str, word: str) -> File:
    path = folder / "待补数据表.xlsx"
    write_form(report_on_study_file(study, filled=()), path)
    book = openpyxl.load_workbook(path)
    sheet = book["小区"]
    header = [str(cell.value) for cell in sheet[1]]
    (row,) = [row for row in sheet.iter_rows(min_row=2) if row[header.index("编号")].value == id_]
    row[header.index("建设类型")].value = word
    book.save(path)
    return File(path.name, path.read_bytes())


def test_of_two_forms_of_one_name_one_is_taken_back(study: Path, tmp_path: Path) -> None:
    for id_, word in (("r1", "新建"), ("r2", "已建成")):
        form = form_answering(study, tmp_path, id_, word)
        _keeping(study, take(study, [form], "", silent).cells)()
    kept = read_filled(study)
    assert [(cell.id, cell.form) for cell in kept] == [
        ("r1", "待补数据表.xlsx"), ("r2", "待补数据表.xlsx"),
    ]  # fmt: skip
    forms = [(cell.form, cell.form_mark) for cell in kept]
    assert forms_told(forms, kept) == [f"待补数据表.xlsx（1 格：{cell.name}）" for cell in kept]
    assert forms_told(forms[:1], kept) == ["待补数据表.xlsx"]
    _dropping(study, *forms[0])()
    assert read_filled(study) == kept[1:]


def test_cells_kept_before_forms_had_marks_are_one_form_still(study: Path) -> None:
    filled_file(study).write_text(
        "".join(f'[[cell]]\nlayer = "residential"\nid = "{id_}"\nname = "{id_}"\n'
                'column = "households"\nvalue = "1"\nform = "旧.xlsx"\n' for id_ in ("a", "b")),
        encoding="utf-8",
    )  # fmt: skip
    assert {(cell.form, cell.form_mark) for cell in read_filled(study)} == {("旧.xlsx", "")}
    _dropping(study, "旧.xlsx", "")()
    assert read_filled(study) == ()


def test_what_is_no_form_is_refused_and_the_others_are_taken(study: Path, tmp_path: Path) -> None:
    taken = take(study, [File("x.xlsx", b"no"), filled_form(study, tmp_path)], "", silent)
    assert len(taken.refused) == 1
    assert len(taken.cells) == 1


def test_names_go_out_as_excel_and_come_back(study: Path, tmp_path: Path) -> None:
    subject: Subject = subject_of(study, progress=silent)
    assert subject.study is not None
    path = tmp_path / "names.xlsx"
    write_name_form(subject.waiting, path)
    table = read_name_form(path)
    assert table["asked"].to_list() == ["阳光佳园"] * 3 + ["锦绣家圆"] * 2
    assert table["answer"].isna().all()
    table.loc[table["to_id"].eq("r2") & table["asked"].eq("阳光佳园"), "answer"] = "是"
    table.loc[3, "answer"] = "看不懂"
    said = keep_decisions(subject, subject.study, table)
    assert [(one.asked, one.to_id) for one in read_confirmed(study)] == [("阳光佳园", "r2")]
    assert any("看不懂" in str(line) for line in said.lines)
    assert said.undo is not None
    said.undo()
    assert not matches_file(study).exists()


def test_a_second_decision_is_undone_to_the_first(study: Path) -> None:
    subject = subject_of(study, progress=silent)
    assert subject.study is not None
    name = waiting_names(subject.waiting)[0]
    keep_decisions(subject, subject.study, decided_table([(name, "=r2")]))
    said = keep_decisions(subject, subject.study, decided_table([(name, "none")]))
    assert [one.decision for one in read_confirmed(study)] == ["none"]
    assert said.undo is not None
    said.undo()
    assert [(one.decision, one.to_id) for one in read_confirmed(study)] == [("same", "r2")]


def test_another_workbook_is_no_table_of_names(study: Path, tmp_path: Path) -> None:
    subject = subject_of(study, progress=silent)
    assert subject.study is not None
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append(["1", "2"])
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(PlanningError, match="确认表缺少"):
        keep_decisions(subject, subject.study, read_name_form(tmp_path / "x.xlsx"))
    assert not matches_file(study).exists()


def test_files_of_a_pattern_and_tables_of_addresses_are_in_the_fingerprint(tmp_path: Path) -> None:
    study = clerk_study(tmp_path)
    text = study.read_text(encoding="utf-8").replace(
        'path = "residential.csv"', 'path = "街道/*.csv", places = "addresses.csv"'
    )
    study.write_text(text, encoding="utf-8")
    (tmp_path / "街道").mkdir()
    seen = [fingerprint(study)]
    for name in ("街道/一.csv", "街道/二.csv", "addresses.csv"):
        (tmp_path / name).write_text("x", encoding="utf-8")
        seen.append(fingerprint(study))
    (tmp_path / "addresses.csv").write_text("y", encoding="utf-8")
    seen.append(fingerprint(study))
    assert len(set(seen)) == 5
