"""Estates whose care rooms became fewer square metres, where a rule forbids that."""

import geopandas as gpd

from analysis.columns import figures, words
from analysis.periods.matched import Matched
from analysis.periods.snapshot import Snapshot
from analysis.periods.stock import Period
from analysis.rulebook import Rule, Rulebook
from geo.errors import RuleError
from geo.files.several_files import where_rows_stand
from geo.findings import Finding
from geo.language import Message, say

SHRINK = "care_rooms_may_shrink"
LESS_M2 = 0.005


def shrunk_care_rooms(
    before: gpd.GeoDataFrame,
    after: gpd.GeoDataFrame,
    matched: Matched,
    snapshot: Snapshot,
    period: Period,
) -> tuple[Finding, ...]:
    """Return a finding for each estate with less care area, if a rule in force forbids it.

    snapshot
        The later one: its packs are asked. What its packs cannot tell is not told.
    """
    rule = _rule(snapshot)
    if rule is None or rule.value > 0:
        return ()
    was = figures(before, "care_floor_area_m2").take(matched.before).to_numpy()
    rows = after.iloc[matched.after]
    now = figures(rows, "care_floor_area_m2")
    less = (was - now).gt(LESS_M2)
    where = where_rows_stand(rows[less])
    names = words(rows, "name")[less].fillna("")
    told = zip(names, was[less.to_numpy()], now[less], where, strict=True)
    return tuple(
        Finding(
            "warning",
            "residential",
            say(
                "{name}：养老用房面积由 {was:.2f} ㎡ 减为 {now:.2f} ㎡。{rule}",
                name=name, was=old, now=new, rule=_quoted(rule, period),
            ),
            say("请核对；确已缩减的，请予以纠正。"),
            file=file,
            row=row,
            column="care_floor_area_m2",
        )
        for name, old, new, (file, row) in told
    )  # fmt: skip


def _rule(snapshot: Snapshot) -> Rule | None:
    try:
        packs = Rulebook.load(snapshot.description.rules, folder=snapshot.study_file.parent)
    except RuleError:
        return None
    return packs.find(SHRINK, "all", snapshot.on)


def _quoted(rule: Rule, period: Period) -> Message:
    """Return the rule that forbids it, and whether it was in force all the time."""
    words_ = {
        "document": rule.document,
        "quote": f"「{rule.quote}」" if rule.quote else "",
        "since": rule.in_force_from.isoformat(),
    }
    if rule.in_force_from <= period.start:
        return say("{document}{quote}（{since} 起）规定不得缩减。", **words_)
    return say(
        "{document}{quote}（{since} 起）规定不得缩减；该日在本期之内，请核对缩减发生的日期。",
        **words_,
    )
