"""The dictionary of result files explains every column that is written."""

import re
from pathlib import Path

import pandas as pd
import pytest

from analysis.coverage.table import COLUMNS as COVERAGE
from analysis.evaluation import Evaluation
from analysis.indicators.table import COLUMNS as INDICATORS
from analysis.provision.check import COLUMNS as PROVISION
from analysis.walking.reach import COLUMNS as PLACES
from report.tables import FURTHER

ROOT = Path(__file__).resolve().parents[2]


def sections() -> dict[str, set[str]]:
    """Return the columns that are explained, by file."""
    explained: dict[str, set[str]] = {}
    for part in (ROOT / "docs" / "files.md").read_text(encoding="utf-8").split("\n## ")[1:]:
        head, _, rest = part.partition("\n")
        for name in re.findall(r"(\w+)\.csv", head):
            explained[name] = set(re.findall(r"`(\w+)`", rest))
    return explained


@pytest.mark.parametrize(
    ("name", "columns"),
    [("places", PLACES), ("coverage", COVERAGE), ("provision", PROVISION),
     ("indicators", INDICATORS)],
)  # fmt: skip
def test_columns_of_the_contract_are_explained(name: str, columns: tuple[str, ...]) -> None:
    assert set(columns) - sections()[name] == set()


@pytest.fixture(scope="module")
def further(bundled: Evaluation) -> dict[str, pd.DataFrame]:
    """Give the further tables of the bundled study."""
    tables = {name: table_of(bundled.detail) for name, table_of in FURTHER.items()}
    return {name: table for name, table in tables.items() if table is not None}


def test_every_column_of_the_further_tables_is_explained(further: dict[str, pd.DataFrame]) -> None:
    explained = sections()
    assert set(further) == set(FURTHER)
    for name, table in further.items():
        assert set(table.columns) - explained[name] == set(), name


def test_no_table_of_the_bundled_study_is_empty(further: dict[str, pd.DataFrame]) -> None:
    assert [name for name, table in further.items() if table.empty] == []
