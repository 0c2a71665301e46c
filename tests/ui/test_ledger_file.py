"""The indicators as a file: whole numbers as such, no sign that a spreadsheet guards against."""

import pandas as pd

from analysis.indicators.indicator import Indicator
from geo.language import speaking
from ui.indicators.ledger_part import STANDINGS, _reasons
from ui.why.rows_file import csv_bytes


def lines(table: pd.DataFrame) -> list[str]:
    return csv_bytes(table).decode("utf-8-sig").split("\r\n")


def test_counts_are_whole_beside_areas() -> None:
    table = pd.DataFrame({"分子": [59.0, 29830.12345, float("nan")], "lon": [119.123456, 119, 1]})
    assert lines(table)[1:4] == ["59,119.123456", "29830.123,119", ",1"]
    whole = pd.DataFrame({"分母": pd.array([147, None], dtype="Float64")})
    assert lines(whole)[1] == "147"


def test_no_standing_looks_like_a_formula() -> None:
    with speaking("zh"):
        words = [str(word) for word in STANDINGS.values()]
    assert lines(pd.DataFrame({"达成": words}))[1:5] == words


def test_too_much_unknown_says_so_beside_the_figure() -> None:
    figure = Indicator("county_presence_rehab", "康复", None, "比例", numerator=0, denominator=2)
    with speaking("zh"):
        assert str(_reasons(figure)[0]) == "已知的只有 0 ÷ 2；另有未知，超过 20%，不给比率。"
