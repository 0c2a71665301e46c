"""The provision check: whether each estate has the care floor area that its rule asks for.

What is uncertain is carried as a range, of the need and of the area. A verdict is given only
where every reading within the ranges agrees; otherwise it is `unknown`, with the reason.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import figures, words
from analysis.floor_area import ELIGIBLE, Assumptions, CountedArea, counted_floor_area
from analysis.pooling import ENOUGH, Ground, Pool, Pooling, apply_pools, pooled_estates
from analysis.projects import project_of, projects
from analysis.provision_rates import provision_summary
from analysis.reasons import REASONS, join_reasons, reason_text
from analysis.rulebook import Rule, Rulebook
from geo.findings import Finding
from geo.language import say

__all__ = ["VERDICTS", "Provision", "check_provision", "provision_summary", "reason_text"]

VERDICTS = ("met", "met_pooled", "short", "unknown")

COLUMNS = (
    "residential_id",
    "name",
    "street",
    "kind",
    "in_scope",
    "scope_reason",
    "households",
    "required_m2",
    "provided_m2",
    "deficit_m2",
    "verdict",
    "reasons",
    "rule",
)

FLOOR_AREA = "care_floor_area_per_100_households"
PHASE_DUE = "phase_due_share"
POOL_WALK = "pool_walk_min"

# Doubts explain an unknown verdict; where the verdict stands in spite of them they are no reason.
_DOUBTS = (
    "area_unknown",
    "usable_area_only",
    "area_basis_unknown",
    "status_unknown",
    "facility_area_unknown",
    "facility_status_unknown",
    "facility_link_unclear",
)
_PRINTED = (
    "kind", "households", "scope_reason", "required_low", "shown", "deficit", "verdict", "rule",
)  # fmt: skip
_EXPLAIN_A_LACK = ("planned_only", "misused", "closed", "not_handed_over")


@dataclass(frozen=True)
class Provision:
    """The check of a study.

    table
        One row an estate, in the order of the layer, with the columns `COLUMNS`; households are
        the whole project's on the row that stands for it; areas in m²; deficit NaN where the
        verdict is unknown; verdict, reasons and rule empty where out of scope.
    pooled_m2
        Area of facilities that confirmed pools share and that no row's `provided_m2` holds.
    """

    table: pd.DataFrame
    findings: tuple[Finding, ...]
    pooled_m2: float = 0.0


def check_provision(  # noqa: PLR0913
    residential: gpd.GeoDataFrame | None,
    facilities: gpd.GeoDataFrame | None,
    rulebook: Rulebook,
    *,
    on: date,
    assume: Assumptions | None,
    pools: Iterable[Pool] = (),
    walks: Mapping[tuple[str, str], float] | None = None,
) -> Provision:
    """Return the verdict on every estate on a date.

    residential, facilities
        In one metric CRS; None where the study has no such layer.
    assume
        What a column that is missing as a whole is taken to be.
    pools, walks
        Confirmed pools; minutes from estate to facility by (estate id, facility id), NaN or
        absent where unknown.
    """
    if residential is None or residential.empty:
        return Provision(_empty_table(), ())
    residential = residential.reset_index(drop=True)
    facilities = _no_facilities(residential) if facilities is None else facilities
    facilities = facilities.reset_index(drop=True)
    project = project_of(residential)
    area = counted_floor_area(
        residential,
        facilities,
        project=project,
        on=on,
        assume=assume,
        eligible=eligible_categories(rulebook, on=on),
    )
    pooling = Pooling(tuple(pools), walks, _pool_walk_min(rulebook, on), on)
    judged = judge(projects(residential, project, on=on), area, rulebook, on=on)
    ground = _ground(residential, facilities, project, area, pools=pooling.pools)
    pooled = apply_pools(judged, ground, pooling)
    judged = with_reasons(pooled.judged, area.flags)
    findings = (*area.findings, *_lags(residential, judged), *_as_built(judged), *pooled.findings)
    return Provision(_table(residential, project, judged), findings, pooled.area_m2)


def eligible_categories(rulebook: Rulebook, *, on: date) -> tuple[str, ...]:
    """Return the categories whose floor area counts: the common ones and those packs add."""
    added = {
        rule.applies_to
        for rule in rulebook.in_force(on)
        if rule.key == "counts_as_care_floor_area" and rule.value > 0
    }
    return (*ELIGIBLE, *sorted(added.difference(ELIGIBLE)))


def required_floor_area(households: pd.Series, *, m2_per_100: pd.Series | float) -> pd.Series:
    """Return the care floor area an estate owes, m², unrounded; NaN where unknown."""
    return (households / 100 * m2_per_100).rename("required_m2")


def judge(
    project: pd.DataFrame, area: CountedArea, rulebook: Rulebook, *, on: date
) -> pd.DataFrame:
    """Return each project with its need, its area, its scope and the verdict it has alone."""
    rules = applicable_rules(project, rulebook, on=on)
    judged = (
        project.join(rules)
        .join(area.ranges)
        .assign(
            required_low=required_floor_area(project["households"], m2_per_100=rules["value_low"]),
            required_high=required_floor_area(
                project["households"], m2_per_100=rules["value_high"]
            ),
        )
    )
    return _verdicts(judged.assign(**_due(judged, rulebook, on=on)))


def applicable_rules(project: pd.DataFrame, rulebook: Rulebook, *, on: date) -> pd.DataFrame:
    """Return the lowest and highest demand (m² per 100 households) that may bind each project.

    `new` is bound by the rule in force on its duty date. A duty older than every known rule for
    `new` is bound, as what stands, by the rule for `built` on the study's date. Where the date or
    the kind is unknown, or phases straddle a change, all readings are kept. NaN: no rule.
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
    return rules.assign(
        no_rule=rules["value_low"].isna(),
        kind_unknown=differ & open_kind,
        duty_date_unknown=differ & open_date,
        straddles=differ & ~open_kind & ~open_date,
        judged_as_built=project["kind"].eq("new") & ~open_date & bound[0],
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


def _due(judged: pd.DataFrame, rulebook: Rulebook, *, on: date) -> dict[str, pd.Series]:
    """Return whether the whole need is certainly due, and whether it certainly is not.

    What is not `built` owes all of it once the share of homes of `phase_due_share` is completed;
    without such a rule, once all are.
    """
    rule = rulebook.find(PHASE_DUE, "new", on)
    share = 1.0 if rule is None else rule.value
    threshold = judged["households"] * share
    built = judged["kind"].eq("built") | judged["households"].isna()
    return {
        "due": built | judged["completed_low"].ge(threshold),
        "not_due": ~built & judged["completed_high"].lt(threshold),
    }


def _verdicts(judged: pd.DataFrame) -> pd.DataFrame:
    """Return the projects with scope, verdict and deficit."""
    known = judged["households"].gt(0) & ~judged["no_rule"]
    met = known & judged["low"].ge(judged["required_high"] * ENOUGH)
    lacking = known & judged["high"].lt(judged["required_low"] * ENOUGH)
    short = lacking & judged["due"]
    not_housing, not_due = judged["households"].eq(0), judged["not_due"] & ~met
    outside = not_housing | not_due
    verdict = _worded({"": outside, "met": met, "short": short}, otherwise="unknown")
    verdict = verdict.cat.add_categories("met_pooled")
    gap = (judged["required_low"] - judged["shown"]).clip(lower=0.0)
    return judged.assign(
        scope_reason=_worded({"not_housing": not_housing, "not_due": not_due}, otherwise=""),
        verdict=verdict,
        deficit=gap.where(short & ~outside).mask(met & ~outside, 0.0),
        lacking=lacking,
    )


def _worded(flags: Mapping[str, pd.Series], *, otherwise: str) -> pd.Series:
    """Return for each row the name of the first flag that holds, as a category."""
    index = next(iter(flags.values())).index
    choice = np.select([flag.to_numpy() for flag in flags.values()], range(len(flags)), len(flags))
    names = pd.Index([*flags, otherwise])
    return pd.Series(pd.Categorical.from_codes(choice, names), index=index)


def with_reasons(judged: pd.DataFrame, flags: pd.DataFrame) -> pd.DataFrame:
    """Return the projects with the reasons that bear on their verdict, one boolean column each.

    Doubts about the area stay only where the verdict is unknown, lacks only where it is not met.
    """
    unknown, new = judged["verdict"].eq("unknown"), judged["kind"].eq("new")
    not_met = ~judged["verdict"].isin(["met", "met_pooled"])
    bearing = {code: flags[code] & unknown for code in _DOUBTS if code in flags}
    bearing |= {code: flags[code] & not_met for code in _EXPLAIN_A_LACK if code in flags}
    owed_so_far = required_floor_area(judged["completed_low"], m2_per_100=judged["value_low"])
    return judged.join(flags.assign(**bearing)).assign(
        households_unknown=judged["households"].isna(),
        completion_unknown=(judged["lacking"] & unknown & ~judged["due"])
        | (judged["verdict"].eq("short") & new & judged["silent"]),
        phase_lag=judged["scope_reason"].eq("not_due") & judged["high"].lt(owed_so_far * ENOUGH),
        lag_m2=owed_so_far - judged["shown"],
    )


def _table(residential: pd.DataFrame, project: pd.Series, judged: pd.DataFrame) -> pd.DataFrame:
    """Return the table of the check, one row an estate."""
    stands = project.eq(pd.Series(residential.index, index=residential.index))
    reasons = join_reasons(judged[[code for code in REASONS if code in judged.columns]])
    rows = judged[list(_PRINTED)].assign(reasons=reasons).reindex(residential.index)
    own_kind, own_households = words(residential, "kind"), figures(residential, "households")
    scope_reason = _in_words(rows["scope_reason"], missing="merged_into_project")
    verdict = _in_words(rows["verdict"], missing="")
    return pd.DataFrame(
        {
            "residential_id": words(residential, "id"),
            "name": words(residential, "name"),
            "street": words(residential, "street"),
            "kind": rows["kind"].where(stands, own_kind),
            "in_scope": scope_reason.eq(""),
            "scope_reason": scope_reason,
            "households": rows["households"].where(stands, own_households),
            "required_m2": rows["required_low"],
            "provided_m2": rows["shown"],
            "deficit_m2": rows["deficit"],
            "verdict": verdict,
            "reasons": _in_words(rows["reasons"], missing=""),
            "rule": _in_words(rows["rule"].where(verdict.ne("")), missing=""),
        },
        columns=list(COLUMNS),
    )


def _in_words(column: pd.Series, *, missing: str) -> pd.Series:
    """Return categories as plain words."""
    names = pd.array([*column.cat.categories, missing], dtype="str")
    return pd.Series(names[column.cat.codes.to_numpy()], index=column.index)


def _ground(
    residential: pd.DataFrame,
    facilities: pd.DataFrame,
    project: pd.Series,
    area: CountedArea,
    *,
    pools: tuple[Pool, ...],
) -> Ground:
    """Return what pools stand on: whose each estate is, and which facility area is still free."""
    shares = area.links.shares
    rooms = area.rooms.assign(linked=area.rooms.index.isin(shares["facility"]))
    return Ground(
        estates=pooled_estates(residential, project, pools),
        facilities=rooms[["low", "high", "linked"]].set_axis(words(facilities, "id"))[
            rooms["takes_part"].to_numpy()
        ],
        ledger_only=pd.Series(~project.isin(shares["project"]), index=residential.index),
    )


def _pool_walk_min(rulebook: Rulebook, on: date) -> float | None:
    """Return how far a pooled estate may walk, minutes; None where no rule says so."""
    rule = rulebook.find(POOL_WALK, "all", on)
    return None if rule is None else rule.value


def _empty_table() -> pd.DataFrame:
    """Return the table of a study without estates."""
    kinds = dict.fromkeys(COLUMNS, "str") | {"in_scope": "bool"}
    kinds |= dict.fromkeys([name for name in COLUMNS if name.endswith("_m2")], "float64")
    return pd.DataFrame(columns=list(COLUMNS)).astype(kinds | {"households": "float64"})


def _no_facilities(residential: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer without facilities."""
    return gpd.GeoDataFrame({"id": pd.Series(dtype="str")}, geometry=[], crs=residential.crs)


def _lags(residential: pd.DataFrame, judged: pd.DataFrame) -> tuple[Finding, ...]:
    """Return a warning for each unfinished project whose care rooms lag behind its homes."""
    lagging = judged.loc[judged["phase_lag"], "lag_m2"]
    told = residential.loc[lagging.index]
    rows = told["row"] if "row" in told.columns else [None] * len(told)
    remedy = say("配建用房应安排在首期，最迟在住宅建成一半之前建成。")
    return tuple(
        Finding(
            "warning",
            "residential",
            say("{name}：分期滞后，已建成住宅应配而尚未配建 {lag:.2f} ㎡。", name=name, lag=lag),
            remedy,
            row=None if row is None else int(row),
        )
        for name, row, lag in zip([*told["name"]], [*rows], [*lagging], strict=True)
    )


def _as_built(judged: pd.DataFrame) -> tuple[Finding, ...]:
    """Return one note on new estates whose duty is older than the first rule known."""
    count = int(judged["judged_as_built"].sum())
    note = say(
        "{count} 个新建小区的义务日期早于首个已知规则，按已建成小区的标准核查。", count=count
    )
    return (Finding("info", "residential", note),) if count else ()
