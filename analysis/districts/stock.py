"""Rooms and land that stand idle and may become care facilities: which can be used, and why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import figures, words
from analysis.districts.standing import codes, says
from analysis.provision.usable import usable_rooms
from analysis.rulebook import Rulebook
from geo.language import Message, say


@dataclass(frozen=True)
class StockKind:
    """One kind of stock: how ledgers write it, and the text that points to it, word for word."""

    name: Message
    pattern: str
    document: str
    clause: str
    quote: str
    since: date


_RENTAL = "鼓励支持空置公租房、国企物业等无偿或低偿用于养老用途"
_A = ("发改办社会〔2021〕37号", date(2021, 12, 31))  # the copy gives the year alone
_B = ("国发〔2021〕35号", date(2021, 12, 30))
_C = ("赤政办发〔2023〕42号", date(2023, 8, 25))
_D = ("深化养老服务改革发展的意见", date(2024, 12, 30))


def _kind(
    name: Message, pattern: str, source: tuple[str, date], clause: str, quote: str
) -> StockKind:
    return StockKind(name, pattern, source[0], clause, quote, source[1])


KINDS: Mapping[str, StockKind] = MappingProxyType(
    {
        "vacant_public_rental": _kind(say("空置公租房"), r"公租房", _A, "二（三）", _RENTAL),
        "state_company": _kind(say("国企物业"), r"国企|国有企业", _A, "二（三）", _RENTAL),
        "training_resort": _kind(
            say("培训疗养机构"), r"培训|疗养", _A, "二",
            "把推动地方党政机关和国有企事业单位培训疗养机构转型为养老服务设施作为重要建设内容",
        ),
        "community_room": _kind(
            say("社区用房"), r"社区(?:综合服务|用房)", _B, "九",
            "支持在社区综合服务设施开辟空间用于养老服务",
        ),
        "idle_commercial": _kind(
            say("闲置商业"), r"商业|商铺|商场", _C, "一（二）",
            "特别是使用率较低的地块、商业设施、社区用房、政策性住房等",
        ),
        "idle_public_service": _kind(
            say("闲置公共服务资源"), r"公共服务", _D, "十三",
            "支持闲置公共服务资源改建养老服务设施",
        ),
        "new_land": _kind(
            say("新增用地"), r"新增", _B, "二十八",
            "科学编制供地计划，分阶段供应规划确定的养老服务设施用地，并落实到年度建设用地供应计划",
        ),
    }
)  # fmt: skip
"""Kinds of stock in the order in which they are looked at: what stands before new land."""

_RISK = ("低", "中", "高")
_COLUMNS = [
    "rank", "candidate_id", "name", "kind", "kind_class", "usable", "reasons", "warnings",
    "area_m2", "cost_wan", "objection_risk", "available_years", "transition_until", "document",
    "clause", "quote",
]  # fmt: skip


def stock_table(
    candidates: gpd.GeoDataFrame | None,
    rulebook: Rulebook,
    *,
    on: date,
    gain_60plus: "pd.Series[float] | None" = None,
) -> pd.DataFrame:
    """Return the candidates, the usable first, each with what speaks against it.

    gain_60plus
        People aged 60+ whom each would newly cover, by candidate id: after usability they rank.

    usable
        False for any of `reasons`; empty where one of them is that something is unknown and none
        that it is unfit. A figure that no local pack sets is a warning, not a reason.
    transition_until
        The last day on which the present use of the land may be kept, if it begins on `on`; empty
        for new land.
    """
    if candidates is None:
        return pd.DataFrame(columns=_COLUMNS)
    kind_class = kind_of(words(candidates, "kind"))
    told = usable_rooms(candidates, rulebook, on=on)
    table = pd.DataFrame(
        {
            "candidate_id": words(candidates, "id"),
            "name": words(candidates, "name"),
            "kind": words(candidates, "kind"),
            "kind_class": kind_class,
            "usable": told.usable,
            "reasons": codes(pd.concat([told.against, told.unknown], axis=1)),
            "warnings": codes(told.warned),
            "area_m2": figures(candidates, "area_m2"),
            "cost_wan": figures(candidates, "cost_wan"),
            "objection_risk": words(candidates, "objection_risk"),
            "available_years": figures(candidates, "available_years"),
            "transition_until": _transition(kind_class, rulebook, on=on),
            **_texts(kind_class, on=on),
        }
    )
    return _ranked(table, gain_60plus)[_COLUMNS]


def kind_of(said: "pd.Series[str]") -> "pd.Series[str]":
    """Return the kind of stock that each text names; empty where it names none of them."""
    kind = pd.Series("", index=said.index, dtype="str")
    for code, stock in KINDS.items():
        kind = kind.mask(says(said, stock.pattern) & kind.eq(""), code)
    return kind


def _transition(kind_class: "pd.Series[str]", rulebook: Rulebook, *, on: date) -> pd.Series:
    rule = rulebook.find("transition_years", "all", on)
    none = pd.Series(pd.NaT, index=kind_class.index, dtype="datetime64[ns]")
    if rule is None:
        return none
    until = pd.Timestamp(on) + pd.DateOffset(years=int(rule.value))
    return none.mask(kind_class.ne("new_land") & kind_class.ne(""), until)


def _texts(kind_class: "pd.Series[str]", *, on: date) -> dict[str, "pd.Series[str]"]:
    """Return document, clause and quote of each kind, where the text is of the day or before."""
    known = pd.DataFrame(
        {
            code: [stock.document, stock.clause, stock.quote]
            for code, stock in KINDS.items()
            if stock.since <= on
        },
        index=["document", "clause", "quote"],
        dtype="str",
    ).T
    return {name: kind_class.map(known[name]).fillna("") for name in known.columns}


def _ranked(table: pd.DataFrame, gain_60plus: "pd.Series[float] | None") -> pd.DataFrame:
    """Return the table in order: usable, gain, kind, objection, cost per m², size, id."""
    gain = pd.Series(np.nan, index=table.index)
    if gain_60plus is not None:
        gain = table["candidate_id"].map(gain_60plus).astype("float64")
    order = pd.DataFrame(
        {
            # Unknown stands between usable and not.
            "usable": 1 - table["usable"].astype("Float64").fillna(0.5).astype("float64"),
            "gain": -gain,
            "kind": _place(table["kind_class"], tuple(KINDS)),
            "risk": _place(table["objection_risk"], _RISK),
            "cost": table["cost_wan"] / table["area_m2"].where(table["area_m2"].gt(0)),
            "area": -table["area_m2"],
            "id": table["candidate_id"],
        }
    ).sort_values(["usable", "gain", "kind", "risk", "cost", "area", "id"], na_position="last")
    ranked = table.loc[order.index].reset_index(drop=True)
    return ranked.assign(rank=np.arange(1, len(ranked) + 1))


def _place(said: "pd.Series[str]", order: tuple[str, ...]) -> "pd.Series[float]":
    """Return the place of each word in an order; what is not in it comes last."""
    places = pd.Series(np.arange(len(order), dtype=float), index=pd.Index(order, dtype="str"))
    return said.map(places).astype("float64").fillna(len(order))
