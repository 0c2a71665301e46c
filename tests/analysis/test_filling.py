"""Cells that streets filled in: kept beside the study, put in where the ledger holds nothing."""

from pathlib import Path

import openpyxl
import pytest

from analysis.evaluation import evaluate
from analysis.filled_cells import FilledCell, filled_file, filled_text, read_filled
from analysis.filling import with_filled
from analysis.study import load_study
from geo.errors import StudyError
from geo.layers import Layer, read_layer
from report.data.data_report import report_on_study_file
from tests.acceptance.terminal import carecircle_here
from tests.analysis.toy_study import estate, facility, spot, toy_study, write_study

LEDGER = """编号,小区名称,户数,养老用房面积,养老用房状态,面积口径,封闭,建设类型,经度,纬度
A1,甲,,20,已投用,建筑面积,,已建成,118.91234,42.21234
A2,乙,待核实,20,已投用,建筑面积,,已建成,118.92345,42.22345
A3,丙,100,20,,建筑面积,是,已建成,,
"""


def cell(id_: str, column: str, value: str, **more: str) -> FilledCell:
    name = {"A1": "甲", "A2": "乙", "A3": "丙", "r2": "乙"}.get(id_, "丁")
    told = {"name": name, "form": "新城.xlsx", **more}
    return FilledCell(layer="residential", id=id_, column=column, value=value, **told)


@pytest.fixture
def layer(tmp_path: Path) -> Layer:
    path = tmp_path / "台账.csv"
    path.write_text(LEDGER, encoding="utf-8")
    return read_layer(path, "residential", coordinates="wgs84")


def filled(layer: Layer, *cells: FilledCell) -> Layer:
    return with_filled({"residential": layer}, cells)["residential"]


def test_a_filled_cell_is_read_as_the_ledger_would_be(layer: Layer) -> None:
    after = filled(
        layer,
        cell("A1", "households", "约３００户"), cell("A2", "households", "200", was="待核实"),
        cell("A3", "care_status", "运营"), cell("A1", "gated", "否"),
        cell("A1", "completed_on", "2016"), cell("A3", "street", "新城"),
    )  # fmt: skip
    frame = after.frame.set_index("id")
    assert [*frame["households"]] == [300, 200, 100]
    assert [*frame["care_status"]] == ["operating"] * 3
    assert [*frame["gated"].astype(object)][::2] == [False, True]
    assert str(frame.loc["A1", "completed_on"].date()) == "2016-12-31"
    assert frame["completed_on"].notna().sum() == 1
    assert [*frame["street"].fillna("")] == ["", "", "新城"]
    # The layer that was read is as it was.
    assert layer.frame["households"].isna().sum() == 2


def test_what_is_filled_is_told_old_and_new_and_no_longer_missing(layer: Layer) -> None:
    after = filled(layer, cell("A2", "households", "200", was="待核实"))
    (told,) = [f for f in after.findings if f.row == 3 and f.column == "户数"]
    assert (told.severity, told.value, told.file) == ("info", "待核实", "台账.csv")
    assert "新城.xlsx" in str(told.message)
    assert "200" in str(told.message)
    # A1 is as missing as before.
    assert [f for f in after.findings if f.row == 2 and f.column == "户数"]


def test_an_answer_that_cannot_be_read_stays_unknown(layer: Layer) -> None:
    after = filled(layer, cell("A1", "households", "很多"), cell("A2", "households", "不详"))
    assert after.frame["households"].isna().sum() == 2
    (wrong,) = [f for f in after.findings if f.value == "很多"]
    assert (wrong.severity, wrong.row, wrong.column) == ("error", 2, "户数")


def test_the_ledger_stands_above_an_older_answer(layer: Layer) -> None:
    after = filled(layer, cell("A3", "households", "999"))
    assert after.frame.set_index("id").loc["A3", "households"] == 100
    assert any("没有采用" in str(f.message) and f.row == 4 for f in after.findings)


def test_a_row_that_is_gone_is_told(layer: Layer) -> None:
    after = filled(layer, cell("A9", "households", "999"))
    assert after.frame.equals(layer.frame)
    assert any("A9" in str(f.message) for f in after.findings)


def test_a_position_needs_both_figures(layer: Layer) -> None:
    both = filled(layer, cell("A3", "longitude", "118.95"), cell("A3", "latitude", "42.25"))
    point = both.frame.set_index("id").loc["A3", "geometry"]
    assert (point.x, point.y) == pytest.approx((118.95, 42.25))
    assert not any("几何为空" in str(f.message) for f in both.findings)
    half = filled(layer, cell("A3", "longitude", "118.95"))
    assert half.frame.geometry.isna().sum() == 1
    assert any(f.severity == "error" and f.row == 4 for f in half.findings)


def test_what_else_is_said_of_a_row_stays(tmp_path: Path) -> None:
    path = tmp_path / "台账.csv"
    rows = "编号,小区名称,户数,经度,纬度\nA1,甲,5,118.91234,42.21234\n,乙,5,,\n"
    path.write_text(rows, encoding="utf-8")
    layer = read_layer(path, "residential", coordinates="wgs84")
    after = filled(layer, cell("r2", "longitude", "118.95"), cell("r2", "latitude", "42.25"))
    assert after.frame.geometry.notna().all()
    assert any("编号为空" in str(finding.message) for finding in after.findings)


def test_a_position_from_a_web_map_is_moved(layer: Layer) -> None:
    pair = (cell("A3", "longitude", "118.95", coordinates="gcj02"),
            cell("A3", "latitude", "42.25", coordinates="gcj02"))  # fmt: skip
    point = filled(layer, *pair).frame.set_index("id").loc["A3", "geometry"]
    # 118.95 E, 42.25 N lies some 500 m east and 250 m north of where it really is.
    assert 0.004 < 118.95 - point.x < 0.008
    assert 0.001 < 42.25 - point.y < 0.004


def test_a_swapped_position_is_refused_and_told(layer: Layer) -> None:
    after = filled(layer, cell("A3", "longitude", "42.25"), cell("A3", "latitude", "118.95"))
    assert after.frame.geometry.isna().sum() == 1
    assert any(f.severity == "error" and "颠倒" in str(f.message) for f in after.findings)


@pytest.mark.parametrize("text", ['a"b', "a\\b", "a\nb", "=1+1", "\x7f\x01", "'''", "甲"])
def test_the_file_holds_any_text(text: str, tmp_path: Path) -> None:
    study = tmp_path / "x.study.toml"
    told = (cell("A1", "street", text), cell("A2", "street", "新城", was=text))
    filled_file(study).write_text(filled_text(told), encoding="utf-8")
    assert read_filled(study) == told


def test_of_one_cell_the_last_answer_is_kept(tmp_path: Path) -> None:
    study = tmp_path / "x.study.toml"
    told = [cell("A1", "households", "1"), cell("A1", "households", "2")]
    filled_file(study).write_text(filled_text(told), encoding="utf-8")
    assert [each.value for each in read_filled(study)] == ["2"]


@pytest.mark.parametrize(
    "text",
    ['[[cell]]\nlayer = "castle"\nid = "1"\ncolumn = "x"\nvalue = "1"', "[[cell]]\nid = 1", "[",
     '[[cell]]\nlayer = "residential"\nid = "1"\ncolumn = "geometry"\nvalue = "1"'],
)  # fmt: skip
def test_a_file_that_is_wrong_is_refused(text: str, tmp_path: Path) -> None:
    study = tmp_path / "x.study.toml"
    filled_file(study).write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match="filled"):
        read_filled(study)


def test_nobody_has_filled_anything_in(tmp_path: Path) -> None:
    assert read_filled(tmp_path / "x.study.toml") == ()


# --- from form to result --------------------------------------------------------------------------


def toy(folder: Path) -> Path:
    care = {"care_area_basis": "building", "care_status": "operating", "care_floor_area_m2": 20.0}
    homes = [estate("r1", spot(100, 0), street="新城", **care),
             estate("r2", spot(200, 0), float("nan"), street="桥北", **care)]  # fmt: skip
    rows = [facility("f1", spot(0, 0), status="operating", floor_area_m2=50.0),
            facility("f2", None, status="operating", floor_area_m2=50.0)]  # fmt: skip
    return write_study(toy_study(folder, residential=homes, facilities=rows), folder / "files")


def answer(form: Path, sheet: str, **answers: object) -> None:
    """Write answers into the yellow cells of a form, by heading."""
    book = openpyxl.load_workbook(form)
    page = book[sheet]
    headings = [cell.value for cell in page[1]]
    for row in page.iter_rows(min_row=2):
        for at, each in enumerate(row):
            heading = str(headings[at]).removesuffix("（必填）")
            if each.fill.start_color.rgb == "FFFFF2CC" and heading in answers:
                each.value = answers[heading]
    book.save(form)


def run(*words: object, code: int = 0) -> str:
    done = carecircle_here(*words)
    assert done.returncode == code, done.stderr + done.stdout
    return done.stdout


def test_a_street_answers_and_the_verdict_follows(tmp_path: Path) -> None:
    study, form = toy(tmp_path), tmp_path / "待补.xlsx"
    before = {path.name: path.read_bytes() for path in study.parent.glob("*.gpkg")}
    verdict = evaluate(load_study(study), draw="when asked").provision.set_index("residential_id")
    assert verdict.loc["r2", "verdict"] == "unknown"
    run("form", study, "--out", form)
    lon, lat = load_study(study).layers["facilities"].to_crs(4326).geometry.iloc[0].coords[0]
    answer(form, "小区", 户数="80户", 建成年份="2016")
    answer(form, "设施", 经度=lon + 0.001, 纬度=lat)
    said = run("fill", study, form)
    assert "待补.xlsx：采用" in said
    assert "toy.filled.toml" in said
    after = evaluate(load_study(study), draw="when asked")
    table = after.provision.set_index("residential_id")
    # 80 households owe 16 m² and have 20.
    assert (table.loc["r2", "verdict"], table.loc["r2", "required_m2"]) == ("met", 16)
    assert after.counted == ("f1", "f2")
    assert "toy.filled.toml" in after.study.inputs
    assert any("80户" in str(finding.message) for finding in after.findings)
    # The ledgers are not ours to change, and what is answered is no longer asked for.
    assert {path.name: path.read_bytes() for path in study.parent.glob("*.gpkg")} == before
    left = {column for layer in report_on_study_file(study).layers
            for column in layer.missing["column"]}  # fmt: skip
    assert "households" not in left
    assert "geometry" not in left


def test_an_answer_may_be_corrected_and_a_wrong_one_is_told(tmp_path: Path) -> None:
    study, form = toy(tmp_path), tmp_path / "待补.xlsx"
    run("form", study, "--out", form)
    answer(form, "小区", 户数="80")
    run("fill", study, form)
    answer(form, "小区", 户数="90")
    run("fill", study, form)
    assert [c.value for c in read_filled(study) if c.column == "households"] == ["90"]
    answer(form, "小区", 户数="很多")
    assert "很多" in run("fill", study, form, code=1)
    # What could not be read takes nothing away.
    assert [c.value for c in read_filled(study) if c.column == "households"] == ["90"]


def test_a_grey_cell_that_was_changed_is_told_and_not_taken(tmp_path: Path) -> None:
    study, form = toy(tmp_path), tmp_path / "待补.xlsx"
    run("form", study, "--out", form)
    book = openpyxl.load_workbook(form)
    page = book["小区"]
    headings = [each.value for each in page[1]]
    page.cell(2, headings.index("小区名称（必填）") + 1).value = "别的小区"
    book.save(form)
    said = run("fill", study, form)
    assert "“别的小区”" in said
    assert "现在是" in said
    assert not [c for c in read_filled(study) if c.column == "name"]


def test_a_form_that_nobody_filled_in_writes_nothing(tmp_path: Path) -> None:
    study, form = toy(tmp_path), tmp_path / "待补.xlsx"
    run("form", study, "--out", form)
    assert "没有写文件" in run("fill", study, form)
    assert not filled_file(study).exists()


def test_what_is_no_form_is_refused_in_one_line(tmp_path: Path) -> None:
    study = toy(tmp_path)
    other = tmp_path / "a.csv"
    other.write_text("a\n", encoding="utf-8")
    template = tmp_path / "b.xlsx"
    openpyxl.Workbook().save(template)
    for file in (other, template, tmp_path / "none.xlsx"):
        done = carecircle_here("fill", study, file)
        assert done.returncode == 1
        assert len(done.stderr.strip().splitlines()) == 1
    assert not filled_file(study).exists()
