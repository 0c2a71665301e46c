"""A position that is written and cannot be read is told as unread, not as missing."""

from pathlib import Path

from report.data.data_report import report_on_file

LEDGER = "小区名称,户数,经度,纬度\n甲小区,500,118.95,42.28\n乙小区,600,东边,北边\n丙小区,700,,\n"


def test_what_cannot_be_read_is_no_gap(tmp_path: Path) -> None:
    file = tmp_path / "小区.csv"
    file.write_text(LEDGER, encoding="utf-8")
    report = report_on_file(file, "residential", coordinates="wgs84")
    told = {
        (each.finding.row, each.kind)
        for each in report.noticed
        if "位置按未知处理" in str(each.finding.message)
    }
    assert (3, "unread") in told
    assert (3, "missing") not in told
    assert (4, "unread") not in told
