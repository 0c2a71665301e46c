"""Two periods compared: what changed, and how much of it was built.

Four steps in a fixed order. S0: the earlier period as reported. S1: its stock (facilities, and
care rooms and completion of estates) with the later period's streets, people, boundaries,
parameters and packs. S2: the later stock without the events dated in the period. S3: the later
period. S1-S0 is 口径与数据, S2-S1 补登更正, S3-S2 实际建设: only that is 新增.

S1 to S3 are evaluated with the later study. Where it is gone or has changed since, or does not give
what was reported, one finding says so, the parts are empty, nothing is called new and S3 is as
reported.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from analysis.columns import BETWEEN_NAMES
from analysis.periods.estates import EstateStock, estate_stock
from analysis.periods.evaluated_again import (
    NotTheStudy,
    Stock,
    evaluated,
    evaluated_as_told,
    require_facts,
    same_stock,
    study_of,
)
from analysis.periods.facility_changes import facility_changes
from analysis.periods.matched import Matched, match
from analysis.periods.shrunk import shrunk_care_rooms
from analysis.periods.snapshot import STOCK_LAYERS, Snapshot
from analysis.periods.steps import Step, step_of
from analysis.periods.stock import (
    FacilityStock,
    Period,
    facility_stock,
    serving_now,
    with_status,
)
from analysis.periods.tables import area_table, estate_table, figure_table, indicator_changes
from analysis.periods.words import sentences
from analysis.study import Progress, Study
from geo.errors import PlanningError
from geo.findings import Finding
from geo.language import Message, say

FAR_APART_M: Final = 50_000.0


@dataclass(frozen=True, eq=False)
class Comparison:
    """What changed between two evaluations.

    figures, areas, estates, indicators, changes
        The tables of the terminal contract; codes, not words, in `why`, `change`, `counts_as`.
    parted
        Whether the change could be told apart into its three parts.
    matched
        By layer: rows of both periods, only the earlier, only the later; whether by name.
    """

    before: Snapshot
    after: Snapshot
    figures: pd.DataFrame
    areas: pd.DataFrame
    estates: pd.DataFrame
    indicators: pd.DataFrame
    changes: pd.DataFrame
    parted: bool
    matched: Mapping[str, Mapping[str, int | bool]]
    sentences: tuple[Message, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, eq=False)
class _Stocks:
    """Facilities and estates of two periods, matched."""

    facilities: FacilityStock
    estates: EstateStock
    before: Mapping[str, gpd.GeoDataFrame]
    after: Mapping[str, gpd.GeoDataFrame]
    matched: Mapping[str, Matched]

    @property
    def earlier(self) -> Stock:
        """Return the earlier stock among the later estates."""
        return {"facilities": self.facilities.earlier, "residential": self.estates.earlier}

    @property
    def undone(self) -> Stock:
        """Return the later stock without the events of the period."""
        return {"facilities": self.facilities.undone, "residential": self.estates.undone}


def compare(
    before: Snapshot, after: Snapshot, *, progress: Progress | None = None
) -> Comparison:
    """Return what changed from one snapshot to a later one.

    Errors: PlanningError where they are not of one city, or the first is not the earlier.
    """
    tell = progress or (lambda _what, _part: None)
    _require_comparable(before, after)
    period = Period(before.on, after.on)
    tell(say("核对两期台账"), 0.05)
    stocks = _stocks(before, after, period)
    findings = [finding for one in stocks.matched.values() for finding in one.findings]
    findings += shrunk_care_rooms(stocks.before["residential"], stocks.after["residential"],
                                  stocks.matched["residential"], after, period)
    later: tuple[Step | None, Step | None, Step] = (None, None, step_of(after))
    try:
        require_facts(before)
        later = _again(after, stocks, tell)
    except NotTheStudy as gone:
        findings.insert(0, _not_parted(gone.reason))
    steps = (step_of(before), *later)
    events = stocks.facilities.events
    changes = facility_changes(
        with_status(stocks.before["facilities"]), with_status(stocks.after["facilities"]), events
    )
    figures, parted = figure_table(steps), steps[1] is not None
    estates = estate_table(steps, stocks.matched["residential"])
    return Comparison(
        before=before,
        after=after,
        figures=figures,
        areas=area_table(steps),
        estates=estates,
        indicators=indicator_changes(steps),
        changes=changes,
        parted=parted,
        matched={name: _counts(one) for name, one in stocks.matched.items()},
        sentences=sentences(figures, changes, estates, parted=parted),
        findings=tuple(findings),
    )


def _require_comparable(before: Snapshot, after: Snapshot) -> None:
    if before.title != after.title:
        raise PlanningError(
            say(
                "两期不是同一研究：“{before}”与“{after}”。请比较同一城市、同一标题的两期结果。",
                before=before.title,
                after=after.title,
            )
        )
    if before.on >= after.on:
        raise PlanningError(
            say(
                "上期日期 {before} 不早于本期日期 {after}。请先写较早一期的文件夹，"
                "并在研究文件中改好 on。",
                before=before.on.isoformat(),
                after=after.on.isoformat(),
            )
        )
    for name in STOCK_LAYERS:
        if name in before.stock and name in after.stock:
            after_crs = after.stock[name].crs
            extents = (
                shapely.box(*frame.to_crs(after_crs).total_bounds)
                for frame in (before.stock[name], after.stock[name])
            )
            # A layer without any position has no extent, and nothing to say here.
            if shapely.distance(*extents) > FAR_APART_M:
                raise PlanningError(
                    say("两期的数据不在同一城市。请比较同一城市的两期结果。")
                )


def _stocks(before: Snapshot, after: Snapshot, period: Period) -> _Stocks:
    crs = next((frame.crs for frame in (*after.stock.values(), *before.stock.values())), None)
    old, new = (
        {name: _frame(snapshot, name, crs) for name in STOCK_LAYERS}
        for snapshot in (before, after)
    )
    matched = {name: match(old[name], new[name], layer=name) for name in STOCK_LAYERS}
    old["facilities"] = _serving(old, new, matched["residential"])
    return _Stocks(
        facility_stock(old["facilities"], new["facilities"], matched["facilities"], period),
        estate_stock(old["residential"], new["residential"], matched["residential"], period),
        old, new, matched,
    )  # fmt: skip


def _frame(snapshot: Snapshot, layer: str, crs: object) -> gpd.GeoDataFrame:
    """Return a layer of the stock in a CRS; without rows where the study had none."""
    if layer in snapshot.stock:
        return snapshot.stock[layer].to_crs(crs).reset_index(drop=True)
    nothing = {name: pd.Series(dtype="str") for name in ("id", "name", "category", "status")}
    return gpd.GeoDataFrame(nothing, geometry=[], crs=crs)


def _serving(
    old: Mapping[str, gpd.GeoDataFrame], new: Mapping[str, gpd.GeoDataFrame], matched: Matched
) -> gpd.GeoDataFrame:
    """Return the earlier facilities with the estates they serve by what these are called now."""
    facilities = old["facilities"]
    if "serves" not in facilities.columns:
        return facilities
    estates, today = old["residential"], new["residential"]
    ids = today["id"].astype("str").take(matched.after)
    called: dict[str, str] = {}
    for name in ("name", "id"):  # an id stands above a name
        was = estates[name].astype("str").take(matched.before)
        lost = ~was.isin(today[name]).to_numpy()
        once = ~was.duplicated(keep=False).to_numpy()
        called |= dict(zip(was[lost & once], ids[lost & once], strict=True))
    if not called:
        return facilities
    serves = serving_now(facilities["serves"], now_called=called, between=BETWEEN_NAMES)
    return facilities.assign(serves=serves)


def _again(after: Snapshot, stocks: _Stocks, tell: Progress) -> tuple[Step, Step, Step]:
    """Return S1, S2 and S3, all evaluated now. Errors: NotTheStudy."""
    study = study_of(after, progress=lambda what, part: tell(what, 0.1 + 0.3 * part))
    tell(say("重算本期以核对"), 0.4)
    last = step_of(evaluated_as_told(after, study))
    known: list[tuple[Stock, Step]] = [(after.stock, last)]
    tell(say("以上期存量重算"), 0.6)
    first = _step(study, stocks.earlier, known)
    tell(say("撤去本期建设重算"), 0.8)
    return first, _step(study, stocks.undone, known), last


def _step(study: Study, stock: Stock, known: list[tuple[Stock, Step]]) -> Step:
    """Return the step of a stock, and keep it; a period may leave a stock as it was."""
    for other, step in known:
        if same_stock(stock, other):
            return step
    step = step_of(evaluated(study, stock))
    known.append((stock, step))
    return step


def _not_parted(reason: Message) -> Finding:
    return Finding(
        "warning",
        "study",
        say(
            "未能区分实际建设、补登更正与口径与数据（{reason}）；只给出两期数字和差额，"
            "任何变化都不能称为新增。",
            reason=reason,
        ),
        say("请把研究文件和数据放回评价时的位置和内容，或重新 evaluate 本期。"),
    )


def _counts(matched: Matched) -> dict[str, int | bool]:
    return {
        "both": len(matched.after),
        "only_before": len(matched.only_before),
        "only_after": len(matched.only_after),
        "by_name": matched.by_name,
    }
