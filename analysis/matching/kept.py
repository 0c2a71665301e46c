"""What the user confirmed of names: NAME.matches.toml beside NAME.study.toml.

A decision is about one name as it is written, in one row of a layer, or in all rows that write it
(streets of estates); where names repeat from street to street (communities, entrances), in all rows
of one street, or of one file where no street is known. It is one of

- `same`: it means this estate or area; several where several are meant,
- `different`: it does not mean this one,
- `none`: it means none on the list.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, Literal

from pydantic import Field

from analysis.description import Described, checked
from analysis.kept_beside import beside, read_beside, toml_block, write_beside, writing
from geo.language import say

HEADING: Final = (
    "# 已确认的名称对应：same 同一个，different 不是，none 都不是。由程序写入，也可以手工修改。\n"
)


Asker = tuple[str, str, str, str, str, str]


class Confirmed(Described):
    """One decision.

    layer, column
        Where the name is written: `facilities`, `serves`.
    row_id, row_name
        The row that writes it, as it was called then; empty where all rows are meant.
    street, file
        The street whose rows are meant; where they tell none, the file. Empty in decisions that
        hold wherever no street distinguishes.
    asked
        The name as it is written.
    to_id, to_name
        The estate or area, as it was called then; empty for `none`.
    """

    layer: str
    column: str
    row_id: str = ""
    row_name: str = ""
    street: str = ""
    file: str = ""
    asked: str
    to_id: str = ""
    to_name: str = ""
    decision: Literal["same", "different", "none"]
    score: float | None = Field(default=None, ge=0, le=100)
    on: dt.date | None = None
    by: str = ""

    @property
    def asker(self) -> Asker:
        """Return who asks for what: two decisions of one asker are about one name."""
        return self.layer, self.column, self.row_id, self.street, self.file, self.asked


class _Kept(Described):
    match: tuple[Confirmed, ...] = ()


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


def _dated(decisions: Iterable[Confirmed]) -> list[Confirmed]:
    today = dt.datetime.now().astimezone().date()
    return [one if one.on else one.model_copy(update={"on": today}) for one in decisions]


def _order(one: Confirmed) -> tuple[str, ...]:
    return (*one.asker, one.decision, one.to_id)


def _write(study: Path, kept: Sequence[Confirmed]) -> None:
    blocks = [toml_block("match", one.model_dump(exclude_defaults=True)) for one in kept]
    write_beside(matches_file(study), HEADING + "\n" + "\n".join(blocks) if blocks else "")
