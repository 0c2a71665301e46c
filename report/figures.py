"""Figures as they are printed everywhere: on the page, in sentences, in documents."""

import math
from numbers import Real
from typing import Any

NOTHING = "–"
_ALL = "100.0%"
_NONE = "0"
_WHOLE_FROM = 1000


def number(value: Any, *, digits: int = 0) -> str:  # noqa: ANN401 - a table's cell
    """Return a number with thousands separators; a dash where it is unknown."""
    return NOTHING if unknown(value) else f"{float(value):,.{digits}f}"


def measure(value: Any) -> str:  # noqa: ANN401
    """Return square metres or another measure as it is printed everywhere; a dash where unknown.

    Whole from 1,000 up, with two decimals at most below, three below one; no needless zeros. One
    rule, so that a sentence and a table never give the same area in two ways.
    """
    if unknown(value):
        return NOTHING
    size = abs(float(value))
    printed = number(value, digits=0 if size >= _WHOLE_FROM else 2 if size >= 1 else 3)
    return printed.rstrip("0").rstrip(".") if "." in printed else printed


def percent(share: Any) -> str:  # noqa: ANN401
    """Return a share of 0-1 as a percentage with one decimal; a dash where it is unknown."""
    return NOTHING if unknown(share) else f"{float(share):.1%}"


def at_least(figure: str, only: object) -> str:
    """Return a figure, marked where it is only a lower bound; there is nothing above all."""
    return f"≥{figure}" if only and figure not in (NOTHING, _ALL) else figure


def some_of(count: Any, everyone: Any, only: object) -> str:  # noqa: ANN401
    """Return a count out of all, marked where it is only a lower bound and not all already."""
    return at_least(number(count), only and not unknown(everyone) and count < everyone)


def at_most(figure: str, only: object) -> str:
    """Return a figure, marked where it is only an upper bound; there is nothing below nobody."""
    return f"≤{figure}" if only and figure not in (NOTHING, _NONE) else figure


def unknown(value: Any) -> bool:  # noqa: ANN401
    """Return whether a cell holds no number."""
    return not isinstance(value, Real) or math.isnan(value)
