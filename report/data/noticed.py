"""Findings sorted by what they say of a layer: read, left out, changed, filled, missing, doubtful.

What happened to a cell is asked of the layer itself, not of the words of a finding: a cell that
was told of and holds a value was changed; one that holds none is missing or could not be read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

import geopandas as gpd
import pandas as pd

from analysis.filled_columns import READ_WITH_DOUBT
from analysis.filling import FILLED
from geo.files.several_files import FILE, where_rows_stand, where_told
from geo.findings import Finding
from geo.language import Message, say
from geo.layers import Layer
from geo.ledgers.numbers import figure, says_missing
from geo.schema import READ_POSITION, SCHEMAS, Schema

Kind = Literal["read", "left_out", "changed", "filled", "missing", "unread", "doubtful"]

KINDS: Final[Mapping[Kind, Message]] = MappingProxyType(
    {
        "read": say("怎么读的"),
        "left_out": say("没有计入的行"),
        "changed": say("改动"),
        "filled": say("已补填"),
        "missing": say("缺失"),
        "unread": say("无法读取"),
        "doubtful": say("存疑"),
    }
)
"""The kinds in the order in which a report tells them."""

# Findings about a row or a file as a whole whose shape does not tell what they are.
BY_TEMPLATE: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "编号为空，记作“{id}”。": "changed",
        "多边形不合规（{fault}），已修复：面积由 {before} 变为 {after} 平方米。": "changed",
        "是多个点，取其中心。": "changed",
        "几何是混合集合，只取其中的{shape}。": "changed",
        "{count} 格只写了年份，读作当年最后一天（如第 {row} 行“{value}”读作 {figure}）。":
            "changed",
        "{count} 格读作“{word}”，首格在第 {row} 行。": "changed",
        "{count} 处合并单元格，按首格的值填满各行。": "changed",
        "{count} 行写“同上”（第 {rows} 行），按上一行读入。": "changed",
        "按列名里的单位换算：各数都乘以 {times}，作“{name}”。": "changed",
        "按列名里的单位换算：各数都除以 {times}，作“{name}”。": "changed",
        "“{word}”行是 {total}，{rows}是 {sum}，相差 {gap}。": "doubtful",
        "“{word}”行是 {total}，{rows}是 {sum}，相差 {gap}；其中 {unknown} 行没有可读的数。":
            "doubtful",
        "有 {count} 行缺失，按未知处理（第 {rows} 行等）。": "missing",
        "研究中没有图层 {name}，相关结果不计算。": "missing",
        "坐标无法读出，位置按未知处理。": "unread",
        "缺少 .shx 索引文件，已由 .shp 重建。": "read",
        "没有 .cpg 文件，按内容判定为 {name} 编码。": "read",
        ".cpg 所写编码与内容不符，按内容判定为 {name} 编码。": "read",
        ".cpg 所写的编码“{said}”无法识别，按内容判定为 {name} 编码。": "read",
        "图层没有数据行（没有数据）。": "missing",
        # The row that these name is one of a form.
        "补填的编号“{id}”不在图层里，没有采用（{form}）。": "doubtful",
        "补填时编号“{id}”是“{name}”，台账里现在是“{now}”，没有采用（{form}）。": "doubtful",
        "编号“{id}”的行没有名称，或与别的行同名，台账有改动后认不出是哪一行，没有采用（{form}）。":
            "doubtful",
        **dict.fromkeys(FILLED, "filled"),
    }
)
_POSITION: Final = frozenset(column.name for column in READ_POSITION)


@dataclass(frozen=True)
class Noticed:
    """A finding, what kind it is of, and what a changed cell was read as.

    column
        Canonical name; `geometry` for a position; empty where no cell of the layer is meant.
    read_as
        As people write it; None where the layer does not hold it as the file spells it.
    """

    finding: Finding
    kind: Kind
    column: str = ""
    read_as: str | None = None


def sort_findings(layer: Layer, schema: Schema) -> tuple[Noticed, ...]:
    """Return the findings of a layer, each with its kind, in their order."""
    frame = layer.frame.drop(columns=FILE, errors="ignore")
    canonical = {
        file: _canonical(layer.headers_in(file), frame)
        for file in ("", *(each.name for each in layer.files))
    }
    position = {where: at for at, where in enumerate(where_rows_stand(layer.frame))}
    files = {each.name for each in layer.files}
    values = {str(name): frame[name].array for name in frame.columns}
    return tuple(
        _sorted(
            finding,
            _column(finding, canonical.get(finding.file, canonical[""]), schema),
            position.get(where_told(finding, layer.frame)),
            values,
            schema,
        )
        # A row of another file, such as a form that came back, is none of the layer.
        if not files or finding.file in files
        else Noticed(finding, _of_the_whole(finding))
        for finding in layer.findings
    )


def _column(finding: Finding, canonical: Mapping[str, str], schema: Schema) -> str:
    """Return the column that a finding is about; one filled in need not be in its ledger."""
    column = canonical.get(finding.column, "")
    if column or finding.message.template not in {*FILLED, *READ_WITH_DOUBT}:
        return column
    every = (*schema.columns, *READ_POSITION)
    return next((each.name for each in every if each.chinese == finding.column), "")


def _canonical(headers: Mapping[str, str], frame: gpd.GeoDataFrame) -> dict[str, str]:
    """Return which column each header is, and each column by its own name."""
    known = {header: name for name, header in headers.items()}
    return known | {str(name): str(name) for name in frame.columns if name not in known}


def columns_headed(layer: Layer, file: str, schema: Schema) -> Mapping[str, str]:
    """Return which column each header of a file is; one that it has not goes by its own name."""
    own = {column.chinese: column.name for column in schema.columns}
    return {**own, **_canonical(layer.headers_in(file), layer.frame)}


def sort_others(findings: Iterable[Finding]) -> tuple[Noticed, ...]:
    """Return findings that stand beside no layer, such as those about streets."""
    return tuple(Noticed(finding, _of_the_whole(finding)) for finding in findings)


def _sorted(
    finding: Finding,
    column: str,
    at: int | None,
    values: Mapping[str, Any],
    schema: Schema,
) -> Noticed:
    column = "geometry" if column in _POSITION else column
    if finding.row is None or finding.message.template in BY_TEMPLATE:
        return Noticed(finding, _of_the_whole(finding), column)
    if at is None:
        return Noticed(finding, "read" if finding.severity == "info" else "left_out", column)
    if column not in values:
        nowhere = "geometry" in values and values["geometry"][at] is None
        return Noticed(finding, "missing" if nowhere else "doubtful", "geometry" if nowhere else "")
    value = values[column][at]
    if value is None or pd.isna(value) is True:
        silent = not finding.value or says_missing(finding.value)
        return Noticed(finding, "missing" if silent else "unread", column)
    written = as_written(value, column, schema)
    # An empty text is part of every other; what still stands in its cell was not changed.
    stands = not finding.value or (finding.severity != "info" and finding.value in (written or ""))
    if stands:
        return Noticed(finding, "doubtful", column)
    return Noticed(finding, "changed", column, written)


def _of_the_whole(finding: Finding) -> Kind:
    by_shape: Kind = "read" if finding.severity == "info" else "doubtful"
    return BY_TEMPLATE.get(finding.message.template, by_shape)


def as_written(value: object, column: str, schema: Schema) -> str | None:
    """Return a value of a layer as people write it in a ledger; None for a position."""
    if column == "geometry":
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, int | float):
        return figure(float(value))
    words = schema.column(column).words if schema.has(column) else {}
    spelled = words.get(str(value))
    return str(value) if spelled is None else spelled[0]


def schema_of(layer: str) -> Schema:
    """Return the columns of a layer by its name."""
    return SCHEMAS[layer]


def labels_of(frame: gpd.GeoDataFrame) -> "pd.Series[str]":
    """Return what people call each row: its name, else its id."""
    ids: pd.Series[str] = frame["id"].astype("str")
    return ids if "name" not in frame.columns else frame["name"].astype("str").fillna(ids)
