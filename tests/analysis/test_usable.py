"""One answer to whether a candidate can be used, for the list of stock and for remedies alike."""

from datetime import date

import pandas as pd
import pytest

from analysis.districts.stock import stock_table
from analysis.provision.remedies import usable_candidates
from analysis.rulebook import Rulebook
from tests.analysis.toy_study import Row, layer, spot

ON = date(2025, 12, 31)
PACKS = {name: Rulebook.load([name]) for name in ("chifeng", "anhui", "guizhou")}

# What is said of a candidate; whether it can be used, with what is told of it; whether its whole
# area may make good what an estate lacks.
CASES: list[tuple[str, Row, bool | None, str, bool]] = [
    ("chifeng", {}, True, "", True),
    ("chifeng", {"forbidden": True}, False, "forbidden", False),
    ("chifeng", {"available_years": 0}, False, "not_available", False),
    ("chifeng", {"available_years": None}, True, "", True),
    ("chifeng", {"kind": "闲置地块"}, True, "land", False),
    ("chifeng", {"kind": "新增用地", "floor": None}, True, "land", False),
    ("chifeng", {"area_m2": None}, None, "area_unknown", False),
    ("chifeng", {"area_m2": 0}, None, "area_unknown;under_room_min", False),
    ("chifeng", {"area_m2": 349}, True, "under_room_min", True),
    ("anhui", {"area_m2": 349}, False, "under_room_min", False),
    ("chifeng", {"floor": None}, None, "floor_unknown", True),
    ("chifeng", {"floor": "地下一层"}, False, "unfit_floor", False),
    ("anhui", {"floor": "地下一层"}, False, "unfit_floor", False),
    ("chifeng", {"floor": "地下一层、一层"}, True, "partly_unfit_floor", False),
    ("chifeng", {"floor": "二层"}, False, "no_lift", False),
    ("chifeng", {"floor": "二层", "lift": None}, None, "lift_unknown", True),
    ("chifeng", {"floor": "二层", "lift": True}, True, "", True),
    ("chifeng", {"floor": "一至二层"}, True, "no_lift_upstairs", True),
    ("guizhou", {"floor": "四层", "lift": True}, False, "above_highest_floor", False),
    ("guizhou", {"floor": "三至四层", "lift": True}, True, "partly_above_highest", True),
]


@pytest.mark.parametrize(("pack", "more", "usable", "told", "makes_good"), CASES)
def test_stock_and_remedies_give_the_same_answer(
    pack: str,
    more: Row,
    usable: bool | None,  # noqa: FBT001
    told: str,
    makes_good: bool,  # noqa: FBT001
) -> None:
    room = {
        "id": "c1", "name": "room", "kind": "社区用房", "area_m2": 400, "floor": "1", "lift": False,
        "available_years": 10, "geometry": spot(0, 0), **more,
    }  # fmt: skip
    listed = stock_table(layer(room), PACKS[pack], on=ON).iloc[0]
    assert (None if pd.isna(listed["usable"]) else bool(listed["usable"])) is usable
    said = ";".join(filter(None, (listed["reasons"], listed["warnings"])))
    assert said == told
    offered = usable_candidates(layer(room), PACKS[pack], on=ON)
    assert offered["usable"].tolist() == [makes_good]
