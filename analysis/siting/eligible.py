"""Which candidates may become a site: what the ledger and the rules say of each, and why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from analysis.columns import figures, flags, words
from analysis.districts.standing import codes
from analysis.districts.stock import kind_of
from analysis.evaluation import Evaluation
from analysis.provision.usable import REASONS, usable_rooms
from analysis.siting.generated import MADE_UP
from analysis.siting.standing_sites import KEPT
from analysis.walking.placing import facility_points
from geo.errors import SitingError
from geo.findings import Finding
from geo.language import Message, joined, say
from geo.streets.network import Flags, Floats
from geo.walks.places import (
    BEHIND_BARRIER,
    NO_POSITION,
    NO_USABLE_STREET,
    OFF_STREET_TOO_FAR,
    Exits,
)

NEW_LAND = "new_land"
BESIDE_M = 30.0  # as far as one plot reaches
NOT_COUNTED = "category_not_counted"
NOT_STOCK = "not_stock"
OUT: Mapping[str, Message] = MappingProxyType(
    {
        NOT_COUNTED: say("拟建类别不计入服务圈"),
        NOT_STOCK: say("只选存量，不选新增用地"),
        NO_POSITION: say("没有坐标"),
        OFF_STREET_TOO_FAR: say("离道路过远"),
        BEHIND_BARRIER: say("被阻隔，走不到道路"),
        NO_USABLE_STREET: say("附近没有可走的道路"),
    }
)
"""What keeps a candidate out besides what `usable_rooms` holds against it."""


OFF_STREET = (NO_POSITION, OFF_STREET_TOO_FAR, BEHIND_BARRIER, NO_USABLE_STREET)


def doubt_word(code: str) -> Message:
    """Return in words what a doubt says."""
    return REASONS[code]


def out_word(code: str) -> Message:
    """Return in words what a reason code says."""
    return OUT.get(code) or REASONS[code]


@dataclass(frozen=True, eq=False)
class Eligible:
    """The candidates of a study in the order in which ties go: what stands, stock, new land.

    table
        candidate_id, name, kind, stands (`kept` or `upgraded` where it is a facility), action,
        new_land, category, area_m2, beds, cost_wan, mandatory, reasons (why it is out, empty where
        it is in), doubts (what is unknown or only told).
    exits, points
        Their ways onto the streets, and where they stand, in metres.
    """

    table: pd.DataFrame
    exits: Exits
    points: NDArray[np.object_]

    @property
    def may(self) -> Flags:
        """Return which may become a site."""
        return self.table["reasons"].eq("").to_numpy(dtype=bool)

    @property
    def kept(self) -> Flags:
        """Return which are facilities that stand and may be given up."""
        return self.table["stands"].eq(KEPT).to_numpy(dtype=bool)

    @property
    def mandatory(self) -> Flags:
        """Return which must become one: those that are out cannot."""
        return self.table["mandatory"].to_numpy(dtype=bool) & self.may

    @property
    def findings(self) -> list[Finding]:
        """Return what is told of candidates that must become a site and cannot."""
        refused = self.table[self.table["mandatory"] & ~self.may]
        return [
            Finding(
                "warning",
                "candidates",
                say(
                    "备选点 {id}“{name}”标为必选，但不能用：{why}；未列入选址。",
                    id=candidate_id,
                    name=name,
                    why=why_out(reasons),
                ),
                say("请改正台账，或先改造（例如加装电梯）再列为必选。"),
            )
            for candidate_id, name, reasons in zip(
                refused["candidate_id"], refused["name"], refused["reasons"], strict=True
            )
        ]

    def figure(self, name: str) -> Floats:
        """Return a column of numbers; NaN where unknown."""
        figures = self.table[name].to_numpy(dtype=np.float64, na_value=np.nan)
        return np.where(np.isfinite(figures), figures, np.nan)


def eligible_candidates(
    evaluation: Evaluation,
    *,
    standing: gpd.GeoDataFrame,
    generated: gpd.GeoDataFrame | None = None,
    stock_only: bool = False,
) -> Eligible:
    """Return the candidates of the layer, those out with their reasons.

    What cannot lawfully serve is out, mandatory or not; what is unknown is a doubt, and stays in.
    A candidate of no category is taken for one that counts.

    standing
        Facilities that may be given up or rebuilt, as `standing_sites` gives them.
    generated
        Candidates made up along the streets, in the place of the layer.

    stock_only
        Whether new land is out.

    Errors: SitingError where there are none.
    """
    layer = evaluation.study.layer("candidates") if generated is None else generated
    if layer is None and standing.empty:
        raise SitingError(
            say("研究中没有备选点。请在 [layers] 中写明 candidates，或加 --generate 由路网生成。")
        )
    offered = _in_order([frame for frame in (standing, layer) if frame is not None])
    placed = evaluation.reach.placed
    points = facility_points(offered)
    spots = np.column_stack([shapely.get_x(points), shapely.get_y(points)])
    exits = placed.ways_out(placed.sites_at(spots))
    table = _table(evaluation, offered, exits)
    if stock_only:
        out = table["new_land"] & table["reasons"].eq("")
        table["reasons"] = table["reasons"].mask(out, NOT_STOCK)
    return Eligible(table, exits, points)


def _in_order(frames: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Return candidates as ties go: what stands, then stock, then new land, each by file."""
    offered = pd.concat(frames, ignore_index=True)
    new_land = kind_of(words(offered, "kind")).eq(NEW_LAND)
    return offered.loc[new_land.sort_values(kind="stable").index].reset_index(drop=True)


def _table(evaluation: Evaluation, offered: gpd.GeoDataFrame, exits: Exits) -> pd.DataFrame:
    told = usable_rooms(offered, evaluation.rulebook, on=evaluation.study.on)
    counts = evaluation.study.description.walking.categories
    category, kind = words(offered, "category"), words(offered, "kind")
    stands = words(offered, "stands").fillna("")
    off_street = {reason: exits.reason == reason for reason in OFF_STREET}
    uncounted = category.notna() & ~category.isin(counts)
    against = codes(told.against.assign(**{NOT_COUNTED: uncounted}, **off_street))
    doubts = codes(pd.concat([told.unknown, told.warned], axis=1))
    new_land = kind_of(kind).eq(NEW_LAND)
    return pd.DataFrame(
        {
            "candidate_id": words(offered, "id"),
            "name": words(offered, "name"),
            "kind": kind.fillna(""),
            "stands": stands,
            "action": _actions(
                stands, new_land | _made_up(offered), _beside_facility(evaluation, offered)
            ),
            "new_land": new_land,
            "category": category,
            "area_m2": figures(offered, "area_m2"),
            "beds": figures(offered, "beds"),
            "cost_wan": figures(offered, "cost_wan"),
            "mandatory": flags(offered, "mandatory").fillna(value=False).astype(bool),
            # What stands and is kept is judged by nobody anew.
            "reasons": against.mask(stands.eq(KEPT), ""),
            "doubts": doubts.mask(stands.eq(KEPT), ""),
        }
    )


def _actions(
    stands: "pd.Series[str]", new: "pd.Series[bool]", beside: Flags
) -> "pd.Series[str]":
    """Return what becoming a site means.

    `keep` what stands, `enlarge` the facility it lies beside, `build` on new land or where no room
    is known of, or `convert` a room that stands.
    """
    kept, alone = stands.eq(KEPT).to_numpy(), stands.eq("").to_numpy()
    means = [kept, beside & alone, new.to_numpy(dtype=bool)]
    action = np.select(means, ["keep", "enlarge", "build"], "convert")
    return pd.Series(action, index=stands.index, dtype="str")


def _made_up(offered: gpd.GeoDataFrame) -> "pd.Series[bool]":
    """Return which candidates nobody offered."""
    return flags(offered, MADE_UP).fillna(value=False).astype(bool)


def _beside_facility(evaluation: Evaluation, offered: gpd.GeoDataFrame) -> Flags:
    """Return which candidates lie so near to a facility that counts that they are part of it."""
    spots = shapely.points(evaluation.reach.placed.facility_xy)
    points = facility_points(offered)
    near, _ = shapely.STRtree(spots).query(points, predicate="dwithin", distance=BESIDE_M)
    beside: Flags = np.isin(np.arange(len(points)), near)
    return beside


def why_out(reasons: str) -> Message:
    """Return the reasons of a candidate, codes parted by `;`, as one text."""
    return joined("、", *(out_word(code) for code in reasons.split(";")))
