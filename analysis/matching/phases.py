"""Several phases in one breath: 幸福小区一、二期 is 幸福小区一期 and 幸福小区二期."""

import re
from collections.abc import Collection
from typing import Final

_HAN: Final = "一二三四五六七八九"
_FIGURE = rf"[{_HAN}]|[1-9]"
_SEVERAL: Final = re.compile(
    rf"(?P<stem>[^;；、，,\n]*?)(?:"
    rf"(?P<some>(?:{_FIGURE})(?:期?[、，,和及/](?:{_FIGURE}))+|[{_HAN}]{{2,}})"
    rf"|(?P<first>{_FIGURE})期?[-—~～至到](?P<last>{_FIGURE})"
    rf")(?P<unit>期)"
    rf"|(?P<whose>[^;；、，,\n]*?)(?P<parts>[A-Za-z东西南北](?:区?[、，,和及/][A-Za-z东西南北])+)区"
)
BETWEEN: Final = "、"


def phases_apart(text: str, *, known: Collection[str] = ()) -> str:
    """Return a cell of names in which each phase has its name; a cell without such as it is.

    known
        Names that stay whole, because something is called so.
    """
    return _SEVERAL.sub(lambda found: _each(found, known), text)


def _each(match: re.Match[str], known: Collection[str]) -> str:
    if match[0].strip() in known:
        return match[0]
    if match["parts"]:
        parts = re.findall(r"[A-Za-z东西南北]", match["parts"])
        return BETWEEN.join(f"{match['whose']}{part}区" for part in parts)
    if match["some"]:
        figures = re.findall(_FIGURE, match["some"])
    else:
        figures = _between(match["first"], match["last"])
    # 二一期 is no list of phases, and neither is 三三期.
    if len(figures) < 2 or [*map(_value, figures)] != sorted({*map(_value, figures)}):  # noqa: PLR2004
        return match[0]
    return BETWEEN.join(f"{match['stem']}{figure}期" for figure in figures)


def _between(first: str, last: str) -> list[str]:
    signs = "123456789" if first.isascii() else _HAN
    return [*signs[_value(first) - 1 : _value(last)]]


def _value(figure: str) -> int:
    return int(figure) if figure.isascii() else _HAN.index(figure) + 1
