"""The card of a street: chosen on the map or by name."""
# ruff: noqa: TID251 - this is the browser face

import streamlit as st

from analysis.evaluation import Evaluation
from geo.language import translate
from report.street_card import street_lines, streets_of
from ui.seen import plain


def show_street(evaluation: Evaluation, key: str) -> None:
    """Show one street, or how to choose one; the choice is kept under `key`."""
    streets = streets_of(evaluation)
    if streets.empty:
        return
    names = {str(id_): plain(name) for id_, name in streets.itertuples(index=False)}
    chosen: str | None = st.session_state.get(key)
    box = f"{key} box {chosen}"  # keyed by what is chosen: a click on the map chooses too

    def take() -> None:
        st.session_state[key] = st.session_state[box]

    st.selectbox(
        translate("看一个街道"), list(names), format_func=names.__getitem__, key=box,
        index=list(names).index(chosen) if chosen in names else None, on_change=take,
        placeholder=translate("点击地图，或在这里选"),
    )
    if chosen not in names:
        return
    with st.container(key="care-card", border=True):
        with st.container(key="care-card-title"):
            st.text(names[chosen])
        with st.container(key="care-facts-walk"):
            for label, value in street_lines(evaluation, chosen):
                st.text(str(label))
                st.text(value)
