"""What is said of a total that differs from its rows, in the report on a file."""

from pathlib import Path

from report.data.data_report import report_on_file

LEDGER = """小区名称,街道,户数,经度,纬度
甲苑,东城,500,118.91234,42.21234
乙苑,同上,300,118.92345,42.22345
合计,,900,,
"""


def test_a_total_that_differs_is_a_doubt_and_no_second_row_left_out(tmp_path: Path) -> None:
    path = tmp_path / "台账.csv"
    path.write_text(LEDGER, encoding="utf-8")
    noticed = report_on_file(path, "residential").noticed
    told = [(each.kind, each.finding.row) for each in noticed if each.finding.row == 4]
    assert sorted(told) == [("doubtful", 4), ("left_out", 4)]
    changed = [each.finding.column for each in noticed if each.kind == "changed"]
    assert changed == ["街道"]
