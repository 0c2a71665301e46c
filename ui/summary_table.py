"""Every figure of the summary in one table, each to be asked about."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from analysis.evaluation import Evaluation
from analysis.explaining.explained import Explanation
from analysis.explaining.figure_names import figure_name
from geo.language import say
from ui.why.cells import Column, show_cells
from ui.why.printed import printed
from ui.why.question import Question

GROUPS: Final[Mapping[str, Any]] = MappingProxyType(
    {"coverage": say("服务圈"), "band": say("其他读法"), "provision": say("配建核查")}
)
_COLUMNS: Final = MappingProxyType(
    {
        "group": Column(say("类别"), "text", 110),
        "name": Column(say("数字"), "name", 420),
        "value": Column(say("数值"), "text", 160),
    }
)


def summary_table(evaluation: Evaluation) -> pd.DataFrame:
    """Return `key`, `group`, `name` and `value` as printed, a figure of the summary a row."""
    rows = []
    for group, word in GROUPS.items():
        for key, value in evaluation.summary[group].items():
            if isinstance(value, (str, bool)):  # a scope or a mark, no figure
                continue
            named = figure_name(key, group)
            told = Explanation(key, named.name, value, named.unit, named.name)
            rows.append((f"{group}.{key}", str(word), str(named.name), printed(evaluation, told)))
    return pd.DataFrame(rows, columns=["key", "group", "name", "value"])


def show_summary(evaluation: Evaluation) -> None:
    """Show every figure of the summary that somebody may ask about."""
    show_cells(
        summary_table(evaluation), _COLUMNS, key="summary",
        asks=lambda row, name: Question(str(row["key"])) if name == "value" else None,
    )
