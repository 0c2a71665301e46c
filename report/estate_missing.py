"""What an estate that cannot be judged waits for, with the figures that two ledgers tell of it.

The list, the check sheet and the form that a street fills in say it from here.
"""

from collections.abc import Iterator
from typing import Final

import pandas as pd

from analysis.evaluation import Evaluation
from analysis.explaining.explained_place import ToldRooms
from geo.language import Message, joined, say
from report.estate_reasons import HOUSING, MISSING, Check, codes_of, missing
from report.estate_rooms import in_both_ledgers
from report.provision_figures import figure

_CONFLICT: Final = "area_conflict"
NEEDED_OTHERWISE: Final = say("核对台账所列的户数、面积和日期")
_OTHERWISE: Final = (NEEDED_OTHERWISE, HOUSING)
Needed = tuple[Message, Message]


def needed(check: Check, rooms: pd.DataFrame) -> list[Needed]:
    """Return what an undecided estate waits for, each with who usually has it.

    rooms
        As `care_rooms` gives them of the estate.
    """
    told = missing(check)
    conflict = _conflict(rooms) if _CONFLICT in codes_of(check["reasons"]) else None
    if conflict is None:
        return told
    old = MISSING[_CONFLICT][0]
    return [(conflict if what == old else what, who) for what, who in told]


def _conflict(rooms: pd.DataFrame) -> Message | None:
    """Return what is to be settled where two ledgers contradict; None where one does not tell."""
    ledgers = in_both_ledgers(rooms)
    if ledgers is None:
        return None
    own, linked = ledgers
    return say("核实养老用房面积：小区台账 {own} ㎡，设施台账 {linked} ㎡",
               own=figure(own), linked=figure(linked))  # fmt: skip


def needed_words(
    evaluation: Evaluation, rows: pd.DataFrame
) -> Iterator[tuple[str, str]]:
    """Yield of each undecided estate what it waits for, and from whom, in words.

    rows
        As `estate_rows` gives them, of undecided estates.
    """
    rooms = ToldRooms.of(evaluation)
    for row in rows.to_dict("records"):
        told = needed(row, rooms.at(str(row["residential_id"]))) or [_OTHERWISE]
        whose = dict.fromkeys(str(who) for _, who in told)
        yield str(joined("；", *(what for what, _ in told))), str(joined("、", *whose))
