"""Communities and who has them: presence, assignment and the three tiers, counted by hand."""

from datetime import date

import geopandas as gpd
import pandas as pd
import pytest

from analysis.districts.assigned import assigned_communities
from analysis.districts.standing import Standing, above
from analysis.districts.tiers import community_tiers, tier_indicators
from analysis.indicators.indicator import Indicator
from analysis.rulebook import Rulebook
from tests.analysis.toy_study import Row, area, box, estate, facility, layer, spot

ON = date(2025, 12, 31)

# Two streets, west and east; two communities in each, and a village in the east.
#   west: C1 (0-100), C2 (100-200)      east: C3 (200-300), C4 (300-400), V5 (400-500)
COUNTY = area("K", "county", box(0, 0, 500, 100))
STREETS = (
    area("W", "street", box(0, 0, 200, 100), name="西街道"),
    area("E", "street", box(200, 0, 500, 100), name="东镇"),
)
COMMUNITIES = tuple(
    area(
        f"C{n}", "community", box(100 * n - 100, 0, 100 * n, 100), setting="urban", name=f"社区{n}"
    )
    for n in (1, 2, 3, 4)
)
VILLAGE = area("V5", "community", box(400, 0, 500, 100), setting="rural", name="嘎查5")
AREAS = (COUNTY, *STREETS, *COMMUNITIES, VILLAGE)


def tiers(
    *facilities: Row,
    areas: tuple[Row, ...] = AREAS,
    estates: tuple[Row, ...] = (),
    counted: tuple[str, ...] | None = None,
) -> pd.DataFrame:
    layers = layer(*facilities) if facilities else None
    standing = Standing.of(layers, layer(*areas))
    if counted is None:
        kinds = ["community_station", "day_care", "embedded", "street_centre"]
        counted = tuple(standing.facilities["id"][standing.of_category(kinds)])
    residential = layer(*estates) if estates else None
    return community_tiers(standing, residential, counted=counted).set_index("area_id", drop=False)


def rates(table: pd.DataFrame) -> dict[str, Indicator]:
    return {one.key: one for one in tier_indicators(table, Rulebook.load(["chifeng"]), on=ON)}


def parts(one: Indicator) -> tuple[float, float]:
    return one.numerator, one.denominator


def test_a_community_has_what_stands_in_it() -> None:
    table = tiers(
        facility("f1", spot(50, 50), "day_care"),
        facility("f2", spot(150, 50), "day_care", status="closed"),
        facility("f3", spot(250, 50), "care_home", status="operating"),
    )
    # With a column of status, an empty cell does not operate.
    assert table["facilities"].tolist() == [0, 0, 0, 0, 0]
    table = tiers(
        facility("f1", spot(50, 50), "day_care", status="operating"),
        facility("f3", spot(250, 50), "care_home", status="operating"),
    )
    assert table["facilities"].tolist() == [1, 0, 0, 0, 0]
    one = rates(table)["urban_community_served"]
    assert parts(one) == (1, 4)
    assert one.target == 1
    assert one.met is False


def test_served_is_also_what_a_facility_elsewhere_is_assigned_to() -> None:
    estates = (
        estate("r1", box(110, 10, 120, 20)),
        estate("r2", box(210, 10, 220, 20), community="社区4"),
        estate("r3", box(10, 10, 20, 20)),
    )
    table = tiers(facility("f1", spot(50, 50), serves="r1；r2、r3"), estates=estates)
    # r1 lies in C2; r2 lies in C3 but is said to be of C4; r3 lies where the facility stands.
    assert table["assigned"].to_dict() == {"C1": 0, "C2": 1, "C3": 0, "C4": 1, "V5": 0}
    assert table["served"].tolist() == [True, True, False, True, False]
    found = rates(table)
    assert parts(found["urban_community_served"]) == (3, 4)
    assert "1 个辖区内有设施" in str(found["urban_community_served"].note)
    assert "2 个仅由" in str(found["urban_community_served"].note)


def test_a_name_that_estates_of_two_communities_bear_assigns_nothing() -> None:
    estates = layer(
        estate("r1", box(10, 10, 20, 20), name="同名苑"),
        estate("r2", box(110, 10, 120, 20), name="同名苑"),
        estate("r3", box(210, 10, 220, 20), name="独名苑"),
        estate("r4", box(230, 10, 240, 20), name="独名苑"),
    )
    communities = layer(*COMMUNITIES)
    served = layer(facility("f1", spot(350, 50), serves="同名苑，独名苑、无名苑"))
    pairs = assigned_communities(served, estates, communities)
    assert pairs.to_numpy().tolist() == [[0, 2]]


def test_villages_count_by_presence_of_whatever_cares_for_elders() -> None:
    table = tiers(facility("f1", spot(450, 50), "mutual_aid"))
    found = rates(table)
    assert parts(found["rural_community_coverage"]) == (1, 1)
    assert found["rural_community_coverage"].met is True
    assert parts(found["urban_community_served"]) == (0, 4)


def test_a_community_without_a_setting_is_named_as_left_out() -> None:
    bare = {name: value for name, value in COMMUNITIES[3].items() if name != "setting"}
    areas = (*STREETS, *COMMUNITIES[:3], bare, VILLAGE)
    one = rates(tiers(facility("f1", spot(50, 50)), areas=areas))["urban_community_served"]
    assert parts(one) == (1, 3)
    assert "另有 1 个没有填写城乡属性" in str(one.note)


def test_a_station_is_a_station_only() -> None:
    table = tiers(
        facility("f1", spot(50, 50), "community_station"),
        facility("f2", spot(150, 50), "day_care"),
        facility("f3", spot(450, 50), "community_station"),
    )
    one = rates(table)["community_station_coverage"]
    # The village has one too; it is no urban community.
    assert parts(one) == (1, 4)


def test_without_settings_nothing_is_said_of_towns_or_villages() -> None:
    bare = tuple({k: v for k, v in row.items() if k != "setting"} for row in AREAS)
    found = rates(tiers(facility("f1", spot(50, 50), "community_station"), areas=bare))
    assert set(found) == {"community_station_coverage", "three_tier_completeness"}
    assert parts(found["community_station_coverage"]) == (1, 5)


def test_a_chain_is_complete_where_all_three_tiers_stand() -> None:
    table = tiers(
        facility("f1", spot(350, 50), "county_platform"),
        facility("f2", spot(150, 50), "street_centre"),
        facility("f3", spot(50, 50), "community_station"),
        facility("f4", spot(250, 50), "embedded"),
    )
    assert table["missing"].to_dict() == {
        "C1": "", "C2": "station", "C3": "street_centre", "C4": "street_centre;station",
        "V5": "street_centre;station",
    }  # fmt: skip
    one = rates(table)["three_tier_completeness"]
    assert parts(one) == (1, 5)
    assert one.value == 0.2
    assert one.target is None


def test_a_chain_is_unknown_where_its_county_is() -> None:
    areas = (*STREETS, *COMMUNITIES, VILLAGE)
    table = tiers(
        facility("f2", spot(150, 50), "street_centre"),
        facility("f3", spot(50, 50), "community_station"),
        areas=areas,
    )
    # C1 has both others; what is missing elsewhere is missing whatever the county has.
    assert table["complete"].isna().to_dict() == {
        "C1": True, "C2": False, "C3": False, "C4": False, "V5": False,
    }  # fmt: skip
    one = rates(table)["three_tier_completeness"]
    assert (one.value, one.bound) == (0, "at_least")


def test_a_tier_that_the_ledger_never_holds_is_unknown_and_not_missing() -> None:
    table = tiers(facility("f3", spot(50, 50), "community_station"))
    assert table["missing"].to_dict() == {
        "C1": "", "C2": "station", "C3": "station", "C4": "station", "V5": "station",
    }  # fmt: skip
    assert table[["county_platform", "street_centre"]].isna().all(axis=None)
    # One that is planned shows that the ledger keeps them: the others have none.
    table = tiers(
        facility("f2", spot(150, 50), "street_centre", status="planned"),
        facility("f3", spot(50, 50), "community_station", status="operating"),
    )
    assert table["street_centre"].tolist() == [False] * 5


def test_without_a_layer_of_facilities_every_tier_is_unknown() -> None:
    table = tiers()
    assert table["missing"].tolist() == [""] * 5
    assert table[["has_facility", "served", "complete", "stations"]].isna().all(axis=None)
    assert {key: one.value for key, one in rates(table).items()} == dict.fromkeys(
        [
            "urban_community_coverage", "urban_community_served", "rural_community_coverage",
            "community_station_coverage", "three_tier_completeness",
        ]
    )  # fmt: skip


def test_many_communities_without_a_setting_leave_the_rates_unknown() -> None:
    bare = tuple(
        {name: value for name, value in row.items() if name != "setting"} for row in COMMUNITIES[2:]
    )
    areas = (*STREETS, *COMMUNITIES[:2], *bare, VILLAGE)
    found = rates(tiers(facility("f1", spot(50, 50)), areas=areas))
    # Two of five may be urban or rural: more than a fifth.
    assert parts(found["urban_community_served"]) == (1, 2)
    assert [found[key].value for key in ("urban_community_served", "rural_community_coverage",
                                         "community_station_coverage")] == [None] * 3  # fmt: skip


def test_parent_stands_over_where_an_area_lies() -> None:
    communities = layer(
        area("a", "community", box(0, 0, 10, 10), parent="E"),
        area("b", "community", box(0, 0, 10, 10), parent="西街道"),
        area("c", "community", box(250, 0, 260, 10), parent="nowhere"),
        area("d", "community", box(900, 0, 910, 10)),
    )
    assert above(communities, layer(*STREETS)).tolist() == [1, 0, 1, -1]


def test_the_walking_share_stands_beside_and_changes_no_rate() -> None:
    coverage = pd.DataFrame({"level": ["community"], "area_id": ["C2"], "share_60plus": [0.75]})
    standing = Standing.of(layer(facility("f1", spot(50, 50))), layer(*AREAS))
    table = community_tiers(standing, None, counted=("f1",), coverage=coverage)
    assert table["share_60plus"].fillna(-1).tolist() == [-1, 0.75, -1, -1, -1]
    assert parts(rates(table)["urban_community_served"]) == (1, 4)


def test_row_order_changes_nothing() -> None:
    facilities = [
        facility("f2", spot(150, 50), "street_centre", serves="r1"),
        facility("f1", spot(50, 50), "community_station", serves="r1"),
    ]
    estates = (estate("r1", box(310, 10, 320, 20)),)
    one = tiers(*facilities, estates=estates)
    other = tiers(*facilities[::-1], estates=estates, areas=AREAS[::-1])
    pd.testing.assert_frame_equal(one.loc[other.index], other)


def test_no_communities_no_figures() -> None:
    empty = tiers(facility("f1", spot(50, 50)), areas=(COUNTY,))
    assert empty.empty
    assert rates(empty) == {}


def test_facilities_stay_as_they_were() -> None:
    facilities = layer(facility("f2", spot(50, 50)), facility("f1", spot(150, 50)))
    before: gpd.GeoDataFrame = facilities.copy()
    Standing.of(facilities, layer(*AREAS))
    pd.testing.assert_frame_equal(pd.DataFrame(facilities), pd.DataFrame(before))


def test_a_place_that_is_unknown_stands_nowhere() -> None:
    standing = Standing.of(
        layer(facility("f1", None), facility("f2", spot(900, 900))), layer(*AREAS)
    )
    assert standing.inside.tolist() == [False, False]
    assert standing.placed.tolist() == [False, True]
    assert standing.count_in("community", standing.of_category(["day_care"])).sum() == 0


@pytest.mark.parametrize("level", ["planning_unit", "city"])
def test_levels_that_are_absent_have_no_areas(level: str) -> None:
    standing = Standing.of(layer(facility("f1", spot(50, 50))), layer(*AREAS))
    assert standing.areas(level) is None
    assert standing.count_in(level, standing.of_category(["day_care"])).tolist() == []
