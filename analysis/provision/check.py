"""The provision check: whether each estate has the care floor area that its rule asks for.

What is uncertain is carried as a range, of the need and of the area. A verdict is given only
where every reading within the ranges agrees; otherwise it is `unknown`, with the reason.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import figures, words
from analysis.description import ProvisionSettings
from analysis.pooling.confirmed import (
    ENOUGH,
    Ground,
    Pool,
    Pooling,
    apply_pools,
    may_pool,
    pooled_estates,
)
from analysis.provision.contradictions import estate_findings, facility_findings, in_estates
from analysis.provision.doubted import doubtful_households
from analysis.provision.floor_area import CountedArea, counted_floor_area
from analysis.provision.need import applicable_rules, eligible_categories, required_floor_area
from analysis.provision.projects import project_of, projects
from analysis.provision.rates import provision_summary
from analysis.provision.reasons import REASONS, join_reasons, reason_text
from analysis.provision.rooms import RoomRules, scattered
from analysis.provision.stated_area import Assumptions
from analysis.rule_keys import PHASE_DUE, POOL_WALK
from analysis.rulebook import Rulebook
from geo.files.several_files import Where, where_rows_stand
from geo.findings import Finding
from geo.language import say

__all__ = [
    "VERDICTS",
    "Provision",
    "check_provision",
    "provision_summary",
    "reason_text",
    "required_floor_area",
]

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

# Doubts explain an unknown verdict; where the verdict stands in spite of them they are no reason.
_DOUBTS = (
    "area_unknown",
    "usable_area_only",
    "area_basis_unknown",
    "status_unknown",
    "area_implausible",
    "facility_area_unknown",
    "facility_status_unknown",
    "facility_link_unclear",
    "serves_far",
)
_PRINTED = (
    "kind", "households", "scope_reason", "required_low", "shown", "own", "deficit", "verdict",
    "rule",
)  # fmt: skip
_DECIDED = ("met", "met_pooled", "short")
_EXPLAIN_A_LACK = ("planned_only", "misused", "closed", "not_handed_over", "basement_room")
_AS_THE_TEXTS = ProvisionSettings()


@dataclass(frozen=True, eq=False)
class Provision:
    """The check of a study.

    table
        One row an estate, in the order of the layer, with the columns `COLUMNS`; households are
        the whole project's on the row that stands for it; areas in m²; deficit NaN where the
        verdict is unknown; verdict, reasons and rule empty where out of scope.
    pooled_m2
        Area of facilities that confirmed pools share and that no row's `provided_m2` holds.
    projects, project, area
        What stands behind the table: the projects as judged, by the index of the row that stands
        for each; of each row its project; the area that counts. Empty and None without estates.
    """

    table: pd.DataFrame
    findings: tuple[Finding, ...]
    pooled_m2: float = 0.0
    projects: pd.DataFrame = field(default_factory=pd.DataFrame)
    project: pd.Series = field(default_factory=lambda: pd.Series(dtype="int64"))
    area: CountedArea | None = None

    @property
    def deficit_least_m2(self) -> pd.Series:
        """Return what each row of the table lacks at the least, m²: as `deficit_m2`, or less."""
        deficit = self.table["deficit_m2"]
        if self.projects.empty:
            return deficit
        return self.projects["deficit_least"].reindex(self.table.index).where(deficit.notna())


def check_provision(  # noqa: PLR0913
    residential: gpd.GeoDataFrame | None,
    facilities: gpd.GeoDataFrame | None,
    rulebook: Rulebook,
    *,
    on: date,
    assume: Assumptions | None,
    pools: Iterable[Pool] = (),
    walks: Mapping[tuple[str, str], float] | None = None,
    settings: ProvisionSettings = _AS_THE_TEXTS,
    confirmed: Collection[Where] = (),
) -> Provision:
    """Return the verdict on every estate on a date.

    residential, facilities
        In one metric CRS; None where the study has no such layer.
    assume
        What a column that is missing as a whole is taken to be.
    pools, walks
        Confirmed pools; minutes from estate to facility by (estate id, facility id), NaN or
        absent where unknown.
    settings
        Judgements that no text decides.
    confirmed
        Where the rows stand whose households were asked back and confirmed.
    """
    if residential is None or residential.empty:
        return Provision(_empty_table(), ())
    residential = residential.reset_index(drop=True)
    facilities = _no_facilities(residential) if facilities is None else facilities
    facilities = facilities.reset_index(drop=True)
    project = project_of(residential)
    doubt = in_estates(residential, on=on).assign(
        households_doubtful=doubtful_households(residential, confirmed=confirmed)
    )
    area = counted_floor_area(
        residential,
        facilities,
        project=project,
        doubt=doubt,
        on=on,
        assume=assume,
        eligible=eligible_categories(rulebook, on=on),
        rules=RoomRules.of(rulebook, on=on),
        serves_within_m=settings.serves_within_m,
    )
    pooling = Pooling(tuple(pools), walks, _pool_walk_min(rulebook, on), on)
    known = projects(residential, project, doubt, on=on, silent_months=settings.silent_months)
    judged = judge(known, area, rulebook, on=on, settings=settings)
    ground = _ground(residential, facilities, project, area, pools=pooling.pools)
    pooled = apply_pools(judged, ground, pooling)
    judged = with_reasons(pooled.judged, area, settings=settings)
    told = (*area.findings, *_lags(residential, judged), *_as_built(judged), *pooled.findings)
    doubts = (*estate_findings(residential, doubt, on=on), *facility_findings(facilities, on=on))
    table = _table(residential, project, judged)
    return Provision(table, (*told, *doubts), pooled.area_m2, judged, project, area)


def judge(
    project: pd.DataFrame,
    area: CountedArea,
    rulebook: Rulebook,
    *,
    on: date,
    settings: ProvisionSettings = _AS_THE_TEXTS,
) -> pd.DataFrame:
    """Return each project with its need, its area, its scope and the verdict it has alone."""
    rules = applicable_rules(project, rulebook, on=on)
    need = {
        f"required_{bound}": required_floor_area(
            project["households"], m2_per_100=rules[f"value_{bound}"], step=settings.household_step
        )
        for bound in ("low", "high")
    }
    judged = project.join(rules).join(area.ranges).assign(**need)
    return _verdicts(
        judged.assign(
            **_due(judged, rulebook, on=on),
            exempt=project["households"].gt(0) & project["households"].lt(settings.exempt_below),
            may_pool=may_pool(project["kind"], rulebook, on=on),
        )
    )


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
    scope = {"not_housing": not_housing, "exempt": judged["exempt"], "not_due": not_due}
    outside = not_housing | judged["exempt"] | not_due
    verdict = _worded({"": outside, "met": met, "short": short}, otherwise="unknown")
    verdict = verdict.cat.add_categories("met_pooled")
    # Where two ledgers contradict, the lower figure is shown: what is lacking may be less.
    gaps = {
        name: (judged["required_low"] - judged[area]).clip(lower=0.0)
        for name, area in (("deficit", "shown"), ("deficit_least", "high"))
    }
    return judged.assign(
        scope_reason=_worded(scope, otherwise=""),
        verdict=verdict,
        **{n: gap.where(short & ~outside).mask(met & ~outside, 0.0) for n, gap in gaps.items()},
        lacking=lacking,
    )


def _worded(flags: Mapping[str, pd.Series], *, otherwise: str) -> pd.Series:
    """Return for each row the name of the first flag that holds, as a category."""
    index = next(iter(flags.values())).index
    choice = np.select([flag.to_numpy() for flag in flags.values()], range(len(flags)), len(flags))
    names = pd.Index([*flags, otherwise])
    return pd.Series(pd.Categorical.from_codes(choice, names), index=index)


def with_reasons(
    judged: pd.DataFrame, area: CountedArea, *, settings: ProvisionSettings
) -> pd.DataFrame:
    """Return the projects with the reasons that bear on their verdict, one boolean column each.

    Doubts about the area stay only where the verdict is unknown, lacks only where it is not met;
    warnings stay everywhere.
    """
    unknown, new = judged["verdict"].eq("unknown"), judged["kind"].eq("new")
    not_met = ~judged["verdict"].isin(["met", "met_pooled"])
    flags = area.flags
    bearing = {code: flags[code] & unknown for code in _DOUBTS if code in flags}
    bearing |= {code: flags[code] & not_met for code in _EXPLAIN_A_LACK if code in flags}
    owed_so_far = required_floor_area(
        judged["completed_low"], m2_per_100=judged["value_low"], step=settings.household_step
    )
    share_open = judged["lacking"] & unknown & ~judged["due"]
    over = judged["delivered_over_planned"]
    own = {
        "households_unknown": judged["households"].isna(),
        "completion_unknown": (share_open & ~over)
        | (judged["verdict"].eq("short") & new & judged["silent"]),
        "delivered_over_planned": share_open & over,
        "phase_lag": judged["scope_reason"].eq("not_due") & judged["high"].lt(owed_so_far * ENOUGH),
        "dates_contradict": judged["dates_contradict"] | flags["dates_contradict"],
        "scattered_rooms": scattered(
            area.main, judged["required_low"], main_room_share=settings.main_room_share
        ),
    }
    told = flags.assign(**bearing).drop(columns=["dates_contradict"])
    return (
        judged.drop(columns=[*own], errors="ignore")
        .join(told)
        .assign(**own, lag_m2=owed_so_far - judged["shown"])
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
            # A verdict may rest on what is possible at most; without one only its own is printed.
            "provided_m2": rows["shown"].where(verdict.isin(_DECIDED), rows["own"]),
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
    rooms = area.rooms.assign(
        low=area.rooms["fit_low"],
        high=area.rooms["fit_high"],
        linked=area.rooms.index.isin(shares["facility"]),
    )
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
    remedy = say("配建用房应安排在首期，最迟在住宅建成一半之前建成。")
    return tuple(
        Finding(
            "warning",
            "residential",
            say("{name}：分期滞后，已建成住宅应配而尚未配建 {lag:.2f} ㎡。", name=name, lag=lag),
            remedy,
            file=file,
            row=row,
        )
        for name, (file, row), lag in zip(
            [*told["name"]], where_rows_stand(told), [*lagging], strict=True
        )
    )


def _as_built(judged: pd.DataFrame) -> tuple[Finding, ...]:
    """Return one note on new estates whose duty is older than the first rule known."""
    count = int(judged["judged_as_built"].sum())
    note = say(
        "{count} 个新建小区的义务日期早于首个已知规则，按已建成小区的标准核查。", count=count
    )
    return (Finding("info", "residential", note),) if count else ()
