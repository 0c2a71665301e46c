"""Columns of a layer, all unknown where the file lacks them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Words = pd.api.extensions.ExtensionArray


def figures(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a column of numbers that cannot be negative; NaN where unknown."""
    if name not in frame.columns:
        return pd.Series(np.nan, index=frame.index, name=name)
    column = frame[name].astype("float64")
    return column.where(column.ge(0))


def dates(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a column of dates; NaT where unknown."""
    if name not in frame.columns:
        return pd.Series(pd.NaT, index=frame.index, name=name, dtype="datetime64[ns]")
    return pd.to_datetime(frame[name]).astype("datetime64[ns]")


def words_at(words: Sequence[str], position: npt.NDArray[np.int64]) -> Words:
    """Return the words at some positions as a column: far cheaper than a text for every row."""
    return pd.array([*words], dtype="str").take(position)


def words(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a column of words, trimmed when the layer was read; missing where unknown."""
    if name not in frame.columns:
        return pd.Series(pd.NA, index=frame.index, name=name, dtype="str")
    return frame[name].astype("str")
