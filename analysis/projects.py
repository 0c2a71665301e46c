"""Phases of one project, judged together as the project.

A project is told by the place of its first row (by phase, then id): its phases share one verdict,
printed there. An estate without `project_id` is a project of one row.
"""

from datetime import date

import numpy as np
import pandas as pd

from analysis.columns import dates, figures, words


def project_of(residential: pd.DataFrame) -> pd.Series:
    """Return for each row the index of the row that stands for its project."""
    name = words(residential, "project_id").dropna()
    phases = residential.loc[name.index]
    rows = pd.DataFrame(
        {"phase": words(phases, "phase").fillna("\U0010ffff"), "id": words(phases, "id")}
    ).sort_values(["phase", "id"])
    first = pd.Series(rows.index, index=rows.index).groupby(name).transform("first")
    project = pd.Series(residential.index, index=residential.index, name="project", dtype="int64")
    project.loc[first.index] = first
    return project


def projects(residential: pd.DataFrame, project: pd.Series, *, on: date) -> pd.DataFrame:
    """Return what is known of each project, one row each, in the order of the file.

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
    """
    kind, kinds = pd.factorize(words(residential, "kind"))
    households = figures(residential, "households")
    phases = completed_households(residential, project, on=on).assign(
        kind=kind,
        households=households.fillna(0.0),
        known=households.notna(),
        duty=duty_date(residential),
    )
    of = phases.groupby(project)
    sums = of[["households", "low", "high"]].sum()
    # A word that is the first of its project's and the last is all of theirs; -1 is a blank.
    shared = of["kind"].min().where(of["kind"].min().eq(of["kind"].max()), -1)
    return pd.DataFrame(
        {
            "households": sums["households"].where(of["known"].all()),
            "kind": kinds.array.take(shared.to_numpy(), allow_fill=True),
            "duty_first": of["duty"].min(),
            "duty_last": of["duty"].max(),
            "completed_low": sums["low"],
            "completed_high": sums["high"],
            "silent": of["silent"].all(),
        }
    )


def duty_date(residential: pd.DataFrame) -> pd.Series:
    """Return the day the duty arose: planning conditions, else land grant, else permit."""
    conditions, granted, permitted = (
        dates(residential, name) for name in ("conditions_on", "land_granted_on", "permitted_on")
    )
    return conditions.fillna(granted).fillna(permitted).rename("duty_on")


def completion_date(residential: pd.DataFrame) -> pd.Series:
    """Return the day of completion, else of handover to the residents; NaT where unknown."""
    completed = dates(residential, "completed_on")
    return completed.fillna(dates(residential, "handed_over_on")).rename("completed_on")


def completed_households(
    residential: pd.DataFrame, project: pd.Series, *, on: date
) -> pd.DataFrame:
    """Return the households completed on a date, row by row, at least and at most.

    A row that says nothing is complete where it is `built` or where its whole project says
    nothing: ledgers list what stands. Beside a phase that does say, silence is unknown.
    """
    households = figures(residential, "households")
    finished = completion_date(residential).le(pd.Timestamp(on))
    stated = figures(residential, "delivered_households").clip(upper=households)
    stated = stated.fillna(
        households.where(finished, 0.0).where(completion_date(residential).notna())
    )
    silent = stated.isna()
    stands = words(residential, "kind").eq("built") | ~project.isin(project[~silent])
    return pd.DataFrame(
        {
            "low": stated.fillna(households.where(stands, 0.0)).fillna(0.0),
            "high": stated.fillna(households).fillna(np.inf),
            "silent": silent,
        }
    )
