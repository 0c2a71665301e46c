"""Remedies for estates without enough care floor area, and the candidates that may serve."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from analysis.columns import figures, words
from analysis.provision.need import eligible_categories
from analysis.provision.usable import usable_rooms
from analysis.rulebook import Rulebook
from geo.language import Message, say

REMEDIES: Mapping[str, Message] = MappingProxyType(
    {
        "build": say("补建"),
        "buy": say("购置"),
        "swap": say("置换"),
        "rent": say("租赁"),
        "reallocate": say("调剂"),
        "convert": say("改造"),
        "undecided": say("方式待定"),
        "remeasure": say("先复测面积"),
    }
)
"""The ways the texts name, then where none can be named yet.

置换 depends on what owners agree, and is never proposed by rule.
"""

# Lacks below this are measured again before anything is bought: no room is so small, and a ledger
# in whole square metres may be wrong by as much. A hint of this program, in no rule.
REMEASURE_M2: Final = 5.0

# What a kind of existing room suggests, by a word in it; the first that fits.
_BY_KIND = (
    ("公租房", "rent"),
    ("国企", "rent"),
    ("商业", "buy"),
    ("培训", "convert"),
    ("疗养", "convert"),
    ("社区", "convert"),
    ("公共", "convert"),
)
_OTHERWISE = "buy"


def usable_candidates(candidates: pd.DataFrame, rulebook: Rulebook, *, on: date) -> pd.DataFrame:
    """Return what candidates offer, by position: candidate_id, area_m2, cost_wan, remedy, usable.

    usable
        Whether the whole room may make good a lack, as `usable_rooms` says, and would be of a
        category whose floor area counts; a room of no category may become one that does.
    """
    candidates = candidates.reset_index(drop=True)
    category = words(candidates, "category")
    counts = category.isna() | category.isin(eligible_categories(rulebook, on=on))
    return pd.DataFrame(
        {
            "candidate_id": words(candidates, "id"),
            "area_m2": figures(candidates, "area_m2"),
            "cost_wan": figures(candidates, "cost_wan"),
            "remedy": _suggested(words(candidates, "kind")),
            "usable": usable_rooms(candidates, rulebook, on=on).makes_good & counts,
        }
    )


def _suggested(kind: pd.Series) -> pd.Series:
    """Return the remedy that each kind of candidate suggests."""
    holds = [kind.str.contains(word, regex=False).fillna(value=False) for word, _ in _BY_KIND]
    chosen = np.select(
        [h.to_numpy(dtype=bool) for h in holds], [r for _, r in _BY_KIND], _OTHERWISE
    )
    return pd.Series(chosen, index=kind.index, dtype="str")


def nearest_candidates(
    need_m2: pd.Series, walks: pd.DataFrame, offered: pd.DataFrame
) -> pd.DataFrame:
    """Return of each project the nearest usable candidate that covers its need alone.

    need_m2
        By project; NaN for those that need nothing.
    walks
        project, candidate (position), minutes.
    offered
        As `usable_candidates` gives it.

    candidate_id, candidate_minutes, remedy by project; ties go to the smallest id. It is a pointer,
    not an allotment: one candidate may be the nearest of many.
    """
    fit = walks.join(offered, on="candidate")
    fit = fit[fit["usable"] & fit["area_m2"].ge(fit["project"].map(need_m2))]
    first = fit.sort_values(["minutes", "candidate_id"]).drop_duplicates("project")
    found = first.set_index("project").rename(columns={"minutes": "candidate_minutes"})
    return found[["candidate_id", "candidate_minutes", "remedy"]].reindex(need_m2.index)
