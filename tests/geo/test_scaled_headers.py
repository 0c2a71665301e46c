"""Headers that name a multiple of the unit: figures are multiplied, and it is told."""

from pathlib import Path

import pytest

from geo.ledgers.headers import match_headers
from geo.schema import POPULATION

from .office_ledgers import layer_of, said


def people(tmp_path: Path, header: str, *cells: object, above: str = "") -> list[float]:
    places = [(118.91234 + 0.01 * at, 42.21234) for at in range(len(cells))]
    rows: tuple[tuple[object, ...], ...] = (
        ("社区", header, "经度", "纬度"),
        *((f"社区{at}", cell, *places[at]) for at, cell in enumerate(cells)),
    )
    rows = ((above,), *rows) if above else rows
    layer = layer_of(tmp_path, rows, layer="population")
    return list(layer.frame["population"])


def test_thousands_and_ten_thousands_of_people(tmp_path: Path) -> None:
    assert people(tmp_path, "常住人口（千人）", 1.15, "2.3") == [1150, 2300]
    assert people(tmp_path, "人口(万人)", 0.52, "约0.5") == [5200, 5000]


def test_a_cell_with_a_unit_of_its_own_is_not_multiplied(tmp_path: Path) -> None:
    assert people(tmp_path, "人口（万人）", "5200人", "0.52万", "0.5万人") == [5200, 5200, 5000]


def test_a_unit_above_the_table_multiplies(tmp_path: Path) -> None:
    assert people(tmp_path, "人口", 1.2, above="单位：万人") == [12_000]


def test_it_is_told_once_a_column(tmp_path: Path) -> None:
    rows = (("社区", "户籍人口（千人）", "经度", "纬度"), ("东", 1.2, 118.91234, 42.21234))
    layer = layer_of(tmp_path, rows, layer="population")
    told = "“户籍人口（千人）”列：按列名里的单位换算：各数都乘以 1000，作“人口”。"
    assert told in said(layer)
    assert layer.frame["basis"].tolist() == ["registered"]


def test_hundreds_of_households_are_whole(tmp_path: Path) -> None:
    rows = (("小区名称", "户数（百户）", "经度", "纬度"), ("甲", 5.2, 118.91234, 42.21234))
    assert layer_of(tmp_path, rows).frame["households"].tolist() == [520]


@pytest.mark.parametrize(("unit", "figure", "wan"), [
    ("元", 120_000, 12), ("千元", 1200, 120), ("亿元", 0.02, 200), ("万元", 12, 12),
])
def test_costs_are_of_ten_thousand_yuan(
    tmp_path: Path, *, unit: str, figure: float, wan: float
) -> None:
    rows = (("名称", f"费用（{unit}）", "经度", "纬度"), ("甲", figure, 118.91234, 42.21234))
    layer = layer_of(tmp_path, rows, layer="candidates")
    assert layer.frame["cost_wan"].tolist() == [wan]
    assert ("按列名里的单位换算" in said(layer)) is (unit != "万元")


def test_a_column_in_its_own_unit_goes_before(tmp_path: Path) -> None:
    rows = (("社区", "人口（万人）", "人口", "经度", "纬度"), ("东", 1, 12_345, 118.91, 42.21))
    layer = layer_of(tmp_path, rows, layer="population")
    assert layer.frame["population"].tolist() == [12_345]


def test_who_does_not_multiply_does_not_take_them() -> None:
    assert match_headers(["人口（万人）"], POPULATION).columns == {}
