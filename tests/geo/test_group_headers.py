"""Headers of two and three rows: the group and what stands below it say together what is meant."""

from datetime import date
from pathlib import Path

import pytest

from geo.ledgers.headers import match_headers
from geo.schema import FACILITIES, RESIDENTIAL

from .office_ledgers import layer_of, said

PLACE = (118.91234, 42.21234)
OTHER_PLACE = (118.92345, 42.22345)
UPPER = ("小区名称", "户数", "配建养老用房", None, None, "经度", "纬度")
LOWER = (None, None, "建筑面积", "使用状态", "移交日期", None, None)
MERGED = ("A1:A2", "B1:B2", "C1:E1", "F1:F2", "G1:G2")


def test_a_group_of_care_rooms_gives_its_area_and_state(tmp_path: Path) -> None:
    rows = (UPPER, LOWER, ("甲苑", 500, 120, "已投用", "2020-05-01", *PLACE))
    for merged in (MERGED, ()):
        frame = layer_of(tmp_path, rows, *merged).frame
        assert frame["care_floor_area_m2"].tolist() == [120]
        assert frame["care_status"].tolist() == ["operating"]
        assert frame["care_area_basis"].tolist() == ["building"]


def test_the_day_a_care_room_was_handed_over_is_no_day_of_the_estate(tmp_path: Path) -> None:
    rows = (UPPER, LOWER, ("甲苑", 500, 120, "已投用", "2020-05-01", *PLACE))
    layer = layer_of(tmp_path, rows, *MERGED)
    assert "handed_over_on" not in layer.frame
    assert "没有用到的列：配建养老用房/移交日期" in said(layer)


def test_a_group_about_the_estate_leaves_its_dates_to_it(tmp_path: Path) -> None:
    rows = (("小区名称", "户数", "交付情况", None, "经度", "纬度"),
            (None, None, "交付时间", "竣工时间", None, None),
            ("甲苑", 500, "2019-12", "2019-05", *PLACE))
    frame = layer_of(tmp_path, rows, "A1:A2", "B1:B2", "C1:D1").frame
    assert frame["handed_over_on"].dt.date.tolist() == [date(2019, 12, 31)]
    assert frame["completed_on"].dt.date.tolist() == [date(2019, 5, 31)]


def test_a_handing_over_in_a_ledger_of_estates_is_taken_with_a_doubt(tmp_path: Path) -> None:
    header = ("小区名称", "户数", "移交日期", "经度", "纬度")
    layer = layer_of(tmp_path, (header, ("甲苑", 500, "2019-12-31", *PLACE)))
    assert layer.frame["handed_over_on"].dt.date.tolist() == [date(2019, 12, 31)]
    assert "“移交日期”不完全等于“交付”" in said(layer)
    both = (*header[:3], "交付日期", *header[3:])
    layer = layer_of(tmp_path, (both, ("甲苑", 500, "2021-01-01", "2019-12-31", *PLACE)))
    assert layer.frame["handed_over_on"].dt.date.tolist() == [date(2019, 12, 31)]


@pytest.mark.parametrize(("stack", "column"), [
    (("配建养老用房", "面积"), "care_floor_area_m2"),
    (("已配建养老服务用房", "建筑面积（㎡）"), "care_floor_area_m2"),
    (("养老用房", "配建情况", "面积"), "care_floor_area_m2"),
    (("配套设施", "养老服务设施", "建面"), "care_floor_area_m2"),
    (("养老服务设施配建情况", "规划面积"), "care_planned_m2"),
    (("规划", "养老用房面积"), "care_planned_m2"),
    (("社区养老服务用房", "使用情况"), "care_status"),
    (("居家养老用房", "现状"), "care_status"),
    (("基本情况", "户数"), "households"),
    (("应配", "养老用房面积"), ""),
    (("养老用房", "缺口面积"), ""),
    (("社区用房", "建筑面积"), ""),
    (("物业公司", "名称"), ""),
    (("养老服务站", "名称"), ""),
    (("养老服务站", "地址"), ""),
    (("幼儿园", "建成时间"), ""),
])
def test_what_a_stack_of_headers_means_of_an_estate(stack: tuple[str, ...], column: str) -> None:
    found = match_headers(["/".join(stack)], RESIDENTIAL, levels=[stack]).columns
    assert found == ({column: 0} if column else {})


@pytest.mark.parametrize(("stack", "column"), [
    (("设施", "名称"), "name"),
    (("养老服务设施", "建筑面积"), "floor_area_m2"),
    (("移交", "移交日期"), "handed_over_on"),
    (("运营单位", "名称"), ""),
    (("所在小区", "名称"), ""),
    (("签约医疗机构", "地址"), ""),
    (("食堂", "面积"), ""),
])
def test_what_a_stack_of_headers_means_of_a_facility(stack: tuple[str, ...], column: str) -> None:
    found = match_headers(["/".join(stack)], FACILITIES, levels=[stack]).columns
    assert found == ({column: 0} if column else {})


@pytest.mark.parametrize("header", [
    "配建养老用房面积", "已配建养老服务用房建筑面积(㎡)", "社区养老服务用房面积",
    "配套养老服务设施使用面积", "现有养老用房面积（平方米）", "配建的养老用房建面",
])
def test_care_rooms_have_many_names_in_one_row(header: str) -> None:
    assert match_headers([header], RESIDENTIAL).columns == {"care_floor_area_m2": 0}


@pytest.mark.parametrize("header", [
    "是否配建养老用房", "应配建养老用房面积", "周边养老设施", "养老用房数量", "养老用房位置",
])
def test_headers_that_only_sound_like_the_area_are_left(header: str) -> None:
    assert match_headers([header], RESIDENTIAL).columns == {}


@pytest.mark.parametrize("word", ["无", "没有", "未配建", " 无 ", "无养老用房"])
def test_an_office_that_writes_none_states_none(tmp_path: Path, word: str) -> None:
    header = ("小区名称", "户数", "养老用房面积", "经度", "纬度")
    layer = layer_of(tmp_path, (header, ("甲苑", 500, word, *PLACE), ("乙苑", 300, 60,
                                                                      *OTHER_PLACE)))
    assert layer.frame["care_floor_area_m2"].tolist() == [0, 60]
    told = [f for f in layer.findings if f.row == 2 and f.severity == "warning"]
    assert [str(f.message) for f in told] == ["是说没有，读作 0；若是不知道，请留空。"]


@pytest.mark.parametrize("word", ["／", "-", "暂无", "不详", "待定", "未统计"])
def test_what_states_nothing_stays_unknown(tmp_path: Path, word: str) -> None:
    header = ("小区名称", "户数", "养老用房面积", "经度", "纬度")
    layer = layer_of(tmp_path, (header, ("甲苑", 500, word, *PLACE), ("乙苑", 300, 60,
                                                                      *OTHER_PLACE)))
    assert layer.frame["care_floor_area_m2"].isna().tolist() == [True, False]
    assert any(f.row == 2 for f in layer.findings)


def test_none_in_households_states_nothing(tmp_path: Path) -> None:
    header = ("小区名称", "户数", "经度", "纬度")
    layer = layer_of(tmp_path, (header, ("甲苑", "无", *PLACE), ("乙苑", 300, *OTHER_PLACE)))
    assert layer.frame["households"].isna().tolist() == [True, False]


def test_rooms_that_stand_idle_do_not_operate_and_it_is_told(tmp_path: Path) -> None:
    header = ("名称", "类别", "运营状态", "经度", "纬度")
    rows = (header, ("甲站", "养老服务站", "闲置", *PLACE),
            ("乙站", "养老服务站", "出租", *OTHER_PLACE))
    layer = layer_of(tmp_path, rows, layer="facilities")
    assert layer.frame["status"].fillna("").tolist() == ["closed", ""]
    assert "第 2 行 “运营状态”列 “闲置”：不完全等于“停业”" in said(layer)
    assert "“出租”：没有说明租给谁用，按未知处理" in said(layer)


def test_a_care_centre_is_of_a_street_unless_it_says_otherwise(tmp_path: Path) -> None:
    rows = (("名称", "类别", "经度", "纬度"), ("甲", "养老服务中心", *PLACE),
            ("乙", "社区养老服务中心", *OTHER_PLACE))
    layer = layer_of(tmp_path, rows, layer="facilities")
    assert layer.frame["category"].tolist() == ["street_centre", "community_station"]
    doubts = [f.row for f in layer.findings if "请核对" in str(f.message)]
    assert doubts == [2]


@pytest.mark.parametrize("header", ["总套数（套）", "户数(套)", "规划总户数（套）"])
def test_homes_for_households_are_taken_with_a_doubt(header: str) -> None:
    found = match_headers([header], RESIDENTIAL)
    assert [name for _, name in found.doubtful] == (["households"] if found.columns else [])


def test_households_go_before_homes(tmp_path: Path) -> None:
    header = ("小区名称", "套数（套）", "户数", "经度", "纬度")
    layer = layer_of(tmp_path, (header, ("甲苑", 520, 500, *PLACE)))
    assert layer.frame["households"].tolist() == [500]


@pytest.mark.parametrize(("header", "column"), [
    ("街道（镇）", "street"), ("社区（村）", "community"), ("竣工时间（年月）", "completed_on"),
    ("小区名称（推广名）", "name"), ("交付（户）", ""),
])
def test_a_bracket_behind_a_text_or_date_is_no_unit(header: str, column: str) -> None:
    assert match_headers([header], RESIDENTIAL).columns == ({column: 0} if column else {})


def test_the_area_built_with_an_estate_says_nothing_of_how_it_is_measured() -> None:
    found = match_headers(["已配建面积"], RESIDENTIAL)
    assert found.doubtful == ((0, "care_floor_area_m2"),)
    assert found.settled == {}
    assert match_headers(["养老用房配建面积"], RESIDENTIAL).settled == {}
    assert match_headers(["养老用房建面"], RESIDENTIAL).settled == {"care_area_basis": "building"}


def test_a_header_does_not_end_above_its_second_row(tmp_path: Path) -> None:
    upper = ("小区", "户数", "养老用房", None, "经度", "纬度")
    rows = (upper, (None, None, "应配", "实配", None, None), ("甲苑", 500, 100, 120, *PLACE))
    for merged in (("A1:A2", "B1:B2", "C1:D1"), ()):
        frame = layer_of(tmp_path, rows, *merged).frame
        assert frame["name"].tolist() == ["甲苑"]
        assert frame["care_floor_area_m2"].tolist() == [120]


def test_a_row_that_somebody_has_begun_is_no_header(tmp_path: Path) -> None:
    header = ("街道", "小区名称", "户数", "备注", "经度", "纬度")
    rows = (header, ("东城", None, None, "名称待补", None, None),
            ("东城", "甲苑", 500, None, *PLACE))
    assert layer_of(tmp_path, rows).frame["street"].tolist() == ["东城", "东城"]


@pytest.mark.parametrize("header", ["规划户数", "规划总户数", "实有户数", "规划总套数（套）"])
def test_approved_or_counted_households_are_taken_with_a_doubt(header: str) -> None:
    assert match_headers([header], RESIDENTIAL).doubtful == ((0, "households"),)


def test_households_that_live_there_are_never_taken() -> None:
    assert match_headers(["入住户数", "竣工户数"], RESIDENTIAL).columns == {}
