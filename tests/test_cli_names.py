"""The terminal about names and places: who is meant, who has no place, and what is kept of it."""

import csv
import json
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest

from analysis.matching.kept import matches_file, read_confirmed
from analysis.placing.by_hand import hand_file, read_hand_places
from analysis.study import load_study
from geo.databases.address import is_database
from report.data.data_report import report_on_study_file
from tests.acceptance.terminal import carecircle_here
from tests.analysis.toy_study import people, spot, toy_study, write_study
from tests.conftest import METRIC

# 幸福里小区 is like 幸福小区 and like nothing else; 幸福小区 is written as it is called; 远方苑 is
# like none of them.
FACILITIES = (
    "编号,名称,类别,运营状态,建筑面积,服务小区,地址,经度,纬度\n"
    "F1,甲站,社区养老服务站,运营,50,幸福里小区,东街1号,{a}\n"
    "F2,乙站,社区养老服务站,运营,60,幸福小区,西街2号,,\n"
    "F3,=丙站,日间照料,停业,30,远方苑,西街3号,,\n"
)
ESTATES = (
    "编号,小区名称,户数,建设类型,经度,纬度\n"
    "R1,幸福小区,100,已建成,{a}\n"
    "R2,阳光花园,200,已建成,{b}\n"
)


def degrees(x: float, y: float) -> tuple[float, float]:
    here = gpd.GeoSeries([spot(x, y)], crs=METRIC).to_crs("EPSG:4326").iloc[0]
    return here.x, here.y


def cells(x: float, y: float) -> str:
    return ",".join(f"{value:.9f}" for value in degrees(x, y))


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Give a study whose facilities name estates, two of them without coordinates."""
    drawn = toy_study(tmp_path, population=[people("p1", spot(100, 0), 100, 20)])
    path = write_study(drawn, tmp_path)
    (tmp_path / "设施.csv").write_text(FACILITIES.format(a=cells(0, 5)), encoding="utf-8")
    text = ESTATES.format(a=cells(100, 30), b=cells(300, 30))
    (tmp_path / "小区.csv").write_text(text, encoding="utf-8")
    layers = (
        'facilities = { path = "设施.csv", coordinates = "wgs84" }\n'
        'residential = { path = "小区.csv", coordinates = "wgs84" }\n'
    )
    path.write_text(path.read_text(encoding="utf-8") + layers, encoding="utf-8")
    return path


def run(*words: object, code: int = 0) -> str:
    done = carecircle_here(*words)
    assert done.returncode == code, done.stderr + done.stdout
    return done.stdout


def counts(said: str) -> dict[str, int]:
    (row,) = [row for row in json.loads(said)["counts"] if row["column"] == "serves"]
    return {name: row[name] for name in ("sure", "doubtful", "unmatched", "said_none")}


# --- names ---------------------------------------------------------------------------------------


def test_names_are_counted_by_how_sure_they_are(study: Path) -> None:
    said = run("match", study, "--json")
    assert counts(said) == {"sure": 1, "doubtful": 1, "unmatched": 1, "said_none": 0}
    waiting = {(w["asked"], w["to_id"], w["status"]) for w in json.loads(said)["waiting"]}
    assert waiting == {("幸福里小区", "R1", "doubtful"), ("远方苑", "", "unmatched")}
    lines = run("match", study).splitlines()
    assert any("存疑" in line and "幸福里小区" in line and "R1" in line for line in lines)
    assert any("找不到" in line and "远方苑" in line for line in lines)


def test_the_form_goes_out_and_its_answers_are_kept(study: Path) -> None:
    form = study.parent / "待确认.xlsx"
    assert "待确认.xlsx：2 个名称待确认。" in run("match", study, "--out", form)
    answer(form, {"幸福里小区": "是", "远方苑": "都不是"})
    said = run("match", study, "--confirm", form, "--by", "王")
    assert "记下 2 条确认，0 行没有采用。" in said
    kept = {(one.asked, one.to_id, one.decision, one.by) for one in read_confirmed(study)}
    assert kept == {("幸福里小区", "R1", "same", "王"), ("远方苑", "", "none", "王")}
    after = counts(run("match", study, "--json"))
    assert after == {"sure": 2, "doubtful": 0, "unmatched": 0, "said_none": 1}
    facilities = load_study(study).layers["facilities"]
    assert facilities["serves"].iloc[0] == "幸福小区"


def test_an_answer_that_cannot_be_kept_is_told_by_the_row_of_its_file(study: Path) -> None:
    form = study.parent / "待确认.xlsx"
    run("match", study, "--out", form)
    answer(form, {"幸福里小区": "大概", "远方苑": "R2"}, title="某街道办事处 2025 年")
    done = carecircle_here("match", study, "--confirm", form)
    assert done.returncode == 1
    # The title stands above the header now, so the name is in row 3.
    assert "第 3 行" in done.stdout
    assert "大概" in done.stdout
    assert "记下 1 条确认，1 行没有采用。" in done.stdout
    assert [(one.asked, one.to_id) for one in read_confirmed(study)] == [("远方苑", "R2")]


def test_a_form_as_csv_comes_back_too(study: Path) -> None:
    form = study.parent / "待确认.csv"
    run("match", study, "--out", form)
    with form.open(encoding="utf-8-sig", newline="") as file:
        heading, *rows = csv.reader(file)
    at, name = heading.index("确认"), heading.index("行名称")
    assert [row[name] for row in rows] == ["甲站", "'=丙站"]
    for row in rows:
        row[at] = "都不是"
    with form.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([heading, *rows])
    assert "记下 2 条确认" in run("match", study, "--confirm", form)
    assert {one.row_name for one in read_confirmed(study)} == {"甲站", "=丙站"}


def test_a_confirmation_is_taken_back_by_its_name(study: Path) -> None:
    form = study.parent / "待确认.xlsx"
    run("match", study, "--out", form)
    answer(form, {"幸福里小区": "是"})
    run("match", study, "--confirm", form)
    assert "已撤销“幸福里小区”的 1 条确认。" in run("match", study, "--undo", "幸福里小区")
    assert not matches_file(study).exists()
    refused = carecircle_here("match", study, "--undo", "幸福里小区")
    assert refused.returncode == 1
    assert "没有确认过“幸福里小区”" in refused.stderr


def test_what_is_no_form_is_refused_in_one_line(study: Path) -> None:
    wrong = study.parent / "假.xlsx"
    wrong.write_bytes(b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>")
    refused = carecircle_here("match", study, "--confirm", wrong)
    assert refused.returncode == 1
    assert len(refused.stderr.strip().splitlines()) == 1
    other = carecircle_here("match", study, "--confirm", study.parent / "小区.csv")
    assert other.returncode == 1
    assert "确认表缺少" in other.stdout
    assert not matches_file(study).exists()
    ending = carecircle_here("match", study, "--out", study.parent / "名单.docx")
    assert ending.returncode == 1
    assert ".xlsx" in ending.stderr


def answer(form: Path, answers: dict[str, str], title: str = "") -> None:
    book = openpyxl.load_workbook(form)
    page = book.worksheets[0]
    heading = [cell.value for cell in page[1]]
    asked, at = heading.index("所写名称"), heading.index("确认")
    for row in page.iter_rows(min_row=2):
        row[at].value = answers.get(row[asked].value)
    if title:
        page.insert_rows(1)
        page["A1"] = title
    book.save(form)


# --- places --------------------------------------------------------------------------------------


def test_rows_without_a_place_are_listed_with_what_it_does(study: Path) -> None:
    said = run("place", study)
    assert "设施：1 行没有位置，不计入服务圈" in said  # F2 runs, F3 is closed
    assert "设施：1 行没有位置，不上图" in said
    assert "西街2号" in said
    rows = json.loads(run("place", study, "facilities", "--json"))["rows"]
    assert [(row["id"], row["row"], row["address"]) for row in rows] == [
        ("F2", 3, "西街2号"), ("F3", 4, "西街3号"),
    ]  # fmt: skip
    assert "所有行都有位置。" in run("place", study, "小区")


def test_a_table_to_fill_in_serves_the_study_as_places(study: Path) -> None:
    table = study.parent / "地址.xlsx"
    assert "地址.xlsx：2 行待填经纬度。" in run("place", study, "--out", table)
    book = openpyxl.load_workbook(table)
    page = book.worksheets[0]
    rows = [[cell.value for cell in row] for row in page.iter_rows(max_col=5)]
    assert rows == [
        ["编号", "名称", "地址", "经度", "纬度"],
        ["F2", "乙站", "西街2号", None, None],
        ["F3", "=丙站", "西街3号", None, None],
    ]
    page["D2"], page["E2"] = degrees(200, 5)
    book.save(table)
    text = study.read_text(encoding="utf-8").replace(
        'path = "设施.csv"',
        'path = "设施.csv", places = "地址.xlsx", places_coordinates = "wgs84"',
    )
    study.write_text(text, encoding="utf-8")
    facilities = load_study(study).layers["facilities"].set_index("id")
    at = facilities.geometry["F2"]
    assert (at.x, at.y) == pytest.approx((spot(200, 5).x, spot(200, 5).y), abs=0.01)
    rows = json.loads(run("place", study, "--json"))["rows"]
    assert [row["id"] for row in rows] == ["F3"]


def test_a_place_by_hand_is_kept_and_taken_away(study: Path) -> None:
    longitude, latitude = degrees(200, 5)
    said = run("place", study, "设施", "F2", "--at", f"{longitude},{latitude}", "--by", "李")
    assert "“乙站”（F2）放在" in said
    assert hand_file(study).name in said
    (kept,) = read_hand_places(study)
    assert (kept.layer, kept.id, kept.name, kept.by) == ("facilities", "F2", "乙站", "李")
    rows = json.loads(run("place", study, "--json"))["rows"]
    assert [row["id"] for row in rows] == ["F3"]
    assert "已撤销" in run("place", study, "facilities", "F2", "--undo")
    assert not hand_file(study).exists()
    again = carecircle_here("place", study, "facilities", "F2", "--undo")
    assert again.returncode == 1
    assert "没有手工给的位置" in again.stderr


def test_a_place_that_is_none_is_refused(study: Path) -> None:
    unknown = carecircle_here("place", study, "facilities", "F9", "--at", "118.9,42.2")
    assert unknown.returncode == 1
    assert "F9" in unknown.stderr
    assert carecircle_here("place", study, "facilities", "F2", "--at", "200,95").returncode == 1
    assert carecircle_here("place", study, "facilities", "--at", "118.9,42.2").returncode == 2
    assert carecircle_here("place", study, "facilities", "F2").returncode == 2
    assert not hand_file(study).exists()


# --- the report on the data knows both -----------------------------------------------------------


def test_the_data_report_has_places_and_names_as_the_evaluation_has_them(study: Path) -> None:
    def missing() -> list[str]:
        report = report_on_study_file(study)
        (facilities,) = (layer for layer in report.layers if layer.layer == "facilities")
        assert any("最像" in str(finding.message) for finding in facilities.findings)
        told = facilities.missing
        return [*told.loc[told["column"].eq("geometry"), "id"]]

    assert missing() == ["F2"]  # F3 is closed: nobody is asked where it is
    longitude, latitude = degrees(200, 5)
    run("place", study, "facilities", "F2", "--at", f"{longitude},{latitude}")
    assert missing() == []


def test_the_data_report_tells_what_stops_the_evaluation_and_goes_on(study: Path) -> None:
    text = study.read_text(encoding="utf-8").replace(
        'path = "设施.csv"', 'path = "设施.csv", places = "没有.xlsx"'
    )
    study.write_text(text, encoding="utf-8")
    matches_file(study).write_text("match = 3\n", encoding="utf-8")
    report = report_on_study_file(study)
    assert {layer.layer: layer.rows for layer in report.layers}["facilities"] == 3
    others = [str(each.finding.line()) for each in report.others]
    assert any("没有.xlsx" in line for line in others)
    assert any(matches_file(study).name in line for line in others)
    assert report.errors == 1  # a table of addresses may still have to be written


# --- what inspect takes --------------------------------------------------------------------------


def test_inspect_reads_a_folder_of_one_shapefile_and_its_zip(tmp_path: Path) -> None:
    inner = tmp_path / "小区" / "数据"
    inner.mkdir(parents=True)
    frame = gpd.GeoDataFrame(
        {"name": ["甲", "乙"], "households": [100, 200]},
        geometry=[spot(0, 0), spot(100, 0)], crs=METRIC,
    )  # fmt: skip
    frame.to_file(inner / "estates.shp", encoding="utf-8")
    for folder in (inner, tmp_path / "小区"):
        said = run("inspect", folder, "--as", "residential")
        assert "读入 2 行" in said
    import shutil  # noqa: PLC0415 - used here alone

    shutil.make_archive(str(tmp_path / "打包"), "zip", tmp_path / "小区")
    assert "读入 2 行" in run("inspect", tmp_path / "打包.zip", "--as", "residential")


@pytest.mark.parametrize(
    "address", ["postgresql://u:geheim@127.0.0.1:1/db?table=a", "postgresql://u:geheim@127.0.0.1:1",
                "postgresql://u:ge@heim@x/y?z=[1]"],
)  # fmt: skip
def test_inspect_asks_a_database_and_never_shows_its_password(address: str) -> None:
    assert is_database(address)
    refused = carecircle_here("inspect", address, "--as", "residential")
    assert refused.returncode == 1
    assert refused.stderr.strip()
    assert "geheim" not in refused.stdout + refused.stderr
    assert "heim" not in refused.stdout + refused.stderr
