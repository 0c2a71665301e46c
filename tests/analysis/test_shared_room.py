"""A room that two estates share: its whole stands in nobody's line of the table."""

import numpy as np
import pandas as pd
import pytest

from analysis.provision.check import check_provision
from tests.analysis.told_situations import ON, estates, facilities, rulebook_of


def provided(*homes: dict[str, object], rooms: list[dict[str, object]]) -> pd.DataFrame:
    """Return verdict and provided_m2 of each estate; the rule is 20 m² per 100 households."""
    rows = estates([*homes])
    table = check_provision(
        rows, facilities(rooms, rows), rulebook_of("chifeng"), on=ON, assume=None
    ).table
    return table.set_index("name")[["verdict", "provided_m2", "deficit_m2"]]


def station(area: float, serves: str, **more: object) -> dict[str, object]:
    return {"设施": "站", "类别": "day_care", "建筑面积": area, "服务小区": serves, **more}


def test_households_divide_a_room_and_the_parts_make_the_whole() -> None:
    table = provided(
        {"小区": "甲", "户数": 600}, {"小区": "乙", "户数": 400}, rooms=[station(300, "甲;乙")]
    )
    # 600 : 400 of 300 m² are 180 and 120; 120 and 80 are owed.
    assert table["provided_m2"].tolist() == pytest.approx([180, 120])
    assert table["verdict"].tolist() == ["met", "met"]


def test_what_is_allocated_is_divided_as_well() -> None:
    table = provided(
        {"小区": "甲", "户数": 600}, {"小区": "乙", "户数": 400},
        rooms=[station(500, "甲;乙", 分摊面积=100)],
    )  # fmt: skip
    assert table["provided_m2"].tolist() == pytest.approx([60, 40])


def test_where_households_are_unknown_nobody_is_printed_with_the_whole_room() -> None:
    table = provided({"小区": "甲", "户数": 1000}, {"小区": "乙"}, rooms=[station(300, "甲;乙")])
    assert table["verdict"].tolist() == ["unknown", "unknown"]
    # 300 m² stood in both lines: 600 m² of one room.
    assert table["provided_m2"].isna().all()


def test_what_is_certainly_its_own_is_still_printed() -> None:
    table = provided(
        {"小区": "甲", "户数": 1000}, {"小区": "乙"},
        rooms=[station(300, "甲;乙"), station(50, "甲")],
    )  # fmt: skip
    assert table.loc["甲", "provided_m2"] == pytest.approx(50)
    assert np.isnan(table.loc["乙", "provided_m2"])
    assert table["verdict"].tolist() == ["unknown", "unknown"]


def test_a_lack_that_is_certain_keeps_its_figures() -> None:
    # At most 100 of the 200 m² owed: short by 100 at least, whoever has the room.
    table = provided({"小区": "甲", "户数": 1000}, {"小区": "乙"}, rooms=[station(100, "甲;乙")])
    assert table.loc["甲"].tolist() == ["short", 100, 100]
    assert table.loc["乙", "verdict"] == "unknown"
    assert np.isnan(table.loc["乙", "provided_m2"])
