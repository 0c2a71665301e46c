"""The simulated places where a facility could be opened: idle rooms and new land."""

import geopandas as gpd
import numpy as np
from making.areas import Areas, lie_in
from making.care import lie_in_one
from making.city import City
from making.terrain import CRS, reach, stream
from numpy.typing import NDArray
from shapely import Point

NOTE = "模拟数据"
# Words of the policies for idle stock; how many, square metres, ten thousand yuan a square metre.
KINDS = {
    "空置公租房": (14, (180, 900), 0.11),
    "国企物业": (16, (300, 2400), 0.14),
    "培训疗养机构": (6, (1800, 6000), 0.16),
    "闲置商业": (30, (200, 1500), 0.18),
    "社区用房": (28, (120, 600), 0.07),
    "闲置公共服务资源": (14, (250, 1800), 0.10),
    "新增用地": (12, (1500, 6000), 0.32),
}
LARGE_M2, MIDDLE_M2 = 1200, 450
OUTER = 0.72


def _category(area_m2: int, rng: np.random.Generator) -> str:
    if area_m2 >= LARGE_M2:
        return str(rng.choice(["区域养老服务中心", "嵌入式养老机构"]))
    if area_m2 >= MIDDLE_M2:
        return str(rng.choice(["日间照料中心", "社区养老服务站"]))
    return "社区养老服务站"


def _spots(city: City, rng: np.random.Generator) -> list[Point]:
    """Return a spot per candidate, beside gates, with more of them in the outer estates."""
    gates = [Point(gate) for e in city.estates for gate in e.gates]
    outer = np.array([reach(gate) > OUTER for gate in gates])
    weight: NDArray[np.float64] = np.where(outer, 1.9, 1.0)
    count = sum(of[0] for of in KINDS.values())
    picked = rng.choice(len(gates), size=count, replace=False, p=weight / weight.sum())
    return [Point(gates[n].x + rng.uniform(-9, 9), gates[n].y + rng.uniform(-9, 9)) for n in picked]


def make_candidates(city: City, areas: Areas) -> gpd.GeoDataFrame:
    """Return the 120 candidates with the columns a siting run reads."""
    rng = stream("candidates")
    units = lie_in([e.polygon.representative_point() for e in city.estates], areas)
    spots = iter(_spots(city, rng))
    rows: list[dict[str, object]] = []
    points = []
    for kind, (count, (least, most), price) in KINDS.items():
        for order in range(1, count + 1):
            point = next(spots)
            area = int(round(rng.uniform(least, most) / 10) * 10)
            unit = lie_in_one(point, city, units)
            where = areas.names[unit.split("-")[0]] if unit else "城郊"
            land = kind == "新增用地"
            floor = None if land else str(rng.choice(["1", "1", "1-2", "2", "3"]))
            rows.append(
                {
                    "id": f"c{len(rows) + 1}",
                    "名称": f"{where}{kind}{order}号(模拟)",
                    "存量类型": kind,
                    "面积": area,
                    "cost_wan": round(area * price * rng.uniform(0.8, 1.25), 1),
                    "类别": _category(area, rng),
                    "楼层": floor,
                    "电梯": None if land else "是" if rng.random() < 1 / 3 else "否",
                    "available_years": 40 if land else int(rng.choice([5, 8, 10, 15, 20])),
                    "邻避": str(rng.choice(["低", "低", "中", "高"])),
                    "mandatory": "是" if len(rows) + 1 in MANDATORY else "否",
                    "forbidden": "是" if len(rows) + 1 in FORBIDDEN else "否",
                    "备注": NOTE,
                }
            )
            points.append(point)
    return gpd.GeoDataFrame(rows, geometry=points, crs=CRS)


MANDATORY = (31, 78)
FORBIDDEN = (12, 55, 96)
