"""Proposed pools: neighbours who could make one care facility do for all of them.

Nothing here changes a verdict: a proposal binds nobody until it is confirmed in `[[pools]]`.

The rule of choice. First, what stands: short estates within the pooling walk of a facility with
area to spare. Of a facility's neighbours in one street those are taken whose lack still fits, the
largest first; of all facilities the one that cures most comes first, then the next of what is left.
Then, for neighbours whom nothing that stands can help, a candidate: of all candidates the group of
at least two that cures most comes first, and gets the candidate that cures it whole at the least
cost (unknown cost last). Ties go to the shorter longest walk, then to the smaller id. Every estate,
facility and candidate is in one proposal at most, so no lack is cured twice.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import words
from analysis.pooling.best_groups import Option, Options
from analysis.pooling.confirmed import ENOUGH, Pool
from analysis.pooling.spare_area import already_pooled, spare_area
from analysis.provision.check import Provision
from analysis.provision.remedies import usable_candidates
from analysis.rule_keys import POOL_WALK
from analysis.rulebook import Rulebook
from geo.language import say

COLUMNS = (
    "proposal_id", "estates", "facilities", "households", "required_m2", "provided_m2",
    "surplus_m2", "members_cured", "deficit_cured_m2", "longest_walk_min", "remedy",
    "candidate_id", "cost_wan", "note",
)  # fmt: skip

SEPARATOR = ";"
_GROUP = 2  # neighbours that make a group where a room is still to be had


@dataclass(frozen=True)
class CareLayers:
    """The layers that proposals are made from, as the check read them; None where absent."""

    residential: gpd.GeoDataFrame
    facilities: gpd.GeoDataFrame | None
    candidates: gpd.GeoDataFrame | None = None


@dataclass(frozen=True)
class NearWalks:
    """Walks by position: estate, facility, minutes; estate, candidate, minutes.

    What is absent is farther than anybody asked.
    """

    facilities: pd.DataFrame
    candidates: pd.DataFrame


def propose_pools(  # noqa: PLR0913
    check: Provision,
    layers: CareLayers,
    walks: NearWalks,
    rulebook: Rulebook,
    *,
    on: date,
    pools: Iterable[Pool] = (),
    among: Literal["street", "study"] = "street",
) -> pd.DataFrame:
    """Return the proposed pools, one row each, in the order of choice.

    pools
        Those already confirmed: their estates and facilities are in no proposal.
    among
        Whether only estates of one street are neighbours, or all within the walk.

    estates holds the estates that lack area, then those that lend theirs; provided_m2 what counts
    of all of them; surplus_m2 what the facility or the candidate has to spare; cost_wan NaN where
    unknown; note a message.
    """
    limit = rulebook.find(POOL_WALK, "all", on)
    confirmed = [pool for pool in pools if pool.date is None or pool.date <= on]
    if check.area is None or limit is None:
        return pd.DataFrame(columns=list(COLUMNS))
    table = _Proposals(check, layers, confirmed, among)
    reached = {
        kind: table.reached(frame, kind, within_min=limit.value)
        for kind, frame in (("facility", walks.facilities), ("candidate", walks.candidates))
    }
    rows = [*table.from_surplus(reached["facility"])]
    if layers.candidates is not None:
        offered = usable_candidates(layers.candidates, rulebook, on=on)
        rows += table.from_candidates(reached["candidate"], offered)
    named = [{"proposal_id": f"g{n}", **row} for n, row in enumerate(rows, start=1)]
    return pd.DataFrame(named, columns=list(COLUMNS))


class _Proposals:
    """The estates that lack area, and who of them is still free."""

    def __init__(
        self,
        check: Provision,
        layers: CareLayers,
        pools: list[Pool],
        among: Literal["street", "study"],
    ) -> None:
        residential = layers.residential.reset_index(drop=True)
        self.check = check
        self.bound = already_pooled(check, residential, pools)
        self.ids = words(residential, "id")
        street = words(residential, "street").fillna("")
        self.street = street if among == "street" else pd.Series("", index=street.index)
        facilities = layers.facilities
        self.facilities = (
            pd.Series(dtype="str")
            if facilities is None
            else words(facilities.reset_index(drop=True), "id")
        )
        self.kept = self.facilities.isin([f for pool in pools for f in pool.facilities])
        self.short = self._short()
        self.taken: set[int] = set()

    def _short(self) -> pd.DataFrame:
        """Return the projects a pool may cure, with what it must bring for each."""
        judged = self.check.projects
        area = self.check.area
        open_ = judged["verdict"].eq("short") & judged["may_pool"].fillna(value=False)
        open_ &= judged["deficit"].gt(0) & np.isfinite(judged["required_high"])
        short = judged[open_.astype(bool) & ~judged.index.isin(self.bound)]
        linked = self.check.project if area is None else area.shared["project"]
        told = short["low"].where(~short.index.isin(linked), 0.0)
        return pd.DataFrame(
            {
                "deficit": short["deficit"],
                "lack": short["required_high"] - short["low"],
                # Rooms that are nobody's may be the same that an estate's ledger tells of.
                "lack_of_free": short["required_high"] - short["low"] + told,
                "street": self.street[short.index],
                "id": self.ids[short.index],
            }
        )

    def reached(self, walks: pd.DataFrame, kind: str, *, within_min: float) -> pd.DataFrame:
        """Return the walks of short projects within the limit, with what is said of them."""
        near = walks[walks["minutes"].le(within_min)]
        project = self.check.project.iloc[near["estate"]].to_numpy()
        known = pd.DataFrame({kind: near[kind].to_numpy(), "project": project})
        known["minutes"] = near["minutes"].to_numpy()
        known = known[known["project"].isin(self.short.index)]
        least = known.sort_values("minutes").drop_duplicates(["project", kind])
        return least.join(self.short, on="project")

    def from_surplus(self, reached: pd.DataFrame) -> Iterator[dict[str, object]]:
        """Yield the proposals that need nothing new."""
        spare = spare_area(self.check, bound=self.bound, kept=self.kept)
        pairs = reached[reached["facility"].isin(spare.index)]
        linked = pairs["facility"].map(spare["linked"]).astype(bool)
        pairs = pairs.assign(
            at=pairs["facility"], weight=pairs["lack"].where(linked, pairs["lack_of_free"])
        )
        pairs = pairs[self._near_owners(pairs, spare["owners"])]
        options = Options(pairs, spare["spare_m2"], self.facilities, least_members=1)
        lent: set[int] = set()
        used: set[int] = set()
        for option in options.best_first(self.taken):
            owners = spare["owners"][option.at]
            if option.at in used or lent.intersection(owners):
                continue
            used.add(option.at)
            lent.update(owners)
            self.taken.update(option.members)
            spare_m2 = float(spare["spare_m2"][option.at])
            free_m2 = 0.0 if owners else spare_m2
            yield self._row(
                option, (*option.members, *owners), spare_m2, free_m2,
                facilities=self.facilities[option.at], remedy="reallocate",
                note=say(
                    "设施 {facility} 富余 {spare:.0f} ㎡，步行 {minutes:.1f} 分钟以内；"
                    "若经统筹确认并写入 [[pools]]，结论方可改变。",
                    facility=self.facilities[option.at], spare=spare_m2, minutes=option.longest,
                ),
            )  # fmt: skip

    def from_candidates(
        self, reached: pd.DataFrame, offered: pd.DataFrame
    ) -> Iterator[dict[str, object]]:
        """Yield the proposals that need a room of a candidate."""
        usable = offered[offered["usable"]]
        pairs = reached[reached["candidate"].isin(usable.index)]
        pairs = pairs.assign(at=pairs["candidate"], weight=pairs["deficit"])
        options = Options(pairs, usable["area_m2"], offered["candidate_id"], least_members=_GROUP)
        area, cost = usable["area_m2"].to_dict(), usable["cost_wan"].to_dict()
        names, remedy = usable["candidate_id"].to_dict(), usable["remedy"].to_dict()
        used: set[int] = set()
        for option in options.best_first(self.taken):
            if option.at in used:
                continue
            walk = options.reaching(option.members)
            able = [at for at in walk if at not in used and area[at] >= option.cured * ENOUGH]
            # The cost of each square metre cured goes as the cost itself: all cure the same.
            best = min(able, key=lambda at: (_or_last(cost[at]), walk[at], names[at]))
            longest = walk[best]
            used.add(best)
            self.taken.update(option.members)
            yield self._row(
                option._replace(longest=longest), option.members, area[best], 0.0,
                facilities="", remedy=remedy[best], candidate_id=names[best], cost_wan=cost[best],
                note=say(
                    "备选点 {candidate} 面积 {area:.0f} ㎡，步行 {minutes:.1f} 分钟以内；"
                    "建成投用后，若经统筹确认并写入 [[pools]]，结论方可改变。",
                    candidate=names[best], area=area[best], minutes=longest,
                ),
            )  # fmt: skip

    def _near_owners(self, pairs: pd.DataFrame, owners: pd.Series) -> pd.Series:
        """Return the pairs whose estate is in a street of who lends; unknown streets are near."""
        each = owners.explode().dropna().astype("int64")
        lends = pd.DataFrame({"facility": each.index, "street": self.street[each].to_numpy()})
        lends = lends[lends["street"].ne("")]
        told = pd.MultiIndex.from_frame(lends)
        there = pd.MultiIndex.from_frame(pairs[["facility", "street"]]).isin(told)
        open_ = ~pairs["facility"].isin(lends["facility"]) | pairs["street"].eq("")
        return open_ | there

    def _row(
        self,
        option: Option,
        members: tuple[int, ...],
        spare_m2: float,
        free_m2: float,
        **told: object,
    ) -> dict[str, object]:
        rows = self.check.projects.loc[[*members]]
        return {
            "estates": SEPARATOR.join(self.ids[[*members]]),
            "households": float(rows["households"].sum()),
            "required_m2": float(rows["required_low"].sum()),
            "provided_m2": float(rows["low"].sum()) + free_m2,
            "surplus_m2": spare_m2,
            "members_cured": len(option.members),
            "deficit_cured_m2": option.cured,
            "longest_walk_min": option.longest,
            "candidate_id": "",
            "cost_wan": np.nan,
            **told,
        }


def _or_last(cost_wan: float) -> float:
    """Return a cost to sort by: what is unknown comes last."""
    return np.inf if np.isnan(cost_wan) else cost_wan
