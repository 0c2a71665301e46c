# ruff: noqa: PLR2004 - chances and years of a simulation read best where they are drawn
"""The layers of the simulated city as frames with the headers that offices use."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely
from making.areas import COUNTIES, STREETS, Areas
from making.care import SORTS, Facility
from making.city import City
from making.osmfile import wall_lines
from making.people import Residents
from making.terrain import CRS, Terrain, stream
from shapely import Point

from geo.position.coordinates import wgs84_to_gcj02

NOTE = "模拟数据"
CITY = ("150400", "赤峰市中心城区(模拟范围)")
BED_SORTS = {"care_home", "welfare_home", "rehab", "embedded"}
FUNCTIONS = ("助餐", "日间照料", "助浴", "康复", "文体", "上门服务")
CLINICS = ("市第二医院", "区中医院", "社区卫生服务中心")


def entrances(city: City) -> gpd.GeoDataFrame:
    """Return the gates of every third estate."""
    rows = [
        (f"r{n + 1}", Point(gate))
        for n, e in enumerate(city.estates)
        for gate in e.gates
        if n % 3 == 0
    ]
    table = {"residential_id": [r for r, _ in rows], "备注": [NOTE] * len(rows)}
    return gpd.GeoDataFrame(table, geometry=[p for _, p in rows], crs=CRS)


def residential_land(city: City) -> gpd.GeoDataFrame:
    """Return the ground of estates and of older quarters without an estate's name."""
    polygons = [*(e.polygon for e in city.estates), *city.old_land]
    kinds = ["小区"] * len(city.estates) + ["老旧片区"] * len(city.old_land)
    table = {"id": [f"z{n + 1}" for n in range(len(polygons))], "kind": kinds, "备注": NOTE}
    return gpd.GeoDataFrame(table, geometry=polygons, crs=CRS)


def communities(residents: Residents, areas: Areas) -> gpd.GeoDataFrame:
    """Return the people of every community: whole persons, resident population of 2020."""
    table = {
        "id": residents.units,
        "社区": [areas.names[unit] for unit in residents.units],
        "人口": residents.population,
        "60岁以上人口": residents.elderly[0],
        "65岁以上人口": residents.elderly[1],
        "80岁以上人口": residents.elderly[2],
        "口径": "常住",
        "年份": 2020,
        "备注": NOTE,
    }
    shapes = [areas.shapes[unit] for unit in residents.units]
    return gpd.GeoDataFrame(table, geometry=shapes, crs=CRS)


def boundaries(residents: Residents, areas: Areas) -> gpd.GeoDataFrame:
    """Return city, counties, streets and communities, each level tiling the study area."""
    people = np.column_stack([residents.population, residents.elderly[0], residents.elderly[2]])
    used = [code for code, _, _, _ in STREETS if code in areas.shapes]
    rows = [(CITY[0], CITY[1], "市", "", "")]
    rows += [(code, name, "旗县区", CITY[0], "") for code, name in COUNTIES.items()]
    rows += [
        (
            code,
            areas.names[code],
            "街道",
            code[:6],
            "镇" if areas.names[code].endswith("镇") else "街道",
        )
        for code in used
    ]
    rows += [(unit, areas.names[unit], "社区", unit.split("-")[0], "") for unit in residents.units]
    records, shapes = [], []
    for code, name, level, parent, kind in rows:
        own = np.array([level == "市" or unit.startswith(code) for unit in residents.units])
        population, old, oldest = (int(total) for total in people[own].sum(axis=0))
        records.append(
            {
                "代码": code,
                "名称": name,
                "级别": level,
                "parent": parent or None,
                "unit_type": kind or None,
                "setting": "城市",
                "人口": population,
                "planned_population": round(population * 1.06, -1),
                "60岁以上人口": old,
                "80岁以上人口": oldest,
                "备注": NOTE,
            }
        )
        shapes.append(areas.study if level == "市" else areas.shapes[code])
    return gpd.GeoDataFrame(records, geometry=shapes, crs=CRS)


def background(terrain: Terrain, city: City) -> gpd.GeoDataFrame:
    """Return water and parks."""
    polygons = [terrain.water, *city.parks]
    kinds = ["water", *["park"] * len(city.parks)]
    names = [
        "英金河、锡伯河(模拟走向)",
        *(f"城市公园{n + 1}(模拟)" for n in range(len(city.parks))),
    ]
    table = {"kind": kinds, "名称": names, "备注": NOTE}
    return gpd.GeoDataFrame(table, geometry=polygons, crs=CRS)


def barriers(terrain: Terrain, city: City) -> gpd.GeoDataFrame:
    """Return river banks, the railway and the walls of gated estates, open at their gates."""
    lines = [shapely.boundary(terrain.water), terrain.railway]
    kinds = ["河岸", "铁路"]
    for estate in city.estates:
        if estate.gated:
            lines.append(wall_lines(estate.polygon, estate.gates))
            kinds.append("围墙")
    whole = [shapely.set_precision(line, 0.01) for line in lines]
    return gpd.GeoDataFrame({"kind": kinds, "备注": NOTE}, geometry=whole, crs=CRS)


def facility_rows(facilities: Sequence[Facility]) -> list[dict[str, object]]:
    """Return the facility list as an office's CSV rows, positions in GCJ-02."""
    rng = stream("facility list")
    places = gpd.GeoSeries([f.point for f in facilities], crs=CRS).to_crs("EPSG:4326")
    lon, lat = wgs84_to_gcj02(places.x.to_numpy(), places.y.to_numpy())
    rows = []
    for facility, x, y in zip(facilities, lon, lat, strict=True):
        rows.append(
            {
                "id": facility.id,
                "名称": facility.name,
                "类别": SORTS[facility.sort].word,
                "运营状态": facility.status,
                "建筑面积": f"{facility.floor_area_m2:g}",
                "allocated_m2": "",
                "服务小区": ";".join(f"r{n + 1}" for n in facility.serves),
                **_particulars(facility, rng),
                "经度": f"{x:.6f}",
                "纬度": f"{y:.6f}",
                "备注": NOTE,
            }
        )
    return rows


def _particulars(facility: Facility, rng: np.random.Generator) -> dict[str, object]:
    """Return beds, ownership, functions and dates of one facility; empty where unknown."""
    beds = facility.beds
    working = facility.status == "运营"
    care = facility.sort not in {"health", "childcare", "canteen", "elder_university"}
    share = {"rehab": 1.0, "care_home": 0.5, "embedded": 0.45}.get(facility.sort, 0.25)
    functions = rng.choice(FUNCTIONS, size=int(rng.integers(2, 5)), replace=False)
    floor = str(rng.choice(["1", "1", "1-2", "2", "1-3"]))
    opened = facility.opened
    public = rng.random() < 0.7
    return {
        "用地面积": f"{facility.floor_area_m2 * rng.uniform(0.7, 1.4):.0f}" if beds else "",
        "床位数": beds or "",
        "护理型床位": round(beds * share * rng.uniform(0.75, 1)) if beds else "",
        "入住人数": round(beds * rng.uniform(0.3, 0.85)) if beds and working else "",
        "权属": "公办" if public else "民办",
        "price_class": str(rng.choice(["兜底", "普惠", "普惠", "市场"])) if care else "",
        "功能": "、".join(str(f) for f in functions) if care else "",
        "签约医疗机构": str(rng.choice(CLINICS)) if care and rng.random() < 0.6 else "",
        "楼层": floor,
        "电梯": "是" if rng.random() < 0.4 else "否",
        "验收": f"{opened.year - 1}-11-20" if opened else "",
        "opened_on": opened.isoformat() if opened else "",
        "closed_on": "2024-06-30" if facility.status == "停业" else "",
        "移交日期": f"{opened.year}-{opened.month:02d}-15" if opened and public else "",
    }
