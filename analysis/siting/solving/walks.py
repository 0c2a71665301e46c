"""How far it is to where a site may be opened, and how far everybody walks today."""

from dataclasses import dataclass

import numpy as np

from analysis.siting.solving.candidates import Candidates, Scale, checked_table
from geo.streets.network import Flags, Floats, Ints

LONGEST_MM = 2**31 - 1  # a walk is kept in 32 bits: 2,147 km
ALL_BITS = 61  # of 63: sums of sums stay within
M = 1000


@dataclass(frozen=True, eq=False)
class WalksTo:
    """How far every place has to each candidate in reach, and to the nearest existing facility.

    start, place, walk_mm
        Candidate c is reached from `place[start[c]:start[c + 1]]`, each place once, in so many
        whole millimetres. A walk beyond the horizon is not told.
    now_mm
        Each place's walk to the nearest existing facility, `FAR` where none is in reach. Existing
        facilities are always kept.
    mandatory, forbidden
        One flag a candidate; none where absent. Mandatory ones count among the sites.
    """

    start: Ints
    place: Ints
    walk_mm: Ints
    now_mm: Ints
    mandatory: Flags | None = None
    forbidden: Flags | None = None

    def __len__(self) -> int:
        """Return how many candidates there are."""
        return len(self.start) - 1

    @property
    def candidates(self) -> Candidates:
        """Return the candidates without the walks."""
        return Candidates(self.start, self.place, self.mandatory, self.forbidden)

    def shortened(self, walk_mm: Ints, sites: Ints) -> Ints:
        """Return the walks of all places once some sites are open beside what they walk to."""
        shorter = walk_mm.copy()
        for site in sites:
            row = slice(self.start[site], self.start[site + 1])
            near = self.place[row]
            shorter[near] = np.minimum(shorter[near], self.walk_mm[row])
        return shorter


def checked_walks(walks: WalksTo, places: int) -> WalksTo:
    """Return the walks in whole numbers of 64 bits.

    Errors: ValueError for a place unknown or named twice, and for walks that are missing, below
    nothing or too long to be told.
    """
    start, place = checked_table(walks.candidates, places)
    # Copies, as those of the table: one compiled version of the search serves them all.
    walk_mm = np.array(walks.walk_mm, dtype=np.int64)
    now_mm = np.array(walks.now_mm, dtype=np.int64)
    if len(walk_mm) != len(place) or len(now_mm) != places or (now_mm < 0).any():
        msg = "A walk is missing, or below nothing."
        raise ValueError(msg)
    if len(walk_mm) and not 0 <= walk_mm.min() <= walk_mm.max() < LONGEST_MM:
        msg = f"A walk is below nothing, or not shorter than {LONGEST_MM} mm."
        raise ValueError(msg)
    return WalksTo(start, place, walk_mm, now_mm, walks.mandatory, walks.forbidden)


def people_to_walk(people: Floats, *, longest_mm: int, count: int) -> Scale:
    """Return people in whole units, so few that walks summed over all of them stay whole numbers.

    Sums of `count` sites' sums stay exact too. Whole people are whole units, unless there are more
    than such sums can hold; then, and where they are not whole, a unit is the smallest that fits.
    """
    exponent = int(np.frexp(people.sum() * max(longest_mm, 1))[1])
    bits = ALL_BITS - (count + 1).bit_length() - exponent
    if bits >= 0 and bool((people == np.floor(people)).all()):
        bits = 0
    units = np.rint(np.ldexp(people, bits)).astype(np.int64)
    return Scale(units, bits, 1)


def average_m(sum_mm: int, units: Ints) -> float:
    """Return the average walk in metres of people whose walks sum to so much; NaN for nobody."""
    all_units = int(units.sum())
    return sum_mm / all_units / M if all_units else float("nan")
