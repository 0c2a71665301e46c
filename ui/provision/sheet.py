"""The check sheet of the chosen estate: shown over the page, taken along as text."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Mapping

import streamlit as st

from analysis.evaluation import Evaluation
from geo.language import say, speak, translate
from report.data.sheets import file_name
from report.estate_sheet import EstateSheet, estate_sheet
from ui.seen import plain
from ui.words import headed

SHEET = say("核查单")  # what the file is called, in the language then spoken


def show_sheet_button(evaluation: Evaluation, chosen: Mapping[str, str] | None) -> None:
    """Show the button that opens the sheet of the estate that is chosen."""
    estate = chosen["id"] if chosen and chosen.get("layer") == "estates" else None
    pressed = st.button(
        translate("核查单"), key="open sheet", disabled=estate is None, type="primary",
        help=translate("先选一个小区；核查单写明算式、条文、日期依据、面积来源和整改建议，可以下载打印。"),
    )
    sheet = estate_sheet(evaluation, estate) if pressed and estate else None
    if sheet is not None:
        st.dialog(translate("小区配建核查单"), width="large")(_show)(sheet)


def _show(sheet: EstateSheet) -> None:
    speak(st.session_state["language"])
    with st.container(key="care-card-title-sheet"):
        st.text(plain(sheet.name))
    with st.container(key="care-facts-sheet"):
        for label, value in sheet.facts:
            st.text(headed(label))
            st.text(plain(value))
    st.download_button(
        translate("下载核查单（文本）"), sheet.text().encode(),
        f"{SHEET}-{file_name(sheet.name)}.txt", "text/plain; charset=utf-8", on_click="ignore",
        key="download sheet",
    )  # fmt: skip
