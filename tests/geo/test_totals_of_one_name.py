"""A street and its community of one name are two sets of rows, each counted once."""

from pathlib import Path

import pytest

from geo.layers import read_layer

HEADER = "小区名称,街道,社区,总户数,地址"
# Worked out by hand: 玉龙街道 and 玉龙社区 both hold 甲 100 and 乙 200; 松山 holds 丙 50.
ROWS = ("甲,玉龙,玉龙,100,a", "乙,玉龙,玉龙,200,b", "丙,松山,松山,50,c")


def gaps(tmp_path: Path, *rows: str) -> list[str]:
    path = tmp_path / "台账.csv"
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    layer = read_layer(path, "residential", coordinates="wgs84")
    return [str(f.message) for f in layer.findings if "相差" in str(f.message)]


def test_right_totals_of_such_a_name_are_passed_over(tmp_path: Path) -> None:
    assert gaps(tmp_path, *ROWS, "玉龙合计,,,300,", "松山合计,,,50,") == []


def test_rows_counted_twice_make_no_total_right(tmp_path: Path) -> None:
    (told,) = gaps(tmp_path, *ROWS, "松山合计,,,50,", "玉龙合计,,,600,")
    assert told.startswith("“玉龙合计”行是 600，")


def test_one_row_is_told_as_one_and_once(tmp_path: Path) -> None:
    (told,) = gaps(tmp_path, *ROWS, "玉龙合计,,,300,", "松山合计,,,51,")
    assert told == "“松山合计”行是 51，第 4 行是 50，相差 1。"


@pytest.mark.parametrize("whole", [300, 100])
def test_a_total_may_be_of_the_street_or_of_the_community(tmp_path: Path, whole: int) -> None:
    rows = ("甲,玉龙,玉龙,100,a", "丙,松山,x,50,c", "乙,玉龙,别的,200,b")
    assert gaps(tmp_path, *rows, "松山合计,,,50,", f"玉龙合计,,,{whole},") == []
