"""What rows ask for and what rows are called, as tables that can be joined."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from analysis.columns import words
from analysis.matching.names import Name, parsed

_BETWEEN_ALIASES: Final = r"[;；、，,/／|\n]"

Read = Callable[[str], Name]


def asked_of(wanted: pd.DataFrame, read: Read) -> pd.DataFrame:
    """Return what is asked for: wanted (position), text, own, and its parts.

    own
        False for a name in brackets that it bore before. A row without a name asks for nothing.
    """
    text = words(wanted, "name").reset_index(drop=True).dropna()
    asked = pd.DataFrame({"wanted": text.index.to_numpy(), "text": text.to_numpy(dtype=object)})
    asked["text"] = asked["text"].str.strip()
    return _in_parts(asked[asked["text"].ne("")], read)


def called_of(known: pd.DataFrame, read: Read) -> pd.DataFrame:
    """Return what rows are called: known (position), text, alias, own, and its parts.

    A phase that stands in a column of its own is a phase of the name.
    """
    known = known.reset_index(drop=True)
    name = words(known, "name").dropna()
    other = words(known, "aliases").str.split(_BETWEEN_ALIASES, regex=True).explode()
    other = other.astype("str").dropna()
    called = pd.DataFrame(
        {
            "known": np.concatenate([name.index.to_numpy(), other.index.to_numpy()]),
            "text": np.concatenate([name.to_numpy(dtype=object), other.to_numpy(dtype=object)]),
            "alias": np.repeat([False, True], [len(name), len(other)]),
        }
    )
    called["text"] = called["text"].str.strip()
    called = _in_parts(called[called["text"].ne("")], read)
    return _with_phase(called, words(known, "phase"))


def maybe_short(asked: pd.DataFrame, called: pd.DataFrame) -> "pd.Series[int]":
    """Return who asks by a bare name with which several names of the same phases begin."""
    stems: dict[tuple[str, ...], list[str]] = {}
    for phases, stem in sorted({*zip(called["phases"], called["stem"], strict=True)}):
        stems.setdefault(phases, []).append(stem)
    longer = []
    for phases, stem, bare in zip(asked["phases"], asked["stem"], asked["bare"], strict=True):
        among = stems.get(phases, [])
        after = bisect_right(among, stem)
        longer.append(bare and after < len(among) and among[after].startswith(stem))
    who: pd.Series[int] = asked.loc[np.array(longer, dtype=bool), "wanted"]
    return who


def _in_parts(rows: pd.DataFrame, read: Read) -> pd.DataFrame:
    """Return the rows with the parts of their names; a name in brackets is a row of its own."""
    texts = rows["text"].unique()
    read_once = {text: read(text) for text in texts}
    former = {text: name.also for text, name in read_once.items() if name.also}
    names = {**read_once, **{other: read(other) for also in former.values() for other in also}}
    own = rows.assign(said=rows["text"], own=True)
    also = rows[rows["text"].isin([*former])]
    also = also.assign(said=also["text"].map(former), own=False).explode("said")
    every = pd.concat([own, also], ignore_index=True)
    parts = [names[text] for text in every["said"]]
    return every.drop(columns="said").assign(
        stem=pd.Series([part.stem for part in parts], dtype="object"),
        key=pd.Series([part.key for part in parts], dtype="object"),
        phases=pd.Series([part.phases for part in parts], dtype="object"),
        areas=pd.Series([part.areas for part in parts], dtype="object"),
        bare=pd.Series([part.bare for part in parts], dtype="bool"),
    )


def _with_phase(called: pd.DataFrame, column: "pd.Series[str]") -> pd.DataFrame:
    """Return names with the phase of the column, where they do not say one themselves."""
    told = called["known"].map(column)
    bare = told.notna() & called["phases"].map(len).eq(0)
    if not bare.any():
        return called
    phases = {text: phases_said(text) for text in told[bare].unique()}
    called = called.copy()
    called.loc[bare, "phases"] = told[bare].map(phases)
    again = called.loc[bare, "stem"] + called.loc[bare, "phases"].map(_behind)
    called.loc[bare, "key"] = again
    return called


def phases_said(text: str) -> tuple[str, ...]:
    """Return what a cell of the column 分期 says (`一期`, `1`, `A区`); none for nothing."""
    for spelling in (text, f"{text}期"):
        phases = parsed(f"某某{spelling}").phases
        if phases:
            return phases
    return ()


def _behind(phases: tuple[str, ...]) -> str:
    return "".join(f" {phase}" for phase in phases)


def by_level(
    rows: pd.DataFrame,
    lies: Mapping[str, Sequence[str | None]] | None = None,
    *,
    who: str = "known",
) -> dict[str, "pd.Series[str]"]:
    """Return by level the area each name says it is in, else the one its row lies in.

    lies
        By level the folded name of the area each row lies in; None where in none.
    who
        The column that tells the position of the row in `lies`.
    """
    said = rows["areas"].explode().dropna()
    levels = pd.Series([level for level, _ in said], index=said.index, dtype="object")
    names = pd.Series([name for _, name in said], index=said.index, dtype="object")
    found: dict[str, pd.Series[str]] = {}
    for level in sorted({*levels, *(lies or {})}):
        own = names[levels.eq(level)]
        own = own[~own.index.duplicated()].reindex(rows.index)
        if lies is not None and level in lies:
            standing = pd.Series([*lies[level]], dtype="object")
            own = own.fillna(rows[who].map(standing))
        found[level] = own
    return found
