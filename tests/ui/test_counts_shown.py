"""Counts of a table are shown with thousands separators; other numbers as they are."""
# ruff: noqa: TID251 - this is the browser face

import json

from streamlit.testing.v1 import AppTest


def page() -> None:
    """Show one column of counts beside one of years."""
    import pandas  # noqa: PLC0415, ICN001

    from ui.data.showing import show_table  # noqa: PLC0415

    table = pandas.DataFrame({"行数": [31521, 1567], "年份": [2025, 2024]})
    show_table(table, counted=map(str, ["行数"]))


def test_counts_have_separators_and_years_none() -> None:
    shown = AppTest.from_function(page, default_timeout=30).run()
    assert not shown.exception
    told = json.loads(shown.dataframe[0].proto.columns)
    assert told["行数"]["type_config"]["format"] == "localized"
    assert "localized" not in json.dumps(told["年份"])
