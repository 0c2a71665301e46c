"""What closing facilities costs besides the walk: verdicts, floor area, beds, confirmed pools."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.columns import figures
from analysis.evaluation import Evaluation, evaluate
from analysis.scenario import apply
from analysis.siting.as_scenario import changes
from analysis.siting.choosing import Proposal

PASSED = ("met", "met_pooled")


@dataclass(frozen=True, eq=False)
class ClosingCosts:
    """What changes in the provision check when facilities go that a proposal gives up.

    worse, other
        Estates that pass today and would not; those whose verdict changes otherwise:
        `residential_id, name, before, after`.
    floor_area_m2, beds
        Of the facilities that go; `unknown_area`, `unknown_beds` of them do not tell theirs.
    pools
        Names of the confirmed pools that count on one of them and of which a member passes no more.
    before, after
        The figures of the provision check, as summary.json has them.
    lower_bound
        Whether people covered are a lower bound once they are gone.
    """

    facilities: tuple[str, ...]
    worse: pd.DataFrame
    other: pd.DataFrame
    floor_area_m2: float
    unknown_area: int
    beds: float
    unknown_beds: int
    pools: tuple[str, ...]
    before: dict[str, Any]
    after: dict[str, Any]
    lower_bound: bool


def closing_costs(proposal: Proposal) -> ClosingCosts | None:
    """Return what the facilities that a proposal gives up take with them; None: none goes.

    The whole study is evaluated as the proposal leaves it.
    """
    if not len(proposal.closed):
        return None
    now = proposal.evaluation
    ids = tuple(proposal.eligible.table["candidate_id"].iloc[proposal.closed])
    then = evaluate(apply(changes(proposal), now.study), draw="when asked")
    changed = _verdicts(now, then)
    worse = changed["before"].isin(PASSED) & ~changed["after"].isin(PASSED)
    facilities = now.study.layers["facilities"]
    gone = facilities[facilities["id"].isin(ids)]
    area, beds = figures(gone, "floor_area_m2"), figures(gone, "beds")
    lost = set(changed.loc[worse, "residential_id"])
    pools = tuple(
        pool.name
        for pool in now.study.description.pools
        if {*pool.facilities} & {*ids} and {*pool.estates} & lost
    )
    return ClosingCosts(
        ids,
        changed[worse].reset_index(drop=True),
        changed[~worse].reset_index(drop=True),
        float(np.nansum(area)),
        int(area.isna().sum()),
        float(np.nansum(beds)),
        int(beds.isna().sum()),
        pools,
        now.summary["provision"],
        then.summary["provision"],
        bool(then.summary["coverage"]["lower_bound"]),
    )


def _verdicts(now: Evaluation, then: Evaluation) -> pd.DataFrame:
    """Return the estates whose verdict is another one then."""
    columns = ["residential_id", "name", "verdict"]
    before, after = now.provision[columns], then.provision[["residential_id", "verdict"]]
    both = before.merge(after, on="residential_id", suffixes=("_now", "_then"))
    both = both.rename(columns={"verdict_now": "before", "verdict_then": "after"})
    words = both[["before", "after"]].fillna("")
    return both[words["before"].ne(words["after"])]
