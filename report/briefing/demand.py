"""How many old people are to come: of the whole city where its ages are known, by variant."""

from typing import Final

import pandas as pd

from analysis.coverage.table import STUDY
from analysis.evaluation import Evaluation
from analysis.future.forecast import VARIANTS
from geo.language import Message, say
from report.briefing.content import Column, Kind, Table
from report.figures import number

FORECAST: Final = "forecast"
_COLUMNS: Final = (
    Column("year", say("年份")),
    Column(VARIANTS[0], say("低方案（人）"), Kind.COUNT, say("60 岁以上，死亡率取高")),
    Column(VARIANTS[1], say("中方案（人）"), Kind.COUNT, say("60 岁以上")),
    Column(VARIANTS[-1], say("高方案（人）"), Kind.COUNT, say("60 岁以上，死亡率取低")),
    Column("elderly_80plus", say("其中80岁以上（中方案，人）"), Kind.COUNT),
    Column("policy_60plus", say("文件所载（人）"), Kind.COUNT, say("60 岁以上；文件没有的为空")),
)  # fmt: skip


def forecast_table(evaluation: Evaluation) -> Table | None:
    """Return the people aged 60 and over of each year by variant; None where nothing is told."""
    projection = evaluation.detail.forecast
    if projection is None:
        return None
    whole = projection.table.loc[projection.table["county_id"].eq(STUDY)]
    of = {variant: rows.set_index("year") for variant, rows in whole.groupby("variant")}
    mid = of[VARIANTS[1]]
    rows = pd.DataFrame({variant: of[variant]["elderly_60plus"] for variant in VARIANTS}).assign(
        elderly_80plus=mid["elderly_80plus"], policy_60plus=mid["policy_60plus"]
    )
    rows = rows.astype("Float64").astype("float64").reset_index()
    rows["year"] = rows["year"].astype("int64").astype("str")
    rows = pd.DataFrame(rows).rename_axis(columns=None)
    return Table(
        FORECAST, say("60岁以上老年人预测"), _COLUMNS, rows, None,
        say("预测范围为{counties}个旗县区全部人口，不只是本次测算的范围；以{year}年普查为基年，"
            "按队列要素法测算。", counties=_counties(projection.table),
            year=projection.parameters["base_year"]),
    )  # fmt: skip


def forecast_sentence(evaluation: Evaluation) -> Message:
    """Return how the city's old people grow, named as the city's; that nothing is known else."""
    table, projection = forecast_table(evaluation), evaluation.detail.forecast
    if table is None or projection is None:
        return say("研究没有分年龄人口，未作老年人口预测。")
    first, last = table.rows.iloc[0], table.rows.iloc[-1]
    counties = _counties(projection.table)
    return say(
        "预测所及的{counties}个旗县区合计（大于本次测算范围），60岁以上老年人中方案由{first}年"
        "{before}人增至{last}年{after}人。",
        counties=counties, first=first["year"], before=number(first[VARIANTS[1]]),
        last=last["year"], after=number(last[VARIANTS[1]]),
    )  # fmt: skip


def _counties(table: pd.DataFrame) -> int:
    return int(table.loc[table["county_id"].ne(STUDY), "county_id"].nunique())
