"""The study file of Chifeng, with the one pool that was confirmed."""

from pathlib import Path

from making.care import SharedRooms

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
source = "模拟数据（本项目生成）"
licence = "与本项目相同"
date = 2025-12-31

[forecast]                      # 真实的普查数：全市十二个旗县区
ages = "population/chifeng_ages_2020.csv"

# 文件所载的全市数（十二个旗县区），不是本研究模拟的中心城区；台账由此推算并写明口径。
[indicators.beds_institutions]  # 8192 + 7750
value = 15942
unit = "张"
source = "赤政办发〔2023〕42号 一（一）2（全市）"
date = 2022-12-31

[indicators.beds_community]
value = 1455
unit = "张"
source = "赤政办发〔2023〕42号 一（一）2（全市）"
date = 2022-12-31

[indicators.beds_mutual_aid]
value = 10164
unit = "张"
source = "赤政办发〔2023〕42号 一（一）2（全市）"
date = 2022-12-31

[indicators.beds_total_rounded]
value = 2.8
unit = "万张"
source = "赤政办发〔2023〕42号 一（一）2（全市）"
date = 2022-12-31

[indicators.nursing_beds_total]
value = 7035
unit = "张"
source = "赤政办发〔2023〕42号 一（一）2（全市）"
date = 2022-12-31

[indicators.elderly_60plus_2020]
value = 849580
unit = "人"
source = "赤政办发〔2023〕42号 一（一）3（全市）"
date = 2020-12-31

[indicators.elderly_60plus_2025]
value = 105
unit = "万人"
source = "赤政办发〔2023〕42号 一（一）3（全市，预计）"
date = 2022-12-31

[indicators.affordable_beds]
value = 1.1
unit = "万张"
source = "赤政办发〔2023〕42号 一（一）3（全市）"
date = 2022-12-31
"""

_POOL = """
[[pools]]                       # 模拟的统筹确认
name = "统筹一组(模拟)"
estates = [{estates}]
facilities = ["{facility}"]
document = "模拟文件〔2025〕1号"
date = 2025-05-01
"""


def write_study(path: Path, pool: SharedRooms) -> None:
    """Write the study file."""
    estates = ", ".join(f'"r{n + 1}"' for n in pool.estates)
    text = _TEXT + _POOL.format(estates=estates, facility=pool.facility)
    path.write_text(text, encoding="utf-8", newline="\n")
