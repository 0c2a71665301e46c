"""The browser face: page configuration, language and navigation."""
# ruff: noqa: TID251 - this is the browser face

import sys
from importlib import import_module
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # Streamlit puts only this file's own folder there
    sys.path.insert(0, str(ROOT))

from geo.language import Message, say, translate  # noqa: E402
from ui.languages import choose_language  # noqa: E402
from ui.unforeseen import guarded  # noqa: E402

# The pages stand in `views/`: a folder `pages/` Streamlit takes for its own, and the first visitor
# who asks for another address is told that there is no such page.
PAGES = {
    "home": ("overview", say("总览")),
    "coverage": ("coverage", say("服务圈")),
    "provision": ("provision", say("配建核查")),
    "siting": ("siting", say("选址")),
    "indicators": ("indicators", say("指标")),
    "ledgers": ("data", say("数据")),
    "meeting": ("meeting", say("汇报")),
}


def page(address: str, module: str, title: Message, *, hidden: bool = False) -> StreamlitPage:
    """Return a page; the libraries it needs load behind the sidebar, not before it."""

    def show() -> None:
        with st.spinner(translate("正在启动…")):
            view = import_module(f"ui.views.{module}")
        view.show()

    return st.Page(
        show, title=str(title), url_path=address, default=address == "home",
        visibility="hidden" if hidden else "visible",
    )


st.set_page_config(page_title="养老服务圈", page_icon="🏘️", layout="wide")
st.html(ROOT / "ui" / "page_style.css")
with guarded():
    # The style sheet asks which language is spoken, to put Streamlit's own words right.
    language = st.session_state.get("language", "zh")
    with st.sidebar, st.container(key=f"care-speaks-{language}"):
        choose_language()
    pages = [page(address, *named) for address, named in PAGES.items()]
    # The first page stands at the root; who writes its name is led there too.
    pages.append(page("overview", *PAGES["home"], hidden=True))
    st.navigation(pages).run()
