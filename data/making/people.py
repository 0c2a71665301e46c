"""Who lives where: households of estates and people of communities, summing to the census.

红山区 and 松山区 each keep their census urban population (城镇人口: the county table gives no
城区人口 by county) and their own census shares of 60+, 65+ and 80+, to the person.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from making.areas import COUNTIES, Areas
from making.city import City
from making.terrain import stream
from numpy.typing import NDArray
from shapely import Polygon

PEOPLE_PER_HOME = 2.28
OLD_PEOPLE_M2 = 0.0195
NEW_FROM, NEW_SHARE = 2014, 1 / 3

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Census:
    """Facts of one county in 2020; people."""

    code: str
    name: str
    population: int
    urban: int
    elderly: tuple[int, int, int]


def read_census(path: Path) -> dict[str, Census]:
    """Return the census facts by county code from the facts file of the project."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["代码"]: Census(
            row["代码"],
            row["名称"],
            int(row["常住人口"]),
            int(row["城镇人口"]),
            (int(row["60岁以上人口"]), int(row["65岁以上人口"]), int(row["80岁以上人口"])),
        )
        for row in rows
    }


def completion_years(city: City) -> Whole:
    """Return the year each estate was completed: older in the middle, a third from 2014 on."""
    rng = stream("years")
    out = np.array([e.core_m for e in city.estates]) + rng.normal(0, 650, len(city.estates))
    out = out - np.array([2600.0 if e.old else 0.0 for e in city.estates])
    rank = np.argsort(np.argsort(out)) / len(out)
    marks, years = [0, 0.18, 0.42, 1 - NEW_SHARE, 0.9, 1], [1979, 1993, 2003, NEW_FROM, 2022, 2027]
    return np.floor(np.interp(rank, marks, years)).astype(np.int64)


def raw_households(city: City, years: Whole) -> Floats:
    """Return households by ground and age, before they are scaled to the census."""
    rng = stream("households")
    area_ha = np.array([e.polygon.area for e in city.estates]) / 1e4
    density = np.interp(years, [1980, 1995, 2008, 2016, 2027], [125, 108, 92, 116, 128])
    return np.asarray(area_ha * density * np.exp(rng.normal(0, 0.28, len(years))))


def block_people(city: City, households: Floats, land_block: Sequence[int]) -> dict[int, float]:
    """Return a first estimate of the people of each block."""
    people: dict[int, float] = {}
    for estate, homes in zip(city.estates, households, strict=True):
        people[estate.block] = people.get(estate.block, 0.0) + homes * PEOPLE_PER_HOME
    for polygon, block in zip(city.old_land, land_block, strict=True):
        people[block] = people.get(block, 0.0) + polygon.area * OLD_PEOPLE_M2
    return people


def blocks_of(polygons: Sequence[Polygon], city: City) -> list[int]:
    """Return the number of the block each polygon lies in."""
    tree = shapely.STRtree([block.polygon for block in city.blocks])
    points = [polygon.representative_point() for polygon in polygons]
    found = dict(zip(*(pair.tolist() for pair in tree.query(points, "within")), strict=True))
    return [found[n] for n in range(len(points))]


def county_of(city: City, areas: Areas) -> NDArray[np.str_]:
    """Return the county code of every estate."""
    return np.array([areas.street[e.block][:6] for e in city.estates])


def scaled_households(
    city: City, raw: Floats, areas: Areas, land_block: Sequence[int], census: dict[str, Census]
) -> Whole:
    """Return whole households such that each county's homes hold its urban population."""
    county = county_of(city, areas)
    homes = np.array(raw)
    for code in COUNTIES:
        land_m2 = sum(
            polygon.area
            for polygon, block in zip(city.old_land, land_block, strict=True)
            if areas.street[block].startswith(code)
        )
        own = county == code
        wanted = (census[code].urban - land_m2 * OLD_PEOPLE_M2) / PEOPLE_PER_HOME
        homes[own] *= wanted / homes[own].sum()
    even: Whole = (np.round(homes / 2) * 2).astype(np.int64)
    return np.maximum(18, even)


def shared_out(total: int, weights: Floats) -> Whole:
    """Return whole numbers in proportion to the weights that sum to the total exactly."""
    exact = total * weights / weights.sum()
    whole: Whole = np.floor(exact).astype(np.int64)
    order = np.lexsort((np.arange(len(weights)), whole - exact))
    whole[order[: total - int(whole.sum())]] += 1
    return whole


@dataclass(frozen=True)
class Residents:
    """People of the communities, in the order of `units`: whole persons."""

    units: list[str]
    population: Whole
    elderly: tuple[Whole, Whole, Whole]


def _old_share(years: Whole) -> Floats:
    return np.interp(years, [1980, 1995, 2005, 2014, 2024], [0.29, 0.245, 0.18, 0.125, 0.09])


def settle(
    city: City,
    homes: tuple[Whole, Whole],
    areas: Areas,
    land_block: Sequence[int],
    census: dict[str, Census],
) -> Residents:
    """Return the residents of every community; `homes` are households and completion years."""
    rng = stream("residents")
    units = sorted(unit for unit in areas.shapes if "-M" in unit)
    place = {unit: n for n, unit in enumerate(units)}
    people, old = np.zeros(len(units)), np.zeros(len(units))
    lived_in = np.interp(homes[1], [1980, 2012, 2018, 2024], [1.03, 1.03, 0.97, 0.82])
    for estate, count, share in zip(
        city.estates, homes[0] * lived_in * PEOPLE_PER_HOME, _old_share(homes[1]), strict=True
    ):
        at = place[areas.community[estate.block]]
        people[at] += count
        old[at] += count * share * rng.uniform(0.9, 1.1)
    for polygon, block in zip(city.old_land, land_block, strict=True):
        at = place[areas.community[block]]
        people[at] += polygon.area * OLD_PEOPLE_M2
        old[at] += polygon.area * OLD_PEOPLE_M2 * 0.25
    return _to_census(units, people + 20, old + 2, census)


def _to_census(
    units: list[str], people: Floats, old: Floats, census: dict[str, Census]
) -> Residents:
    population = np.zeros(len(units), dtype=np.int64)
    elderly = tuple(np.zeros(len(units), dtype=np.int64) for _ in range(3))
    for code in COUNTIES:
        own = np.array([unit.startswith(code) for unit in units])
        facts = census[code]
        population[own] = shared_out(facts.urban, people[own])
        weights = old[own]
        for column, count in zip(elderly, facts.elderly, strict=True):
            total = round(facts.urban * count / facts.population)
            column[own] = shared_out(total, weights)
            weights = column[own].astype(float)
    return Residents(units, population, (elderly[0], elderly[1], elderly[2]))
