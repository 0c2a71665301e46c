"""A proposal as a scenario: the sites opened, so that the whole evaluation can be asked of them."""

import pandas as pd

from analysis.scenario import Opened, Scenario
from analysis.siting.choosing import Proposal
from geo.language import say


def as_scenario(proposal: Proposal) -> Scenario:
    """Return the sites of a proposal as facilities to be opened where the candidates stand.

    A candidate of no category becomes the first that counts; land has no floor area yet.
    """
    table = proposal.eligible.table.iloc[proposal.chosen]
    usual = proposal.evaluation.study.description.walking.categories[0]
    opened = tuple(
        Opened(
            name=row["name"],
            category=usual if pd.isna(row["category"]) else row["category"],
            candidate_id=row["candidate_id"],
            floor_area_m2=None if row["new_land"] else _known(row["area_m2"]),
            beds=_known(row["beds"]),
        )
        for _, row in table.iterrows()
    )
    title = say("选址方案：{count} 处", count=len(opened))
    return Scenario(title=str(title), open=opened)


def _known(value: float) -> float | None:
    return None if pd.isna(value) else float(value)
