"""Where a site may be opened, and the places each would cover: what every search is given."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from analysis.siting.solving.max_cover_kernels import Cover, alike, greedy, well_formed
from geo.errors import SitingError
from geo.language import say
from geo.streets.network import Flags, Floats, Ints

ALL_UNITS = 48  # bits: even the sum over thousands of sites stays within 63
FINE_UNITS = 52  # bits, where everybody is counted once only: sums are exact in floats too

Table = tuple[Ints, Ints]  # start, place


@dataclass(frozen=True, eq=False)
class Candidates:
    """Where a site may be opened, and the places each would cover.

    start, place
        Candidate c covers `place[start[c]:start[c + 1]]`, each place once.
    mandatory, forbidden
        One flag a candidate; none where absent. Mandatory ones count among the sites.
    """

    start: Ints
    place: Ints
    mandatory: Flags | None = None
    forbidden: Flags | None = None

    def __len__(self) -> int:
        """Return how many candidates there are."""
        return len(self.start) - 1


@dataclass(frozen=True, eq=False)
class Scale:
    """People in whole units, so small that nobody is lost and sums are exact.

    bits
        A person is 2 ** bits units.
    person
        Units in which all sums are whole: a person where people are whole, else a single unit.
    """

    units: Ints
    bits: int
    person: int

    @classmethod
    def of(cls, people: Floats, *, all_units: int = ALL_UNITS) -> "Scale":
        """Return the units of some people, all known and not negative."""
        bits = all_units - int(np.frexp(people.sum())[1])
        whole = bits >= 0 and bool((people == np.floor(people)).all())
        units = np.rint(np.ldexp(people, bits)).astype(np.int64)
        return cls(units, bits, 1 << bits if whole else 1)

    def people(self, units: ArrayLike) -> Floats:
        """Return the people that some units are."""
        people: Floats = np.ldexp(np.asarray(units, dtype=np.float64), -self.bits)
        return people


def in_order(
    candidates: Candidates, people: ArrayLike, chosen: Ints, *, covered: Flags | None = None
) -> tuple[Ints, Floats]:
    """Return sites, each the one that adds most people to those before it, and what each adds.

    people
        Of each place: known, not negative.
    covered
        Places that existing facilities cover; none where absent.

    Ties go to the first candidate; sites that add nobody come last, in their order.
    """
    scale = Scale.of(known_people(people))
    units = np.where(as_flags(covered, len(scale.units)), 0, scale.units)
    sites = np.sort(chosen)
    _, order, gain = greedy(
        merged(checked_table(candidates, len(units)), sites, units), len(sites)
    )
    ranked = sites[order]
    idle = np.setdiff1d(sites, ranked)
    return np.append(ranked, idle), scale.people(np.append(gain, np.zeros_like(idle)))


def merged(table: Table, which: Ints, units: Ints) -> Cover:
    """Return what some candidates cover; places that the same ones cover become one group."""
    return grouped(table, which, units)[0]


def grouped(
    table: Table, which: Ints, units: Ints, *, area: Ints | None = None
) -> tuple[Cover, Ints]:
    """Return what `merged` does, and the group of each place: -1 where none counts it.

    area
        Places of different areas stay apart.
    """
    start, place = rows_of(table, which, units > 0)
    kind = alike(start, place, len(units))
    if area is not None:
        kind = _parted(kind, area)
    _, first = np.unique(kind, return_index=True)
    speaks = np.zeros(len(units), dtype=bool)
    speaks[first] = kind[first] > 0
    number = np.cumsum(speaks) - 1
    weight = np.bincount(kind, units)[kind[speaks]].astype(np.int64)
    group_of = np.full(len(units) + 1, -1, dtype=np.int64)
    group_of[kind[speaks]] = number[speaks]
    start, place = rows_of((start, place), np.arange(len(which)), speaks)
    group = number[place].astype(np.int32)
    shape = (len(which), len(weight))
    by_group = csr_array((np.ones(len(group), dtype=np.int8), group, start), shape=shape).tocsc()
    by_start, candidate = by_group.indptr.astype(np.int64), by_group.indices.astype(np.int32)
    return Cover(start, group, by_start, candidate, weight), group_of[kind]


def first_places(group: Ints) -> Ints:
    """Return the first place of each group."""
    groups, first = np.unique(group, return_index=True)
    return first[groups >= 0]


def _parted(kind: Ints, area: Ints) -> Ints:
    """Part every class of places by area; class 0, which nobody covers, stays."""
    reached = np.flatnonzero(kind > 0)
    key = kind[reached] * (area.max(initial=0) + 1) + area[reached]
    parted = np.zeros_like(kind)
    parted[reached] = np.unique(key, return_inverse=True)[1] + 1
    return parted


def rows_of(table: Table, which: Ints, wanted: Flags) -> Table:
    """Return the rows of some candidates, without the places that are not wanted."""
    start, place = table
    taken = np.zeros(len(start) - 1, dtype=bool)
    taken[which] = True
    kept = np.repeat(taken, np.diff(start)) & wanted[place]
    before = np.append(0, np.cumsum(kept))
    return np.append(0, before[start[1:]][taken]), place[kept]


def covered_by(table: Table, sites: Ints, places: int) -> Flags:
    """Return which places some sites cover."""
    reached = np.zeros(places, dtype=bool)
    reached[rows_of(table, sites, np.ones(places, dtype=bool))[1]] = True
    return reached


def checked_table(candidates: Candidates, places: int) -> Table:
    """Return the table of candidates. Errors: ValueError for a place unknown or named twice."""
    # Copies are writable and in a row: one compiled version of the search serves them all.
    start = np.array(candidates.start, dtype=np.int64)
    place = np.array(candidates.place, dtype=np.int64)
    if not well_formed(start, place, places):
        msg = "A candidate names a place that is not there, or one place twice."
        raise ValueError(msg)
    return start, place


def mandatory_and_free(candidates: Candidates, count: int) -> tuple[Ints, Ints]:
    """Return the numbers of candidates that must be sites, and of those that may."""
    mandatory = as_flags(candidates.mandatory, len(candidates))
    forbidden = as_flags(candidates.forbidden, len(candidates))
    if (mandatory & forbidden).any():
        raise SitingError(
            say(
                "{count} 个候选点既必选又禁选：请只留其一。",
                count=int((mandatory & forbidden).sum()),
            )
        )
    if mandatory.sum() > count:
        raise SitingError(
            say(
                "必选候选点有 {mandatory} 个，多于要建的 {count} 处：请增加处数或减少必选点。",
                mandatory=int(mandatory.sum()),
                count=count,
            )
        )
    return np.flatnonzero(mandatory), np.flatnonzero(~mandatory & ~forbidden)


def as_flags(flags: Flags | None, size: int) -> Flags:
    """Return flags of a size, none set where absent. Errors: ValueError for another size."""
    if flags is None:
        return np.zeros(size, dtype=bool)
    if len(flags) != size:
        msg = f"{size} flags are needed, not {len(flags)}."
        raise ValueError(msg)
    return np.array(flags, dtype=bool)


def known_people(people: ArrayLike) -> Floats:
    """Return people as numbers. Errors: ValueError for unknown or negative ones."""
    known = np.array(people, dtype=np.float64)
    if not (np.isfinite(known) & (known >= 0)).all():
        msg = "The people of every place must be known and not negative."
        raise ValueError(msg)
    return known
