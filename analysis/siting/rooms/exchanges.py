"""What every candidate would serve where rooms hold so many only: alone, beside sites, for one."""

from dataclasses import dataclass

import numpy as np
from numba import njit

from analysis.siting.rooms.room import Rooms, Supply
from analysis.siting.rooms.room_flow import Held, Rows, filled, gain_of, opened
from analysis.siting.solving.max_cover_kernels import Members
from geo.streets.network import Floats, Ints


@dataclass(frozen=True, eq=False)
class Exchanges:
    """People of the study whom candidates would newly serve; NaN where their room is unknown.

    alone, added
        Of each candidate: beside the existing facilities alone, and beside all sites. A site that
        stays adds nothing to itself.
    lost
        Of each site: people whom nobody would serve if it went.
    adds
        One row a site: what each candidate adds when that site goes and all others stay.
    same
        The same, of the people within reach of that site only.
    """

    alone: Floats
    added: Floats
    lost: Floats
    adds: Floats
    same: Floats


def exchanges(supply: Supply, sites: Ints) -> Exchanges:
    """Return what candidates would serve in the place of some sites, or beside them."""
    rooms = Rooms.of(supply)
    every = np.arange(rooms.existing + len(rooms.known))
    rows, weight, _ = rooms.rows(every, rooms.inside, rooms.room)
    first = rows.start[: rooms.existing + 1]
    stands = filled(first, rows.group[: first[-1]], weight, rows.room[: rooms.existing])
    rows = Rows(rows.start[rooms.existing :], rows.group, rows.room[rooms.existing :])
    held = _opened(stands, rows, sites)
    most = rows.room.copy()
    alone = _gains(stands, rows, most, np.zeros_like(most))
    added = _gains(held, rows, _but(alone, sites), np.zeros_like(most))
    lost = np.zeros(len(sites), dtype=np.int64)
    adds = np.zeros((len(sites), len(most)), dtype=np.int64)
    same = np.zeros_like(adds)
    for rank, site in enumerate(sites):
        others = np.delete(sites, rank)
        without = _opened(stands, rows, others)
        lost[rank] = without.free.sum() - held.free.sum()
        # What a candidate adds never grows when others open.
        adds[rank] = _gains(without, rows, _but(alone, others), added)
        near = _within(rows, rows.row(int(site)))
        same[rank] = _gains(without, near, adds[rank], np.zeros_like(most))
    return _in_people(rooms, lost, (alone, added, adds, same))


def _in_people(rooms: Rooms, lost: Ints, of_candidates: tuple[Ints, Ints, Ints, Ints]) -> Exchanges:
    """Return units as people, those of candidates of unknown room as unknown."""
    people = rooms.scale.people
    alone, added, adds, same = (
        np.where(rooms.known, people(units), np.nan) for units in of_candidates
    )
    return Exchanges(alone, added, people(lost), adds, same)


def _but(most: Ints, sites: Ints) -> Ints:
    """Return what candidates add at most, nothing where they are open already."""
    left = most.copy()
    left[sites] = 0
    return left


def _opened(held: Held, rows: Rows, sites: Ints) -> Held:
    for site in sites.tolist():
        held, _ = opened(held, rows.row(site), int(rows.room[site]))
    return held


def _within(rows: Rows, groups: Members) -> Rows:
    """Return candidates with only some groups within their reach."""
    kept = np.isin(rows.group, groups)
    before = np.append(0, np.cumsum(kept))
    # Entries of the existing facilities stand before the first of the candidates.
    return Rows(before[rows.start], rows.group[kept], rows.room)


@njit(cache=True, nogil=True)
def _gains(held: Held, rows: Rows, most: Ints, least: Ints) -> Ints:
    """Return how many more would be served if each candidate opened, between bounds known."""
    gains = least.copy()
    for c in range(len(gains)):
        if most[c] > least[c]:
            row = rows.group[rows.start[c] : rows.start[c + 1]]
            gains[c] = gain_of(held, row, rows.room[c])
    return gains
