"""What is said about the columns of a file: what is missing, what was guessed, what is not used."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from geo.errors import LayerError
from geo.findings import Finding
from geo.language import Message, say
from geo.ledgers.column_letters import column_letters
from geo.ledgers.garbled import about_garbled, is_garbled, meant_by
from geo.ledgers.header_notes import speaks_of_a_part
from geo.ledgers.headers import Matching, fold
from geo.ledgers.ledger import Table
from geo.ledgers.numbers import figure, is_missing, shown
from geo.schema import READ_POSITION, Column, Schema

OTHERWISE: Final = say("若不对，请改列名，或在研究文件这一图层的 columns 里写明。")
NO_SUCH_HEADER: Final = say("{file}：columns 里的“{header}”不在文件中，现有列：{headers}。")
# One header that stands twice is a slip; with another one beside it, it is a second table.
_LEAST_AGAIN = 2
_FEW, _LONGEST = 5, 200


def require_columns(
    table: Table, matching: Matching, schema: Schema, file: str, columns: Mapping[str, str]
) -> None:
    """Refuse a file without a needed column, or whose `columns` name what is not there.

    Errors: LayerError with one line for each.
    """
    _refuse_two_tables(table, matching, schema, file)
    headers = "、".join(header for header in table.headers if header) or "—"
    present = {fold(text) for stack in (table.headers, *table.levels) for text in stack}
    known = {column.name for column in schema.columns} | {column.name for column in READ_POSITION}
    problems = [
        say("{file}：columns 里的“{name}”不是本图层的列，可用：{known}。",
            file=file, name=name, known="、".join(sorted(known)))
        for name in columns.values() if name not in known
    ]
    problems += [
        replace(NO_SUCH_HEADER, values={"file": file, "header": header, "headers": headers})
        for header, name in columns.items() if name in known and fold(header) not in present
    ]
    other_units = {name: table.headers[at] for at, name in matching.other_units}
    missing = [column for column in schema.columns
               if column.needed and column.name not in matching.columns]
    problems += [_unfit_needed(other_units[column.name], column, file)
                 for column in missing if column.name in other_units]
    problems += _missing([each for each in missing if each.name not in other_units], headers, file)
    if problems:
        if not columns:
            _refuse_headers(table, matching, schema, file)
        raise LayerError(*problems)


def _missing(columns: Sequence[Column], headers: str, file: str) -> list[Message]:
    """Return one sentence about all the needed columns that are missing; none where none is."""
    if not columns:
        return []
    if len(columns) == 1:
        return [say(
            "{file}：缺少“{chinese}”（{name}）列，现有列：{headers}。"
            '请改列名，或写明 columns = {{ "文件中的列名" = "{name}" }}。',
            file=file, chinese=columns[0].chinese, name=columns[0].name, headers=headers,
        )]
    return [say(
        "{file}：缺少 {count} 列：{columns}，现有列：{headers}。"
        '请改列名，或写明 columns = {{ "文件中的列名" = "{name}" }}，其余类推。',
        file=file, count=len(columns), headers=headers, name=columns[0].name,
        columns="、".join(f"“{column.chinese}”（{column.name}）" for column in columns),
    )]


def _refuse_headers(table: Table, matching: Matching, schema: Schema, file: str) -> None:
    """Refuse in one sentence a file whose headers are garbled or that has none.

    Errors: LayerError; where some headers are known nothing is raised.
    """
    meant = [text for header in table.headers if (text := meant_by(header)) is not None]
    if meant:
        raise LayerError(
            say(
                "{file}：文字是乱码（编码弄错后又存过，表头应为“{meant}”），"
                "请从原表重新导出为 UTF-8。",
                file=file, meant="、".join(shown(text) for text in meant[:_FEW]),
            )
        )
    if not table.header_row and not any(table.headers) and not len(table.rows):
        raise LayerError(say("{file}：没有数据，一个要素也没有。", file=file))
    if matching.columns or matching.other_units or not table.header_row:
        return
    first = "、".join(header for header in table.headers if header) or "—"
    needed = "、".join(column.chinese for column in schema.columns if column.needed)
    raise LayerError(
        say(
            "{file}：没有找到表头，没有一列认得出是“{layer}”的列（最像表头的一行：{first}）。"
            "请在数据上面写一行列名，至少要有：{needed}；若文字是乱码，请从原表另存为 UTF-8。",
            file=file, layer=schema.chinese, needed=needed,
            first=first if len(first) <= _LONGEST else f"{first[:_LONGEST]}…",
        )
    )


def _unfit_needed(header: str, column: Column, file: str) -> Message:
    if speaks_of_a_part(header):
        return say(
            "{file}：“{header}”括号里所指与“{chinese}”（{name}）不是一回事。请补上这一列；"
            '若就是它，请写明 columns = {{ "{header}" = "{name}" }}。',
            file=file, header=header, chinese=column.chinese, name=column.name,
        )
    return say(
        "{file}：“{header}”的单位与“{chinese}”（{name}）列不符，请换算后改列名。",
        file=file, header=header, chinese=column.chinese, name=column.name,
    )


def _about_doubts(
    table: Table, matching: Matching, schema: Schema, file: str, labels: Mapping[str, str]
) -> list[Finding]:
    """Return what is said of headers that say nearly, or in two ways, what a column is."""
    told = [
        (position, say("“{header}”不完全等于“{label}”，当作“{label}”采用，请核对。",
                       header=table.headers[position], label=labels[name]))
        for position, name in matching.doubtful
    ]
    told += [
        (positions[0], say("“{headers}”口径不同，没有作“{label}”采用。", label=labels[name],
                           headers="”“".join(table.headers[at] for at in positions)))
        for name, positions in matching.undecided
    ]
    told += [
        (left, say("“{taken}”与“{left}”口径不同，口径按“{taken}”，请核对。",
                   taken=table.headers[taken], left=table.headers[left]))
        for taken, left in matching.at_odds
    ]
    remedy = OTHERWISE
    return [
        Finding("warning", schema.layer, message, remedy, file, column=table.headers[position])
        for position, message in told
    ]


def _refuse_two_tables(table: Table, matching: Matching, schema: Schema, file: str) -> None:
    """Refuse a sheet with a second table of the same headers beside the first.

    Errors: LayerError, because half of the rows would be lost.
    """
    again = {
        name: left for name, taken, left in reversed(matching.clashes)
        if fold(table.headers[taken]) == fold(table.headers[left])
    }
    needed = {column.name for column in schema.columns if column.needed}
    if len(again) < _LEAST_AGAIN or not needed <= set(again):
        return
    if any(not is_missing(cell) for left in again.values() for cell in table.columns[left]):
        first = min(again.values())
        raise LayerError(
            say(
                "{file}：同一张表里并排放着两个表，第二个从 {column} 列起。"
                "请把它移到第一个表的下面，接成一个表。",
                file=file, column=column_letters(first),
            )
        )


def _about_clashes(
    table: Table, matching: Matching, schema: Schema, file: str, labels: Mapping[str, str]
) -> list[Finding]:
    findings = []
    for name, taken, left in matching.clashes:
        if table.headers[taken] == table.headers[left]:
            message = say(
                "{taken} 列与 {left} 列的列名都是“{header}”，采用 {taken} 列。",
                taken=column_letters(taken), left=column_letters(left),
                header=table.headers[taken],
            )
        else:
            message = say(
                "“{taken}”与“{left}”都是“{name}”，采用“{taken}”。",
                taken=table.headers[taken], left=table.headers[left], name=labels[name],
            )
        remedy = say("请删去其中一列。")
        findings.append(Finding("warning", schema.layer, message, remedy, file,
                                column=table.headers[left]))
    return findings


def _about_scales(
    table: Table, matching: Matching, schema: Schema, file: str, labels: Mapping[str, str]
) -> list[Finding]:
    """Return what is said of headers that name a multiple of the unit: 人口（万人）."""
    findings = []
    for position, name, times in matching.scaled:
        if times > 1:
            message = say("按列名里的单位换算：各数都乘以 {times}，作“{name}”。",
                          times=figure(times), name=labels[name])
        else:
            message = say("按列名里的单位换算：各数都除以 {times}，作“{name}”。",
                          times=figure(round(1 / times, 6)), name=labels[name])
        findings.append(Finding("warning", schema.layer, message, None, file,
                                column=table.headers[position]))
    return findings


def _unfit(header: str, label: str) -> tuple[Message, Message]:
    """Return why a header is not the column that it names, and what to do."""
    if speaks_of_a_part(header):
        return (
            say("括号里所指与“{label}”不是一回事，未采用这一列。", label=label),
            say("若就是“{label}”，请改列名，或在研究文件这一图层的 columns 里写明。", label=label),
        )
    return say("列的单位与“{name}”不符，未采用这一列。", name=label), say("请换算后改列名。")


def about_headers(
    table: Table, matching: Matching, schema: Schema, file: str
) -> list[Finding]:
    """Return what is said of headers: two for one column, other units, cut, guessed, unused."""
    labels = {column.name: column.chinese for column in (*schema.columns, *READ_POSITION)}
    findings = _about_clashes(table, matching, schema, file, labels)
    for position, name in matching.other_units:
        message, remedy = _unfit(table.headers[position], labels[name])
        findings.append(Finding("warning", schema.layer, message, remedy, file,
                                column=table.headers[position]))
    findings += _about_scales(table, matching, schema, file, labels)
    findings += [
        Finding("warning", schema.layer, *about_garbled(header), file, column=header)
        for header in table.headers if header and is_garbled(header)
    ]
    names = {position: name for name, position in matching.columns.items()}
    for position in matching.cut:
        message = say("列名被截断（.dbf 只存 10 个字节），当作“{name}”。",
                      name=labels[names[position]])
        remedy = OTHERWISE
        findings.append(Finding("warning", schema.layer, message, remedy, file,
                                column=table.headers[position]))
    findings += _about_doubts(table, matching, schema, file, labels)
    if matching.guessed:
        pairs = "、".join(
            f"{table.headers[position]}→{labels[name]}" for position, name in matching.guessed
        )
        message = say("按近义列名采用：{pairs}。", pairs=pairs)
        findings.append(Finding("info", schema.layer, message, OTHERWISE, file,
                                table.header_row or None))
    if matching.unused:
        unused = "、".join(table.headers[position] for position in matching.unused)
        message = say("没有用到的列：{unused}。", unused=unused)
        findings.append(Finding("info", schema.layer, message, file=file))
    return findings
