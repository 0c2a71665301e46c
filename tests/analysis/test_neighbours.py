"""Health care next door, agreements, old and young together: straight metres, by hand."""

from datetime import date

import pandas as pd
import pytest

from analysis.description import Nearby
from analysis.districts.neighbours import (
    agreement,
    health_kind,
    neighbour_indicators,
    neighbour_table,
)
from analysis.districts.standing import Standing
from analysis.indicators.indicator import Indicator
from analysis.rulebook import Rulebook
from tests.analysis.toy_study import Row, area, box, facility, layer, spot

ON = date(2025, 12, 31)
NEARBY = Nearby()


def table(*facilities: Row, nearby: Nearby = NEARBY) -> pd.DataFrame:
    standing = Standing.of(layer(*facilities), None)
    return neighbour_table(standing, nearby).set_index("facility_id")


def rates(found: pd.DataFrame) -> dict[str, Indicator]:
    rulebook = Rulebook.load(["chifeng"])
    return {one.key: one for one in neighbour_indicators(found, rulebook, NEARBY, on=ON)}


def health(id_: str, x: float, name: str) -> Row:
    return facility(id_, spot(x, 0), "health", name=name)


def test_next_door_near_and_far_include_their_own_metres() -> None:
    found = table(
        health("h1", 0, "某社区卫生服务中心"),
        facility("f1", spot(100, 0)), facility("f2", spot(100.5, 0)),
        facility("f3", spot(300, 0)), facility("f4", spot(301, 0)),
    )  # fmt: skip
    assert found["health_class"].tolist() == ["next_door", "near", "near", "far"]
    assert found.loc["f3", "health_m"] == 300
    one = rates(found)["health_next_door_share"]
    assert (one.numerator, one.denominator, one.value, one.target) == (1, 4, 0.25, None)


def test_health_matches_as_the_quote_pairs_them() -> None:
    found = table(
        health("h1", 0, "某社区卫生服务站"),
        health("h2", 10, "某苏木乡镇卫生院"),
        health("h3", 20, "某村卫生室"),
        health("h4", 30, "市第二医院"),
        facility("f1", spot(40, 0), "day_care"),
        facility("f2", spot(40, 0), "welfare_home"),
        facility("f3", spot(40, 0), "mutual_aid"),
        facility("f4", spot(40, 0), "care_home"),
    )
    assert found["health_id"].tolist() == ["h1", "h2", "h3", "h4"]
    assert found["health_m"].tolist() == [40, 30, 20, 10]
    assert set(found["any_health_m"]) == {10}


def test_health_of_untold_kind_may_be_any() -> None:
    found = table(
        health("h1", 0, "某社区卫生服务中心"), health("h2", 30, "康宁门诊"),
        facility("f1", spot(40, 0), "day_care"),
    )  # fmt: skip
    assert found.loc["f1", ["health_id", "health_m"]].tolist() == ["h2", 10]


def test_a_kind_that_no_name_tells_is_unknown_and_not_far() -> None:
    found = table(health("h4", 0, "市第二医院"), facility("f1", spot(1, 0), "day_care"))
    assert found.loc["f1", ["health_id", "health_class"]].tolist() == ["", ""]
    assert found.loc["f1", "any_health_m"] == 1
    assert rates(found)["health_next_door_share"].value is None


def test_of_two_equally_near_the_smaller_id_and_only_what_operates() -> None:
    found = table(
        facility("h2", spot(100, 0), "health", status="operating"),
        facility("h1", spot(-100, 0), "health", status="operating"),
        facility("h0", spot(1, 0), "health", status="closed"),
        facility("f1", spot(0, 0), "care_home", status="operating"),
        facility("f2", spot(0, 0), "care_home", status="planned"),
    )
    assert found.index.tolist() == ["f1"]
    assert found.loc["f1", ["health_id", "health_m"]].tolist() == ["h1", 100]


def test_an_outline_is_counted_at_a_point_within() -> None:
    found = table(
        health("h1", 0, "某社区卫生服务中心"), facility("f1", box(40, -10, 60, 10), "embedded")
    )
    assert found.loc["f1", "health_m"] == pytest.approx(50, abs=10)


def test_what_an_agreement_cell_says() -> None:
    said = pd.Series(["市医院", "无", "否", "有", "—", None, "未签约", "不详"], dtype="str")
    found = agreement(said)
    assert found.isna().tolist() == [False, False, False, False, True, True, False, True]
    assert found.dropna().tolist() == [True, False, False, True, False]


@pytest.mark.parametrize(
    ("said", "agreed"),
    [
        ("未签订", False), ("待签约", False), ("已终止", False), ("无协议", False),
        ("否，拟签", False), ("拟与市医院签约", False), ("终止", False), ("没有签", False),
        ("暂无协议", False), ("尚未签约", False), ("不", False), ("No", False), ("×", False),
        ("待定", None), ("暂无", None), ("不详", None), ("协议已终止", None),
        ("洽谈中", None), ("有？", None),
        ("无锡市人民医院", True), ("未央区医院", True), ("已签约", True), ("有", True),
    ],
)  # fmt: skip
def test_a_refusal_however_it_is_written(
    said: str,
    agreed: bool | None,  # noqa: FBT001
) -> None:
    found = agreement(pd.Series([said], dtype="str"))
    assert (None if found.isna().iloc[0] else bool(found.iloc[0])) is agreed


def test_the_agreement_share_is_of_all_institutions() -> None:
    rows = [facility(f"f{n}", None, "care_home", health_agreement="市医院") for n in range(8)]
    rows += [facility("f8", None, "welfare_home", health_agreement="无"),
             facility("g1", None, "day_care", health_agreement="市医院")]  # fmt: skip
    one = rates(table(*rows))["health_agreement_share"]
    assert (one.numerator, one.denominator, one.met, one.bound) == (8, 9, False, "")
    one = rates(table(*rows, facility("f9", None, "care_home")))["health_agreement_share"]
    # The empty cell is in the denominator, and is no refusal.
    assert (one.numerator, one.denominator, one.met, one.bound) == (8, 10, None, "at_least")
    silent = rates(table(facility("f1", None, "care_home")))["health_agreement_share"]
    assert silent.value is None


def test_a_facility_outside_the_study_counts_in_no_share() -> None:
    street = area("s1", "street", box(-10, -10, 200, 10))
    rows = (
        health("h1", 0, "某社区卫生服务中心"),
        facility("f1", spot(150, 0)), facility("f2", spot(500, 0)),
        facility("f3", spot(0, 0), "care_home", health_agreement="市医院"),
        facility("f4", spot(500, 0), "care_home", health_agreement="无"),
    )  # fmt: skip
    found = neighbour_table(Standing.of(layer(*rows), layer(street)), NEARBY)
    assert found["inside"].tolist() == [True, False, True, False]
    told = rates(found)
    assert told["health_agreement_share"].value == 1
    assert (told["health_next_door_share"].numerator, told["health_next_door_share"].denominator
            ) == (1, 2)  # fmt: skip
    assert "另有 2 处养老服务设施在区外" in str(told["health_agreement_share"].note)


def test_old_and_young_share_a_place_within_fifty_metres() -> None:
    found = table(
        facility("y1", spot(0, 0), "childcare"), facility("f1", spot(50, 0)),
        facility("f2", spot(51, 0)), facility("f3", spot(0, 0)), facility("f4", spot(9, 0)),
        facility("f5", None),
    )  # fmt: skip
    assert found["old_and_young"].tolist() == [True, False, True, True, pd.NA]
    one = rates(found)["old_and_young_share"]
    assert (one.numerator, one.denominator) == (3, 4)
    assert one.value == 0.75


def test_without_any_childcare_nothing_is_said_of_it() -> None:
    one = rates(table(facility("f1", spot(0, 0))))["old_and_young_share"]
    assert one.value is None


def test_metres_are_the_studys_own_judgement() -> None:
    rows = (health("h1", 0, "某社区卫生服务中心"), facility("f1", spot(150, 0)))
    found = table(*rows, nearby=Nearby(next_door_m=150))
    assert found["health_class"].tolist() == ["next_door"]


def test_kinds_are_told_by_names() -> None:
    named = layer(*(health(f"h{n}", 0, name) for n, name in enumerate(
        ("阳光社区卫生服务中心", "安庆镇中心卫生院", "上水村卫生所", "旗蒙医医院", "门诊部")
    )))  # fmt: skip
    assert health_kind(named).tolist() == [
        "community_health", "township_health", "village_clinic", "hospital", "",
    ]  # fmt: skip


def test_no_facilities_no_figures_and_row_order_changes_nothing() -> None:
    nothing = neighbour_table(Standing.of(None, None), NEARBY)
    assert [one.value for one in rates(nothing).values()] == [None, None, None]
    rows = [health("h1", 0, "卫生院"), facility("f2", spot(1, 0)), facility("f1", spot(2, 0))]
    pd.testing.assert_frame_equal(table(*rows), table(*rows[::-1]))
