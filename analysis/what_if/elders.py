"""Who lives at which point of a study: what turns points within the limit into people."""

from dataclasses import dataclass, replace
from typing import Any, Final, Self

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.coverage.table import coverage_summary, coverage_table
from analysis.coverage.tally import Tally, numbers, tally
from analysis.evaluation import Evaluation
from geo.streets.network import Flags, Floats, Ints

AREA_COLUMNS: Final = (
    "level", "area_id", "name", "elderly_60plus", "covered_60plus", "share_60plus",
)  # fmt: skip
NOBODY: Final = 1e-6
SUMMARY_KEYS: Final = ("scope", "elderly_60plus", "covered_60plus", "share_60plus")


@dataclass(frozen=True, eq=False)
class Elders:
    """The homes of a study and the points each stands at.

    place
        Of each point the estate or free home it belongs to (estates first); -1: neither.
    points
        How many points each of these has; NaN for none.
    at
        Of each home the estate or free home that it is.
    boundaries
        All areas; of these `printed` are told.
    """

    place: Ints
    points: Floats
    at: Ints
    counts: Tally
    boundaries: gpd.GeoDataFrame | None
    printed: gpd.GeoDataFrame | None

    @classmethod
    def of(cls, evaluation: Evaluation, *, levels: tuple[str, ...] = ("street",)) -> Self:
        """Return the homes of an evaluation, to be told by the areas of some levels."""
        placed, located = evaluation.reach.placed, evaluation.located
        free = located.estate < 0
        estates = len(placed.estates)
        place = np.full(len(placed.points), -1, dtype=np.int64)
        place[placed.residential] = placed.place[placed.residential]
        place[placed.homes] = estates + placed.place[placed.homes]
        points = np.bincount(place[place >= 0], minlength=estates + int(free.sum())).astype(float)
        points[points == 0] = np.nan
        boundaries = evaluation.study.layer("boundaries")
        told = boundaries
        if boundaries is not None and "level" in boundaries:
            told = boundaries[boundaries["level"].isin(levels)]
        return cls(
            place=place,
            points=points,
            at=np.where(free, estates + np.cumsum(free) - 1, located.estate),
            counts=_people_only(evaluation, boundaries),
            boundaries=boundaries,
            printed=told,
        )

    def shares(self, within: Flags) -> Floats:
        """Return the part of each home within the limit, given the points that are."""
        # Whoever can be put on no street reaches nothing.
        shares: Floats = np.nan_to_num(self.place_shares(within))[self.at]
        return shares

    def place_shares(self, within: Flags) -> Floats:
        """Return the part of each estate, then each free home, within the limit; NaN: no points."""
        some = within & (self.place >= 0)
        shares: Floats = np.bincount(self.place[some], minlength=len(self.points)) / self.points
        return shares

    def areas(self, within: Flags) -> pd.DataFrame:
        """Return the study and its areas as coverage.csv has them: people aged 60+ only."""
        table = coverage_table(self._tally(within), self.printed)
        return table[list(AREA_COLUMNS)]

    def summary(self, within: Flags) -> dict[str, Any]:
        """Return the same figures of summary.json: rural places are left out of them."""
        figures = coverage_summary(self._tally(within), boundaries=self.boundaries)
        return {key: figures[key] for key in SUMMARY_KEYS}

    def at_points(self) -> Floats:
        """Return the people aged 60+ each point stands for, in the scope of the headline.

        Unknown people count as none, as they do in the headline; so do rural places.
        """
        people = self.counts.people
        elderly = np.where(people.where.rural, 0.0, people.figures["elderly_60plus"])
        at_place = np.bincount(self.at, np.nan_to_num(elderly), minlength=len(self.points))
        each = np.nan_to_num(at_place / self.points)
        people_at: Floats = np.append(each, 0.0)[self.place]
        return people_at

    def streets(self) -> tuple[pd.DataFrame, Ints]:
        """Return the streets, and of each point the position of its own; -1: in none of them."""
        streets = np.full(len(self.points), -1, dtype=np.int64)
        if self.printed is None or "street" not in self.counts.people.where.area:
            return pd.DataFrame({"id": [], "name": []}, dtype=object), streets[self.place]
        streets[self.at] = self.counts.people.where.area["street"]
        names = self.printed.loc[self.printed["level"] == "street", ["id", "name"]]
        return pd.DataFrame(names).reset_index(drop=True), np.append(streets, -1)[self.place]

    def _tally(self, within: Flags) -> Tally:
        return replace(self.counts, share=self.shares(within))


def _people_only(evaluation: Evaluation, boundaries: gpd.GeoDataFrame | None) -> Tally:
    """Return the tally of the homes; estates and land, which no change here tells, left empty."""
    residential = evaluation.study.layer("residential")
    estates = gpd.GeoDataFrame({"share": []}, geometry=[], crs=evaluation.study.crs)
    if residential is not None:
        rows = evaluation.places[evaluation.places["layer"] == "residential"]
        estates = residential[["geometry"]].assign(share=numbers(rows, "share"))
    counts = tally(evaluation.homes, estates, estates, boundaries, estate=evaluation.located.estate)
    nothing = np.zeros(len(counts.estates.where.rural), dtype=bool)
    return replace(
        counts,
        estates=counts.estates.only(nothing),
        land=counts.land.only(np.zeros(len(counts.land.where.rural), dtype=bool)),
    )


def share_change(people: pd.Series, of: pd.Series) -> pd.Series:
    """Return a change of people as a change of their share, empty where there is nobody.

    Shares are printed rounded: the difference of two that are may be a thousandth off.
    """
    everybody = of.astype("float64")
    return people.astype("float64") / everybody.where(everybody.gt(0))


def whole_change(before: pd.DataFrame, after: pd.DataFrame) -> pd.Series:
    """Return by how many people each area's covered people change: the study, then its parts.

    Whole people that add up to the study's change. An area in which nobody's walk changes has 0,
    though its printed people, which have to add up too, may differ by one.

    before, after
        Rows of coverage, `elderly_60plus, covered_60plus, share_60plus`, in one order.
    """
    printed = after["covered_60plus"].astype("float64") - before["covered_60plus"].astype("float64")
    shares = [each["share_60plus"].astype("float64") for each in (before, after)]
    exact = ((shares[1] - shares[0]) * after["elderly_60plus"].astype("float64")).fillna(0.0)
    parts = exact.to_numpy()[1:]
    moved = np.abs(parts) > NOBODY
    if printed.isna().any() or not moved.any():
        return printed.where(printed.isna(), 0.0) if not moved.any() else printed
    total = round(float(printed.iloc[0]))
    whole = np.where(moved, np.floor(parts), 0.0)
    missing = total - int(whole.sum())
    nearest = np.argsort(-np.where(moved, parts - whole, -1.0), kind="stable")
    if not 0 <= missing <= int(moved.sum()):
        return printed
    whole[nearest[:missing]] += 1
    return pd.Series(np.append(float(total), whole), index=printed.index)
