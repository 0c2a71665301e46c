"""The land within a walk of one point, by the same rule as everything else."""

from collections.abc import Sequence
from dataclasses import replace

import geopandas as gpd

from analysis.kept_land import land_of
from analysis.placing import place_study
from analysis.reach import walk_everywhere
from analysis.study import Study
from geo.catchment import Witnesses, bands
from geo.coordinates import WGS84
from geo.errors import StreetsError, StudyError
from geo.language import say
from geo.places import Points, put_on_streets


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
    point = Points.free(spot.x.to_numpy(), spot.y.to_numpy())
    here = put_on_streets(placed.index, point, snap_max_m=walking.snap_max_m)
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
        placed, facilities=here, facility_xy=spot.get_coordinates().to_numpy(), counted=("at",)
    )
    reach = walk_everywhere(study, here_only)
    witnesses = Witnesses(placed.points.x, placed.points.y, reach.walks.walk_mm)
    land = land_of(study, reach.placed, reach_m=reach.search.horizon_mm / 1000)
    if land is None:
        raise StudyError(
            say("研究范围过大，未绘制服务圈范围图；其余结果不受影响。"),
            say("请按城区分别建立研究。"),
        )
    return bands(
        land,
        reach.search.walks(land.exits),
        witnesses.standing(),
        minutes=minutes,
        speed_m_per_s=walking.speed_m_per_s,
        walk_at=reach.walk_at,
        crs=study.crs,
    )
