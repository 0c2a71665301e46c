"""Scenarios side by side as files: one table, and everything as one JSON."""

from pathlib import Path
from typing import Any, Final

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.what_if.side_by_side import BASELINE, SideBySide
from geo.language import Message, say, translate
from report.provision_figures import printed_deficit
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
    table.add_column(translate("区域"), overflow="fold")
    table.add_column(translate("60岁以上"), justify="right", overflow="fold")
    for label in compared.labels:
        table.add_column(_named(label), justify="right", overflow="fold")
    for row in compared.table.to_dict("records"):
        cells = [_covered(row, label) for label in compared.labels]
        unnamed = translate("全部") if row["level"] == "study" else translate("区外")
        name = unnamed if pd.isna(row["name"]) or not row["name"] else row["name"]
        table.add_row(Text(str(name)), _whole(row["elderly_60plus"]), *cells)
    console = Console()
    console.print(table)
    message = say(
        "表中为可达人数（60 岁以上）与相对“{first}”的变化；占比与分街道的配建缺口见 {file}。",
        first=str(_named(compared.labels[0])), file=str(out / f"{NAME}.csv"),
    )
    console.print(str(message), markup=False, soft_wrap=True)
    for label, walked in zip(compared.labels, compared.walked or (), strict=False):
        told = say("“{label}”的步行口径：{walked}", label=str(_named(label)), walked=walked)
        console.print(str(told), markup=False, soft_wrap=True)
    console.print(_lacking_table(compared))
    for sentence in lacking_sentences(compared):
        console.print(str(sentence), markup=False, soft_wrap=True)


def _named(label: str) -> Text:
    return Text(translate("现状") if label == BASELINE else label)


def _lacking_table(compared: SideBySide) -> Table:
    """Return what is lacking under every scenario, as `evaluate` prints it."""
    table = Table()
    for heading in (say("情景"), say("配建缺口（㎡）"), say("无法判定的小区"), say("不达标的小区")):
        table.add_column(str(heading), overflow="fold")
    for label, each in zip(compared.labels, compared.lacking, strict=True):
        figures = each.figures
        table.add_row(
            _named(label), printed_deficit(figures) or "—", f"{figures['unknown']:,}",
            f"{figures['short']:,}",
        )  # fmt: skip
    return table


def lacking_sentences(compared: SideBySide) -> list[Message]:
    """Return which changes of the sum of what is lacking come of estates lost to it, or found."""
    told = []
    for label, each in zip(compared.labels, compared.lacking, strict=True):
        if each.lost:
            told.append(
                say(
                    "{label}：{count} 个小区由有结论变为无法判定，其原有缺口 {m2:,.0f} ㎡ "
                    "不再计入合计：这部分减少不是补齐。",
                    label=label, count=each.lost, m2=each.lost_m2,
                )
            )  # fmt: skip
        if each.found:
            told.append(
                say(
                    "{label}：{count} 个小区由无法判定变为有结论，其缺口 {m2:,.0f} ㎡ 计入了合计。",
                    label=label, count=each.found, m2=each.found_m2,
                )
            )  # fmt: skip
    return told


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
        "walked": [*compared.walked],
        "provision": [
            {
                "label": label,
                "deficit_printed": printed_deficit(each.figures),
                "deficit_m2": each.figures["deficit_m2"],
                "in_scope": each.figures["in_scope"],
                "unknown": each.figures["unknown"],
                "short": each.figures["short"],
                "became_unknown": each.lost,
                "became_unknown_deficit_m2": each.lost_m2,
                "became_known": each.found,
                "became_known_deficit_m2": each.found_m2,
            }
            for label, each in zip(compared.labels, compared.lacking, strict=True)
        ],
        "rows": [
            {str(key): None if pd.isna(value) else value for key, value in row.items()}
            for row in rows.to_dict("records")
        ],
    }
