"""Names of areas as they are compared, column by column."""

import re
from collections.abc import Callable
from typing import Final

import pandas as pd

from analysis.columns import words
from analysis.matching.names import folded_area

_STREET: Final = re.compile(r"(?<=.)(?:街道|镇|乡|苏木)$")


def area_keys(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of names of areas as they are compared; missing where unknown."""
    return _each(frame, column, folded_area)


def street_stems(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of names of streets without 街道, 镇, 乡: 东城 is 东城街道."""
    return _each(frame, column, street_stem)


def street_stem(name: str) -> str:
    """Return the name of a street without 街道, 镇, 乡."""
    return _STREET.sub("", folded_area(name))


def _each(frame: pd.DataFrame, column: str, key: Callable[[str], str]) -> pd.Series:
    keys = words(frame, column).map(key, na_action="ignore").astype("str")
    return keys.where(keys.str.len().gt(0))
