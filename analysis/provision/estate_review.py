"""The review of estates: one row an estate, with all that a street office is asked to settle."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analysis.columns import dates, words
from analysis.pooling.proposals import CareLayers, NearWalks
from analysis.provision.check import Provision
from analysis.provision.projects import DUTY_DATES, duty_date, project_of
from analysis.provision.proposed_remedies import REMEDY, proposed_remedies
from analysis.provision.rates import REVIEW_SINCE, latest_of_project, review_date
from analysis.provision.reasons import WARNINGS, join_reasons
from analysis.rulebook import Rulebook

REVIEW = (
    "in_review_by_completion", "in_review_by_duty", "review_date", "review_date_is",
    "straddles_2014",
)  # fmt: skip
STEPS = (
    "planned", "built", "accepted", "delivered", "handed_over", "steps_done", "steps_known",
    "first_broken_step",
)  # fmt: skip
COLUMNS = (
    "residential_id", "name", "street", "community", "households", "verdict", "deficit_m2",
    *REVIEW, *STEPS, "warnings", *REMEDY,
)  # fmt: skip

# The dates that may tell an estate in the review, as `review_date` takes them.
_DATES = (("completed_on", "completion"), ("handed_over_on", "handover"), *zip(
    DUTY_DATES, ("conditions", "land_grant", "permit"), strict=True
))  # fmt: skip


@dataclass(frozen=True)
class Looked:
    """What was worked out before: the steps of projects, and the proposed pools."""

    steps: pd.DataFrame
    proposals: pd.DataFrame


def estate_review(
    check: Provision,
    layers: CareLayers,
    walks: NearWalks,
    rulebook: Rulebook,
    *,
    on: date,
    looked: Looked,
) -> pd.DataFrame:
    """Return one row an estate, in the order of the layer, with `COLUMNS`.

    walks
        Candidates within the walk that a remedy may take.
    looked
        As `synchrony` and `propose_pools` give them for the same layers.

    Verdict, steps, warnings and remedy stand on the row that stands for its project; the remedy is
    told by `proposed_remedies`. Nothing of it changes a verdict.
    """
    residential = layers.residential.reset_index(drop=True)
    if check.area is None:
        return pd.DataFrame(columns=list(COLUMNS))
    told = [
        check.table[["residential_id", "name", "street", "households", "verdict", "deficit_m2"]],
        words(residential, "community"),
        review_cohort(residential, rulebook, on=on),
        looked.steps[[*STEPS]].reindex(residential.index),
        _warnings(check).reindex(residential.index),
        proposed_remedies(check, layers, walks, rulebook, on=on, proposals=looked.proposals),
    ]
    table = pd.concat(told, axis=1)[[*COLUMNS]]
    blank = [
        "first_broken_step", "warnings", "remedy", "candidate_id", "candidate_standing",
        "proposal_id",
    ]  # fmt: skip
    whole = {"steps_done": "Int64", "steps_known": "Int64", "candidate_others": "Int64",
             "candidate_enough": "boolean"}  # fmt: skip
    return table.assign(**{name: table[name].fillna("") for name in blank}).astype(whole)


def review_cohort(residential: pd.DataFrame, rulebook: Rulebook, *, on: date) -> pd.DataFrame:
    """Return whether each estate is in the review, in both readings, with the date that says so.

    A project is in it as a whole, if any of its phases is: the latest date speaks for it.

    in_review_by_completion
        By `review_date`: completion, else handover, else the duty date; missing where none is told
        or no rule gives a year.
    in_review_by_duty
        By the duty date alone.
    review_date_is
        completion, handover, conditions, land_grant or permit; empty where there is no date.
    straddles_2014
        The duty arose before, completion came after, or phases lie on both sides: to be decided by
        hand.
    """
    rule = rulebook.find(REVIEW_SINCE, "all", on)
    # Before any rule nobody can tell; a year that far off keeps comparisons plain.
    known = rule is not None
    since = pd.Timestamp.max if rule is None else pd.Timestamp(int(rule.value), 1, 1)
    residential = residential.reset_index(drop=True)
    project = project_of(residential)
    own, own_duty = review_date(residential), duty_date(residential)
    day, duty = (latest_of_project(each, project) for each in (own, own_duty))
    first = pd.concat([own, own_duty], axis=1).min(axis=1).groupby(project).transform("min")
    told = [dates(residential, name).notna() for name, _ in _DATES]
    which = np.select([flag.to_numpy() for flag in told], [word for _, word in _DATES], "")
    by_day = own.sort_values(na_position="first", kind="stable").index.to_series()
    speaks = by_day.groupby(project).transform("last").reindex(residential.index)
    return pd.DataFrame(
        {
            "in_review_by_completion": day.ge(since).astype("boolean").where(known & day.notna()),
            "in_review_by_duty": duty.ge(since).astype("boolean").where(known & duty.notna()),
            "review_date": day,
            "review_date_is": pd.Series(which[speaks], index=residential.index, dtype="str"),
            "straddles_2014": first.lt(since) & day.ge(since),
        }
    )


def _warnings(check: Provision) -> pd.Series:
    """Return the warnings of each project as joined codes."""
    held = check.projects[[code for code in WARNINGS if code in check.projects]]
    return join_reasons(held).astype("str").rename("warnings")
