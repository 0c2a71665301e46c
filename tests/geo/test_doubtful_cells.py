"""Numbers that can be read and can hardly be right are told, and never changed."""

from pathlib import Path

import pytest

from geo.layers import Layer, read_layer

ROW = "小区{n},{homes},118.9{n:02},42.25\n"


def estates(folder: Path, *homes: int | str) -> Layer:
    rows = (ROW.format(n=n, homes=each) for n, each in enumerate(homes))
    path = folder / "台账.csv"
    path.write_text("小区名称,户数,经度,纬度\n" + "".join(rows), encoding="utf-8")
    return read_layer(path, "residential", coordinates="wgs84")


def doubted(layer: Layer) -> list[tuple[int | None, str]]:
    return [(f.row, f.value) for f in layer.findings
            if "疑似有误" in str(f.message) and f.severity == "warning"]  # fmt: skip


@pytest.mark.parametrize(("homes", "told"), [(20_000, []), (20_001, [(3, "20001")])])
def test_more_homes_than_one_estate_has(
    homes: int, told: list[tuple[int, str]], tmp_path: Path
) -> None:
    layer = estates(tmp_path, 300, homes, 500)
    assert doubted(layer) == told
    assert layer.frame["households"].tolist() == [300, homes, 500]


def test_the_others_are_told_by_their_median(tmp_path: Path) -> None:
    (told,) = [f for f in estates(tmp_path, 300, 48_000, 500).findings if f.value == "48000"]
    assert "其余各行的中位数是 400" in str(told.message)  # (300 + 500) / 2


@pytest.mark.parametrize(("homes", "told"), [(1_000, []), (1_001, [(21, "1001")])])
def test_ten_times_what_all_but_the_largest_have(
    homes: int, told: list[tuple[int, str]], tmp_path: Path
) -> None:
    # Of 20 rows the 19th in order stands at 95 %: 100, whatever the largest is.
    assert doubted(estates(tmp_path, *[100] * 19, homes)) == told


def test_of_few_rows_none_is_usual(tmp_path: Path) -> None:
    assert doubted(estates(tmp_path, *[100] * 18, 5_000)) == []


def test_no_homes_at_all_ask_to_be_confirmed(tmp_path: Path) -> None:
    (told,) = [f for f in estates(tmp_path, 300, 0).findings if f.value == "0"]
    assert (told.row, told.column) == (3, "户数")
    assert "按非住宅小区不核查" in str(told.message)
    assert "请确认" in str(told.remedy)
