"""What is said of two ledgers that contradict: the figures they state, and what of them counts."""

from typing import Any

from tests.analysis.told_situations import run


def told(estate: dict[str, Any], *rooms: dict[str, Any]) -> list[str]:
    rooms = tuple({"类别": "day_care", "服务小区": "甲", **room} for room in rooms)
    found = run({"estates": [{"小区": "甲", "户数": 370, **estate}], "facilities": [*rooms]})
    return [str(f.message) for f in found.findings if "矛盾" in str(f.message)]


def test_a_misused_room_is_told_with_the_area_of_its_ledger() -> None:
    (message,) = told(
        {"养老用房面积": 51.9, "状态": "挪用", "规划面积": 90}, {"设施": "一", "建筑面积": 112.61}
    )
    assert "小区台账的养老用房面积为 51.90 ㎡（因挪作他用可计 0.00 ㎡），" in message
    assert "设施台账为 112.61 ㎡，" in message


def test_rooms_of_facilities_that_do_not_count_are_told_too() -> None:
    # One of the two rooms operates: 120 of 150.
    (message,) = told(
        {"养老用房面积": 80},
        {"设施": "一", "建筑面积": 120},
        {"设施": "二", "建筑面积": 30, "运营状态": "在建"},
    )
    assert "小区台账的养老用房面积为 80.00 ㎡，" in message
    assert "设施台账为 150.00 ㎡（因仅为规划或在建可计 120.00 ㎡），" in message


def test_planned_area_beside_rooms_in_use_is_no_reason() -> None:
    (message,) = told(
        {"养老用房面积": 60, "规划面积": 90}, {"设施": "一", "建筑面积": 30}
    )
    assert "小区台账的养老用房面积为 60.00 ㎡，设施台账为 30.00 ㎡，" in message


def test_a_part_of_a_room_is_told_by_households() -> None:
    room = {"设施": "一", "类别": "day_care", "建筑面积": 300, "服务小区": "甲;乙"}
    homes = [{"小区": "甲", "户数": 400, "养老用房面积": 50}, {"小区": "乙", "户数": 200}]
    found = run({"estates": homes, "facilities": [{**room, "运营状态": "停用"}]})
    (message,) = [str(f.message) for f in found.findings if "矛盾" in str(f.message)]
    # Two thirds of 300.
    assert "设施台账为 200.00 ㎡（因已停用可计 0.00 ㎡），" in message
