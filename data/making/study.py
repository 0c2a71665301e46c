"""The study file of Chifeng, with the one pool that was confirmed."""

from collections.abc import Sequence
from pathlib import Path

from making.care import LINKED, Facility
from making.city import City
from making.ledger import Homes

_TEXT = """\
# 赤峰市中心城区：随软件提供的示范研究。街道、小区、社区、设施与备选点均为模拟数据。
title = "赤峰市中心城区"
on = 2025-12-31
rules = ["chifeng"]
crs = "EPSG:4549"
notice = "街道、小区与设施为模拟数据"

[layers.facilities]
path = "facilities/chifeng_facilities.csv"
coordinates = "gcj02"
source = "模拟数据（本项目生成）"
licence = "与本项目相同"
date = 2025-12-31

[layers.residential]
path = "residential/chifeng_estates.gpkg"
layer = "小区"
source = "模拟数据（本项目生成）"
licence = "与本项目相同"
date = 2025-12-31

[layers.entrances]
path = "residential/chifeng_entrances.gpkg"
source = "模拟数据（本项目生成）"
licence = "与本项目相同"
date = 2025-12-31

[layers.residential_land]
path = "residential/chifeng_land.gpkg"
source = "模拟数据（本项目生成）"
licence = "与本项目相同"
date = 2025-12-31

[layers.population]
path = "population/chifeng_communities.gpkg"
source = "模拟数据；合计等于第七次全国人口普查红山区、松山区城镇人口"
licence = "与本项目相同"
date = 2020-11-01

[layers.candidates]
path = "facilities/chifeng_candidates.gpkg"
source = "模拟数据（本项目生成）"
licence = "与本项目相同"
date = 2025-12-31

[layers.boundaries]
path = "boundaries/chifeng_areas.gpkg"
source = "街道名称为真实名称，形状为模拟数据"
licence = "与本项目相同"
date = 2025-12-31

[layers.barriers]
path = "boundaries/chifeng_barriers.gpkg"
source = "模拟数据（本项目生成）"
licence = "与本项目相同"
date = 2025-12-31

[layers.background]
path = "boundaries/chifeng_background.gpkg"
source = "模拟数据（本项目生成）"
licence = "与本项目相同"
date = 2025-12-31

[streets]
path = "streets/chifeng_centre.osm.pbf"
"""

_POOL = """
[[pools]]                       # 模拟的统筹确认
name = "统筹一组(模拟)"
estates = [{estates}]
facilities = ["{facility}"]
document = "模拟文件〔2025〕1号"
date = 2025-05-01
"""


def _pool(homes: Homes, facilities: Sequence[Facility], city: City) -> str:
    """Return a pool of a large station's estate with the nearest estate that has no station."""
    served = {n for f in facilities for n in (*f.serves, *([f.host] if f.host is not None else []))}
    best: tuple[float, str] | None = None
    for facility in facilities:
        own = facility.serves
        if facility.sort not in LINKED or facility.status != "运营" or len(own) != 1:
            continue
        for n, estate in enumerate(city.estates):
            need = 0.2 * float(homes.households[[own[0], n]].sum())
            away = estate.polygon.distance(facility.point)
            if n in served or facility.floor_area_m2 < need or (best and away >= best[0]):
                continue
            pair = ", ".join(f'"r{k + 1}"' for k in sorted((own[0], n)))
            best = (away, _POOL.format(estates=pair, facility=facility.id))
    return best[1] if best else ""


def write_study(
    path: Path, homes: Homes, facilities: Sequence[Facility], city: City
) -> None:
    """Write the study file."""
    path.write_text(_TEXT + _pool(homes, facilities, city), encoding="utf-8", newline="\n")
