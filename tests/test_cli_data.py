"""The terminal about data: inspecting files and studies, forms and templates, commas."""

import json
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

from cli_parts import numbers_of, parts_of
from geo.schema import SCHEMAS
from tests.acceptance.terminal import carecircle_here
from tests.analysis.toy_study import estate, facility, people, spot, toy_study, write_study
from tests.conftest import METRIC

HEADER = "小区名称,户数,街道,经度,纬度\n"
GOOD = HEADER + "甲,500,新城,118.91234,42.21234\n乙,300,新城,118.92345,42.22345\n"
BAD = HEADER + "甲,很多,新城,118.91234,42.21234\n乙,,新城,118.92345,42.22345\n"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    folder = tmp_path / "台账"
    folder.mkdir()
    return folder


def put(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def run(*words: object, code: int = 0) -> str:
    done = carecircle_here(*words)
    assert done.returncode == code, done.stderr + done.stdout
    return done.stdout


def toy(folder: Path) -> Path:
    rows = {
        "facilities": [facility("f1", spot(0, 0), status="operating")],
        "residential": [estate("r1", spot(100, 0), street="新城"),
                        estate("r2", spot(200, 0), float("nan"), street="桥北")],
        "population": [people("p1", spot(100, 0), 100, 20)],
    }  # fmt: skip
    return write_study(toy_study(folder, **rows), folder / "files")


# --- one file ------------------------------------------------------------------------------------


def test_a_file_is_told_shortly_with_what_it_does(desk: Path) -> None:
    said = run("inspect", put(desk / "a.csv", BAD), "--as", "residential", code=1)
    lines = said.splitlines()
    assert lines[0].startswith("a.csv：作为“小区”读入 2 行")
    assert any("[错误]" in line and "第 2 行" in line and "很多" in line for line in lines)
    assert any("2 个小区户数缺失" in line for line in lines)
    assert any(line.startswith("a.csv：2 条记录，1 个错误") for line in lines)


@pytest.mark.parametrize("word", ["residential", "小区", " 小区 ", "Residential"])
def test_a_layer_is_called_in_either_language(desk: Path, word: str) -> None:
    assert "作为“小区”" in run("inspect", put(desk / "a.csv", GOOD), "--as", word)


@pytest.mark.parametrize("layer", [name for name in SCHEMAS if name != "streets"])
def test_every_layer_can_be_inspected(desk: Path, layer: str) -> None:
    done = carecircle_here("inspect", put(desk / "a.csv", "什么\n1\n"), "--as", layer)
    assert done.returncode == 1
    assert "a.csv" in done.stderr


def test_alike_findings_stand_in_one_line_unless_asked(desk: Path) -> None:
    rows = "".join(f"小区{n},约{n + 10}户,新城,118.9{n:04},42.2{n:04}\n" for n in range(30))
    file = put(desk / "a.csv", HEADER + rows)
    short, whole = (run("inspect", file, "--as", "residential", *more) for more in ((), ("--all",)))
    (line,) = [line for line in short.splitlines() if "“户数”列" in line]
    assert "同类 30 处" in line
    assert "第 2 行 “约10户”" in line
    assert "第 4 行" in line
    assert "第 5 行" not in line
    assert len([line for line in whole.splitlines() if "“户数”列" in line]) == 30


def test_few_alike_findings_are_told_one_by_one(desk: Path) -> None:
    rows = "".join(f"小区{n},约{n + 10}户,新城,118.9{n:04},42.2{n:04}\n" for n in range(5))
    said = run("inspect", put(desk / "a.csv", HEADER + rows), "--as", "residential")
    assert len([line for line in said.splitlines() if "“户数”列" in line]) == 5


def test_json_keeps_its_keys_and_tells_the_report(desk: Path) -> None:
    said = json.loads(
        run("inspect", put(desk / "a.csv", BAD), "--as", "residential", "--json", code=1)
    )
    assert said["rows"] == 2
    assert {"severity", "layer", "file", "row", "column", "value", "message", "remedy"} == {
        *said["findings"][0]
    }
    (layer,) = said["report"]["layers"]
    assert layer["counts"]["unread"] == layer["counts"]["missing"] == 1
    assert layer["effects"][0]["column"] == "households"


def test_a_refused_file_is_one_line_and_no_json(desk: Path) -> None:
    file = put(desk / "a.csv", "小区名称,经度,纬度\n甲,118.9,42.2\n")
    for more in ((), ("--json",)):
        done = carecircle_here("inspect", file, "--as", "residential", *more)
        assert done.returncode == 1
        assert len(done.stderr.strip().splitlines()) == 1
        assert not done.stdout.strip()


def test_a_file_that_is_not_said_what_it_is_is_wrong_usage(desk: Path) -> None:
    done = carecircle_here("inspect", put(desk / "a.csv", GOOD))
    assert done.returncode == 2
    assert "--as" in done.stderr


# --- many files ----------------------------------------------------------------------------------


def many(desk: Path) -> None:
    for number in range(1, 19):
        put(desk / f"街道{number:02}.csv", BAD if number == 7 else GOOD)
    put(desk / "~$街道01.xlsx", "lock")
    put(desk / "说明.docx", "no data")


def test_a_folder_of_eighteen_files_is_a_line_each(desk: Path) -> None:
    many(desk)
    said = run("inspect", desk, "--as", "residential", code=1)
    assert len([line for line in said.splitlines() if line.startswith("│ 街道")]) == 18
    assert "合计 18 个文件，36 条记录，1 个错误；0 个文件不能读取。" in said


def test_a_pattern_and_several_files_are_taken_too(desk: Path) -> None:
    many(desk)
    assert "合计 9 个文件" in run("inspect", desk / "街道0*.csv", "--as", "小区", code=1)
    two = (desk / "街道01.csv", desk / "街道02.csv")
    assert "合计 2 个文件，4 条记录" in run("inspect", *two, "--as", "小区")
    # Named twice is one file.
    assert "合计 2 个文件" in run("inspect", *two, *two, "--as", "小区")


def test_one_bad_file_stops_no_other(desk: Path) -> None:
    many(desk)
    put(desk / "坏.csv", "什么\n1\n")
    done = carecircle_here("inspect", desk, "--as", "residential")
    assert done.returncode == 1
    assert "1 个文件不能读取" in done.stdout
    assert all("坏.csv" in line for line in done.stderr.strip().splitlines())
    told = carecircle_here("inspect", desk, "--as", "residential", "--json")
    assert json.loads(told.stdout)["rows"] == 36


def test_what_stands_in_two_files_is_told(desk: Path) -> None:
    header, row = "编号,小区名称,户数,经度,纬度\n", "甲,5,118.91234,42.21234\n"
    put(desk / "a.csv", header + "1," + row + "2," + row.replace("甲", "乙"))
    put(desk / "b.csv", header + "1," + row.replace("甲", "丙") + "3," + row)
    put(desk / "c.csv", header + "9," + row.replace("甲", "丁"))
    said = run("inspect", desk, "--as", "residential")
    assert "1 个编号在几个文件里都有（如“1”：a.csv、b.csv）" in said
    assert "1 个名称在几个文件里都有（如“甲”：a.csv、b.csv）" in said
    told = json.loads(run("inspect", desk, "--as", "residential", "--json"))
    assert len([each for each in told["findings"] if "几个文件" in each["message"]]) == 2
    # Ids that were made are no ids, and once in one file is once.
    one = put(desk / "d.csv", GOOD)
    other = put(desk / "e.csv", HEADER + "戊,5,新城,118.91234,42.21234\n")
    assert "几个文件" not in run("inspect", one, other, "--as", "residential")


def test_nothing_to_read_is_said(desk: Path) -> None:
    for what, said in ((desk, "里面是空的"), (desk / "*.xlsx", "没有找到")):
        done = carecircle_here("inspect", what, "--as", "residential")
        assert done.returncode == 1
        assert said in done.stderr


# --- a study -------------------------------------------------------------------------------------


def test_a_study_is_inspected_layer_by_layer(tmp_path: Path) -> None:
    study = toy(tmp_path)
    said = run("inspect", study)
    assert "residential.gpkg：作为“小区”读入 2 行" in said
    assert "1 个小区户数缺失" in said
    assert "没有图层 boundaries" in said
    assert "合计 4 个文件" in said
    (study.parent / "residential.gpkg").unlink()
    done = carecircle_here("inspect", study)
    assert done.returncode == 1
    # Why it cannot be read stands with the layer, not apart from it.
    assert "residential.gpkg（小区）：不能读取。\n  residential.gpkg：" in done.stdout
    assert done.stderr == ""
    assert "facilities.gpkg：作为“设施”读入 1 行" in done.stdout


def test_an_error_in_any_layer_is_1(tmp_path: Path) -> None:
    study = toy(tmp_path)
    put(study.parent / "care.csv", "名称,类别,床位数,经度,纬度\n甲,养老院,很多,119.01234,42.2123\n")
    text = study.read_text(encoding="utf-8").replace("facilities.gpkg", "care.csv")
    study.write_text(text, encoding="utf-8")
    assert "很多" in run("inspect", study, code=1)


def test_a_study_that_is_none_is_refused_in_one_line(desk: Path) -> None:
    done = carecircle_here("inspect", put(desk / "x.study.toml", "title = 3"))
    assert done.returncode == 1
    assert "x.study.toml" in done.stderr
    assert carecircle_here("inspect", desk / "none.toml").returncode == 1


# --- Excel ---------------------------------------------------------------------------------------


def test_the_report_is_written_as_excel(tmp_path: Path) -> None:
    out = tmp_path / "报告.xlsx"
    run("inspect", toy(tmp_path), "--out", out)
    book = openpyxl.load_workbook(out)
    assert book["总览"].max_row == 6  # a heading, four layers, the study as a whole
    assert [path.name for path in tmp_path.glob("*报告*")] == ["报告.xlsx"]


def test_a_form_is_written_for_all_or_by_street(tmp_path: Path) -> None:
    study, out = toy(tmp_path), tmp_path / "待补"
    said = run("form", study, "--per-street", "--out", out)
    assert {path.stem for path in out.iterdir()} == {"待补_新城", "待补_桥北", "待补_未写街道"}
    whole = run("form", study, "--out", tmp_path / "form.xlsx")
    counts = [int(line.split("：")[1].split()[0]) for line in said.splitlines()]
    assert int(whole.split("：")[1].split()[0]) == sum(counts)


def test_where_nothing_lacks_no_form_is_written(tmp_path: Path) -> None:
    file = put(tmp_path / "a.csv", "编号,经度,纬度,小区编号\n1,118.91234,42.21234,r1\n")
    assert "没有要补" in run("form", file, "--as", "entrances", "--out", tmp_path / "x.xlsx")
    assert not (tmp_path / "x.xlsx").exists()


def test_a_template_is_written_for_one_layer_or_all(tmp_path: Path) -> None:
    one = tmp_path / "设施.xlsx"
    run("template", "设施", "--out", one)
    assert openpyxl.load_workbook(one).sheetnames == ["设施", "说明"]
    run("template", "all", "--out", tmp_path / "模板")
    assert len([*(tmp_path / "模板").iterdir()]) == len(SCHEMAS)
    assert carecircle_here("template", "城堡", "--out", tmp_path / "x.xlsx").returncode == 2
    # All of them in a folder called 全部.xlsx is what nobody meant.
    assert carecircle_here("template", "all", "--out", tmp_path / "全部.xlsx").returncode == 2
    assert not (tmp_path / "全部.xlsx").exists()


def test_a_template_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "小区.xlsx"
    path.write_bytes(b"filled in")
    for words in (("residential", path), ("all", tmp_path)):
        done = carecircle_here("template", words[0], "--out", words[1])
        assert done.returncode == 1
        assert done.stderr.strip() == "小区.xlsx：已有这个文件，没有覆盖。请换一个文件名或文件夹。"
    assert [each.name for each in tmp_path.iterdir()] == ["小区.xlsx"]
    assert path.read_bytes() == b"filled in"


def test_an_empty_template_is_told_to_be_empty(tmp_path: Path) -> None:
    one = tmp_path / "设施.xlsx"
    run("template", "facilities", "--out", one)
    assert "没有数据" in run("inspect", one, "--as", "facilities", code=1)


# --- commas --------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["a,b", "a，b", "a、 b", " a ，b，"])
def test_options_are_parted_by_commas_of_either_width(text: str) -> None:
    assert parts_of(text) == ["a", "b"]


def test_numbers_are_parted_by_commas_of_either_width() -> None:
    assert numbers_of("119.5，42", "--at", exactly=2) == [119.5, 42]
    assert numbers_of("5，10,15", "--minutes") == [5, 10, 15]


def test_full_width_commas_are_taken_by_the_commands(tmp_path: Path) -> None:
    study = toy(tmp_path)
    out = tmp_path / "out"
    run("evaluate", study, "--out", out, "--categories", "day_care，care_home")
    told = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert told["parameters"]["categories"] == ["day_care", "care_home"]
    lon, lat = gpd.GeoSeries([spot(300, 0)], crs=METRIC).to_crs(4326).iloc[0].coords[0]
    drawn = tmp_path / "a.geojson"
    run("isochrone", study, "--at", f"{lon}，{lat}", "--minutes", "2，5", "--out", drawn)
    assert [*gpd.read_file(drawn)["minutes"]] == [2, 5]
    asked = run("conditions", "--households", 1250, "--rules", "chifeng，anhui", "--json")
    assert json.loads(asked)["required_m2"] > 0
    assert pd.read_csv(out / "places.csv", encoding="utf-8-sig")["place_id"].notna().all()


@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_is_not_the_folder_where_one_stands(name: str) -> None:
    done = carecircle_here("inspect", name, "--as", "facilities")
    assert done.returncode == 1
    assert "文件名是空的" in done.stderr
