"""What to do in each street: how many are left, where, what is proposed, what to settle first."""

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from analysis.coverage.table import OUTSIDE, STUDY
from analysis.evaluation import Evaluation
from geo.language import Message, headed, joined, say
from report.briefing.content import Column, Heading, Kind, Table
from report.briefing.material import Material, Proposed
from report.briefing.places import LEFT, community_rows
from report.briefing.reaching import Answer, community_answers
from report.briefing.streets import streets_table
from report.figures import at_most, number
from report.siting_files import streets_table as gains_by_street

GUIDANCE: Final = "guidance"
_NAMED: Final = 1  # candidates named in a street; one where a site is proposed already
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


@dataclass(frozen=True)
class _Known:
    """What is known of one street besides its figures.

    worst
        The community with most people left, and how many; None where nobody knows.
    gains
        The sites that newly cover people here; None for none.
    to_study
        Communities with the candidate that could be studied for each, most people first; empty for
        none, None where no sites were sought or nobody knows whose community it is.
    sites
        How many are proposed in all.
    upper
        Whether people left are only an upper bound.
    """

    worst: tuple[str, float] | None
    gains: pd.DataFrame | None
    to_study: list[tuple[str, Answer]] | None
    sites: int
    upper: bool


def guidance_table(material: Material) -> Table | None:
    """Return a row a street, most people left first; None where the study has no streets."""
    streets = streets_table(material.evaluation)
    rows = streets.rows.loc[~streets.rows["area_id"].isin([OUTSIDE, STUDY])]
    if rows.empty:
        return None
    rows = rows.sort_values("uncovered_60plus", ascending=False, kind="stable")
    known = _known(material, rows)
    told = [
        str(Heading.of(_guidance(street, each)))
        for street, each in zip(rows.to_dict("records"), known, strict=True)
    ]
    table = rows.assign(told=told, bureau="", until="")[[column.key for column in _COLUMNS]]
    return Table(
        GUIDANCE, say("分街道指引"), _COLUMNS, table.reset_index(drop=True), None,
        say("按未覆盖人数由多到少；责任单位、时限由当地填写。"),
        {"share_60plus": say("可达率的分母为各街道位置明确的60岁以上老年人。")},
    )  # fmt: skip


def _known(material: Material, rows: pd.DataFrame) -> list[_Known]:
    """Return what is known of each street, in the order of the rows.

    Of streets of one name nobody knows whose community it is.
    """
    worst, gains = _worst_community(material), _gains(material.proposed)
    proposed = material.proposed
    coverage = material.evaluation.coverage
    streets = coverage.loc[coverage["level"].eq("street")].set_index("area_id")
    own = rows["area_id"].map(streets["name"])  # as the communities name it
    counts = own.value_counts()
    to_study = None if proposed is None else _to_study(material.evaluation, proposed)
    return [
        _Known(
            worst=worst.get(name) if alone else None,
            gains=gains.get(area_id),
            to_study=None if to_study is None or not alone else to_study.get(name, []),
            sites=0 if proposed is None else len(proposed.proposal.chosen),
            upper=bool(material.evaluation.summary["coverage"]["lower_bound"]),
        )
        for name, area_id, alone in zip(own, rows["area_id"], own.map(counts).eq(1), strict=True)
    ]


def _to_study(
    evaluation: Evaluation, proposed: Proposed
) -> dict[object, list[tuple[str, Answer]]]:
    """Return by street the communities for which a candidate may be studied, with it.

    As the list of communities tells it; a candidate stands once, where it reaches most people.
    """
    answers = community_answers(proposed.proposal)
    found: dict[object, list[tuple[str, Answer]]] = {}
    for street, name, id_, left in community_rows(evaluation)[
        ["street", "name", "area_id", "uncovered_60plus"]
    ].itertuples(index=False):
        answer = answers.get(str(id_))
        if answer is not None and answer.to_study and left >= LEFT:
            found.setdefault(street, []).append((str(name), answer))
    for street, told in found.items():
        most = sorted(told, key=lambda each: -each[1].people)
        once = {each[1].candidate_id: each for each in reversed(most)}
        found[street] = sorted(once.values(), key=lambda each: -each[1].people)
    return found


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


def _guidance(street: dict[Any, Any], known: _Known) -> Message:
    parts: list[Message] = []
    left = street["uncovered_60plus"]
    if pd.isna(left):  # nobody knows how many live here: neither none left nor any
        parts.append(say("补齐人口资料后再定布局"))
        left = 0.0
    if left >= 1 and known.worst is not None:
        parts.append(say("未覆盖的以{community}最多（{people}人）", community=known.worst[0],
                         people=at_most(number(known.worst[1]), known.upper)))  # fmt: skip
    if known.gains is not None:
        ranks = "、".join(str(rank) for rank in known.gains["rank"])
        parts.append(say("建议第{ranks}号点位，可新增覆盖{people}人", ranks=ranks,
                         people=number(known.gains["gain_60plus"].sum())))  # fmt: skip
    if left >= 1:
        parts += _candidates(known)
    if street["short"]:
        parts.append(say("逐个落实不达标小区{count}个", count=street["short"]))
    if street["unknown"]:
        parts.append(say("补齐无法判定小区{count}个的资料", count=street["unknown"]))
    return joined("；", *parts) if parts else say("保持现状，半年后复核")


def _candidates(known: _Known) -> list[Message]:
    """Return which candidates may be studied in a street; where there are none, what to do."""
    if known.to_study is None:
        return []
    if not known.to_study:
        if known.gains is not None:
            return []
        return [say("近期没有点位，先补备选用地或可改造存量房，列入下一轮选址")]
    named = [
        say("{name}（{id}，在{community}可新增覆盖{people}人）", name=answer.name,
            id=answer.candidate_id, community=community, people=number(answer.people))
        for community, answer in known.to_study[: _NAMED if known.gains is None else 1]
    ]  # fmt: skip
    more = len(known.to_study) > len(named)
    rest = [say("等{count}处", count=len(known.to_study))] if more else []
    sites = joined("", joined("、", *named), *rest)
    if known.gains is not None:
        return [say("另有备选点可研究：{sites}", sites=sites)]
    return [
        say("未列入本期{count}处；现有备选点可研究：{sites}", count=known.sites, sites=sites)
    ]
