"""Given street lengths: validated, never walked on; metres are the geometry's."""

from typing import NoReturn

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import StreetsError
from geo.findings import Finding
from geo.language import Message, say
from geo.ledgers.numbers import figure
from geo.streets.network import MOST_MM

TOLERANCE = 0.1  # a given length this far off, and more than a metre, is worth a word
BEYOND_THE_EARTH = 1e9  # degrees or metres: more than any coordinate system gives


def check_lengths(frame: gpd.GeoDataFrame, *, name: str, what: str = "row") -> list[Finding]:
    """Return findings on the `length` column of lines in metres; no column, no findings.

    what
        How the file counts: `row` (the frame's own `row`, else the header is row 1) or `edge`
        (the frame's own `label`).

    Errors: StreetsError for lengths that are text, infinite, negative, not a number or all zero.
    """
    if "length" not in frame.columns:
        return []
    given = frame["length"].astype(object)
    absent = _absent(given, what)
    number = pd.to_numeric(given, errors="coerce").astype(float)
    wrong = ~absent & ~np.isfinite(number)
    if wrong.any():
        _refuse(frame, wrong, name, what)
    if number.lt(0).any():
        _refuse_negative(frame, number.lt(0), name, what)
    if len(number) and number.eq(0).all():
        raise StreetsError(
            say(
                "{file}：所有道路的长度(length)都是 0。请删除该列（按几何计算），或重新导出。",
                file=name,
            )
        )
    return _missing(frame, absent, name, what) + _different(frame, number, name, what)


def _refuse(frame: gpd.GeoDataFrame, wrong: pd.Series, name: str, what: str) -> None:
    position = int(wrong.to_numpy().argmax())
    raise StreetsError(
        say(
            "{file} {where}：长度(length)“{value}”不是数值。请改正，或删除该列（按几何计算）。",
            file=name,
            where=_where(frame, position, what),
            value=frame["length"].iloc[position],
        )
    )


def _refuse_negative(
    frame: gpd.GeoDataFrame, negative: "pd.Series[bool]", name: str, what: str
) -> None:
    position = int(negative.to_numpy().argmax())
    raise StreetsError(
        say(
            "{file} {where}：长度(length)“{value}”是负数。请改正，或删除该列（按几何计算）。",
            file=name,
            where=_where(frame, position, what),
            value=frame["length"].iloc[position],
        )
    )


def without_length(count: int, name: str) -> list[Finding]:
    """Return a finding on `count` streets that begin and end on one spot without a way between."""
    if not count:
        return []
    message = say("{count} 条道路没有长度（只有一个位置），未使用。", count=count)
    return [Finding("info", "streets", message, file=name)]


def refuse_without_length(name: str) -> NoReturn:
    """Refuse streets of which none has a length.

    Errors: StreetsError.
    """
    raise StreetsError(
        say("{file}：道路都没有长度（每条只有一个位置），无法步行。请检查数据。", file=name)
    )


def require_positions(xy: NDArray[np.float64], name: str) -> None:
    """Refuse positions that are no numbers, infinite, or beyond any coordinate system.

    Errors: StreetsError.
    """
    if not (np.abs(xy) < BEYOND_THE_EARTH).all():  # NaN is not below it either
        raise StreetsError(
            say("{file}：道路坐标含 NaN 或无穷大，或超出坐标系范围。请检查数据。", file=name)
        )


def require_walkable_lengths(length_mm: NDArray[np.int64], name: str) -> None:
    """Refuse streets longer than `MOST_MM`: their positions are slips.

    Errors: StreetsError.
    """
    longest = int(length_mm.max(initial=0))
    if longest > MOST_MM:
        raise StreetsError(
            say(
                "{file}：有一条道路长 {km:,.0f} 公里，超过地球周长。请检查坐标。",
                file=name,
                km=longest / 1e6,
            )
        )


def _where(frame: gpd.GeoDataFrame, position: int, what: str) -> Message | str:
    if what == "edge":
        return f"edge {frame['label'].iloc[position]}"
    row = int(frame["row"].iloc[position]) if "row" in frame.columns else position + 2
    return say("第 {row} 行", row=row)


def _absent(given: pd.Series, what: str) -> "pd.Series[bool]":
    """Return where no length is given; in a graph a NaN is a value, in a table an empty cell."""
    if what == "edge":
        return given.map(lambda value: value is None)
    return given.isna() | given.eq("")


def _missing(
    frame: gpd.GeoDataFrame, missing: "pd.Series[bool]", name: str, what: str
) -> list[Finding]:
    if not missing.any():
        return []
    message = say(
        "{count} 条道路没有长度(length)，首个是 {where}；长度一律按几何计算。",
        count=int(missing.sum()),
        where=_where(frame, int(missing.to_numpy().argmax()), what),
    )
    return [Finding("warning", "streets", message, file=name)]


def _different(
    frame: gpd.GeoDataFrame, number: "pd.Series[float]", name: str, what: str
) -> list[Finding]:
    metres = frame.geometry.length
    gap = (number - metres).abs()
    off = (gap > TOLERANCE * metres) & (gap > 1)
    if not off.any():
        return []
    first = int(off.to_numpy().argmax())
    message = say(
        "{count} 条道路所给长度(length)与几何长度相差超过 10%（首个是 {where}：所给 {given} 米，"
        "几何 {metres} 米），已按几何长度计算。",
        count=int(off.sum()), where=_where(frame, first, what),
        given=figure(float(number.iloc[first])), metres=figure(round(float(metres.iloc[first]), 1)),
    )
    return [Finding("warning", "streets", message, file=name)]
