"""Which candidates may become a site: what the ledger and the rules say of each, and why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.columns import figures, flags, words
from analysis.districts.standing import codes
from analysis.districts.stock import kind_of
from analysis.evaluation import Evaluation
from analysis.provision.usable import REASONS, usable_rooms
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
OUT: Mapping[str, Message] = MappingProxyType(
    {
        "category_not_counted": say("拟建类别不计入服务圈"),
        NO_POSITION: say("没有坐标"),
        OFF_STREET_TOO_FAR: say("离道路过远"),
        BEHIND_BARRIER: say("被阻隔，走不到道路"),
        NO_USABLE_STREET: say("附近没有可走的道路"),
    }
)
"""What keeps a candidate out besides what `usable_rooms` holds against it."""


def doubt_word(code: str) -> Message:
    """Return in words what a doubt says."""
    return REASONS[code]


def out_word(code: str) -> Message:
    """Return in words what a reason code says."""
    return OUT.get(code) or REASONS[code]


@dataclass(frozen=True, eq=False)
class Eligible:
    """The candidates of a study in the order in which ties go: stock first, then by file.

    table
        candidate_id, name, kind, new_land, category, area_m2, beds, cost_wan, mandatory,
        reasons (why it is out, empty where it is in), doubts (what is unknown or only told).
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
        return self.table[name].to_numpy(dtype=np.float64, na_value=np.nan)


def eligible_candidates(evaluation: Evaluation) -> Eligible:
    """Return the candidates of the layer, those out with their reasons.

    What cannot lawfully serve is out, mandatory or not; what is unknown is a doubt, and stays in.
    A candidate of no category is taken for one that counts.

    Errors: SitingError where the study has none.
    """
    layer = evaluation.study.layer("candidates")
    if layer is None:
        raise SitingError(
            say("研究中没有备选点。请在 [layers] 中写明 candidates，或加 --generate 由路网生成。")
        )
    placed = evaluation.reach.placed
    wanted = np.zeros(placed.exits.count, dtype=bool)
    wanted[placed.candidates] = True
    exits = placed.exits.only(wanted)
    table = _table(evaluation, layer, exits)
    order = np.lexsort((np.arange(len(table)), table["new_land"].to_numpy(dtype=bool)))
    return Eligible(
        table.iloc[order].reset_index(drop=True),
        _in_order(exits, order),
        facility_points(layer)[order],
    )


def _table(evaluation: Evaluation, layer: gpd.GeoDataFrame, exits: Exits) -> pd.DataFrame:
    told = usable_rooms(layer, evaluation.rulebook, on=evaluation.study.on)
    counts = evaluation.study.description.walking.categories
    category = words(layer, "category")
    against = told.against.assign(
        category_not_counted=category.notna() & ~category.isin(counts),
        **{reason: exits.reason == reason for reason in OUT if reason != "category_not_counted"},
    )
    kind = words(layer, "kind")
    return pd.DataFrame(
        {
            "candidate_id": words(layer, "id"),
            "name": words(layer, "name"),
            "kind": kind,
            "new_land": kind_of(kind).eq(NEW_LAND),
            "category": category,
            "area_m2": figures(layer, "area_m2"),
            "beds": figures(layer, "beds"),
            "cost_wan": figures(layer, "cost_wan"),
            "mandatory": flags(layer, "mandatory").fillna(value=False).astype(bool),
            "reasons": codes(against),
            "doubts": codes(pd.concat([told.unknown, told.warned], axis=1)),
        }
    )


def _in_order(exits: Exits, order: np.ndarray) -> Exits:
    """Return the points of some exits in another order."""
    at = np.argsort(order)[exits.point]
    rows = np.argsort(at, kind="stable")
    return Exits(
        at[rows], exits.street[rows], exits.offset_mm[rows], exits.off_street_mm[rows],
        exits.by_entrance[rows], exits.reason[order],
    )  # fmt: skip


def why_out(reasons: str) -> Message:
    """Return the reasons of a candidate, codes parted by `;`, as one text."""
    return joined("、", *(out_word(code) for code in reasons.split(";")))
