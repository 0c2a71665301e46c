"""The first page: how the city stands, who reaches care on foot and who does not."""
# ruff: noqa: TID251 - this is the browser face

import streamlit as st

from analysis.evaluation import Evaluation
from geo.language import say, translate
from report.conclusions import headline
from ui.figures import show_figures
from ui.lists import show_findings, show_unreachable, unreachable_count
from ui.map.with_card import show_map
from ui.page import opened
from ui.parameters import show_parameters
from ui.sensitivity import show_band, show_readings
from ui.summary_table import show_summary
from ui.why.dialog import show_answer


def show() -> None:
    """Show the page for the study chosen in the sidebar."""
    page = opened()
    if page is None:
        return
    evaluation = page.shown.evaluation
    show_figures(evaluation)
    with st.container(key="care-headline"):
        st.text(str(headline(evaluation)))
    show_map(page.shown, choice=page.choice)
    show_band(evaluation)
    _show_details(evaluation)
    show_answer(evaluation)


def _show_details(evaluation: Evaluation) -> None:
    # These two cost time: they are made when somebody opens them.
    other = st.expander(translate("其他步速与时限"), key="other readings", on_change="rerun")
    if other.open:
        with other:
            show_readings(evaluation)
    every = st.expander(translate("全部汇总数字"), key="every figure", on_change="rerun")
    if every.open:
        with every:
            show_summary(evaluation)
    found = str(say("数据问题（{count} 条）", count=len(evaluation.findings)))
    with st.expander(found):
        show_findings(evaluation)
    lost = str(say("步行不可达的地点（{count} 处）", count=unreachable_count(evaluation)))
    with st.expander(lost):
        show_unreachable(evaluation)
    with st.expander(translate("参数与口径")):
        show_parameters(evaluation)
