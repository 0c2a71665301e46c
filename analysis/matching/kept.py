"""What the user confirmed of names: NAME.matches.toml beside NAME.study.toml.

A decision is about one name as it is written, in one row of a layer, or in all rows that write it
(entrances, streets and communities of estates). It is one of

- `same`: it means this estate or area; several where several are meant,
- `different`: it does not mean this one,
- `none`: it means none on the list.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from analysis.columns import words
from analysis.coverage.areas import Flags
from analysis.description import Described, checked
from analysis.kept_beside import beside, read_beside, toml_block, write_beside, writing
from geo.language import say

HEADING: Final = (
    "# 已确认的名称对应：same 同一个，different 不是，none 都不是。由程序写入，也可以手工修改。\n"
)


class Confirmed(Described):
    """One decision.

    layer, column
        Where the name is written: `facilities`, `serves`.
    row_id, row_name
        The row that writes it, as it was called then; empty where all rows are meant.
    asked
        The name as it is written.
    to_id, to_name
        The estate or area, as it was called then; empty for `none`.
    """

    layer: str
    column: str
    row_id: str = ""
    row_name: str = ""
    asked: str
    to_id: str = ""
    to_name: str = ""
    decision: Literal["same", "different", "none"]
    score: float | None = Field(default=None, ge=0, le=100)
    on: dt.date | None = None
    by: str = ""

    @property
    def asker(self) -> tuple[str, str, str, str]:
        """Return who asks for what: two decisions of one asker are about one name."""
        return self.layer, self.column, self.row_id, self.asked


class _Kept(Described):
    match: tuple[Confirmed, ...] = ()


@dataclass(frozen=True, eq=False)
class Applied:
    """Decisions as positions: wanted, known (-1: none), decision; and those that fit no more."""

    said: pd.DataFrame
    without_row: tuple[Confirmed, ...]
    without_known: tuple[Confirmed, ...]


def matches_file(study: Path) -> Path:
    """Return where the confirmed matches of a study stand."""
    return beside(study, "matches")


def read_confirmed(study: Path) -> tuple[Confirmed, ...]:
    """Return what was confirmed; nothing where there is no file. Errors: StudyError."""
    path = matches_file(study)
    raw = read_beside(path, say("已确认的名称对应"))
    with checked(path):
        return _Kept.model_validate(raw).match


def confirm(study: Path, decisions: Iterable[Confirmed]) -> tuple[Confirmed, ...]:
    """Keep decisions beside a study and return all that are kept now.

    A new `same` or `none` takes the place of all that was said of the name before; a new
    `different` takes the place of what was said of it and that estate, and of a `none`.

    Errors: StudyError where the file cannot be read or written; it is then as it was.
    """
    new = _dated(decisions)
    settled = {one.asker for one in new if one.decision != "different"}
    denied = {(one.asker, one.to_id) for one in new}
    with writing(matches_file(study)):
        old = [
            one
            for one in read_confirmed(study)
            if one.asker not in settled
            and (one.asker, one.to_id) not in denied
            and not (one.decision == "none" and one.asker in {other.asker for other in new})
        ]
        kept = tuple(sorted({*old, *new}, key=_order))
        _write(study, kept)
    return kept


def unconfirm(study: Path, decisions: Iterable[Confirmed]) -> tuple[Confirmed, ...]:
    """Take decisions back and return all that are kept now. Errors: as `confirm`."""
    gone = {(one.asker, one.to_id, one.decision) for one in decisions}
    with writing(matches_file(study)):
        kept = tuple(
            one
            for one in read_confirmed(study)
            if (one.asker, one.to_id, one.decision) not in gone
        )
        _write(study, kept)
    return kept


def applied(kept: Sequence[Confirmed], asked: pd.DataFrame, known: pd.DataFrame) -> Applied:
    """Return decisions about the names of one column as positions.

    asked
        name, row_id, row_name: both empty where all rows of a name are asked for together.
    known
        id, name.

    A row, estate or area is the one of that id and name; where ids were the numbers of rows and
    have moved, the only one of that name.
    """
    asking = {one: _row_of(one, asked) for one in kept}
    meaning = {one: _known_of(one, known) for one in kept}
    told = [one for one in kept if asking[one] is not None and meaning[one] is not None]
    said = pd.DataFrame(
        {
            "wanted": [asking[one] for one in told],
            "known": [meaning[one] for one in told],
            "decision": pd.array([one.decision for one in told], dtype="str"),
        }
    ).astype({"wanted": "int64", "known": "int64"})
    return Applied(
        said,
        tuple(one for one in kept if asking[one] is None),
        tuple(one for one in kept if asking[one] is not None and meaning[one] is None),
    )


def _row_of(one: Confirmed, asked: pd.DataFrame) -> int | None:
    text = words(asked, "name").eq(one.asked).to_numpy(dtype=bool)
    if not one.row_id:
        return _only(text)
    name = words(asked, "row_name").fillna("").eq(one.row_name).to_numpy(dtype=bool)
    own = text & name & words(asked, "row_id").eq(one.row_id).to_numpy(dtype=bool)
    return _only(own) if own.any() else _only(text & name)


def _known_of(one: Confirmed, known: pd.DataFrame) -> int | None:
    if one.decision == "none":
        return -1
    name = words(known, "name").fillna("").eq(one.to_name).to_numpy(dtype=bool)
    own = name & words(known, "id").eq(one.to_id).to_numpy(dtype=bool)
    return _only(own) if own.any() else _only(name)


def _only(holds: Flags) -> int | None:
    at = np.flatnonzero(holds)
    return int(at[0]) if len(at) == 1 else None


def _dated(decisions: Iterable[Confirmed]) -> list[Confirmed]:
    today = dt.datetime.now().astimezone().date()
    return [one if one.on else one.model_copy(update={"on": today}) for one in decisions]


def _order(one: Confirmed) -> tuple[str, ...]:
    return (*one.asker, one.decision, one.to_id)


def _write(study: Path, kept: Sequence[Confirmed]) -> None:
    blocks = [toml_block("match", one.model_dump(exclude_defaults=True)) for one in kept]
    write_beside(matches_file(study), HEADING + "\n" + "\n".join(blocks) if blocks else "")
