"""The file of results: one entry per size and row; a run replaces only what it measured."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.contests import MODULES
from bench.settled import SIZES
from geo.errors import PlanningError
from geo.language import say

Results = Mapping[str, Any]


def read_stored(path: Path) -> Results:
    """Return what a file holds; nothing where there is none yet.

    Errors: PlanningError for a file that holds something else.
    """
    if not path.is_file():
        return {"rows": []}
    try:
        stored = json.loads(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError):
        stored = None
    if not isinstance(stored, dict) or not _are_rows(stored.get("rows")):
        raise PlanningError(say("{file}：不是测速结果。请另选 --out。", file=path.name))
    return stored


def with_measured(stored: Results, measured: Results) -> dict[str, Any]:
    """Return the stored results with measured ones in place of those of the same size and row.

    measured
        As `bench.run.results` gives them: every row is kept with where it was measured.
    """
    where = {key: value for key, value in measured.items() if key not in ("rows", "size")}
    rows = {(row["size"], row["name"]): row for row in stored["rows"]}
    rows |= {(row["size"], row["name"]): {**row, **where} for row in measured["rows"]}
    sizes, names = [*SIZES], [*MODULES]
    ordered = sorted(rows, key=lambda key: (_place(sizes, key[0]), _place(names, key[1])))
    return {**stored, "rows": [rows[key] for key in ordered]}


def _are_rows(rows: object) -> bool:
    return isinstance(rows, list) and all(
        isinstance(row, dict) and {"size", "name"} <= {*row} for row in rows
    )


def _place(names: Sequence[str], name: str) -> int:
    """Return where a name stands; names no longer known come last."""
    return names.index(name) if name in names else len(names)
