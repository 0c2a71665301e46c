"""Which candidates may become a site: what the ledger and the rules say of each, and why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import figures, flags, words
from analysis.districts.standing import codes
from analysis.districts.stock import kind_of
from analysis.evaluation import Evaluation
from analysis.provision.usable import REASONS, usable_rooms
from geo.errors import SitingError
from geo.language import Message, say
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


def out_word(code: str) -> Message:
    """Return in words what a reason code says."""
    return OUT.get(code) or REASONS[code]


@dataclass(frozen=True, eq=False)
class Eligible:
    """The candidates of a study in the order in which ties go: stock first, then by file.

    table
        candidate_id, name, kind, new_land, category, area_m2, beds, cost_wan, mandatory,
        reasons (why it is out, empty where it is in), doubts (what is unknown or only told).
    exits
        Their ways onto the streets.
    """

    table: pd.DataFrame
    exits: Exits

    @property
    def may(self) -> Flags:
        """Return which may become a site."""
        return self.table["reasons"].eq("").to_numpy(dtype=bool)

    @property
    def mandatory(self) -> Flags:
        """Return which must become one."""
        return self.table["mandatory"].to_numpy(dtype=bool)

    def figure(self, name: str) -> Floats:
        """Return a column of numbers; NaN where unknown."""
        return self.table[name].to_numpy(dtype=np.float64, na_value=np.nan)


def eligible_candidates(evaluation: Evaluation) -> Eligible:
    """Return the candidates of the layer, those out with their reasons.

    What cannot lawfully serve is out; what is unknown is a doubt, and stays in. A candidate of no
    category is taken for one that counts.

    Errors: SitingError where there are none, or a mandatory one is out.
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
    _require_lawful(table)
    return Eligible(table.iloc[order].reset_index(drop=True), _in_order(exits, order))


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


def _require_lawful(table: pd.DataFrame) -> None:
    """Refuse mandatory candidates that cannot serve: one of the two must be wrong."""
    unlawful = table[table["mandatory"] & table["reasons"].ne("")]
    if len(unlawful):
        raise SitingError(
            *(
                say(
                    "必选的备选点 {id}“{name}”不能用：{why}。请改正台账，或取消必选。",
                    id=row.candidate_id,
                    name=row.name,
                    why=why_out(row.reasons),
                )
                for row in unlawful.itertuples(index=False)
            )
        )


def why_out(reasons: str) -> Message:
    """Return the reasons of a candidate, codes parted by `;`, as one text."""
    told = "、".join(str(out_word(code)) for code in reasons.split(";"))
    return say("{text}", text=told)
