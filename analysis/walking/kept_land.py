"""Land cells of a study, found once and kept beside it."""

import logging
from collections.abc import Iterator

import numpy as np
import shapely

from analysis.study import Study, kept_beside
from analysis.walking.placing import Placed
from geo.ground.land import (
    CELL_M,
    Bounds,
    Land,
    land_fits,
    land_key,
    load_land,
    put_land_on_streets,
    save_land,
    tiles_of_land,
    widened,
)

LEAST_REACH_M = 5000.0  # so that ordinary limits and speeds share the same land

log = logging.getLogger(__name__)


def land_of(
    study: Study, placed: Placed, *, reach_m: float = LEAST_REACH_M, like: Placed | None = None
) -> Land | None:
    """Return the study's land cells, as a scenario would alter them if it does.

    reach_m
        The longest walk that is to be drawn: so far around its places a study has land.
    like
        The study's own places, where other spots are asked about: their land does wherever it
        goes far enough, and one that is kept already stays.

    None where the study is too large for a field of cells.
    """
    within = _window(placed, reach_m, like)
    land = _unaltered(study, placed, within, instead=like is None)
    if land is None or placed.altered is None:
        return land
    return placed.altered.land(land, within=within)


def lands_of(
    study: Study, placed: Placed, *, reach_m: float, like: Placed | None = None
) -> Iterator[tuple[Land, Bounds | None]]:
    """Yield all the land of a study with no bounds; of a wide study tile by tile with theirs.

    like
        As for `land_of`.

    The land of a tile goes a margin beyond its bounds. Tiles are not kept. Nothing where there
    would be too many of them: see `has_land`.
    """
    whole = land_of(study, placed, reach_m=reach_m, like=like)
    if whole is not None:
        yield whole, None
        return
    walking = study.description.walking
    within = _window(placed, reach_m, like)
    tiles = tiles_of_land(
        placed.index, placed.grounds, snap_max_m=walking.snap_max_m, within=within
    )
    for tile in tiles or ():
        around = widened(tile)
        land = put_land_on_streets(
            placed.index, placed.grounds, snap_max_m=walking.snap_max_m, within=around
        )
        if land is None or not len(land.cell):
            continue
        altered = land if placed.altered is None else placed.altered.land(land, within=around)
        yield altered, tile


def has_land(study: Study, placed: Placed, *, reach_m: float) -> bool:
    """Return whether the study is small enough for its land to be found, whole or in tiles."""
    snap_max_m = study.description.walking.snap_max_m
    within = _window(placed, reach_m)
    index, grounds = placed.index, placed.grounds
    return land_fits(index, grounds, snap_max_m=snap_max_m, within=within) or (
        tiles_of_land(index, grounds, snap_max_m=snap_max_m, within=within) is not None
    )


def _unaltered(
    study: Study, placed: Placed, within: Bounds | None, *, instead: bool
) -> Land | None:
    """Return the land cells kept beside the study, or found anew and kept.

    instead
        Whether land that is kept already makes room for it.

    The key is the sha256 of streets, estates, entrances, barriers and parameters; stale cells are
    never used. Where the folder cannot be written the cells are found anew each time. None where
    the study is too large for a field of cells.
    """
    index, grounds = placed.index, placed.grounds
    snap_max_m = study.description.walking.snap_max_m
    if not land_fits(index, grounds, snap_max_m=snap_max_m, within=within):
        return None
    path = kept_beside(study.path, "land.npz")
    key = _key(study, placed, within)
    kept = load_land(path, key=key)
    if kept is not None:
        return kept
    land = put_land_on_streets(index, grounds, snap_max_m=snap_max_m, within=within)
    if land is None or (path.exists() and not instead):
        return land
    try:
        save_land(land, path, key=key)
    except OSError as error:
        log.info("land cells are not kept: %s", error)
    return land


def _window(placed: Placed, reach_m: float, like: Placed | None = None) -> Bounds | None:
    """Return the bounds of all places and facilities that count, widened by a walk.

    Those of other places where they go as far.
    """
    own = _around(placed, max(reach_m, LEAST_REACH_M))
    known = None if like is None else _around(like, max(reach_m, LEAST_REACH_M))
    if own is None or known is None:
        return own
    return known if shapely.box(*known).covers(shapely.box(*own)) else own


def _around(placed: Placed, reach_m: float) -> Bounds | None:
    x = np.concatenate([placed.points.x, placed.facility_xy[:, 0]])
    y = np.concatenate([placed.points.y, placed.facility_xy[:, 1]])
    known = np.isfinite(x) & np.isfinite(y)
    if not known.any():
        return None
    x, y = x[known], y[known]
    # Whole kilometres, so that a facility more or less seldom asks for other land.
    west, south = (np.floor((v.min() - reach_m) / 1000) * 1000 for v in (x, y))
    east, north = (np.ceil((v.max() + reach_m) / 1000) * 1000 for v in (x, y))
    return float(west), float(south), float(east), float(north)


def _key(study: Study, placed: Placed, within: Bounds | None) -> str:
    network, grounds, barriers = study.network, placed.grounds, placed.index.barriers
    walls = np.zeros((0, 4)) if barriers is None else barriers.ends
    arrays = (
        network.x, network.y, network.tail, network.head, network.length_mm, network.vertex_xy,
        network.vertex_start, placed.index.usable, grounds.entrance_x, grounds.entrance_y,
        grounds.entrance_owner, walls,
    )  # fmt: skip
    return land_key(
        CELL_M,
        study.description.walking.snap_max_m,
        study.crs.to_wkt(),
        within,
        *(np.ascontiguousarray(array).tobytes() for array in arrays),
        *shapely.to_wkb(grounds.polygons),
    )
