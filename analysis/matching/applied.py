"""Decisions about names as positions: which of them hold for what is asked now."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.columns import words
from analysis.coverage.areas import Flags
from analysis.matching.kept import Confirmed

Written = npt.NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Applied:
    """Decisions as positions: wanted, known (-1: none), decision; and those that fit no more."""

    said: pd.DataFrame
    without_row: tuple[Confirmed, ...]
    without_known: tuple[Confirmed, ...]


@dataclass(frozen=True, eq=False)
class Sides:
    """What is asked, and what it may mean.

    asked
        name, at, row_id, row_name, street, in_file; where rows of a name are asked for together,
        row_id and row_name are empty.
    known
        id, name.
    written
        How each known row is written once it is found: who writes it so asks for it.
    asked_in, known_in
        The street of each, as the boundaries call it; None where unknown.
    """

    asked: pd.DataFrame
    known: pd.DataFrame
    written: Written
    asked_in: Sequence[str | None]
    known_in: Sequence[str | None]


def applied(kept: Sequence[Confirmed], sides: Sides) -> Applied:
    """Return decisions about the names of one column as positions.

    A row, estate or area is the one of that id and name; where ids were the numbers of rows and
    have moved, the only one of that name. Of a name asked for in several streets, a decision that
    says no street holds where its area may lie; one that does goes before it.
    """
    meaning = {one: _known_of(one, sides.known) for one in kept}
    asking = {one: _asked_by(one, meaning[one], sides) for one in kept}
    told = [one for one in kept if len(asking[one]) and meaning[one] is not None]
    rows = pd.DataFrame(
        {
            "wanted": np.concatenate([np.empty(0, np.int64), *(asking[one] for one in told)]),
            "known": np.repeat([meaning[one] for one in told], [len(asking[one]) for one in told]),
            "decision": [one.decision for one in told for _ in asking[one]],
            "exact": [bool(one.row_id or one.street or one.file)
                      for one in told for _ in asking[one]],
        }
    ).astype({"wanted": "int64", "known": "int64", "decision": "str", "exact": "bool"})  # fmt: skip
    exact = rows["exact"].groupby(rows["wanted"]).transform("any")
    said = rows.loc[rows["exact"] | ~exact, ["wanted", "known", "decision"]]
    return Applied(
        said.reset_index(drop=True),
        tuple(one for one in kept if not len(asking[one])),
        tuple(one for one in kept if len(asking[one]) and meaning[one] is None),
    )


def _asked_by(one: Confirmed, known: int | None, sides: Sides) -> npt.NDArray[np.int64]:
    """Return the positions of what is asked that a decision is about."""
    name = words(sides.asked, "name")
    holds = _holds(one, name.eq(one.asked).to_numpy(dtype=bool), known, sides)
    if one.decision == "same" and known is not None:
        again = name.eq(str(sides.written[known])).to_numpy(dtype=bool)
        holds = holds | _holds(one, again, known, sides)
    return np.flatnonzero(holds)


def _holds(one: Confirmed, text: Flags, known: int | None, sides: Sides) -> Flags:
    """Return for which of the askers that write a text a decision holds."""
    asked = sides.asked
    if one.row_id:
        called = text & words(asked, "row_name").fillna("").eq(one.row_name).to_numpy(dtype=bool)
        own: Flags = called & words(asked, "row_id").eq(one.row_id).to_numpy(dtype=bool)
        of_one_row = len({*asked["at"][called]}) == 1
        return own if own.any() else called & of_one_row
    street, file = asked["street"], asked["in_file"]
    if one.street or one.file:
        there = street.isin([one.street, ""]) & file.isin([one.file, ""])
        here: Flags = text & there.to_numpy(dtype=bool)
        return here
    if text.sum() <= 1 or known is None or known < 0:
        return text
    target = sides.known_in[known]
    may = [target is None or street in {None, target} for street in sides.asked_in]
    may_mean: Flags = text & np.array(may, dtype=bool)
    return may_mean


def _known_of(one: Confirmed, known: pd.DataFrame) -> int | None:
    if one.decision == "none":
        return -1
    name = words(known, "name").fillna("").eq(one.to_name).to_numpy(dtype=bool)
    own = name & words(known, "id").eq(one.to_id).to_numpy(dtype=bool)
    return _only(own) if own.any() else _only(name)


def _only(holds: Flags) -> int | None:
    at = np.flatnonzero(holds)
    return int(at[0]) if len(at) == 1 else None
