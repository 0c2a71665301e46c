"""What a plain circle around every facility would claim, beside what the streets give.

The same people, cells and areas are counted; only the walk is another: the straight line.
"""

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
from scipy.spatial import cKDTree

from analysis.coverage.areas import place_points, whereabouts
from analysis.people.living import home_shares
from analysis.people.locating import Located
from analysis.walking.placing import Placed
from analysis.walking.reach import Reach
from geo.streets.network import Floats, Ints
from geo.walks.travel import FAR

NORM_READING = "norm_1000m"


@dataclass(frozen=True)
class StraightCircle:
    """People aged 60+ in the circle and within the limit along the streets, of all located.

    elders, in_circle, walking
        None where nobody's number is known.
    """

    radius_m: float
    limit_min: float
    elders: float | None
    in_circle: float | None
    walking: float | None


def straight_circle(
    reach: Reach, located: Located, *, radius_m: float, boundaries: gpd.GeoDataFrame | None = None
) -> StraightCircle:
    """Return what circles of a radius around the facilities that count would claim.

    boundaries
        Where they say what is rural, people there are left out, as the headline leaves them out.
    """
    elders = located.homes["elderly_60plus"].to_numpy(dtype=float, na_value=np.nan)
    rural = whereabouts(place_points(located.homes.geometry), boundaries).rural
    known = np.isfinite(elders) & ~rural
    limit_min = reach.walking.limit_min
    if not known.any():
        return StraightCircle(radius_m, limit_min, None, None, None)
    straight = replace(
        reach,
        walks=replace(reach.walks, walk_mm=straight_mm(reach.placed)),
        budgets={**reach.budgets, NORM_READING: int(radius_m * 1000)},
    )

    def within(how: Reach, reading: str) -> float:
        shares: Floats = home_shares(how, located, reading)
        return float((elders[known] * shares[known]).sum())

    return StraightCircle(
        radius_m, limit_min, float(elders[known].sum()),
        within(straight, NORM_READING), within(reach, "headline"),
    )  # fmt: skip


def straight_mm(placed: Placed) -> Ints:
    """Return the straight millimetres of every point to its nearest facility; `FAR` for none."""
    xy = np.column_stack([placed.points.x, placed.points.y])
    standing = placed.facility_xy[np.isfinite(placed.facility_xy).all(axis=1)]
    walk_mm: Ints = np.full(len(xy), FAR, dtype=np.int64)
    somewhere = np.isfinite(xy).all(axis=1)
    if len(standing) and somewhere.any():
        metres, _ = cKDTree(standing).query(xy[somewhere])
        walk_mm[somewhere] = np.rint(metres * 1000).astype(np.int64)
    return walk_mm
