# ruff: noqa: PLR2004 - chances and years of a simulation read best where they are drawn
"""The simulated part of the Hanyang study: estates, communities and facilities."""

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import shapely
from making.estates import halved, largest
from making.people import shared_out
from making.terrain import stream
from numpy.typing import NDArray
from pyproj import Transformer
from shapely import Point, Polygon

CRS = "EPSG:4547"
NOTE = "模拟数据"
BOX = (114.20, 30.53, 114.26, 30.58)
MARGIN_M = 1_320.0
ESTATES, COMMUNITIES, STREETS = 120, 15, 3
PLOT_M2, LEAST_M2, LAKE_M2 = 36_000, 7_000, 420_000
PEOPLE, OLD_SHARE, OLD_65, OLD_80 = 132_000, 0.19, 0.66, 0.13
HOME = 2.28
THIN = 0.35
SORTS = (
    ("社区养老服务站", 8, (150, 520)), ("日间照料中心", 4, (320, 760)),
    ("嵌入式养老机构", 2, (800, 1900)), ("区域养老服务中心", 2, (1300, 2600)),
    ("养老机构", 2, (3000, 9000)), ("助餐点", 1, (80, 160)), ("医疗卫生", 1, (900, 2400)),
)  # fmt: skip
FACILITIES, BEYOND = 20, 3
LINKED = ("社区养老服务站", "日间照料中心", "嵌入式养老机构")
NOT_OPEN = {5: "在建", 9: "停业", 13: "规划"}


def window() -> Polygon:
    """Return the study area: the middle of the box, 1,320 m inside its edges."""
    to_metres = Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
    ring = shapely.segmentize(shapely.box(*BOX), 0.002)
    metres = shapely.transform(ring, lambda xy: np.column_stack(to_metres.transform(*xy.T)))
    return shapely.set_precision(shapely.simplify(largest(metres.buffer(-MARGIN_M)), 1), 0.01)


@dataclass(frozen=True)
class Hanyang:
    """The simulated layers of the study."""

    estates: gpd.GeoDataFrame
    communities: gpd.GeoDataFrame
    boundaries: gpd.GeoDataFrame
    facilities: list[dict[str, object]]


def _plots(streets: gpd.GeoSeries, area: Polygon) -> list[Polygon]:
    """Return plots between the real streets, large blocks cut, water-sized ones left out."""
    rng = stream("hanyang plots")
    paved = shapely.buffer(shapely.union_all(streets.to_numpy()), 11)
    blocks = shapely.get_parts(shapely.difference(area, paved))
    plots: list[Polygon] = []
    for block in blocks:
        if not LEAST_M2 < block.area < LAKE_M2:
            continue
        parts, _ = halved(block, rng, target_m2=PLOT_M2)
        grounds = (largest(part.buffer(-5, join_style="mitre")) for part in parts)
        plots += [g for g in grounds if g.area > LEAST_M2 and _compact(g) > THIN]
    picked = sorted(rng.permutation(len(plots))[:ESTATES])
    return [shapely.set_precision(shapely.simplify(plots[int(n)], 1), 0.01) for n in picked]


def _compact(polygon: Polygon) -> float:
    return float(4 * np.pi * polygon.area / polygon.length**2)


def _communities(area: Polygon) -> list[Polygon]:
    """Return cells around points spread over the area; they tile it."""
    rng = stream("hanyang communities")
    west, south, east, north = area.bounds
    seeds = [
        Point(west + (i + rng.uniform(0.3, 0.7)) / 5 * (east - west),
              south + (j + rng.uniform(0.3, 0.7)) / 3 * (north - south))
        for i in range(5) for j in range(3)
    ]  # fmt: skip
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.MultiPoint(seeds), extend_to=area, ordered=True)
    )
    return [largest(shapely.intersection(cell, area, grid_size=0.01)) for cell in cells]


def _estates(plots: list[Polygon], unit: NDArray[np.int64]) -> gpd.GeoDataFrame:
    rng = stream("hanyang estates")
    years = rng.integers(1986, 2025, len(plots))
    weights = np.array([p.area for p in plots]) * rng.uniform(0.7, 1.3, len(plots))
    homes = shared_out(round(PEOPLE / HOME), weights)
    ratio = np.where(rng.random(len(plots)) < np.where(years >= 2014, 0.7, 0.3), 1.0, 0.0)
    area = np.round(0.2 * homes * ratio * rng.uniform(0.5, 1.4, len(plots)), 1)
    return gpd.GeoDataFrame(
        {
            "id": [f"r{n + 1}" for n in range(len(plots))],
            "小区名称": [f"汉阳示例小区{n + 1:03d}(模拟)" for n in range(len(plots))],
            "户数": homes,
            "kind": np.where(years >= 2014, "新建", "已建成"),
            "封闭": np.where(rng.random(len(plots)) < 0.8, "是", "否"),
            "出让": [date(int(y) - 3, 5, 20).isoformat() if y >= 2010 else None for y in years],
            "建成年份": years,
            "养老用房面积": np.where(rng.random(len(plots)) < 0.08, np.nan, area),
            "care_area_basis": "建筑面积",
            "care_status": ["已投用" if m2 > 0 else None for m2 in area],
            "街道": [street_name(int(u)) for u in unit],
            "社区": [community_name(int(u)) for u in unit],
            "备注": NOTE,
        },
        geometry=plots,
        crs=CRS,
    )


def street_name(community: int) -> str:
    """Return the simulated street a community belongs to."""
    return f"汉阳示例街道{community % STREETS + 1}(模拟)"


def community_name(community: int) -> str:
    """Return the simulated name of a community."""
    return f"汉阳示例社区{community + 1:02d}(模拟)"


def _people(
    estates: gpd.GeoDataFrame, unit: NDArray[np.int64], cells: list[Polygon]
) -> gpd.GeoDataFrame:
    rng = stream("hanyang people")
    homes = np.bincount(unit, weights=estates["户数"], minlength=len(cells))
    population = shared_out(PEOPLE, homes * rng.uniform(0.96, 1.04, len(cells)))
    old = shared_out(round(PEOPLE * OLD_SHARE), population * rng.uniform(0.7, 1.4, len(cells)))
    return gpd.GeoDataFrame(
        {
            "id": [f"HY{n + 1:02d}" for n in range(len(cells))],
            "社区": [community_name(n) for n in range(len(cells))],
            "人口": population,
            "60岁以上人口": old,
            "65岁以上人口": shared_out(round(old.sum() * OLD_65), old.astype(float)),
            "80岁以上人口": shared_out(round(old.sum() * OLD_80), old.astype(float)),
            "口径": "常住",
            "年份": 2020,
            "备注": NOTE,
        },
        geometry=cells,
        crs=CRS,
    )


def _boundaries(people: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    area = largest(shapely.union_all(people.geometry.to_numpy(), grid_size=0.01))
    rows: list[tuple[str, str, str, str | None, Polygon]] = [
        ("HY", "汉阳片区(模拟范围)", "旗县区", None, area)
    ]
    for n in range(STREETS):
        own = people.geometry[[i for i in range(len(people)) if i % STREETS == n]]
        shape = shapely.union_all(own.to_numpy(), grid_size=0.01)
        rows.append((f"HY-S{n + 1}", street_name(n), "街道", "HY", shape))
    rows += [
        (unit, name, "社区", f"HY-S{n % STREETS + 1}", shape)
        for n, (unit, name, shape) in enumerate(
            zip(people["id"], people["社区"], people.geometry, strict=True)
        )
    ]
    table = {
        "代码": [r[0] for r in rows], "名称": [r[1] for r in rows], "级别": [r[2] for r in rows],
        "parent": [r[3] for r in rows], "setting": "城市", "备注": NOTE,
    }  # fmt: skip
    return gpd.GeoDataFrame(table, geometry=[r[4] for r in rows], crs=CRS)


def _beyond(streets: gpd.GeoSeries, area: Polygon, count: int) -> list[Point]:
    """Return spots on streets 300 to 900 m outside the study."""
    middles = streets.interpolate(0.5, normalized=True)
    away = middles.distance(area)
    near = middles[(away > 300) & (away < 900)]
    return list(near.sample(count, random_state=stream("hanyang beyond")))


def _sites(estates: gpd.GeoDataFrame, count: int) -> list[int]:
    """Return estates from west to east at even steps, in random order."""
    west_to_east = np.argsort(estates.geometry.centroid.x.to_numpy())
    even = west_to_east[np.linspace(3, len(estates) - 4, count).astype(int)]
    return [int(at) for at in stream("hanyang facilities").permutation(even)]


def _facilities(points: gpd.GeoSeries) -> list[dict[str, object]]:
    """Return the facility list; positions in WGS84."""
    rng = stream("hanyang facility list")
    spots = points.to_crs("EPSG:4326")
    plan = [(word, size) for word, count, size in SORTS for _ in range(count)]
    return [
        {
            "id": f"f{n + 1}",
            "名称": f"汉阳示例{word}{n + 1:02d}(模拟)",
            "类别": word,
            "运营状态": NOT_OPEN.get(n, "运营"),
            "建筑面积": int(rng.integers(*size)),
            "经度": f"{spots.x[n]:.6f}",
            "纬度": f"{spots.y[n]:.6f}",
            "备注": NOTE,
        }
        for n, (word, size) in enumerate(plan)
    ]


def _agreeing(
    estates: gpd.GeoDataFrame, hosts: list[int], facilities: list[dict[str, object]]
) -> gpd.GeoDataFrame:
    """Return the estates with the working rooms that stand in them as their ledger area."""
    rooms = {
        host: row["建筑面积"]
        for host, row in zip(hosts, facilities, strict=False)
        if row["类别"] in LINKED and row["运营状态"] == "运营"
    }
    area = [rooms.get(n, m2) for n, m2 in enumerate(estates["养老用房面积"])]
    status = ["已投用" if n in rooms else word for n, word in enumerate(estates["care_status"])]
    return estates.assign(养老用房面积=np.array(area, dtype=float), care_status=status)


def simulate_hanyang(streets: gpd.GeoSeries) -> Hanyang:
    """Return the simulated layers between the real streets, which are given in EPSG:4547."""
    area = window()
    cells = _communities(area)
    plots = _plots(streets, area)
    tree = shapely.STRtree(cells)
    unit = np.array([tree.nearest(plot.representative_point()) for plot in plots], dtype=np.int64)
    estates = _estates(plots, unit)
    hosts = _sites(estates, FACILITIES - BEYOND)
    inside = list(estates.representative_point().iloc[hosts])
    # The first three stations stand beyond the edge, where people of the study walk to.
    outside = _beyond(streets, area, BEYOND)
    points = gpd.GeoSeries([*outside, *inside], crs=CRS)
    facilities = _facilities(points)
    estates = _agreeing(estates, hosts, facilities[BEYOND:])
    people = _people(estates, unit, cells)
    return Hanyang(estates, people, _boundaries(people), facilities)
