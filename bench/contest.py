"""One row of the benchmark: a piece of work, who does it, and when their answers agree."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from bench.city import City
from bench.settled import Size, Spots
from geo.language import Message
from geo.streets.network import Ints, WalkNetwork

SPEED_M_PER_S: Final = 0.9
LIMIT_MM: Final = 810_000  # a quarter of an hour at 0.9 m/s

Arrays = Mapping[str, NDArray[Any]]
# The streets as OpenStreetMap lists them, as the project's readers order them, or none at all.
Given = Literal["raw", "loaded", "nothing"]


@dataclass(frozen=True)
class Task:
    """The city to work in, as files, and what is asked about it.

    given
        Which of the two networks `network` is.
    """

    folder: Path
    size: Size
    given: Given = "nothing"

    @cached_property
    def city(self) -> City:
        """Return the city with its ways, as OpenStreetMap lists it."""
        return City.load(self.folder / "raw.npz")

    @cached_property
    def network(self) -> WalkNetwork:
        """Return the streets in the order this contender is given them."""
        return WalkNetwork.load(self.folder / f"{self.given}.npz")

    def here(self, nodes: Ints) -> Ints:
        """Return the numbers in `network` of nodes numbered as OpenStreetMap lists them."""
        return self._of_raw[nodes]

    def spots(self, name: str) -> Spots:
        """Return points of the city: `facilities`, `places`, `candidates` or `demand`."""
        with np.load(self.folder / "spots.npz") as saved:
            x, y = saved[name]
        return Spots(x, y)

    @cached_property
    def _of_raw(self) -> Ints:
        if self.given == "raw":
            return np.arange(len(self.network.x))
        number: Ints = np.load(self.folder / "loaded_of_raw.npy")
        return number


@dataclass(frozen=True)
class Outcome:
    """What one run has done.

    answer
        Called after the clock has stopped; arrays that `Contest.agree` compares.
    seconds
        Times of single calls where the job takes its own; else the whole run is timed.
    share
        The part of the work that was done; times are scaled to the whole.
    peak_mb
        Where the work was done in yet another process.
    """

    answer: Callable[[], Arrays] = dict
    seconds: Sequence[float] | None = None
    share: float = 1.0
    peak_mb: float | None = None


Job = Callable[[], Outcome]


@dataclass(frozen=True)
class Contender:
    """Somebody who does the work.

    name
        Stable, for results.json; `label` is what readers see.
    prepare
        Makes ready what can be kept between questions; it is timed apart.
    given
        The streets as a user of this library would have them.
    needs
        Modules that must be installed.
    """

    name: str
    label: Message | str
    prepare: Callable[[Task], Job]
    given: Given = "raw"
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Agreement:
    """Whether a peer's answer is ours; None where it follows another rule."""

    same: bool | None
    how: Message


@dataclass(frozen=True)
class Target:
    """What is wanted of the first contender.

    times
        So many times as fast as `against`, or as the best of all the others.
    seconds, p99_s, peak_mb
        At most so much.
    slower
        At most so many times the time of `against`.
    """

    times: float | None = None
    slower: float | None = None
    against: str | None = None
    seconds: float | None = None
    p99_s: float | None = None
    peak_mb: float | None = None


@dataclass(frozen=True)
class Contest:
    """A row: the first contender is this project.

    title
        What is done, for a size of city.
    agree
        Compares the first contender's answer with another's.
    check
        Looks at the first contender's answer alone, against a truth of its own.
    make_ready
        Writes the files that the contenders read.
    targets
        By size of city.
    """

    name: str
    title: Callable[[Size], Message]
    contenders: tuple[Contender, ...]
    agree: Callable[[Arrays, Arrays], Agreement]
    targets: Mapping[str, Target] = field(default_factory=dict)
    check: Callable[[Task, Arrays], Agreement] | None = None
    make_ready: Callable[[Task], None] | None = None
