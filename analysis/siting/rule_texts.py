"""The texts behind what keeps a candidate out: which document, which clause."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from analysis.evaluation import Evaluation
from analysis.rule_keys import CELLARS, HIGHEST, LIFT_FROM, ROOM

# The rule that a reason rests on; other reasons are what the ledger says.
RULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "no_lift": LIFT_FROM,
        "above_highest_floor": HIGHEST,
        "under_room_min": ROOM,
        "unfit_floor": CELLARS,
    }
)


def texts_of(evaluation: Evaluation, reasons: Iterable[str]) -> list[tuple[str, str]]:
    """Return document and clause of the rules behind each candidate's reasons.

    reasons
        Codes parted by `;`. Several rules are parted by `;` too; empty where no rule speaks.
    """
    found = {
        code: evaluation.rulebook.find(key, "all", evaluation.study.on)
        for code, key in RULES.items()
    }
    told = []
    for codes in reasons:
        rules = [rule for code in codes.split(";") if (rule := found.get(code)) is not None]
        told.append((";".join(r.document for r in rules), ";".join(r.clause for r in rules)))
    return told
