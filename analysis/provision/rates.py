"""How many estates pass, of how many that are in scope: the figures of the provision check."""

from datetime import date
from typing import Any

import pandas as pd

from analysis.coverage.areas import Flags
from analysis.provision.projects import completion_date, duty_date, project_of
from analysis.provision.reasons import SEPARATOR
from analysis.rulebook import Rulebook

REVIEW_SINCE = "provision_review_since"

# Above this part of the households without a verdict, a rate would speak for too few.
UNKNOWN_MAX = 0.20

# Square metres by which two sums are the same.
SAME_M2 = 0.005

PASSED = ("met", "met_pooled")
DECIDED = (*PASSED, "short")
VERDICTS = (*DECIDED, "unknown")


def provision_summary(
    table: pd.DataFrame,
    residential: pd.DataFrame | None = None,
    rulebook: Rulebook | None = None,
    *,
    on: date | None = None,
    least: pd.Series | None = None,
) -> dict[str, Any]:
    """Return the `provision` figures of a study; rates are 0-1, None where they have no basis.

    residential, rulebook, on
        Tell which estates the review since 2014 takes in, in the order of the table; without them
        its rates are None.
    least
        What each estate lacks at the least, m²; None where that is what the table says.
    """
    least = table["deficit_m2"] if least is None else least
    in_scope = table["in_scope"].to_numpy(dtype=bool)
    scope = verdicts_in_scope(table)
    reasons = table.loc[in_scope, "reasons"].value_counts()
    assumed = ["assumed" in codes.split(SEPARATOR) for codes in reasons.index]
    doubted = in_scope & rests_on_doubt(table).to_numpy(dtype=bool)
    cohorts = _review_cohorts(residential, rulebook, on)
    return {
        "areas": len(table),
        "in_scope": len(scope),
        **{verdict: int(scope[verdict].sum()) for verdict in VERDICTS},
        "assumed": int(reasons[assumed].sum()),
        "deficit_m2": float(table.loc[in_scope, "deficit_m2"].sum()),
        "deficit_least_m2": float(least[in_scope].sum()),
        "deficit_apart_areas": int((table["deficit_m2"] - least)[in_scope].gt(SAME_M2).sum()),
        "deficit_doubted_m2": float(least[doubted].sum()),
        "deficit_doubted_areas": int(doubted.sum()),
        "unknown_share": unknown_share(scope),
        "rate": pass_rate(scope),
        "rate_own": pass_rate(scope, passed=("met",)),
        "rate_floor": _share(_count(scope, PASSED), len(scope)),
        "rate_new": pass_rate(scope[scope["new"]]),
        **{
            name: None if since is None else pass_rate(scope[since[in_scope]])
            for name, since in cohorts.items()
        },
    }


def rests_on_doubt(table: pd.DataFrame) -> "pd.Series[bool]":
    """Return which estates lack floor area by households that can hardly be right."""
    codes = table["reasons"].astype("str").str.split(SEPARATOR)
    doubted = codes.map(lambda each: "households_doubtful" in each).astype(bool)
    return doubted & table["deficit_m2"].gt(0)


def verdicts_in_scope(table: pd.DataFrame) -> pd.DataFrame:
    """Return the estates in scope: their households, whether they are new, a flag a verdict."""
    estates = pd.DataFrame(
        {
            "households": table["households"],
            "new": table["kind"].isin(["new"]),
            **{verdict: table["verdict"].eq(verdict).astype(bool) for verdict in VERDICTS},
        }
    )
    return estates[table["in_scope"].to_numpy(dtype=bool)]


def pass_rate(rows: pd.DataFrame, *, passed: tuple[str, ...] = PASSED) -> float | None:
    """Return the part of the estates with a verdict that pass; None where too few have one.

    rows
        As `verdicts_in_scope` gives them.
    """
    if unknown_share(rows) > UNKNOWN_MAX:
        return None
    return _share(_count(rows, passed), _count(rows, DECIDED))


def unknown_share(rows: pd.DataFrame) -> float:
    """Return the part of the households in estates without a verdict, 0-1.

    rows
        As `verdicts_in_scope` gives them; estates of unknown households weigh as the median of
        the others.
    """
    weight = household_weights(rows["households"])
    total = float(weight.sum())
    return float(weight[rows["unknown"]].sum()) / total if total else 0.0


def household_weights(households: pd.Series) -> pd.Series:
    """Return what each estate weighs: its households; the median of the others where unknown."""
    return households.fillna(households.median() if households.notna().any() else 1.0)


def _count(rows: pd.DataFrame, verdicts: tuple[str, ...]) -> int:
    """Return how many rows have one of some verdicts."""
    return sum(int(rows[verdict].sum()) for verdict in verdicts)


def review_date(residential: pd.DataFrame) -> pd.Series:
    """Return the date that tells a new estate in the review: completion, else its duty date."""
    return completion_date(residential).fillna(duty_date(residential))


def latest_of_project(day: pd.Series, project: pd.Series) -> pd.Series:
    """Return for each row the latest day of its project: one phase takes all of it in."""
    return day.groupby(project).transform("max")


def _review_cohorts(
    residential: pd.DataFrame | None, rulebook: Rulebook | None, on: date | None
) -> dict[str, Flags | None]:
    """Return which estates the review takes in, in both readings: by completion and by duty."""
    names = ("rate_2014", "rate_2014_duty")
    if residential is None or rulebook is None or on is None:
        return dict.fromkeys(names)
    rule = rulebook.find(REVIEW_SINCE, "all", on)
    if rule is None:
        return dict.fromkeys(names)
    since = pd.Timestamp(int(rule.value), 1, 1)
    residential = residential.reset_index(drop=True)
    project = project_of(residential)
    readings = (review_date(residential), duty_date(residential))
    return {
        name: latest_of_project(day, project).ge(since).to_numpy()
        for name, day in zip(names, readings, strict=True)
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
