"""What the page says beside its map: figures, sentences and tables, printed as they are."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from geo.language import Message, headed, joined, translate
from report.briefing.content import Briefing, Column, Kind, Shown, Table
from report.briefing.estates import SHORT, UNKNOWN
from report.briefing.method import PARAMETERS, SOURCES
from report.briefing.places import COMMUNITIES
from report.briefing.sites import OPTIONS, PROJECTS
from report.briefing.streets import STREETS

Rows = Mapping[str, Mapping[str, int]]
# By which column a row of a table is found on the map, and in which layer.
_ON_MAP: Final = {
    STREETS: ("areas", "area_id"), COMMUNITIES: ("areas", "area_id"),
    SHORT: ("estates", "residential_id"), UNKNOWN: ("estates", "residential_id"),
    PROJECTS: ("sites", "rank"),
}  # fmt: skip
_WHOLE: Final = frozenset({STREETS})  # a screen has room for all of its columns
_OPENED: Final = 10  # rows of a long table that are seen at first
_UNPRINTED: Final = frozenset({"sha256"})


def stages_content(briefing: Briefing) -> list[dict[str, Any]]:
    """Return each state of things with its agreed figures, each with what it is of."""
    return [
        {
            "name": headed(stage.name), "told": headed(stage.told),
            "figures": [
                {"key": figure.key, "label": headed(figure.label), "text": figure.text,
                 "of": headed(joined("；", *figure.of))}
                for figure in stage.figures
            ],
        }
        for stage in briefing.stages
    ]  # fmt: skip


def sections_content(briefing: Briefing, rows: Rows) -> list[dict[str, Any]]:
    """Return the sections below the map in their order, each of paragraphs and tables.

    rows
        Where the map has the places that tables name.
    """
    said = {part.key for chapter in briefing.chapters for part in chapter.parts
            if isinstance(part, Shown)}  # fmt: skip
    sections = [_section("conclusion", translate("主要结论"), briefing.headline)]
    for chapter in briefing.chapters:
        parts = list(_parts(briefing, chapter.parts, rows))
        if chapter.key == STREETS and STREETS not in said:  # here there is room for all of it
            parts.append({"table": table_content(briefing.tables[STREETS], Shown(STREETS), rows)})
        sections.append({"key": chapter.key, "title": headed(chapter.title), "parts": parts})
    if OPTIONS in briefing.tables and OPTIONS not in said:
        sections.append(_tables("options", briefing.tables[OPTIONS].title, briefing, (OPTIONS,),
                                rows))  # fmt: skip
    sections.append(_section("steps", translate("下一步"), briefing.steps, numbered=True))
    sections.append(_section("caveats", translate("使用前须知"), briefing.caveats))
    method = _tables("method", translate("参数与来源"), briefing, (PARAMETERS, SOURCES), rows)
    return [section for section in (*sections, method) if section["parts"]]


def _section(
    key: str, title: str, sentences: Sequence[Message], *, numbered: bool = False
) -> dict[str, Any]:
    texts = [headed(sentence) for sentence in sentences]
    parts = [{"list": texts, "numbered": numbered}] if texts else []
    return {"key": key, "title": headed(title), "parts": parts}


def _tables(
    key: str, title: object, briefing: Briefing, keys: Sequence[str], rows: Rows
) -> dict[str, Any]:
    parts = [{"table": table_content(briefing.tables[each], Shown(each), rows)}
             for each in keys if each in briefing.tables]  # fmt: skip
    return {"key": key, "title": headed(title), "parts": parts}


def _parts(
    briefing: Briefing, parts: Sequence[Message | Shown], rows: Rows
) -> Iterator[dict[str, Any]]:
    """Yield sentences and tables; the maps are one map above."""
    for part in parts:
        if not isinstance(part, Shown):
            yield {"text": headed(part)}
        elif part.key in briefing.tables:
            yield {"table": table_content(briefing.tables[part.key], part, rows)}


def table_content(table: Table, shown: Shown, rows: Rows) -> dict[str, Any]:
    """Return a table as printed: all of its rows, of which so many are seen at first."""
    keys = [column.key for column in table.columns if column.key not in _UNPRINTED]
    keys = keys if shown.columns is None or table.key in _WHOLE else [*shown.columns]
    columns = table.only(keys)
    texts = table.texts(keys)
    total = None if table.total is None else _labelled(table, columns, texts.pop())
    return {
        "key": table.key,
        "title": headed(table.title),
        "note": headed(table.told(keys) or ""),
        "columns": [[str(column.title), int(column.kind is not Kind.TEXT)] for column in columns],
        "rows": texts,
        "total": total,
        "most": shown.most or max(_OPENED, len(texts) if len(texts) <= 2 * _OPENED else 0),
        "link": _links(table, keys, rows),
    }


def _labelled(table: Table, columns: Sequence[Column], total: list[str]) -> list[str]:
    """Return the row of sums with its word, even where the column that has it is not shown."""
    shown = any(text for column, text in zip(columns, total, strict=True)
                if column.kind is Kind.TEXT)  # fmt: skip
    words = [text for column, text in zip(table.columns, table.texts()[-1], strict=True)
             if column.kind is Kind.TEXT and text]  # fmt: skip
    if shown or not words:
        return total
    at = next((at for at, column in enumerate(columns) if column.kind is Kind.TEXT), 0)
    return [*total[:at], words[0], *total[at + 1 :]]


def _links(table: Table, keys: Sequence[str], rows: Rows) -> dict[str, Any] | None:
    """Return which column is pressed to see a row on the map, and where each row stands there."""
    if table.key not in _ON_MAP or "name" not in keys:
        return None
    layer, column = _ON_MAP[table.key]
    if layer == "sites":
        places: list[int | None] = [*range(len(table))]
    else:
        places = [rows[layer].get(str(id_)) for id_ in table.rows[column]]
    return {"column": keys.index("name"), "layer": layer, "rows": places}
