"""What stands behind the figures: parameters, sources and rules, as the papers print them."""
# ruff: noqa: TID251 - this is the browser face

import pandas as pd
import streamlit as st

from analysis.evaluation import Evaluation
from geo.language import translate
from report.briefing.method import parameters_table, sources_table
from report.briefing.rule_texts import rules_table

ROW_PX = 34


def show_parameters(evaluation: Evaluation) -> None:
    """Show parameters, sources and rules, and how the two kinds of coverage differ."""
    st.caption(
        translate(
            "空间可达率按步行路网逐地点测算，是空间测算口径；“服务覆盖率”是行政统计口径，两者不能互相代替。"
            "配建核查按每百户20平方米建筑面积测算；完整社区的“每百户30平方米综合服务设施”是另一项指标。"
        )
    )
    for made in (parameters_table, sources_table, rules_table):
        table = made(evaluation)
        st.caption(str(table.title))
        shown = {str(column.title): table.rows[column.key] for column in table.columns}
        st.dataframe(pd.DataFrame(shown), hide_index=True, row_height=ROW_PX)
