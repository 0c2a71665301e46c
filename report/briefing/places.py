"""Communities with people out of reach, and the facilities there are."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.columns import words
from analysis.coverage.table import OUTSIDE
from analysis.evaluation import Evaluation
from analysis.explaining.parameter_words import CATEGORY_NAMES
from analysis.explaining.row_words import code_word
from geo.language import Message, headed, joined, say, translate
from geo.position.coordinates import WGS84
from report.areas import area_of
from report.briefing.content import Column, Kind, Table
from report.briefing.material import Proposed
from report.briefing.reaching import community_answers, community_measure
from report.figures import at_least, at_most, number, percent, some_of

COMMUNITIES: Final = "communities"
FACILITIES: Final = "facilities"
_NAMED: Final = 3
LEFT: Final = 0.5  # of a person: fewer is nobody
_HALF: Final = 0.5
_TITLE: Final = say("尚有老年人未覆盖的社区")
_PEOPLE: Final = ("elderly_60plus", "covered_60plus")
_COMMUNITY: Final = (
    Column("number", say("序号"), Kind.COUNT, weight=0.6),
    Column("county", say("旗县区")),
    Column("street", say("街道"), weight=1.4),
    Column("name", say("社区"), weight=2),
    Column("elderly_60plus", say("60岁以上（人）"), Kind.COUNT),
    Column("covered_60plus", say("可达（人）"), Kind.COUNT),
    Column("uncovered_60plus", say("未覆盖（人）"), Kind.COUNT),
    Column("share_60plus", say("可达率"), Kind.SHARE, say("可达 ÷ 本社区60岁以上老年人")),
    Column("degree", say("程度"), words=headed,
           meaning=say("按可达率：0 为全部未覆盖，不到 50% 为过半未覆盖，其余为少部分未覆盖")),
    Column("measure", say("建议措施"), words=headed, weight=2.4,
           meaning=say("能新增覆盖本社区人数最多的建议选址，没有的为其他备选点；未作选址建议的为空")),
    Column("bureau", say("责任单位"), meaning=say("由当地确定填写")),
    Column("until", say("完成时限"), meaning=say("由当地确定填写")),
    Column("stations", say("社区站（处）"), Kind.COUNT, say("位于社区内、运营中的社区养老服务站")),
    Column("area_id", say("编号")),
)  # fmt: skip
_FACILITY: Final = (
    Column("facility_id", say("编号")),
    Column("name", say("名称"), weight=2.4),
    Column("category", say("类别"), words=headed, weight=1.6),
    Column("status", say("运营状态"), words=headed),
    Column("counted", say("计入服务圈"), words=headed, meaning=say("运营中、类别计入、有坐标")),
    Column("street", say("所在街道"), weight=1.4),
    Column("floor_area_m2", say("建筑面积（㎡）"), Kind.AREA),
    Column("beds", say("床位（张）"), Kind.COUNT),
    Column("elders_in_reach", say("时限内老年人（人）"), Kind.COUNT,
           say("步行时限内的 60 岁以上老年人，几处设施都走得到的各计一次")),
    Column("lon", say("经度"), Kind.DEGREES, say("WGS84")),
    Column("lat", say("纬度"), Kind.DEGREES, say("WGS84")),
)  # fmt: skip


def community_rows(evaluation: Evaluation) -> pd.DataFrame:
    """Return every community with who is reached and who is not, most of these first."""
    coverage = evaluation.headline_coverage
    rows = coverage.loc[coverage["level"].eq("community") & coverage["area_id"].ne(OUTSIDE)]
    rows = rows.assign(uncovered_60plus=rows["elderly_60plus"] - rows["covered_60plus"])
    rows = rows.sort_values("uncovered_60plus", ascending=False, kind="stable")
    tiers = evaluation.detail.tiers
    beside = tiers.set_index("area_id")[["county", "street", "stations"]]
    return rows.join(beside, on="area_id").reset_index(drop=True)


def communities_table(evaluation: Evaluation, proposed: Proposed | None = None) -> Table:
    """Return the communities in which people aged 60 and over are out of reach, most first.

    Two rows more hold the people of the other communities, and of none, so that the sum is the
    study's.
    """
    every, lower = community_rows(evaluation), evaluation.summary["coverage"]["lower_bound"]
    left = every["uncovered_60plus"].ge(LEFT)
    answers = {} if proposed is None else community_answers(proposed.proposal)
    measures = {id_: community_measure(answer) for id_, answer in answers.items()}
    rows = every.loc[left].reset_index(drop=True)
    rows = rows.assign(
        number=np.arange(1.0, len(rows) + 1),
        degree=_degrees(evaluation, rows),
        measure=[str(measures.get(str(id_), "")) for id_ in rows["area_id"]],
        bureau="", until="",
    )  # fmt: skip
    keys, some = [column.key for column in _COMMUNITY], len(rows)
    rest = _others(evaluation, every.loc[~left]) if some else []
    more = [pd.DataFrame(rest, columns=keys)] if rest else []
    kept = pd.concat([rows[keys], *more], ignore_index=True)
    note = say("{all} 个社区中有 {some} 个还有 60 岁以上老年人在步行时限以外", all=len(every),
               some=some)  # fmt: skip
    if every["uncovered_60plus"].isna().all():  # nobody knows; none is no answer
        note = say("没有社区或没有 60 岁以上人口资料，不知道哪些社区未覆盖")
    if not some:
        kept = rows[keys]
        return Table(COMMUNITIES, _TITLE, _COMMUNITY, kept, None, joined("", note, say("。")))
    total = {**_sums(kept), "stations": every["stations"].sum(skipna=False)}
    return Table(
        COMMUNITIES, _TITLE, _COMMUNITY, kept, total,
        say("{note}。合计为研究范围内位置明确的 60 岁以上老年人 {all} 人，可达 {covered} 人，"
            "可达率 {share}，与全研究一致{bound}。", note=note, all=number(total["elderly_60plus"]),
            covered=some_of(total["covered_60plus"], total["elderly_60plus"], lower),
            share=at_least(percent(total["share_60plus"]), lower),
            bound=say("；表中可达人数是下限，未覆盖人数是上限") if lower else ""),
    )  # fmt: skip


def communities_sentence(evaluation: Evaluation) -> Message | None:
    """Return in how many communities people are out of reach, and where most; None for nowhere."""
    every = community_rows(evaluation)
    left = every.loc[every["uncovered_60plus"].ge(LEFT)]
    if left.empty:
        return None
    most, lower = left.head(_NAMED), evaluation.summary["coverage"]["lower_bound"]
    names = (
        say("{name}（{people}人）", name=name, people=at_most(number(people), lower))
        for name, people in zip(most["name"], most["uncovered_60plus"], strict=True)
    )
    return say(
        "{all}个社区中有{some}个还有60岁以上老年人在步行时限以外，未覆盖较多的有{names}。",
        all=len(every), some=len(left), names=joined("、", *names),
    )  # fmt: skip


def _degrees(evaluation: Evaluation, rows: pd.DataFrame) -> list[str]:
    if evaluation.study.layer("facilities") is None:
        return [translate("不明")] * len(rows)  # nobody knows whether a facility is near
    told = zip(rows["covered_60plus"], rows["share_60plus"], strict=True)
    return [_degree(*each) for each in told]


def _degree(covered: float, share: float) -> str:
    if covered < LEFT:
        return translate("全部未覆盖")
    return translate("过半未覆盖") if share < _HALF else translate("少部分未覆盖")


def _others(evaluation: Evaluation, reached: pd.DataFrame) -> list[dict[str, object]]:
    """Return a row of the communities that are reached whole, and one of people in none."""
    coverage = evaluation.headline_coverage
    whole = coverage.iloc[0]
    listed = coverage.loc[coverage["level"].eq("community") & coverage["area_id"].ne(OUTSIDE)]
    outside = {name: float(whole[name]) - float(listed[name].sum()) for name in _PEOPLE}
    inside = {name: float(reached[name].sum()) for name in _PEOPLE}
    stations = float(reached["stations"].sum(skipna=False))
    rows = [
        (say("其余{count}个社区（全部可达或无老年人）", count=len(reached)), inside, stations),
        (say("不在任何社区范围内"), outside, np.nan),
    ]
    return [
        _line(str(name), people, stations)
        for name, people, stations in rows
        if people["elderly_60plus"] >= LEFT or stations > 0
    ]


def _line(name: str, people: Mapping[str, float], stations: float) -> dict[str, object]:
    everybody, covered = (people[key] for key in _PEOPLE)
    blank = dict.fromkeys((column.key for column in _COMMUNITY if column.kind is Kind.TEXT), "")
    return {
        **blank, "number": np.nan, "name": name, **people,
        "uncovered_60plus": everybody - covered, "stations": stations,
        "share_60plus": covered / everybody if everybody else np.nan,
    }  # fmt: skip


def _sums(rows: pd.DataFrame) -> dict[str, Any]:
    people = {name: float(rows[name].sum()) for name in (*_PEOPLE, "uncovered_60plus")}
    share = people["covered_60plus"] / people["elderly_60plus"]
    return {"county": translate("合计"), **people, "share_60plus": share}


def facilities_table(evaluation: Evaluation) -> Table:
    """Return every facility in file order, and whether it counts for the circle."""
    layer = evaluation.study.layer("facilities")
    note = say("其中 {count} 处计入服务圈。", count=len(evaluation.counted))
    if layer is None:
        note = say("研究中没有设施资料，现状设施不明。")
        return Table(FACILITIES, say("设施清单"), _FACILITY, _no_rows(_FACILITY), None, note)
    points = layer.geometry.representative_point().to_crs(WGS84)
    reach = evaluation.detail.adequacy.facilities.set_index("facility_id")["elders_in_reach"]
    rows = pd.DataFrame(
        {
            "facility_id": layer["id"],
            "name": words(layer, "name"),
            "category": [_category(code) for code in words(layer, "category").fillna("")],
            "status": [
                code_word("status", str(code)) if code else ""
                for code in words(layer, "status").fillna("")
            ],
            "counted": np.where(
                layer["id"].isin(evaluation.counted), translate("是"), translate("否")
            ),
            "street": area_of(evaluation, layer.geometry, "street"),
            **{
                name: layer[name].astype("float64") if name in layer else np.nan
                for name in ("floor_area_m2", "beds")
            },
            "elders_in_reach": layer["id"].map(reach).astype("float64"),
            "lon": points.x.round(6),
            "lat": points.y.round(6),
        }
    ).reset_index(drop=True)
    return Table(FACILITIES, say("设施清单"), _FACILITY, rows, None, note)


def _category(code: str) -> str:
    return str(CATEGORY_NAMES[code]) if code in CATEGORY_NAMES else code


def _no_rows(columns: tuple[Column, ...]) -> pd.DataFrame:
    return pd.DataFrame({column.key: [] for column in columns})
