"""Beds by class and area, by hand; unknown beds make a lower bound and no verdict."""

import math
from collections.abc import Mapping
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from analysis.districts.bed_indicators import bed_indicators
from analysis.districts.beds import bed_findings, bed_table, everybody_60plus, price_class
from analysis.districts.standing import Standing
from analysis.indicators.indicator import Indicator
from analysis.people.locating import Located
from analysis.people.told import PeopleTold
from analysis.rulebook import Rulebook
from tests.analysis.toy_study import Row, area, box, facility, layer, spot

ON = date(2025, 12, 31)
CHIFENG = Rulebook.load(["chifeng"])
AREAS = (
    area("k1", "county", box(0, 0, 200, 100), elderly_60plus=1000),
    area("k2", "county", box(200, 0, 400, 100)),
    area("s1", "street", box(0, 0, 100, 100)),
)


def home(id_: str, beds: float | None, x: float = 50, **more: object) -> Row:
    return facility(id_, spot(x, 50), "care_home", beds=beds, **more)


def standing(*facilities: Row, areas: tuple[Row, ...] = AREAS) -> Standing:
    return Standing.of(layer(*facilities), layer(*areas))


def figures(*facilities: Row, elderly: float = math.nan) -> Mapping[str, Indicator]:
    here = standing(*facilities)
    table = bed_table(here, CHIFENG, on=ON, elderly_60plus=elderly)
    return {one.key: one for one in bed_indicators(table, here, CHIFENG, on=ON)}


MIXED = (
    home("f1", 100, nursing_beds=60, price_class="普惠"),
    facility("f2", spot(150, 50), "welfare_home", beds=40, nursing_beds=10, price_class="兜底"),
    facility("f3", spot(50, 50), "day_care", beds=20, nursing_beds=5),
    facility("f4", spot(250, 50), "mutual_aid", beds=30, nursing_beds=0),
    facility("f5", spot(250, 50), "rehab", beds=500, nursing_beds=500),
    facility("f6", spot(900, 50), "embedded", beds=10, nursing_beds=1),
)


def test_beds_by_class_of_study_and_areas_add_up() -> None:
    table = bed_table(standing(*MIXED), CHIFENG, on=ON, elderly_60plus=3800)
    rows = table.set_index(["level", "area_id"])
    assert rows.index.tolist() == [
        ("study", "ALL"), ("inside", "INSIDE"),
        ("county", "k1"), ("county", "k2"), ("county", "OUTSIDE"),
        ("street", "s1"), ("street", "OUTSIDE"),
    ]  # fmt: skip
    assert rows["beds"].tolist() == [200, 190, 160, 30, 10, 120, 80]  # rehab has no care beds
    assert rows["institution_beds"].tolist() == [140, 140, 140, 0, 0, 100, 40]
    assert rows["community_beds"].tolist() == [30, 20, 20, 0, 10, 20, 10]
    assert rows["mutual_aid_beds"].tolist() == [30, 30, 0, 30, 0, 0, 30]
    assert rows["nursing_beds"].tolist() == [76, 75, 75, 0, 1, 65, 11]
    assert rows["facilities"].tolist() == [5, 4, 3, 1, 1, 2, 3]
    assert rows.loc[("county", "k1"), "beds_per_1000_elderly"] == 160
    assert rows.loc[("county", "k1"), "elderly_are"] == "boundaries"
    assert math.isnan(rows.loc[("county", "k2"), "beds_per_1000_elderly"])
    # 190 beds inside for 3,800 people inside: the ten beds outside serve nobody counted here.
    assert rows.loc[("study", "ALL"), "beds_per_1000_elderly"] == 50
    assert rows.loc[("inside", "INSIDE"), "beds_per_1000_elderly"] == 50


def test_people_of_an_area_come_from_the_coverage_table_where_its_boundary_is_silent() -> None:
    coverage = pd.DataFrame(
        {"level": ["county", "county"], "area_id": ["k1", "k2"], "elderly_60plus": [7, 600]}
    )
    table = bed_table(standing(*MIXED), CHIFENG, on=ON, coverage=coverage)
    counties = table[table["level"] == "county"].set_index("area_id")
    assert counties["elderly_60plus"].fillna(-1).tolist() == [1000, 600, -1]
    assert counties["elderly_are"].tolist() == ["boundaries", "homes", ""]
    assert counties.loc["k2", "beds_per_1000_elderly"] == 50


def test_fifty_beds_per_thousand_meet_the_target() -> None:
    one = figures(*MIXED, elderly=3800)["beds_per_1000_elderly"]
    assert (one.value, one.target, one.met, one.gap) == (50, 50, True, 0)
    short = figures(*MIXED, elderly=3801)["beds_per_1000_elderly"]
    assert short.met is False
    assert "3801" in str(short.note)
    assert "区外另有 1 处设施、10 张床位，未计入" in str(short.note)


def test_unknown_beds_make_a_lower_bound_that_proves_only_that_the_target_is_met() -> None:
    unknown = facility("f9", spot(50, 50), "community_station")
    one = figures(*MIXED, unknown, elderly=3801)["beds_per_1000_elderly"]
    assert one.value == pytest.approx(190 / 3.801)
    assert (one.bound, one.met, one.gap) == ("at_least", None, None)
    assert "1 处设施没有填写床位" in str(one.note)
    assert figures(*MIXED, unknown, elderly=3800)["beds_per_1000_elderly"].met is True


def test_nothing_known_is_no_figure_and_not_nought() -> None:
    here = Standing.of(None, layer(*AREAS))
    table = bed_table(here, CHIFENG, on=ON, elderly_60plus=4000)
    values = {one.key: one.value for one in bed_indicators(table, here, CHIFENG, on=ON)}
    assert values == dict.fromkeys(values)
    assert len(values) == 5
    assert figures(home("f1", None), elderly=4000)["beds_per_1000_elderly"].value is None
    assert figures(*MIXED)["beds_per_1000_elderly"].value is None


def test_the_nursing_share_is_of_institution_beds_alone() -> None:
    one = figures(*MIXED)["nursing_share_of_institution_beds"]
    assert (one.numerator, one.denominator) == (70, 140)
    assert (one.value, one.target, one.met) == (0.5, 0.55, False)
    assert "分母为养老机构床位 140 张" in str(one.note)
    assert "39.5%" in str(one.note)  # 75 of 190


FAR = 900  # outside every area


def test_homes_outside_count_in_no_figure_of_the_study() -> None:
    inside = home("f1", 100, nursing_beds=60, price_class="兜底")
    outside = home("f2", 300, x=FAR, nursing_beds=300, price_class="普惠")
    alone, both = figures(inside, elderly=4000), figures(inside, outside, elderly=4000)
    values = {key: one.value for key, one in both.items()}
    assert values == {key: one.value for key, one in alone.items()}
    assert values["beds_per_1000_elderly"] == 25
    assert values["nursing_share_of_institution_beds"] == 0.6
    assert values["basic_and_affordable_beds_share"] == 1
    assert values["affordable_bed_gap"] == 120


@pytest.mark.parametrize(
    ("people", "said"),
    [
        (PeopleTold(2020, "resident"), "老年人为 2020 年的常住人口。"),
        (PeopleTold(2024, "registered"), "老年人为 2024 年的户籍人口。"),
        (PeopleTold(2024), "老年人为 2024 年的人口，没有写明常住还是户籍。"),
        (PeopleTold(None, "resident"), "老年人为常住人口，没有写明年份。"),
        (PeopleTold(), "老年人没有写明年份，也没有写明常住还是户籍。"),
    ],
)
def test_a_figure_says_of_which_people_it_is(people: PeopleTold, said: str) -> None:
    here = standing(*MIXED)
    table = bed_table(here, CHIFENG, on=ON, elderly_60plus=4000)
    found = {one.key: one for one in bed_indicators(table, here, CHIFENG, on=ON, people=people)}
    for key in ("beds_per_1000_elderly", "affordable_bed_gap"):
        assert str(found[key].note).endswith(said)


def test_where_neither_county_nor_street_is_drawn_all_count() -> None:
    here = standing(home("f1", 100), home("f2", 300, x=FAR), areas=(
        area("c1", "community", box(0, 0, 100, 100)),
    ))  # fmt: skip
    table = bed_table(here, CHIFENG, on=ON, elderly_60plus=4000)
    assert table["area_id"].tolist() == ["ALL"]
    assert table.loc[0, "beds_per_1000_elderly"] == 100


def test_a_home_without_a_place_may_stand_inside() -> None:
    lost = facility("f2", None, "care_home", beds=300)
    one = figures(home("f1", 100), lost, elderly=4000)["beds_per_1000_elderly"]
    assert (one.value, one.bound, one.met) == (25, "at_least", None)


def test_people_who_live_outside_are_not_asked_for() -> None:
    homes = layer(
        {"elderly_60plus": 30.0, "geometry": spot(50, 50)},
        {"elderly_60plus": 7.0, "geometry": spot(FAR, 50)},
    )
    located = Located(homes, np.array([-1, -1]), {"elderly_60plus": 2.0}, "population", ())
    assert everybody_60plus(located, layer(*AREAS)) == 32
    assert everybody_60plus(located, None) == 39


def test_a_home_silent_on_nursing_beds_makes_the_share_a_lower_bound() -> None:
    one = figures(home("f1", 100, nursing_beds=50), home("f2", 100))[
        "nursing_share_of_institution_beds"
    ]
    assert (one.value, one.bound, one.met) == (0.25, "at_least", None)


def test_more_nursing_beds_than_beds_is_a_finding_and_unknown() -> None:
    rows = (home("f1", 100, nursing_beds=120), home("f2", 100, nursing_beds=60))
    assert figures(*rows)["nursing_share_of_institution_beds"].numerator == 60
    (finding,) = bed_findings(layer(*rows))
    assert (finding.severity, finding.row, finding.column) == ("warning", 2, "护理型床位")
    assert bed_findings(None) == ()


def test_the_three_percent_method_is_another_figure_without_a_target() -> None:
    found = figures(*MIXED, elderly=4000)
    one = found["affordable_bed_gap"]
    # 3 % of 4,000 are 120; 100 beds are affordable.
    assert (one.value, one.numerator, one.denominator) == (20, 100, 120)
    assert (one.target, one.met, one.unit) == (None, None, "张")
    assert one.text is not None
    assert one.text.clause == "一（一）3"
    enough = figures(home("f1", 500, price_class="普惠"), elderly=4000)["affordable_bed_gap"]
    assert enough.value == 0


def test_an_unknown_price_class_makes_the_gap_an_upper_bound() -> None:
    one = figures(home("f1", 100, price_class="普惠"), home("f2", 10), elderly=4000)
    assert one["affordable_bed_gap"].bound == "at_most"
    share = one["basic_and_affordable_beds_share"]
    assert share.value is None  # half of the homes do not say
    assert share.denominator == 100


def test_the_basic_and_affordable_share_is_of_institutions_whose_class_is_known() -> None:
    rows = (
        home("f1", 60, price_class="普惠型"), home("f2", 30, price_class="兜底保障"),
        home("f3", 10, price_class="市场化"), facility("f4", spot(50, 50), "day_care", beds=99),
    )  # fmt: skip
    one = figures(*rows)["basic_and_affordable_beds_share"]
    assert (one.numerator, one.denominator, one.value, one.met) == (90, 100, 0.9, True)


def test_a_price_class_that_says_two_things_says_none() -> None:
    said = layer(*(facility(f"f{n}", None, price_class=text) for n, text in enumerate(
        ("兜底", "普惠", "市场", "普惠、市场", "其他", None, "非营利", "营利性", "非营利、普惠")
    )))  # fmt: skip
    assert price_class(said).fillna("").tolist() == [
        "basic", "affordable", "market", "", "", "", "", "market", "affordable",
    ]  # fmt: skip


def opened(*rows: tuple[str, str | None, str | None, float | None]) -> Indicator:
    table = layer(*(home(id_, beds, ownership=owner) for id_, owner, _, beds in rows))
    table["opened_on"] = pd.to_datetime([day for _, _, day, _ in rows])
    here = Standing.of(table, layer(*AREAS))
    beds = bed_table(here, CHIFENG, on=ON)
    return {one.key: one for one in bed_indicators(beds, here, CHIFENG, on=ON)}["new_public_beds"]


def test_new_public_beds_are_those_opened_since_the_rule() -> None:
    one = opened(
        ("f1", "公办", "2023-08-25", 100),  # the day it came into force: not since
        ("f2", "公办", "2023-08-26", 200),
        ("f3", "民办", "2024-05-01", 400),
        ("f4", "公办民营", "2025-12-31", 800),
        ("f5", "公办", "2026-01-01", 1600),
    )
    assert (one.value, one.target, one.met, one.bound) == (1000, 2500, False, "")


def test_what_is_said_not_to_be_public_is_not() -> None:
    one = opened(
        ("f1", "公办", "2024-01-01", 100),
        ("f2", "社会力量（非国有）", "2024-01-01", 200),
        ("f3", "非公办", "2024-01-01", 400),
    )
    assert (one.value, one.bound) == (100, "")


def test_a_public_home_outside_is_nobodys_new_bed_here() -> None:
    table = layer(
        home("f1", 100, ownership="公办"), home("f2", 200, x=FAR, ownership="公办")
    )
    table["opened_on"] = pd.to_datetime(["2024-01-01", "2024-01-01"])
    here = Standing.of(table, layer(*AREAS))
    found = bed_indicators(bed_table(here, CHIFENG, on=ON), here, CHIFENG, on=ON)
    assert {one.key: one.value for one in found}["new_public_beds"] == 100


@pytest.mark.parametrize(
    "row",
    [("f2", None, "2024-01-01", 50), ("f2", "公办", None, 50), ("f2", "公办", "2024-01-01", None)],
)
def test_what_is_not_told_of_an_opening_makes_a_lower_bound(
    row: tuple[str, str | None, str | None, float | None],
) -> None:
    one = opened(("f1", "公办", "2024-01-01", 100), row)
    assert (one.value, one.bound, one.met) == (100, "at_least", None)


def test_row_order_changes_nothing() -> None:
    def table(rows: tuple[Row, ...]) -> pd.DataFrame:
        here: gpd.GeoDataFrame = layer(*rows)
        return bed_table(Standing.of(here, layer(*AREAS)), CHIFENG, on=ON, elderly_60plus=99)

    pd.testing.assert_frame_equal(table(MIXED), table(MIXED[::-1]))
