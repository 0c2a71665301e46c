"""Land for care per resident, by hand: two numerators that never meet, and rooms without land."""

import math
from datetime import date

import pandas as pd

from analysis.districts.care_land import CareLand, care_land, care_land_indicators
from analysis.indicators.indicator import Indicator
from analysis.rulebook import Rulebook
from tests.analysis.toy_study import Row, area, box, facility, layer, spot

ON = date(2025, 12, 31)
CHIFENG = Rulebook.load(["chifeng"])
UNITS = (
    area("u1", "planning_unit", box(0, 0, 100, 100), planned_population=1000, population=700),
    area("u2", "planning_unit", box(100, 0, 200, 100), population=500),
    area("u3", "planning_unit", box(200, 0, 300, 100)),
)
STREET = area("s1", "street", box(0, 0, 300, 100), planned_population=9999)


def parcel(id_: str, x: float, m2: float | None, code: str | None, **more: object) -> Row:
    return {"id": id_, "land_area_m2": m2, "code": code, "geometry": spot(x, 50), **more}


def land_of(
    *parcels: Row,
    facilities: tuple[Row, ...] = (),
    areas: tuple[Row, ...] = (*UNITS, STREET),
) -> CareLand:
    return care_land(
        layer(*areas),
        layer(*parcels) if parcels else None,
        layer(*facilities) if facilities else None,
        CHIFENG,
        on=ON,
    )


def column(found: CareLand, name: str) -> list[object]:
    return found.table[name].astype(object).where(found.table[name].notna(), None).tolist()


def rates(found: CareLand) -> dict[str, Indicator]:
    return {one.key: one for one in care_land_indicators(found, CHIFENG, on=ON)}


PARCELS = (
    parcel("l1", 50, 60, "0702"),
    parcel("l2", 50, 100, "080701 老年人社会福利用地"),
    parcel("l3", 150, 40, "070201"),
    parcel("l4", 150, 49.9, "0807"),
    parcel("l5", 150, 500, "080702"),  # for children
    parcel("l6", 250, 80, "0702"),
)


def test_two_numerators_over_all_residents_and_never_added() -> None:
    found = land_of(*PARCELS)
    assert column(found, "level") == ["planning_unit"] * 3
    assert column(found, "residents") == [1000, 500, None]
    assert column(found, "residents_are") == ["planned", "resident", ""]
    assert column(found, "community_land_m2") == [60, 40, 80]
    assert column(found, "welfare_land_m2") == [100, 49.9, 0]
    assert column(found, "community_m2_per_resident") == [0.06, 0.08, None]
    assert column(found, "met_community") == [False, False, None]
    # 100 m² for 1,000 people is exactly 0.1; 49.9 m² for 500 is not.
    assert column(found, "met_welfare") == [True, False, None]
    assert found.other == 1


def test_the_study_is_the_units_whose_residents_are_known() -> None:
    found = rates(land_of(*PARCELS))
    community = found["care_land_per_resident_community"]
    welfare = found["care_land_per_resident_welfare"]
    assert (community.numerator, community.denominator) == (100, 1500)
    assert welfare.numerator == 149.9
    assert welfare.value is not None
    assert math.isclose(welfare.value, 149.9 / 1500)
    assert (community.target, welfare.target, welfare.met) == (0.1, 0.1, False)
    assert community.rule != welfare.rule
    note = str(community.note)
    assert "1 个单元用规划人口，1 个用现状人口，1 个人口未知" in note
    assert "假定" in note


def test_where_nobody_is_to_live_nothing_is_met() -> None:
    empty = area("u1", "planning_unit", box(0, 0, 100, 100), planned_population=0)
    found = land_of(parcel("l1", 50, 60, "0702"), areas=(empty,))
    assert column(found, "met_community") == [None]
    assert column(found, "community_m2_per_resident") == [None]


def test_streets_stand_in_where_no_planning_unit_is_drawn() -> None:
    found = land_of(*PARCELS, areas=(STREET,))
    assert column(found, "area_id") == ["s1"]
    assert column(found, "community_land_m2") == [180]


def test_reserved_land_counts_and_closed_or_misused_land_does_not() -> None:
    found = land_of(
        parcel("l1", 50, 60, "0702", status="planned"),
        parcel("l2", 50, 20, "0702", status="building"),
        parcel("l3", 50, 10, "0702", status="operating"),
        parcel("l4", 50, 1000, "0702", status="closed"),
        parcel("l5", 50, 1000, "0702", status="misused"),
    )
    assert column(found, "community_land_m2") == [90, 0, 0]
    assert column(found, "met_community") == [False, False, None]


def test_an_unknown_code_or_status_leaves_the_verdict_open_only_where_it_matters() -> None:
    found = land_of(
        parcel("l1", 50, 60, "0702", status="operating"),
        parcel("l2", 50, 40, None, status="operating"),
        parcel("l3", 150, 9, "0702", status=None),
    )
    # u1: 60 certain, 100 possible, 100 needed: open. u2: at most 9 of 50: short.
    assert column(found, "community_land_m2") == [60, 0, 0]
    assert column(found, "met_community") == [None, False, None]
    assert column(found, "unclear_land_m2") == [40, 9, 0]
    one = rates(found)["care_land_per_resident_community"]
    assert (one.bound, one.met) == ("at_least", None)


def test_a_parcel_of_unknown_size_may_be_of_any_size() -> None:
    found = land_of(parcel("l1", 50, None, "0702"), parcel("l2", 150, 50, "0702"))
    assert column(found, "community_land_m2") == [0, 50, 0]
    assert column(found, "met_community") == [None, True, None]
    # 50 m² for 1,500 people is what is certain; the other parcel may hold the rest.
    one = rates(found)["care_land_per_resident_community"]
    assert (one.numerator, one.bound, one.met) == (50, "at_least", None)
    assert "1 处用地没有填写面积" in str(one.note)
    other = rates(found)["care_land_per_resident_welfare"]
    assert (other.numerator, other.bound, other.met) == (0, "", False)
    assert "没有填写面积" not in str(other.note)


def test_a_parcel_drawn_as_an_outline_has_its_own_size_where_none_is_told() -> None:
    drawn = {"id": "l1", "land_area_m2": None, "code": "0702", "geometry": box(10, 10, 20, 30)}
    told = {"id": "l2", "land_area_m2": 7, "code": "0702", "geometry": box(110, 10, 120, 30)}
    found = land_of(drawn, told)
    assert column(found, "community_land_m2") == [200, 7, 0]
    assert found.by_outline == 1


FACILITIES = (
    facility("f1", spot(50, 50), "day_care", floor_area_m2=400, land_area_m2=0),
    facility("f2", spot(50, 50), "embedded", floor_area_m2=900, land_area_m2=700),
    facility("f3", spot(150, 50), "care_home", floor_area_m2=900, land_area_m2=50),
    facility("f4", spot(150, 50), "health", floor_area_m2=900, land_area_m2=900),
)


def test_the_facilities_own_land_stands_in_where_there_is_no_layer_of_land() -> None:
    found = land_of(facilities=FACILITIES)
    assert found.source == "facilities"
    assert column(found, "community_land_m2") == [700, 0, 0]
    assert column(found, "welfare_land_m2") == [0, 50, 0]
    assert column(found, "met_welfare") == [False, True, None]


def test_rooms_without_land_are_counted_and_never_turned_into_land() -> None:
    assert column(land_of(facilities=FACILITIES), "facilities_without_land") == [1, 0, 0]
    beside = land_of(*PARCELS, facilities=FACILITIES)
    assert beside.source == "care_land"
    assert column(beside, "community_land_m2") == [60, 40, 80]
    assert column(beside, "facilities_without_land") == [1, 0, 0]
    assert "1 处设施填明没有独立用地" in str(rates(beside)["care_land_per_resident_welfare"].note)


def test_a_blank_cell_of_land_is_unknown_and_not_none() -> None:
    blank = facility("f5", spot(150, 50), "day_care", floor_area_m2=400)
    found = land_of(facilities=(*FACILITIES, blank))
    assert column(found, "facilities_without_land") == [1, 0, 0]
    assert column(found, "met_community") == [True, None, None]
    one = rates(found)["care_land_per_resident_community"]
    assert (one.numerator, one.bound) == (700, "at_least")


def test_a_ledger_that_tells_no_land_at_all_says_nothing() -> None:
    found = land_of(facilities=(facility("f1", spot(50, 50), "day_care", floor_area_m2=400),))
    assert found.source == ""
    assert column(found, "community_m2_per_resident") == [None, None, None]
    assert column(found, "met_community") == [None, None, None]
    assert rates(found)["care_land_per_resident_community"].value is None


def test_land_outside_is_told_and_not_counted() -> None:
    found = land_of(parcel("l1", 900, 60, "0702"), parcel("l2", 900, 500, "080702"))
    assert found.outside_m2 == 60
    assert column(found, "community_land_m2") == [0, 0, 0]


def test_no_areas_no_figures_and_row_order_changes_nothing() -> None:
    empty = care_land(None, layer(*PARCELS), None, CHIFENG, on=ON)
    assert empty.table.empty
    assert rates(empty) == {}
    pd.testing.assert_frame_equal(land_of(*PARCELS).table, land_of(*PARCELS[::-1]).table)
