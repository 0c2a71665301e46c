"""The switch of languages; it stands above everything and needs no heavy library."""
# ruff: noqa: TID251 - this is the browser face

import streamlit as st

from geo.language import speak

LANGUAGES = {"zh": "中文", "en": "English"}


def choose_language() -> None:
    """Show the switch of languages and speak the chosen one in this run."""
    st.session_state.setdefault("language", "zh")
    speak(st.session_state["language"])
    # The language is kept apart from its switch: within a run the switch's own value may be None.
    st.segmented_control(
        "语言 / Language", list(LANGUAGES), key="language switch", required=True,
        default=st.session_state["language"], on_change=_take_language,
        format_func=lambda code: LANGUAGES[code], label_visibility="collapsed",
    )


def _take_language() -> None:
    chosen = st.session_state.get("language switch")
    if chosen is not None:
        st.session_state["language"] = chosen
