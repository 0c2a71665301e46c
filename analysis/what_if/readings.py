"""Readings of one evaluation at other paces and limits: who would be covered, side by side.

Nothing is walked again: a walk is as long whoever takes it, so a reading is another budget for the
walks that the evaluation knows. Each is what a whole evaluation of that pace and limit prints.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np
import pandas as pd

from analysis.evaluation import Evaluation
from analysis.walking.reach import NORM_MM
from analysis.what_if.elders import Elders
from geo.walks.travel import budget_mm

COLUMNS: Final = ("speed_m_per_s", "limit_min", "elderly_60plus", "covered_60plus", "share_60plus")


def readings(
    evaluation: Evaluation, *, speeds: Iterable[float], limits: Iterable[float]
) -> pd.DataFrame:
    """Return people aged 60+ covered at every pace (m/s) and limit (minutes), then on 1,000 m.

    One reading a row; the last, of the planning standards' 1,000 m, has neither pace nor limit.
    People and share are those of summary.json; missing where no source tells them, or where the
    walk is longer than the evaluation looked.
    """
    asked = [(speed, limit) for speed in speeds for limit in limits]
    budgets = [budget_mm(limit, speed_m_per_s=speed) for speed, limit in asked]
    elders, longest = Elders.of(evaluation, levels=()), _longest_mm(evaluation)
    walk_mm = evaluation.reach.walks.walk_mm
    rows = []
    for (speed, limit), budget in zip(
        [*asked, (np.nan, np.nan)], [*budgets, NORM_MM], strict=True
    ):
        told = elders.summary(walk_mm <= budget) if budget <= longest else {}
        rows.append((speed, limit, *(told.get(name) for name in COLUMNS[2:])))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    people = dict.fromkeys(("elderly_60plus", "covered_60plus"), "Int64")
    return table.astype({"share_60plus": "float64", **people})


def _longest_mm(evaluation: Evaluation) -> int:
    """Return the longest walk that the evaluation looked for."""
    reach = evaluation.reach
    walking = reach.walking
    horizon = budget_mm(walking.horizon_min, speed_m_per_s=walking.speed_m_per_s)
    return max(horizon, *reach.budgets.values())
