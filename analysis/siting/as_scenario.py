"""A proposal as a scenario: the sites opened, so that the whole evaluation can be asked of them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import shapely

from analysis.scenario import Opened, Scenario
from analysis.siting.choosing import Proposal
from analysis.siting.standing_sites import UPGRADED
from analysis.study import Study
from geo.language import say
from geo.streets.network import Ints


def as_scenario(
    proposal: Proposal,
    walking: Mapping[str, float] | None = None,
    *,
    sites: Ints | None = None,
) -> Scenario:
    """Return the sites of a proposal as facilities to be opened where the candidates stand.

    What the study already was changed by, scenarios and `walking`, is said again, so that it gives
    the same figures on the study as its file has it.

    sites
        Those to be opened, by candidate number; all of the proposal where None.

    A candidate of no category becomes the first that counts; land has no floor area yet. Facilities
    given up are closed, and so are those rebuilt, for they are opened anew.
    """
    study = proposal.evaluation.study
    return _upon(study, changes(proposal, walking, sites=sites))


def changes(
    proposal: Proposal,
    walking: Mapping[str, float] | None = None,
    *,
    sites: Ints | None = None,
) -> Scenario:
    """Return what a proposal changes in the study it was sought for, as it stands there."""
    chosen = proposal.chosen if sites is None else sites
    table = proposal.eligible.table.iloc[chosen]
    degrees = proposal.positions(chosen)
    layer = proposal.evaluation.study.layer("candidates")
    from_layer = layer is not None and not proposal.asked.generate
    known = frozenset(layer["id"]) if from_layer and layer is not None else frozenset()
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
    ids = proposal.eligible.table["candidate_id"]
    rebuilt = table["candidate_id"][table["stands"].eq(UPGRADED)]
    closed = (*ids.iloc[proposal.closed], *rebuilt)
    title = say("选址方案：{count} 处", count=len(opened))
    return Scenario(title=str(title), open=opened, close=closed, walking=dict(walking or {}))


def _upon(study: Study, new: Scenario) -> Scenario:
    """Return one scenario that says what a study was changed by, and then what a new one says.

    What the new one closes is neither moved nor resized before, nor opened at all.
    """
    bases = [Scenario.model_validate(dict(told)) for told in study.scenarios]
    opened = tuple(each for base in bases for each in base.open)
    facilities = study.layer("facilities")
    # Facilities that a scenario opens stand in no row of a file.
    ids = () if facilities is None else facilities["id"][facilities["row"].eq(0)]
    gone = {*new.close} & {*ids}
    told = [each for each, id_ in zip(opened, ids, strict=True) if id_ not in gone]
    scenario = new.model_copy(
        update={
            "open": (*told, *new.open),
            "close": tuple(name for name in new.close if name not in gone),
        }
    )
    for base in reversed(bases):
        left = {
            name: tuple(each for each in getattr(base, name) if each.facility_id not in new.close)
            for name in ("move", "resize")
        }
        whole = {name: getattr(base, name) for name in ("close", "link", "gate", "block")}
        scenario = scenario.model_copy(
            update={
                name: (*before, *getattr(scenario, name))
                for name, before in {**whole, **left}.items()
            }
            | {"walking": {**base.walking, **scenario.walking}}
        )
    return scenario


def _where(row: pd.Series, spot: shapely.Point, known: frozenset[str]) -> dict[str, Any]:
    """Return the candidate a site is, or where it stands if the layer does not have it."""
    if row["candidate_id"] in known and not row["stands"]:
        return {"candidate_id": row["candidate_id"]}
    return {"lon": round(spot.x, 7), "lat": round(spot.y, 7)}


def _known(value: float) -> float | None:
    return None if pd.isna(value) else float(value)
