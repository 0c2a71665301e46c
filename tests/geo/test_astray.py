"""Rows far from their layer or abroad, mixed zones, and what is said of coordinates that fail."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.findings import Finding
from geo.layers import read_layer
from geo.ledgers.numbers import Cells
from geo.position.far_rows import astray
from geo.shapes.checked import repaired


def cells(count: int) -> Cells:
    return Cells(np.full(count, "", dtype=object), np.arange(2, 2 + count), "", "facilities", "f")


def rows(*pairs: tuple[float, float]) -> list[int | None]:
    return [f.row for f in astray(shapely.points(pairs), cells(len(pairs)))]


def read(folder: Path, header: str, *lines: str, said: str = "wgs84") -> tuple[Finding, ...]:
    path = folder / "设施.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return read_layer(path, "facilities", coordinates=said).findings


def test_slips_of_sign_or_point_are_told_even_where_they_are_most() -> None:
    assert rows(
        (-118.95, 42.26), (118.95, 42.26), (118.95, -42.26), (11.895, 42.26), (118.95, 4.226),
        (0, 42.26), (118.95, 0),
    ) == [2, 4, 5, 6, 7, 8]  # fmt: skip


def test_a_place_abroad_beside_one_in_china_is_told() -> None:
    assert rows((118.9, 42.2), (2.35, 48.85)) == [3]


def test_one_row_in_china_of_a_foreign_layer_is_the_far_one() -> None:
    singapore = [(103.8 + at / 100, 1.3 + at / 200) for at in range(9)]
    assert rows(*singapore) == []
    assert rows(*singapore, (118.9, 42.2)) == [11]


def test_a_digit_wrong_within_china_is_told_with_its_distance() -> None:
    chifeng = [(118.90 + at / 100, 42.25) for at in range(9)]
    (told,) = astray(shapely.points([*chifeng, (108.95, 42.26)]), cells(10))
    assert told.row == 11
    # Ten degrees of longitude at 42.25 degrees north: 10 * 111.19 km * cos(42.25) = 823 km.
    assert "约 82" in str(told.message)


@pytest.mark.parametrize("count", [2, 5, 12, 400])
def test_a_layer_of_a_whole_province_is_left_alone(count: int) -> None:
    # Inner Mongolia from Ejin to Oroqen, inside its border.
    lon = np.interp(np.linspace(0, 1, count), [0, 0.4, 0.7, 1], [100.5, 111.0, 119.0, 124.0])
    lat = np.interp(lon, [100.5, 111.0, 119.0, 124.0], [41.5, 41.5, 44.0, 50.5])
    assert rows(*zip(lon, lat, strict=True)) == []


def test_an_outline_is_judged_by_its_corners_and_not_by_its_middle() -> None:
    # The middle of this bend lies in Mongolia.
    bend = shapely.LineString([(100.5, 41.5), (111, 41.2), (119, 44), (119.5, 49)]).buffer(0.3)
    towns = shapely.points([(118.9, 42.2), (111.7, 40.8)])
    assert astray(np.array([bend, *towns]), cells(3)) == []


def test_after_fifty_rows_the_others_are_counted() -> None:
    found = astray(shapely.points([(118.9, 42.2)] * 80 + [(2.35, 48.85)] * 60), cells(140))
    assert len(found) == 51
    assert found[-1].row is None
    assert "10 行" in str(found[-1].message)


def test_mixed_zones_are_told_beside_rows_without_a_prefix(tmp_path: Path) -> None:
    found = read(
        tmp_path, "名称,类别,X坐标,Y坐标", "甲0,养老院,40413000,4680000",
        "甲1,养老院,40413100,4680100", "甲2,养老院,40413200,4680200",
        "乙,养老院,39660000,4680000", "丙,养老院,413000,4680000", said="EPSG:4528",
    )  # fmt: skip
    (mixed,) = [f for f in found if "自己的带号" in str(f.message)]
    assert "39 带（EPSG:4527）1 行" in str(mixed.message)
    assert "没有带号" not in str(mixed.message)
    assert ["没有带号 40" in str(f.message) for f in found if f.row == 6] == [True]


def test_coordinates_that_are_given_are_not_called_empty(tmp_path: Path) -> None:
    found = read(
        tmp_path, "名称,类别,经度,纬度", "甲,养老院,118.95345,42.26123", "乙,养老院,东边,北边",
        "丙,养老院,118.95123,",
    )  # fmt: skip
    texts = [str(f.message) for f in found]
    assert not any("几何为空" in text for text in texts)
    assert [f.row for f in found if "坐标无法读出" in str(f.message)] == [3, 4]


def test_coarse_points_apart_are_not_said_to_lie_together(tmp_path: Path) -> None:
    head, one = "名称,类别,经度,纬度", "甲,养老院,118.95,42.26"
    apart = read(tmp_path, head, one, "乙,养老院,118.96,42.26")
    (told,) = [f for f in apart if "精度不足" in str(f.message)]
    assert "重合" not in str(told.message)
    same = read(tmp_path, head, one, "乙,养老院,118.95,42.26")
    assert any("2 个点重合" in str(f.message) for f in same)


SQUARE = [(118.9, 42.2), (118.91, 42.2), (118.91, 42.21), (118.9, 42.21), (118.9, 42.2)]
FAR_HOLE = [(119.2, 42.2), (119.21, 42.2), (119.21, 42.21), (119.2, 42.2)]
INNER = [(118.902, 42.202), (118.908, 42.202), (118.908, 42.208), (118.902, 42.202)]
BOW = [(118.9, 42.2), (118.91, 42.21), (118.91, 42.2), (118.9, 42.21), (118.9, 42.2)]


@pytest.mark.parametrize(
    ("polygon", "word"),
    [
        (shapely.Polygon(SQUARE, [FAR_HOLE]), "洞在外框之外"),
        (shapely.MultiPolygon([shapely.Polygon(SQUARE), shapely.Polygon(INNER)]), "套在另一部分"),
        (shapely.Polygon(BOW), "自相交"),
        (shapely.Polygon(SQUARE, [INNER, INNER]), "（"),
    ],
)
def test_what_is_wrong_with_a_polygon_is_said_without_english(polygon: object, word: str) -> None:
    _, (told,) = repaired(np.array([polygon], dtype=object), cells(1))
    text = str(told.message)
    assert word in text
    assert not any(letter.isascii() and letter.isalpha() for letter in text)
