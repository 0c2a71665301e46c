"""Scenarios of one study beside each other: what each gives as a whole, and which is best."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from analysis.columns import figures
from analysis.scenario import Scenario
from analysis.study import Study
from analysis.what_if.elders import share_change
from analysis.what_if.side_by_side import SideBySide
from geo.streets.network import Flags

# Which way each figure is better; of the others neither is.
MORE, LESS = 1.0, -1.0
BETTER: Final = {
    "covered_60plus": MORE, "share_60plus": MORE, "covered_change": MORE, "share_change": MORE,
    "deficit_m2": LESS, "cost_wan": LESS,
}  # fmt: skip
SAME: Final = {"share_60plus": 5e-4, "share_change": 5e-4}  # printed with one decimal of a percent
ONE: Final = 0.5  # of a person, of a square metre


def scenario_totals(
    side: SideBySide, scenarios: Sequence[Scenario], study: Study
) -> pd.DataFrame:
    """Return a row a label: what the study has under each scenario, things as they stand first.

    `label`; `elderly_60plus, covered_60plus, share_60plus, covered_change, share_change` of the
    headline, without rural places, and whether they are a `lower_bound`; `deficit_m2`;
    `opened, closed`, how many; `cost_wan` of the facilities opened, empty where one of them has no
    known cost.

    scenarios
        In the order of the labels, without the first.
    """
    whole = side.rows[side.rows["level"].eq("study")].reset_index(drop=True)
    told = [Scenario(), *scenarios]
    headline = pd.DataFrame(side.headline)
    people = headline[["elderly_60plus", "covered_60plus", "share_60plus"]].astype("float64")
    more = people["covered_60plus"] - people["covered_60plus"].iloc[0]
    first = pd.Series(np.arange(len(people)) == 0)
    return whole[["label"]].assign(
        **people,
        covered_change=more.mask(first),
        share_change=share_change(more, people["elderly_60plus"]).mask(first),
        deficit_m2=whole["deficit_m2"],
        lower_bound=headline["lower_bound"].fillna(value=False).astype(bool),
        opened=[len(each.open) for each in told],
        closed=[len(each.close) for each in told],
        cost_wan=[opened_cost_wan(each, study) for each in told],
    )


def opened_cost_wan(scenario: Scenario, study: Study) -> float:
    """Return what the facilities opened at candidates cost; NaN where one's cost is unknown."""
    layer = study.layer("candidates")
    if layer is None:
        return 0.0 if not scenario.open else np.nan
    cost = pd.Series(figures(layer, "cost_wan").to_numpy(), index=layer["id"])
    cost = cost[~cost.index.duplicated()]
    asked = [each.candidate_id for each in scenario.open]
    return float(cost.reindex(asked).sum(skipna=False)) if asked else 0.0


def is_best(values: "pd.Series[float]", figure: str) -> Flags:
    """Return which values are the best of a figure; none where all are alike or one alone known."""
    better = BETTER.get(figure)
    numbers = np.asarray(values, dtype=np.float64)
    known = numbers[~np.isnan(numbers)]
    same = SAME.get(figure, ONE)
    if better is None or len(known) < 2 or known.max() - known.min() < same:  # noqa: PLR2004
        nothing: Flags = np.zeros(len(numbers), dtype=bool)
        return nothing
    best = (known * better).max()
    with np.errstate(invalid="ignore"):
        marked: Flags = best - numbers * better < same
    return marked
