"""The workbook of a briefing, read again by two other readers and by our own."""

import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from analysis.evaluation import Evaluation
from analysis.pooling.walks import pool_walks
from analysis.provision.check import check_provision
from geo.ingest import read_layer
from geo.schema import SCHEMAS
from report.briefing.content import Briefing, Kind
from report.briefing.estates import SHORT
from report.briefing.making import brief
from report.briefing.material import Material, gather
from report.data.sheets import page_words
from report.workbook.writing import write_workbook
from tests.report.toy_briefing import HOSTILE, toy_evaluation

OFFICIAL = (
    "序号", "旗县区", "街道", "社区", "小区", "户数", "应配", "已配", "缺口", "达标情况",
    "问题原因", "整改措施", "责任单位", "完成时限",
)  # fmt: skip
SHEETS = {
    "任务指标完成情况": "targets",
    "分街道汇总": "streets",
    "分街道指引": "guidance",
    "不达标小区清单": "short_estates",
    "无法判定小区清单": "unknown_estates",
    "设施清单": "facilities",
    "尚有老年人未覆盖的社区": "communities",
    "近期项目": "projects",
    "方案比较": "options",
    "统筹建议": "pools",
    "老年人口预测": "forecast",
    "指标台账": "indicators",
    "数据问题": "findings",
    "测算参数与口径": "parameters",
    "规则原文": "rules",
    "数据来源": "sources",
    "字段说明": "fields",
}
LONGER = {"parameters", "fields"}  # sheets with more rows than their table


@pytest.fixture(scope="module")
def path(briefing: Briefing, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "清单.xlsx"
    write_workbook(briefing, path)
    return path


@pytest.fixture(scope="module")
def book(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return toy_evaluation(tmp_path_factory.mktemp("toy"))


@pytest.fixture(scope="module")
def toy_briefing(toy: Evaluation) -> Briefing:
    return brief(gather(toy))


def cells(sheet: Worksheet) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_every_sheet_there_should_be_is_there(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == ["汇总", *SHEETS, "小区台账", "设施台账"]


def test_the_short_list_has_the_official_columns_in_their_order(book: openpyxl.Workbook) -> None:
    heads = [str(cell.value) for cell in book["不达标小区清单"][1]]
    assert tuple(head.removesuffix("（㎡）") for head in heads[:14]) == OFFICIAL


@pytest.mark.parametrize(("name", "key"), SHEETS.items())
def test_cells_read_again_are_printed_as_every_document_prints_them(
    path: Path, briefing: Briefing, name: str, key: str
) -> None:
    # By calamine, which knows nothing of formats: the value of a cell, printed by its column.
    table = briefing.tables[key]
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python()
    assert rows[0] == [str(column.title) for column in table.columns]
    unit = next((at for at, column in enumerate(table.columns) if column.key == "unit"), 0)
    printed = [
        [
            cell if isinstance(cell, str) else column.within([row[unit]])[0].text(cell)
            if column.unit else column.text(cell)
            for cell, column in zip(row, table.columns, strict=True)
        ]
        for row in rows[1:]
    ]  # fmt: skip
    expected = [[cell.strip() for cell in row] for row in table.texts()]
    if key not in LONGER:
        assert len(printed) == len(expected)
    assert [[cell.strip() for cell in row] for row in printed[: len(expected)]] == expected


def test_formats_show_what_is_printed(book: openpyxl.Workbook, briefing: Briefing) -> None:
    for name, key in SHEETS.items():
        table = briefing.tables[key]
        for row, texts in enumerate(table.texts(), start=2):
            if row > len(table) + 1 and key in LONGER:
                break
            for at, (column, text) in enumerate(zip(table.columns, texts, strict=True), start=1):
                cell = book[name].cell(row, at)
                if column.kind is not Kind.TEXT and text not in ("–", ""):
                    assert shown(cell.value, cell.number_format) == text


def shown(value: float, pattern: str) -> str:
    """Return a number as a format of a workbook shows it."""
    digits = len(pattern.partition(".")[2].rstrip("%"))
    if pattern.endswith("%"):
        return f"{value:.{digits}%}"
    return f"{value:,.{digits}f}" if "," in pattern else f"{value:.{digits}f}"


@pytest.mark.parametrize(("name", "added"), [
    ("分街道汇总", (2, 3, 4, 6, 7, 8, 9, 10, 11, 12)), ("不达标小区清单", (6, 7, 8, 9)),
    ("尚有老年人未覆盖的社区", (5, 6, 7, 13)), ("近期项目", (6, 7, 11, 15)),
])  # fmt: skip
def test_rows_add_up_to_the_last(
    book: openpyxl.Workbook, name: str, added: tuple[int, ...]
) -> None:
    sheet = book[name]
    assert "合计" in [cell.value for cell in sheet[sheet.max_row]]
    for at in added:
        values = [sheet.cell(row, at).value for row in range(2, sheet.max_row)]
        known = [value for value in values if not isinstance(value, str)]
        assert sum(known) == pytest.approx(sheet.cell(sheet.max_row, at).value, abs=1e-6)
        assert sum(known) > 0


def test_the_first_sheet_says_the_agreed_figures(
    book: openpyxl.Workbook, briefing: Briefing
) -> None:
    rows = cells(book["汇总"])
    told = {row[0]: (row[1], row[2]) for row in rows if row[1]}
    for figure in briefing.figures:
        assert told[str(figure.label)] == (figure.text, "；".join(map(str, figure.of)))
    said = "\n".join(str(row[0]) for row in rows)
    for sentence in (*briefing.headline, *briefing.steps, *briefing.caveats, briefing.notice):
        assert str(sentence) in said
    counted = {name: int(told[name][0].replace(",", "")) for name in SHEETS}
    assert counted["不达标小区清单"] == 392
    assert counted["设施清单"] == 90


def test_nothing_is_a_formula_and_unknown_is_never_a_number(
    book: openpyxl.Workbook, path: Path, briefing: Briefing
) -> None:
    assert not any(
        cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row
    )
    with zipfile.ZipFile(path) as packed:
        sheets = [packed.read(name) for name in packed.namelist() if "worksheets/sheet" in name]
    assert not any(b"<f>" in sheet for sheet in sheets)
    unknown = briefing.tables["unknown_estates"].rows
    lacking = unknown["deficit_m2"].isna().to_numpy()
    page = book["无法判定小区清单"]
    told = [page.cell(row, 9).value for row in range(2, len(unknown) + 2)]
    assert lacking.all()
    assert set(told) == {"–"}


def test_verdicts_are_words_and_colours(book: openpyxl.Workbook) -> None:
    fills = {}
    for name in ("不达标小区清单", "无法判定小区清单"):
        fills |= {cell.value: cell.fill.start_color.rgb for cell in book[name]["J"][1:]}
    fills.pop(None)
    assert fills == {"不达标": "FFEDB99D", "无法判定": "FFFFF3C4"}
    every = book["小区台账"]
    at = [cell.value for cell in every[1]].index("达标情况") + 1
    told = {every.cell(row, at).value: every.cell(row, at).fill.start_color.rgb
            for row in range(2, every.max_row + 1)}  # fmt: skip
    assert set(told) == {"达标", "统筹达标", "不达标", "无法判定", "不在核查范围"}
    assert len(set(told.values())) == 5


def test_pages_are_set_up_for_printing(book: openpyxl.Workbook, briefing: Briefing) -> None:
    for sheet in book:
        turned = "portrait" if sheet.title == "汇总" else "landscape"
        assert sheet.page_setup.orientation == turned
        assert sheet.page_setup.paperSize in (8, 9)
        assert sheet.oddFooter.center.text == "&P / &N"
        assert sheet.oddFooter.left.text == briefing.notice
        if sheet.title != "汇总":
            assert (sheet.print_title_rows, sheet.freeze_panes[-1]) == ("$1:$1", "2")
            assert sheet.auto_filter.ref.startswith("A1:")
            assert sheet.oddHeader.center.text.split("\n")[0]
            assert not sheet.merged_cells.ranges
    # The sum is not among the rows that are filtered and sorted.
    assert book["不达标小区清单"].auto_filter.ref == "A1:P393"
    assert book["小区台账"].page_setup.fitToWidth == 2


def test_offices_and_days_are_asked_for(book: openpyxl.Workbook) -> None:
    asked = {rule.type: rule for rule in book["不达标小区清单"].data_validations.dataValidation}
    assert str(asked["list"].sqref) == "M2:M393"
    assert "民政局" in asked["list"].formula1
    assert str(asked["date"].sqref) == "N2:N393"
    days = (pd.Timestamp("2025-12-31") - pd.Timestamp("1899-12-30")).days
    assert int(asked["date"].formula1) == days
    assert {cell.value for cell in book["不达标小区清单"]["M"][1:]} == {None}


def read_again(path: Path, layer: str, sheet: str) -> gpd.GeoDataFrame:
    return read_layer(path, layer, sheet=sheet).frame


def same_columns(first: gpd.GeoDataFrame, again: gpd.GeoDataFrame, layer: str) -> None:
    names = [column.name for column in SCHEMAS[layer].columns if column.name in first]
    assert names == [column.name for column in SCHEMAS[layer].columns if column.name in again]
    for name in names:
        one, other = (
            frame[name].astype(object).where(frame[name].notna(), None).tolist()
            for frame in (first, again)
        )
        assert one == other, name
    shapes = again.geometry.to_crs(first.crs)
    there = first.geometry.notna().to_numpy()
    assert (shapes.notna().to_numpy() == there).all()
    apart = first.geometry[there].hausdorff_distance(shapes[there], align=False)
    assert apart.max() < 1e-4


def judged(evaluation: Evaluation, layers: Mapping[str, gpd.GeoDataFrame]) -> pd.DataFrame:
    study = evaluation.study
    return check_provision(
        layers["residential"], layers["facilities"], evaluation.rulebook, on=study.on,
        assume=study.description.assume, pools=study.description.pools,
        walks=pool_walks(study, evaluation.reach.placed), settings=study.description.provision,
    ).table  # fmt: skip


@pytest.mark.parametrize("which", ["bundled", "toy"])
def test_ledgers_come_back_whole_and_give_the_same_verdicts(
    request: pytest.FixtureRequest, which: str
) -> None:
    evaluation: Evaluation = request.getfixturevalue(which)
    name = {"bundled": "path", "toy": "toy_path"}[which]
    path: Path = request.getfixturevalue(name)
    layers = {}
    for layer, sheet in (("residential", "小区台账"), ("facilities", "设施台账")):
        again = read_again(path, layer, sheet)
        same_columns(evaluation.study.layers[layer], again, layer)
        layers[layer] = again.to_crs(evaluation.study.crs)
    verdicts = evaluation.provision["verdict"].tolist()
    assert len(set(verdicts)) > 1
    again = judged(evaluation, layers)
    assert again["verdict"].tolist() == verdicts
    for name in ("required_m2", "provided_m2", "deficit_m2"):
        one, other = (table[name].astype("float64") for table in (again, evaluation.provision))
        assert one.to_numpy() == pytest.approx(other.to_numpy(), nan_ok=True)


@pytest.fixture(scope="module")
def toy_path(toy_briefing: Briefing, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("toybook") / "t.xlsx"
    write_workbook(toy_briefing, path)
    return path


def test_printed_lists_are_read_too_without_their_sums(path: Path, briefing: Briefing) -> None:
    short = briefing.tables[SHORT].rows
    again = read_again(path, "residential", "不达标小区清单")
    assert again["id"].tolist() == short["residential_id"].tolist()
    assert again["households"].tolist() == short["households"].tolist()
    places = briefing.tables["facilities"].rows
    layer = briefing.evaluation.study.layers["facilities"]
    again = read_again(path, "facilities", "设施清单")
    assert again["id"].tolist() == places["facility_id"].tolist()
    assert again["category"].tolist() == layer["category"].tolist()
    assert again["status"].tolist() == layer["status"].tolist()
    apart = again.geometry.to_crs(layer.crs).distance(layer.geometry, align=False)
    assert apart.max() < 0.1  # six decimals


def test_hostile_names_stay_texts(toy_path: Path) -> None:
    book = openpyxl.load_workbook(toy_path)
    every = {cell.value: cell for sheet in book for row in sheet.iter_rows() for cell in row}
    for name in (*HOSTILE[:3], HOSTILE[4]):
        assert every[name].data_type in ("s", "inlineStr")
        if name[0] in "=@":
            assert every[name].quotePrefix
    assert not any(cell.data_type == "f" for cell in every.values())


def test_words_of_a_page_are_no_commands() -> None:
    assert page_words("&P甲&C乙") == "&&P甲&&C乙"
    assert page_words("甲" * 300, 10) == "甲" * 9 + "…"
    assert page_words("𠮷" * 10, 5) == "𠮷𠮷…"


def test_a_study_of_nothing_and_one_of_a_thousand(toy_briefing: Briefing, tmp_path: Path) -> None:
    short = toy_briefing.tables[SHORT]
    for count in (0, 1, 1000):
        rows = pd.concat([short.rows.head(1)] * count, ignore_index=True) if count else (
            short.rows.head(0)
        )  # fmt: skip
        tables = {**toy_briefing.tables, SHORT: replace(short, rows=rows, total=None)}
        told = tmp_path / f"{count}.xlsx"
        write_workbook(replace(toy_briefing, tables=tables), told)
        sheet = openpyxl.load_workbook(told, read_only=True)["不达标小区清单"]
        assert sheet.max_row == count + 1


def test_the_same_briefing_gives_the_same_bytes(
    path: Path, briefing: Briefing, tmp_path: Path
) -> None:
    write_workbook(briefing, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()
    core = zipfile.ZipFile(path).read("docProps/core.xml").decode()
    assert set(re.findall(r">(\d{4}-\d\d-\d\d)T", core)) == {"2025-12-31"}


def test_streets_of_the_material_are_those_of_the_sheet(
    book: openpyxl.Workbook, material: Material
) -> None:
    # The sum row stands for the whole study as its summary has it.
    sheet, coverage = book["分街道汇总"], material.evaluation.summary["coverage"]
    last = [cell.value for cell in sheet[sheet.max_row]]
    assert last[:3] == ["合计", coverage["elderly_60plus"], coverage["covered_60plus"]]
