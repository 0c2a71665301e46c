"""Scenarios side by side as files: one table, and everything as one JSON."""

from pathlib import Path
from typing import Any, Final

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.what_if.side_by_side import BASELINE, SideBySide
from geo.language import say, translate
from report.tables import all_or_none, write_csv, write_json

NAME: Final = "scenarios"


def write_scenarios(compared: SideBySide, folder: Path) -> list[Path]:
    """Write scenarios.csv and scenarios.json into `folder`, all or none, and return them."""
    with all_or_none(folder, mark=f"{NAME}.json") as draft:
        write_csv(compared.table, draft / f"{NAME}.csv")
        write_json(scenarios_content(compared), draft / f"{NAME}.json")
        written = sorted(file.name for file in draft.iterdir())
    return [folder / name for name in written]


def print_scenarios(compared: SideBySide, out: Path) -> None:
    """Print the covered people of the study and each street under every scenario."""
    table = Table()
    table.add_column(translate("区域"))
    table.add_column(translate("60岁以上"), justify="right")
    for label in compared.labels:
        name = translate("现状") if label == BASELINE else label
        table.add_column(Text(name), justify="right")
    for row in compared.table.to_dict("records"):
        cells = [_covered(row, label) for label in compared.labels]
        unnamed = translate("全部") if row["level"] == "study" else translate("区外")
        name = unnamed if pd.isna(row["name"]) or not row["name"] else row["name"]
        table.add_row(Text(str(name)), _whole(row["elderly_60plus"]), *cells)
    console = Console()
    console.print(table)
    message = say(
        "表中为可达人数（60 岁以上）与相对现状的变化；占比与配建缺口见 {file}。",
        file=str(out / f"{NAME}.csv"),
    )
    console.print(str(message), markup=False, soft_wrap=True)


def _covered(row: dict[Any, Any], label: str) -> str:
    covered, change = row[f"covered_60plus {label}"], row.get(f"covered_change {label}")
    if change is None or pd.isna(change):
        return _whole(covered)
    return f"{_whole(covered)} ({change:+,.0f})"


def _whole(figure: float) -> str:
    return "—" if pd.isna(figure) else f"{figure:,.0f}"


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
