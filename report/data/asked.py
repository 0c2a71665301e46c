"""How a column is asked for in a workbook: its heading, what may be written, what Excel checks."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from geo.language import Message, say
from geo.schema import POSITION, Column, Schema
from geo.vocabulary import UNITS

# Excel keeps no longer list of words in a cell's rule.
LIST_LIMIT: Final = 255
# The sheet that tells how to fill in the others, which no reader takes for data.
EXPLANATION: Final = "说明"
MOST: Final = 999_999_999
YES_NO: Final = ("是", "否")

_MEANINGS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "text": say("文字"),
        "count": say("整数，不小于 0"),
        "number": say("数，不小于 0"),
        "date": say("日期：2016、2016-05 或 2016-05-01"),
        "flag": say("是 或 否"),
    }
)
_OF_COLUMNS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "longitude": say("经度，十进制度，至少 5 位小数，如 118.88763"),
        "latitude": say("纬度，十进制度，至少 5 位小数，如 42.25781"),
        "wkt": say("WKT 文本，经度在前，如 POLYGON((118.88 42.25, 118.89 42.25, 118.89 42.26, "
                   "118.88 42.25))"),
        "serves": say("所服务小区的编号或名称，多个用顿号隔开"),
        "residential_id": say("小区的编号"),
        "id": say("每行一个，不重复"),
        "price_class": say("兜底、普惠或市场"),
        "floor": say("所在楼层，如 1、1-2、地下一层"),
        "parent": say("上一级的代码或名称"),
        "code": say("用地代码"),
    }
)  # fmt: skip
_EXAMPLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "text": "", "count": "500", "number": "350", "date": "2016-05-01", "flag": "是",
        "year": "2024", "longitude": "118.88763", "latitude": "42.25781", "name": "示例名称",
        "id": "A001", "street": "示例街道", "community": "示例社区", "serves": "A001、A002",
        "residential_id": "A001", "price_class": "普惠", "floor": "1", "phase": "一期",
        "code": "0702", "available_years": "10", "objection_risk": "低", "project_id": "P01",
        "wkt": "POLYGON((118.88 42.25, 118.89 42.25, 118.89 42.26, 118.88 42.25))",
    }
)  # fmt: skip


def column_named(schema: Schema, name: str) -> Column:
    """Return a column of a layer or of its position; KeyError where there is none."""
    for column in (*schema.columns, *POSITION):
        if column.name == name:
            return column
    raise KeyError(name)


def heading_of(column: Column) -> str:
    """Return the heading of a column, which our own reader matches: the needed are marked."""
    return f"{column.chinese}（必填）" if column.needed else column.chinese


def meaning_of(column: Column) -> Message:
    """Return what may be written in a column: kind, unit, words."""
    if column.name in _OF_COLUMNS:
        return _OF_COLUMNS[column.name]
    if column.words:
        words = "、".join(words[0] for words in column.words.values())
        return say("下列之一：{words}", words=words)
    kind = _MEANINGS[column.kind]
    if column.unit:
        names = UNITS[column.unit]
        unit = next((name for name in names if not name.isascii()), names[0])
        return say("{kind}；单位：{unit}", kind=kind, unit=unit)
    return kind


def example_of(column: Column) -> str:
    """Return what a cell of a column may look like."""
    if column.name in _EXAMPLES:
        return _EXAMPLES[column.name]
    if column.words:
        return next(iter(column.words.values()))[0]
    return _EXAMPLES[column.kind]


def validation_of(column: Column) -> dict[str, Any] | None:
    """Return what Excel checks while a cell is typed; None where anything may be written."""
    told = str(meaning_of(column))
    rule: dict[str, Any] = {
        "ignore_blank": True,
        "input_title": column.chinese[:32], "input_message": told[:LIST_LIMIT],
        "error_title": column.chinese[:32], "error_message": told[:LIST_LIMIT],
        # A longer name of a facility may hold the word; it is asked back, not refused.
        "error_type": "warning" if column.lenient else "stop",
    }  # fmt: skip
    choices = YES_NO if column.kind == "flag" else tuple(w[0] for w in column.words.values())
    if choices:
        fits = len(",".join(choices)) <= LIST_LIMIT and not any("," in word for word in choices)
        return {**rule, "validate": "list", "source": list(choices)} if fits else None
    if column.unit == "degrees":
        return {**rule, "validate": "decimal", "criteria": "between", "minimum": -180,
                "maximum": 180}  # fmt: skip
    if column.kind in {"count", "number"}:
        kind = "integer" if column.kind == "count" else "decimal"
        return {**rule, "validate": kind, "criteria": "between", "minimum": 0, "maximum": MOST}
    return None
