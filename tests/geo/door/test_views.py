"""Views of a GeoPackage: honest ones are read whatever their names, endless ones refused soon."""

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.door import geopackage as geopackage_door
from geo.door.geopackage import refuse_endless_views
from geo.errors import LayerError
from geo.ingest import Door

COUNTING = (
    "with recursive c(x) as (select 1 union all select x + 1 from c {}) select x from c {}"
)
SOON_S = 15


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with Door() as opened:
        yield opened


def geopackage(path: Path, *statements: str) -> Path:
    frame = gpd.GeoDataFrame(
        {"名称": ["甲站"], "类别": ["日间照料"]},
        geometry=[shapely.Point(118.951, 42.261)], crs=4326,
    )
    frame.to_file(path, layer="设施")
    with sqlite3.connect(path) as database:
        for statement in statements:
            database.execute(statement)
    database.close()
    return path


HONEST = {
    "sixty": tuple(f"create view v{at} as select 1 as a" for at in range(60)),
    "its name": ("create view gpkg_qgis_info as select 1 as a",),
    "like": ("create view v as select * from 设施 where 名称 like '%甲%站%'",),
    "a foreign function": ("create view v as select ST_Area(geom) as a from 设施",),
    "the list": ("alter table gpkg_contents rename to q",
                 "create view gpkg_contents as select * from q"),
    "many rows": ("create view v as " + COUNTING.format("limit 2100000", ""),),
}


@pytest.mark.parametrize("statements", HONEST.values(), ids=HONEST)
def test_honest_views_hinder_nobody(
    tmp_path: Path, door: Door, statements: tuple[str, ...]
) -> None:
    path = geopackage(tmp_path / "v.gpkg", *statements)
    assert door.layer(path, "facilities", sheet="设施").frame["name"].tolist() == ["甲站"]


ENDLESS = {
    "rows": COUNTING.format("", ""),
    "no row": COUNTING.format("", "where x < 0"),
    "a pattern": "select 1 as a where replace(hex(zeroblob(20000)), '0', 'a')"
                 " like '%a%a%a%a%a%a%a%b'",
    "a text": "select length(replace(hex(zeroblob(200000000)), '0', '00')) as a",
}


@pytest.mark.parametrize("view", ENDLESS.values(), ids=ENDLESS)
def test_views_that_take_too_long_are_refused_soon(tmp_path: Path, door: Door, view: str) -> None:
    path = geopackage(tmp_path / "v.gpkg", f"create view v as {view}")
    began = time.monotonic()
    with pytest.raises(LayerError, match=r"^v\.gpkg：.*算不完的视图"):
        door.layer(path, "facilities", sheet="设施")
    assert time.monotonic() - began < SOON_S


def test_slow_views_together_are_left_to_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geopackage_door, "_PATIENCE_FOR_ALL", 20_000_000)
    slow = COUNTING.format("limit 1500000", "")
    path = geopackage(
        tmp_path / "v.gpkg", *(f"create view v{at} as {slow}" for at in range(40))
    )
    began = time.process_time()
    refuse_endless_views(path, "v.gpkg")
    assert time.process_time() - began < SOON_S


def test_too_many_views_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geopackage_door, "_MOST_VIEWS", 10)
    path = geopackage(
        tmp_path / "v.gpkg", *(f"create view v{at} as select 1 as a" for at in range(11))
    )
    with pytest.raises(LayerError, match=r"^v\.gpkg：GeoPackage 里有 11 个视图，超过上限 10"):
        refuse_endless_views(path, "v.gpkg")
