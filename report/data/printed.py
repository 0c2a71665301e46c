"""A data report in the terminal: short, alike findings in one line, what it does at the end."""
# ruff: noqa: T201 - printing is what this is for

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from geo.findings import Finding
from geo.language import Message, joined, say, translate
from geo.position.system_names import as_people_say
from geo.schema import layer_word
from report.data.data_report import DataReport
from report.data.layer_report import LayerReport
from report.data.noticed import KINDS, Noticed
from report.data.tables import column_word
from report.terminal import SEVERITIES

ALIKE: Final = 5  # so many alike are still told one by one
EXAMPLES: Final = 3
NAMED: Final = 12  # so many names stand in one line


def print_report(report: DataReport, *, each: bool) -> None:
    """Print the report layer by layer.

    each
        Every finding in a line of its own, however many are alike.
    """
    for layer in report.layers:
        print_layer(layer, each=each)
        print()
    for line in _lines(report.others, each=each):
        print(line)
    if len(report.layers) > 1:
        print(_in_all(report))


def print_layer(layer: LayerReport, *, each: bool) -> None:
    """Print what is to be said of one layer."""
    if layer.refused:
        print(say("{file}（{layer}）：不能读取。", file=layer.file, layer=layer_word(layer.layer)))
        for message in layer.refused:
            print(f"  {message}")
        return
    for line in (*_head(layer), *_files(layer), *_kinds(layer, each=each), *_effects(layer)):
        print(line)
    print(counted(layer))


def print_files(report: DataReport) -> None:
    """Print one line a file, then all of them together."""
    table = Table()
    table.add_column(translate("文件"))
    for heading in (say("记录"), say("错误"), say("警告"), say("提示"), say("待补单元格")):
        table.add_column(str(heading), justify="right")
    for layer in report.layers:
        rows = "—" if layer.refused else str(layer.rows)
        missing = "—" if layer.refused else str(layer.cells)
        notes = layer.others - layer.warnings
        counts = (rows, str(layer.errors), str(layer.warnings), str(notes), missing)
        table.add_row(Text(layer.file), *counts)
    Console().print(table)
    for layer in report.layers:
        for message in layer.refused:
            print(message)
    for line in _lines(report.others, each=False):
        print(line)
    if any(layer.noticed for layer in report.layers):
        print(say("哪一行、哪一格：加 --all 逐条列出，加 --out 写成 Excel，或一次只查一个文件。"))
    print(_in_all(report))


def counted(layer: LayerReport) -> Message:
    """Return the last line on a file: records, errors, warnings, the rest."""
    return say(
        "{file}：{count} 条记录，{errors} 个错误，{warnings} 个警告，{notes} 个提示。",
        file=layer.file,
        count=f"{layer.rows:,}",
        errors=layer.errors,
        warnings=layer.warnings,
        notes=layer.others - layer.warnings,
    )


def _in_all(report: DataReport) -> Message:
    refused = sum(layer.unread_count for layer in report.layers)
    return say(
        "合计 {files} 个文件，{rows} 条记录，{errors} 个错误；{refused} 个文件不能读取。",
        files=sum(layer.file_count for layer in report.layers),
        rows=f"{report.rows:,}", errors=report.errors, refused=refused,
    )  # fmt: skip


def _head(layer: LayerReport) -> Iterator[Message]:
    if not layer.columns:
        return
    yield say(
        "{file}：作为“{layer}”读入 {rows} 行，{left_out} 行不作数据；坐标系：{coordinates}。",
        file=layer.file,
        layer=layer_word(layer.layer),
        rows=layer.rows,
        left_out=layer.counts()["left_out"],
        coordinates=as_people_say(layer.coordinates) or say("没有说明"),
    )
    used = [
        use.header
        if use.header in (use.chinese, use.name)
        else f"{use.header}→{column_word(layer.layer, use.name)}"
        for use in layer.columns
        if use.header
    ]
    if used:
        yield say("用到的列：{columns}。", columns="、".join(used))
    lacking = [column_word(layer.layer, use.name) for use in layer.lacking(needed=False)]
    if lacking:
        yield say("没有的列：{columns}。", columns=_some(lacking))


def _files(layer: LayerReport) -> Iterator[Message | str]:
    """Yield one line a file of a layer out of several, then the columns that only some have."""
    if not layer.files:
        return
    yield say("由 {count} 个文件合成：", count=len(layer.files))
    if layer.unread:
        yield say("另有 {count} 个文件不能读取，各数都不含它们：", count=len(layer.unread))
    for part in layer.by_file():
        if part.refused:
            yield "  " + str(say("{file}：不能读取。", file=part.file))
            yield from (f"    {message}" for message in part.refused)
            continue
        counts = part.counts()
        line = say(
            "{file}：{rows} 行，{left_out} 行不作数据；改动 {changed}，缺失 {missing}，"
            "待补 {cells} 格，无法读取 {unread}，存疑 {doubtful}。",
            file=part.file, rows=part.rows, left_out=counts["left_out"],
            changed=counts["changed"], missing=counts["missing"], cells=part.cells,
            unread=counts["unread"], doubtful=counts["doubtful"],
        )  # fmt: skip
        yield f"  {line}"
    absent = [(column_word(layer.layer, use.name), use.absent_in) for use in layer.columns]
    some = [f"{word}（{'、'.join(files)}）" for word, files in absent if files]
    if some:
        yield say("有的文件没有的列：{columns}。", columns="；".join(some))


def _some(names: Sequence[str]) -> Message | str:
    if len(names) <= NAMED:
        return "、".join(names)
    return say("{names} 等 {count} 列", names="、".join(names[:NAMED]), count=len(names))


def _kinds(layer: LayerReport, *, each: bool) -> Iterator[Message | str]:
    for kind, title in KINDS.items():
        noticed = layer.of_kind(kind)
        if noticed:
            yield say("{kind}（{count}）：", kind=title, count=len(noticed))
            yield from _lines(noticed, each=each)


def _lines(noticed: Iterable[Noticed], *, each: bool) -> Iterator[str]:
    """Yield one line a finding, or one line for all that are alike."""
    alike: dict[tuple[str, str, str, str], list[Finding]] = {}
    for one in noticed:
        finding = one.finding
        key = (finding.severity, finding.file, finding.column, finding.message.template)
        alike.setdefault(key, []).append(finding)
    for findings in alike.values():
        if each or len(findings) <= ALIKE:
            yield from (_line(finding, finding.line()) for finding in findings)
        else:
            yield _line(findings[0], _together(findings))


def _line(finding: Finding, text: Message) -> str:
    return f"  [{SEVERITIES[finding.severity]}] {text}"


def _together(findings: Sequence[Finding]) -> Message:
    """Return one line for findings that are alike: how many, and the first of them."""
    first = findings[0]
    where: list[Message | str] = [first.file or layer_word(first.layer)]
    if first.column:
        where.append(say("“{column}”列", column=first.column))
    examples = joined(" ", *(_short(finding) for finding in findings[:EXAMPLES]))
    line = say("{where}：同类 {count} 处，如 {examples}", where=joined(" ", *where),
               count=len(findings), examples=examples)  # fmt: skip
    return line if first.remedy is None else joined(" ", line, first.remedy)


def _short(finding: Finding) -> Message:
    parts: list[Message | str] = []
    if finding.row is not None:
        parts.append(say("第 {row} 行", row=finding.row))
    if finding.value:
        parts.append(f"“{finding.value}”")
    return joined(" ", *parts, finding.message)


def _effects(layer: LayerReport) -> Iterator[Message | str]:
    if layer.effects:
        yield say("对结果的影响：")
        yield from (f"  {effect.message}" for effect in layer.effects)
