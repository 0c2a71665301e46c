"""Columns of a layer, all unknown where the file lacks them.

A column that already is what is asked for is returned as it is: they are asked for hundreds of
times an evaluation, and of a small study that is most of its time.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Words = pd.api.extensions.ExtensionArray

BETWEEN_NAMES: Final = r"[;；、，,\n]"
"""The separators that offices put between names."""


def figures(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a column of numbers that cannot be negative; NaN where unknown."""
    if name not in frame.columns:
        return pd.Series(np.full(len(frame), np.nan), index=frame.index, name=name)
    column = frame[name]
    if column.dtype != "float64":
        column = column.astype("float64")
    return column.where(column.ge(0)) if (column.to_numpy() < 0).any() else column


def dates(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a column of dates; NaT where unknown."""
    if name not in frame.columns:
        unknown = np.full(len(frame), "NaT", dtype="datetime64[ns]")
        return pd.Series(unknown, index=frame.index, name=name)
    column = frame[name]
    if column.dtype.kind != "M":
        column = pd.to_datetime(column)
    return column if column.dtype == "datetime64[ns]" else column.astype("datetime64[ns]")


def not_before(day: pd.Series) -> pd.Series:
    """Return the first day that each date may mean; NaT where unknown.

    A year alone is read as its last day, so 31 December may stand for any day of its year.
    """
    days = day.to_numpy().astype("datetime64[D]")
    if np.isnat(days).all():
        return day
    year = days.astype("datetime64[Y]")
    last = (year + 1).astype("datetime64[D]") - 1
    first = np.where(days == last, year.astype("datetime64[D]"), days)
    return pd.Series(first.astype("datetime64[ns]"), index=day.index, name=day.name)


def names_in(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return every name in a column of lists of names, by the row that tells it."""
    tokens = words(frame, name).str.split(BETWEEN_NAMES, regex=True).explode()
    tokens = tokens.astype("str").str.strip()
    return tokens[tokens.notna() & tokens.ne("")]


def flags(frame: pd.DataFrame, name: str) -> "pd.Series[bool]":
    """Return a column of yes and no; missing where unknown."""
    if name not in frame.columns:
        return pd.Series(pd.NA, index=frame.index, name=name, dtype="boolean")
    return frame[name].astype("boolean")


def words_at(words: Sequence[str], position: npt.NDArray[np.int64]) -> Words:
    """Return the words at some positions as a column: far cheaper than a text for every row."""
    return pd.array([*words], dtype="str").take(position)


def words(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a column of words, trimmed when the layer was read; missing where unknown."""
    if name not in frame.columns:
        return pd.Series(pd.NA, index=frame.index, name=name, dtype="str")
    column = frame[name]
    return column if column.dtype == "str" else column.astype("str")
