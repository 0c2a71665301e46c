"""Coverage on two streets side by side, 200 m by 100 m, worked by hand."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.coverage import table as coverage
from analysis.coverage.table import COLUMNS
from analysis.coverage.tally import Tally, tally

CRS = "EPSG:4549"
WEST, EAST = shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)
NAN = float("nan")


def frame(**columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry="geometry", crs=CRS)


def streets(**more: object) -> gpd.GeoDataFrame:
    return frame(
        id=["w", "e"], name=["西街", "东街"], level=["street", "street"],
        geometry=[WEST, EAST], **more,
    )  # fmt: skip


def homes(points: list[tuple[float, float]], **columns: object) -> gpd.GeoDataFrame:
    return frame(geometry=list(shapely.points(points)) if points else [], **columns)


def three_homes() -> gpd.GeoDataFrame:
    # West: 100 elders covered to 0.7; east: 50 not covered; outside: 10 covered.
    return homes(
        [(50, 50), (150, 50), (900, 50)],
        population=[400.0, 250.0, NAN], elderly_60plus=[100.0, 50.0, 10.0],
        share=[0.7, 0.0, 1.0], reachable=[True, False, True],
    )  # fmt: skip


def two_estates() -> gpd.GeoDataFrame:
    return frame(
        households=[160.0, NAN], share=[0.7, 0.0],
        geometry=[shapely.box(20, 20, 60, 60), shapely.box(120, 20, 160, 45)],
    )  # fmt: skip


def nothing(**columns: object) -> gpd.GeoDataFrame:
    return frame(share=np.array([], dtype=float), geometry=[], **columns)


def coverage_table(
    people: gpd.GeoDataFrame,
    estates: gpd.GeoDataFrame,
    land: gpd.GeoDataFrame,
    boundaries: gpd.GeoDataFrame | None,
) -> pd.DataFrame:
    return coverage.coverage_table(counts(people, estates, land, boundaries), boundaries)


def counts(
    people: gpd.GeoDataFrame,
    estates: gpd.GeoDataFrame,
    land: gpd.GeoDataFrame,
    boundaries: gpd.GeoDataFrame | None,
) -> Tally:
    return tally(people, estates, land, boundaries, estate=np.full(len(people), -1))


def coverage_summary(
    people: gpd.GeoDataFrame,
    estates: gpd.GeoDataFrame,
    land: gpd.GeoDataFrame,
    *,
    boundaries: gpd.GeoDataFrame | None = None,
    unlocated: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    places = counts(people, estates, land, boundaries)
    return coverage.coverage_summary(places, boundaries=boundaries, unlocated=unlocated)


def band(
    people: gpd.GeoDataFrame,
    shares: Mapping[str, npt.ArrayLike],
    *,
    boundaries: gpd.GeoDataFrame | None = None,
) -> dict[str, float | None]:
    return coverage.band(counts(people, nothing(), nothing(), boundaries), shares)


def row(table: pd.DataFrame, area_id: str) -> pd.Series:
    return table[table["area_id"] == area_id].iloc[0]


def test_the_study_comes_first_then_areas_in_file_order_then_the_outside() -> None:
    table = coverage_table(three_homes(), two_estates(), two_estates(), streets())
    assert list(table.columns) == list(COLUMNS)
    assert list(table["area_id"]) == ["ALL", "w", "e", "OUTSIDE"]
    assert list(table["level"]) == ["study", "street", "street", "street"]


def test_people_estates_households_and_land_by_hand() -> None:
    table = coverage_table(three_homes(), two_estates(), two_estates(), streets())
    every, west, east, outside = (row(table, key) for key in ("ALL", "w", "e", "OUTSIDE"))
    assert (every["elderly_60plus"], every["covered_60plus"]) == (160, 80)
    assert every["share_60plus"] == 0.5
    assert (west["elderly_60plus"], west["covered_60plus"], west["share_60plus"]) == (100, 70, 0.7)
    assert (west["population"], west["covered_population"]) == (400, 280)
    # 40 m x 40 m, and 40 m x 25 m.
    assert (west["residential_m2"], west["covered_residential_m2"]) == (1600, 1120)
    assert (every["residential_m2"], every["covered_residential_m2"]) == (2600, 1120)
    # A share of 0.7 is covered, and a part.
    assert list(west[["areas", "covered_areas", "partly_areas"]]) == [1, 1, 1]
    assert list(east[["areas", "covered_areas", "partly_areas"]]) == [1, 0, 0]
    assert (west["households"], west["covered_households"]) == (160, 112)
    assert (outside["elderly_60plus"], outside["covered_60plus"], outside["areas"]) == (10, 10, 0)


def test_unknown_is_empty_and_nobody_is_zero() -> None:
    table = coverage_table(three_homes(), two_estates(), two_estates(), streets())
    # The only home outside does not know its population; the only eastern estate no households.
    assert pd.isna(row(table, "OUTSIDE")["population"])
    assert pd.isna(row(table, "OUTSIDE")["share_population"])
    assert pd.isna(row(table, "e")["households"])
    # No estate is outside: none is 0 of what is known elsewhere.
    assert row(table, "OUTSIDE")["households"] == 0
    assert row(table, "OUTSIDE")["residential_m2"] == 0


def test_a_column_nobody_knows_is_empty_everywhere() -> None:
    people = three_homes().drop(columns="population")
    points = two_estates().set_geometry(two_estates().geometry.centroid)
    table = coverage_table(people, two_estates(), points, streets())
    for name in ("population", "covered_population", "share_population", "residential_m2"):
        assert table[name].isna().all()


def test_no_places_at_all_still_gives_a_table() -> None:
    table = coverage_table(nothing(), nothing(), nothing(), streets())
    assert list(table["areas"]) == [0, 0, 0, 0]
    assert table["elderly_60plus"].isna().all()
    assert len(coverage_table(nothing(), nothing(), nothing(), None)) == 1


def test_the_share_is_empty_where_there_is_nobody() -> None:
    table = coverage_table(three_homes().head(1), nothing(), nothing(), streets())
    assert row(table, "e")["elderly_60plus"] == 0
    assert pd.isna(row(table, "e")["share_60plus"])


def test_a_place_of_unknown_share_is_left_out_of_both_sides() -> None:
    people = three_homes().assign(share=[0.7, NAN, 1.0])
    every = row(coverage_table(people, nothing(), nothing(), None), "ALL")
    assert (every["elderly_60plus"], every["covered_60plus"]) == (110, 80)
    # 50 of 160 have no known share: more than 5 %, so there are bounds.
    summary = coverage_summary(people, nothing(), nothing())
    assert summary["unlocated_60plus"] == 50
    assert summary["share_60plus_low"] == 80 / 160
    assert summary["share_60plus_high"] == 130 / 160


def test_thirds_of_people_add_up_in_print() -> None:
    # 100 people in three homes, one in each street and one outside, each two thirds covered.
    people = homes(
        [(50, 50), (150, 50), (900, 50)], elderly_60plus=[100 / 3] * 3, share=[2 / 3] * 3
    )
    table = coverage_table(people, nothing(), nothing(), streets())
    assert list(table["elderly_60plus"]) == [100, 33, 34, 33]
    assert list(table["covered_60plus"]) == [67, 22, 23, 22]
    assert table["share_60plus"].to_numpy() == pytest.approx(2 / 3)


def test_a_home_on_a_shared_edge_is_counted_once() -> None:
    people = homes([(100, 50)], elderly_60plus=[10.0], share=[1.0])
    table = coverage_table(people, nothing(), nothing(), streets())
    assert list(table["elderly_60plus"]) == [10, 10, 0, 0]


def test_every_level_sums_to_the_study() -> None:
    county = frame(id=["c"], name=["区"], level=["county"], geometry=[shapely.box(0, 0, 200, 100)])
    boundaries = pd.concat([streets(), county], ignore_index=True)
    table = coverage_table(three_homes(), two_estates(), two_estates(), boundaries)
    assert list(table["area_id"]) == ["ALL", "c", "OUTSIDE", "w", "e", "OUTSIDE"]
    for _, level in table[table["level"] != "study"].groupby("level"):
        assert level["covered_60plus"].sum() == 80
        assert level["elderly_60plus"].sum() == 160


def test_the_summary_by_hand() -> None:
    summary = coverage_summary(three_homes(), two_estates(), two_estates())
    assert summary == {
        "scope": "all",
        "share_60plus": 0.5,
        "share_population": 280 / 650,
        "share_residential_land": 1120 / 2600,
        "share_areas": 0.5,
        "share_households": 0.7,
        "areas": 2,
        "covered_areas": 1,
        "areas_without_households": 1,
        "elderly_60plus": 160,
        "covered_60plus": 80,
        "unreachable_60plus": 50,
        "unlocated_60plus": 0,
        "share_60plus_low": 0.5,
        "share_60plus_high": 0.5,
    }


def test_older_ages_have_their_share_where_they_are_known() -> None:
    people = three_homes().assign(elderly_80plus=[10.0, 10.0, NAN])
    summary = coverage_summary(people, nothing(), nothing())
    assert summary["share_80plus"] == 0.35
    assert "share_65plus" not in summary


def test_bounds_open_only_above_five_percent_unlocated() -> None:
    few = coverage_summary(
        three_homes(), nothing(), nothing(), unlocated={"elderly_60plus": 8.0}
    )  # 8 / 168 is 4.8 %
    assert (few["share_60plus_low"], few["share_60plus_high"]) == (0.5, 0.5)
    assert few["unlocated_60plus"] == 8
    many = coverage_summary(three_homes(), nothing(), nothing(), unlocated={"elderly_60plus": 40.0})
    assert many["share_60plus"] == 0.5
    assert many["share_60plus_low"] == 80 / 200
    assert many["share_60plus_high"] == 120 / 200


def test_nobody_located_leaves_the_share_unknown_and_the_bounds_wide_open() -> None:
    summary = coverage_summary(nothing(), nothing(), nothing(), unlocated={"elderly_60plus": 30.0})
    assert summary["share_60plus"] is None
    assert (summary["share_60plus_low"], summary["share_60plus_high"]) == (0.0, 1.0)


def test_unknown_elders_are_none_in_the_summary() -> None:
    summary = coverage_summary(nothing(), nothing(), nothing(), unlocated={"elderly_60plus": NAN})
    for name in ("elderly_60plus", "covered_60plus", "unreachable_60plus", "unlocated_60plus"):
        assert summary[name] is None


def test_the_headline_is_urban_where_settings_are_given() -> None:
    boundaries = streets(setting=["urban", "rural"])
    summary = coverage_summary(three_homes(), two_estates(), two_estates(), boundaries=boundaries)
    # The eastern 50 are rural; the home outside has no setting and stays in.
    assert summary["scope"] == "urban"
    assert (summary["elderly_60plus"], summary["covered_60plus"]) == (110, 80)
    assert summary["share_areas"] == 1
    assert band(three_homes(), {"0.8": [0.2, 1, 1]}, boundaries=boundaries) == {"0.8": 30 / 110}


def test_the_band_reads_the_same_homes_under_other_limits() -> None:
    shares = {"0.8": [0.2, 0.0, 1.0], "1.0": pd.Series([1.0, 0.0, 1.0]), "norm_1000m": [1, 1, 1]}
    assert band(three_homes(), shares) == {"0.8": 30 / 160, "1.0": 110 / 160, "norm_1000m": 1}


def test_inputs_stay_as_they_were() -> None:
    people, estates = three_homes(), two_estates()
    coverage_table(people, estates, estates, streets())
    coverage_summary(people, estates, estates, boundaries=streets(setting=["urban", "rural"]))
    pd.testing.assert_frame_equal(people, three_homes())
    pd.testing.assert_frame_equal(estates, two_estates())


PLACES = st.lists(
    st.tuples(
        st.floats(-50, 250), st.one_of(st.just(NAN), st.floats(0, 500)),
        st.one_of(st.floats(0, 1), st.just(0.0), st.just(1.0)),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


def drawn(places: list[tuple[float, float, float]]) -> gpd.GeoDataFrame:
    x, people, share = (list(values) for values in zip(*places, strict=True))
    return homes([(at, 50) for at in x], elderly_60plus=people, share=share)


@settings(max_examples=60, deadline=None)
@given(PLACES)
def test_parts_sum_to_the_whole_and_covered_never_exceeds_it(
    places: list[tuple[float, float, float]],
) -> None:
    table = coverage_table(drawn(places), nothing(), nothing(), streets())
    study, level = table.iloc[0], table.iloc[1:]
    for name in ("elderly_60plus", "covered_60plus"):
        if pd.isna(study[name]):
            assert level[name].fillna(0).sum() == 0
        else:
            assert level[name].sum() == study[name]
    assert (table["covered_60plus"] <= table["elderly_60plus"]).fillna(value=True).all()


@settings(max_examples=60, deadline=None)
@given(PLACES, st.data())
def test_row_order_changes_nothing(
    places: list[tuple[float, float, float]], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(places))
    tables = [
        coverage_table(drawn(rows), nothing(), nothing(), areas)
        for rows, areas in ((places, streets()), (shuffled, streets().iloc[::-1]))
    ]
    # A home exactly on the shared edge goes by file order; those are tested by hand.
    if all(place[0] != 100 for place in places):
        one, other = (table.sort_values("area_id", ignore_index=True) for table in tables)
        pd.testing.assert_frame_equal(one, other)


@settings(max_examples=60, deadline=None)
@given(PLACES, st.data())
def test_more_share_never_shrinks_coverage(
    places: list[tuple[float, float, float]], data: st.DataObject
) -> None:
    people = drawn(places)
    size = len(places)
    more = np.array(data.draw(st.lists(st.floats(0, 1), min_size=size, max_size=size)))
    better = people.assign(share=np.maximum(people["share"], more))
    before, after = (
        coverage_table(rows, nothing(), nothing(), streets()) for rows in (people, better)
    )
    rose = after["share_60plus"] >= before["share_60plus"] - 1e-12
    assert (rose | before["share_60plus"].isna()).all()
    if pd.notna(before.loc[0, "covered_60plus"]):
        assert after.loc[0, "covered_60plus"] >= before.loc[0, "covered_60plus"]
