"""The simulated centre of Chifeng: its counts, its sums, and how its parts fit together."""

import csv
import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import networkx as nx
import osmium
import pandas as pd
import pytest
import shapely
from pyproj import Transformer
from shapely import Polygon

from geo.position.coordinates import gcj02_to_wgs84

DATA = Path(__file__).parents[2] / "data"
CENTRE = ("150402", "150404")
CIRCLE = {"社区养老服务站", "日间照料中心", "嵌入式养老机构", "区域养老服务中心"}
PEOPLE = ["人口", "60岁以上人口", "65岁以上人口", "80岁以上人口"]


def layer(path: str) -> gpd.GeoDataFrame:
    return gpd.read_file(DATA / path)


@pytest.fixture(scope="module")
def census() -> pd.DataFrame:
    facts = pd.read_csv(DATA / "population/chifeng_counties_2020.csv", dtype={"代码": str})
    return facts.set_index("代码")


@pytest.fixture(scope="module")
def estates() -> gpd.GeoDataFrame:
    return layer("residential/chifeng_estates.gpkg")


@pytest.fixture(scope="module")
def areas() -> gpd.GeoDataFrame:
    return layer("boundaries/chifeng_areas.gpkg")


@pytest.fixture(scope="module")
def facilities() -> gpd.GeoDataFrame:
    table = pd.read_csv(DATA / "facilities/chifeng_facilities.csv", encoding="utf-8-sig")
    lon, lat = gcj02_to_wgs84(table["经度"], table["纬度"])
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs="EPSG:4326").to_crs("EPSG:4549")
    return gpd.GeoDataFrame(table, geometry=points)


@pytest.fixture(scope="module")
def ways() -> list[tuple[list[tuple[int, float, float]], dict[str, str]]]:
    found = []
    path = DATA / "streets/chifeng_centre.osm.pbf"
    for way in osmium.FileProcessor(str(path)).with_locations():
        if way.is_way():
            nodes = [(n.ref, n.lon, n.lat) for n in way.nodes]
            found.append((nodes, dict(way.tags)))
    return found


def test_counts(estates: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame) -> None:
    assert len(estates) == 600
    assert len(facilities) == 90
    assert len(layer("facilities/chifeng_candidates.gpkg")) == 120
    assert len(layer("boundaries/chifeng_counties.geojson")) == 12
    assert estates["id"].is_unique
    assert facilities["id"].is_unique


def test_ages_sum_to_the_census(census: pd.DataFrame) -> None:
    text = (DATA / "population/chifeng_ages_2020.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    ages = pd.read_csv(DATA / "population/chifeng_ages_2020.csv", dtype={"代码": str})
    assert len(ages) == 12 * 2 * 18
    assert not ages.duplicated(["代码", "性别", "年龄组"]).any()
    assert set(ages["年份"]) == {2020}
    since = ages["年龄组"].str.extract(r"^(\d+)", expand=False).astype(int)
    assert sorted(since.unique()) == list(range(0, 86, 5))
    everybody = {60: 849_580, 65: 534_224, 80: 85_496, 0: 4_035_967, 55: 1_209_067}
    for age, people in everybody.items():
        assert ages.loc[since >= age, "人口"].sum() == people
    # County by county against the other file of the census.
    for age, column in {
        0: "常住人口", 60: "60岁以上人口", 65: "65岁以上人口", 80: "80岁以上人口",
    }.items():  # fmt: skip
        own = ages[since >= age].groupby("代码")["人口"].sum()
        assert (own == census[column]).all()
    names = ages.drop_duplicates("代码").set_index("代码")["名称"]
    assert (names == census["名称"]).all()


def test_people_sum_to_the_urban_population_of_both_counties(census: pd.DataFrame) -> None:
    people = layer("population/chifeng_communities.gpkg")
    for county in CENTRE:
        own = people[people["id"].str.startswith(county)]
        assert own["人口"].sum() == census.loc[county, "城镇人口"]
    assert people["人口"].sum() == 454_301 + 421_307


def test_elderly_sum_to_the_census_share_of_each_county(census: pd.DataFrame) -> None:
    people = layer("population/chifeng_communities.gpkg")
    for county in CENTRE:
        facts = census.loc[county]
        own = people[people["id"].str.startswith(county)]
        for column in PEOPLE[1:]:
            share = facts[column] / facts["常住人口"]
            assert own[column].sum() == round(facts["城镇人口"] * share)


def test_people_are_whole_and_the_old_are_among_them() -> None:
    people = layer("population/chifeng_communities.gpkg")
    assert (people[PEOPLE].dtypes.astype(str).str.startswith("int")).all()
    for larger, smaller in pairwise(PEOPLE):
        assert (people[larger] >= people[smaller]).all()


def test_every_level_tiles_the_same_study_area(areas: gpd.GeoDataFrame) -> None:
    study = areas[areas["级别"] == "市"].geometry.iloc[0]
    for level in ("旗县区", "街道", "社区"):
        parts = areas[areas["级别"] == level].geometry
        assert parts.area.sum() == pytest.approx(study.area, abs=1)
        assert shapely.union_all(parts.to_numpy()).symmetric_difference(study).area < 1
        assert isinstance(study, Polygon)


def test_children_lie_in_their_parents_and_sum_to_them(areas: gpd.GeoDataFrame) -> None:
    by_code = areas.set_index("代码")
    for parent, children in areas[areas["parent"].notna()].groupby("parent"):
        inside = children.geometry.intersection(by_code.geometry[parent]).area
        assert inside.sum() == pytest.approx(children.area.sum(), abs=1)
        assert children["人口"].sum() == by_code["人口"][parent]


def test_estates_lie_apart_inside_the_study_in_the_community_they_name(
    estates: gpd.GeoDataFrame, areas: gpd.GeoDataFrame
) -> None:
    points = estates.set_geometry(estates.representative_point())
    found = points.sjoin(areas[areas["级别"] == "社区"], predicate="within")
    assert len(found) == len(estates)
    assert (found["社区"] == found["名称"]).all()
    tree = shapely.STRtree(estates.geometry)
    one, two = tree.query(estates.geometry, "overlaps")
    assert list(one) == list(two) == []


def test_about_a_third_of_the_estates_is_of_2014_or_later(estates: gpd.GeoDataFrame) -> None:
    assert (estates["kind"] == "新建").sum() == 200


def test_some_cells_are_missing_or_odd_as_in_a_real_ledger(estates: gpd.GeoDataFrame) -> None:
    assert estates["户数"].isna().sum() == 3
    assert (estates["户数"] == "待核实").sum() == 1
    assert estates["户数"].str.startswith("约").sum() == 2
    assert 0.02 < estates["养老用房面积"].isna().mean() < 0.2


def test_entrances_stand_on_the_walls_of_a_third_of_the_estates(estates: gpd.GeoDataFrame) -> None:
    gates = layer("residential/chifeng_entrances.gpkg")
    assert 150 <= gates["residential_id"].nunique() <= 210
    walls = estates.set_index("id").boundary
    away = gates.geometry.distance(
        gpd.GeoSeries(walls[gates["residential_id"]].to_numpy(), crs=gates.crs)
    )
    assert away.max() < 0.1


def test_facilities_are_of_all_sorts_and_stand_near_streets_once_unshifted(
    facilities: gpd.GeoDataFrame, areas: gpd.GeoDataFrame
) -> None:
    assert facilities["类别"].nunique() == 13
    working = facilities["类别"].isin(CIRCLE) & (facilities["运营状态"] == "运营")
    assert 40 <= working.sum() <= 60
    study = areas[areas["级别"] == "市"].geometry.iloc[0]
    outside = ~facilities.within(study)
    assert 3 <= outside.sum() <= 10
    assert facilities.distance(study).max() < 2_500


def test_facilities_serve_estates_that_exist(
    facilities: gpd.GeoDataFrame, estates: gpd.GeoDataFrame
) -> None:
    served = {name for cell in facilities["服务小区"].dropna() for name in cell.split(";")}
    assert served
    assert served <= set(estates["id"])


def test_the_pool_names_estates_and_facilities_of_the_layers(
    facilities: gpd.GeoDataFrame, estates: gpd.GeoDataFrame
) -> None:
    study = tomllib.loads((DATA / "chifeng.study.toml").read_text(encoding="utf-8"))
    (pool,) = study["pools"]
    assert set(pool["estates"]) <= set(estates["id"])
    assert set(pool["facilities"]) <= set(facilities["id"])


def test_streets_form_one_large_network(
    ways: list[tuple[list[tuple[int, float, float]], dict[str, str]]],
) -> None:
    graph: nx.Graph[int] = nx.Graph()
    degree: Counter[int] = Counter()
    for nodes, tags in ways:
        if "highway" in tags:
            for (one, *_), (two, *_) in pairwise(nodes):
                graph.add_edge(one, two)
                degree.update((one, two))
    parts = sorted((len(part) for part in nx.connected_components(graph)), reverse=True)
    assert parts[0] > 0.98 * sum(parts)
    assert 1 <= len(parts) - 1 <= 3
    assert 18_000 <= sum(count != 2 for count in degree.values()) <= 22_000


def test_streets_reach_1300_m_beyond_the_study(
    ways: list[tuple[list[tuple[int, float, float]], dict[str, str]]], areas: gpd.GeoDataFrame
) -> None:
    project = Transformer.from_crs("EPSG:4326", "EPSG:4549", always_xy=True)
    spots = [(lon, lat) for nodes, tags in ways if "highway" in tags for _, lon, lat in nodes]
    x, y = project.transform(*zip(*spots, strict=True))
    reached = shapely.MultiPoint(list(zip(x, y, strict=True))).convex_hull
    study = areas[areas["级别"] == "市"].geometry.iloc[0]
    assert reached.contains(study.buffer(1_300))


def test_walkers_meet_private_lanes_bridges_and_forbidden_roads(
    ways: list[tuple[list[tuple[int, float, float]], dict[str, str]]],
) -> None:
    tags = [tags for _, tags in ways]
    assert sum(t.get("access") == "private" for t in tags) > 3_000
    assert 4 <= sum(t.get("bridge") == "yes" for t in tags) <= 60
    assert any(t.get("foot") == "no" for t in tags)
    assert any("oneway:foot" in t for t in tags)
    assert any(t.get("highway") == "motorway" for t in tags)
    names = {t["name"] for t in tags if "highway" in t and "name" in t}
    assert all(name.endswith("(模拟)") for name in names)


@pytest.mark.parametrize("path", sorted(DATA.rglob("chifeng_*.gpkg")), ids=lambda path: path.name)
def test_simulated_layers_say_so_in_every_row(path: Path) -> None:
    assert (gpd.read_file(path)["备注"] == "模拟数据").all()


def test_the_facility_list_says_so_in_every_row() -> None:
    path = DATA / "facilities/chifeng_facilities.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert {row["备注"] for row in csv.DictReader(file)} == {"模拟数据"}
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_county_outlines_carry_the_census_and_the_warning(census: pd.DataFrame) -> None:
    outlines = layer("boundaries/chifeng_counties.geojson").set_index("代码")
    assert (outlines["常住人口"] == census["常住人口"]).all()
    assert outlines["备注"].str.contains("不得公开出版").all()
    assert outlines.is_valid.all()
    assert (DATA / "boundaries/chifeng_counties.geojson").stat().st_size <= 400_000
