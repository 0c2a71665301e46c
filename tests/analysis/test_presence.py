"""At least one of each in every county; unknown counties are neither with nor without."""

from datetime import date

import pandas as pd

from analysis.districts.presence import county_table, presence_indicators, rural_network
from analysis.districts.standing import Standing
from analysis.indicators.indicator import Indicator
from analysis.rulebook import Rulebook
from tests.analysis.toy_study import Row, area, box, facility, layer, spot

ON = date(2025, 12, 31)
COUNTIES = tuple(
    area(f"k{n}", "county", box(100 * n, 0, 100 * n + 100, 100)) for n in range(5)
)


def counties(*facilities: Row, areas: tuple[Row, ...] = COUNTIES) -> pd.DataFrame:
    return county_table(Standing.of(layer(*facilities), layer(*areas)))


def rates(table: pd.DataFrame) -> dict[str, Indicator]:
    rulebook = Rulebook.load(["chifeng"])
    return {one.key: one for one in presence_indicators(table, rulebook, on=ON)}


def care(n: int, category: str = "day_care", **more: object) -> Row:
    return facility(f"{category}{n}", spot(100 * n + 50, 50), category, **more)


EVERYWHERE = tuple(care(n) for n in range(5))


def test_a_county_has_what_operates_in_it() -> None:
    table = counties(*EVERYWHERE, *(care(n, "welfare_home") for n in range(4)))
    assert table["welfare_home"].tolist() == [1, 1, 1, 1, 0]
    one = rates(table)["county_presence_welfare_home"]
    assert (one.numerator, one.denominator, one.value, one.met) == (4, 5, 0.8, False)
    full = counties(*EVERYWHERE, *(care(n, "welfare_home") for n in range(5)))
    assert rates(full)["county_presence_welfare_home"].met is True


def test_a_county_of_which_the_study_has_nothing_is_unknown() -> None:
    table = counties(*(care(n, "welfare_home") for n in range(4)))
    assert table["has_welfare_home"].tolist() == [True, True, True, True, pd.NA]
    one = rates(table)["county_presence_welfare_home"]
    assert (one.value, one.bound, one.met) == (0.8, "at_least", None)
    assert "1 个无法判定" in str(one.note)
    few = counties(care(0, "welfare_home"))
    assert rates(few)["county_presence_welfare_home"].value is None


def test_a_kind_that_the_ledger_never_holds_is_unknown_but_no_home_is_no_home() -> None:
    table = counties(*EVERYWHERE)
    assert table["has_elder_university"].isna().all()
    assert rates(table)["county_presence_elder_university"].value is None
    assert table["has_welfare_home"].tolist() == [False] * 5
    one = counties(*EVERYWHERE, care(2, "elder_university"))
    assert one["has_elder_university"].tolist() == [False, False, True, False, False]


def test_one_outside_every_county_may_be_any_countys() -> None:
    table = counties(*EVERYWHERE, care(0, "rehab"), care(9, "rehab"))
    assert table["has_rehab"].tolist() == [True, *[pd.NA] * 4]


def test_combined_care_is_health_that_says_so_and_activity_centres_tell_by_name() -> None:
    table = counties(
        *EVERYWHERE,
        care(0, "health", name="某镇卫生院医养结合中心"),
        care(1, "health", name="某社区卫生服务中心", functions="全科、养老护理"),
        care(2, "health", name="某社区卫生服务中心", functions="全科"),
        care(3, "care_home", name="某医养结合养老院"),
        care(4, "elder_university", name="某旗老年人活动中心"),
    )
    silent = counties(
        *EVERYWHERE,
        care(0, "health", name="某镇卫生院医养结合中心"),
        care(1, "health", name="某社区卫生服务中心"),  # its functions are not told
    )
    assert silent["has_combined_care"].tolist() == [True, pd.NA, False, False, False]
    assert table["has_combined_care"].tolist() == [True, True, False, False, False]
    assert table["has_activity_centre"].tolist() == [False, False, False, False, True]


def test_rates_carry_their_rule_and_nothing_is_said_without_counties() -> None:
    found = rates(counties(*EVERYWHERE))
    targets = dict.fromkeys(found, 1.0) | {"county_presence_activity_centre": None}
    assert {key: one.target for key, one in found.items()} == targets
    assert len(found) == 5
    university = found["county_presence_elder_university"].text
    assert university is not None
    assert university.document == "赤政办发〔2023〕42号"
    assert rates(counties(*EVERYWHERE, areas=(area("s", "street", box(0, 0, 9, 9)),))) == {}


def test_rural_facilities_by_the_four_classes() -> None:
    village = area("v", "community", box(0, 0, 50, 100), setting="rural")
    town = area("t", "community", box(50, 0, 100, 100), setting="urban")
    standing = Standing.of(
        layer(
            facility("f1", spot(10, 10), "welfare_home", name="某旗特困人员供养服务中心"),
            facility("f2", spot(10, 10), "welfare_home", name="某镇敬老院"),
            facility("f3", spot(10, 10), "welfare_home", name="夕阳红"),
            facility("f4", spot(10, 10), "community_station"),
            facility("f5", spot(60, 10), "community_station"),
            facility("f6", spot(60, 10), "mutual_aid"),
            facility("f7", spot(160, 10), "mutual_aid"),
        ),
        layer(*COUNTIES[:2], village, town),
    )
    table = rural_network(standing).set_index("area_id").drop(columns=["level", "name"])
    assert table.columns.tolist() == [
        "county_welfare_homes", "town_welfare_homes", "other_welfare_homes", "village_stations",
        "mutual_aid_homes",
    ]  # fmt: skip
    assert table.loc["k0"].tolist() == [1, 1, 1, 1, 1]
    assert table.loc["k1"].tolist() == [0, 0, 0, 0, 1]


def test_without_settings_no_station_is_known_to_be_a_villages() -> None:
    standing = Standing.of(layer(care(0, "community_station")), layer(*COUNTIES))
    assert rural_network(standing)["village_stations"].isna().all()
