"""What to do in each street: how many are left, where, what is proposed, what to settle first."""

from typing import Any, Final

import pandas as pd

from analysis.coverage.table import OUTSIDE, STUDY
from geo.language import Message, headed, joined, say
from report.briefing.content import Column, Heading, Kind, Table
from report.briefing.material import Material, Proposed
from report.briefing.places import community_rows
from report.briefing.streets import streets_table
from report.figures import number
from report.siting_files import streets_table as gains_by_street

GUIDANCE: Final = "guidance"
_COLUMNS: Final = (
    Column("name", say("街道"), weight=1.1),
    Column("uncovered_60plus", say("未覆盖（人）"), Kind.COUNT, weight=0.8),
    Column("share_60plus", say("可达率"), Kind.SHARE, weight=0.7),
    Column("short", say("不达标（个）"), Kind.COUNT, weight=0.7),
    Column("deficit_m2", say("缺口（㎡）"), Kind.AREA, weight=0.9),
    Column("told", say("指引"), words=headed, weight=4.2),
    Column("bureau", say("责任单位"), meaning=say("由当地确定填写"), weight=0.8),
    Column("until", say("完成时限"), meaning=say("由当地确定填写"), weight=0.8),
)  # fmt: skip


def guidance_table(material: Material) -> Table | None:
    """Return a row a street, most people left first; None where the study has no streets."""
    streets = streets_table(material.evaluation)
    rows = streets.rows.loc[~streets.rows["area_id"].isin([OUTSIDE, STUDY])]
    if rows.empty:
        return None
    rows = rows.sort_values("uncovered_60plus", ascending=False, kind="stable")
    twice = set(rows.loc[rows["name"].duplicated(), "name"])  # whose community it is nobody knows
    worst = {
        street: told for street, told in _worst_community(material).items() if street not in twice
    }
    gains = _gains(material.proposed)
    told = [
        str(Heading.of(_guidance(each, worst.get(each["name"]), gains.get(each["area_id"]),
                                 sought=material.proposed is not None)))
        for each in rows.to_dict("records")
    ]  # fmt: skip
    table = rows.assign(told=told, bureau="", until="")[[column.key for column in _COLUMNS]]
    return Table(
        GUIDANCE, say("分街道指引"), _COLUMNS, table.reset_index(drop=True), None,
        say("按未覆盖人数由多到少；责任单位、时限由当地填写。"),
        {"share_60plus": say("可达率的分母为各街道位置明确的60岁以上老年人。")},
    )  # fmt: skip


def _worst_community(material: Material) -> dict[object, tuple[str, float]]:
    """Return of each street the community with most people left, and how many."""
    rows = community_rows(material.evaluation)  # most people left first
    first = rows.dropna(subset=["uncovered_60plus"]).drop_duplicates("street")
    return {
        street: (str(name), float(left))
        for street, name, left in zip(
            first["street"], first["name"], first["uncovered_60plus"], strict=True
        )
    }


def _gains(proposed: Proposed | None) -> dict[str, pd.DataFrame]:
    """Return of each street the sites that newly cover people in it."""
    if proposed is None:
        return {}
    told = gains_by_street(proposed.proposal, proposed.reasons)
    told = told.loc[told["gain_60plus"].gt(0)]
    return {str(area): rows for area, rows in told.groupby("area_id", sort=False)}


def _guidance(
    street: dict[Any, Any], worst: tuple[str, float] | None, gains: pd.DataFrame | None,
    *, sought: bool,
) -> Message:  # fmt: skip
    parts: list[Message] = []
    left = street["uncovered_60plus"]
    if pd.isna(left):  # nobody knows how many live here: neither none left nor any
        parts.append(say("补齐人口资料后再定布局"))
        left = 0.0
    if left >= 1 and worst is not None:
        parts.append(say("未覆盖的以{community}最多（{people}人）", community=worst[0],
                         people=number(worst[1])))  # fmt: skip
    if gains is not None:
        ranks = "、".join(str(rank) for rank in gains["rank"])
        parts.append(say("建议第{ranks}号点位，可新增覆盖{people}人", ranks=ranks,
                         people=number(gains["gain_60plus"].sum())))  # fmt: skip
    elif left >= 1 and sought:
        parts.append(say("近期没有点位，先补备选用地或可改造存量房，列入下一轮选址"))
    if street["short"]:
        parts.append(say("逐个落实不达标小区{count}个", count=street["short"]))
    if street["unknown"]:
        parts.append(say("补齐无法判定小区{count}个的资料", count=street["unknown"]))
    return joined("；", *parts) if parts else say("保持现状，半年后复核")
