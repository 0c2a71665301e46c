"""Phases of one project, judged together as the project.

A project is told by the place of its first row (by phase, then id): its phases share one verdict,
printed there. An estate without `project_id` is a project of one row.
"""

from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np
import pandas as pd

from analysis.columns import Floats, dates, figures, not_before, words
from analysis.coverage.areas import Flags, Indices

# The dates from which a duty may count, the first one present wins.
DUTY_DATES = ("conditions_on", "land_granted_on", "permitted_on")
_DOUBTS = (
    "delivered_over_planned", "duty_doubtful", "dates_contradict", "households_doubtful",
)  # fmt: skip


@dataclass(frozen=True)
class Phases:
    """Which rows make up each project.

    stands
        The projects, each by the index of the row that stands for it, in order.
    row
        Of each row the position of its project among them.
    """

    stands: pd.Index
    row: Indices

    @classmethod
    def of(cls, project: pd.Series) -> Self:
        """Return the phases of projects, given the project of each row."""
        row, stands = pd.factorize(project, sort=True)
        return cls(stands, row)

    def total(self, figure: pd.Series | Floats) -> Floats:
        """Return the sum of what is known of a figure by project; 0 where nothing is."""
        figure = np.asarray(figure, dtype=np.float64)
        known = np.where(np.isnan(figure), 0.0, figure)
        return np.bincount(self.row, weights=known, minlength=len(self.stands)).astype(np.float64)

    def some(self, flag: pd.Series | Flags) -> Flags:
        """Return which projects have a row for which a flag holds."""
        return np.asarray(np.bincount(self.row, weights=flag, minlength=len(self.stands)) > 0)


def project_of(residential: pd.DataFrame) -> pd.Series:
    """Return for each row the index of the row that stands for its project."""
    project = pd.Series(residential.index, index=residential.index, name="project", dtype="int64")
    name = words(residential, "project_id").dropna()
    if name.empty:
        return project
    phases = residential.loc[name.index]
    rows = pd.DataFrame(
        {"phase": words(phases, "phase").fillna("\U0010ffff"), "id": words(phases, "id")}
    ).sort_values(["phase", "id"])
    first = pd.Series(rows.index, index=rows.index).groupby(name).transform("first")
    project.loc[first.index] = first
    return project


def projects(
    residential: pd.DataFrame,
    project: pd.Series,
    doubt: pd.DataFrame,
    *,
    on: date,
    silent_months: int,
) -> pd.DataFrame:
    """Return what is known of each project, one row each, in the order of the file.

    doubt, silent_months
        As `completed_households` takes them.

    households
        All planned households of all phases; NaN where one phase does not say.
    kind
        `new` or `built`; missing where unknown or where phases differ.
    duty_first, duty_last
        Earliest and latest duty date of its phases; NaT where none is known.
    completed_low, completed_high
        Households completed on the date, at least and at most.
    silent
        No phase says anything about completion.
    year_only
        The duty date of a phase may be a year alone.
    delivered_over_planned, duty_doubtful, dates_contradict, households_doubtful
        What a phase says cannot all be true, or can hardly be.
    """
    phases = Phases.of(project)
    households = figures(residential, "households")
    untold = phases.some(households.isna())
    completed = completed_households(
        residential, project, doubt, on=on, silent_months=silent_months
    )
    return pd.DataFrame(
        {
            "households": np.where(untold, np.nan, phases.total(households)),
            "kind": _shared(words(residential, "kind"), phases),
            "completed_low": phases.total(completed["low"]),
            "completed_high": phases.total(completed["high"]),
            "silent": ~phases.some(~completed["silent"]),
            **_duty(residential, doubt, phases),
            **{name: phases.some(doubt[name]) for name in _DOUBTS},
        },
        index=phases.stands,
    )


def _duty(
    residential: pd.DataFrame, doubt: pd.DataFrame, phases: Phases
) -> dict[str, pd.api.extensions.ExtensionArray | np.ndarray]:
    """Return when the duty of each project arose: duty_first, duty_last, year_only."""
    days = duty_dates(residential, doubt)
    return {
        "duty_first": days["first"].groupby(phases.row).min().to_numpy(),
        "duty_last": days["last"].groupby(phases.row).max().to_numpy(),
        "year_only": phases.some(days["first"].lt(days["last"]) & ~doubt["duty_doubtful"]),
    }


def duty_date(residential: pd.DataFrame) -> pd.Series:
    """Return the day the duty arose: planning conditions, else land grant, else permit."""
    conditions, granted, permitted = (dates(residential, name) for name in DUTY_DATES)
    return conditions.fillna(granted).fillna(permitted).rename("duty_on")


def duty_dates(residential: pd.DataFrame, doubt: pd.DataFrame) -> pd.DataFrame:
    """Return the earliest and the latest day the duty may have arisen, row by row: first, last.

    They differ where the date may be a year alone, and where the dates contradict each other: then
    any of them may be the right one.

    doubt
        Flags of contradictions, as `in_estates` gives them.
    """
    day = duty_date(residential)
    if not doubt["duty_doubtful"].any():
        return pd.DataFrame({"first": not_before(day), "last": day})
    stated = [dates(residential, name) for name in DUTY_DATES]
    every = pd.concat(stated, axis=1)
    return pd.DataFrame(
        {
            "first": not_before(day).mask(
                doubt["duty_doubtful"], every.apply(not_before).min(axis=1)
            ),
            "last": day.mask(doubt["duty_doubtful"], every.max(axis=1)),
        }
    )


def completion_date(residential: pd.DataFrame) -> pd.Series:
    """Return the day of completion, else of handover to the residents; NaT where unknown."""
    completed = dates(residential, "completed_on")
    return completed.fillna(dates(residential, "handed_over_on")).rename("completed_on")


def completed_households(
    residential: pd.DataFrame,
    project: pd.Series,
    doubt: pd.DataFrame,
    *,
    on: date,
    silent_months: int,
) -> pd.DataFrame:
    """Return the households completed on a date, row by row, at least and at most: low, high.

    All where completion is past, however few were delivered; else those delivered. A row that says
    nothing is complete where it is `built`, or where its whole project says nothing and began no
    later than `silent_months` ago: ledgers list what stands. All else is unknown, and so is what
    cannot be: more delivered than planned, completed before it was permitted.

    doubt
        Flags of contradictions, as `in_estates` gives them.
    silent
        The row says nothing of completion.
    """
    households = figures(residential, "households")
    today = pd.Timestamp(on)
    day = completion_date(residential).mask(doubt["completion_doubtful"])
    completed = dates(residential, "completed_on").mask(doubt["completion_doubtful"]).le(today)
    delivered = figures(residential, "delivered_households").mask(doubt["delivered_over_planned"])
    # A handover may be that of the first homes alone: what is delivered says more.
    stated = delivered.mask(completed, households).fillna(households.where(day.le(today)))
    stated = stated.mask(stated.isna() & not_before(day).gt(today), 0.0)
    contradicted = doubt["completion_doubtful"] | doubt["delivered_over_planned"]
    silent = delivered.isna() & day.isna() & ~contradicted
    young = _begun_after(residential, today - pd.DateOffset(months=silent_months))
    open_ = project[~silent | young]
    stands = words(residential, "kind").eq("built") & stated.isna()
    stands |= silent & ~project.isin(open_)
    return pd.DataFrame(
        {
            "low": stated.fillna(households.where(stands, 0.0)).fillna(0.0),
            "high": stated.fillna(households).fillna(np.inf),
            "silent": silent,
        }
    )


def _begun_after(residential: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """Return which rows have a duty date after a day: their homes cannot be taken to stand."""
    return pd.concat([dates(residential, name).gt(day) for name in DUTY_DATES], axis=1).any(axis=1)


def _shared(column: pd.Series, phases: Phases) -> pd.api.extensions.ExtensionArray:
    """Return the word all phases of a project share; missing where one differs or is blank."""
    code, known = pd.factorize(column)
    # A word that is the first of its project's and the last is all of theirs; -1 is a blank.
    codes = pd.Series(code).groupby(phases.row)
    first, last = codes.min().to_numpy(), codes.max().to_numpy()
    words_: pd.api.extensions.ExtensionArray = known.array
    return words_.take(np.where(first == last, first, -1), allow_fill=True)
