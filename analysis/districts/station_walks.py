"""How far each station of a community lies from the centre of its street: on foot, by streets."""

import numpy as np
import pandas as pd
import shapely

from analysis.columns import words
from analysis.districts.standing import Standing
from analysis.districts.street_centres import CENTRE
from analysis.districts.tiers import RURAL
from analysis.study import Study
from analysis.walking.placing import Placed
from geo.language import say
from geo.walks.travel import FAR, WalksBetween, budget_mm, in_minutes

COLUMNS = ["facility_id", "name", "street", "centre_id", "minutes", "reason"]
NO_CENTRE, NO_STREET, BEYOND = "no_street_centre", "no_street", "beyond_horizon"
REASONS = {
    NO_CENTRE: say("所在街道(乡镇)没有区域养老服务中心"),
    NO_STREET: say("没有坐标，或不在任何街道(乡镇)范围内"),
    BEYOND: say("步行时间超过测算上限，或路网不通"),
}


def station_walks(study: Study, placed: Placed) -> pd.DataFrame:
    """Return the walk from every station to the nearest centre of its own street, by station id.

    minutes
        At the study's speed; empty with a reason of `REASONS` where there is none.

    It searches the streets once a centre, so it is for whoever asks.
    """
    standing = Standing.of(study.layer("facilities"), study.layer("boundaries"))
    stations = np.flatnonzero(standing.of_category(RURAL))
    centres = np.flatnonzero(standing.of_category(CENTRE))
    street = standing.area_of("street")
    pairs = (
        pd.DataFrame({"station": stations, "street": street[stations]})
        .merge(pd.DataFrame({"centre": centres, "street": street[centres]}), on="street")
        .query("street >= 0")
    )
    pairs = pairs.assign(walk_mm=_walk_mm(standing, placed, pairs, study))
    nearest = pairs.sort_values(["station", "walk_mm", "centre"]).drop_duplicates("station")
    nearest = nearest.set_index("station").reindex(stations)
    return _table(standing, stations, nearest, study)


def _walk_mm(
    standing: Standing, placed: Placed, pairs: pd.DataFrame, study: Study
) -> np.ndarray:
    """Return the walk of every pair of a station and a centre, `FAR` beyond the horizon."""
    if pairs.empty:
        return np.zeros(0, dtype=np.int64)
    walking = study.description.walking
    xy = np.column_stack([shapely.get_x(standing.points), shapely.get_y(standing.points)])
    centres = np.unique(pairs["centre"])
    goals = placed.ways_out(placed.sites_at(xy[centres]))
    starts = placed.ways_out(placed.sites_at(xy[pairs["station"].to_numpy()]))
    limit = budget_mm(walking.horizon_min, speed_m_per_s=walking.speed_m_per_s)
    between = WalksBetween.of(placed.graph, goals, limit_mm=limit)
    walk_mm, _ = between.walk(starts, np.searchsorted(centres, pairs["centre"].to_numpy()))
    return walk_mm


def _table(
    standing: Standing, stations: np.ndarray, nearest: pd.DataFrame, study: Study
) -> pd.DataFrame:
    facilities = standing.facilities.iloc[stations]
    street = standing.area_of("street")[stations]
    streets = standing.areas("street")
    names = np.append([] if streets is None else streets["name"], "").astype(object)
    some = nearest["centre"].notna().to_numpy()
    walk_mm = np.full(len(stations), FAR, dtype=np.int64)
    # A column with gaps is one of floats, which cannot hold what stands for no walk.
    walk_mm[some] = nearest["walk_mm"].dropna().to_numpy(dtype=np.int64)
    found = walk_mm != FAR
    centre = nearest["centre"].fillna(0).to_numpy(dtype=np.int64)
    ids = standing.facilities["id"].to_numpy(dtype=object)
    why = np.where(street < 0, NO_STREET, np.where(some, BEYOND, NO_CENTRE))
    return pd.DataFrame(
        {
            "facility_id": facilities["id"].to_numpy(),
            "name": words(facilities, "name").to_numpy(),
            "street": names[street],
            "centre_id": np.where(found, ids[centre] if len(ids) else "", ""),
            "minutes": in_minutes(walk_mm, speed_m_per_s=study.description.walking.speed_m_per_s),
            "reason": np.where(found, "", why),
        }
    )[COLUMNS]
