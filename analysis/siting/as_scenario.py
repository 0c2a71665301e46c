"""A proposal as a scenario: the sites opened, so that the whole evaluation can be asked of them."""

from typing import Any

import pandas as pd
import shapely

from analysis.scenario import Opened, Scenario
from analysis.siting.choosing import Proposal
from geo.language import say


def as_scenario(proposal: Proposal) -> Scenario:
    """Return the sites of a proposal as facilities to be opened where the candidates stand.

    A candidate of no category becomes the first that counts; land has no floor area yet. Facilities
    given up are closed.
    """
    table = proposal.eligible.table.iloc[proposal.chosen]
    degrees = proposal.positions()
    layer = proposal.evaluation.study.layer("candidates")
    known = frozenset() if layer is None else frozenset(layer["id"])
    usual = proposal.evaluation.study.description.walking.categories[0]
    opened = tuple(
        Opened(
            name=row["name"],
            category=usual if pd.isna(row["category"]) else row["category"],
            **_where(row, spot, known),
            floor_area_m2=None if row["new_land"] else _known(row["area_m2"]),
            allocated_m2=0.0,  # nothing is made good until a pool is confirmed
            beds=_known(row["beds"]),
        )
        for (_, row), spot in zip(table.iterrows(), degrees, strict=True)
    )
    closed = proposal.eligible.table["candidate_id"].iloc[proposal.closed]
    title = say("选址方案：{count} 处", count=len(opened))
    return Scenario(title=str(title), open=opened, close=tuple(closed))


def _where(row: pd.Series, spot: shapely.Point, known: frozenset[str]) -> dict[str, Any]:
    """Return the candidate a site is, or where it stands if the layer does not have it."""
    if row["candidate_id"] in known and not row["stands"]:
        return {"candidate_id": row["candidate_id"]}
    return {"lon": round(spot.x, 7), "lat": round(spot.y, 7)}


def _known(value: float) -> float | None:
    return None if pd.isna(value) else float(value)
