"""The land within a walk of the facilities that count, agreeing with every place of the study."""

from collections.abc import Callable, Iterable
from threading import Lock, Thread

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from analysis.study import Study
from analysis.walking.kept_land import lands_of
from analysis.walking.placing import Placed
from analysis.walking.reach import Reach
from geo.ground.catchment import Witnesses, bands
from geo.ground.land import Bounds, Land, widened
from geo.position.coordinates import WGS84


class Outlines:
    """The catchments of one evaluation, drawn once: beside other work, or when first asked for.

    What goes wrong while they are drawn is raised for everybody who asks for them.
    """

    def __init__(self, draw: Callable[[], gpd.GeoDataFrame]) -> None:
        self._draw, self._lock = draw, Lock()
        self._outcome: gpd.GeoDataFrame | Exception | None = None

    def begin(self) -> None:
        """Draw in a thread of its own from now on."""
        Thread(target=self._once).start()

    def result(self) -> gpd.GeoDataFrame:
        """Return the outlines; whoever comes while they are being drawn waits."""
        outcome = self._once()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def _once(self) -> gpd.GeoDataFrame | Exception:
        """Return the outlines, or why they could not be drawn; neither is tried again."""
        with self._lock:
            if self._outcome is None:
                try:
                    self._outcome = self._draw()
                except Exception as error:  # noqa: BLE001 - `result` raises it
                    self._outcome = error
            return self._outcome


def catchments(
    study: Study, reach: Reach, *, minutes: Iterable[float], like: Placed | None = None
) -> gpd.GeoDataFrame:
    """Return one polygon a limit, in WGS84 with a `minutes` column; larger ones hold smaller.

    like
        As for `land_of`: given where others than the study's own facilities are walked from.

    Empty polygons where the study is too large for its land: see `has_land`.
    """
    limits = sorted({*minutes})
    reach_m = reach.search.horizon_mm / 1000
    empty = np.full(len(limits), shapely.MultiPolygon(), dtype=object)
    tiles = [
        _on_tile(study, reach, land, bounds, limits)
        for land, bounds in lands_of(study, reach.placed, reach_m=reach_m, like=like)
    ] or [empty]
    polygons = tiles[0] if len(tiles) == 1 else shapely.union_all(np.array(tiles), axis=0)
    frame = gpd.GeoDataFrame({"minutes": limits}, geometry=polygons, crs=study.crs)
    return frame.to_crs(WGS84)


def _on_tile(
    study: Study, reach: Reach, land: Land, bounds: Bounds | None, limits: list[float]
) -> NDArray[np.object_]:
    """Return a polygon a limit, in metres, cut to the bounds."""
    points = reach.placed.points
    witnesses = Witnesses(points.x, points.y, reach.walks.walk_mm).standing()
    if bounds is not None:
        witnesses = witnesses.within(widened(bounds))
    drawn = bands(
        land,
        reach.search.walks(land.exits),
        witnesses,
        minutes=limits,
        speed_m_per_s=study.description.walking.speed_m_per_s,
        walk_at=reach.walk_at,
    )
    return drawn if bounds is None else shapely.intersection(drawn, shapely.box(*bounds))
