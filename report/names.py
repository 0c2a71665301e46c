"""Names that mean other rows, and rows without a place, in the terminal."""
# ruff: noqa: T201 - printing is what this is for

from collections.abc import Sequence
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.matching.queue import ASKER, Taken
from analysis.matching.told import WHY, candidates
from analysis.placing.unplaced import EFFECTS
from geo.findings import Finding, errors_in
from geo.language import Message, joined, say, translate
from geo.schema import SCHEMAS
from report.terminal import print_findings


def print_taken(taken: Taken) -> None:
    """Print what of a filled form was kept, and what could not be."""
    print_findings(taken.findings)
    told = say(
        "记下 {count} 条确认，{refused} 行没有采用。",
        count=len(taken.decisions), refused=len(errors_in(taken.findings)),
    )  # fmt: skip
    print(str(told))


def print_names(counts: pd.DataFrame, waiting: pd.DataFrame, *, most: int | None) -> None:
    """Print how names stand by column, then those that wait, with what they may mean.

    most
        How many of them; None for all.
    """
    table = Table(translate("图层"), translate("列"), translate("确定"), translate("存疑"),
                  translate("找不到"), translate("已确认不在表中"))  # fmt: skip
    for layer, column, *figures in counts.itertuples(index=False, name=None):
        table.add_row(*_where(layer, column), *(str(each) for each in figures))
    Console().print(table)
    lines = [*_lines(waiting)]
    for line in lines[:most]:
        print(str(line))
    if most is not None and len(lines) > most:
        told = say("还有 {count} 个，用 --all 列出，或用 --out 导出。", count=len(lines) - most)
        print(str(told))


def _where(layer: str, column: str) -> tuple[str, str]:
    schema = SCHEMAS[layer]
    return schema.chinese, schema.column(column).chinese


def _lines(waiting: pd.DataFrame) -> list[Message]:
    """Return a line for each name that waits."""
    lines = []
    asker: Any  # layer, column, id, row and name, as the table holds them
    for asker, group in waiting.groupby([*ASKER], sort=False, dropna=False):
        layer, column, file, _, _, street, asked = asker
        row = group["row"].iloc[0]
        likely = group[group["to_id"].ne("")]
        doubt = group["status"].iloc[0] == "doubtful"
        kind = say("存疑") if doubt else say("找不到")
        where = "·".join(_where(layer, column))
        parts = [say("[{kind}] {where}", kind=kind, where=where), file]
        parts += [] if pd.isna(row) else [say("第 {row} 行", row=int(row))]
        parts += [street, f"“{asked}”"]
        before = joined(" ", *(part for part in parts if str(part)))
        why = WHY[group["reason"].iloc[0]]
        end = (
            say("：{why}，也没有相近的。", why=why) if likely.empty
            else say("：{why}。可能是 {may_be}。", why=why, may_be=candidates(likely))
        )  # fmt: skip
        lines.append(joined("", before, end))
    return lines


def names_content(
    counts: pd.DataFrame, waiting: pd.DataFrame, taken: Taken | None
) -> dict[str, Any]:
    """Return the same as plain values."""
    content: dict[str, Any] = {"counts": _records(counts), "waiting": _records(waiting)}
    if taken is not None:
        content["taken"] = [one.model_dump(mode="json") for one in taken.decisions]
        content["not_taken"] = [str(finding.line()) for finding in taken.findings]
    return content


def print_unplaced(rows: pd.DataFrame, *, most: int | None) -> None:
    """Print rows without a place: how many by layer and effect, then row by row.

    most
        How many rows; None for all.
    """
    if rows.empty:
        print(str(say("所有行都有位置。")))
        return
    kind: Any  # layer and effect
    for kind, count in rows.groupby(["layer", "effect"], sort=False).size().items():
        layer, effect = kind
        name, does = SCHEMAS[str(layer)].chinese, EFFECTS[str(effect)]
        print(str(say("{name}：{count} 行没有位置，{does}", name=name, count=count, does=does)))
    several = rows["file"].ne("").any()
    shown = ["layer", *(["file"] if several else []), "id", "row", "name", "address"]
    headings = {"layer": say("图层"), "file": say("文件"), "id": say("编号"), "row": say("行"),
                "name": say("名称"), "address": say("地址")}  # fmt: skip
    table = Table()
    for name in shown:  # an id that is cut short cannot be typed again
        table.add_column(str(headings[name]), overflow="fold")
    cells = rows[shown].astype(object)
    cells = cells.where(cells.notna(), "")
    for layer, *others in cells.head(most or len(cells)).itertuples(index=False, name=None):
        table.add_row(SCHEMAS[layer].chinese, *(Text(str(each)) for each in others))
    Console().print(table)
    if most is not None and len(rows) > most:
        told = say("还有 {count} 行，用 --list 全部列出，或用 --out 导出。", count=len(rows) - most)
        print(str(told))


def unplaced_content(rows: pd.DataFrame, told: Sequence[Finding]) -> dict[str, Any]:
    """Return the same as plain values.

    told
        What is wrong with the places that were sent in.
    """
    lines = [str(finding.line()) for finding in told]
    return {"count": len(rows), "rows": _records(rows), "findings": lines}


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    plain = table.astype(object)
    records = plain.where(plain.notna(), None).to_dict("records")
    return [{str(name): value for name, value in record.items()} for record in records]
