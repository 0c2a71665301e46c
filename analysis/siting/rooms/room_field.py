"""What is left to decide between sites with room, once all that is settled is set aside."""

from dataclasses import dataclass

import numpy as np

from analysis.siting.rooms.room import Rooms
from analysis.siting.rooms.room_bound import Reach
from analysis.siting.rooms.room_flow import Held, Rows, filled, short_of_room
from analysis.siting.solving.candidates import Scale
from geo.streets.network import Flags, Ints

FLOAT = 1e-11  # part by which sums of floats may err


@dataclass(frozen=True, eq=False)
class Field:
    """People short of room, the facilities that reach them, and the sites free to choose.

    People who have room with the existing and mandatory facilities anyway, and those facilities,
    are left out: no site can change them.

    kept, secured
        Units the existing ones serve alone, and that the mandatory sites add to them.
    always
        The first so many facilities are existing and mandatory ones, all of them full.
    every, rows
        All facilities; the free ones alone.
    free
        The candidate of each free one.
    weight
        Units of each group.
    held
        The facilities open anyway, at work.
    grain
        Every sum of units served is a multiple of it.
    rooms, mandatory
        What it was made from.
    """

    kept: int
    secured: int
    always: int
    every: Rows
    rows: Rows
    free: Ints
    weight: Ints
    held: Held
    grain: int
    rooms: Rooms
    mandatory: Ints

    @classmethod
    def of(cls, rooms: Rooms, mandatory: Ints, free: Ints) -> "Field":
        """Return the field between these mandatory and free candidates."""
        load, near, short = _settled(rooms, mandatory)
        which = np.append(near, rooms.existing + free)
        every, weight, _ = rooms.rows(which, np.where(short, rooms.inside, 0), rooms.room)
        every = every._replace(room=np.minimum(every.room, _within_reach(every, weight)))
        always = len(near)
        first = every.start[: always + 1]
        held = filled(first, every.group[: first[-1]], weight, every.room[:always])
        return cls(
            kept=int(load[: rooms.existing].sum()),
            secured=int(load[rooms.existing :].sum()),
            always=always,
            every=every,
            rows=Rows(every.start[always:], every.group, every.room[always:]),
            free=free,
            weight=weight,
            held=held,
            grain=max(int(np.gcd.reduce(np.concatenate([weight, every.room, [0]]))), 1),
            rooms=rooms,
            mandatory=mandatory,
        )

    def only(self, which: Ints) -> "Field":
        """Return the field with these of the free sites alone."""
        return Field.of(self.rooms, self.mandatory, self.free[which])

    @property
    def scale(self) -> Scale:
        """Return what a person is in units."""
        return self.rooms.scale

    @property
    def reach(self) -> Reach:
        """Return all facilities in people."""
        weight, room = self.scale.people(self.weight), self.scale.people(self.every.room)
        return Reach(self.every.start, self.every.group, weight, room)

    @property
    def total(self) -> float:
        """Return the people of the field."""
        return float(self.scale.people(self.weight.sum()))

    def units_at_most(self, people: float, known: int, *, err: float = FLOAT) -> int:
        """Return a bound in units, rounded down to what sums can be.

        people
            The bound as floats have it, which may err by a part `err` of the people of the field.
        known
            Units that are achieved; a bound that cannot be told from them is them.
        """
        slack, achieved = err * self.total, float(self.scale.people(known))
        if people <= achieved + slack:
            return known
        units = int(np.ldexp(people + slack, self.scale.bits))
        units = min(units, int(self.weight.sum()), int(self.rows.room.sum()))
        return units // self.grain * self.grain


def _within_reach(rows: Rows, weight: Ints) -> Ints:
    before = np.append(0, np.cumsum(weight[rows.group]))
    reach: Ints = before[rows.start[1:]] - before[rows.start[:-1]]
    return reach


def _settled(rooms: Rooms, mandatory: Ints) -> tuple[Ints, Ints, Flags]:
    """Return the load of existing and mandatory facilities, those that lack room, and places."""
    fixed = np.append(np.arange(rooms.existing), rooms.existing + mandatory)
    rows, weight, group_of = rooms.rows(fixed, rooms.inside, rooms.room)
    held = filled(rows.start, rows.group, weight, rows.room)
    short = short_of_room(held)
    near = np.unique(held.owner[short[held.group] & (held.flow > 0)])
    # Places that none of these reaches are in no group: they lack room altogether.
    return held.load, fixed[near], np.append(short, True)[group_of]
