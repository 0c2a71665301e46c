"""Scenarios side by side as files: one table, and everything as one JSON."""

from pathlib import Path
from typing import Any, Final

import pandas as pd

from analysis.what_if.side_by_side import SideBySide
from report.tables import all_or_none, write_csv, write_json

NAME: Final = "scenarios"


def write_scenarios(compared: SideBySide, folder: Path) -> list[Path]:
    """Write scenarios.csv and scenarios.json into `folder`, all or none, and return them."""
    with all_or_none(folder) as draft:
        write_csv(compared.table, draft / f"{NAME}.csv")
        write_json(scenarios_content(compared), draft / f"{NAME}.json")
        written = sorted(file.name for file in draft.iterdir())
    return [folder / name for name in written]


def scenarios_content(compared: SideBySide) -> dict[str, Any]:
    """Return the scenarios as plain values, a row an area and scenario; unknown is None."""
    rows = compared.rows.astype(object)
    return {
        "scenarios": [*compared.labels],
        "rows": [
            {str(key): None if pd.isna(value) else value for key, value in row.items()}
            for row in rows.to_dict("records")
        ],
    }
