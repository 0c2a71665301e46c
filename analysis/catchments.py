"""The land within a walk of the facilities that count, agreeing with every place of the study."""

from collections.abc import Callable, Iterable
from threading import Lock, Thread

import geopandas as gpd

from analysis.kept_land import land_of
from analysis.reach import Reach
from analysis.study import Study
from geo.catchment import Witnesses, bands
from geo.coordinates import WGS84


class Outlines:
    """The catchments of one evaluation, drawn once: beside other work, or when first asked for."""

    def __init__(self, draw: Callable[[], gpd.GeoDataFrame]) -> None:
        self._draw, self._lock = draw, Lock()
        self._drawn: gpd.GeoDataFrame | None = None

    def begin(self) -> None:
        """Draw in a thread of its own from now on."""
        Thread(target=self.result).start()

    def result(self) -> gpd.GeoDataFrame:
        """Return the outlines; whoever comes while they are being drawn waits."""
        with self._lock:
            if self._drawn is None:
                self._drawn = self._draw()
            return self._drawn


def catchments(study: Study, reach: Reach, *, minutes: Iterable[float]) -> gpd.GeoDataFrame:
    """Return one polygon a limit, in WGS84 with a `minutes` column; larger ones hold smaller.

    No rows where the study is too large for its land to be cut into cells.
    """
    placed = reach.placed
    land = land_of(study, placed, reach_m=reach.search.horizon_mm / 1000)
    if land is None:
        return gpd.GeoDataFrame({"minutes": []}, geometry=[], crs=WGS84)
    witnesses = Witnesses(placed.points.x, placed.points.y, reach.walks.walk_mm)
    return bands(
        land,
        reach.search.walks(land.exits),
        witnesses.standing(),
        minutes=sorted({*minutes}),
        speed_m_per_s=study.description.walking.speed_m_per_s,
        walk_at=reach.walk_at,
        crs=study.crs,
    )
