"""What stands behind the figures: parameters, sources and rules, each in one table."""
# ruff: noqa: TID251 - this is the browser face

import pandas as pd
import streamlit as st

from analysis.description import LayerSource, StreetsSource
from analysis.evaluation import Evaluation
from analysis.explaining.parameter_words import parameter_words
from analysis.study import Study
from geo.language import Message, say, translate
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
    size = say("按规则包") if people.household_size is None else people.household_size
    told = {
        "speed_m_per_s": walking.speed_m_per_s,
        "limit_min": walking.limit_min,
        "horizon_min": walking.horizon_min,
        "snap_max_m": walking.snap_max_m,
        "component_min_m": walking.component_min_m,
        "categories": walking.categories,
        "through_estates": walking.through_estates,
        "household_size": size,
        "control": people.control,
        "on": study.on.isoformat(),
        "crs": study.crs.to_string(),
    }
    words = [(str(label), str(value)) for label, value in parameter_words(told)]
    return pd.DataFrame(words, columns=[translate("参数"), translate("取值")])


def _sources(study: Study) -> pd.DataFrame:
    description = study.description
    layers = [_source(study, name, source) for name, source in description.layers.items()]
    return pd.DataFrame([*layers, _source(study, "streets", description.streets)])


def _source(study: Study, name: str, source: LayerSource | StreetsSource) -> dict[str, str]:
    return {
        translate("图层"): str(layer(name)),
        translate("文件"): _shown(source),
        translate("来源"): source.source or NOTHING,
        translate("许可"): source.licence or NOTHING,
        translate("日期"): source.date.isoformat() if source.date else NOTHING,
        translate("给定坐标系"): source.coordinates or NOTHING,
        "SHA-256": study.inputs.get(_shown(source), "")[:16],
    }


def _shown(source: LayerSource | StreetsSource) -> str:
    return source.shown() if isinstance(source, LayerSource) else source.path


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
