"""Texts that were written in one encoding and read in another, and so became signs without sense.

Some can be turned back, which proves what they are; of others only the remains are known.
"""

import re
from typing import Final

from geo.language import Message, say
from geo.ledgers.numbers import shown

# What a program writes for bytes it could not read, twice over; and memory that was never filled.
_REMAINS: Final = re.compile("\ufffd|锟斤拷|锟斤|斤拷|烫烫烫|屯屯屯")
_LOST: Final = re.compile("[?？]")
_LEAST_LOST: Final = 2
_CHINESE: Final = re.compile("[\u4e00-\u9fff]")
_HIGH: Final = re.compile("[^\x00-\x7f]")
_TAIL: Final = "?？\ufffd€"
_LEAST_SIGNS: Final = 3


def is_garbled(text: str) -> bool:
    """Tell whether a text is the remains of another encoding."""
    if text.isascii() and "??" not in text:
        return False
    return bool(_REMAINS.search(text)) or _is_lost(text) or meant_by(text) is not None


def meant_by(text: str) -> str | None:
    """Return the Chinese text that was read in the wrong encoding; None where it is not one."""
    if text.isascii():
        return None
    return _read_as_latin(text) or _read_as_gbk(text)


def about_garbled(text: str) -> tuple[Message, Message]:
    """Return what is said of a garbled text, and what to do."""
    meant = meant_by(text)
    remedy = say("请从原表重新导出为 UTF-8。")
    if meant is None:
        return say("像是乱码，原文已丢失。"), remedy
    return say("像是乱码，原文应为“{meant}”。", meant=shown(meant)), remedy


def _is_lost(text: str) -> bool:
    """Tell whether a program that knew no Chinese wrote question marks for most of a text."""
    lost, signs = len(_LOST.findall(text)), len(text.replace(" ", ""))
    return lost >= _LEAST_LOST and 2 * lost >= signs


def _read_as_latin(text: str) -> str | None:
    """Return what UTF-8 or GBK says that was read as Latin: “å¹¸ç¦” or “ÐÒ¸£” for “幸福”."""
    if _CHINESE.search(text):
        return None
    try:
        data = b"".join(_latin(sign) for sign in text)
    except UnicodeEncodeError:
        return None
    for encoding in ("utf-8", "gb2312"):
        try:
            meant = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        signs = _HIGH.findall(meant)
        if signs and all(_CHINESE.match(sign) or sign in "（），、：" for sign in signs):
            return meant
    return None


def _latin(sign: str) -> bytes:
    # Windows puts signs of its own where Latin-1 has controls, but not in all the places.
    try:
        return sign.encode("cp1252")
    except UnicodeEncodeError:
        return sign.encode("latin-1")


def _read_as_gbk(text: str) -> str | None:
    """Return what UTF-8 says that was read as GBK (“骞哥绂” for “幸福”), less a cut last sign.

    By chance three Chinese signs in GBK are common ones in UTF-8 once in a million names.
    """
    kept = text.rstrip(_TAIL)
    if len(_CHINESE.findall(kept)) < _LEAST_SIGNS:
        return None
    if not _starts_as_utf8(kept):
        return None
    try:
        data = kept.encode("gb18030")
        meant = data.decode("utf-8", errors="ignore")
        meant.encode("gb2312")
    except UnicodeEncodeError:
        return None
    cut = len(data) - len(meant.encode("utf-8"))
    return meant if _CHINESE.search(meant) and cut <= (2 if kept != text else 0) else None


def _starts_as_utf8(text: str) -> bool:
    """Tell whether the first Chinese sign has bytes with which UTF-8 begins one; most have not."""
    first = _HIGH.search(text)
    if first is None:
        return False
    lead, *rest = first.group().encode("gb18030", errors="replace")
    return 0xC2 <= lead <= 0xEF and bool(rest) and 0x80 <= rest[0] <= 0xBF  # noqa: PLR2004
