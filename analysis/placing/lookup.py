"""A table of addresses: rows of a layer that have no place find it there by id, name or address."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.columns import words
from geo.files.several_files import FILE
from geo.findings import Finding
from geo.language import Message, say
from geo.ledgers.headers import fold

Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]

# Places nearer than a tenth of a metre are one place, told twice.
_DECIMALS: Final = 6
_KEYS: Final = (("id", "of_id"), ("name", "name"), ("address", "address"))

_TORN_ID = say("编号“{key}”在地址表中有几处不同的坐标，未采用。")
_TORN_NAME = say("名称“{key}”在地址表中有几处不同的坐标，未采用。")
_TORN_ADDRESS = say("地址“{key}”在地址表中有几处不同的坐标，未采用。")
_TORN = {"id": _TORN_ID, "name": _TORN_NAME, "address": _TORN_ADDRESS}
_OTHER_NAME = say("地址表中编号“{key}”的名称与本行不同，未采用。")
_NAMESAKES = say("本图层有几行都叫“{key}”，地址表没有写明是哪一行，未采用。")
_DISPUTED = {"id": _OTHER_NAME, "name": _NAMESAKES, "address": _NAMESAKES}


def is_doubt(finding: Finding) -> bool:
    """Tell whether a finding says that a table of addresses left a row without a place."""
    return finding.message.template in {
        message.template for message in (*_TORN.values(), *_DISPUTED.values())
    }


class Doubt(NamedTuple):
    """A row that the table cannot place for certain, and why."""

    row: int
    key: str
    message: Message


@dataclass(frozen=True)
class LookedUp:
    """What a table of addresses gave.

    points
        Its rows that have a point.
    spot
        For each row of the layer the position in `points` of its place; -1: none.
    used
        Which of `points` were used.
    doubts
        What the table says of rows that stay without a place.
    by
        How many rows were found by each key: id, name, address.
    """

    points: gpd.GeoSeries
    spot: Rows
    used: Flags
    doubts: tuple[Doubt, ...]
    by: dict[str, int]


def without_place(frame: gpd.GeoDataFrame) -> Flags:
    """Return which rows of a layer have no place."""
    return np.asarray(frame.geometry.isna() | frame.geometry.is_empty, dtype=bool)


def look_up(frame: gpd.GeoDataFrame, table: gpd.GeoDataFrame) -> LookedUp:
    """Return where the rows of a layer that have no place are found in a table of addresses.

    table
        Columns `of_id`, `name`, `address`, as far as it has them; rows without a point are
        passed over.

    By id where the names do not differ, else by the exact name that only one row bears, else by
    the address as it is compared, without blanks and in half width. What stands there twice with
    different coordinates is not used; an id that does is not looked for under its name either.
    """
    there = table[~without_place(table)].reset_index(drop=True)
    places = _place_numbers(there)
    wanted, spot = without_place(frame).copy(), np.full(len(frame), -1, dtype=np.int64)
    used, by = np.zeros(len(there), dtype=bool), {}
    doubts: dict[int, Doubt] = {}
    for key, column in _KEYS:
        theirs = _spelled(there, column)
        rows = np.flatnonzero(wanted & (spot < 0))
        ours = _spelled(frame, key).iloc[rows]
        told = _told(theirs, places).reindex(ours)
        torn, once = (told["places"] > 1).to_numpy(), (told["places"] == 1).to_numpy()
        disputed = once & _disputed(key, frame, rows, there, told["at"])
        for why, which in ((_TORN[key], torn), (_DISPUTED[key], disputed)):
            for row, text in zip(rows[which], ours[which], strict=True):
                doubts.setdefault(int(row), Doubt(int(row), text, why))
        found = once & ~disputed
        spot[rows[found]] = told["at"].to_numpy()[found]
        used |= theirs.isin(ours[found]).to_numpy()
        by[key] = int(found.sum())
        if key == "id":
            wanted[rows[torn]] = False
    left = tuple(doubt for row, doubt in sorted(doubts.items()) if spot[row] < 0)
    return LookedUp(there.geometry, spot, used, left, by)


def _place_numbers(there: gpd.GeoDataFrame) -> pd.Series:
    """Return a number for each place of the table, the same for rows at one place."""
    x, y = there.geometry.x.round(_DECIMALS), there.geometry.y.round(_DECIMALS)
    return pd.DataFrame({"x": x, "y": y}).groupby(["x", "y"]).ngroup()


def _spelled(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return a column as it is compared: ids and names exactly, addresses folded."""
    text = words(frame, column)
    if column == "address":
        text = text.map(fold, na_action="ignore").astype("str")
    return text.where(text.str.len().gt(0))


def _told(theirs: pd.Series, places: pd.Series) -> pd.DataFrame:
    """Return for each key of the table how many places it has, and the first row that tells it."""
    rows = pd.DataFrame({"key": theirs, "places": places, "at": np.arange(len(theirs))})
    return rows.dropna(subset="key").groupby("key").agg({"places": "nunique", "at": "first"})


def _disputed(
    key: str, frame: pd.DataFrame, rows: Rows, there: pd.DataFrame, at: pd.Series
) -> Flags:
    """Return which rows a key does not place for certain: an id of two names, a name of two rows.

    at
        The row of the table found for each row; NaN where there is none.
    """
    if key == "name":
        names = _spelled(frame, "name")
        return names.duplicated(keep=False).to_numpy()[rows]
    if key == "address":  # one house may hold several
        return np.zeros(len(rows), dtype=bool)
    known = at.notna().to_numpy()
    theirs = np.where(known, at.fillna(0).to_numpy(), 0).astype(np.int64)
    both, agree = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    for name in ("name", "address"):
        one = words(frame, name).iloc[rows].map(fold, na_action="ignore").to_numpy()
        other = words(there, name).map(fold, na_action="ignore")
        second = other.to_numpy()[theirs] if len(other) else one
        told = ~(pd.isna(one) | pd.isna(second))
        both |= told
        agree |= told & (one == second)
    return known & both & ~agree


def lookup_findings(
    looked: LookedUp, frame: gpd.GeoDataFrame, *, layer: str, file: str, table: str
) -> Iterator[Finding]:
    """Yield what is told of a look-up: rows placed, rows in doubt.

    file, table
        Names of the layer's file and of the table's.
    """
    count = int((looked.spot >= 0).sum())
    if count:
        message = say(
            "按地址表“{table}”补上 {count} 行的坐标（编号 {id}、名称 {name}、地址 {address}）。",
            table=table, count=count, **looked.by,
        )  # fmt: skip
        yield Finding("info", layer, message, file=file)
    for doubt in looked.doubts:
        message = replace(doubt.message, values={"key": doubt.key})
        remedy = say("请在地址表“{table}”中写清编号、名称和地址。", table=table)
        own = words(frame, FILE).iloc[doubt.row]
        where = file if pd.isna(own) else str(own)
        yield Finding("warning", layer, message, remedy, where, _row(frame, doubt.row))


def unused_rows(used: Flags, *, layer: str, table: str) -> Iterator[Finding]:
    """Yield how many rows of a table found no use, in whatever layer.

    used
        Of its rows that have a point.
    """
    unused = int((~used).sum())
    if unused:
        message = say("有 {count} 行没有用到：图层里没有这些行，或已有坐标。", count=unused)
        yield Finding("info", layer, message, file=table)


def _row(frame: pd.DataFrame, position: int) -> int | None:
    return int(frame["row"].iloc[position]) if "row" in frame else None
