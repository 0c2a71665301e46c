"""Centres of streets and towns: rates, the five functions, size, and walks to them."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis.districts.standing import Standing
from analysis.districts.station_walks import station_walks
from analysis.districts.street_centres import centre_indicators, centre_table, street_table
from analysis.indicators.indicator import Indicator
from analysis.people.locating import locate_people
from analysis.rulebook import Rulebook
from analysis.walking.placing import place_study
from tests.analysis.toy_study import Row, area, box, estate, facility, layer, spot, toy_study

ON = date(2025, 12, 31)
CHIFENG = Rulebook.load(["chifeng"])
ALL_FIVE = "全日托养、日间照料、上门服务、供需对接、资源统筹"
STREETS = (
    area("s1", "street", box(0, 0, 100, 100), unit_type="街道"),
    area("s2", "street", box(100, 0, 200, 100), unit_type="街道"),
    area("s3", "street", box(200, 0, 300, 100), unit_type="镇"),
    area("s4", "street", box(300, 0, 400, 100), name="某某苏木"),
    area("s5", "street", box(400, 0, 500, 100), name="某某街道"),
)


def centre(id_: str, x: float, **more: object) -> Row:
    return facility(id_, spot(x, 50), "street_centre", **more)


def standing(*facilities: Row) -> Standing:
    return Standing.of(layer(*facilities), layer(*STREETS))


def table(*facilities: Row, rulebook: Rulebook = CHIFENG) -> pd.DataFrame:
    found = street_table(standing(*facilities), rulebook, on=ON)
    return found.set_index("area_id", drop=False)


def rates(found: pd.DataFrame) -> dict[str, Indicator]:
    return {one.key: one for one in centre_indicators(found, CHIFENG, on=ON)}


def test_all_streets_and_towns_against_sixty_percent_streets_against_all() -> None:
    found = rates(table(centre("f1", 50), centre("f2", 150), centre("f3", 250)))
    every, streets = found["street_centre_rate"], found["street_centre_rate_subdistricts"]
    assert (every.numerator, every.denominator, every.value) == (3, 5, 0.6)
    assert (every.target, every.met) == (0.6, True)
    # s1, s2 and s5 are 街道, s5 by its name.
    assert (streets.numerator, streets.denominator) == (2, 3)
    assert (streets.target, streets.met) == (1.0, False)


def test_a_ledger_that_never_holds_a_centre_says_nothing_of_streets() -> None:
    for found in (
        table(facility("f1", spot(50, 50), "day_care")),
        street_table(Standing.of(None, layer(*STREETS)), CHIFENG, on=ON),
    ):
        assert found[["centres", "has_centre"]].isna().all(axis=None)
        told = rates(found)
        assert [one.value for one in told.values()] == [None, None]
        assert "无法判定" in str(told["street_centre_rate"].note)
    # A planned one shows that centres are kept in it.
    assert not table(centre("f1", 50, status="planned"))["has_centre"].any()


def test_what_is_a_street_and_what_a_town() -> None:
    streets = layer(
        area("a", "street", box(0, 0, 1, 1), name="镇东街道"),
        area("b", "street", box(0, 0, 1, 1), name="桥北街道办事处(模拟)"),
        area("c", "street", box(0, 0, 1, 1), name="街道口镇"),
        area("d", "street", box(0, 0, 1, 1), name="东区", unit_type="乡镇(街道)"),
        area("e", "street", box(0, 0, 1, 1), name="上水镇", unit_type="街道"),
    )
    here = Standing.of(layer(centre("f1", 50)), streets)
    found = street_table(here, CHIFENG, on=ON)
    assert found["subdistrict"].tolist() == [True, True, False, pd.NA, True]
    assert "1 个不知是街道还是乡镇" in str(rates(found)["street_centre_rate_subdistricts"].note)


def test_two_centres_in_one_street_are_one_street_with_a_centre() -> None:
    found = table(centre("f1", 40), centre("f2", 60))
    assert found["centres"].tolist() == [2, 0, 0, 0, 0]
    assert rates(found)["street_centre_rate"].numerator == 1


def test_functions_are_read_from_their_text() -> None:
    told = centre_table(
        standing(
            centre("f1", 50, functions=ALL_FIVE),
            centre("f2", 150, functions="全日托养"),
            centre("f3", 250, functions="日托；上门助浴"),
            centre("f4", 350),
            centre("f5", 450, functions="助餐"),
        ),
        CHIFENG,
        on=ON,
    ).set_index("facility_id")
    assert told["functions"].tolist() == [5, 1, 2, pd.NA, 0]
    # 全日托养 holds the word 日托 and is no day care.
    assert told.loc["f2", "functions_missing"] == "day_care;home_visits;matching;coordination"
    assert told.loc["f3", "functions_missing"] == "full_time_care;matching;coordination"
    assert told.loc["f1", "functions_missing"] == ""
    assert told.loc["f4", "functions_missing"] == ""  # unknown, not missing
    assert told["street_id"].tolist() == ["s1", "s2", "s3", "s4", "s5"]


def test_the_ablest_centre_stands_for_its_street() -> None:
    found = table(
        centre("f1", 30, functions="日间照料"),
        centre("f2", 50, functions=ALL_FIVE, floor_area_m2=900),
        centre("f3", 70, functions=ALL_FIVE, floor_area_m2=1500),
        centre("f4", 150),
    )
    assert found.loc["s1", ["centre_id", "functions", "floor_area_m2"]].tolist() == ["f3", 5, 1500]
    assert found.loc["s2", "centre_id"] == "f4"
    assert pd.isna(found.loc["s2", "functions"])
    note = str(rates(found)["street_centre_rate"].note)
    assert "有中心的 2 个中，五项功能齐全的 1 个，台账没有填写功能的 1 个" in note


def test_size_is_asked_where_the_pack_asks_it() -> None:
    guizhou = Rulebook.load(["guizhou"])
    sizes = (centre("f1", 50, floor_area_m2=1000), centre("f2", 150, floor_area_m2=999.9),
             centre("f3", 250))  # fmt: skip
    told = centre_table(standing(*sizes), guizhou, on=ON)
    assert told["large_enough"].tolist() == [True, False, pd.NA]
    assert set(told["min_m2"]) == {1000}
    unasked = centre_table(standing(*sizes), CHIFENG, on=ON)
    assert unasked["large_enough"].isna().all()


def test_centres_not_operating_or_outside_count_nowhere() -> None:
    found = table(
        centre("f1", 50, status="building"), centre("f2", 150, status="operating"),
        centre("f3", 900, status="operating"),
    )  # fmt: skip
    assert found["has_centre"].tolist() == [False, True, False, False, False]


# The toy streets run along y = 0 from x = 0 to 900; a minute is 54 m.
WALKED = (
    area("w", "street", box(-50, -50, 450, 50)),
    area("e", "street", box(450, -50, 950, 450)),
)


@pytest.fixture
def walks(tmp_path: Path) -> pd.DataFrame:
    study = toy_study(
        tmp_path,
        boundaries=WALKED,
        residential=(estate("r1", spot(0, 0)),),
        facilities=(
            facility("c1", spot(0, 0), "street_centre"),
            facility("c2", spot(300, 0), "street_centre"),
            facility("f1", spot(54, 0), "community_station"),
            facility("f2", spot(600, 0), "day_care"),
            facility("f3", spot(246, 0), "embedded"),
            facility("f4", None, "community_station"),
            facility("f5", spot(300, 0), "canteen"),
            # Outside every street, so that neither is the other's.
            facility("c3", spot(0, -60), "street_centre"),
            facility("f6", spot(54, -60), "community_station"),
        ),
    )
    people = locate_people(study.layers, people=study.description.people, household_size=2.5)
    return station_walks(study, place_study(study, people.homes)).set_index("facility_id")


def test_a_station_walks_to_the_nearest_centre_of_its_own_street(walks: pd.DataFrame) -> None:
    assert walks.index.tolist() == ["f1", "f2", "f3", "f4", "f6"]
    assert walks.loc["f1", "minutes"] == pytest.approx(1.0)
    assert walks.loc["f1", "centre_id"] == "c1"
    assert walks.loc["f3", ["centre_id", "reason"]].tolist() == ["c2", ""]
    assert walks.loc["f3", "minutes"] == pytest.approx(1.0)


def test_where_there_is_no_walk_the_reason_is_told(walks: pd.DataFrame) -> None:
    # f2 stands 300 m from c2, which is another street's.
    assert walks.loc["f2", "reason"] == "no_street_centre"
    assert walks.loc[["f4", "f6"], "reason"].tolist() == ["no_street", "no_street"]
    assert walks.loc[["f2", "f4", "f6"], "minutes"].isna().all()
    assert walks.loc["f2", "centre_id"] == ""
