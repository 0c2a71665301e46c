"""Headers that say nearly what a column is, or name persons counted in different ways."""

from pathlib import Path

from geo.ledgers.headers import match_headers
from geo.schema import POPULATION, RESIDENTIAL

from .office_ledgers import layer_of, said

PLACE_HEADERS = ("经度", "纬度")
SPOT = (118.91234, 42.21234)


def test_dwellings_are_households_only_with_a_warning(tmp_path: Path) -> None:
    layer = layer_of(tmp_path, (("楼盘名称", "总套数", *PLACE_HEADERS), ("甲", 120, *SPOT)))
    assert layer.frame["households"].tolist() == [120]
    assert [f.severity for f in layer.findings if f.column == "总套数"] == ["warning"]
    assert "“总套数”不完全等于“户数”" in said(layer)


def test_households_stand_above_dwellings(tmp_path: Path) -> None:
    rows = (("小区名称", "总套数", "户数", *PLACE_HEADERS), ("甲", 120, 100, *SPOT))
    layer = layer_of(tmp_path, rows)
    assert layer.frame["households"].tolist() == [100]
    assert "没有用到的列：总套数" in said(layer)
    assert "都是“户数”" not in said(layer)


def test_a_header_of_registered_elderly_settles_how_they_are_counted() -> None:
    for header in ("60岁以上户籍人口", "户籍60岁以上老年人口", "60周岁及以上户籍老年人"):
        found = match_headers(["名称", "人口", header], POPULATION)
        assert found.columns["elderly_60plus"] == 2
        assert found.settled == {"basis": "registered"}


def test_the_header_of_all_persons_is_heeded_first(tmp_path: Path) -> None:
    rows = (("60岁以上户籍人口", "社区", "常住人口", *PLACE_HEADERS), (300, "甲", 5000, *SPOT))
    layer = layer_of(tmp_path, rows, layer="population")
    assert layer.frame["basis"].tolist() == ["resident"]
    assert layer.frame["elderly_60plus"].tolist() == [300]
    assert "“常住人口”与“60岁以上户籍人口”口径不同" in said(layer)


def test_of_two_ways_of_counting_none_is_chosen_silently(tmp_path: Path) -> None:
    rows = (
        ("小区名称", "户数", None, "60岁以上人口", None, "位置", None),
        (None, "总户数", "已入住", "户籍", "常住", "经度", "纬度"),
        ("甲苑", 100, 80, 30, 20, *SPOT),
    )
    merged = ("A1:A2", "B1:C1", "D1:E1", "F1:G1")
    layer = layer_of(tmp_path, rows, *merged)
    assert "elderly_60plus" not in layer.frame
    assert "口径不同，没有作“60岁以上人口”采用" in said(layer)
    asked = layer_of(tmp_path, rows, *merged, columns={"60岁以上人口/户籍": "elderly_60plus"})
    assert asked.frame["elderly_60plus"].tolist() == [30]


def test_the_way_all_persons_are_counted_decides() -> None:
    headers = ["社区", "常住人口", "户籍60岁以上人口", "常住60岁以上人口"]
    found = match_headers(headers, POPULATION)
    assert found.columns["elderly_60plus"] == 3
    assert found.undecided == (("elderly_60plus", (2,)),)
    plain = match_headers(["小区名称", "户数", "60岁以上人口", "其中户籍"], RESIDENTIAL)
    assert plain.columns["elderly_60plus"] == 2
