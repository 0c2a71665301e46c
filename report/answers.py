"""Answers in the terminal: what changed, why a number is what it is, what a parcel owes."""
# ruff: noqa: T201 - printing is what this is for

from pathlib import Path
from typing import Any, Final

import pandas as pd
from rich.console import Console
from rich.table import Table

from analysis.explaining.explained import amount, parts_told
from analysis.explaining.explanation import Explanation
from analysis.explaining.parameter_words import parameter_words
from analysis.explaining.row_words import code_word, worded, yes_or_no
from analysis.explaining.rule_words import rule_content, rule_words
from analysis.periods.comparison import Comparison
from analysis.pooling.parcel import PooledParcel
from analysis.provision.conditions import Conditions
from geo.language import Message, joined, say
from report.printed import in_words
from report.terminal import print_findings

ROWS_SHOWN: Final = 10


def print_comparison(comparison: Comparison, out: Path) -> None:
    """Print the sentences of a comparison, what could not be told apart, and where it stands."""
    days = [snapshot.on.isoformat() for snapshot in (comparison.before, comparison.after)]
    print(f"{comparison.after.title}  {days[0]} → {days[1]}")
    for sentence in comparison.sentences:
        print(sentence)
    print_findings(comparison.findings)
    file = str(out / "changes.csv")
    print(say("设施变动 {count} 条，见 {file}。", count=len(comparison.changes), file=file))


def print_explanation(explanation: Explanation) -> None:
    """Print why a number is what it is: value, formula, parameters, rule, the first rows."""
    head = explanation.title if explanation.area is None else (
        say("{title}（{area}）", title=explanation.title, area=explanation.area)
    )
    print(say("{title}：{value}", title=head, value=_value(explanation)))
    print(say("算式：{formula}", formula=explanation.formula))
    for label, name in parts_told(explanation):
        print(say("{label}：{name}", label=label, name=name))
    if explanation.parameters:
        told = (joined(" ", *pair) for pair in parameter_words(explanation.parameters))
        print(say("参数：{told}", told=joined("；", *told)))
    rule = explanation.rule
    print(say("规则：{rule}", rule="—" if rule is None else rule_words(rule)))
    for note in explanation.notes:
        print(say("说明：{note}", note=note))
    rows = explanation.rows
    print(say("明细 {count} 行，列出前 {shown} 行：", count=len(rows),
              shown=min(len(rows), ROWS_SHOWN)))  # fmt: skip
    if len(rows):
        print_rows(worded(in_words(rows.head(ROWS_SHOWN))))


def explanation_content(explanation: Explanation) -> dict[str, Any]:
    """Return an explanation as plain values, with all its rows."""
    return {
        "key": explanation.key,
        "area": explanation.area,
        "title": str(explanation.title),
        "value": explanation.value,
        "unit": explanation.unit,
        "formula": str(explanation.formula),
        "numerator": explanation.numerator,
        "numerator_name": _told(explanation.numerator_name),
        "denominator": explanation.denominator,
        "denominator_name": _told(explanation.denominator_name),
        "parameters": dict(explanation.parameters),
        "rule": rule_content(explanation.rule),
        "notes": [str(note) for note in explanation.notes],
        "rows": _records(explanation.rows),
    }


def print_keys(keys: list[tuple[str, Message]]) -> None:
    """Print the keys that can be asked for."""
    width = max(len(key) for key, _ in keys)
    for key, title in keys:
        print(f"{key:{width}}  {title}")


def print_conditions(
    conditions: Conditions, pooled: PooledParcel | None, *, phased: bool
) -> None:
    """Print what a parcel owes: the sentence, how it comes about, its rule, its neighbours."""
    print(conditions.sentence)
    if phased:
        print(conditions.phased)
    if pooled is not None:
        print(pooled.sentence)
    elif conditions.hint is not None:
        print(say("说明：{note}", note=conditions.hint))
    print(say("算式：{formula}", formula=conditions.formula))
    print(say("规则：{rule}", rule=rule_words(conditions.rule)))
    if pooled is not None and len(pooled.neighbours):
        print_rows(pooled.neighbours)


def conditions_content(
    conditions: Conditions, pooled: PooledParcel | None, *, phased: bool
) -> dict[str, Any]:
    """Return what a parcel owes as plain values."""
    content: dict[str, Any] = {
        "households": conditions.households,
        "on": conditions.on.isoformat(),
        "kind": conditions.kind,
        "required_m2": conditions.required_m2,
        "printed_m2": conditions.printed_m2,
        "sentence": str(conditions.sentence),
        "formula": str(conditions.formula),
        "rule": rule_content(conditions.rule),
        "room": rule_content(conditions.room),
        "hint": _told(conditions.hint),
    }
    if phased:
        content |= {"phased": str(conditions.phased), "phases": rule_content(conditions.phases)}
    if pooled is not None:
        content["pooling"] = {
            "outcome": pooled.outcome,
            "together_m2": pooled.together_m2,
            "sentence": str(pooled.sentence),
            "walk": rule_content(pooled.walk),
            "neighbours": _records(pooled.neighbours),
        }
    return content


def print_rows(rows: pd.DataFrame) -> None:
    """Print rows as a table, numbers to three decimals."""
    table = Table(*(str(name) for name in rows.columns))
    for row in rows.round(3).astype(object).itertuples(index=False):
        table.add_row(*("" if pd.isna(value) else str(value) for value in row))
    # As wide as it needs to be where nobody looks: a pipe has no edge.
    console = Console()
    Console(width=None if console.is_terminal else 10_000).print(table)


def _value(explanation: Explanation) -> str:
    value = explanation.value
    if isinstance(value, str):
        return yes_or_no(value == "yes") if explanation.key == "counted" else (
            code_word(explanation.key, value)
        )
    return str(amount(value, explanation.unit))


def _told(message: Message | None) -> str | None:
    return None if message is None else str(message)


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(key): None if pd.isna(value) else value for key, value in row.items()}
        for row in rows.astype(object).to_dict("records")
    ]
