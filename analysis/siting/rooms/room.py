"""Facilities with room for so many and no more: who is within reach of them, and who is served.

The model. A person can be served only by a facility within the limit that has room left; people
are sent where there is room, as many as can be (a largest flow), and nobody is served twice.

People outside the study stand in the same queue: a facility cannot send them away. Of the room of
each facility, the study has the part that its people are of all people within reach: with 300 from
inside and 100 from outside, 75 of 100. This part is fixed beforehand and can be worked out by hand
for each facility alone; room that people from outside leave unused, because others serve them too,
is not given back, so that the gain of the study is never told too large.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from analysis.siting.rooms.room_flow import Held, Rows, filled, opened, pick
from analysis.siting.solving.candidates import (
    Candidates,
    Scale,
    Table,
    as_flags,
    checked_table,
    grouped,
    known_people,
)
from analysis.siting.solving.solution import Solution
from geo.streets.network import Flags, Floats, Ints


class Unknown(StrEnum):
    """How an existing facility is read whose room is unknown."""

    UNLIMITED = "unlimited"
    NOBODY = "nobody"


@dataclass(frozen=True, eq=False)
class Supply:
    """Candidates and existing facilities, their room, and the people they are for.

    candidates, existing
        Which places each has within reach. All existing ones are kept.
    people
        Of each place: known, not negative.
    room, existing_room
        People that can be served; infinite for no limit, NaN for unknown. A candidate whose room
        is unknown is never chosen.
    outside
        Places outside the study: their people take room but are no gain. None where absent.
    unknown
        Existing ones of unknown room serve all within reach, so that no gain is told that may be
        none; or nobody, which is the other end. Neither is right: say how many there are.
    """

    candidates: Candidates
    existing: Candidates
    people: ArrayLike
    room: ArrayLike
    existing_room: ArrayLike
    outside: Flags | None = None
    unknown: Unknown = Unknown.UNLIMITED


@dataclass(frozen=True, eq=False)
class Served:
    """Sites, and whom they and the existing ones serve.

    Where several facilities could serve the same people, `load` is one of several ways to send as
    many; the number served in all is the same in each.

    solution
        `value` and `bound` are people of the study newly served, or sites where few are wanted.
    gain
        People of the study each site adds to those before it.
    load, existing_load
        People of the study that each site (in the order chosen) and existing facility serve.
    outside_load, existing_outside_load
        The same of people from outside.
    before, served
        People of each place served by the existing ones alone, and with the sites: never fewer.
    most
        People of the study served if every candidate that may be one were a site; NaN where most
        people are looked for.
    """

    solution: Solution
    gain: Floats
    load: Floats
    existing_load: Floats
    outside_load: Floats
    existing_outside_load: Floats
    before: Floats
    served: Floats
    most: float


@dataclass(frozen=True, eq=False)
class Rooms:
    """A supply in whole units: one table, the existing ones first.

    inside, outside
        Units of each place in the study, and out of it.
    room, outside_room
        Units of each facility kept for the one and for the other.
    known
        Whether the room of each candidate is.
    """

    table: Table
    existing: int
    scale: Scale
    inside: Ints
    outside: Ints
    room: Ints
    outside_room: Ints
    known: Flags

    @classmethod
    def of(cls, supply: Supply) -> "Rooms":
        """Return a supply in units. Errors: ValueError for rooms or people that cannot be."""
        scale = Scale.of(known_people(supply.people))
        places = len(scale.units)
        table = _joined(
            checked_table(supply.existing, places), checked_table(supply.candidates, places)
        )
        unknown = np.inf if supply.unknown is Unknown.UNLIMITED else 0.0
        given = _known_room(supply.existing_room, len(supply.existing))
        wanted = _known_room(supply.room, len(supply.candidates))
        room = np.append(
            np.where(np.isnan(given), unknown, given), np.where(np.isnan(wanted), 0.0, wanted)
        )
        away = as_flags(supply.outside, places)
        inside, outside = np.where(away, 0, scale.units), np.where(away, scale.units, 0)
        parts = _parted(table, room, scale, (inside, outside))
        return cls(
            table, len(supply.existing), scale, inside, outside, *parts, ~np.isnan(wanted)
        )

    def units_of(self, people: float) -> int:
        """Return people in units, within what floats can tell apart."""
        slack = 1e-9 * self.scale.people(self.inside.sum())
        return int(np.ceil(np.ldexp(max(people - float(slack), 0.0), self.scale.bits)))

    def rows(self, which: Ints, units: Ints, room: Ints) -> tuple[Rows, Ints, Ints]:
        """Return facilities in their order, the units of each group, and the group of places."""
        start, place = self.table
        size = np.diff(start)[which]
        ends = np.cumsum(size)
        entry = np.arange(size.sum()) + np.repeat(start[which] - ends + size, size)
        table = np.append(0, ends).astype(np.int64), place[entry]
        cover, group_of = grouped(table, np.arange(len(which)), units)
        return Rows(cover.start, cover.group, room[which]), cover.weight, group_of


def _joined(first: Table, second: Table) -> Table:
    start = np.append(first[0], first[0][-1] + second[0][1:])
    return start, np.append(first[1], second[1])


def _known_room(room: ArrayLike, size: int) -> Floats:
    known = np.array(room, dtype=np.float64)
    if known.shape != (size,) or (known < 0).any():
        msg = f"{size} rooms are needed, none of them negative."
        raise ValueError(msg)
    return known


def _parted(
    table: Table, room: Floats, scale: Scale, people: tuple[Ints, Ints]
) -> tuple[Ints, Ints]:
    """Return the room for people inside and outside: in proportion to those within reach."""
    start, place = table
    owner = np.repeat(np.arange(len(room)), np.diff(start))
    reach = [np.bincount(owner, units[place], len(room)) for units in people]
    whole = np.minimum(np.ldexp(room, scale.bits), reach[0] + reach[1])
    every = np.maximum(reach[0] + reach[1], 1.0)
    inside, outside = (
        np.minimum(np.floor(whole * (part / every)), part).astype(np.int64) for part in reach
    )
    return inside, outside


def ordered(rooms: Rooms, chosen: Ints) -> tuple[Ints, Ints]:
    """Return candidates, each the one that adds most to those before it, and the units it adds.

    Ties go to the first candidate; those that add nobody come last, in their order.
    """
    sites = np.sort(chosen)
    held, rows = _existing_and(rooms, sites, rooms.inside, rooms.room)[:2]
    most, barred = rows.room.copy(), np.zeros(len(sites), dtype=bool)
    order, gain = [], []
    while (best := pick(held, rows, most, np.ones(len(sites)), barred)) >= 0:
        held, units = opened(held, rows.row(best), int(rows.room[best]))
        barred[best] = True
        order.append(best)
        gain.append(units)
    idle = np.flatnonzero(~barred)
    return sites[np.append(order, idle).astype(np.int64)], np.append(
        gain, np.zeros_like(idle)
    ).astype(np.int64)


def served(rooms: Rooms, solution: Solution, gain: Ints, most: float) -> Served:
    """Return whom sites and existing ones serve: sent anew, by nothing but their own tables."""
    mine = _sent(rooms, solution.chosen, rooms.inside, rooms.room)
    away = _sent(rooms, solution.chosen, rooms.outside, rooms.outside_room)
    people = rooms.scale.people
    return Served(
        solution=solution,
        gain=people(gain),
        load=people(mine.load[rooms.existing :]),
        existing_load=people(mine.load[: rooms.existing]),
        outside_load=people(away.load[rooms.existing :]),
        existing_outside_load=people(away.load[: rooms.existing]),
        before=mine.before + away.before,
        served=mine.after + away.after,
        most=most,
    )


@dataclass(frozen=True, eq=False)
class _Sent:
    """Units each facility serves; people of each place served by the existing ones, and by all."""

    load: Ints
    before: Floats
    after: Floats


def _sent(rooms: Rooms, sites: Ints, units: Ints, room: Ints) -> _Sent:
    held, rows, weight, group_of = _existing_and(rooms, sites, units, room)
    before = weight - held.free
    for which in range(len(sites)):
        held, _ = opened(held, rows.row(which), int(rows.room[which]))
    parts = (before, weight - held.free)
    shares = (np.append(part / np.maximum(weight, 1), 0.0)[group_of] for part in parts)
    people = rooms.scale.people(units)
    return _Sent(held.load, *(people * share for share in shares))


def _existing_and(
    rooms: Rooms, sites: Ints, units: Ints, room: Ints
) -> tuple[Held, Rows, Ints, Ints]:
    """Return existing facilities at work, the sites, and the groups of people."""
    which = np.append(np.arange(rooms.existing), rooms.existing + sites)
    rows, weight, group_of = rooms.rows(which, units, room)
    kept = rooms.existing
    first = rows.start[: kept + 1]
    held = filled(first, rows.group[: first[-1]], weight, rows.room[:kept])
    return held, Rows(rows.start[kept:], rows.group, rows.room[kept:]), weight, group_of
