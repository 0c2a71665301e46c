"""Headings and layers on the page of the data begin with a large letter; no code is shown."""


from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from clerk import clerk_study

from geo.language import speaking
from report.data.data_report import report_on_study_file
from ui.data.forms import cells_table
from ui.data.names import confirmed_table
from ui.data.places import placed_table, rows_table
from ui.data.report import layers_table
from ui.words import layer_headed

NOBODY = pd.DataFrame(
    columns=[
        "layer", "file", "row", "id", "name", "address", "street", "households", "elderly_60plus",
        "effect",
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    ("code", "english", "chinese"),
    [
        ("residential_land", "Residential land", "居住用地"), ("streets", "Streets", "道路"),
        ("study", "Study", "研究"),
    ],
)
def test_a_layer_stands_alone_as_people_write_it(code: str, english: str, chinese: str) -> None:
    with speaking("en"):
        assert layer_headed(code) == english
    with speaking("zh"):
        assert layer_headed(code) == chinese


@pytest.mark.parametrize(
    "table",
    [
        lambda: cells_table([], before={}), lambda: confirmed_table([]),
        lambda: placed_table([]), lambda: rows_table(NOBODY),
    ],
    ids=["filled in", "names", "places", "without places"],
)
def test_headings_begin_with_a_large_letter(table: Callable[[], pd.DataFrame]) -> None:
    with speaking("en"):
        headings = [str(name) for name in table().columns]
    assert headings
    assert [name for name in headings if name[:1].islower()] == []


def test_the_table_of_layers_shows_no_code(tmp_path: Path) -> None:
    report = report_on_study_file(clerk_study(tmp_path))
    with speaking("en"):
        table = layers_table(report)
    assert [name for name in map(str, table.columns) if name[:1].islower()] == []
    assert {"Facilities", "Residential", "Boundaries", "Streets"} <= {*table[table.columns[0]]}
