"""Findings by the thousands: the first of a kind are named, the rest counted, none is lost."""

from pathlib import Path

import pytest

from geo.door.many import NAMED, counted_beyond
from geo.findings import Finding
from geo.ingest import Door
from geo.language import say


def finding(row: int | None, column: str = "户数", text: str = "读作 {n}。") -> Finding:
    return Finding("warning", "residential", say(text, n=row), file="a.csv", row=row,
                   column=column)


def test_each_kind_is_counted_by_itself() -> None:
    findings = [finding(row) for row in range(2, 9)]
    findings += [finding(row, column="床位数") for row in (3, 4)]
    findings += [finding(None, text="别的。")] * 4
    kept = counted_beyond(findings, named=3)
    assert [(f.row, f.column) for f in kept[:8]] == [
        (2, "户数"), (3, "户数"), (4, "户数"), (3, "床位数"), (4, "床位数"),
        (None, "户数"), (None, "户数"), (None, "户数"),
    ]
    assert [str(f.message) for f in kept[8:]] == [
        "另有 4 处同类的问题（第 5 至 8 行）不再逐一列出：读作 2。",
        "另有 1 处同类的问题不再逐一列出：别的。",
    ]
    assert {(f.severity, f.file, f.column) for f in kept[8:]} == {("warning", "a.csv", "户数")}


def test_few_findings_stay_as_they_are() -> None:
    findings = [finding(row) for row in range(5)]
    assert counted_beyond(findings, named=5) == tuple(findings)


def test_a_long_ledger_of_doubts_comes_through_the_door_with_all_of_them(tmp_path: Path) -> None:
    file, rows = tmp_path / "a.csv", NAMED + 700
    lines = "\n".join(f"小区{n},约{n + 1},118.{n:06d},42.2{n:04d}" for n in range(rows))
    file.write_text(f"名称,户数,经度,纬度\n{lines}\n", encoding="utf-8")
    with Door() as door:
        read = door.layer(file, "residential")
    about = [f for f in read.findings if f.column == "户数"]
    assert len(about) == NAMED + 1
    assert "另有 700 处" in str(about[-1].message)
    assert f"第 {NAMED + 2} 至 {rows + 1} 行" in str(about[-1].message)
    # What is missing is counted from the frame, not from what is said of it.
    assert read.frame["households"].tolist() == pytest.approx(list(range(1, rows + 1)))
