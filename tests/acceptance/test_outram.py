"""Outram, Singapore: real streets, housing blocks and elder care, walked a second way as well."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from . import terminal
from .second_way import Answer, SecondWay, Streets, streets_from_lines
from .terminal import Outcome, evaluate

METRIC = "EPSG:32648"
NEARBY = (103.832, 1.272, 103.852, 1.292)  # the streets' extent and a little more, in degrees
WIDE_M2 = 1500  # buildings from here on are taken as estates that have cells of their own
COUNTED = ("社区养老服务站", "日间照料中心")

STUDY = """
title = "Outram"
on = 2025-12-31
rules = ["chifeng"]

[layers]
facilities = { path = "care.csv", source = "eldercare services 2013" }
residential = { path = "RESIDENTIAL", columns = { COLUMNS } }
population = { path = "SUBZONES", columns = { population_total = "population", AGED } }
boundaries = { path = "subzones.geojson" }

[streets]
path = "STREETS"
"""


@dataclass(frozen=True)
class Town:
    """The real layers: in metres what is walked, and the second way on the same streets."""

    layers: Path
    blocks: gpd.GeoDataFrame
    estates: gpd.GeoDataFrame
    subzones: gpd.GeoDataFrame
    second_way: SecondWay
    counted: tuple[str, ...]

    def answers(self, places: gpd.GeoDataFrame) -> dict[str, Answer]:
        """Return the second way's answers; places without an id are r1, r2, … by row."""
        named = {f"r{row}": place for row, place in enumerate(places.geometry, start=1)}
        return self.second_way.walk(named, self.counted)


@dataclass(frozen=True)
class Run:
    """One study of the town, its places by id, the second way's answers and the outcome."""

    places: gpd.GeoDataFrame
    answers: dict[str, Answer]
    outcome: Outcome

    def walks(self) -> pd.DataFrame:
        """Return the rows of places.csv for the residential layer."""
        return self.outcome.table("places.csv").query("layer == 'residential'")


def _category(name: str) -> str:
    if "Activity Centre" in name or "Day" in name:
        return "日间照料中心"
    return "养老机构" if "Home" in name or "Villa" in name else "社区养老服务站"


def _estates(layers: Path, subzones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    buildings = gpd.read_file(layers / "outram-buildings.geojson").to_crs(METRIC)
    wide = buildings[buildings.area > WIDE_M2]
    shapes = [*wide.geometry, *subzones.to_crs(METRIC).geometry]
    estates = gpd.GeoDataFrame({"小区名称": [f"E{i}" for i in range(len(shapes))]}, geometry=shapes)
    stated = pd.Series(["20.0", "19.9", None]).reindex(estates.index)
    return estates.assign(
        户数=100, 建设类型="已建成", 养老用房建筑面积=pd.to_numeric(stated), 养老用房状态="运营"
    ).set_crs(METRIC)


@pytest.fixture(scope="module")
def town(real_layers: Path) -> Town:
    layers = real_layers / "singapore"
    west, south, east, north = NEARBY
    blocks = gpd.read_file(layers / "sg_hdb_blocks_units_year.gpkg").cx[west:east, south:north]
    care = gpd.read_file(layers / "sg_eldercare_services_2013.geojson").to_crs(METRIC)
    facilities = {f"f{row}": point for row, point in enumerate(care.geometry, start=1)}
    categories = care["NAME"].map(_category)
    counted = tuple(f"f{row}" for row, word in enumerate(categories, start=1) if word in COUNTED)
    subzones = gpd.read_file(layers / "outram-subzones-pop65.geojson")
    streets: Streets = streets_from_lines(layers / "outram-walk-network.geojson", METRIC)
    return Town(
        layers, blocks.reset_index(drop=True), _estates(layers, subzones), subzones,
        SecondWay(streets, facilities), counted,
    )  # fmt: skip


def _write_care(town: Town, folder: Path) -> None:
    care = gpd.read_file(town.layers / "sg_eldercare_services_2013.geojson")
    table = {
        "名称": care["NAME"],
        "类别": care["NAME"].map(_category),
        "经度": care.geometry.x,
        "纬度": care.geometry.y,
    }
    pd.DataFrame(table).to_csv(folder / "care.csv", index=False, encoding="gb18030")


def _write_study(town: Town, folder: Path, residential: str, columns: str, aged: str) -> Path:
    _write_care(town, folder)
    named = town.subzones.rename(columns={"subzone_name": "名称"})[["名称", "geometry"]]
    named.assign(级别="社区").to_file(folder / "subzones.geojson")
    content = (
        STUDY.replace("RESIDENTIAL", residential)
        .replace("COLUMNS", columns)
        .replace("AGED", aged)
        .replace("SUBZONES", (town.layers / "outram-subzones-pop65.geojson").as_posix())
        .replace("STREETS", (town.layers / "outram-walk-network.geojson").as_posix())
    )
    study = folder / "outram.study.toml"
    study.write_text(content, encoding="utf-8")
    return study


@pytest.fixture(scope="module")
def blocks(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("blocks")
    town.blocks.to_file(folder / "blocks.gpkg")
    columns = (
        'blk_no = "name", total_dwelling_units = "households", year_completed = "completed_on"'
    )
    aged = 'population_elderly_65plus = "elderly_60plus"'
    study = _write_study(town, folder, "blocks.gpkg", columns, aged)
    places = town.blocks.to_crs(METRIC)
    return Run(places, town.answers(places), evaluate(study, folder / "out"))


@pytest.fixture(scope="module")
def estates(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("estates")
    town.estates.to_file(folder / "estates.gpkg")
    aged = 'population_elderly_65plus = "elderly_65plus"'
    study = _write_study(town, folder, "estates.gpkg", "", aged)
    return Run(town.estates, town.answers(town.estates), evaluate(study, folder / "out"))


def test_files_columns_and_keys_are_those_of_the_contract(blocks: Run) -> None:
    terminal.require_files_of_the_contract(blocks.outcome)


def test_every_housing_block_walks_as_long_as_in_the_second_way(
    blocks: Run, record_testsuite_property: Callable[[str, object], None]
) -> None:
    assert len(blocks.places) > 100
    apart = terminal.require_minutes(blocks.walks(), blocks.answers)
    record_testsuite_property("Outram blocks: places", len(blocks.places))
    record_testsuite_property("Outram blocks: greatest difference in minutes", apart)


def test_every_estate_has_the_median_and_the_share_of_its_cells(
    estates: Run, record_testsuite_property: Callable[[str, object], None]
) -> None:
    shares = [answer.share() for answer in estates.answers.values()]
    assert any(0 < share < 1 for share in shares)
    apart = terminal.require_minutes(estates.walks(), estates.answers)
    record_testsuite_property("Outram estates: places", len(estates.places))
    record_testsuite_property(
        "Outram estates: cells", sum(len(answer.cells_m) for answer in estates.answers.values())
    )
    record_testsuite_property("Outram estates: greatest difference in minutes", apart)


def test_off_street_metres_of_blocks_are_those_to_the_nearest_street(
    town: Town, blocks: Run
) -> None:
    walks = blocks.walks().set_index("place_id")
    for place, exit_ in zip(
        blocks.answers, town.second_way.exits(blocks.places.geometry), strict=True
    ):
        if exit_ is None:
            assert not bool(walks.loc[place, "reachable"]), place
            assert isinstance(walks.loc[place, "reason"], str), place
        else:
            assert walks.loc[place, "off_street_m"] == pytest.approx(exit_.off_street_m, abs=0.002)


def test_polygons_agree_with_the_minutes_of_every_block(town: Town, blocks: Run) -> None:
    points = town.blocks.geometry.set_axis(list(blocks.answers))
    terminal.require_polygons_to_agree(blocks.outcome.isochrones, points, blocks.answers)


def test_polygons_are_cumulative(blocks: Run) -> None:
    five, ten, fifteen = blocks.outcome.isochrones.to_crs(METRIC).geometry
    assert 0 < five.area < ten.area < fifteen.area
    # Outlines are drawn limit by limit, so they may cross by less than a cell.
    assert shapely.difference(five, ten.buffer(10)).area == 0
    assert shapely.difference(ten, fifteen.buffer(10)).area == 0


def test_subzones_and_what_lies_outside_sum_to_the_study(blocks: Run, estates: Run) -> None:
    for run in (blocks, estates):
        coverage = run.outcome.table("coverage.csv")
        terminal.require_levels_to_sum(coverage)
        assert set(coverage["level"]) == {"study", "community"}


def test_nobody_is_lost_between_the_file_and_the_totals(town: Town, blocks: Run) -> None:
    coverage = blocks.outcome.summary["coverage"]
    aged = town.subzones["population_elderly_65plus"].sum()
    assert coverage["elderly_60plus"] + coverage["unlocated_60plus"] == pytest.approx(aged, abs=1)
    first = blocks.outcome.table("coverage.csv").iloc[0]
    assert first["elderly_60plus"] == coverage["elderly_60plus"]
    assert first["covered_60plus"] <= first["elderly_60plus"]
    assert coverage["share_60plus_low"] <= coverage["share_60plus"] <= coverage["share_60plus_high"]


def test_65_and_over_is_never_taken_for_60_and_over(estates: Run) -> None:
    first = estates.outcome.table("coverage.csv").iloc[0]
    assert pd.isna(first["elderly_60plus"])
    assert pd.isna(first["share_60plus"])
    assert estates.outcome.summary["coverage"]["share_60plus"] is None
    assert first["population"] > 0


def test_households_count_by_the_share_of_their_estate(estates: Run) -> None:
    shares = [answer.share() for answer in estates.answers.values()]
    first = estates.outcome.table("coverage.csv").iloc[0]
    assert first["areas"] == len(shares)
    assert first["covered_areas"] == sum(share >= 0.5 for share in shares)
    assert first["households"] == 100 * len(shares)
    assert first["covered_households"] == pytest.approx(100 * sum(shares), abs=0.5)


def test_wider_and_faster_never_covers_fewer(blocks: Run) -> None:
    band = blocks.outcome.summary["band"]
    headline = blocks.outcome.summary["coverage"]["share_60plus"]
    assert band["0.8"] <= headline <= band["1.0"]


def test_care_floor_area_of_three_estates_by_hand(estates: Run) -> None:
    provision = estates.outcome.table("provision.csv").set_index("residential_id")
    # 100 households need 20 m²: one has 20.0, one 19.9, one does not say.
    assert (provision["required_m2"] == 20).all()
    assert list(provision.loc[["r1", "r2", "r3"], "verdict"]) == ["met", "short", "unknown"]
    assert provision.loc["r1", "deficit_m2"] == 0
    assert provision.loc["r2", "deficit_m2"] == pytest.approx(0.1)
    assert pd.isna(provision.loc["r3", "provided_m2"])
    assert pd.isna(provision.loc["r3", "deficit_m2"])


def test_blocks_that_say_nothing_of_care_rooms_are_unknown(blocks: Run) -> None:
    provision = blocks.outcome.table("provision.csv").set_index("residential_id")
    homes = blocks.places["total_dwelling_units"].to_numpy()
    assert provision["households"].to_numpy() == pytest.approx(homes)
    lived_in = provision[homes > 0]
    assert lived_in["required_m2"].to_numpy() == pytest.approx(homes[homes > 0] * 0.2)
    assert set(lived_in["verdict"]) == {"unknown"}


def test_findings_name_the_encoding_and_the_missing_status(blocks: Run) -> None:
    findings = blocks.outcome.table("findings.csv")
    of_care = findings[findings["layer"] == "facilities"]
    assert of_care["message"].str.contains("GB18030|130", regex=True).any()
    assert (of_care["severity"] != "error").all()


def test_parameters_are_written_as_json(blocks: Run) -> None:
    text = (blocks.outcome.folder / "parameters.json").read_text(encoding="utf-8")
    assert json.loads(text)
