"""Land cells of a study, found once and kept beside it."""

import logging

import numpy as np
import shapely

from analysis.placing import Placed
from analysis.study import Study, kept_beside
from geo.land import CELL_M, Land, land_key, load_land, put_land_on_streets, save_land

log = logging.getLogger(__name__)


def land_of(study: Study, placed: Placed) -> Land:
    """Return the study's land cells: those kept beside it, or found anew and kept.

    The key is the sha256 of streets, estates, entrances and parameters; stale cells are never
    used. Where the folder cannot be written the cells are found anew each time.
    """
    path = kept_beside(study.path, "land.npz")
    key = _key(study, placed)
    kept = load_land(path, key=key)
    if kept is not None:
        return kept
    land = put_land_on_streets(
        placed.index, placed.grounds, snap_max_m=study.description.walking.snap_max_m
    )
    try:
        save_land(land, path, key=key)
    except OSError as error:
        log.info("land cells are not kept: %s", error)
    return land


def _key(study: Study, placed: Placed) -> str:
    network, grounds = study.network, placed.grounds
    arrays = (
        network.x, network.y, network.tail, network.head, network.length_mm, network.vertex_xy,
        network.vertex_start, placed.index.usable, grounds.entrance_x, grounds.entrance_y,
        grounds.entrance_owner,
    )  # fmt: skip
    return land_key(
        CELL_M,
        study.description.walking.snap_max_m,
        study.crs.to_wkt(),
        *(np.ascontiguousarray(array).tobytes() for array in arrays),
        *shapely.to_wkb(grounds.polygons),
    )
