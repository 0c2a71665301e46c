"""Figures written with Chinese signs: 三百, 1万2千."""

import re
from decimal import Decimal

# 1万2千3百: each part a figure of its own.
_STEPS = re.compile(r"(?:(\d+)[万萬])?(?:([1-9])千)?(?:([1-9])百)?")


def han_number(text: str) -> float | None:
    """Return a number written in Chinese (三百); None where it is not one."""
    try:
        import cn2an  # noqa: PLC0415 - a slow start for the rare ledger that spells its numbers

        value = float(cn2an.cn2an(text.replace("〇", "零"), "smart"))
    except (ValueError, KeyError, IndexError):  # what cn2an raises for 万千, 点三 and the like
        return None
    # It takes 零千零 for a zero, and 一百零, whose last figure is lost, for a hundred.
    if text[-1] in "零〇" and set(text) & set("十百千万亿拾佰仟"):
        return None
    return None if value == 0 and set(text) - set("零〇点") else value


def of_steps(text: str) -> float | None:
    """Return 12000 of 1万2千; None where fewer than two steps follow one another."""
    match = _STEPS.fullmatch(text)
    if match is None or sum(part is not None for part in match.groups()) < 2:  # noqa: PLR2004
        return None
    values = (Decimal(part or 0) for part in match.groups())
    return float(sum(value * step for value, step in zip(values, (10_000, 1000, 100), strict=True)))
