"""The sentences that the table and chart of the streets prove, and what their numbers are of."""

from collections.abc import Iterator
from typing import Final

import pandas as pd

from analysis.coverage.table import OUTSIDE, STUDY
from geo.language import Message, joined, say
from report.briefing.content import Assertion, Basis, Table
from report.briefing.streets import STREETS
from report.figures import at_least, at_most, number, percent, unknown

SHARES: Final = "shares"  # of the streets, in order of their share
_MOST: Final = 3  # so many streets are named together
_SOMEBODY: Final = 0.5  # of a person: fewer is nobody


def street_assertions(table: Table, *, lower: bool) -> Iterator[tuple[str, Assertion]]:
    """Yield what is said of the streets: where most people are left, how far shares differ.

    lower
        Whether people within reach are a lower bound, and those left an upper one.
    """
    rows = table.rows.loc[~table.rows["area_id"].isin([OUTSIDE, STUDY])]
    whole = table.total or {}
    everyone_left = whole["uncovered_60plus"]
    if len(rows) > _MOST and not unknown(everyone_left) and everyone_left >= _SOMEBODY:
        share = at_least(percent(whole["share_60plus"]), lower)
        yield STREETS, _left(rows, everyone_left, share, lower=lower)
    shares = rows["share_60plus"].astype("float64").dropna()
    if len(shares) > 1:
        share = at_least(percent(whole["share_60plus"]), lower)
        yield SHARES, _range(rows.loc[shares.index], share, lower=lower)


def _left(rows: pd.DataFrame, everyone: float, share: str, *, lower: bool) -> Assertion:
    """Return in which streets most people are left; only those in which somebody is."""
    left = rows["uncovered_60plus"].astype("float64")
    named = left.loc[left.ge(_SOMEBODY)].sort_values(ascending=False, kind="stable")
    most = named.iloc[:_MOST]
    if len(named) > _MOST:  # of several with as many none is named before the others
        most = most.loc[most.gt(named.iloc[_MOST])]
    part = most.sum()
    streets = joined("、", *map(str, rows.loc[most.index, "name"]))
    told = {"part": at_most(number(part), lower), "all": at_most(number(everyone), lower),
            "share": percent(part / everyone)}  # fmt: skip
    if most.empty:
        said = say("未覆盖老年人{all}人，分布在{count}个街道", count=len(named), **told)
        return Assertion(said, (_each_street(share),))
    if percent(part / everyone) == percent(1):
        said = say("未覆盖老年人{all}人都在{streets}", streets=streets, **told)
        return Assertion(said, (_each_street(share),))
    said = say("{streets}未覆盖老年人最多，合计{part}人，占全部未覆盖{all}人的{share}",
               streets=streets, **told)  # fmt: skip
    basis = Basis(
        say("占全部未覆盖的 {share}", **told),
        say("全部未覆盖的 60 岁以上老年人 {all} 人", **told),
        say("{part} 人 ÷ {all} 人 = {share}", **told),
    )
    return Assertion(said, (_each_street(share), basis))


def _range(rows: pd.DataFrame, whole: str, *, lower: bool) -> Assertion:
    shares = rows["share_60plus"].astype("float64")
    high, low = (percent(share) for share in (shares.max(), shares.min()))
    if high == low:
        said = say("{count}个街道可达率均为{share}", count=len(rows), share=at_least(high, lower))
        return Assertion(said, (_each_street(whole),))
    printed = shares.map(percent)
    best, worst = (_named(rows.loc[printed.eq(share), "name"]) for share in (high, low))
    said = say(
        "各街道可达率最高{high}（{best}），最低{low}（{worst}），全部范围{whole}",
        high=at_least(high, lower), best=best, low=at_least(low, lower), worst=worst, whole=whole,
    )  # fmt: skip
    return Assertion(said, (_each_street(whole),))


def _named(streets: pd.Series) -> Message | str:
    first = str(streets.iloc[0])
    return first if len(streets) == 1 else say("{first}等{count}个", first=first,
                                               count=len(streets))  # fmt: skip


def _each_street(whole: str) -> Basis:
    return Basis(
        say("各街道可达率（合计 {whole}）", whole=whole),
        say("该街道位置明确的 60 岁以上老年人，不是全部人口"),
        say("该街道可达人数 ÷ 该街道 60 岁以上人数"),
    )
