"""Ledgers as offices keep them: headers, rows that are no data, merged cells."""

from pathlib import Path

import numpy as np
import pytest

from geo.errors import LayerError
from geo.layers import read_layer
from geo.ledgers.ledger import read_ledger
from geo.schema import SCHEMAS

from .office_ledgers import ESTATES, HEADER, PLACE, book, layer_of, left_out, said

# headers


def test_a_facility_ledger_with_titles_and_a_header_of_two_rows(tmp_path: Path) -> None:
    rows = (
        ("红山区养老服务设施台账（2024年）",),
        ("填报单位：红山区民政局", None, None, None, None, None, None, "单位：张、平方米"),
        ("序号", "基本情况", None, "床位", None, "建筑面积", "坐标", None),
        (None, "名称", "类别", "总数", "护理型", None, "经度", "纬度"),
        (1, "甲站", "日间照料中心", 30, 10, 350, 118.9, 42.2),
        (2, "乙站", "助餐点", 0, 0, 120, 118.91, 42.21),
        ("合  计", None, None, 30, 10, 470, None, None),
        ("填表人：张三", None, None, "审核人：李四", None, None, "日期：2024.12.31"),
    )
    layer = layer_of(
        tmp_path, rows, "A1:H1", "A3:A4", "B3:C3", "D3:E3", "F3:F4", "G3:H3", layer="facilities"
    )
    frame = layer.frame
    assert list(frame["row"]) == [5, 6]
    assert list(frame["name"]) == ["甲站", "乙站"]
    assert list(frame["beds"]) == [30, 0]
    assert list(frame["nursing_beds"]) == [10, 0]
    assert list(frame["floor_area_m2"]) == [350, 120]
    assert list(frame.geometry.x) == [118.9, 118.91]
    assert left_out(layer) == [7, 8]
    assert "第 4 行" in said(layer)
    assert "床位/总数→床位数" in said(layer)
    assert "张三" not in said(layer)


def test_a_header_of_three_rows_with_units_below(tmp_path: Path) -> None:
    rows = (
        ("小区名称", "人口情况", None, None, "养老用房", None, "经度", "纬度"),
        (None, "户数", "常住人口", None, "建筑面积", "使用情况", None, None),
        (None, None, "总数", "60岁以上", None, None, None, None),
        (None, "户", "人", "人", "㎡", None, "°", "°"),
        ("甲小区", 500, 1200, 240, 100, "运营", 118.9, 42.2),
    )
    merged = ("A1:A3", "B1:D1", "B2:B3", "C2:D2", "E1:F1", "E2:E3", "F2:F3", "G1:G3", "H1:H3")
    layer = layer_of(tmp_path, rows, *merged)
    row = layer.frame.iloc[0]
    assert (row["row"], row["name"], row["households"]) == (5, "甲小区", 500)
    assert (row["population"], row["elderly_60plus"]) == (1200, 240)
    assert (row["care_floor_area_m2"], row["care_area_basis"]) == (100, "building")
    assert row["care_status"] == "operating"


def test_the_header_of_two_rows_survives_csv(tmp_path: Path) -> None:
    text = (
        "序号,基本情况,,床位,,建筑面积,坐标,\n,名称,类别,总数,护理型,,经度,纬度\n"
        "1,甲站,日间照料,30,10,350,118.9,42.2\n"
    )
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode("gb18030"))
    row = read_layer(path, "facilities", **PLACE).frame.iloc[0]
    assert (row["name"], row["beds"], row["nursing_beds"]) == ("甲站", 30, 10)
    assert (row["floor_area_m2"], row["row"]) == (350, 3)


def test_two_readings_of_one_column_are_told_by_their_upper_rows(tmp_path: Path) -> None:
    rows = (
        ("社区", "常住人口", None, "户籍人口", None, "经度", "纬度"),
        (None, "总数", "60岁以上", "总数", "60岁以上", None, None),
        ("东", 1000, 200, 900, 180, 118.9, 42.2),
    )
    layer = layer_of(tmp_path, rows, "A1:A2", "B1:C1", "D1:E1", layer="population")
    row = layer.frame.iloc[0]
    assert (row["population"], row["elderly_60plus"], row["basis"]) == (1000, 200, "resident")
    assert "“常住人口/总数”与“户籍人口/总数”都是“人口”" in said(layer)


def test_an_upper_row_without_merged_cells_speaks_for_the_columns_below(tmp_path: Path) -> None:
    rows = (
        ("填报单位：东街道", None, None, None, "日期：2024.12"),
        ("小区名称", "户数", "养老服务用房", None, "经度", "纬度"),
        (None, None, "建筑面积（㎡）", "使用情况", None, None),
        ("甲小区", 500, 100, "运营", 118.9, 42.2),
    )
    layer = layer_of(tmp_path, rows)
    assert list(layer.frame["care_floor_area_m2"]) == [100]
    assert list(layer.frame["care_status"]) == ["operating"]
    assert list(layer.frame["row"]) == [4]
    assert "养老服务用房/使用情况→养老用房状态" in said(layer)
    assert "经度→" not in said(layer)


def test_the_upper_row_tells_one_area_from_another(tmp_path: Path) -> None:
    rows = (
        ("名称", "类别", "建筑", "用地", "经度", "纬度"),
        (None, None, "面积(㎡)", "面积(㎡)", None, None),
        ("甲站", "日间照料", 350, 800, 118.9, 42.2),
    )
    layer = layer_of(tmp_path, rows, "A1:A2", "B1:B2", "E1:E2", "F1:F2", layer="facilities")
    row = layer.frame.iloc[0]
    assert (row["floor_area_m2"], row["land_area_m2"]) == (350, 800)


def test_what_is_planned_is_not_taken_for_what_stands(tmp_path: Path) -> None:
    rows = (
        ("名称", "类别", "规划", None, "现状", None, "经度", "纬度"),
        (None, None, "床位数", "建筑面积", "床位数", "建筑面积", None, None),
        ("甲站", "日间照料", 90, 900, 30, 300, 118.9, 42.2),
    )
    merged = ("A1:A2", "B1:B2", "C1:D1", "E1:F1", "G1:G2", "H1:H2")
    row = layer_of(tmp_path, rows, *merged, layer="facilities").frame.iloc[0]
    assert (row["beds"], row["floor_area_m2"]) == (30, 300)


def test_column_numbers_under_the_header_are_no_data(tmp_path: Path) -> None:
    rows = (("社区", "人口", "60岁以上", "经度", "纬度"), ("甲", 1, 2, 3, 4),
            ("东社区", 1200, 240, 118.9, 42.2))
    layer = layer_of(tmp_path, rows, layer="population")
    assert list(layer.frame["row"]) == [3]
    assert list(layer.frame["name"]) == ["东社区"]


def test_a_first_row_of_data_is_no_row_of_a_header(tmp_path: Path) -> None:
    layer = layer_of(tmp_path, (("编号", *HEADER), ("1", "甲", 1, 118.9, 42.2)))
    assert list(layer.frame["row"]) == [2]
    rows = (("名称", "类别", None), ("甲站", "助餐点", "无"), ("乙站", "助餐点", "有"))
    path = book(tmp_path / "b.xlsx", {"s": rows})
    assert list(read_ledger(path, SCHEMAS["facilities"]).rows) == [2, 3]


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("面积(㎡)", "floor_area_m2"), ("面积/㎡", "floor_area_m2"),
        ("面积（平方米）", "floor_area_m2"), ("建面㎡", "floor_area_m2"),
        ("面积（单位：㎡）", "floor_area_m2"), ("*总建筑面积", "floor_area_m2"),
        ("3.建筑面积", "floor_area_m2"), ("床位數（張）", "beds"), ("護理型床位", "nursing_beds"),
        ("運營狀態", "status"), ("驗收日期", "accepted_on"), ("詳細地址", "address"),
        ("曾用名", "aliases"), ("又名", "aliases"), ("坐落", "address"), ("電梯", "lift"),
        ("樓層", "floor"),
    ],
)
def test_units_and_synonyms_in_headers(tmp_path: Path, header: str, column: str) -> None:
    rows = (("名稱", "類別", header, "經度", "緯度"), ("甲站", "日間照料", 1, 118.9, 42.2))
    layer = layer_of(tmp_path, rows, layer="facilities")
    assert column in layer.frame
    assert f"{header}→" in said(layer)


@pytest.mark.parametrize("header", ["面积:亩", "面积（亩）", "建筑面积(公顷)", "面积万平方米"])
def test_a_header_of_another_unit_is_told_and_not_taken(tmp_path: Path, header: str) -> None:
    rows = (("名称", "类别", header, "经度", "纬度"), ("甲站", "日间照料", 1, 118.9, 42.2))
    layer = layer_of(tmp_path, rows, layer="facilities")
    assert "floor_area_m2" not in layer.frame
    assert "单位与“建筑面积”不符" in said(layer)


def test_a_needed_column_in_another_unit_is_refused_for_that_reason(tmp_path: Path) -> None:
    rows = (("名称", "用地面积（亩）", "经度", "纬度"), ("东", 1.2, 118.9, 42.2))
    with pytest.raises(LayerError, match=r"用地面积（亩）.*单位.*换算"):
        layer_of(tmp_path, rows, layer="care_land")


def test_a_unit_said_above_the_table_counts(tmp_path: Path) -> None:
    rows = (("各地块", None, "单位：亩"), ("名称", "用地面积", "经度", "纬度"),
            ("东", 1.2, 118.9, 42.2))
    with pytest.raises(LayerError, match=r"用地面积\(亩\).*换算"):
        layer_of(tmp_path, rows, layer="care_land")
    rows = (("各地块", None, "单位：㎡"), *rows[1:])
    assert len(layer_of(tmp_path, rows, layer="care_land").frame) == 1


def test_canonical_headers_are_no_guess(tmp_path: Path) -> None:
    assert "按近义列名" not in said(layer_of(tmp_path, (HEADER, *ESTATES)))
    rows = (("小区", "总户数", "经度", "纬度"), *ESTATES)
    (finding,) = (
        f for f in layer_of(tmp_path, rows).findings if "按近义列名" in str(f.message)
    )
    assert (finding.severity, finding.row) == ("info", 1)
    assert "小区→小区名称、总户数→户数" in str(finding.message)


def test_the_user_says_which_column_it_is(tmp_path: Path) -> None:
    rows = (
        ("小区", "住房", None, "坐标", None), (None, "套数", "入住", "经度", "纬度"),
        ("甲", 500, 300, 118.9, 42.2),
    )
    merged = ("A1:A2", "B1:C1", "D1:E1")
    for header in ("住房/入住", "入住"):
        layer = layer_of(tmp_path, rows, *merged, columns={header: "households"})
        assert list(layer.frame["households"]) == [300]


# rows that are no data


@pytest.mark.parametrize(
    "word", ["合计", "合  计", "总　计", "小计：", "平均", "合计（2个）", "共计2个", "其中：新建"]
)
@pytest.mark.parametrize("place", ["top", "middle", "bottom"])
def test_totals_anywhere_are_left_out(tmp_path: Path, word: str, place: str) -> None:
    total = (None, word, 800, None, None)
    one, two = (("1", *ESTATES[0]), ("2", *ESTATES[1]))
    rows = {"top": (total, one, two), "middle": (one, total, two), "bottom": (one, two, total)}
    layer = layer_of(tmp_path, (("序号", *HEADER), *rows[place]))
    assert list(layer.frame["name"]) == ["甲小区", "乙小区"]
    assert left_out(layer) == [{"top": 2, "middle": 3, "bottom": 4}[place]]


def test_a_subtotal_behind_a_merged_number_and_street(tmp_path: Path) -> None:
    rows = (
        ("序号", "街道", *HEADER), (1, "东街道", *ESTATES[0]), (None, None, *ESTATES[1]),
        (None, None, "小计", 800, None, None), (2, "西街道", "丙小区", 10, 118.92, 42.22),
    )
    layer = layer_of(tmp_path, rows, "A2:A4", "B2:B4")
    assert list(layer.frame["name"]) == ["甲小区", "乙小区", "丙小区"]
    assert list(layer.frame["street"]) == ["东街道", "东街道", "西街道"]
    assert left_out(layer) == [4]


def test_a_total_in_the_street_column_behind_the_name(tmp_path: Path) -> None:
    rows = ((*HEADER, "街道"), (*ESTATES[0], "东街道"), (None, 500, None, None, "合计"))
    assert left_out(layer_of(tmp_path, rows)) == [3]


def test_a_total_without_a_word_is_told_by_its_sums(tmp_path: Path) -> None:
    rows = (("序号", *HEADER), (1, *ESTATES[0]), (2, *ESTATES[1]), (None, None, 800, None, None))
    layer = layer_of(tmp_path, rows)
    assert list(layer.frame["households"]) == [500, 300]
    (finding,) = (f for f in layer.findings if "像合计行" in str(f.message))
    assert (finding.severity, finding.row) == ("warning", 4)
    rows = (*rows[:3], (3, None, 801, 118.92, 42.2))
    assert len(layer_of(tmp_path, rows).frame) == 3


@pytest.mark.parametrize(
    "name", ["总计小区", "平均里", "小计划小区", "合计划", "备注里", "注册家园"]
)
def test_an_estate_that_sounds_like_a_total_stays(tmp_path: Path, name: str) -> None:
    layer = layer_of(tmp_path, (HEADER, *ESTATES, (name, 800, 118.9, 42.3)))
    assert list(layer.frame["name"])[2] == name


@pytest.mark.parametrize(
    "note",
    [
        ("备注：户数为规划户数",), ("注：",),
        ("填表人：张三", "审核人：李四", "电话：13812345678", "2024"),
        ("制表单位（盖章）：",), ("说明：1.本表由街道填报。",), ("第1页，共3页",), ("以下空白",),
        ("1.户数按规划条件核定的户数填写。",), ("数据来源：住建局",), ("本表一式三份",),
    ],
)
def test_notes_are_left_out_and_named(tmp_path: Path, note: tuple[str, ...]) -> None:
    layer = layer_of(tmp_path, (HEADER, ESTATES[0], note, ESTATES[1]))
    assert list(layer.frame["name"]) == ["甲小区", "乙小区"]
    assert left_out(layer) == [3]
    assert "张三" not in said(layer)
    assert "13812345678" not in said(layer)


def test_headings_within_the_table_are_left_out(tmp_path: Path) -> None:
    rows = (HEADER, ("红山区",), ESTATES[0], ("（二）松山区",), ESTATES[1], ("丙小区",))
    layer = layer_of(tmp_path, rows, "A2:D2")
    assert list(layer.frame["name"]) == ["甲小区", "乙小区", "丙小区"]
    assert left_out(layer) == [2, 4]


def test_a_header_printed_again_on_each_page_is_no_data(tmp_path: Path) -> None:
    title = ("小区名录",)
    upper, lower = ("小区", "户数", "坐标", None), (None, None, "经度", "纬度")
    rows = (title, upper, lower, ESTATES[0], title, upper, lower, ESTATES[1])
    layer = layer_of(tmp_path, rows, "A2:A3", "B2:B3", "C2:D2", "A6:A7", "B6:B7", "C6:D6")
    assert list(layer.frame["row"]) == [4, 8]
    assert left_out(layer) == [5, 6, 7]


def test_an_example_for_the_clerk_is_no_data(tmp_path: Path) -> None:
    rows = (("序号", *HEADER), ("示例", "某某小区", 1, 118.9, 42.2), ("1", *ESTATES[0]))
    assert list(layer_of(tmp_path, rows).frame["name"]) == ["甲小区"]


def test_empty_rows_and_columns_lose_nothing(tmp_path: Path) -> None:
    rows = (
        (None,) * 6, (None, "小区名称", None, "户数", "经度", "纬度"), (None,) * 6,
        (None, "甲小区", None, 500, 118.9, 42.2), (None,) * 6,
        (None, "乙小区", None, 300, 118.91, 42.21),
    )
    layer = layer_of(tmp_path, rows)
    assert list(layer.frame["row"]) == [4, 6]
    assert list(layer.frame["households"]) == [500, 300]


def test_cells_without_a_header_are_told(tmp_path: Path) -> None:
    rows = ((*HEADER, None, "街道"), (*ESTATES[0], "暗", "东街道", "已核"))
    layer = layer_of(tmp_path, rows)
    assert "第 5 列没有表头，1 个单元格没有读" in said(layer)
    assert "表格右侧没有表头的单元格有内容" in said(layer)


# merged cells


def test_merged_cells_fill_downwards_and_blanks_are_reported(tmp_path: Path) -> None:
    rows = (
        ("街道", "社区", *HEADER, "建成年份"), ("东街道", "一社区", *ESTATES[0], 2016),
        (None, None, *ESTATES[1], None), ("西街道", "二社区", "丙", 10, 118.92, 42.22, 2018),
        (None, None, "丁", 20, 118.93, 42.23, None),
    )
    layer = layer_of(tmp_path, rows, "A2:A3", "G2:G3", "A4:A9")
    frame = layer.frame
    assert list(frame["street"]) == ["东街道", "东街道", "西街道", "西街道"]
    assert [c if isinstance(c, str) else None for c in frame["community"]] == [
        "一社区", None, "二社区", None,
    ]
    assert [str(day)[:10] for day in frame["completed_on"]] == [
        "2016-12-31", "2016-12-31", "2018-12-31", "NaT",
    ]
    (blank,) = (f for f in layer.findings if "不按上一行填写" in str(f.message))
    assert (blank.column, "第 3、5 行" in str(blank.message)) == ("社区", True)


@pytest.mark.parametrize("figure", [500, "500", "约500"])
def test_a_merged_amount_counts_once(tmp_path: Path, figure: object) -> None:
    rows = (HEADER, ("甲", figure, 118.9, 42.2), ("乙", None, 118.91, 42.21))
    layer = layer_of(tmp_path, rows, "B2:B3")
    np.testing.assert_array_equal(layer.frame["households"], [500, np.nan])
    assert "只归首行" in said(layer)


def test_a_merged_place_is_the_place_of_each_row(tmp_path: Path) -> None:
    rows = (HEADER, ("甲", 1, 118.9, 42.2), ("乙", 2, None, None))
    layer = layer_of(tmp_path, rows, "C2:C3", "D2:D3")
    assert list(layer.frame.geometry.x) == [118.9, 118.9]


def test_a_merged_name_is_doubtful(tmp_path: Path) -> None:
    rows = (("名称", "类别", "功能", "经度", "纬度"), ("甲站", "助餐点", "助餐", 118.9, 42.2),
            (None, "日间照料", "日托", 118.9, 42.2))
    layer = layer_of(tmp_path, rows, "A2:A3", layer="facilities")
    assert list(layer.frame["name"]) == ["甲站", "甲站"]
    assert "2 条同名记录" in said(layer)
