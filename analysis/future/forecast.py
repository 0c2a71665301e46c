"""Forecast: how many old people there will be, by cohort survival from a census.

Over five years every band becomes the next, less those who die, times migration; the last band is
open and keeps its own survivors:

    P(a+5, t+5) = P(a, t) x s(a, sex) x m
    P(85+, t+5) = P(80-84, t) x s(80-84, sex) x m + P(85+, t) x s(85+, sex) x m

Who will be 60 within sixty years is born already: births are not needed, and are not forecast.
Years between are interpolated linearly, so counties add up in every year; a year is that of the
census day (1 November).
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict

from analysis.columns import words
from analysis.coverage.tally import Floats
from analysis.future.ages import Ages, read_ages
from analysis.future.life_table import BAND, TABLES, LifeTable, bundled_life_table
from analysis.rounding import Whole, largest_remainder, nearest_whole
from analysis.rulebook import Rulebook
from analysis.study import Study
from geo.errors import StudyError
from geo.findings import Finding
from geo.language import say

COLUMNS = (
    "county_id", "county", "variant", "year",
    "elderly_60plus", "elderly_65plus", "elderly_80plus", "policy_60plus", "policy_source",
)  # fmt: skip
ALL: Final = "ALL"
VARIANTS: Final = ("low", "mid", "high")
# The first band of each age.
AGES: Final = MappingProxyType({"elderly_60plus": 12, "elderly_65plus": 13, "elderly_80plus": 16})
FURTHEST: Final = 60  # years: beyond, people of 60 are not born yet


class OfficialFigure(BaseModel):
    """What a document expects of old people, from a figure of its own for an earlier year.

    pack
        The rule pack whose documents it belongs to.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    pack: str
    base_year: int
    base_60plus: int
    year: int
    elderly_60plus: int
    document: str
    clause: str
    quote: str
    confidence: str

    @property
    def told(self) -> str:
        """Return where the figure stands."""
        return f"{self.document} {self.clause}"


@dataclass(frozen=True, eq=False)
class Projection:
    """Old people by county in the years asked for.

    table
        `COLUMNS`: all counties together (`ALL`), then each in the order of the file; by variant,
        by year. People are whole and counties add up. `policy_60plus` is a document's own figure
        for the same people and year; it stands beside, and changes nothing.
    counties
        The counties forecast, as rows of `ages`.
    exact
        By variant the unrounded figures, shape (five-year steps from the base, counties, ages).
    """

    table: pd.DataFrame
    ages: Ages
    counties: tuple[int, ...]
    exact: Mapping[str, Floats]
    parameters: dict[str, Any]
    findings: tuple[Finding, ...]

    @property
    def first(self) -> int:
        """Return the year of the ages."""
        return self.ages.year

    @property
    def last(self) -> int:
        """Return the last year that can be told."""
        return self.ages.year + BAND * (len(self.exact[VARIANTS[0]]) - 1)

    def elderly(self, variant: str, year: int) -> Floats:
        """Return the unrounded people of a year, shape (counties, ages)."""
        return at_year(self.exact[variant], year - self.ages.year)

    def growth(self, county: int, variant: str, *, since: int, until: int) -> float:
        """Return how many times the people of 60+ of one year those of another are.

        county
            Row of `ages`. NaN where it is not forecast, or nobody was 60 at first.
        """
        if county not in self.counties:
            return float("nan")
        at = self.counties.index(county)
        before, after = (float(self.elderly(variant, year)[at, 0]) for year in (since, until))
        return after / before if before > 0 else float("nan")


def forecast_of(study: Study, rulebook: Rulebook) -> Projection | None:
    """Return the forecast a study asks for; None where it names no ages.

    Errors: StudyError where the file of ages or a year cannot be used.
    """
    settings = study.description.forecast
    if settings.ages is None:
        return None
    return forecast(
        read_ages(study.path.parent / settings.ages),
        years=settings.years,
        migration=settings.migration,
        boundaries=study.layer("boundaries"),
        packs=[pack.name for pack in rulebook.packs],
        on=study.on,
    )


def forecast(  # noqa: PLR0913 - a forecast is asked for from several sides
    ages: Ages,
    *,
    years: Collection[int],
    migration: float = 1.0,
    boundaries: gpd.GeoDataFrame | None = None,
    packs: Collection[str] = (),
    on: date | None = None,
    life_table: LifeTable | None = None,
) -> Projection:
    """Return old people by county, variant and year.

    boundaries
        Counties among them that the file does not have are told.
    packs
        Rule packs in use, whose documents may have a figure of their own.
    on
        The study's date, printed with the parameters.
    """
    life = bundled_life_table() if life_table is None else life_table
    wanted = sorted(set(years))
    _require_years(wanted, ages)
    steps = -(-(max(wanted, default=ages.year) - ages.year) // BAND)
    exact = {
        variant: old_people(ages.people, life.survival(variant), migration=migration, steps=steps)
        for variant in VARIANTS
    }
    known = ~np.isnan(exact[VARIANTS[0]]).any(axis=(0, 2))
    counties = tuple(int(at) for at in np.flatnonzero(known))
    exact = {variant: figures[:, known] for variant, figures in exact.items()}
    return Projection(
        table=_table(ages, counties, exact, (wanted, packs)),
        ages=ages,
        counties=counties,
        exact=exact,
        parameters=_parameters(ages, life, wanted, migration, on),
        findings=(*ages.findings, *_left_out(ages, counties, boundaries)),
    )


# --- the sums ------------------------------------------------------------------------------------


def one_step(people: Floats, survival: Floats, *, migration: float) -> Floats:
    """Return everybody five years on; the youngest, not born yet, are unknown.

    people
        Shape (…, sexes, bands), the last band open.
    survival
        Shape (sexes, bands): of each band into the next, and of the open one within itself.
    """
    alive = people * survival * migration
    older = np.full(people.shape, np.nan)
    older[..., 1:] = alive[..., :-1]
    older[..., -1] += alive[..., -1]
    return older


def old_people(people: Floats, survival: Floats, *, migration: float, steps: int) -> Floats:
    """Return those of 60+, 65+ and 80+ at each step, shape (steps + 1, counties, ages).

    people
        Shape (counties, sexes, bands).
    """
    everybody = [people]
    for _ in range(steps):
        everybody.append(one_step(everybody[-1], survival, migration=migration))
    both = np.stack(everybody).sum(axis=2)
    return np.stack([both[..., first:].sum(axis=-1) for first in AGES.values()], axis=-1)


def at_year(figures: Floats, years_on: int) -> Floats:
    """Return figures of five-year steps in a year between them, linearly."""
    step, rest = divmod(years_on, BAND)
    if rest == 0:
        exact: Floats = figures[step]
        return exact
    between: Floats = figures[step] + (figures[step + 1] - figures[step]) * rest / BAND
    return between


# --- the table -----------------------------------------------------------------------------------


def _table(
    ages: Ages,
    counties: tuple[int, ...],
    exact: Mapping[str, Floats],
    asked: tuple[list[int], Collection[str]],
) -> pd.DataFrame:
    """Return the table; `asked` are the years, and the rule packs in use."""
    years, packs = asked
    ids = [ALL, *(ages.county_ids[at] for at in counties)]
    names = ["", *(ages.counties[at] for at in counties)]
    parts = [
        pd.DataFrame(
            _whole(at_year(exact[variant], year - ages.year), ids[1:]), columns=list(AGES)
        ).assign(county_id=ids, county=names, variant=variant, year=year)
        for variant in VARIANTS
        for year in years
        if counties  # nobody known is not nobody
    ]
    table = pd.concat(parts) if parts else pd.DataFrame(columns=list(COLUMNS))
    # By county, `ALL` first, each in the order of the parts.
    table = table.sort_index(kind="stable").reset_index(drop=True)
    base = float(exact[VARIANTS[0]][0, :, 0].sum())
    table = _beside_official(table, (ages.year, base), packs)
    whole_numbers = dict.fromkeys((*AGES, "policy_60plus"), "Int64")
    return table[list(COLUMNS)].astype({**whole_numbers, "year": "int64"})


def _whole(exact: Floats, ids: list[str]) -> Whole:
    """Return whole people, all counties first; each age adds up and is at most the younger one."""
    order = np.argsort(np.array(ids, dtype=str), kind="stable")
    whole = np.zeros((len(ids) + 1, exact.shape[1]), dtype=np.int64)
    most: Whole | None = None
    for age in range(exact.shape[1]):
        total = nearest_whole(float(exact[:, age].sum()))
        most = largest_remainder(exact[order, age], total, at_most=most)
        whole[0, age] = total
        whole[1 + order, age] = most
    return whole


def _beside_official(
    table: pd.DataFrame, base: tuple[int, float], packs: Collection[str]
) -> pd.DataFrame:
    """Return the table with what documents expect of the same people in the same year.

    base
        The year the forecast starts from, and all people of 60+ then: a document's figure is
        about the same people where it starts from the same number.
    """
    official, source = pd.Series(pd.NA, index=table.index), pd.Series("", index=table.index)
    for figure in official_figures():
        if figure.pack in packs and (figure.base_year, figure.base_60plus) == base:
            rows = table["county_id"].eq(ALL) & table["year"].eq(figure.year)
            official[rows], source[rows] = figure.elderly_60plus, figure.told
    return table.assign(policy_60plus=official, policy_source=source)


@cache
def official_figures() -> tuple[OfficialFigure, ...]:
    """Return what documents known to the project expect."""
    text = (TABLES / "official_forecasts.toml").read_text(encoding="utf-8")
    return tuple(OfficialFigure.model_validate(row) for row in tomllib.loads(text)["figures"])


# --- what is said beside it ----------------------------------------------------------------------


def _require_years(years: list[int], ages: Ages) -> None:
    outside = [year for year in years if not ages.year <= year <= ages.year + FURTHEST]
    if outside:
        raise StudyError(
            say(
                "[forecast] years 中的 {years} 不在 {first}–{last} 之间，无法测算。请改正。",
                years="、".join(str(year) for year in outside),
                first=ages.year,
                last=ages.year + FURTHEST,
            )
        )


def _left_out(
    ages: Ages, counties: tuple[int, ...], boundaries: gpd.GeoDataFrame | None
) -> list[Finding]:
    """Return findings about counties that are not forecast."""
    findings = []
    unknown = [name for at, name in enumerate(ages.counties) if at not in counties]
    if unknown:
        message = say(
            "分年龄人口不全，未测算：{names}。合计不含这些地方。", names="、".join(unknown)
        )
        findings.append(Finding("warning", "ages", message, say("请补齐各性别、各年龄组的人口。")))
    absent = _absent(ages, boundaries)
    if absent:
        message = say("分年龄人口文件中没有：{names}。未测算。", names="、".join(absent))
        findings.append(Finding("warning", "ages", message, say("请补上，或核对代码与名称。")))
    return findings


def _absent(ages: Ages, boundaries: gpd.GeoDataFrame | None) -> list[str]:
    """Return the names of the study's counties that the file does not have."""
    if boundaries is None:
        return []
    counties = boundaries[words(boundaries, "level").eq("county")]
    pairs = zip(words(counties, "id"), words(counties, "name"), strict=True)
    return sorted(str(name) for id_, name in pairs if ages.position(id_, name) < 0)


def _parameters(
    ages: Ages, life: LifeTable, years: list[int], migration: float, on: date | None
) -> dict[str, Any]:
    return {
        "on": None if on is None else on.isoformat(),
        "base_year": ages.year,
        "basis": ages.basis,
        "years": years,
        "migration": migration,
        "interpolation": "linear",
        "life_table": life.name,
        "life_table_publisher": life.publisher,
        "life_table_source": life.source,
        "death_factors": {variant: life.factors[variant] for variant in VARIANTS},
        "life_expectancy": {
            variant: {sex: round(age, 2) for sex, age in life.expectancy(variant).items()}
            for variant in VARIANTS
        },
        "national_life_expectancy_2020": dict(life.national),
        "births": "not needed",
    }
