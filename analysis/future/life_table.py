"""Life tables: who is still alive five years on, from published probabilities of death.

Of a hundred thousand born, l(x) reach age x and L(x) are the years they live between x and x + 1:

    l(x+1) = l(x) x (1 - q(x))        L(x) = (l(x) + l(x+1)) / 2        T(x) = L(x) + L(x+1) + ...

A band of five ages is taken to be spread as in that stationary population, so of the people of
age x to x + 4 there are, five years on,

    s(x) = 5L(x+5) / 5L(x)    with    5L(x) = L(x) + ... + L(x+4)

and of an open group of x and over T(x+5) / T(x).
"""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from analysis.coverage.tally import Floats

TABLES: Final = Path(__file__).resolve().parent / "tables"
BUNDLED: Final = "cl_2010_2013"
SEXES: Final = ("male", "female")
BAND: Final = 5  # years
OPEN_FROM: Final = 85
BANDS: Final = OPEN_FROM // BAND + 1  # 0-4 … 80-84, then 85 and over


@dataclass(frozen=True, eq=False)
class LifeTable:
    """Probabilities of death by single age, shape (sexes, ages); at the last age all die.

    factors
        Of the death probabilities, by variant.
    national
        Published life expectancy at birth, to hold the variants against.
    """

    name: str
    publisher: str
    source: str
    death: Floats
    factors: Mapping[str, float]
    national: Mapping[str, Any]

    def survival(self, variant: str) -> Floats:
        """Return five-year survival by sex and band, shape (sexes, bands): the last is open."""
        return np.stack([band_survival(years) for years in self._person_years(variant)])

    def expectancy(self, variant: str) -> dict[str, float]:
        """Return life expectancy at birth in years, by sex."""
        years = self._person_years(variant)
        return {sex: float(years[at].sum()) for at, sex in enumerate(SEXES)}

    def _person_years(self, variant: str) -> tuple[Floats, ...]:
        return tuple(person_years(death * self.factors[variant]) for death in self.death)


def person_years(death: Floats) -> Floats:
    """Return L(x) for each age of one born; probabilities above 1 are 1, and the last age dies."""
    certain = np.minimum(death, 1.0)
    certain[-1] = 1.0
    alive = np.concatenate([[1.0], np.cumprod(1 - certain)])
    years: Floats = (alive[:-1] + alive[1:]) / 2
    return years


def band_survival(years: Floats, *, width: int = BAND, open_from: int = OPEN_FROM) -> Floats:
    """Return the part of each band that is alive in the next, then that of the open group.

    years
        L(x) by single age.
    """
    starts = np.arange(0, open_from + 1, width)
    banded = np.array([years[start : start + width].sum() for start in starts])
    total = years[open_from:].sum()
    return np.append(banded[1:] / banded[:-1], years[open_from + width :].sum() / total)


@cache
def bundled_life_table() -> LifeTable:
    """Return the life table that comes with the project."""
    about = tomllib.loads((TABLES / f"{BUNDLED}.toml").read_text(encoding="utf-8"))
    with (TABLES / f"{BUNDLED}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    death = np.array([[float(row[sex]) for row in rows] for sex in SEXES])
    return LifeTable(
        name=about["name"],
        publisher=about["publisher"],
        source=about["source"],
        death=death,
        factors=about["factors"],
        national=about["national_2020"],
    )
