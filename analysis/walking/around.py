"""The land within a walk of one point, by the same rule as everything else."""

from collections.abc import Sequence
from dataclasses import replace

import geopandas as gpd
import shapely

from analysis.study import Study
from analysis.walking.catchments import catchments
from analysis.walking.kept_land import has_land
from analysis.walking.placing import Placed, place_study
from analysis.walking.reach import walk_everywhere
from geo.errors import StreetsError, StudyError
from geo.language import say
from geo.position.coordinates import WGS84
from geo.streets.network import Floats


def ground_around(
    study: Study, placed: Placed, xy: Floats, *, minutes: float
) -> shapely.Geometry:
    """Return the land within a walk of any of some spots alone, in metres; empty without land.

    placed
        The study's places, as an evaluation has them.
    xy
        Metres in the study's CRS; shape (spots, 2).
    """
    here = replace(
        placed, facilities=placed.ways_out(placed.sites_at(xy)), facility_xy=xy,
        counted=tuple(str(number) for number in range(len(xy))),
    )  # fmt: skip
    drawn = catchments(study, walk_everywhere(study, here), minutes=[minutes], like=placed)
    return drawn.to_crs(study.crs).geometry.iloc[0]


def isochrone_around(
    study: Study, longitude: float, latitude: float, *, minutes: Sequence[float]
) -> gpd.GeoDataFrame:
    """Return polygons within `minutes` of a WGS84 point, in WGS84, agreeing with every place.

    Errors: StreetsError where the point is beyond the cap from any street.
    """
    horizon = max(*minutes, study.description.walking.horizon_min)
    study = study.with_walking(horizon_min=horizon)
    walking = study.description.walking
    spot = gpd.GeoSeries(gpd.points_from_xy([longitude], [latitude]), crs=WGS84).to_crs(study.crs)
    nobody = gpd.GeoDataFrame(geometry=[], crs=study.crs)
    placed = place_study(study, nobody)
    xy = spot.get_coordinates().to_numpy()
    here = placed.ways_out(placed.sites_at(xy))
    if not len(here.point):
        raise StreetsError(
            say(
                "--at {longitude},{latitude}：{cap:.0f} 米内没有可步行的道路。请换一个地点。",
                longitude=longitude,
                latitude=latitude,
                cap=walking.snap_max_m,
            )
        )
    here_only = replace(
        placed, facilities=here, facility_xy=xy, counted=("at",)
    )
    reach = walk_everywhere(study, here_only)
    if not has_land(study, placed, reach_m=reach.search.horizon_mm / 1000):
        raise StudyError(say("研究范围过大，未绘制服务圈范围图；其余结果不受影响。"))
    return catchments(study, reach, minutes=minutes, like=placed)
