"""Whom new sites may serve: the people of a study at the places they walk from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import geopandas as gpd
import numpy as np

from analysis.coverage.areas import Whereabouts, place_points, whereabouts
from analysis.coverage.tally import PEOPLE, numbers
from analysis.evaluation import Evaluation
from geo.streets.network import Flags, Floats, Ints
from geo.walks.places import Exits
from geo.walks.travel import search

ELDERLY = "elderly_60plus"
OLDEST = "elderly_80plus"


@dataclass(frozen=True, eq=False)
class Demand:
    """The places where people of 60+ live, each with their walk as things stand.

    An estate is its cells, each with an equal part of its people, as coverage counts them; other
    homes are points. Places where nobody of 60+ is known to live are left out.

    exits
        Their ways onto the streets.
    walk_mm, nearest
        The walk to the nearest facility that counts, and its number; FAR and -1 without one.
    people
        By figure (`elderly_60plus`, …) those of each place; what is unknown counts as 0.
    home
        The home each place belongs to, by position.
    where
        In which areas each place lies: those of its home.
    inside, outside
        Places in an area of the study, and in none (all are inside where there are no areas);
        rural ones, which walking does not measure, are neither. People outside compete for room,
        and what they gain is told apart.
    everybody
        The people of 60+ inside, those among them whom no street can be found for.
    """

    exits: Exits
    walk_mm: Ints
    nearest: Ints
    people: Mapping[str, Floats]
    home: Ints
    where: Whereabouts
    inside: Flags
    outside: Flags
    everybody: float

    @classmethod
    def of(cls, evaluation: Evaluation) -> "Demand":
        """Return the demand of an evaluated study."""
        placed, located = evaluation.reach.placed, evaluation.located
        estate, free = located.estate, np.flatnonzero(located.estate < 0)
        cells = placed.place[placed.residential]
        in_estate = np.full(len(placed.estates), -1, dtype=np.int64)
        in_estate[estate[estate >= 0]] = np.flatnonzero(estate >= 0)
        home = np.append(in_estate[cells], free[placed.place[placed.homes]])
        point = np.append(_points(placed.residential), _points(placed.homes))
        points = np.bincount(home[home >= 0], minlength=len(estate))
        people = {
            name: np.nan_to_num(numbers(evaluation.homes, name)) / np.maximum(points, 1)
            for name in PEOPLE
        }
        housed = home >= 0  # nobody is known to live elsewhere, nor anywhere without population
        home, point = home[housed], point[housed]
        lived = people[ELDERLY][home] > 0
        home, point = home[lived], point[lived]
        wanted = np.zeros(placed.exits.count, dtype=bool)
        wanted[point] = True
        every = _whereabouts(evaluation)
        inside, outside = _in_and_out(every)
        elderly = np.nan_to_num(numbers(evaluation.homes, ELDERLY))
        walks = evaluation.reach.walks
        return cls(
            exits=placed.exits.only(wanted),
            walk_mm=walks.walk_mm[point],
            nearest=walks.facility[point],
            people={name: figures[home] for name, figures in people.items()},
            home=home,
            where=every.only(home),
            inside=inside[home],
            outside=outside[home],
            everybody=float(elderly[inside].sum()),
        )

    def __len__(self) -> int:
        """Return how many places there are."""
        return len(self.home)

    @cached_property
    def elderly(self) -> Floats:
        """Return the people of 60+ of each place."""
        return self.people[ELDERLY]

    def without(self, evaluation: Evaluation, closed: Flags) -> "Demand":
        """Return the same places with the walks they would have without some facilities.

        closed
            One flag a facility that counts.
        """
        if not closed.any():
            return self
        placed, horizon_mm = evaluation.reach.placed, evaluation.reach.search.horizon_mm
        left = search(placed.graph, placed.facilities, horizon_mm=horizon_mm, only=~closed)
        walks = left.walks(self.exits)
        return replace(self, walk_mm=walks.walk_mm, nearest=walks.facility)

    def covered(self, limit_mm: int) -> Flags:
        """Return the places that existing facilities serve within a limit."""
        return self.walk_mm <= limit_mm


def _points(kind: slice) -> Ints:
    return np.arange(kind.start, kind.stop, dtype=np.int64)


def _in_and_out(where: Whereabouts) -> tuple[Flags, Flags]:
    """Return which homes lie in an area of the study, and which in none; rural ones in neither."""
    areas = [area >= 0 for area in where.area.values()]
    inside = np.any(areas, axis=0) if areas else np.ones(len(where.rural), dtype=bool)
    return inside & ~where.rural, ~inside & ~where.rural


def _whereabouts(evaluation: Evaluation) -> Whereabouts:
    """Return the areas of the homes; an estate lies where its own point lies."""
    homes, residential = evaluation.homes, evaluation.study.layer("residential")
    points = place_points(homes.geometry)
    if residential is not None:
        estate = evaluation.located.estate
        points[estate >= 0] = place_points(gpd.GeoSeries(residential.geometry))[estate[estate >= 0]]
    return whereabouts(points, evaluation.study.layer("boundaries"))
