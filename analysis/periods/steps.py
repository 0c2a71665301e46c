"""One step of a comparison: the figures and tables of one reading of a study, as printed.

Levels are rounded as they are printed before they are taken from one another. So the parts of a
change always add up to it, a part that is nothing prints as nothing, and none changes its sign.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import pandas as pd

from analysis.evaluation import Evaluation
from analysis.periods.snapshot import Snapshot

DECIMALS: Final = 3
PARTS: Final = ("data_and_method", "late_records", "built")
GROUPS: Final = ("coverage", "band", "provision")
_LACKING: Final = ("deficit_m2", "deficit_least_m2")


@dataclass(frozen=True, eq=False)
class Step:
    """Figures by (group, key), None where unknown; and the tables of the terminal contract."""

    figures: Mapping[tuple[str, str], float | None]
    coverage: pd.DataFrame
    provision: pd.DataFrame
    indicators: pd.DataFrame


def step_of(source: Snapshot | Evaluation) -> Step:
    """Return a snapshot or an evaluation as a step."""
    return Step(
        _figures(source.summary),
        *(printed(table) for table in (source.coverage, source.provision, source.indicators)),
    )


def printed(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table as it is printed: nullable numbers as floats, three decimals."""
    columns = {
        name: table[name].astype("float64").round(DECIMALS)
        for name in table.columns
        if pd.api.types.is_numeric_dtype(table[name]) and not _is_flag(table[name])
    }
    return table.assign(**columns)


def levels(columns: Sequence[pd.Series | None]) -> pd.DataFrame:
    """Return before, after, change and its three parts, of one column at each of four steps.

    columns
        S0 to S3 on one index; None for the steps between where they are not known: then the parts
        are empty.
    """
    first, last = columns[0], columns[-1]
    if first is None or last is None:
        msg = "the first and the last step are always known"
        raise ValueError(msg)
    steps = [
        pd.Series(float("nan"), index=first.index) if column is None else column
        for column in columns
    ]
    differences = [later - earlier for earlier, later in pairwise(steps)]
    return pd.DataFrame(
        {
            "before": first,
            "after": last,
            "change": _rounded(last - first),
            **{part: _rounded(one) for part, one in zip(PARTS, differences, strict=True)},
        }
    )


def _rounded(difference: pd.Series) -> pd.Series:
    # A difference of float noise below nothing would print as -0.0.
    return difference.round(DECIMALS) + 0.0


def figure_columns(steps: Iterable[Step | None]) -> list[pd.Series | None]:
    """Return the figures of each step as a column, in the order of the last step."""
    steps = list(steps)
    keys = [key for step in reversed(steps) if step is not None for key in step.figures]
    index = pd.MultiIndex.from_tuples(dict.fromkeys(keys), names=["group", "key"])
    return [
        None
        if step is None
        else pd.Series([step.figures.get(key) for key in index], index=index, dtype="float64")
        .round(DECIMALS)
        for step in steps
    ]


def _figures(summary: Mapping[str, Any]) -> dict[tuple[str, str], float | None]:
    return {
        (group, key): None if value is None else float(value)
        for group in GROUPS
        for key, value in summary[group].items()
        if value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))
    } | _unknown_deficit(summary)


def _unknown_deficit(summary: Mapping[str, Any]) -> dict[tuple[str, str], None]:
    """Return the sum of what estates lack as unknown where none has a verdict; it reads 0."""
    check = summary["provision"]
    undecided = check.get("in_scope") == check.get("unknown")
    return {("provision", name): None for name in _LACKING if undecided and name in check}


def _is_flag(column: pd.Series) -> bool:
    return bool(pd.api.types.is_bool_dtype(column))
