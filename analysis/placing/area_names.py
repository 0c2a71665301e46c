"""Names of areas as they are compared: a committee bears the name of the place it is for."""

import re
from collections.abc import Callable
from typing import Final

import pandas as pd

from analysis.columns import words
from geo.headers import fold

# Offices list the committee (长青社区居民委员会), maps the place (长青社区).
_COMMITTEES: Final = (
    (re.compile(r"(?:社区)?居(?:民)?委(?:员)?会$"), "社区"),
    (re.compile(r"嘎查(?:村民|牧民)?(?:村)?委(?:员)?会$"), "嘎查"),
    (re.compile(r"村?村(?:民)?委(?:员)?会$"), "村"),
    (re.compile(r"街道办(?:事处)?$"), "街道"),
)
_STREET: Final = re.compile(r"(?<=.)(?:街道|镇|乡|苏木)$")


def area_keys(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of names of areas as they are compared; missing where unknown."""
    return _each(frame, column, _key)


def street_stems(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of names of streets without 街道, 镇, 乡: 东城 is 东城街道."""
    return _each(frame, column, lambda name: _STREET.sub("", _key(name)))


def _each(frame: pd.DataFrame, column: str, key: Callable[[str], str]) -> pd.Series:
    keys = words(frame, column).map(key, na_action="ignore").astype("str")
    return keys.where(keys.str.len().gt(0))


def _key(name: str) -> str:
    text = fold(name)
    for committee, place in _COMMITTEES:
        text = committee.sub(place, text)
    return text
