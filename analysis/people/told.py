"""What the source of the people tells of them: their date, and whether they are 常住 or 户籍."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from analysis.columns import words
from analysis.people.locating import Located
from analysis.study import Study
from geo.language import Message, say


@dataclass(frozen=True)
class PeopleTold:
    """What is told of the people.

    year
        None where nothing tells one year.
    basis
        Empty where nothing tells one.
    day
        The date of the source; None where it tells none, or its rows are of another year.
    """

    year: int | None = None
    basis: Literal["resident", "registered", ""] = ""
    day: date | None = None

    def sentence(self) -> Message:
        """Return it as a sentence of a note; what is not told is said not to be."""
        basis = {"resident": say("常住"), "registered": say("户籍")}.get(self.basis)
        if self.year is not None and basis is not None:
            return say("老年人为 {year} 年的{basis}人口。", year=self.year, basis=basis)
        if self.year is not None:
            return say("老年人为 {year} 年的人口，没有写明常住还是户籍。", year=self.year)
        if basis is not None:
            return say("老年人为{basis}人口，没有写明年份。", basis=basis)
        return say("老年人没有写明年份，也没有写明常住还是户籍。")


def people_told(study: Study, located: Located) -> PeopleTold:
    """Return what the source states of itself, its year else by the date of its layer."""
    source = study.layer(located.source) if located.source else None
    if source is None:
        return PeopleTold()
    described = study.description.layers.get(located.source)
    years = source["year"].dropna().unique() if "year" in source else []
    year = int(years[0]) if len(years) == 1 else None
    if not len(years) and described is not None and described.date is not None:
        year = described.date.year
    stated = {*words(source, "basis").dropna()}
    basis: Literal["resident", "registered", ""] = ""
    if stated == {"resident"}:
        basis = "resident"
    elif stated == {"registered"}:
        basis = "registered"
    day = None if described is None else described.date
    return PeopleTold(year, basis, day if day is not None and day.year == year else None)


@dataclass(frozen=True)
class PeopleUnknown:
    """How many places of the source tell nothing of people aged 60 and over, and of how many."""

    places: int
    all: int

    def sentence(self) -> Message | None:
        """Return it as a sentence; None where everybody is told of."""
        if not self.places:
            return None
        return say(
            "人口资料{all}处中有{places}处没有60岁以上人口数：其老年人不在分母内，也不算未覆盖。",
            all=self.all, places=self.places,
        )  # fmt: skip


def people_unknown(located: Located) -> PeopleUnknown:
    """Return of how many places of the source nobody knows how many old people live there.

    They are in no sum: where they are not told beside it, a share would pass for that of everybody.
    """
    units = located.homes.assign(untold=located.homes["elderly_60plus"].isna())
    untold = units.groupby("unit_id", sort=False, dropna=False)["untold"].all()
    return PeopleUnknown(int(untold.sum()), len(untold))
