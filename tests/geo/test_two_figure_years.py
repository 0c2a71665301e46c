"""Years of two figures: read under a header of years, too coarse elsewhere."""

from pathlib import Path

import pytest

from geo.layers import Layer, read_layer

from .office_ledgers import said


def estates(tmp_path: Path, header: str, *values: str) -> Layer:
    path = tmp_path / "台账.csv"
    lines = [f"苑{at},5,{value}" for at, value in enumerate(values)]
    path.write_text("\n".join([f"小区名称,户数,{header}", *lines]), encoding="utf-8")
    return read_layer(path, "residential", coordinates="wgs84")


@pytest.mark.parametrize(("value", "day"), [
    ("08年", "2008-12-31"), ("00年", "2000-12-31"), ("30年", "2030-12-31"),
    ("50年", "1950-12-31"), ("99年", "1999-12-31"), ("'08", "2008-12-31"), ("98", "1998-12-31"),
    ("08年2月", "2008-02-29"), ("08年5月1日", "2008-05-01"), ("０８年", "2008-12-31"),
    ("31年", "NaT"), ("49年", "NaT"), ("08年13月", "NaT"), ("80年代", "NaT"),
])
def test_under_a_header_of_years(tmp_path: Path, value: str, day: str) -> None:
    layer = estates(tmp_path, "建成年份", value)
    assert str(layer.frame["completed_on"][0])[:10] == day
    about = [f for f in layer.findings if f.row == 2 and f.column == "建成年份"]
    assert [f.severity for f in about] == ["warning"]
    assert (f"读作 {day}，请核对" in said(layer)) == (day != "NaT")


def test_among_years(tmp_path: Path) -> None:
    layer = estates(tmp_path, "竣工时间", "2008", "2012年", "15年")
    assert layer.frame["completed_on"].dt.year.tolist() == [2008, 2012, 2015]


def test_elsewhere_twelve_years_may_be_a_time(tmp_path: Path) -> None:
    layer = estates(tmp_path, "竣工时间", "2008-05-01", "12年")
    assert layer.frame["completed_on"].isna().tolist() == [False, True]
    assert "太笼统" in said(layer)
