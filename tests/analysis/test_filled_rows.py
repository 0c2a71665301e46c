"""Filled-in cells stay with their row, whatever was put in above it."""

from pathlib import Path

import openpyxl
import shapely

from analysis.filled_cells import FilledCell, keep_filled, read_filled
from analysis.filling import with_filled
from analysis.study import load_study
from geo.layers import Layer, read_layer
from report.data.data_report import DataReport, gathered, report_on_file
from report.data.filling import Answers, answers_in
from report.data.form import write_form
from tests.analysis.test_filling import answer, run, toy
from tests.analysis.toy_study import area, estate, facility, spot, toy_study, write_study

HEAD = "小区名称,街道,户数,建设类型,经度,纬度\n"
FIRST = "甲苑,新城,,已建成,118.91234,42.21234\n"
SECOND = "乙苑,新城,200,,118.92345,42.22345\n"
NEW = "新苑,桥北,,已建成,118.93456,42.23456\n"


def report(folder: Path, *rows: str, head: str = HEAD) -> DataReport:
    (folder / "台账.csv").write_text(head + "".join(rows), encoding="utf-8")
    return gathered("x", [report_on_file(folder / "台账.csv", "residential", coordinates="wgs84")])


def layer(folder: Path, *rows: str, head: str = HEAD) -> Layer:
    (folder / "台账.csv").write_text(head + "".join(rows), encoding="utf-8")
    return read_layer(folder / "台账.csv", "residential", coordinates="wgs84")


def form(folder: Path, data: DataReport, **answers: object) -> Path:
    """Return a form with one column answered, by the row's name; an empty one stays as it is."""
    path = folder / "待补.xlsx"
    write_form(data, path)
    book = openpyxl.load_workbook(path)
    page = book["小区"]
    headings = [str(cell.value).removesuffix("（必填）") for cell in page[1]]
    for row in page.iter_rows(min_row=2):
        name = row[headings.index("小区名称")].value or ""
        if name in answers:
            row[headings.index("户数")].value = answers[name]
    book.save(path)
    return path


def households(cells: tuple[FilledCell, ...]) -> list[tuple[str, str, str]]:
    return [(c.id, c.name, c.value) for c in cells if c.column == "households"]


def put(into: Layer, cells: tuple[FilledCell, ...]) -> dict[str, float]:
    frame = with_filled({"residential": into}, cells)["residential"].frame
    return dict(zip(frame["name"].fillna(""), frame["households"].fillna(-1), strict=True))


def test_a_form_follows_its_rows_when_one_is_put_in_above(tmp_path: Path) -> None:
    path = form(tmp_path, report(tmp_path, FIRST, SECOND), 甲苑=999)
    answers = answers_in(path, report(tmp_path, NEW, FIRST, SECOND))
    assert households(answers.cells) == [("r2", "甲苑", "999")]


def test_cells_on_disk_follow_their_rows_too(tmp_path: Path) -> None:
    data = report(tmp_path, FIRST, SECOND)
    kept = answers_in(form(tmp_path, data, 甲苑=999), data).cells
    assert households(kept) == [("r1", "甲苑", "999")]
    after = put(layer(tmp_path, NEW, FIRST, SECOND), kept)
    assert after == {"新苑": -1, "甲苑": 999, "乙苑": 200}


def test_a_row_that_is_called_otherwise_takes_nothing_and_is_told(tmp_path: Path) -> None:
    data = report(tmp_path, FIRST, SECOND)
    kept = answers_in(form(tmp_path, data, 甲苑=999), data).cells
    now = layer(tmp_path, NEW, SECOND)
    assert put(now, kept) == {"新苑": -1, "乙苑": 200}
    after = with_filled({"residential": now}, kept)["residential"]
    (told,) = [f for f in after.findings if f.value == "999"]
    assert (told.severity, told.file, told.row, told.column) == ("warning", "待补.xlsx", 2, "户数")
    assert "甲苑" in str(told.message)
    assert "新苑" in str(told.message)


def test_of_namesakes_in_two_streets_each_keeps_its_own(tmp_path: Path) -> None:
    other = FIRST.replace("新城", "桥北").replace("118.9", "118.8")
    data = report(tmp_path, FIRST, other)
    kept = answers_in(form(tmp_path, data, 甲苑=7), data).cells
    assert [(c.street, c.value) for c in kept if c.column == "households"] == [
        ("新城", "7"), ("桥北", "7"),
    ]  # fmt: skip
    only = tuple(c for c in kept if c.street == "桥北")
    after = with_filled({"residential": layer(tmp_path, NEW, FIRST, other)}, only)
    assert [*after["residential"].frame["households"].fillna(-1)] == [-1, -1, 7]


def answered(folder: Path, before: tuple[str, ...], after: tuple[str, ...]) -> Answers:
    return answers_in(form(folder, report(folder, *before), 甲苑=7), report(folder, *after))


def test_namesakes_that_nothing_tells_apart_are_refused_once_they_moved(tmp_path: Path) -> None:
    one, two = FIRST.replace("新城", ""), FIRST.replace("新城", "").replace("118.9", "118.8")
    there = answered(tmp_path, (one, two), (one, two))
    assert [(c.id, c.value) for c in there.cells if c.column == "households"] == [
        ("r1", "7"), ("r2", "7"),
    ]  # fmt: skip
    assert all(c.like for c in there.cells)
    frame = with_filled({"residential": layer(tmp_path, NEW, one, two)}, there.cells)
    assert frame["residential"].frame["households"].isna().all()
    still = with_filled({"residential": layer(tmp_path, one, two)}, there.cells)
    assert [*still["residential"].frame["households"]] == [7, 7]


def test_a_row_without_a_name_is_known_by_what_else_stands_in_it(tmp_path: Path) -> None:
    first, second = FIRST.replace("甲苑", ""), SECOND.replace("200", "")
    data = report(tmp_path, first, second)
    cell = FilledCell(layer="residential", id="r1", row=2, column="households", value="9")
    assert put(layer(tmp_path, first, second), (cell,)) == {"": -1, "乙苑": -1}  # no mark
    path = form(tmp_path, data, **{"": 9})
    kept = answers_in(path, data).cells
    assert put(layer(tmp_path, first, second), kept)[""] == 9
    other = first.replace("118.9", "118.7")
    assert put(layer(tmp_path, other, second), kept)[""] == -1


def test_a_grey_cell_is_no_answer_even_where_the_ledger_lost_its_figure(tmp_path: Path) -> None:
    path = form(tmp_path, report(tmp_path, FIRST, SECOND))
    answers = answers_in(path, report(tmp_path, FIRST, SECOND.replace("200", "")))
    assert households(answers.cells) == []
    assert any("没有要求" in str(f.message) and f.value == "200" for f in answers.findings)


def test_a_corrected_answer_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    study = tmp_path / "x.study.toml"
    told = {"layer": "residential", "name": "甲苑", "column": "households"}
    keep_filled(study, [FilledCell(id="r1", value="1", **told)])
    keep_filled(study, [FilledCell(id="r2", value="2", **told)])
    assert [cell.value for cell in read_filled(study)] == ["2"]


def test_a_form_without_answers_leaves_the_kept_file_as_it_was(tmp_path: Path) -> None:
    study, path = toy(tmp_path), tmp_path / "待补.xlsx"
    run("form", study, "--out", path)
    kept = study.parent / "toy.filled.toml"
    text = '# mine\n[[cell]]\nlayer = "residential"\nid = "z"\ncolumn = "households"\nvalue = "1"\n'
    kept.write_text(text, encoding="utf-8")
    assert "没有写文件" in run("fill", study, path)
    assert kept.read_text(encoding="utf-8") == text


def test_rows_that_no_name_tells_apart_are_filled_in_a_study(tmp_path: Path) -> None:
    # Their street is put in where they lie, which the ledgers do not say.
    (west, south), (east, north) = spot(-500, -500).coords[0], spot(1000, 1000).coords[0]
    street = area("b1", "street", shapely.box(west, south, east, north), name="桥北街道")
    toy_ = toy_study(
        tmp_path, residential=[estate("r1", spot(100, 0))], boundaries=[street],
        facilities=[facility("f1", spot(0, 0), status="operating", floor_area_m2=50.0)],
    )  # fmt: skip
    study = write_study(toy_, tmp_path / "files")
    lon, lat = toy_.layers["residential"].to_crs(4326).geometry.iloc[0].coords[0]
    for name in ("甲", "乙"):
        rows = f",,{lon},{lat},20,\n某,50,{lon},{lat},20,桥北街道\n某,,{lon},{lat},20,\n"
        ledger = study.parent / f"小区{name}.csv"
        ledger.write_text(f"名称,户数,经度,纬度,养老用房面积,街道\n{rows}", encoding="utf-8")
    told = study.read_text(encoding="utf-8").replace("residential.gpkg", "小区*.csv")
    study.write_text(told, encoding="utf-8")
    path = tmp_path / "待补.xlsx"
    run("form", study, "--out", path)
    answer(path, "小区", 户数="80")
    run("fill", study, path)
    households = load_study(study).layers["residential"]["households"]
    assert households.tolist() == [80, 50, 80, 80, 50, 80]
