"""Which row of an earlier layer is which row of a later one.

By id. Ids that are the numbers of rows (r1, r2, …: what a file without an id column is given) say
nothing: where both layers have such, or one has and they share none, rows are matched by what they
are called, equal names by position, nearest first; of the rest, rows of one id that stand within
30 m are one, renamed.
"""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.columns import words
from analysis.coverage.areas import Indices, place_points
from geo.files.several_files import FILE
from geo.findings import Finding
from geo.language import say
from geo.schema import SCHEMAS

SAME_PLACE_M: Final = 30.0
CALLED: Final = {"facilities": ("name", "category"), "residential": ("name",)}
_NAMED: Final = 10  # so many of those without a partner are named


@dataclass(frozen=True, eq=False)
class Matched:
    """Pairs of rows by position, and the positions of rows without a partner.

    by_name
        Ids were the numbers of rows, so that names and positions decided.
    """

    before: Indices
    after: Indices
    only_before: Indices
    only_after: Indices
    by_name: bool
    findings: tuple[Finding, ...] = ()

    def after_of(self, count: int) -> Indices:
        """Return of each of `count` earlier rows its later one; -1: none."""
        return _positions(self.before, self.after, count)

    def before_of(self, count: int) -> Indices:
        """Return of each of `count` later rows its earlier one; -1: none."""
        return _positions(self.after, self.before, count)


def match(
    before: gpd.GeoDataFrame | None, after: gpd.GeoDataFrame | None, *, layer: str
) -> Matched:
    """Return the pairs of two periods of one layer, in one metric CRS; None has no rows."""
    if before is None or after is None or before.empty or after.empty:
        nothing = np.zeros(0, dtype=np.int64)
        gone, new = (np.arange(0 if one is None else len(one)) for one in (before, after))
        return Matched(nothing, nothing, gone, new, by_name=False)
    automatic = automatic_ids(before, layer), automatic_ids(after, layer)
    strangers = not before["id"].isin(after["id"]).any()
    by_name = all(automatic) or (any(automatic) and strangers)
    if by_name:
        pairs = _mutually_nearest(_called_alike(before, after, CALLED[layer]), before, after)
        rest = _same_id(before, after)
        rest = rest[~rest["before"].isin(pairs["before"]) & ~rest["after"].isin(pairs["after"])]
        rest = rest[_apart_m(rest, before, after) <= SAME_PLACE_M]
        pairs = pd.concat([pairs, rest]).sort_values("after")
    else:
        pairs = _same_id(before, after)
    ours, theirs = (pairs[side].to_numpy(dtype=np.int64) for side in ("before", "after"))
    alone = (
        np.setdiff1d(np.arange(len(before)), ours),
        np.setdiff1d(np.arange(len(after)), theirs),
    )
    told = _told(before, after, alone, layer=layer, count=len(pairs)) if by_name else ()
    return Matched(ours, theirs, *alone, by_name=by_name, findings=told)


def automatic_ids(frame: pd.DataFrame, layer: str) -> bool:
    """Tell whether the ids of a layer, or those of one of its files, are numbers of its rows."""
    if "row" not in frame.columns or frame.empty:
        return False
    files = frame[FILE] if FILE in frame.columns else pd.Series("", index=frame.index)
    before = ".*·" if FILE in frame.columns else ""
    made = rf"^{before}{SCHEMAS[layer].prefix}(\d+)$"
    number = frame["id"].astype("str").str.extract(made)[0]
    behind = frame["row"].astype("float64") - number.astype("float64")
    by_file = behind.groupby(files.to_numpy())
    known = by_file.count().eq(by_file.size())
    return bool((known & by_file.min().eq(by_file.max()) & by_file.min().ge(0)).any())


def _same_id(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    found = pd.Index(before["id"]).get_indexer(after["id"])
    here = np.flatnonzero(found >= 0)
    return pd.DataFrame({"before": found[here], "after": here})


def _called_alike(
    before: pd.DataFrame, after: pd.DataFrame, called: tuple[str, ...]
) -> pd.DataFrame:
    """Return every pair of rows that are called the same."""
    sides = [
        pd.DataFrame({name: words(frame, name) for name in called})
        .assign(**{side: np.arange(len(frame))})
        .dropna()
        for side, frame in (("before", before), ("after", after))
    ]
    return sides[0].merge(sides[1], on=list(called))[["before", "after"]]


def _mutually_nearest(
    pairs: pd.DataFrame, before: gpd.GeoDataFrame, after: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Return pairs in which each is the other's nearest, until none is left; ties go by id."""
    ids = (before["id"].to_numpy()[pairs["before"]], after["id"].to_numpy()[pairs["after"]])
    ranked = pairs.assign(apart=_apart_m(pairs, before, after), one=ids[0], other=ids[1])
    ranked = ranked.sort_values(["apart", "one", "other"]).reset_index(drop=True)
    taken = []
    while len(ranked):
        first = ~ranked["before"].duplicated() & ~ranked["after"].duplicated()
        sure = ranked[first]
        taken.append(sure)
        ranked = ranked[
            ~ranked["before"].isin(sure["before"]) & ~ranked["after"].isin(sure["after"])
        ]
    columns = pd.concat(taken) if taken else ranked
    return columns[["before", "after"]].sort_values("after")


def _apart_m(
    pairs: pd.DataFrame, before: gpd.GeoDataFrame, after: gpd.GeoDataFrame
) -> np.ndarray:
    """Return how far the rows of each pair are apart, m; infinite where one stands nowhere."""
    spots = (
        place_points(frame.geometry.iloc[pairs[side]])
        for side, frame in (("before", before), ("after", after))
    )
    apart: np.ndarray = np.nan_to_num(shapely.distance(*spots), nan=np.inf)
    return apart


def _positions(of: Indices, to: Indices, count: int) -> Indices:
    found = np.full(count, -1, dtype=np.int64)
    found[of] = to
    return found


def _told(
    before: pd.DataFrame,
    after: pd.DataFrame,
    alone: tuple[Indices, Indices],
    *,
    layer: str,
    count: int,
) -> tuple[Finding, ...]:
    """Return how many rows were matched by name, and which have no partner."""
    names = [
        "、".join(words(frame, "name").fillna("").iloc[which[:_NAMED]])
        + ("…" if len(which) > _NAMED else "")
        for frame, which in zip((before, after), alone, strict=True)
    ]
    message = say(
        "编号就是行号（可能是自动编号），{count} 条按名称（同名的按最近位置）与上期对应；"
        "只在上期有 {gone} 条（{gone_names}），只在本期有 {new} 条（{new_names}）。",
        count=count,
        gone=len(alone[0]),
        gone_names=names[0] or "—",
        new=len(alone[1]),
        new_names=names[1] or "—",
    )
    remedy = say("请在台账中加“编号”一列，两期用同一编号。")
    return (Finding("info" if not any(map(len, alone)) else "warning", layer, message, remedy),)
