"""Old people in the years to come: a chart by variant, the counties, the beds that streets need."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import altair as alt
import pandas as pd
import streamlit as st

from analysis.evaluation import Evaluation
from analysis.future.forecast import ALL as EVERYWHERE
from analysis.future.forecast import Projection
from geo.language import Message, say, translate
from ui.circle.area_part import download
from ui.data.showing import nothing
from ui.seen import plain
from ui.why.cells import Column, drawn, show_cells
from ui.words import headed

VARIANTS: Final[Mapping[str, Message]] = MappingProxyType(
    {"low": say("低方案"), "mid": say("中方案"), "high": say("高方案")}
)
COUNTIES: Final[Mapping[str, Column]] = MappingProxyType(
    {
        "county": Column(say("旗县区"), "name", 150),
        "year": Column(say("年份"), "text", 70),
        "variant": Column(say("方案"), "text", 90),
        "elderly_60plus": Column(say("60岁以上"), "people"),
        "elderly_65plus": Column(say("65岁以上"), "people"),
        "elderly_80plus": Column(say("80岁以上"), "people"),
        "policy_60plus": Column(
            say("文件的数字"), "people", help=say("文件自己的预计，并列，不覆盖。")
        ),
        "policy_source": Column(say("文件"), "text", 220),
    }
)
STREETS: Final[Mapping[str, Column]] = MappingProxyType(
    {
        "name": Column(say("街道"), "name", 150),
        "year": Column(say("年份"), "text", 70),
        "variant": Column(say("方案"), "text", 90),
        "elderly_60plus": Column(say("60岁以上"), "people"),
        "beds_at_50_per_1000": Column(say("需要床位（每千人）"), "people"),
        "institution_beds_at_3_percent": Column(say("需要机构床位（入住率）"), "people"),
    }
)


def show_forecast(evaluation: Evaluation) -> None:
    """Show the forecast with what it assumes; how to ask for one where the study has none."""
    projection = evaluation.detail.forecast
    if projection is None:
        nothing(say("本研究没有预测：在研究描述文件里写 [forecast] ages，指向分年龄人口表。"))
        return
    st.caption(str(_assumed(projection)))
    everywhere = projection.table[projection.table["county_id"].eq(EVERYWHERE)]
    _show_chart(projection, everywhere)
    told = _told(projection.table).assign(
        county=projection.table["county"].mask(
            projection.table["county_id"].eq(EVERYWHERE), translate("合计")
        )
    )
    show_cells(told, COUNTIES, key="forecast", asks=lambda _row, _name: None, hint=_NOT_ASKED)
    download(evaluation, drawn(told, COUNTIES), say("人口预测"))
    for finding in projection.findings:
        if finding.severity != "info":
            st.text(plain(finding.message))


def _assumed(projection: Projection) -> Message:
    return say(
        "按队列要素法，从 {year} 年普查的五岁组出发，用《{table}》，低、中、高三个方案按死亡率"
        "×{low:g}、×{mid:g}、×{high:g}；迁移系数 {migration:g}；普查年之间按直线内插。"
        "是全部旗县区的预测，不是本研究区内的人。",
        year=projection.first,
        table=str(projection.parameters["life_table"]).strip("《》"),
        migration=projection.parameters["migration"],
        **projection.parameters["death_factors"],
    )


_NOT_ASKED: Final = say("预测的数由上面写明的方法和假设得出，逐年逐旗县区列在表里。")
_STREETS_TOLD: Final = say("床位需求由上面写明的方法得出，两种口径各成一列。")


_LETTERS: Final[Mapping[str, Any]] = MappingProxyType(
    {"labelFontSize": 14, "titleFontSize": 14, "labelColor": "#36424e", "titleColor": "#36424e"}
)


def _show_chart(projection: Projection, everywhere: pd.DataFrame) -> None:
    """Draw the variants from the census on; only this project's own words stand in the chart."""
    start = float(projection.elderly("mid", projection.first)[:, 0].sum())
    first = [
        {"year": projection.first, "variant": variant, "elderly_60plus": start}
        for variant in VARIANTS
    ]
    rows = pd.concat([pd.DataFrame(first), everywhere[["year", "variant", "elderly_60plus"]]])
    rows = rows.astype({"elderly_60plus": "float64", "year": "int64"})
    rows = rows.assign(
        told=[str(VARIANTS[one]) for one in rows["variant"]],
        wan=rows["elderly_60plus"] / 10_000,
    )
    scale = [str(word) for word in VARIANTS.values()]
    lines = alt.Chart(rows).mark_line(point=True, strokeWidth=2.5).encode(
        x=alt.X("year:Q", title=headed(translate("年份")),
                axis=alt.Axis(format="d", values=sorted(set(rows["year"].tolist())))),
        y=alt.Y("wan:Q", title=translate("60岁以上（万人）"), scale=alt.Scale(zero=False)),
        color=alt.Color("told:N", title=translate("方案"), sort=scale,
                        scale=alt.Scale(domain=scale, range=["#7fa6c9", "#1f5c8b", "#10263a"])),
        # One legend for colour and dash together: to leave one out would leave out both.
        strokeDash=alt.StrokeDash("told:N", title=translate("方案"), sort=scale,
                                  scale=alt.Scale(domain=scale, range=[[6, 4], [1, 0], [2, 3]])),
        tooltip=[alt.Tooltip("year:Q", title=translate("年份"), format="d"),
                 alt.Tooltip("told:N", title=translate("方案")),
                 alt.Tooltip("elderly_60plus:Q", title=translate("60岁以上"), format=",.0f")],
    )  # fmt: skip
    st.altair_chart(
        lines.properties(height=300)
        .configure_axis(**_LETTERS).configure_legend(
            orient="top", titleOrient="left", symbolType="stroke", symbolSize=900,
            symbolStrokeWidth=2.5, **_LETTERS,
        ),
        width="stretch",
    )  # fmt: skip


def show_demand(evaluation: Evaluation) -> None:
    """Show old people and beds by street in the years to come."""
    demand = evaluation.detail.demand
    if demand is None or demand.table.empty:
        nothing(say("本研究没有预测，也就没有分街道的需求。"))
        return
    st.caption(plain(demand.table["note"].iloc[0]))
    years = sorted({int(year) for year in demand.table["year"]})
    left, right = st.columns(2)
    year = left.selectbox(translate("年份"), years, index=len(years) - 1,
                          key="demand year", placeholder=translate("请选择"))  # fmt: skip
    variant = right.selectbox(
        translate("方案"), list(VARIANTS), index=1, key="demand variant",
        format_func=lambda one: str(VARIANTS[one]), placeholder=translate("请选择"),
    )
    rows = demand.table
    rows = rows[rows["year"].eq(year) & rows["variant"].eq(variant)]
    told = _told(rows)
    show_cells(told, STREETS, key=f"demand-{year}-{variant}", asks=lambda _row, _name: None,
               hint=_STREETS_TOLD)  # fmt: skip
    download(evaluation, drawn(told, STREETS), say("分街道需求"))


def _told(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(
        variant=[str(VARIANTS[one]) for one in rows["variant"]], year=rows["year"].astype(str)
    )
