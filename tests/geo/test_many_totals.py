"""Totals of long ledgers, of multiplied columns and of rows left unread, added up by hand."""

import time
from pathlib import Path

import numpy as np
import pytest

from geo.layers import Layer, read_layer
from geo.ledgers.sums import Sums

from .office_ledgers import said


def estates(tmp_path: Path, *lines: str) -> Layer:
    path = tmp_path / "台账.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return read_layer(path, "residential", coordinates="wgs84")


def apart(layer: Layer) -> list[str]:
    return [str(f.message) for f in layer.findings if "相差" in str(f.message)]


@pytest.mark.parametrize("total", ["3000户", "30", "0.3万"])
def test_a_total_under_a_multiple_of_the_unit_says_its_own_or_not(
    tmp_path: Path, total: str
) -> None:
    layer = estates(tmp_path, "小区名称,户数（百户）", "甲,10", "乙,20", f"合计,{total}")
    assert layer.frame["households"].tolist() == [1000, 2000]
    assert apart(layer) == []


def test_a_gap_under_a_multiple_of_the_unit_is_told_as_read(tmp_path: Path) -> None:
    layer = estates(tmp_path, "小区名称,户数（百户）", "甲,10", "乙,20", "合计,3100户")
    assert apart(layer) == ["“合计”行是 3100，第 2 至 3 行（共 2 行）之和是 3000，相差 100。"]


def test_rounding_under_a_multiple_is_of_written_places(tmp_path: Path) -> None:
    # 12.5 and 20.4 hundreds are 3290; written 33, they are rounded; 32 is 90 too few.
    rows = ("小区名称,户数（百户）", "甲,12.5", "乙,20.4")
    assert apart(estates(tmp_path, *rows, "合计,33")) == []
    assert len(apart(estates(tmp_path, *rows, "合计,32"))) == 1


def test_what_the_layer_rejects_is_not_added(tmp_path: Path) -> None:
    layer = estates(tmp_path, "小区名称,户数", "甲,100", "乙,2500.5", "丙,约好", "丁,不详",
                    "合计,2600.5")
    assert layer.frame["households"].isna().tolist() == [False, True, True, True]
    assert apart(layer) == [
        "“合计”行是 2600.5，第 2 至 5 行（共 4 行）之和是 100，相差 2500.5；其中 3 行没有可读的数。"
    ]


def test_thousands_of_totals_take_no_quadratic_time(tmp_path: Path) -> None:
    # 20 estates of 100 to 119 households are 2190; of 20.5 to 39.5 m², 600.
    lines = ["街道,小区名称,户数,总人口,60岁以上人口,养老用房面积"]
    for street in range(2000):
        lines += [f"街道{street},小区{street}-{k},{100 + k},{300 + k},{50 + k},{20.5 + k}"
                  for k in range(20)]
        lines.append(f"街道{street}小计,,2190,6190,1190,{601 if street % 2 else 600}")
    begun = time.process_time()
    layer = estates(tmp_path, *lines)
    # The running sums take two seconds for all; adding up again and again took minutes.
    assert time.process_time() - begun < 20
    # Every second one is a metre too many: 1000, of which 200 are told one by one.
    assert len(apart(layer)) == 200
    # The 201st wrong one is that of street 401: row 1 + 402 × 21.
    assert "第 8443 行：从这一行起另有 800 行合计与各行之和不符，没有逐一列出。" in said(layer)


def test_running_sums_are_the_sums() -> None:
    rng = np.random.default_rng(7)
    figures = np.round(rng.uniform(0, 5000, (300, 3)), 2)
    figures[rng.random(figures.shape) < 0.1] = np.nan
    sums = Sums(figures, np.ones(3))
    spans = [(0, 300), (17, 18), (40, 171)]
    spread = [np.arange(start, end) for start, end in spans]
    running, added = sums.between(spans), sums.among(spread)
    np.testing.assert_allclose(running.sums, added.sums, rtol=1e-12)
    np.testing.assert_array_equal(running.known, added.known)
    np.testing.assert_array_equal(running.decimals, added.decimals)
    assert running.decimals.max() == 2
