"""Which estates lack floor area that the rooms of new sites could make good, if confirmed."""

import numpy as np
import pandas as pd

from analysis.columns import words
from analysis.evaluation import Evaluation
from analysis.pooling.confirmed import ENOUGH
from analysis.pooling.spare_area import already_pooled
from analysis.provision.remedies import usable_candidates
from analysis.rule_keys import POOL_WALK
from analysis.walking.estate_walks import estate_walks
from geo.streets.network import Flags, Floats, Ints
from geo.walks.places import Exits
from geo.walks.travel import budget_mm

COLUMNS = ["site", "residential_id", "name", "deficit_m2"]


def cures(evaluation: Evaluation, sites: Ints, exits: Exits, rooms: pd.DataFrame) -> pd.DataFrame:
    """Return the estates whose lack each site could make good whole, one row each.

    sites
        Candidates by number, in the order in which they may claim estates.
    exits, rooms
        The ways of all candidates; their `candidate_id` and `area_m2`.

    Within the pooling walk a site takes the largest lacks that still fit into its room; together
    they are never more than its area, and no lack is made good twice. Rooms of unknown area, on
    land, or of a category that is no care floor area make good nothing. It binds nobody until it
    is confirmed.
    """
    short = _short(evaluation)
    limit = evaluation.rulebook.find(POOL_WALK, "all", evaluation.study.on)
    if not len(short) or limit is None or not len(sites):
        return pd.DataFrame(columns=COLUMNS)
    able = _able(evaluation, rooms)
    walking = evaluation.study.description.walking
    limit_mm = budget_mm(limit.value, speed_m_per_s=walking.speed_m_per_s)
    wanted = np.isin(np.arange(len(able)), sites) & able
    walks = estate_walks(evaluation.reach.placed, exits.only(wanted), limit_mm=limit_mm)
    near = pd.DataFrame(
        {
            "site": np.flatnonzero(wanted)[walks["facility"]],
            "project": evaluation.detail.check.project.iloc[walks["estate"]].to_numpy(),
        }
    ).drop_duplicates()
    near = near[near["project"].isin(short.index)].join(short, on="project")
    near = near.sort_values(["deficit_m2", "residential_id"], ascending=[False, True])
    area = rooms["area_m2"].to_numpy(dtype=np.float64)
    taken: set[int] = set()
    rows: list[pd.DataFrame] = []
    for site in sites:
        own = near[near["site"].eq(site) & ~near["project"].isin(taken)]
        fits = own[_fitting(own["deficit_m2"].to_numpy(dtype=np.float64), float(area[site]))]
        taken.update(fits["project"])
        rows.append(fits[COLUMNS])
    return pd.concat(rows, ignore_index=True)


def _fitting(lacks: Floats, room_m2: float) -> Flags:
    """Return which lacks fit into a room, one by one."""
    fits = np.zeros(len(lacks), dtype=bool)
    for i, lack in enumerate(lacks):
        if lack * ENOUGH <= room_m2:
            fits[i] = True
            room_m2 -= lack
    return fits


def _short(evaluation: Evaluation) -> pd.DataFrame:
    """Return the projects that are short and may pool, by position, with what they lack."""
    study, check = evaluation.study, evaluation.detail.check
    residential = study.layer("residential")
    if residential is None or check.area is None:
        return pd.DataFrame(columns=COLUMNS[1:])
    residential = residential.reset_index(drop=True)
    judged = check.projects
    bound = already_pooled(check, residential, study.description.pools)
    open_ = judged["verdict"].eq("short") & judged["may_pool"].fillna(value=False)
    short = judged[open_.astype(bool) & judged["deficit"].gt(0) & ~judged.index.isin(bound)]
    return pd.DataFrame(
        {
            "residential_id": words(residential, "id")[short.index],
            "name": words(residential, "name")[short.index],
            "deficit_m2": short["deficit"].astype("float64"),
        }
    )


def _able(evaluation: Evaluation, rooms: pd.DataFrame) -> Flags:
    """Return which candidates' rooms may make good a lack."""
    layer = evaluation.study.layer("candidates")
    if layer is None:
        return np.zeros(len(rooms), dtype=bool)
    offered = usable_candidates(layer, evaluation.rulebook, on=evaluation.study.on)
    by_id = offered.set_index("candidate_id")["usable"].astype(bool)
    found = by_id.reindex(rooms["candidate_id"], fill_value=False).to_numpy(dtype=bool)
    able_rooms: Flags = found & rooms["stands"].eq("").to_numpy()  # ids may be those of facilities
    return able_rooms
