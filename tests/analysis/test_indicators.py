"""Indicators: value, denominator and target, by hand."""

from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point, box

from analysis.description import IndicatorValue
from analysis.indicators.indicator import ratio
from analysis.indicators.ledger import COMPUTED as COMPUTED_BY
from analysis.indicators.table import COLUMNS, Covers, indicator_table, indicators
from analysis.rulebook import Rulebook
from geo.language import say

ON = date(2025, 12, 31)
METRIC = "EPSG:4549"


def provision(*rows: tuple[str, float, float, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["kind", "households", "provided_m2", "verdict"])
    return frame.assign(in_scope=True, reasons="", rule="", deficit_m2=0.0)


def table(
    checked: pd.DataFrame,
    *,
    boundaries: gpd.GeoDataFrame | None = None,
    facilities: gpd.GeoDataFrame | None = None,
    rules: str = "chifeng",
    covers: Covers = "part",
) -> pd.DataFrame:
    figures = indicators(
        checked,
        boundaries,
        facilities,
        Rulebook.load([rules] if rules else []),
        on=ON,
        counted=("f1",),
        covers=covers,
    )
    return indicator_table(figures).set_index("key", drop=False)


def test_rate_of_new_estates_against_its_target() -> None:
    checked = provision(
        ("new", 1000, 200, "met"),
        ("new", 500, 0, "met_pooled"),
        ("new", 500, 50, "short"),
        ("built", 500, 0, "short"),
    )
    row = table(checked).loc["provision_rate_new"]
    assert (row["numerator"], row["denominator"]) == (2, 3)
    assert row["value"] == pytest.approx(2 / 3)
    assert row["target"] == 1
    assert not row["met"]
    assert row["year"] == 2025
    assert row["document"] == "赤政办发〔2023〕42号"
    assert row["clause"] == "四2"


def test_floor_area_per_hundred_households_of_estates_with_a_verdict() -> None:
    checked = provision(
        ("built", 1000, 300, "met"), ("built", 800, 160, "met"), ("built", 200, 0, "unknown")
    )
    row = table(checked).loc["care_floor_area_per_100_households"]
    assert (row["numerator"], row["denominator"]) == (460, 18)
    assert row["value"] == pytest.approx(460 / 18)
    assert row["met"]


def test_too_much_unknown_or_nothing_at_all_gives_no_value() -> None:
    checked = provision(("new", 700, 200, "met"), ("new", 300, 0, "unknown"))
    row = table(checked).loc["provision_rate_new"]
    assert pd.isna(row["value"])
    assert pd.isna(row["met"])
    assert pd.isna(table(provision()).loc["provision_rate_new"]["value"])


def test_without_a_rule_there_is_no_target() -> None:
    row = table(provision(("built", 1000, 300, "met")), rules="").loc[
        "care_floor_area_per_100_households"
    ]
    assert row["value"] == 30
    assert pd.isna(row["target"])
    assert pd.isna(row["met"])


def communities(**columns: list[str]) -> gpd.GeoDataFrame:
    squares = [box(100 * i, 0, 100 * i + 100, 100) for i in range(3)]
    return gpd.GeoDataFrame({"level": ["community"] * 3, **columns}, geometry=squares, crs=METRIC)


def standing(*points: tuple[str, float]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"id": [name for name, _ in points]},
        geometry=[Point(x, 50) for _, x in points],
        crs=METRIC,
    )


def test_urban_communities_with_a_facility_that_counts() -> None:
    boundaries = communities(setting=["urban", "urban", "rural"])
    rows = table(provision(), boundaries=boundaries, facilities=standing(("f1", 50), ("f2", 150)))
    row = rows.loc["urban_community_coverage"]
    assert (row["numerator"], row["denominator"]) == (1, 2)
    assert row["value"] == 0.5
    # One figure is held against the target: that of those served. This one stands beside it.
    assert pd.isna(row["met"])
    assert row["clause"] == "三（二）"
    assert not rows.loc["urban_community_served", "met"]


def test_nothing_is_said_of_towns_where_no_setting_is_given() -> None:
    rows = table(provision(), boundaries=communities(), facilities=standing(("f1", 50)))
    assert "urban_community_coverage" not in rows.index


URBAN = (
    "urban_community_coverage", "urban_community_served", "community_station_coverage",
)  # fmt: skip


def test_a_layer_without_facilities_that_count_is_zero() -> None:
    areas = communities(setting=["urban"] * 3)
    rows = table(provision(), boundaries=areas, facilities=standing(("f2", 50)))
    assert rows.loc[list(URBAN), "value"].tolist() == [0, 0, 0]


def test_no_layer_of_facilities_is_unknown_and_not_zero() -> None:
    areas = communities(setting=["urban"] * 3)
    silent = standing(("f1", 50)).assign(status=pd.array([pd.NA], dtype="str"))
    for facilities in (None, silent):
        rows = table(provision(), boundaries=areas, facilities=facilities)
        assert rows.loc[list(URBAN), ["value", "met"]].isna().all(axis=None)


def test_columns_are_those_of_the_contract() -> None:
    assert tuple(table(provision()).columns) == COLUMNS


def test_pooled_area_counts_beside_the_estates_own() -> None:
    # 500 households each; the pool's facility of 100 m² is nobody's own.
    checked = provision(("built", 500, 0, "met_pooled"), ("built", 500, 100, "met"))
    rulebook = Rulebook.load(["chifeng"])
    figures = indicators(checked, None, None, rulebook, on=ON, counted=(), pooled_m2=100)
    rows = indicator_table(figures)
    row = rows.set_index("key").loc["care_floor_area_per_100_households"]
    assert (row["numerator"], row["denominator"], row["value"]) == (200, 10, 20)
    assert row["met"]


def test_figures_entered_by_hand_come_last_as_they_are() -> None:
    entered = {
        "nursing_bed_share": IndicatorValue(
            value=0.58, unit="比例", source="民政统计台账", date=date(2024, 12, 31)
        ),
        "home_beds": IndicatorValue(value=120),
    }
    rulebook = Rulebook.load(["chifeng"])
    figures = indicators(provision(), None, None, rulebook, on=ON, counted=(), entered=entered)
    rows = indicator_table(figures)
    assert tuple(rows.columns) == COLUMNS
    assert rows["key"].tolist()[-2:] == ["nursing_bed_share", "home_beds"]
    one, other = rows.iloc[-2], rows.iloc[-1]
    assert (one["name"], one["value"], one["unit"]) == ("nursing_bed_share", 0.58, "比例")
    assert (one["year"], one["document"], one["clause"]) == (2024, "民政统计台账", "")
    assert one[["target", "met", "numerator", "denominator"]].isna().all()
    assert (other["value"], other["unit"], other["document"]) == (120, "", "")
    assert pd.isna(other["year"])


def test_a_ledger_without_any_estate_in_scope_says_nothing() -> None:
    checked = provision(("built", 0, 0, "")).assign(in_scope=False)
    row = table(checked).loc["care_floor_area_per_100_households"]
    assert (row["numerator"], row["denominator"]) == (0, 0)
    assert pd.isna(row["value"])


COMPUTED = {
    "provision_rate_new", "care_floor_area_per_100_households", "beds_per_1000_elderly",
    "nursing_share_of_institution_beds", "affordable_bed_gap", "basic_and_affordable_beds_share",
    "new_public_beds", "health_next_door_share", "health_agreement_share", "old_and_young_share",
}  # fmt: skip


def test_everything_computed_comes_first_and_every_line_of_the_packs_once() -> None:
    rulebook = Rulebook.load(["chifeng"])
    keys = table(provision()).index.tolist()
    lines = [rule.key for rule in rulebook.ledger(ON)]
    assert set(keys[: -len(lines)]) == COMPUTED
    assert keys[-len(lines) :] == lines


def test_what_districts_have_is_counted_from_the_layers() -> None:
    boundaries = communities(setting=["urban", "urban", "rural"], id=["a", "b", "c"])
    facilities = standing(("f1", 50), ("f2", 250)).assign(
        category=["day_care", "mutual_aid"], name=["甲", "乙"]
    )
    rows = table(provision(), boundaries=boundaries, facilities=facilities, covers="city")
    assert rows.loc["urban_community_served", ["numerator", "denominator"]].tolist() == [1, 2]
    assert rows.loc["rural_community_coverage", ["numerator", "denominator"]].tolist() == [1, 1]
    assert rows.loc["rural_community_coverage", "met"]
    assert rows.loc["three_tier_completeness", "denominator"] == 3


def test_each_figure_is_held_against_the_rule_the_ledger_names() -> None:
    rulebook = Rulebook.load(["chifeng"])
    areas = communities(setting=["urban", "urban", "rural"], id=["a", "b", "c"])
    boundaries = pd.concat(
        [
            areas,
            areas.assign(level="street", unit_type="街道", planned_population=100.0),
            areas.assign(level="county"),
        ],
        ignore_index=True,
    )
    figures = indicators(
        provision(), boundaries, standing(("f1", 50)), rulebook, on=ON, counted=("f1",)
    )
    held = {one.key: one.rule for one in figures if one.rule is not None}
    named = {key: rulebook.find(*rule, ON) for key, rule in COMPUTED_BY.items()}
    assert {key: rule for key, rule in held.items() if key in named} == named


def test_a_figure_entered_for_a_computed_key_stands_beside_it() -> None:
    checked = provision(("new", 1000, 200, "met"), ("new", 1000, 0, "short"))
    entered = {"provision_rate_new": IndicatorValue(value=98, unit="%")}
    figures = indicators(
        checked, None, None, Rulebook.load(["chifeng"]), on=ON, counted=(), entered=entered
    )
    rows = indicator_table(figures).set_index("key")
    assert rows.loc["provision_rate_new", "value"] == 0.5
    assert rows.loc["provision_rate_new_entered", ["value", "met"]].tolist() == [0.98, False]


def test_the_year_is_that_of_the_figure_and_not_of_its_target() -> None:
    rule = Rulebook.load(["chifeng"]).find("beds_per_1000_elderly", "all", ON)
    assert rule is not None
    later = date(2027, 6, 30)
    one = ratio(rule, key="k", name=say("x"), parts=(1.0, 2.0), on=later)
    waiting = ratio(rule, key="k", name=say("x"), parts=(1.0, 0.0), on=later)
    assert (rule.target_year, one.told_year, waiting.told_year) == (2025, 2027, 2025)


def test_a_text_without_a_number_holds_nobody() -> None:
    rulebook = Rulebook.load(["chifeng"])
    rule = rulebook.find("county_presence_target", "activity_centre", ON)
    assert rule is not None
    one = ratio(rule, key="k", name=say("x"), parts=(1.0, 2.0), on=ON)
    assert (one.value, one.target, one.met, one.gap) == (0.5, None, None, None)
    assert one.text is rule
