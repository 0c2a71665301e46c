"""What a value in a study, scenario or rule pack should have been, in words for its writer."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from geo.language import Message, joined, say

_DATE: Final = say("应为日期，如 2025-12-31，不加引号")
_NUMBER: Final = say("应为一个数，不加引号")
_WHOLE: Final = say("应为一个整数，不加引号")
_TEXT: Final = say("应为文字，放在引号里")
_LIST: Final = say('应为列表，放在方括号里，如 ["甲", "乙"]')
_PAIRS: Final = say("应为成对的名和值，放在花括号里或另起一段")
_FLAG: Final = say("应为 true 或 false，不加引号")


def _one_of(known: str) -> Message:
    return say("应为其中之一：{known}", known=known.replace(" or ", "、").replace(", ", "、"))


# What the checker calls a fault -> what should stand there.
_KINDS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing",
                         "date_from_datetime_inexact"), _DATE),
        **dict.fromkeys(("float_type", "float_parsing", "finite_number"), _NUMBER),
        **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), _WHOLE),
        "string_type": _TEXT,
        **dict.fromkeys(("tuple_type", "list_type", "frozen_set_type", "set_type"), _LIST),
        **dict.fromkeys(("dict_type", "model_type", "mapping_type", "model_attributes_type",
                         "dataclass_type"), _PAIRS),
        **dict.fromkeys(("bool_type", "bool_parsing"), _FLAG),
    }
)  # fmt: skip
_BOUNDS: Final[Mapping[str, Callable[[Mapping[str, Any]], Message]]] = MappingProxyType(
    {
        "greater_than": lambda told: say("应大于 {bound}", bound=told["gt"]),
        "greater_than_equal": lambda told: say("不应小于 {bound}", bound=told["ge"]),
        "less_than": lambda told: say("应小于 {bound}", bound=told["lt"]),
        "less_than_equal": lambda told: say("不应大于 {bound}", bound=told["le"]),
        "too_short": lambda told: say("至少要有 {count} 项", count=told["min_length"]),
        "too_long": lambda told: say("最多 {count} 项", count=told["max_length"]),
        "string_too_short": lambda told: say("不应少于 {count} 个字", count=told["min_length"]),
        "string_too_long": lambda told: say("不应超过 {count} 个字", count=told["max_length"]),
        "literal_error": lambda told: _one_of(told["expected"]),
        "enum": lambda told: _one_of(told["expected"]),
        "value_error": lambda told: joined("", str(told["error"])),
    }
)


def wanted(problem: Mapping[str, Any]) -> Message:
    """Return what should stand where pydantic found a fault.

    problem
        One of `ValidationError.errors()`; kinds not known here are told in the checker's words.
    """
    kind = str(problem["type"])
    if kind in _BOUNDS:
        return _BOUNDS[kind](problem["ctx"])
    return _KINDS.get(kind) or joined("", str(problem["msg"]))
