"""How much care floor area a project owes, and under which rule."""

from datetime import date

import numpy as np
import pandas as pd

from analysis.provision.stated_area import ELIGIBLE
from analysis.rule_keys import FLOOR_AREA
from analysis.rulebook import Rule, Rulebook


def eligible_categories(rulebook: Rulebook, *, on: date) -> tuple[str, ...]:
    """Return the categories whose floor area counts: the common ones and those packs add."""
    added = {
        rule.applies_to
        for rule in rulebook.in_force(on)
        if rule.key == "counts_as_care_floor_area" and rule.value > 0
    }
    return (*ELIGIBLE, *sorted(added.difference(ELIGIBLE)))


def required_floor_area(
    households: pd.Series, *, m2_per_100: pd.Series | float, step: int = 0
) -> pd.Series:
    """Return the care floor area an estate owes, m², unrounded; NaN where unknown.

    step
        Households are rounded up to whole steps of so many; 0 prorates, as the texts do.
    """
    counted = np.ceil(households / step) * step if step else households
    return (counted / 100 * m2_per_100).rename("required_m2")


def applicable_rules(project: pd.DataFrame, rulebook: Rulebook, *, on: date) -> pd.DataFrame:
    """Return the lowest and highest demand (m² per 100 households) that may bind each project.

    `new` is bound by the rule in force on its duty date; a year alone is any of its days. A duty
    older than every known rule for `new` is bound, as what stands, by the rule for `built` on the
    study's date. Where the date or the kind is unknown, or phases straddle a change, all readings
    are kept; so are all dates of a duty that contradict each other. NaN: no rule.
    """
    built = rulebook.find(FLOOR_AREA, "built", on)
    new = rulebook.history(FLOOR_AREA, "new", until=on)
    choices: list[Rule | None] = [built, *new]
    bound = _readings(project, new)
    values = np.array([[np.nan if rule is None else rule.value] for rule in choices])
    names = pd.Categorical(["" if rule is None else rule.id for rule in choices])
    least = np.where(bound, values, np.inf)
    open_kind = project["kind"].isna()
    open_date = ~project["kind"].eq("built") & project["duty_first"].isna()
    rules = pd.DataFrame(
        {
            # NaN wins over numbers: a reading without a rule leaves the need unknown.
            "value_low": least.min(axis=0),
            "value_high": np.where(bound, values, -np.inf).max(axis=0),
            "rule": names[least.argmin(axis=0)],
        },
        index=project.index,
    )
    differ = rules["value_low"].lt(rules["value_high"])
    year_only = project["year_only"]
    # A year alone that may lie before or after the first rule is not said to lie before.
    as_built = np.logical_and(bound[0], ~(year_only.to_numpy() & np.any(bound[1:], axis=0)))
    return rules.assign(
        no_rule=rules["value_low"].isna(),
        kind_unknown=differ & open_kind,
        duty_date_unknown=differ & (open_date | year_only),
        straddles=differ & ~open_kind & ~open_date & ~project["duty_doubtful"] & ~year_only,
        judged_as_built=project["kind"].eq("new") & ~open_date & as_built,
    )


def _readings(project: pd.DataFrame, new: tuple[Rule, ...]) -> np.ndarray:
    """Return which rules may bind each project, a row a rule: for `built`, then each for `new`."""
    starts = np.array([rule.in_force_from for rule in new], dtype="datetime64[ns]")
    first, last = (
        np.searchsorted(starts, project[name].to_numpy(), side="right")
        for name in ("duty_first", "duty_last")
    )
    choice = np.arange(len(new) + 1)[:, None]
    as_new = (first <= choice) & (choice <= last) | project["duty_first"].isna().to_numpy()
    as_built = choice == 0
    is_new, is_built = (project["kind"].isin([kind]).to_numpy() for kind in ("new", "built"))
    return np.asarray((as_new & ~is_built) | (as_built & ~is_new))
