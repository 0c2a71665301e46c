"""Coverage by street, community, planning unit and county: sums that add up, to sort and keep."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pandas as pd
import streamlit as st

from analysis.coverage.by_area import area_table
from analysis.coverage.table import OUTSIDE, STUDY
from analysis.evaluation import Evaluation
from geo.language import Message, say, speak, translate
from report.data.sheets import file_name
from ui.chosen import remembered, worded
from ui.data.showing import nothing
from ui.lists import named_areas, of_area
from ui.why.cells import Column, drawn, show_cells
from ui.why.rows_file import csv_bytes
from ui.words import headed

LEVEL_WORDS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "street": say("街道"), "community": say("社区"), "planning_unit": say("控规单元"),
        "county": say("旗县区"), "city": say("市"),
    }
)  # fmt: skip
COLUMNS: Final[Mapping[str, Column]] = MappingProxyType(
    {
        "name": Column(say("名称"), "name", 112),
        "elderly_60plus": Column(say("60岁以上"), "people", 76, say("位置明确的60岁以上老年人。")),
        "covered_60plus": Column(say("覆盖"), "people", 72, say("其中在时限内走得到设施的。")),
        "uncovered_60plus": Column(say("未覆盖"), "people", 66, say("60岁以上减去覆盖。")),
        "share_60plus": Column(say("可达率"), "bar", 108, say("覆盖 ÷ 60岁以上。")),
        "share_population": Column(
            say("总人口可达率"), "share", 102, say("走得到的人口 ÷ 全部人口。")
        ),
        "residential_m2": Column(say("居住用地（㎡）"), "m2", 104),
        "share_residential_land": Column(
            say("用地覆盖率"), "share", 88, say("走得到的用地面积 ÷ 居住用地面积。")
        ),
        "areas": Column(say("小区"), "people", 52, say("全部覆盖、部分覆盖、未覆盖三项之和。")),
        "full_areas": Column(say("全部"), "people", 52, say("每一处都在时限内的小区。")),
        "partly_areas": Column(
            say("部分"), "people", 52, say("有的地方在时限内、有的不在的小区。")
        ),
        "untouched_areas": Column(say("全无"), "people", 52, say("没有一处在时限内的小区。")),
        "households": Column(say("户数"), "people", 70, say("户数已知的小区。")),
        "covered_households": Column(say("可达户数"), "people", 76),
    }
)


def show_areas(evaluation: Evaluation) -> None:
    """Show coverage by the level chosen, with the sum and what lies outside."""
    present = [level for level in LEVEL_WORDS if level in set(evaluation.coverage["level"])]
    if not present:
        nothing(say("本研究没有区域边界，只有合计。"))
    level = _choose(present)
    table = area_table(evaluation, level)
    show_cells(
        named_areas(evaluation, table), COLUMNS, key=f"areas-{level}", height_max=640,
        asks=lambda row, name: of_area(row, name, level=level),
    )
    shown = drawn(named_areas(evaluation, table), COLUMNS)
    download(evaluation, shown, LEVEL_WORDS.get(level, say("合计")))


def _choose(present: list[str]) -> str:
    if not present:
        return ""
    chosen = st.segmented_control(
        translate("按什么列"), present, format_func=lambda level: headed(LEVEL_WORDS[level]),
        default=present[remembered("area level", present)], key=worded("area level"),
        required=True, label_visibility="collapsed",
    )
    st.session_state["area level"] = chosen
    return str(chosen or present[0])


def show_uncovered(evaluation: Evaluation) -> None:
    """Show the communities, else the streets, in which somebody is not covered: most first."""
    present = set(evaluation.coverage["level"])
    level = next((one for one in ("community", "street", "county") if one in present), "")
    table = area_table(evaluation, level)
    left = table["uncovered_60plus"].fillna(0).gt(0) & ~table["area_id"].isin([STUDY, OUTSIDE])
    st.caption(
        str(say(
            "还有人走不到的{level}，未覆盖的60岁以上老年人多的在前；共 {count} 个。",
            level=LEVEL_WORDS.get(level, say("区域")), count=int(left.sum()),
        ))
    )  # fmt: skip
    columns = {name: COLUMNS[name] for name in _UNCOVERED}
    rows = table[left]
    show_cells(
        rows, columns, key="uncovered", height_max=640,
        asks=lambda row, name: of_area(row, name, level=level),
    )
    download(evaluation, drawn(rows, columns), say("未覆盖清单"))


_UNCOVERED: Final = (
    "name", "uncovered_60plus", "elderly_60plus", "share_60plus", "areas", "untouched_areas",
    "partly_areas",
)  # fmt: skip


def download(evaluation: Evaluation, table: pd.DataFrame, what: Message) -> None:
    """Show the button that takes a table along as it is shown."""
    language = st.session_state.get("language", "zh")

    def data() -> bytes:
        speak(language)  # the file is written in a context of its own
        return csv_bytes(table)

    name = f"{file_name(f'{evaluation.study.title}-{what}')}.csv"
    st.download_button(
        translate("下载本表（CSV）"), data, name, "text/csv", on_click="ignore", key=f"take {what}"
    )
