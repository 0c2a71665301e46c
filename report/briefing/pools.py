"""Proposed pools as they are laid before whoever confirms them; none changes a verdict before."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.columns import words
from analysis.evaluation import Evaluation
from analysis.pooling.proposals import SEPARATOR
from analysis.provision.remedies import REMEDIES
from geo.language import Message, headed, say, translate
from report.briefing.content import Column, Kind, Table
from report.estate_phases import projects_by_estate
from report.figures import measure

POOLS: Final = "pools"
_BETWEEN: Final = "、"
_POOL: Final = (
    Column("number", say("序号"), Kind.COUNT, weight=0.6),
    Column("street", say("街道"), weight=1.2),
    Column("estates", say("补齐的小区"), weight=2.2),
    Column("shared", say("共用的设施或备选点"), weight=1.8),
    Column("lenders", say("现归属小区"), meaning=say("设施现已计入、要出让富余面积的小区"),
           weight=1.4),
    Column("remedy", say("方式"), words=headed),
    Column("minutes", say("步行（分钟）"), Kind.MINUTES, say("组内最远的小区到共用处的步行时间")),
    Column("metres", say("步行（米）"), Kind.COUNT, say("步行时间 × 测算步速")),
    Column("surplus_m2", say("可共用（㎡）"), Kind.AREA, say("设施富余的或备选点的建筑面积")),
    Column("deficit_cured_m2", say("可补缺口（㎡）"), Kind.AREA, say("组内不达标小区的缺口之和")),
    Column("cost_wan", say("费用（万元）"), Kind.MONEY,
           say("备选点台账所列费用；用现有设施的不列，不明的为空")),
    Column("needed", say("需办事项"), words=headed, weight=2.2),
    Column("confirmed_by", say("确认单位"), meaning=say("由当地确定填写")),
    Column("standing", say("状态"), words=headed),
    Column("proposal_id", say("编号")),
)  # fmt: skip


def pools_table(evaluation: Evaluation) -> Table | None:
    """Return every proposed pool, a row each, in the order of choice; None where there is none."""
    pools = evaluation.detail.pools
    if pools.empty:
        return None
    named = {layer: _names(evaluation, layer)
             for layer in ("residential", "facilities", "candidates")}  # fmt: skip
    streets = evaluation.provision.set_index("residential_id")["street"]
    speed = evaluation.study.description.walking.speed_m_per_s
    rows = pd.DataFrame(
        [_row(pool, named, streets) for pool in pools.to_dict("records")]
    ).assign(
        number=np.arange(1, len(pools) + 1),
        metres=pools["longest_walk_min"].astype("float64").to_numpy() * 60 * speed,
    )  # fmt: skip
    cured = float(rows["deficit_cured_m2"].sum())
    return Table(
        POOLS, say("统筹建议"), _POOL, rows[[column.key for column in _POOL]],
        {"street": translate("合计"), "deficit_cured_m2": cured},
        say("共 {count} 项，涉及不达标小区 {estates} 个；均为建议，书面确认并写入研究以前，"
            "结论和缺口都不变。同一小区、设施、备选点只列入一项。",
            count=len(pools), estates=int(pools["members_cured"].sum())),
    )  # fmt: skip


def _row(
    pool: Mapping[Any, Any], named: Mapping[str, Mapping[str, str]], streets: "pd.Series[Any]"
) -> dict[str, object]:
    ids = [each for each in str(pool["estates"]).split(SEPARATOR) if each]
    cured, lend = ids[: int(pool["members_cured"])], ids[int(pool["members_cured"]) :]
    stands = bool(pool["facilities"])
    where = dict.fromkeys(str(each) for each in streets.reindex(cured).dropna())
    return {
        "street": _BETWEEN.join(where),
        "estates": _BETWEEN.join(named["residential"].get(each, each) for each in cured),
        "shared": pool_place(pool, named),
        "lenders": _BETWEEN.join(named["residential"].get(each, each) for each in lend),
        "remedy": str(REMEDIES[str(pool["remedy"])]),
        "minutes": float(pool["longest_walk_min"]),
        **{name: float(pool[name]) for name in ("surplus_m2", "deficit_cured_m2", "cost_wan")},
        "needed": str(_needed(stands=stands, lent=bool(lend))),
        "confirmed_by": "",
        "standing": translate("建议，未确认") if stands else translate("建议，未建成、未确认"),
        "proposal_id": str(pool["proposal_id"]),
    }


def pool_place(pool: Mapping[Any, Any], named: Mapping[str, Mapping[str, str]]) -> str:
    """Return the name of what a pool shares, with its id: a facility that stands, or a candidate.

    named
        Names by id of `facilities` and `candidates`.
    """
    layer = "facilities" if pool["facilities"] else "candidates"
    ids = str(pool["facilities"] or pool["candidate_id"]).split(SEPARATOR)
    return _BETWEEN.join(
        str(say("{name}（{id}）", name=named[layer].get(each, each), id=each)) for each in ids
    )


def _needed(*, stands: bool, lent: bool) -> Message:
    if not stands:
        return say("备选点建成投用；各小区共用的书面确认（文号或会议纪要）")
    if lent:
        return say("现归属小区同意出让富余面积；各小区共用的书面确认（文号或会议纪要）")
    return say("各小区共用的书面确认（文号或会议纪要）")


def pool_places(evaluation: Evaluation) -> Mapping[str, tuple[str, float]]:
    """Return by the id of each proposed pool what it shares, and the longest walk, minutes."""
    named = {layer: _names(evaluation, layer) for layer in ("facilities", "candidates")}
    return {
        str(pool["proposal_id"]): (pool_place(pool, named), float(pool["longest_walk_min"]))
        for pool in evaluation.detail.pools.to_dict("records")
    }


def pool_words(evaluation: Evaluation) -> Mapping[str, Message]:
    """Return what each proposed pool would do, by its id, for a sheet of one of its estates."""
    places = pool_places(evaluation)
    return {
        str(pool["proposal_id"]): say(
            "{id}：与邻近小区共用{place}，步行 {minutes} 分钟以内，可补缺口 {area} 平方米；"
            "书面确认后结论方可改变",
            id=pool["proposal_id"], place=places[str(pool["proposal_id"])][0],
            minutes=f"{pool['longest_walk_min']:.1f}",
            area=measure(pool["deficit_cured_m2"]),
        )
        for pool in evaluation.detail.pools.to_dict("records")
    }  # fmt: skip


def _names(evaluation: Evaluation, layer: str) -> Mapping[str, str]:
    frame = evaluation.study.layer(layer)
    if frame is None:
        return {}
    names, ids = words(frame, "name"), words(frame, "id")
    told = dict(zip(ids.astype(str), names.where(names.notna(), ids).astype(str), strict=True))
    if layer == "residential":
        told |= {each.stands: each.name for each in projects_by_estate(evaluation).values()}
    return told
