"""Tables read from a real PostGIS: types, names, rights, limits, and the same frame as a file."""

import datetime as dt
import os
import time
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from psycopg import sql

from geo.databases.postgis import read_postgis
from geo.databases.session import Limits
from geo.errors import CoordinateError, LayerError
from geo.layers import read_layer

from .postgis_cluster import PASSWORD, Cluster, binaries, has_postgis, running_cluster

HOSTILE_TABLE = 'x"; drop table 设施; --'
HOSTILE_COLUMN = '"; drop table 设施; --%s'
TABLES = Path(__file__).with_name("postgis_tables.sql")
READER = "s3cret-Leser"


def with_hostile_names() -> Iterator[sql.Composed]:
    """Yield what makes a table whose names would end a statement put together as text."""
    table = sql.Identifier(HOSTILE_TABLE)
    yield sql.SQL("create table {} (名称 text, 类别 text, {} text, geom geometry)").format(
        table, sql.Identifier(HOSTILE_COLUMN)
    )
    yield sql.SQL(
        "insert into {} values ('甲站', '日间照料', 'x', 'SRID=4326;POINT(118.9 42.26)')"
    ).format(table)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    folder = binaries()
    if folder is None or not has_postgis(folder):
        reason = "PostgreSQL with PostGIS is not installed"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with running_cluster(folder) as running:
        running.run("create database care", "create database plain", "create database one")
        tables = TABLES.read_text(encoding="utf-8")
        running.run(tables, *with_hostile_names(), database="care")
        running.run("create table 台账 (名称 text)", database="plain")
        running.run(
            "create schema extensions", "create extension postgis schema extensions",
            "create table t (名称 text, 类别 text, geom extensions.geometry)",
            "insert into t values ('甲站', '日间照料', 'SRID=4326;POINT(118.9 42.26)')",
            database="one",
        )
        running.run("create database bare template one")
        running.run("drop table t", "create table 台账 (名称 text)", database="bare")
        yield running


@pytest.fixture
def care(cluster: Cluster) -> str:
    return cluster.url("care")


def refused(url: str, layer: str | None = None, limits: Limits | None = None) -> str:
    with pytest.raises(LayerError) as caught:
        read_postgis(url, layer=layer, limits=limits)
    text = str(caught.value)
    assert PASSWORD not in text
    assert "s3cret" not in text
    return text


# --- what is read --------------------------------------------------------------------------------


def test_a_table_comes_in_the_order_of_its_key(care: str) -> None:
    read = read_postgis(care, layer="public.设施")
    assert read.table.headers == (
        "gid", "名称", "类别", "床位数", "建筑面积", "投用日期", "电梯", "功能",
    )
    cells = dict(zip(read.table.headers, read.table.columns, strict=True))
    assert cells["名称"].tolist() == ["甲站", "乙站"]
    np.testing.assert_equal(cells["床位数"], [20.0, np.nan])
    np.testing.assert_equal(cells["建筑面积"], [np.nan, 350.5])
    assert cells["投用日期"].tolist() == [None, dt.date(2016, 5, 1)]
    assert cells["电梯"].tolist() == [True, None]
    assert cells["功能"].tolist() == ["{餐,浴}", None]
    assert [(p.x, p.y) for p in read.geometry] == [(118.9, 42.26), (118.91, 42.26)]
    assert read.crs is not None
    assert read.crs.to_epsg() == 4326
    assert read.table.rows.tolist() == [1, 2]


@pytest.mark.parametrize("name", ["设施视图", "设施快照"])
def test_views_are_read_like_the_table(care: str, name: str) -> None:
    view, table = read_postgis(care, layer=name), read_postgis(care, layer="public.设施")
    assert view.table.columns[1].tolist() == table.table.columns[1].tolist()
    assert view.fingerprint == table.fingerprint


def test_without_a_key_the_content_gives_the_order(care: str) -> None:
    table, view = read_postgis(care, layer="有序"), read_postgis(care, layer="有序视图")
    assert table.table.columns[0].tolist() == ["甲", "乙"]
    assert view.table.columns[0].tolist() == ["乙", "甲"]
    assert view.fingerprint == table.fingerprint


def test_geography_is_read(care: str) -> None:
    read = read_postgis(care, layer="球面")
    assert read.geometry[0].wkt == "POINT (118.9 42.26)"
    assert read.crs is not None
    assert read.crs.to_epsg() == 4326


def test_curves_come_straight_and_flat(care: str) -> None:
    read = read_postgis(care, layer="曲线")
    (circle,) = read.geometry
    assert not shapely.has_z(circle)
    # A circle of radius 100 m: 31,416 m², less what the chords cut off.
    assert circle.area == pytest.approx(np.pi * 100**2, rel=2e-3)
    assert read.crs is not None
    assert read.crs.to_epsg() == 4549


def test_srid_0_is_no_crs(care: str) -> None:
    assert read_postgis(care, layer="无坐标系").crs is None


def test_types_become_what_a_file_would_give(care: str) -> None:
    read = read_postgis(care, layer="各类型")
    cells = dict(zip(read.table.headers, read.table.columns, strict=True))
    assert cells["a"].tolist() == [1, 2]
    # Figures beyond the fifteenth digit stay exact.
    assert cells["b"].tolist() == [9007199254740993, 5]
    assert cells["c"].tolist() == [150404000000000001, None]
    assert cells["g"].tolist() == [150404000000000001, None]
    np.testing.assert_equal(cells["d"], [1.5, np.nan])
    np.testing.assert_equal(cells["e"], [0.1, np.nan])
    np.testing.assert_equal(cells["f"], [0.12, np.nan])
    np.testing.assert_equal(cells["l"], [12.5, np.nan])
    assert cells["h"].tolist() == [dt.date(2020, 2, 3), None]
    assert cells["i"].tolist() == ["infinity", None]
    assert cells["j"].tolist() == ['{"a": [1]}', None]
    assert cells["k"].dtype == bool
    assert cells["m"].tolist() == ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", None]
    np.testing.assert_equal(cells["n"], [7.0, np.nan])
    assert cells["o"].tolist() == ["{1,2}", None]
    assert read.geometry[0] is None
    assert not read.broken.any()


def test_a_table_without_geometry_is_a_ledger(care: str) -> None:
    read = read_postgis(care, layer="台账")
    assert not read.shaped
    assert read.geometry.tolist() == [None]
    layer = read_layer(f"{care}?table=台账", "facilities")
    assert layer.frame.geometry.iloc[0].wkt == "POINT (118.9 42.26)"
    assert layer.fingerprint == read.fingerprint


def test_an_empty_table_has_its_columns(care: str) -> None:
    read = read_postgis(care, layer="空表")
    assert len(read.table.headers) == 8
    assert len(read.table.rows) == len(read.geometry) == 0


def test_postgis_may_stand_in_any_schema(cluster: Cluster) -> None:
    # The only table with geometry needs no name.
    assert read_postgis(cluster.url("one")).geometry[0].wkt == "POINT (118.9 42.26)"


def test_a_file_and_a_table_give_equal_frames(cluster: Cluster, tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {
            "小区名称": ["东园", "西园", "南园"], "户数": [120, 80, 3], "封闭": ["是", None, "否"],
            "养老用房面积": [350.5, None, 0.0], "编号": ["A1", "A2", "A3"],
            "交付日期": pd.to_datetime(["2016-05-01", None, "2020-12-31"]),
        },
        geometry=[shapely.box(500000 + x, 4680000, 500090 + x, 4680080) for x in (0, 200, 400)],
        crs="EPSG:4549",
    )
    frame.to_file(tmp_path / "estates.gpkg", layer="estates")
    cluster.run(
        "create table if not exists estates (fid serial primary key, 小区名称 text, 户数 int, "
        "封闭 text, 养老用房面积 float8, 编号 text, 交付日期 date, "
            "geom extensions.geometry(Polygon, 4549))",
        "truncate estates",
        database="one",
    )
    with psycopg.connect(cluster.url("one")) as connection:
        for row in frame.itertuples(index=False):
            values = [None if pd.isna(value) else value for value in row[:-1]]
            connection.execute(
                "insert into estates (小区名称, 户数, 封闭, 养老用房面积, 编号, 交付日期, geom) "
                "values (%s, %s, %s, %s, %s, %s, extensions.st_geomfromwkb(%s, 4549))",
                [*values, row[-1].wkb],
            )
    table = read_layer(f"{cluster.url('one')}?table=public.estates", "residential")
    file = read_layer(tmp_path / "estates.gpkg", "residential")
    assert_geodataframe_equal(table.frame, file.frame)
    assert table.fingerprint
    assert not file.fingerprint
    assert PASSWORD not in "".join(str(finding.line()) for finding in table.findings)
    cluster.run("drop table estates", database="one")


@pytest.mark.parametrize(
    ("change", "back"),
    [
        ("update 有序 set 类别 = '养老院' where 序 = 2", "update 有序 set 类别 = '日间照料'"),
        (
            "update 有序 set geom = st_translate(geom, 0, 0.01) where 序 = 2",
            "update 有序 set geom = st_translate(geom, 0, -0.01) where 序 = 2",
        ),
        (
            "update 有序 set geom = st_setsrid(geom, 4490)",
            "update 有序 set geom = st_setsrid(geom, 4326)",
        ),
        ("alter table 有序 rename 类别 to 类型", "alter table 有序 rename 类型 to 类别"),
    ],
)
def test_the_fingerprint_is_that_of_the_rows(
    cluster: Cluster, care: str, change: str, back: str
) -> None:
    first = read_postgis(care, layer="有序").fingerprint
    assert first == read_postgis(care, layer="有序").fingerprint
    cluster.run(change, database="care")
    changed = read_postgis(care, layer="有序").fingerprint
    cluster.run(back, database="care")
    assert changed != first


# --- which table ---------------------------------------------------------------------------------


def test_several_tables_are_a_question_naming_them(care: str) -> None:
    text = refused(care)
    assert "有多个表" in text
    assert "public.球面" in text
    assert "台账" not in text
    assert "spatial_ref_sys" not in text


def test_a_name_in_two_schemas_is_a_question(care: str) -> None:
    text = refused(f"{care}?table=设施")
    assert "public.设施" in text
    assert "民政.设施" in text
    assert len(read_postgis(care, layer="民政.设施").table.rows) == 2


def test_the_layer_stands_above_the_address(care: str) -> None:
    assert len(read_postgis(f"{care}?table=球面", layer="public.设施").table.rows) == 2


def test_a_dot_in_a_name_needs_no_quoting(care: str) -> None:
    assert len(read_postgis(care, layer="民政.a.b").table.rows) == 1


def test_an_absent_table_names_what_there_is(care: str) -> None:
    text = refused(care, "public.小区")
    assert "没有表“public.小区”" in text
    assert "public.球面" in text


def test_two_geometry_columns_are_a_question(care: str) -> None:
    text = refused(care, "两列")
    assert "老、新" in text
    assert read_postgis(f"{care}?table=两列&geometry=新").geometry[0].wkt == "POINT (3 4)"


@pytest.mark.parametrize("name", [HOSTILE_TABLE, f"public.{HOSTILE_TABLE}"])
def test_names_are_never_statements(care: str, name: str) -> None:
    read = read_postgis(care, layer=name)
    assert read.table.headers[2] == HOSTILE_COLUMN
    assert len(read_postgis(care, layer="public.设施").table.rows) == 2


@pytest.mark.parametrize("name", ["设施; drop table 设施", "设施' or '1'='1", '"设施"', "%s"])
def test_a_statement_is_no_name(care: str, name: str) -> None:
    assert "没有表" in refused(care, name)
    assert len(read_postgis(care, layer="public.设施").table.rows) == 2


# --- what is refused -----------------------------------------------------------------------------


def test_mixed_srids_are_refused(care: str) -> None:
    assert "4326、4549" in refused(care, "混用")


def test_an_unknown_srid_is_refused(care: str) -> None:
    with pytest.raises(CoordinateError, match="SRID 990001 无法识别"):
        read_postgis(care, layer="未知坐标系")


def test_a_wrong_password_is_said_and_not_shown(cluster: Cluster) -> None:
    url = cluster.url("care", password=READER)
    assert "用户名或密码不对" in refused(url)


def test_no_password_says_where_it_may_stand(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    url = f"postgresql://keeper@127.0.0.1:{cluster.port}/care"
    assert f"CARECIRCLE_DB_HOST 写明它属于哪台主机（127.0.0.1:{cluster.port}）" in refused(url)
    monkeypatch.setenv("CARECIRCLE_DB_PASSWORD", PASSWORD)
    assert "CARECIRCLE_DB_PASSWORD" in refused(url)
    monkeypatch.setenv("CARECIRCLE_DB_HOST", "127.0.0.1")
    assert len(read_postgis(url, layer="public.设施").table.rows) == 2


def test_a_silent_server_is_unreachable(cluster: Cluster) -> None:
    url = f"postgresql://keeper:s3cret@127.0.0.1:{cluster.port + 1}/care"
    assert "连不上数据库" in refused(url)


def test_an_absent_database_is_said(cluster: Cluster) -> None:
    assert "没有这个数据库" in refused(cluster.url("nowhere"))


def test_absent_rights_are_said(cluster: Cluster) -> None:
    url = cluster.url("care", user="reader", password=READER)
    assert "没有读取权限" in refused(url, "机密")
    assert len(read_postgis(url, layer="public.设施").table.rows) == 2
    assert "没有读取权限" in refused(url, "民政.设施")


def test_columns_without_rights_are_told(cluster: Cluster) -> None:
    url = cluster.url("care", user="reader", password=READER)
    read = read_postgis(url, layer="半密")
    assert read.table.headers == ("名称", "类别")
    assert "身份证" in str(read.notices[0])
    layer = read_layer(url, "facilities", sheet="半账")
    assert "身份证" in "".join(str(f.line()) for f in layer.findings if f.severity == "warning")


def test_absent_postgis_is_said(cluster: Cluster) -> None:
    text = refused(cluster.url("plain"))
    assert "没有安装 PostGIS" in text
    assert "public.台账" in text
    assert read_postgis(cluster.url("plain"), layer="台账").table.headers == ("名称",)


def test_tables_of_postgis_itself_are_not_offered(cluster: Cluster) -> None:
    text = refused(cluster.url("bare"))
    assert "public.台账" in text
    assert "spatial_ref_sys" not in text
    assert "geometry_columns" not in text


def test_too_many_rows_are_refused(care: str) -> None:
    assert "超过 1 行" in refused(care, "public.设施", Limits(rows=1))
    assert len(read_postgis(care, layer="public.设施", limits=Limits(rows=2)).table.rows) == 2


def test_too_much_data_is_refused(care: str) -> None:
    assert "超过 0 MB" in refused(care, "public.设施", Limits(megabytes=0))


def test_a_slow_view_is_broken_off(care: str) -> None:
    started = time.monotonic()
    assert "超过时限" in refused(care, "慢视图", Limits(statement_s=0.5))
    assert time.monotonic() - started < 5


def test_a_view_that_defies_cancelling_is_left(care: str) -> None:
    started = time.monotonic()
    assert "超过时限" in refused(care, "顽固视图", Limits(statement_s=0.3, whole_s=1))
    assert time.monotonic() - started < 10


def test_a_locked_table_is_not_waited_for(cluster: Cluster, care: str) -> None:
    with psycopg.connect(cluster.url("care")) as other:
        other.execute("lock table 球面")
        assert "锁定" in refused(care, "球面", Limits(lock_s=0.2))


def test_nothing_is_written_whatever_a_view_does(care: str) -> None:
    assert "read-only" in refused(care, "删除视图")
    assert len(read_postgis(care, layer="public.设施").table.rows) == 2


def test_no_connection_is_left_open(cluster: Cluster, care: str) -> None:
    read_postgis(care, layer="public.设施")
    refused(care, "混用")
    with psycopg.connect(cluster.url("care")) as connection:
        row = connection.execute(
            "select count(*) from pg_stat_activity where application_name = 'carecircle' "
            "and query not like '%stubborn%' and wait_event <> 'PgSleep'"
        ).fetchone()
    assert row == (0,)
