"""What is looked at when somebody asks: supply for each elder, who is left out, three tiers."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import pandas as pd
import streamlit as st

from analysis.coverage.by_area import CELLS
from analysis.evaluation import Evaluation
from analysis.explaining.row_words import code_word, yes_or_no
from geo.language import say, translate
from report.printed import in_words
from ui.circle.area_part import LEVEL_WORDS, download
from ui.data.showing import nothing
from ui.lists import named_areas, of_area
from ui.seen import plain
from ui.why.cells import Column, drawn, show_cells
from ui.why.question import Question
from ui.words import headed

SUPPLY: Final[Mapping[str, Column]] = MappingProxyType(
    {
        "level": Column(say("级别"), "text", 90),
        "name": Column(say("名称"), "name", 170),
        "elderly_60plus": Column(say("60岁以上"), "people"),
        "without_60plus": Column(say("周边没有设施的"), "people"),
        "m2_per_elder": Column(say("人均建筑面积（㎡）"), "amount"),
        "m2_per_elder_p10": Column(say("较少的一成（㎡）"), "amount"),
        "m2_per_elder_p90": Column(say("较多的一成（㎡）"), "amount"),
        "beds_per_1000": Column(say("每千人床位（张）"), "amount"),
        "beds_unknown_60plus": Column(say("床位不明的"), "people"),
    }
)
LOAD: Final[Mapping[str, Column]] = MappingProxyType(
    {
        "name": Column(say("名称"), "name", 240),
        "category": Column(say("类别"), "text", 150),
        "elders_in_reach": Column(say("可达的60岁以上"), "people"),
        "load": Column(say("按远近折算"), "people"),
        "floor_area_m2": Column(say("建筑面积（㎡）"), "m2"),
        "m2_per_elder": Column(say("人均建筑面积（㎡）"), "amount"),
        "beds": Column(say("床位"), "people"),
        "overloaded": Column(say("过载"), "text", 70),
    }
)
LEFT_OUT: Final[Mapping[str, Column]] = MappingProxyType(
    {
        "level": Column(say("级别"), "text", 90),
        "name": Column(say("名称"), "name", 170),
        "elderly_80plus": Column(say("80岁以上"), "people"),
        "uncovered_80plus": Column(say("未覆盖的80岁以上"), "people"),
        "share_uncovered_80plus": Column(say("80岁以上未覆盖占比"), "share"),
        "elderly_60plus": Column(say("60岁以上"), "people"),
        "uncovered_60plus": Column(say("未覆盖"), "people"),
        "share_uncovered_60plus": Column(say("60岁以上未覆盖占比"), "share"),
    }
)
CHAIN: Final[Mapping[str, Column]] = MappingProxyType(
    {
        "name": Column(say("社区"), "name", 190),
        "street": Column(say("街道"), "text", 120),
        "county": Column(say("旗县区"), "text", 90),
        "facilities": Column(say("设施数"), "people"),
        "county_platform": Column(say("县级平台"), "text", 80),
        "street_centre": Column(say("街道中心"), "text", 80),
        "station": Column(say("社区站点"), "text", 80),
        "complete": Column(say("三级俱全"), "text", 80),
        "missing": Column(say("缺少"), "text", 300),
        "share_60plus": Column(say("可达率"), "share"),
    }
)


def show_adequacy(evaluation: Evaluation) -> None:
    """Show floor area and beds for each elder in reach, and the facilities that have too many."""
    st.caption(
        translate(
            "走得到不等于够用：把每处设施的面积和床位分给走得到它的全部老年人（远的少分，两步移动搜寻法），"
            "得到每位老年人名下有多少；靠近研究区边界的偏高。文件没有规定合格线。"
        )
    )
    found = evaluation.detail.adequacy
    areas = named_areas(evaluation, found.areas).assign(level=_levels(found.areas["level"]))
    areas = areas[areas["elderly_60plus"].fillna(0).gt(0)]
    _show(evaluation, areas, SUPPLY, key="supply", title=say("人均设施"),
          levels=found.areas["level"])  # fmt: skip
    st.caption(
        translate(
            "过载：人均建筑面积不到全部设施中位数的一半，或在住人数超过床位；数据不足的空着。"
        )
    )
    facilities = found.facilities.sort_values("m2_per_elder", na_position="last")
    facilities = facilities.assign(
        category=[code_word("category", str(code)) for code in facilities["category"]],
        overloaded=facilities["overloaded"].map(yes_or_no, na_action="ignore"),
    )
    show_cells(
        facilities, LOAD, key="load",
        asks=lambda row, name: (
            Question("covered_60plus", str(row["facility_id"])) if name == "elders_in_reach"
            else None
        ),
    )
    download(evaluation, drawn(facilities, LOAD), say("设施负荷"))
    for finding in found.findings:
        st.text(plain(finding.message))


def show_equity(evaluation: Evaluation) -> None:
    """Show whom the circle leaves out, the oldest first."""
    st.caption(
        translate(
            "看最年长的人是不是更走不到：80岁以上与60岁以上未覆盖的占比并列，未覆盖80岁以上多的在前。"
        )
    )
    table = evaluation.detail.equity.table
    named = named_areas(evaluation, table).assign(level=_levels(table["level"]))
    _show(evaluation, named, LEFT_OUT, key="left out", title=say("公平"), levels=table["level"])


def show_tiers(evaluation: Evaluation) -> None:
    """Show the three tiers of every community."""
    st.caption(
        translate(
            "三级网络按有没有设施看，不按走不走得到：旗县区有综合平台、街道有区域中心、社区有站点，"
            "三项都有为俱全；可达率列在旁边，只作对照。"
        )
    )
    tiers = evaluation.detail.tiers
    if tiers.empty:
        nothing(say("本研究没有社区边界，看不出三级网络。"))
        return
    held = ("county_platform", "street_centre", "station", "complete")
    told = in_words(tiers).assign(
        level="community",
        **{name: tiers[name].map(yes_or_no, na_action="ignore") for name in held},
    )
    _show(evaluation, told, CHAIN, key="tiers", title=say("三级网络"), levels=told["level"])


def _show(
    evaluation: Evaluation,
    table: pd.DataFrame,
    columns: Mapping[str, Column],
    *,
    key: str,
    title: Any,  # noqa: ANN401 - a message
    levels: pd.Series,
) -> None:
    """Show a table by area whose figures of coverage can be asked about."""
    table = table.assign(at_level=levels.reindex(table.index))

    def asks(row: "pd.Series[Any]", name: str) -> Question | None:
        level = str(row["at_level"])
        return of_area(row, name, level=level) if name in CELLS else None

    show_cells(table, columns, key=key, asks=asks)
    download(evaluation, drawn(table, columns), title)


def _levels(levels: pd.Series) -> list[str]:
    words = {"study": say("全部"), **LEVEL_WORDS}
    return [headed(words.get(level, level)) for level in levels]


def show_lost(evaluation: Evaluation, show: Callable[[Evaluation], None]) -> None:
    """Show places without a walk, with the reason of each."""
    st.caption(translate("没有步行结果的地点，各有原因；它们既不算覆盖，也不会悄悄丢掉。"))
    show(evaluation)
    unlocated = evaluation.summary["coverage"].get("unlocated_60plus")
    if unlocated:
        st.text(str(say("另有 {people} 位老年人位置不明，不计入分母。", people=unlocated)))
