"""The card of the place now chosen on the map.

Every text goes through `st.text`, which shows it as it is: names may hold anything.
"""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from analysis.coverage.service_areas import service_area
from analysis.evaluation import Evaluation
from analysis.provision.reasons import SCOPE_REASONS, reasons_text
from geo.language import Message, say, translate
from report.provision_figures import calculation
from ui.map.palette import FACILITIES, UNKNOWN, VERDICTS
from ui.rule_text import rule_named
from ui.words import NOTHING, SQUARE_METRES, number, percent, reason_word

Facts = list[tuple[Message, Message | str]]


def show_card(evaluation: Evaluation, chosen: Mapping[str, str] | None) -> None:
    """Show the chosen estate or facility, or how to choose one."""
    show = {"estates": _show_estate, "facilities": _show_facility}
    with st.container(key="care-card", border=True):
        if chosen is None or chosen.get("layer") not in show:
            st.caption(translate("点击地图上的小区或设施，或在地图左上角按名称查找，这里显示其核查卡。"))
            return
        show[chosen["layer"]](evaluation, chosen["id"])


def _show_estate(evaluation: Evaluation, estate_id: str) -> None:
    estate = _row(evaluation.study.layers["residential"], "id", estate_id)
    if estate is None:
        return
    places = evaluation.places
    place = _row(places.loc[places["layer"].eq("residential")], "place_id", estate_id)
    check = _row(evaluation.provision, "residential_id", estate_id)
    _title(estate)
    _facts(_walk(evaluation, place))
    if check is not None:
        _facts(_verdict(check), key="verdict")
        _clause(evaluation, check)


def _show_facility(evaluation: Evaluation, facility_id: str) -> None:
    facility = _row(evaluation.study.layers["facilities"], "id", facility_id)
    if facility is None:
        return
    _title(facility)
    category = FACILITIES.get(str(facility.get("category")), FACILITIES["other"])
    counted = facility_id in evaluation.counted
    facts: Facts = [
        (say("类别"), category.label),
        (say("运营状态"), _status(facility.get("status"))),
        (say("计入服务圈"), say("是") if counted else say("否")),
        (say("建筑面积"), f"{number(facility.get('floor_area_m2'))} {SQUARE_METRES}"),
        (say("床位"), number(facility.get("beds"))),
    ]
    _facts(facts)
    if counted:
        _facts(_served(evaluation, facility_id), key="served")


def _served(evaluation: Evaluation, facility_id: str) -> Facts:
    """Return whom a facility serves: the estates to which it is the nearest."""
    area = service_area(evaluation.places, evaluation.homes, facility_id)
    facts: Facts = [(say("就近服务"), say("{count} 个小区", count=len(area.estates)))]
    if area.elders is not None:
        facts.append(
            (
                say("60岁以上"),
                say(
                    "{elders} 人，时限内 {covered} 人", elders=number(round(area.elders)),
                    covered=NOTHING if area.covered is None else number(round(area.covered)),
                ),
            )
        )
    if area.unknown:
        facts.append((say("人数不明"), say("{count} 个小区", count=area.unknown)))
    return facts


def _walk(evaluation: Evaluation, place: Mapping[str, Any] | None) -> Facts:
    if place is None:
        return [(say("步行时间"), say("未测算"))]
    facts: Facts = []
    if pd.isna(place["minutes"]):
        facts.append((say("步行时间"), say("无法计算：{why}", why=reason_word(place["reason"]))))
    else:
        speed = evaluation.study.description.walking.speed_m_per_s
        walk = say(
            "{minutes} 分钟（{metres} 米）至 {name}",
            minutes=f"{place['minutes']:.1f}", metres=number(place["minutes"] * 60 * speed),
            name=_facility_name(evaluation, place["nearest_facility_id"]),
        )
        facts.append((say("步行时间"), walk))
    facts.append((say("时限内比例"), percent(place["share"])))
    return facts


def _verdict(check: Mapping[str, Any]) -> Facts:
    if not check["in_scope"]:
        reason = SCOPE_REASONS.get(str(check["scope_reason"]), say("不在核查范围"))
        return [(say("配建核查"), say("不在核查范围：{why}", why=reason))]
    verdict = VERDICTS.get(str(check["verdict"]), VERDICTS[UNKNOWN]).label
    facts: Facts = [
        (say("户数"), number(check["households"])),
        (say("配建结论"), verdict),
        (say("计算"), calculation(check)),
    ]
    reasons = "" if pd.isna(check["reasons"]) else reasons_text(str(check["reasons"]))
    if reasons:
        facts.append((say("说明"), reasons.replace(";", "；")))
    return facts


def _clause(evaluation: Evaluation, check: Mapping[str, Any]) -> None:
    rule = rule_named(evaluation.rulebook, check["rule"])
    if rule is None:
        return
    with st.container(key="care-clause"):
        st.text(f"{rule.document} {rule.clause}".strip())
        if rule.quote:
            st.text(f"「{rule.quote}」")


def _facility_name(evaluation: Evaluation, facility_id: str) -> str:
    facility = _row(evaluation.study.layers["facilities"], "id", facility_id)
    if facility is None:
        return NOTHING
    return str(facility["name"]) if pd.notna(facility["name"]) else facility_id


def _status(code: object) -> Message:
    known = {
        "operating": say("运营"),
        "building": say("在建"),
        "planned": say("规划"),
        "misused": say("挪用"),
        "closed": say("停业"),
    }
    return known.get(str(code), say("未填写"))


def _title(row: Mapping[str, Any]) -> None:
    with st.container(key="care-card-title"):
        st.text(str(row["name"]) if pd.notna(row.get("name")) else str(row["id"]))


def _facts(facts: Facts, *, key: str = "walk") -> None:
    with st.container(key=f"care-facts-{key}"):
        for label, value in facts:
            st.text(str(label))
            st.text(str(value))


def _row(table: pd.DataFrame, column: str, value: str) -> Mapping[str, Any] | None:
    """Return the first row that matches, as a mapping; None where there is none."""
    found = table.loc[table[column].eq(value)]
    if found.empty:
        return None
    return {str(key): cell for key, cell in found.iloc[0].items()}
