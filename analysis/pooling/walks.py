"""Walks that confirmed pools ask for: from each estate of a pool to each of its facilities."""

from itertools import product

import numpy as np
import shapely

from analysis.pooling.confirmed import pooled_estates
from analysis.provision.projects import project_of
from analysis.study import Study
from analysis.walking.estate_walks import estate_walks
from analysis.walking.placing import Placed, facility_points
from geo.walks.travel import budget_mm, in_minutes


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
    members = pooled_estates(residential, project_of(residential), pools)
    asked = residential["id"].isin([*members]).to_numpy()
    care = facilities[facilities["id"].isin([f for pool in pools for f in pool.facilities])]
    spots = facility_points(care)
    somewhere = ~(shapely.is_missing(spots) | shapely.is_empty(spots))
    sites = placed.sites_at(shapely.get_coordinates(spots[somewhere]))
    walks = estate_walks(placed, placed.ways_out(sites), limit_mm=horizon, estates=asked)
    row = np.cumsum(asked) - 1
    minutes = np.full((asked.sum(), len(sites)), np.nan)
    minutes[row[walks["estate"]], walks["facility"]] = in_minutes(
        walks["walk_mm"].to_numpy(), speed_m_per_s=walking.speed_m_per_s
    )
    pairs = product(residential.loc[asked, "id"], care.loc[somewhere, "id"])
    return dict(zip(pairs, minutes.ravel().tolist(), strict=True))
