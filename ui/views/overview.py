"""The first page: how the city stands, who reaches care on foot and who does not."""
# ruff: noqa: TID251 - this is the browser face

import streamlit as st

from analysis.evaluation import Evaluation
from geo.language import say, translate
from ui.figures import show_figures
from ui.headline import headline
from ui.map.with_card import show_map
from ui.page import opened
from ui.parameters import show_parameters
from ui.tables import show_findings, show_unreachable, unreachable_count


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
    _show_details(evaluation)


def _show_details(evaluation: Evaluation) -> None:
    found = str(say("数据问题（{count} 条）", count=len(evaluation.findings)))
    with st.expander(found):
        show_findings(evaluation)
    lost = str(say("步行不可达的地点（{count} 处）", count=unreachable_count(evaluation)))
    with st.expander(lost):
        show_unreachable(evaluation)
    with st.expander(translate("参数与口径")):
        show_parameters(evaluation)
