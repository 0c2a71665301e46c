"""Ways out that altered streets add: onto lines that are new, and through new gates.

What a place had stays. A point also leaves by a new line where that is its nearest street now, by
the rule of `put_on_streets`: barriers are obeyed, and an estate's points leave by its entrances.
The points of an estate also leave by its new gates. Points further off are not looked at.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
import shapely

from geo.streets.network import Flags, Floats, Ints
from geo.walks.nearest_street import StreetIndex
from geo.walks.places import Exits, Grounds, Points, put_on_streets
from geo.walks.street_parts import near_boxes, only, with_lines


@dataclass(frozen=True, eq=False)
class Lines:
    """Straight lines that were added.

    number
        Of each among the altered streets.
    ends
        x and y of both ends in metres, shape (lines, 4).
    usable
        Which of them may be stepped onto.
    """

    number: Ints
    ends: Floats
    length_mm: Ints
    usable: Flags


@dataclass(frozen=True, eq=False)
class Attachments:
    """New lines, the streets near them, and new gates.

    index
        Streets near the new ones that may be stepped onto, and the new ones.
    number
        Of each of them: streets as in the network, lines as among the altered streets.
    new
        Which of them are new: lines, and streets that only the lines make usable.
    boxes
        Rectangles around the new ones, shape (boxes, 4).
    grounds, gates
        The estates with their entrances, and with their new gates only.
    """

    index: StreetIndex
    number: Ints
    new: Flags
    boxes: Floats
    grounds: Grounds
    gates: Grounds
    snap_max_m: float

    @classmethod
    def of(
        cls,
        index: StreetIndex,
        lines: Lines,
        newly_usable: tuple[Flags, Floats],
        grounds: Grounds,
        gates: Grounds,
        *,
        snap_max_m: float,
    ) -> Self:
        """Return what is new and the streets of `index` around it.

        newly_usable
            Streets that the lines make usable, and the rectangles around them.
        """
        network, (opened, opened_boxes) = index.network, newly_usable
        boxes = np.vstack([_boxes(lines.ends[lines.usable]), opened_boxes])
        at_gates = np.column_stack([gates.entrance_x, gates.entrance_y] * 2)
        reach_m = snap_max_m + float(_widths(grounds).max(initial=0.0))
        everywhere = np.vstack([boxes, at_gates])
        near = near_boxes(network, everywhere, within_m=2 * reach_m)
        near &= index.usable | opened
        streets = with_lines(only(network, near), lines.ends, length_mm=lines.length_mm)
        usable = np.concatenate([np.ones(near.sum(), dtype=bool), lines.usable])
        return cls(
            index=StreetIndex(streets, usable, index.barriers),
            number=np.concatenate([np.flatnonzero(near), lines.number]),
            new=np.concatenate([opened[near], np.ones(len(lines.number), dtype=bool)]),
            boxes=boxes,
            grounds=grounds,
            gates=gates,
            snap_max_m=snap_max_m,
        )

    def with_more(self, exits: Exits, points: Points) -> Exits:
        """Return the ways out of points and those that are new behind them, point by point."""
        more = self.ways(points)
        point = np.concatenate([exits.point, more.point])
        order = np.argsort(point, kind="stable")
        reason = exits.reason.copy()
        reason[more.point] = ""
        names = ("street", "offset_mm", "off_street_mm", "by_entrance")
        both = {n: np.concatenate([getattr(exits, n), getattr(more, n)])[order] for n in names}
        return Exits(point=point[order], reason=reason, **both)

    def ways(self, points: Points) -> Exits:
        """Return only the new ways out of points."""
        near = np.flatnonzero(self.near(points))
        onto = put_on_streets(
            self.index, points.take(near), snap_max_m=self.snap_max_m, grounds=self.grounds
        )
        gated = np.flatnonzero(np.isin(points.owner, self.gates.entrance_owner))
        through = put_on_streets(
            self.index, points.take(gated), snap_max_m=self.snap_max_m, grounds=self.gates
        )
        parts = ((onto, near, self.new[onto.street]), (through, gated, np.s_[:]))
        point = np.concatenate([at[part.point[rows]] for part, at, rows in parts])
        order = np.argsort(point, kind="stable")

        def column(name: str) -> Ints:
            both = [getattr(part, name)[rows] for part, _, rows in parts]
            ordered: Ints = np.concatenate(both)[order]
            return ordered

        return Exits(
            point=point[order],
            street=self.number[column("street")],
            offset_mm=column("offset_mm"),
            off_street_mm=column("off_street_mm"),
            by_entrance=column("by_entrance").astype(bool),
            reason=np.full(len(points), "", dtype=object),
        )

    def near(self, points: Points) -> Flags:
        """Return which points may leave by a new street: those near one, or of an estate near."""
        near = np.zeros(len(points), dtype=bool)
        for west, south, east, north in self.boxes:
            inside = (points.x >= west - self.snap_max_m) & (points.x <= east + self.snap_max_m)
            inside &= (points.y >= south - self.snap_max_m) & (points.y <= north + self.snap_max_m)
            near |= inside
        owned = points.owner >= 0
        near[owned] |= self._estates_near[points.owner[owned]]
        return near

    @cached_property
    def ground_boxes(self) -> Floats:
        """Return rectangles outside of which no land has a new way out, shape (boxes, 4)."""
        around = np.array([-1.0, -1.0, 1.0, 1.0]) * self.snap_max_m
        estates = self._estates_near.copy()
        estates[self.gates.entrance_owner] = True
        ground = shapely.bounds(self.grounds.polygons).reshape(-1, 4)[estates]
        boxes: Floats = np.vstack([self.boxes + around, ground[np.isfinite(ground).all(axis=1)]])
        return boxes

    @cached_property
    def _estates_near(self) -> Flags:
        """Return which estates have ground or an entrance from which a new street may be near."""
        grounds, widths = self.grounds, _widths(self.grounds)
        near = np.zeros(len(widths), dtype=bool)
        if not len(near):
            return near
        bounds = shapely.bounds(grounds.polygons).reshape(-1, 4)
        owner = grounds.entrance_owner
        xy = np.column_stack([grounds.entrance_x, grounds.entrance_y])
        within_m = (self.snap_max_m + widths[owner])[:, None]
        for box in self.boxes:
            east_north = bounds[:, :2] <= box[2:] + self.snap_max_m
            west_south = bounds[:, 2:] >= box[:2] - self.snap_max_m
            near |= (east_north & west_south).all(axis=1)
            at_gate = (xy <= box[2:] + within_m) & (xy >= box[:2] - within_m)
            near[owner[at_gate.all(axis=1)]] = True
        return near


def gates_of(grounds: Grounds, x: Floats, y: Floats, owner: Ints) -> Grounds:
    """Return the same estates with other entrances."""
    return replace(grounds, entrance_x=x, entrance_y=y, entrance_owner=owner)


def _boxes(ends: Floats) -> Floats:
    return np.hstack([np.minimum(ends[:, :2], ends[:, 2:]), np.maximum(ends[:, :2], ends[:, 2:])])


def _widths(grounds: Grounds) -> Floats:
    west, south, east, north = shapely.bounds(grounds.polygons).reshape(-1, 4).T
    widths: Floats = np.nan_to_num(np.hypot(east - west, north - south))
    return widths
