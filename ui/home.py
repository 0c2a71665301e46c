"""The browser face: page configuration, language and navigation."""
# ruff: noqa: TID251 - this is the browser face

import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # Streamlit puts only this file's own folder there
    sys.path.insert(0, str(ROOT))

from geo.language import translate  # noqa: E402
from ui.sidebar import choose_language  # noqa: E402
from ui.unforeseen import guarded  # noqa: E402


def show_coverage() -> None:
    """Open the first page; the libraries it needs load behind the sidebar, not before it."""
    with st.spinner(translate("正在启动…")):
        from ui.views import coverage  # noqa: PLC0415
    coverage.show()


def show_data() -> None:
    """Open the page of the data."""
    with st.spinner(translate("正在启动…")):
        from ui.views import data  # noqa: PLC0415
    data.show()


st.set_page_config(page_title="养老服务圈", page_icon="🏘️", layout="wide")
st.html(ROOT / "ui" / "page_style.css")
with guarded():
    # The style sheet asks which language is spoken, to put Streamlit's own words right.
    language = st.session_state.get("language", "zh")
    with st.sidebar, st.container(key=f"care-speaks-{language}"):
        choose_language()
    # The pages stand in `views/`: a folder `pages/` Streamlit takes for its own, and the first
    # visitor who asks for another address is told that there is no such page.
    pages = [
        st.Page(show_coverage, title=translate("总览 · 服务圈"), url_path="overview", default=True),
        st.Page(show_data, title=translate("数据"), url_path="ledgers"),
    ]
    st.navigation(pages).run()
