"""The choice of sites with room as a program in whole numbers, for HiGHS.

First a column for each free site, 1 where it is opened; then one for each facility and group
within its reach: the people of the group that it serves.
"""

import numpy as np
from scipy.sparse import csr_array, eye_array, hstack, vstack

from analysis.siting.rooms.room_bound import Limits
from analysis.siting.rooms.room_field import Field
from analysis.siting.solving.exact import Program
from geo.streets.network import Floats


def many_people(field: Field, limits: Limits) -> Program:
    """Return: as many people served as can be, within the limits; its cost is the people, less."""
    sites, entries = len(field.free), len(field.every.group)
    top = np.array([limits.count, limits.budget])
    picked = np.vstack([np.ones(sites), limits.cost])[np.isfinite(top)]
    rows = csr_array(np.hstack([picked, np.zeros((len(picked), entries))]))
    cost = np.append(np.zeros(sites), -np.ones(entries))
    return _program(field, cost, rows, (np.full(len(picked), -np.inf), top[np.isfinite(top)]))


def few_sites(field: Field, need: float) -> Program:
    """Return: as few sites as can be, so that with them so many people more are served."""
    sites, entries = len(field.free), len(field.every.group)
    people = csr_array(np.append(np.zeros(sites), np.ones(entries))[None, :])
    cost = np.append(np.ones(sites), np.zeros(entries))
    full = field.reach.room[: field.always].sum()
    return _program(field, cost, people, (np.array([full + need]), np.array([np.inf])))


def _program(
    field: Field, cost: Floats, rows: csr_array, limits: tuple[Floats, Floats]
) -> Program:
    """Return a program over the flows of a field, with some rows more."""
    flows, most = _flows(field)
    reach, sites = field.reach, len(field.free)
    each = np.minimum(reach.weight[reach.group], np.repeat(reach.room, np.diff(reach.start)))
    return Program(
        cost=cost,
        rows=csr_array(vstack([flows, rows])),
        least=np.append(np.full(len(most), -np.inf), limits[0]),
        most=np.append(most, limits[1]),
        upper=np.append(np.ones(sites), each),
        whole=np.arange(len(cost)) < sites,
    )


def _flows(field: Field) -> tuple[csr_array, Floats]:
    """Return: nobody served twice, no room twice given, and nobody served by a closed site."""
    reach, always = field.reach, field.always
    entries, facilities = len(reach.group), len(reach.room)
    sites, first = facilities - always, int(reach.start[always])
    owner = np.repeat(np.arange(facilities), np.diff(reach.start))
    entry, ones = np.arange(entries), np.ones(entries)
    by_group = csr_array((ones, (reach.group, entry)), shape=(len(reach.weight), entries))
    by_facility = csr_array((ones, (owner, entry)), shape=(facilities, entries))
    room = np.where(np.arange(facilities) < always, 0.0, -reach.room)
    opens = csr_array(
        (room[always:], (np.arange(always, facilities), np.arange(sites))),
        shape=(facilities, sites),
    )
    # Implied by the rooms; with it the bound is much closer where rooms are large.
    each = np.minimum(reach.weight[reach.group[first:]], reach.room[owner[first:]])
    single = csr_array(
        (-each, (np.arange(entries - first), owner[first:] - always)), shape=(len(each), sites)
    )
    nothing = csr_array((len(reach.weight), sites))
    rows = vstack([
        hstack([nothing, by_group]),
        hstack([opens, by_facility]),
        hstack([single, eye_array(entries, format="csr")[first:]]),
    ])  # fmt: skip
    kept = np.where(np.arange(facilities) < always, reach.room, 0.0)
    return csr_array(rows), np.concatenate([reach.weight, kept, np.zeros(len(each))])
