"""A comparison as files: five tables, and everything as one JSON."""

from pathlib import Path
from typing import Any, Final

import pandas as pd

from analysis.periods.comparison import Comparison
from analysis.periods.words import CHANGE_NAMES, PART_NAMES
from geo.errors import PlanningError
from geo.findings import as_table
from geo.language import say
from report.tables import all_or_none, write_csv, write_json

FILES: Final = {
    "comparison": "figures", "areas": "areas", "estates": "estates", "indicators": "indicators",
    "changes": "changes",
}  # fmt: skip
_CODED: Final = {"why": PART_NAMES, "counts_as": PART_NAMES, "change": CHANGE_NAMES}


def require_other_folder(folder: Path) -> None:
    """Refuse the folder of an evaluation: some tables of both bear one name, and its would go.

    Errors: PlanningError.
    """
    if (folder / "summary.json").exists():
        raise PlanningError(
            say(
                "{folder}：这是 evaluate 的结果文件夹，写在这里会覆盖其中的表。请换一个文件夹。",
                folder=str(folder),
            )
        )


def write_comparison(comparison: Comparison, folder: Path) -> list[Path]:
    """Write the tables and comparison.json into `folder`, all or none, and return the files."""
    with all_or_none(folder, mark="comparison.json") as draft:
        for name, attribute in FILES.items():
            write_csv(_in_words(getattr(comparison, attribute)), draft / f"{name}.csv")
        write_csv(as_table(comparison.findings), draft / "findings.csv")
        write_json(comparison_content(comparison), draft / "comparison.json")
        written = sorted(file.name for file in draft.iterdir())
    return [folder / name for name in written]


def comparison_content(comparison: Comparison) -> dict[str, Any]:
    """Return the comparison as plain values: codes stay codes, sentences are in words."""
    return {
        "title": comparison.after.title,
        "before": {"on": comparison.before.on.isoformat(), "folder": str(comparison.before.folder)},
        "after": {"on": comparison.after.on.isoformat(), "folder": str(comparison.after.folder)},
        "parted": comparison.parted,
        "matched": {name: dict(counts) for name, counts in comparison.matched.items()},
        "sentences": [str(sentence) for sentence in comparison.sentences],
        "figures": _records(comparison.figures),
        "indicators": _records(comparison.indicators),
        "changes": _records(comparison.changes),
        "findings": [str(finding.line()) for finding in comparison.findings],
    }


def _in_words(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with codes in words, dates as days."""
    worded = {
        name: table[name].map(
            lambda codes, names=names: ";".join(
                str(names.get(code, code)) for code in str(codes).split(";") if code
            )
        )
        for name, names in _CODED.items()
        if name in table.columns and not pd.api.types.is_numeric_dtype(table[name])
    }
    return _named(table).assign(**worded, **_days(table))


def _named(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with names that are messages put into words."""
    if "name" not in table.columns or table["name"].dtype != object:
        return table
    return table.assign(name=[str(name) for name in table["name"]])


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    plain = _named(table).assign(**_days(table)).astype(object)
    return [
        {str(key): None if pd.isna(value) else value for key, value in row.items()}
        for row in plain.to_dict("records")
    ]


def _days(table: pd.DataFrame) -> dict[str, "pd.Series[Any]"]:
    return {
        name: table[name].dt.strftime("%Y-%m-%d")
        for name in table.columns
        if pd.api.types.is_datetime64_any_dtype(table[name])
    }
