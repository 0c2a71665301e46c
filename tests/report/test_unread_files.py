"""A file of a pattern that cannot be read: the others are told of, it with its reason."""

from pathlib import Path

import openpyxl
import pytest

from analysis.described_layers import read_described, read_what_can_be
from analysis.description import LayerSource
from analysis.filled_cells import FilledCell
from geo.errors import LayerError
from report.data.data_report import DataReport, report_on_study_file
from report.data.printed import print_files, print_report
from report.data.tables import files_table, overview_table, report_content
from report.data.workbook import write_report
from report.terminal import print_summary
from tests.analysis.toy_study import estate, spot, toy_study, write_study
from ui.data.report import layers_table

GOOD = "小区名称,户数,经度,纬度\n甲苑,100,118.91,42.21\n乙苑,,118.92,42.22\n"
OTHER = "小区名称,户数,经度,纬度\n丙苑,50,118.93,42.23\n"
BAD = "什么\n1\n"
SOURCE = LayerSource(path="小区/*.csv", coordinates="wgs84")


def ledgers(folder: Path, **files: str) -> Path:
    (folder / "小区").mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / "小区" / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def study(folder: Path, **files: str) -> Path:
    path = write_study(toy_study(folder, residential=[estate("r1", spot(0, 0))]), folder)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"residential.gpkg"', '"小区/*.csv"'), encoding="utf-8")
    ledgers(folder, **files)
    return path


@pytest.fixture
def report(tmp_path: Path) -> DataReport:
    return report_on_study_file(study(tmp_path, 甲街道=GOOD, 乙街道=OTHER, 坏=BAD, 更坏=BAD))


def test_what_can_be_read_is_read_and_an_evaluation_refuses_all(tmp_path: Path) -> None:
    ledgers(tmp_path, 甲街道=GOOD, 乙街道=OTHER, 坏=BAD)
    layer, refused = read_what_can_be(SOURCE, tmp_path, "residential")
    assert layer is not None
    assert [file.name for file in layer.files] == ["乙街道.csv", "甲街道.csv"]
    assert (len(layer.frame), [*refused]) == (3, ["坏.csv"])
    with pytest.raises(LayerError) as error:
        read_described(SOURCE, tmp_path, "residential")
    assert error.value.messages == refused["坏.csv"]


def test_without_any_good_file_there_is_no_layer(tmp_path: Path) -> None:
    ledgers(tmp_path, 坏=BAD, 更坏=BAD)
    layer, refused = read_what_can_be(SOURCE, tmp_path, "residential")
    assert (layer, [*refused]) == (None, ["坏.csv", "更坏.csv"])


def test_the_good_files_are_told_of_beside_the_bad(report: DataReport) -> None:
    (homes,) = (layer for layer in report.layers if layer.layer == "residential")
    assert (homes.rows, homes.cells > 0) == (3, True)
    assert (homes.file_count, homes.unread_count) == (4, 2)
    assert [file.file for file in homes.by_file()] == [
        "乙街道.csv", "甲街道.csv", "坏.csv", "更坏.csv",
    ]  # fmt: skip
    assert len(report.refused) == 2
    assert homes.errors == 2
    assert not report.all_refused
    told = report_content(report)["layers"][0]
    assert [bool(file["refused"]) for file in told["files"]] == [False, False, True, True]


def test_each_bad_file_stands_with_its_reason_and_is_counted(
    report: DataReport, capsys: pytest.CaptureFixture[str]
) -> None:
    print_report(report, each=False)
    said = capsys.readouterr().out.splitlines()
    at = said.index("  坏.csv：不能读取。")
    assert said[at + 1].startswith("    坏.csv：没有找到表头")
    # Four ledgers and the streets; two of them cannot be read.
    assert said[-1].startswith("合计 5 个文件，")
    assert said[-1].endswith("2 个文件不能读取。")


def test_a_pattern_of_bad_files_counts_them_all(tmp_path: Path) -> None:
    whole = report_on_study_file(study(tmp_path, 坏=BAD, 更坏=BAD))
    (homes,) = (layer for layer in whole.layers if layer.layer == "residential")
    assert (homes.file_count, homes.unread_count, homes.errors) == (2, 2, 2)
    assert len(homes.refused) == 2


def test_what_was_filled_in_for_a_file_that_cannot_be_read_is_not_doubted(tmp_path: Path) -> None:
    path = study(tmp_path, 甲街道=GOOD, 坏=BAD)
    cell = FilledCell(
        layer="residential", id="坏·r1", name="丁苑", row=2, file="坏.csv", column="households",
        value="5", form="坏.xlsx", form_row=2,
    )  # fmt: skip
    told = report_on_study_file(path, filled=[cell])
    assert not [f for f in told.findings if "坏·r1" in str(f.message)]
    gone = report_on_study_file(path, filled=[cell.model_copy(update={"file": "甲街道.csv"})])
    assert [f for f in gone.findings if "坏·r1" in str(f.message)]


def test_no_table_counts_a_file_twice(report: DataReport, tmp_path: Path) -> None:
    overview, files = overview_table(report), files_table(report)
    assert overview["rows"].sum() == report.rows
    assert overview["errors"].sum() == report.errors
    assert files["rows"].sum() == 3
    book = tmp_path / "报告.xlsx"
    write_report(report, book)
    assert openpyxl.load_workbook(book).sheetnames[:2] == ["总览", "各文件"]


def test_the_page_and_the_workbook_count_alike(report: DataReport) -> None:
    page, overview = layers_table(report), overview_table(report)
    for heading, column in (("存疑", "doubtful"), ("无法读取", "unread"), ("错误", "errors")):
        assert page[heading].tolist() == overview[column].tolist()


def test_a_row_a_file_says_how_to_see_which_rows(
    report: DataReport, capsys: pytest.CaptureFixture[str]
) -> None:
    print_files(report)
    assert "--all" in capsys.readouterr().out


@pytest.mark.parametrize("unlocated", [7727, 0])
def test_people_of_whom_nobody_knows_where_they_live_stand_in_the_table(
    unlocated: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    summary = {
        "title": "研究", "notice": "", "band": {"0.8": 0.2, "1.0": 0.4},
        "coverage": {
            "covered_60plus": 2356, "elderly_60plus": 7923, "share_60plus": 0.297,
            "lower_bound": True, "covered_areas": 1, "areas": 2, "share_areas": 0.5,
            "unlocated_60plus": unlocated,
        },
        "provision": {
            "met": 1, "met_pooled": 0, "short": 1, "unknown": 0, "in_scope": 2, "rate": 0.5,
            "deficit_m2": 3.0,
        },
    }  # fmt: skip
    print_summary(summary, [], tmp_path)
    said = capsys.readouterr().out
    assert ("位置不明" in said, "7,727" in said) == (bool(unlocated), bool(unlocated))
