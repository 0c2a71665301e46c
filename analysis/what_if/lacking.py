"""What scenarios do to the floor area that is lacking: the study's figures, and whose are lost.

An estate that comes to be unknown leaves the sum of what is lacking without a square metre built.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geo.streets.network import Flags


@dataclass(frozen=True)
class Lacking:
    """What is lacking under one scenario, and how estates moved in and out of the sum.

    figures
        As `provision` of summary.json has them.
    lost, lost_m2
        Estates with a verdict in the baseline that are unknown now, and what they lacked then.
    found, found_m2
        Estates unknown in the baseline with a verdict now, and what they lack now.
    """

    figures: Mapping[str, Any]
    lost: int
    lost_m2: float
    found: int
    found_m2: float


def lacking(
    figures: Sequence[Mapping[str, Any]], tables: Sequence[pd.DataFrame]
) -> tuple[Lacking, ...]:
    """Return what is lacking under each of some scenarios, the baseline first.

    figures, tables
        Of each its `provision` of summary.json, and its provision.csv.
    """
    base = tables[0].set_index("residential_id")
    told = []
    for own, table in zip(figures, tables, strict=True):
        now = table.set_index("residential_id")
        before = base.reindex(now.index)
        lost = _has_verdict(before) & _unknown(now)
        found = _unknown(before) & _has_verdict(now)
        told.append(
            Lacking(own, int(lost.sum()), _m2(before, lost), int(found.sum()), _m2(now, found))
        )
    return tuple(told)


def _unknown(table: pd.DataFrame) -> Flags:
    unknown: Flags = table["verdict"].eq("unknown").to_numpy(dtype=bool)
    return unknown


def _has_verdict(table: pd.DataFrame) -> Flags:
    told: Flags = table["verdict"].isin(["met", "met_pooled", "short"]).to_numpy(dtype=bool)
    return told


def _m2(table: pd.DataFrame, which: Flags) -> float:
    m2 = table["deficit_m2"].to_numpy(dtype=np.float64, na_value=np.nan)
    return float(np.nansum(m2[which]))
