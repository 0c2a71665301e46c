"""Land cells as they leave when streets are altered: those kept, addressed anew, and new ones."""

from dataclasses import replace

import numpy as np

from geo.ground.land import CELL_M, Bounds, Land
from geo.streets.network import Floats, Ints
from geo.walks.altered_streets import AlteredStreets
from geo.walks.attachments import Attachments
from geo.walks.places import Exits


def altered_land(
    land: Land, attachments: Attachments, streets: AlteredStreets, *, within: Bounds | None
) -> Land:
    """Return the land with its ways out onto altered streets, and cells that had none before.

    within
        West, south, east and north in metres beyond which no land is wanted.
    """
    if not len(attachments.ground_boxes):  # nothing is added: no ground has a new way out
        return replace(land, exits=streets.exits(land.exits))
    land = _widened(land, attachments.ground_boxes, within)
    cell = _cells_in(land, attachments.ground_boxes)
    x, y = land.centres()
    columns = land.shape[1]
    ground = attachments.grounds.around(x[cell % columns], y[cell // columns])
    more = attachments.ways(ground)
    beside = attachments.grounds.around(land.beside.x, land.beside.y)
    more_beside = attachments.ways(beside)
    leaves = np.zeros(land.shape, dtype=bool).reshape(-1)
    leaves[land.cell] = leaves[cell[more.point]] = True
    known = np.flatnonzero(leaves)
    # Points are numbered anew: the cells in their order, then the points beside barriers.
    number = np.cumsum(leaves) - 1
    at = np.concatenate([number[land.cell], len(known) + np.arange(len(land.beside))])
    numbered = (
        replace(land.exits, point=at[land.exits.point]),
        replace(more, point=number[cell[more.point]]),
        replace(more_beside, point=len(known) + more_beside.point),
    )
    exits = _joined(numbered, points=len(known) + len(land.beside))
    return replace(land, cell=known, exits=streets.exits(exits))


def _joined(parts: tuple[Exits, ...], *, points: int) -> Exits:
    """Return the ways of all parts, point by point; of one point those of the first part first."""
    point = np.concatenate([part.point for part in parts])
    order = np.argsort(point, kind="stable")
    names = ("street", "offset_mm", "off_street_mm", "by_entrance")
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts])[order] for name in names
    }
    return Exits(point=point[order], reason=np.full(points, "", dtype=object), **columns)


def _widened(land: Land, boxes: Floats, within: Bounds | None) -> Land:
    """Return the same land on a field that holds some rectangles as well, as far as wanted."""
    if not len(boxes):
        return land
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    if within is not None:
        low, high = np.maximum(low, within[:2]), np.minimum(high, within[2:])
    first = np.array(land.origin)
    last = first + land.shape
    first_wanted = np.floor(low / CELL_M).astype(np.int64)[::-1]
    last_wanted = np.ceil(high / CELL_M).astype(np.int64)[::-1]
    if (first_wanted >= last_wanted).any():  # all beyond what is wanted
        return land
    first_wanted, last_wanted = np.minimum(first, first_wanted), np.maximum(last, last_wanted)
    rows, columns = last_wanted - first_wanted
    down, right = first - first_wanted

    def moved(cell: Ints) -> Ints:
        row, column = np.divmod(cell, land.shape[1])
        return np.where(cell < 0, cell, (row + down) * columns + column + right)

    beside = land.beside
    return replace(
        land,
        origin=(int(first_wanted[0]), int(first_wanted[1])),
        shape=(int(rows), int(columns)),
        cell=moved(land.cell),
        beside=replace(
            beside, one=moved(beside.one), other=moved(beside.other), near=moved(beside.near)
        ),
    )


def _cells_in(land: Land, boxes: Floats) -> Ints:
    """Return the cells of the field with their centres in any of some rectangles, in order."""
    x, y = land.centres()
    inside = np.zeros(land.shape, dtype=bool)
    for west, south, east, north in boxes:
        columns = np.searchsorted(x, (west, east))
        rows = np.searchsorted(y, (south, north))
        inside[slice(*rows), slice(*columns)] = True
    return np.flatnonzero(inside)
