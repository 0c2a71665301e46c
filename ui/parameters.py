"""What stands behind the figures: parameters, sources and rules, each in one table."""
# ruff: noqa: TID251 - this is the browser face

import pandas as pd
import streamlit as st

from analysis.evaluation import Evaluation
from analysis.study import LayerSource, StreetsSource, Study
from geo.language import Message, say, translate
from ui.map.palette import FACILITIES
from ui.words import NOTHING, layer

ROW_PX = 34


def show_parameters(evaluation: Evaluation) -> None:
    """Show parameters, sources and rules, and how the two kinds of coverage differ."""
    st.caption(
        translate(
            "空间可达率按步行路网逐地点测算，是空间测算口径；“服务覆盖率”是行政统计口径，两者不能互相代替。"
            "配建核查按每百户20平方米建筑面积测算；完整社区的“每百户30平方米综合服务设施”是另一项指标。"
        )
    )
    for title, table in (
        (translate("测算参数"), _parameters(evaluation.study)),
        (translate("数据来源"), _sources(evaluation.study)),
        (translate("所用规则"), _rules(evaluation)),
    ):
        st.caption(title)
        st.dataframe(table, hide_index=True, row_height=ROW_PX)


def _parameters(study: Study) -> pd.DataFrame:
    walking, people = study.description.walking, study.description.people
    categories = "、".join(
        str(FACILITIES[code].label) if code in FACILITIES else code for code in walking.categories
    )
    size = say("按规则包") if people.household_size is None else f"{people.household_size:g}"
    rows: list[tuple[Message, object]] = [
        (say("步行速度（米/秒）"), f"{walking.speed_m_per_s:g}"),
        (say("时限（分钟）"), f"{walking.limit_min:g}"),
        (say("最长测算步行时间（分钟）"), f"{walking.horizon_min:g}"),
        (say("离街距离上限（米）"), f"{walking.snap_max_m:g}"),
        (say("孤立道路片最短长度（米）"), f"{walking.component_min_m:g}"),
        (say("计入服务圈的设施类别"), categories),
        (say("可穿行封闭小区"), say("是") if walking.through_estates else say("否")),
        (say("户均人口（人/户）"), size),
        (say("人口按官方总数校正"), say("是") if people.control else say("否")),
        (say("规则日期"), study.on.isoformat()),
        (say("坐标系"), study.crs.to_string()),
    ]
    words = [(str(label), str(value)) for label, value in rows]
    return pd.DataFrame(words, columns=[translate("参数"), translate("取值")])


def _sources(study: Study) -> pd.DataFrame:
    description = study.description
    layers = [_source(study, name, source) for name, source in description.layers.items()]
    return pd.DataFrame([*layers, _source(study, "streets", description.streets)])


def _source(study: Study, name: str, source: LayerSource | StreetsSource) -> dict[str, str]:
    return {
        translate("图层"): str(layer(name)),
        translate("文件"): source.path,
        translate("来源"): source.source or NOTHING,
        translate("许可"): source.licence or NOTHING,
        translate("日期"): source.date.isoformat() if source.date else NOTHING,
        translate("给定坐标系"): source.coordinates or NOTHING,
        "SHA-256": study.inputs.get(source.path, "")[:16],
    }


def _rules(evaluation: Evaluation) -> pd.DataFrame:
    rows = [
        {
            translate("规则"): rule.id,
            translate("取值"): f"{rule.value:g} {rule.unit}",
            translate("政策文件"): rule.document,
            translate("条款"): rule.clause or NOTHING,
            translate("原文"): rule.quote or NOTHING,
            translate("可信度"): str(_confidence(rule.confidence)),
        }
        for pack in evaluation.rulebook.packs
        for rule in pack.rules
    ]
    return pd.DataFrame(rows)


def _confidence(code: str) -> Message:
    known = {"policy text": say("政策原文"), "public page": say("公开网页")}
    return known.get(code, say("未核实"))
