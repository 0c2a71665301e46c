"""Who lives where, on squares of a kilometre, worked by hand."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.people.locating import Located, locate_people
from geo.language import speaking

CRS = "EPSG:4549"
NAN = float("nan")
# Two neighbouring squares of 400 m: sixteen cells of 100 m each.
WEST, EAST = shapely.box(0, 0, 400, 400), shapely.box(400, 0, 800, 400)


@dataclass(frozen=True)
class People:
    """The settings of a study about people."""

    household_size: float | None = None
    control: bool = False


def frame(geometry: list[object], **columns: object) -> gpd.GeoDataFrame:
    columns.setdefault("id", [f"x{k + 1}" for k in range(len(geometry))])
    columns["row"] = range(2, len(geometry) + 2)
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=CRS)


def estates(*places: tuple[float, float, float]) -> gpd.GeoDataFrame:
    """Return square estates of 50 m at (x, y) with households."""
    return frame(
        [shapely.box(x - 25, y - 25, x + 25, y + 25) for x, y, _ in places],
        id=[f"r{k + 1}" for k in range(len(places))],
        households=[households for *_, households in places],
    )


def located(
    layers: Mapping[str, gpd.GeoDataFrame], *, size: float = 2.5, control: bool = False
) -> Located:
    return locate_people(layers, people=People(control=control), household_size=size)


def said(found: Located) -> str:
    """Return the findings as lines; each message is a sentence, so that its remedy can follow."""
    assert [str(f.message) for f in found.findings if not str(f.message).endswith("。")] == []
    return "\n".join(str(finding.line()) for finding in found.findings)


def by_place(found: Located, figure: str = "population") -> dict[str, float]:
    return found.homes.groupby("place_id")[figure].sum(min_count=1).to_dict()


# --- one source ----------------------------------------------------------------------------------


def test_population_wins_and_is_never_added_to_the_estates_own_figures() -> None:
    residential = estates((100, 100, 10)).assign(population=[777.0])
    found = located(
        {"population": frame([shapely.Point(5, 5)], population=[30.0]), "residential": residential}
    )
    assert found.source == "population"
    assert found.homes["population"].tolist() == [30]
    assert list(found.homes["home_id"]) == ["population:x1"]
    assert "两者不相加" in said(found)


def test_estates_own_figures_come_second() -> None:
    residential = estates((100, 100, 10), (300, 100, 20)).assign(elderly_60plus=[7.0, NAN])
    layers = {"residential": residential, "population": frame([], population=[])}
    found = located(layers)
    assert found.source == "residential"
    assert list(found.homes["place_id"]) == list(found.homes["unit_id"]) == ["r1", "r2"]
    assert set(found.homes["place_layer"]) == {"residential"}
    assert found.homes["elderly_60plus"].tolist()[0] == 7
    assert np.isnan(found.homes["elderly_60plus"].iloc[1])
    assert found.unlocated["elderly_60plus"] == 0
    assert np.isnan(found.unlocated["population"])


def test_boundaries_come_last_at_their_finest_level_with_figures() -> None:
    boundaries = frame(
        [shapely.union(WEST, EAST), WEST, EAST, WEST],
        name=["县", "西", "东", "社区"], level=["county", "street", "street", "community"],
        population=[999.0, 10.0, 20.0, NAN],
    )  # fmt: skip
    found = located({"boundaries": boundaries, "residential": estates((100, 100, 9), (500, 9, 9))})
    assert found.source == "boundaries"
    assert by_place(found) == {"r1": 10, "r2": 20}
    assert "街道" in said(found)


def test_without_a_source_there_is_nobody_and_a_finding() -> None:
    found = located({"residential": estates((100, 100, 10))})
    assert found.source == ""
    assert found.homes.empty
    assert found.homes.crs == CRS
    assert "没有人口数据" in said(found)
    assert located({}).homes.empty


def test_an_empty_population_column_is_said_and_the_next_source_is_taken() -> None:
    found = located(
        {
            "population": frame([shapely.Point(5, 5)], population=[NAN]),
            "residential": estates((100, 100, 10)).assign(population=[40.0]),
        }
    )
    assert found.source == "residential"
    assert "人口列全为空" in said(found)


def test_all_zero_is_a_statement_and_is_said() -> None:
    found = located({"population": frame([shapely.Point(5, 5)], elderly_60plus=[0.0])})
    assert found.source == "population"
    assert "60 岁以上人口全部为 0" in said(found)


def test_sixty_is_never_borrowed_from_sixty_five() -> None:
    found = located({"population": frame([shapely.Point(5, 5)], elderly_65plus=[12.0])})
    assert found.homes["elderly_60plus"].isna().all()
    assert found.homes["elderly_65plus"].tolist() == [12]
    assert "不以后者代替" in said(found)


def test_registered_and_resident_people_never_meet() -> None:
    population = frame(
        [shapely.Point(k, 5) for k in range(4)],
        population=[10.0, 20.0, 40.0, 80.0],
        basis=pd.array(["registered", "resident", "resident", None], dtype="string"),
    )
    found = located({"population": population})
    assert found.homes["population"].tolist() == [20, 40, 80]
    assert "1 行（10 人）未计入" in said(found)


# --- spreading -----------------------------------------------------------------------------------


def test_people_are_shared_out_by_households_and_ages_keep_their_proportions() -> None:
    population = frame([WEST], population=[400.0], elderly_60plus=[100.0], elderly_80plus=[20.0])
    residential = estates((50, 50, 100), (350, 350, 300))
    found = located({"population": population, "residential": residential})
    assert by_place(found) == {"r1": 100, "r2": 300}
    assert by_place(found, "elderly_60plus") == {"r1": 25, "r2": 75}
    assert by_place(found, "elderly_80plus") == {"r1": 5, "r2": 15}
    assert set(found.homes["unit_id"]) == {"x1"}
    assert list(found.homes["home_id"]) == ["residential:r1", "residential:r2"]
    assert list(found.homes.geometry) == [shapely.Point(50, 50), shapely.Point(350, 350)]


def test_an_estate_receives_at_most_its_households_times_the_household_size() -> None:
    # 100 households x 2.5 = 250 of 1,000; without residential land the rest has no place.
    population = frame([WEST], population=[1000.0], elderly_60plus=[200.0])
    layers = {"population": population, "residential": estates((50, 50, 40), (350, 350, 60))}
    found = located(layers)
    assert by_place(found) == {"r1": 100, "r2": 150}
    assert by_place(found, "elderly_60plus") == {"r1": 20, "r2": 30}
    assert found.unlocated["population"] == 750
    assert found.unlocated["elderly_60plus"] == 150
    assert "750 人（75.0%）未能落到住处" in said(found)
    wider = locate_people(layers, people=People(household_size=10.0), household_size=2.5)
    assert wider.unlocated["population"] == 0


def test_the_rest_goes_evenly_to_residential_land_outside_the_filled_estates() -> None:
    # Residential land is the southern half, 8 cells; the estate fills the cell of (50, 50).
    population = frame([WEST], population=[950.0])
    layers = {
        "population": population,
        "residential": estates((50, 50, 100)),
        "residential_land": frame([shapely.box(-500, 0, 500, 200)]),
    }
    found = located(layers)
    land = found.homes[found.homes["place_layer"] == "land"]
    assert by_place(found)["r1"] == 250
    assert land["population"].tolist() == pytest.approx([100] * 7)
    assert "x1@150,50" in set(land["place_id"])
    assert "x1@50,50" not in set(land["place_id"])
    assert found.unlocated["population"] == 0


def test_unknown_households_are_the_median_of_the_known() -> None:
    population = frame([WEST], population=[120.0])
    residential = estates((50, 50, 10), (150, 50, 30), (250, 50, 50), (350, 50, NAN))
    found = located({"population": population, "residential": residential})
    assert by_place(found) == {"r1": 10, "r2": 30, "r3": 50, "r4": 30}
    assert "1 个小区户数未知，分配人口时取中位数 30 户" in said(found)


def test_without_any_households_estates_share_evenly_and_without_limit() -> None:
    residential = estates((50, 50, NAN), (350, 50, NAN))
    layers = {"population": frame([WEST], population=[9000.0]), "residential": residential}
    assert by_place(located(layers)) == {"r1": 4500, "r2": 4500}
    assert "户数全部未知" in said(located(layers))
    missing = {**layers, "residential": residential.drop(columns="households")}
    assert by_place(located(missing)) == {"r1": 4500, "r2": 4500}


def test_an_estate_without_households_has_nobody() -> None:
    layers = {
        "population": frame([WEST], population=[100.0]),
        "residential": estates((50, 50, 0), (350, 50, 100)),
    }
    assert by_place(located(layers)) == {"r1": 0, "r2": 100}


def test_elders_alone_count_as_the_persons_where_the_population_is_unknown() -> None:
    # 20 households x 2.5 = 50 of 200 elders.
    population = frame([WEST], population=[NAN], elderly_60plus=[200.0], elderly_80plus=[40.0])
    found = located({"population": population, "residential": estates((50, 50, 20))})
    assert by_place(found, "elderly_60plus") == {"r1": 50}
    assert by_place(found, "elderly_80plus") == {"r1": 10}
    assert found.unlocated["elderly_60plus"] == 150


def test_a_polygon_without_estates_is_its_land_cells() -> None:
    population = frame([WEST, EAST], population=[160.0, 80.0])
    land = frame([shapely.box(400, 0, 600, 200)])
    found = located({"population": population, "residential_land": land})
    west = found.homes[found.homes["unit_id"] == "x1"]
    east = found.homes[found.homes["unit_id"] == "x2"]
    # No residential land in the west: its own sixteen cells; four cells of land in the east.
    assert west["population"].tolist() == [10] * 16
    assert east["population"].tolist() == [20] * 4
    assert set(found.homes["place_layer"]) == {"land"}
    assert found.homes["home_id"].is_unique


def test_a_polygon_too_small_for_a_cell_is_its_representative_point() -> None:
    small = shapely.box(10, 10, 30, 30)
    found = located({"population": frame([small], population=[5.0])})
    assert list(found.homes.geometry) == [small.representative_point()]
    assert found.homes["population"].tolist() == [5]


def test_a_polygon_of_unknown_people_is_one_unknown_home() -> None:
    found = located({"population": frame([WEST, EAST], population=[NAN, 16.0])})
    assert found.homes["population"].isna().sum() == 1
    assert len(found.homes) == 17
    assert "1 行没有任何人口数" in said(found)


def test_points_and_polygons_may_stand_in_one_layer() -> None:
    population = frame([shapely.Point(600, 50), WEST], population=[7.0, 30.0])
    found = located({"population": population, "residential": estates((50, 50, 100))})
    assert dict(zip(found.homes["home_id"], found.homes["population"], strict=True)) == {
        "population:x1": 7,
        "residential:r1": 30,
    }


def test_estates_in_no_polygon_get_nobody_and_those_in_two_go_to_the_first() -> None:
    whole = shapely.box(0, 0, 800, 400)
    population = frame([EAST, whole], population=[30.0, 100.0])
    residential = estates((50, 50, 100), (500, 50, 100), (5000, 50, 100))
    found = located({"population": population, "residential": residential})
    assert by_place(found) == {"r1": 100, "r2": 30}
    assert "1 个小区不在任何人口单元内" in said(found)
    assert "1 个小区落在两个以上人口单元内" in said(found)
    assert "1 对人口单元相互重叠" in said(found)


def test_neighbours_do_not_overlap() -> None:
    found = located({"population": frame([WEST, EAST], population=[16.0, 16.0])})
    assert "重叠" not in said(found)


def test_people_without_a_place_on_the_map_are_unlocated() -> None:
    population = frame([None, shapely.Polygon(), shapely.Point(5, 5)], population=[3.0, 4.0, 93.0])
    found = located({"population": population})
    assert found.homes["population"].tolist() == [93]
    assert found.unlocated["population"] == 7
    assert "第 2 行" in said(found)
    nowhere = located({"population": population.head(2)})
    assert nowhere.homes.empty
    assert nowhere.unlocated["population"] == 7


# --- official totals -----------------------------------------------------------------------------


def official(**columns: object) -> gpd.GeoDataFrame:
    return frame([WEST, EAST], name=["西街", "东街"], level=["street", "street"], **columns)


def two_points() -> gpd.GeoDataFrame:
    return frame(
        [shapely.Point(5, 5), shapely.Point(500, 5)],
        population=[100.0, 100.0], elderly_60plus=[20.0, 30.0], elderly_80plus=[2.0, 3.0],
    )  # fmt: skip


def test_a_gap_above_five_percent_is_said_with_both_numbers() -> None:
    layers = {"population": two_points(), "boundaries": official(population=[120.0, 100.0])}
    found = located(layers)
    assert "总人口合计 200，与街道（乡镇）官方合计 220 相差超过 5%" in said(found)
    assert "最大的是西街：100，官方 120" in said(found)
    assert found.homes["population"].sum() == 200


def test_a_gap_of_five_percent_is_not_said() -> None:
    layers = {"population": two_points(), "boundaries": official(population=[100.0, 105.0])}
    assert "相差" not in said(located(layers))


def test_areas_beyond_the_study_are_not_a_gap() -> None:
    boundaries = frame(
        [WEST, EAST, shapely.box(9000, 0, 9400, 400)], name=["西", "东", "远"],
        level=["street"] * 3, population=[100.0, 100.0, 5000.0],
    )  # fmt: skip
    assert "相差" not in said(located({"population": two_points(), "boundaries": boundaries}))


def test_control_scales_each_area_and_ages_follow() -> None:
    boundaries = official(population=[200.0, 50.0], elderly_60plus=[50.0, NAN])
    found = located({"population": two_points(), "boundaries": boundaries}, control=True)
    assert found.homes["population"].tolist() == [200, 50]
    # West by its own official figure (x 2.5), east like its population (x 0.5).
    assert found.homes["elderly_60plus"].tolist() == [50, 15]
    assert found.homes["elderly_80plus"].tolist() == [5, 1.5]
    assert "200 人校正为 250 人" in said(found)


def one_estate(people: float, official_people: float) -> dict[str, gpd.GeoDataFrame]:
    """Return an estate of 100 households, which takes in 250, in a unit of the western street."""
    return {
        "population": frame([WEST], population=[people], elderly_60plus=[people / 5]),
        "residential": estates((50, 50, 100)),
        "boundaries": official(population=[official_people, NAN]),
    }


@pytest.mark.parametrize(
    ("people", "official_people", "housed"),
    [(250, 1000, 250), (1000, 300, 250), (1000, 100, 100), (100, 200, 200)],
)
def test_people_are_scaled_before_estates_take_them_in(
    people: float, official_people: float, housed: float
) -> None:
    found = located(one_estate(people, official_people), control=True)
    assert by_place(found) == pytest.approx({"r1": housed})
    assert found.unlocated["population"] == pytest.approx(official_people - housed)
    assert by_place(found, "elderly_60plus") == pytest.approx({"r1": housed / 5})
    assert found.unlocated["elderly_60plus"] == pytest.approx((official_people - housed) / 5)
    assert "相差" not in said(found)


def test_scaled_people_beyond_an_estates_limit_go_to_residential_land() -> None:
    layers = one_estate(250, 950) | {"residential_land": frame([shapely.box(-500, 0, 500, 200)])}
    found = located(layers, control=True)
    land = found.homes[found.homes["place_layer"] == "land"]
    assert by_place(found)["r1"] == pytest.approx(250)
    assert land["population"].tolist() == pytest.approx([100] * 7)
    assert found.unlocated["population"] == 0


def test_a_unit_in_two_official_areas_is_scaled_to_both_and_what_stays_apart_is_said() -> None:
    # A third of the people live in the west, officially half of them.
    layers = {
        "population": frame([shapely.union(WEST, EAST)], population=[300.0]),
        "residential": estates((50, 50, 100), (500, 50, 200)),
        "boundaries": official(population=[300.0, 300.0]),
    }
    found = located(layers, control=True)
    assert by_place(found) == pytest.approx({"r1": 200, "r2": 400})
    assert "2 个街道（乡镇）的总人口与官方数相差超过 5%" in said(found)
    assert "校正后仍有差距" in said(found)


def test_control_names_official_people_who_have_nobody_to_scale() -> None:
    layers = {
        "population": two_points().head(1),
        "boundaries": official(population=[100.0, 900.0]),
    }
    found = located(layers, control=True)
    assert found.homes["population"].tolist() == [100]
    assert "共 900 人" in said(found)


def test_control_without_covering_official_totals_is_said() -> None:
    found = located({"population": two_points()}, control=True)
    assert found.homes["population"].tolist() == [100, 100]
    assert "未校正" in said(found)


def test_the_finest_covering_level_is_the_official_one() -> None:
    boundaries = frame(
        [shapely.box(0, 0, 800, 400), WEST], name=["县", "西"], level=["county", "street"],
        population=[400.0, 100.0],
    )  # fmt: skip
    found = located({"population": two_points(), "boundaries": boundaries}, control=True)
    # The street holds half the people only: the county speaks.
    assert found.homes["population"].tolist() == [200, 200]


# --- always --------------------------------------------------------------------------------------


def test_inputs_stay_as_they_were() -> None:
    layers = {"population": two_points(), "boundaries": official(population=[120.0, 100.0])}
    located(layers, control=True)
    pd.testing.assert_frame_equal(layers["population"], two_points())


UNIT = st.tuples(
    st.integers(0, 3), st.floats(1, 900), st.one_of(st.just(NAN), st.floats(0, 50_000)),
    st.one_of(st.just(NAN), st.floats(0, 9000)),
)  # fmt: skip
ESTATE = st.tuples(
    st.floats(-50, 850), st.floats(0, 400), st.one_of(st.just(NAN), st.integers(0, 4000))
)


def city(
    units: list[tuple[int, float, float, float]], places: list[tuple[float, float, float]]
) -> dict[str, gpd.GeoDataFrame]:
    population = frame(
        [shapely.box(200 * k, 0, 200 * k + width, 400) for k, width, *_ in units],
        population=[unit[2] for unit in units], elderly_60plus=[unit[3] for unit in units],
    )  # fmt: skip
    land = frame([shapely.box(0, 0, 450, 150)])
    return {"population": population, "residential": estates(*places), "residential_land": land}


@settings(max_examples=60, deadline=None)
@given(st.lists(UNIT, min_size=1, max_size=4), st.lists(ESTATE, max_size=6))
def test_totals_are_kept(
    units: list[tuple[int, float, float, float]], places: list[tuple[float, float, float]]
) -> None:
    layers = city(units, places)
    found = located(layers)
    for figure in ("population", "elderly_60plus"):
        given_total = layers["population"][figure].sum()
        if found.source and layers["population"][figure].notna().any():
            kept = found.homes[figure].sum() + found.unlocated[figure]
            assert kept == pytest.approx(given_total, rel=1e-12, abs=1e-9)
            assert found.unlocated[figure] >= 0
    filled = layers["residential"]["households"].fillna(
        layers["residential"]["households"].median()
    )
    if filled.notna().any() and found.source:
        limit = dict(zip(layers["residential"]["id"], filled * 2.5, strict=True))
        housed = found.homes[found.homes["place_layer"] == "residential"]
        assert all(
            people <= limit[place] + 1e-6
            for place, people in zip(housed["place_id"], housed["population"], strict=True)
            if not np.isnan(people)
        )


@settings(max_examples=40, deadline=None)
@given(st.lists(ESTATE, min_size=1, max_size=6), st.data())
def test_the_order_of_estates_changes_nothing(
    places: list[tuple[float, float, float]], data: st.DataObject
) -> None:
    layers = city([(0, 400.0, 3000.0, 500.0), (2, 400.0, 100.0, 20.0)], places)
    order = data.draw(st.permutations(range(len(places))))
    shuffled = {**layers, "residential": layers["residential"].iloc[list(order)]}
    one, other = (
        located(each).homes.sort_values("home_id", ignore_index=True) for each in (layers, shuffled)
    )
    pd.testing.assert_frame_equal(one, other)


def test_findings_can_be_read_in_english() -> None:
    with speaking("en"):
        assert located({}).findings[0].line()
