"""Columns that cannot be what they say: shares for persons, thousands of columns, NaN in WKT."""

import time
import warnings
from pathlib import Path

import pytest

from geo.errors import LayerError
from geo.layers import Layer, read_layer
from geo.ledgers.delimited import MOST_COLUMNS

HEADER = "名称,人口,60岁以上人口,65岁以上人口,经度,纬度\n"


def read(folder: Path, text: str, layer: str = "population") -> Layer:
    path = folder / "a.csv"
    path.write_text(text, encoding="utf-8")
    return read_layer(path, layer, coordinates="wgs84")


def people(*rows: tuple[object, object, object]) -> str:
    lines = [f"甲{at},{a},{b},{c},118.9{at},42.2{at}" for at, (a, b, c) in enumerate(rows, 1)]
    return HEADER + "\n".join(lines) + "\n"


def told(layer: Layer, words: str) -> list[tuple[str | None, str]]:
    return [(f.column, f.severity) for f in layer.findings if words in str(f.message)]


def test_shares_are_no_persons(tmp_path: Path) -> None:
    # 0.235 of 1,000 is a share; 150 and 90 are persons.
    found = read(tmp_path, people((1000, 0.235, 150), (800, 0.3, 90), (500, "", "")))
    assert found.frame["elderly_60plus"].isna().all()
    assert found.frame["elderly_65plus"].tolist()[:2] == [150, 90]
    assert told(found, "像是比例，不是人数") == [("60岁以上人口", "error")]


@pytest.mark.parametrize(
    "rows",
    [
        ((5, 0.4, 0.2), (7, 0.9, 0.5)),  # cells of a grid: 1.3 of 12 is more than a hundredth
        ((1000, 1, 0), (900, 0, 0)),  # whole persons, however few
        ((1000, 0.5, 2.5), (1000, 4.5, 9)),  # a remainder among persons of a young place
    ],
)
def test_few_persons_stay_persons(
    tmp_path: Path, rows: tuple[tuple[object, object, object], ...]
) -> None:
    found = read(tmp_path, people(*rows))
    assert found.frame["elderly_60plus"].tolist() == [row[1] for row in rows]
    assert told(found, "像是比例") == []


def test_parts_above_their_whole_are_named_fifty_times_then_counted(tmp_path: Path) -> None:
    lines = [f"甲{n},10,20,,118.9{n:03d},42.2" for n in range(120)]
    found = read(tmp_path, HEADER + "\n".join(lines) + "\n")
    assert len([f for f in found.findings if "大于" in str(f.message)]) == 50
    rest = [str(f.message) for f in found.findings if "不再逐一列出" in str(f.message)]
    assert rest == ["另有 70 处与上面同类的问题，不再逐一列出。"]


def test_a_text_of_too_many_columns_is_refused_at_once(tmp_path: Path) -> None:
    wide = 500_000
    text = ",".join(f"c{n}" for n in range(wide)) + "\n" + ",".join("1" * wide) + "\n"
    began = time.perf_counter()
    with pytest.raises(LayerError, match=rf"500000 列，超过上限 {MOST_COLUMNS} 列"):
        read(tmp_path, text)
    assert time.perf_counter() - began < 10


def test_empty_cells_far_to_the_right_are_no_columns(tmp_path: Path) -> None:
    tail = "," * 3 * MOST_COLUMNS
    lines = people((1000, 200, 150)).splitlines()
    found = read(tmp_path, "\n".join(line + tail for line in lines) + "\n")
    assert found.frame["population"].tolist() == [1000]


def test_nan_in_wkt_is_told_without_a_warning(tmp_path: Path) -> None:
    text = "名称,人口,WKT\n甲,10,POINT (nan nan)\n乙,20,POINT (118.9 42.2)\n"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = read(tmp_path, text)
    assert found.frame.geometry.isna().tolist()[1] is False
    assert len(found.frame) == 2
