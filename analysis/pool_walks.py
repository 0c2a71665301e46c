"""Walks that confirmed pools ask for: from each estate of a pool to each of its facilities."""

import numpy as np
import pandas as pd
import shapely

from analysis.placing import Placed, facility_points
from analysis.pooling import pooled_estates
from analysis.projects import project_of
from analysis.reach import lower_medians
from analysis.study import Study
from geo.travel import budget_mm, in_minutes, nearest_facility


def pool_walks(study: Study, placed: Placed) -> dict[tuple[str, str], float]:
    """Return minutes by (estate id, facility id) for the confirmed pools; NaN where unreached.

    Of every project that a pool names all estates are asked.
    """
    residential, facilities = study.layer("residential"), study.layer("facilities")
    pools = study.description.pools
    if residential is None or facilities is None or not pools:
        return {}
    walking = study.description.walking
    horizon = budget_mm(walking.horizon_min, speed_m_per_s=walking.speed_m_per_s)
    row = pd.Index(facilities["id"])
    named = pooled_estates(residential, project_of(residential), pools)
    asked = np.flatnonzero(residential["id"].isin([*named]))
    estates = residential["id"].to_numpy(dtype=object)[asked]
    walks: dict[tuple[str, str], float] = {}
    for name in sorted({f for pool in pools for f in pool.facilities} & set(row)):
        spot = shapely.get_coordinates(facility_points(facilities.iloc[[row.get_loc(name)]]))
        if not len(spot):
            continue
        there = placed.ways_out(placed.sites_at(spot))
        walk = nearest_facility(placed.graph, there, placed.exits, horizon_mm=horizon)
        median = lower_medians(placed, walk.walk_mm, count=len(residential))
        minutes = in_minutes(median[asked], speed_m_per_s=walking.speed_m_per_s)
        walks |= {(estate, name): float(m) for estate, m in zip(estates, minutes, strict=True)}
    return walks
