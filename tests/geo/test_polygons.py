"""Polygons as offices draw them: each fault told, with areas worked out by hand."""

import sqlite3
import struct
import time
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.errors import CoordinateError, LayerError
from geo.findings import Finding
from geo.layers import Layer, read_layer
from geo.shapes.checked import MOST_VERTICES_OF_LAYER, MOST_VERTICES_OF_ROW, areas_m2
from geo.shapes.repair import MOST_VERTICES, is_tangled, repair

E0, N0 = 500_000.0, 4_680_000.0  # on the meridian of 120 degrees: a metre is a metre


def shape(*corners: tuple[float, float]) -> shapely.Polygon:
    return shapely.Polygon([(E0 + x, N0 + y) for x, y in corners])


def square(x: float = 0, y: float = 0, size: float = 100) -> shapely.Polygon:
    return shape((x, y), (x + size, y), (x + size, y + size), (x, y + size))


def frame_of(*shapes: object, layer: str = "residential", level: str = "社区") -> gpd.GeoDataFrame:
    names = [f"甲{n}" for n in range(len(shapes))]
    columns = {
        "residential": {"小区名称": names, "户数": 100},
        "boundaries": {"名称": names, "级别": level},
        "population": {"人口": [100] * len(shapes)},
    }[layer]
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=4549)


def read(tmp_path: Path, *shapes: object, layer: str = "residential") -> Layer:
    path = tmp_path / "面.gpkg"
    frame_of(*shapes, layer=layer).to_file(path)
    return read_layer(path, layer)


def told(layer: Layer, part: str) -> list[Finding]:
    return [finding for finding in layer.findings if part in str(finding.line())]


def areas(layer: Layer) -> list[float]:
    return areas_m2(layer.frame.geometry.to_numpy()).round(1).tolist()


# Repair.


@pytest.mark.parametrize(
    ("corners", "before", "after"),
    [
        # A bow tie: two triangles of 100 x 50 / 2, whose signed areas cancel.
        ([(0, 0), (100, 100), (100, 0), (0, 100)], 0, 5_000),
        # Wound twice: its area is counted double before.
        ([(0, 0), (100, 0), (100, 100), (0, 100)] * 2, 20_000, 10_000),
        # A spike out and back along the same line has no area.
        ([(0, 0), (100, 0), (100, 50), (300, 50), (100, 50), (100, 100), (0, 100)],
         10_000, 10_000),
    ],
    ids=["bow tie", "wound twice", "spike"],
)  # fmt: skip
def test_a_repair_tells_the_area_before_and_after(
    tmp_path: Path, corners: list[tuple[float, float]], before: int, after: int
) -> None:
    layer = read(tmp_path, shape(*corners))
    (finding,) = told(layer, "已修复")
    assert f"由 {before} 变为 {after} 平方米" in str(finding.message)
    assert areas(layer) == [after]
    assert layer.frame.geometry.is_valid.all()


def test_a_hole_outside_is_left_out(tmp_path: Path) -> None:
    outside = square(200, 0, 10).exterior.coords
    layer = read(tmp_path, shapely.Polygon(square().exterior.coords, [outside]))
    assert told(layer, "已修复")
    assert areas(layer)[0] in (10_000, 10_100)  # as the method does: a hole outside is ground


def test_a_hole_across_the_edge_is_cut(tmp_path: Path) -> None:
    across = square(90, 40, 20).exterior.coords  # half of its 20 x 20 lies inside
    layer = read(tmp_path, shapely.Polygon(square().exterior.coords, [across]))
    assert areas(layer)[0] in (9_800, 10_000)


def ring(count: int) -> np.ndarray:
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.column_stack([np.cos(turn), np.sin(turn)])


def test_what_passes_is_repaired_in_seconds() -> None:
    """The dearest drawings near each limit, in the time of this processor."""
    rng = np.random.default_rng(7)
    first_swapped = ring(MOST_VERTICES - 2)
    first_swapped[[0, 5]] = first_swapped[[5, 0]]
    holes = [shapely.box(x, y, x + 0.05, y + 0.05).exterior.coords for x, y in rng.random((600, 2))]
    hard = [
        shapely.Polygon(rng.random((110, 2))),  # a scribble of some 1,300 crossings
        shapely.Polygon(ring(1_999)[np.arange(1_999) * 2 % 1_999]),  # 1,999 crossings
        shapely.Polygon(np.tile(ring(1_000), (10, 1))),  # wound ten times
        shapely.Polygon(np.tile(ring(20_000), (2, 1))),
        shapely.Polygon(first_swapped),
        shapely.Polygon(shapely.box(0, 0, 1, 1).exterior.coords, holes),
    ]
    for polygon in hard:
        start = time.process_time()
        result = repair(np.array([polygon], dtype=object))
        assert time.process_time() - start < 5
        assert result.tangled[0] or result.geometry[0].is_valid


@pytest.mark.parametrize(
    "polygon",
    [
        shapely.Polygon(np.random.default_rng(1).random((1_500, 2))),
        shapely.Polygon(np.tile(ring(1_000), (100, 1))),  # sides upon sides, none crossing
        shapely.Polygon(np.tile(ring(100), (1_000, 1))),
        shapely.Polygon(ring(MOST_VERTICES + 5)),
    ],
    ids=["scribble", "wound 100 times", "wound 1000 times", "too long"],
)
def test_a_tangle_is_known_before_it_is_repaired(polygon: shapely.Polygon) -> None:
    start = time.process_time()
    assert is_tangled(polygon)
    assert time.process_time() - start < 5


def test_the_time_of_a_layer_has_an_end() -> None:
    ties = np.array([shape((0, 0), (100, 100), (100, 0), (0, 100))] * 5, dtype=object)
    late = repair(ties, seconds=-1.0)
    assert late.late.all()
    assert shapely.is_missing(late.geometry).all()
    assert not repair(ties).late.any()


def test_a_tangle_is_unknown_and_its_row_named(tmp_path: Path) -> None:
    scribble = shapely.Polygon(np.random.default_rng(1).random((1_500, 2)) * 500 + (E0, N0))
    layer = read(tmp_path, scribble, square(1_000))
    assert layer.frame.geometry.isna().tolist() == [True, False]
    (finding,) = told(layer, "无法修复")
    assert (finding.severity, finding.row) == ("error", 1)


# Too much of it.


def test_millions_of_vertices_are_refused_or_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (MOST_VERTICES_OF_ROW, MOST_VERTICES_OF_LAYER) == (500_000, 3_000_000)
    monkeypatch.setattr("geo.shapes.checked.MOST_VERTICES_OF_ROW", 50)
    monkeypatch.setattr("geo.shapes.checked.MOST_VERTICES_OF_LAYER", 100)
    round_one = shapely.Polygon(ring(60) * 50 + (E0, N0))
    layer = read(tmp_path, round_one, square(200))
    assert layer.frame.geometry.isna().tolist() == [True, False]
    assert told(layer, "61 个顶点")[0].row == 1
    with pytest.raises(LayerError, match=r"面\.gpkg：共有 127 个顶点.*第 2 行最多"):
        read(tmp_path, square(), round_one, round_one)


# How polygons lie.


def test_the_same_outline_twice_is_told_wherever_it_begins(tmp_path: Path) -> None:
    again = shape((100, 100), (0, 100), (0, 0), (100, 0))
    layer = read(tmp_path, square(), square(500), again, layer="population")
    (finding,) = told(layer, "完全相同")
    assert finding.row == 3
    assert "第 1 行" in str(finding.message)
    estates = read(tmp_path, square(), again)
    assert "100%" in str(told(estates, "重叠")[0].message)


def test_boundaries_of_one_level_that_overlap_are_told_with_their_area(tmp_path: Path) -> None:
    # 1,000 m squares; the second begins 200 m before the first ends: 200 x 1,000 m².
    layer = read(tmp_path, square(size=1_000), square(800, 0, 1_000), layer="boundaries")
    (finding,) = told(layer, "重叠")
    assert finding.row == 1
    assert "与第 2 行“甲1”的同级边界重叠 200000 平方米（占较小者 20%）" in str(finding.message)


def test_boundaries_of_two_levels_may_overlap(tmp_path: Path) -> None:
    frame = frame_of(square(size=1_000), square(size=500), layer="boundaries")
    frame["级别"] = ["街道", "社区"]
    frame.to_file(tmp_path / "a.gpkg")
    assert not told(read_layer(tmp_path / "a.gpkg", "boundaries"), "重叠")


def test_small_overlaps_are_counted(tmp_path: Path) -> None:
    # Two strips of 1 m x 1,000 m: 0.1 per cent of each square.
    layer = read(
        tmp_path, square(size=1_000), square(999, 0, 1_000), square(1_998, 0, 1_000),
        layer="boundaries",
    )  # fmt: skip
    (finding,) = told(layer, "细小重叠")
    assert finding.severity == "info"
    assert "2 处细小重叠，共 2000 平方米" in str(finding.message)


def test_slivers_and_needles_are_told(tmp_path: Path) -> None:
    sliver = square(0, 0, 0.7)  # 0.49 m²
    needle = shape((200, 0), (300, 0), (300, 0.3), (200, 0.3))  # 100 m x 0.3 m
    layer = read(tmp_path, sliver, needle, square(500), layer="population")
    found = told(layer, "残片")
    assert [finding.row for finding in found] == [1, 2]
    assert "面积只有 0.49 平方米" in str(found[0].message)
    assert "平均宽 0.3 米" in str(found[1].message)


def test_a_spike_with_a_width_is_told(tmp_path: Path) -> None:
    # 200 m out, 1 m wide at its foot: an angle of 0.29 degrees.
    spiked = shape((0, 0), (100, 0), (100, 50), (300, 50.5), (100, 51), (100, 100), (0, 100))
    first = shape((300, 50.5), (100, 51), (100, 100), (0, 100), (0, 0), (100, 0), (100, 50))
    wedge = shape((0, 500), (100, 500), (100, 505))  # 2.9 degrees: a corner of a road
    layer = read(tmp_path, spiked, wedge, first, layer="population")
    assert [finding.row for finding in told(layer, "尖刺")] == [1, 3]


def test_an_estate_in_parts_far_apart_is_told(tmp_path: Path) -> None:
    apart = shapely.MultiPolygon([square(), square(50_100)])  # 50,100 - 100 m
    near = shapely.MultiPolygon([square(0, 500), square(200, 500)])
    layer = read(tmp_path, apart, near)
    (finding,) = told(layer, "不像一处用地")
    assert finding.row == 1
    assert "相距 50 公里" in str(finding.message)
    assert not told(read(tmp_path, apart, layer="population"), "不像一处用地")


def test_many_of_one_kind_are_counted(tmp_path: Path) -> None:
    slivers = [square(10 * n, 0, 0.7) for n in range(250)]
    layer = read(tmp_path, *slivers, layer="population")
    assert len(told(layer, "残片")) == 200
    assert told(layer, "另有 50 处")


# Odd coordinates.


def test_heights_and_measures_are_told(tmp_path: Path) -> None:
    x, y = 120.0, 42.26
    rows = f'人口,WKT\n5,"POLYGON Z (({x} {y} 1, {x + 0.01} {y} 2, {x} {y + 0.01} 3, {x} {y} 1))"\n'
    path = tmp_path / "a.csv"
    path.write_text(rows, encoding="utf-8")
    layer = read_layer(path, "population", coordinates="wgs84")
    (finding,) = told(layer, "高程")
    assert finding.severity == "info"
    assert not layer.frame.geometry.has_z.any()


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("POLYGON ((120 42, 121 42, 120 42))", "面积为零"),  # two corners
        ("POLYGON ((120 42, 121 inf, 121 43, 120 42))", "NaN"),
        ("POLYGON EMPTY", "几何为空"),
        ("GEOMETRYCOLLECTION EMPTY", "几何为空"),
        ("POLYGON ((120 42, 121 42, 122 42, 120 42))", "面积为零"),
    ],
)
def test_what_is_no_polygon_is_unknown_and_the_row_stays(
    tmp_path: Path, text: str, part: str
) -> None:
    path = tmp_path / "a.csv"
    good = "POLYGON ((120 42, 120.01 42, 120 42.01, 120 42))"
    path.write_text(f'人口,WKT\n5,"{text}"\n6,"{good}"\n', encoding="utf-8")
    layer = read_layer(path, "population", coordinates="wgs84")
    assert layer.frame.geometry.isna().tolist() == [True, False]
    assert [finding.row for finding in told(layer, part)] == [2]


def test_across_the_antimeridian_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    wkt = "POLYGON ((179 42, -179 42, -179 43, 179 42))"
    path.write_text(f'人口,WKT\n5,"{wkt}"\n', encoding="utf-8")
    with pytest.raises(CoordinateError, match="180 度"):
        read_layer(path, "population", coordinates="wgs84")


def test_a_collection_gives_its_polygons(tmp_path: Path) -> None:
    mixed = shapely.GeometryCollection([square(), shapely.Point(E0, N0), square(200)])
    layer = read(tmp_path, mixed, square(500))
    assert areas(layer) == [20_000, 10_000]
    assert told(layer, "混合集合")[0].row == 1


def test_curves_are_made_of_straight_sides(tmp_path: Path) -> None:
    corners = [(0, 0), (100, 100), (200, 0), (100, -100), (0, 0)]
    arc = struct.pack("<BII", 1, 8, len(corners)) + b"".join(
        struct.pack("<dd", E0 + x, N0 + y) for x, y in corners
    )
    circle = struct.pack("<BII", 1, 10, 1) + arc  # a curve polygon of one circular string
    path = tmp_path / "圆.gpkg"
    frame_of(square(), layer="population").to_file(path, layer="a", SPATIAL_INDEX="NO")
    with closing(sqlite3.connect(path)) as file:
        blob = b"GP" + struct.pack("<BBi", 0, 1, 4549) + circle
        file.execute("UPDATE a SET geom = ?", (blob,))
        file.execute("UPDATE gpkg_geometry_columns SET geometry_type_name = 'CURVEPOLYGON'")
        file.commit()
    layer = read_layer(path, "population")
    # A circle of 100 m: pi x 100 x 100; sides of 4 degrees take off 0.08 per cent.
    assert areas(layer)[0] == pytest.approx(np.pi * 100 * 100, rel=2e-3)


def test_a_hundred_thousand_polygons_are_looked_at_in_seconds(tmp_path: Path) -> None:
    squares = [square(120 * (n % 320), 120 * (n // 320)) for n in range(20_000)]
    path = tmp_path / "面.gpkg"
    frame_of(*squares, layer="boundaries").to_file(path)
    start = time.process_time()
    read_layer(path, "boundaries")
    assert time.process_time() - start < 10  # a fifth of them, in far less on a quiet machine
