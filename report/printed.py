"""Codes of tables as the words people read, in the language now spoken."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pandas as pd

from analysis.districts.neighbours import CLASSES
from analysis.districts.station_walks import REASONS as STATION_REASONS
from analysis.districts.stock import KINDS
from analysis.districts.street_centres import FUNCTIONS
from analysis.districts.tiers import TIERS
from analysis.provision.reasons import REASONS, SCOPE_REASONS, SEPARATOR, WALK_REASONS
from analysis.provision.remedies import REMEDIES
from analysis.provision.synchrony import STEPS
from analysis.provision.usable import REASONS as STOCK_REASONS
from geo.language import Message, say

# The one reason that machines ask for by its code.
KEPT_AS_CODE: Final = ("assumed",)
DATES: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "completion": say("竣工"),
        "handover": say("交付"),
        "conditions": say("规划条件"),
        "land_grant": say("出让"),
        "permit": say("许可"),
    }
)
_FUNCTIONS = MappingProxyType({code: word for code, (word, _) in FUNCTIONS.items()})
_STOCK = MappingProxyType({code: kind.name for code, kind in KINDS.items()})
WORDS: Final[Mapping[str, Mapping[str, Message]]] = MappingProxyType(
    {
        "reason": {**WALK_REASONS, **STATION_REASONS},
        "reasons": {**STOCK_REASONS, **REASONS},
        "warnings": {**STOCK_REASONS, **REASONS},
        "scope_reason": SCOPE_REASONS,
        "remedy": REMEDIES,
        "first_broken_step": STEPS,
        "review_date_is": DATES,
        "missing": TIERS,
        "functions_missing": _FUNCTIONS,
        "health_class": CLASSES,
        "kind_class": _STOCK,
    }
)
"""What the codes of each column mean; a column that is not here is printed as it is."""


def in_words(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with codes as words, `assumed` as it is; verdicts stay the English words."""
    coded = [name for name in WORDS if name in table.columns]
    printed = {name: _printed(table[name], WORDS[name]) for name in coded}
    notes = [name for name in ("note",) if name in table.columns]
    return table.assign(**printed, **{name: table[name].map(str) for name in notes})


def _printed(codes: pd.Series, meaning: Mapping[str, Message]) -> pd.Series:
    """Return joined codes as joined words; empty stays empty."""

    def printed(joined: str) -> str:
        each = [code for code in str(joined).split(SEPARATOR) if code]
        words = (code if code in KEPT_AS_CODE else str(meaning[code]) for code in each)
        return SEPARATOR.join(words)

    # Thousands of rows share a few dozen reasons.
    words = {joined: printed(joined) for joined in codes.dropna().unique()}
    return codes.map(words)
