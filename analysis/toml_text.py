"""TOML as offices write it: with a mark of order, in the wrong encoding, in full-width signs."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from geo.language import Message, say

QUOTED_OR_NOTE = re.compile(r""" "[^"\n]*" | '[^'\n]*' | \#.* """, re.VERBOSE)
FULL_WIDTH = re.compile("[，“”‘’＝：；。、．［］【】｛｝（）＂＇＃\u3000]")

# The words of the library for a key or table that is there already.
_TWICE = ("Cannot declare", "Cannot overwrite", "Cannot mutate", "Duplicate inline table key")
_PLACE = re.compile(r"at line (\d+), column (\d+)")


class NotToml(ValueError):  # noqa: N818 - what the file is
    """A file that is no TOML, with the reason a planner can act on."""

    def __init__(self, reason: Message) -> None:
        """Keep the reason."""
        super().__init__(str(reason))
        self.reason = reason


def has_full_width(text: str) -> bool:
    """Return whether signs outside quotes are full-width: the usual slip of a Chinese keyboard."""
    return FULL_WIDTH.search(QUOTED_OR_NOTE.sub("", text)) is not None


def read_toml_text(path: Path) -> dict[str, Any]:
    """Return what a TOML file says. Errors: OSError; NotToml with the reason."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise NotToml(say("不是 UTF-8 编码，请另存为 UTF-8")) from None
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as fault:  # of ValueErrors not only those of TOML
        where = _twice(fault, text) or where_of(fault)
        if has_full_width(text):
            raise NotToml(say("请把全角标点改为半角；{where}", where=where)) from None
        raise NotToml(where) from None


def _twice(fault: Exception, text: str) -> Message | None:
    """Return what is written twice, with its line; None for another fault."""
    place = _PLACE.search(str(fault))
    if place is None or not str(fault).startswith(_TWICE):
        return None
    line = text.split("\n")[int(place[1]) - 1].split("#", maxsplit=1)[0].strip()
    what = line if line.startswith("[") else line.split("=")[0].strip()
    return say("第 {line} 行的 {what} 前面已经写过，请并作一处", line=place[1], what=what)


def where_of(fault: Exception) -> Message:
    """Return where the text stops being TOML; the library's own words are English.

    Brackets within brackets without end, and numbers longer than Python reads, are told as such.
    """
    if isinstance(fault, RecursionError):
        return say("括号一层套一层，太深")
    if not isinstance(fault, tomllib.TOMLDecodeError):
        return say("有的数字太长")
    place = _PLACE.search(str(fault))
    if place is None:
        return say("不合 TOML 格式，或没有写完")
    return say("第 {line} 行第 {column} 列不合 TOML 格式", line=place[1], column=place[2])


def toml_string(text: str) -> str:
    """Return a text as TOML writes it, in quotes; half a surrogate pair becomes `?`."""
    whole = text.encode("utf-8", errors="replace").decode("utf-8")
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")
