"""The card of a street: chosen on the map or by name."""
# ruff: noqa: TID251 - this is the browser face

import streamlit as st

from analysis.evaluation import Evaluation
from geo.language import translate
from report.street_card import street_lines, streets_of
from report.street_change import change_lines, rate_lines
from ui.seen import plain


def show_street(evaluation: Evaluation, baseline: Evaluation | None, key: str) -> None:
    """Show one street, or how to choose one; the choice is kept under `key`.

    baseline
        Things as they stand, where a scenario is shown: the card then tells what it changes.
    """
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
        placeholder=translate("看一个街道：点击地图，或在这里选"),
        label_visibility="collapsed",
    )
    if chosen not in names:
        return
    with st.container(key="care-card", border=True):
        with st.container(key="care-card-title"):
            st.text(names[chosen])
        with st.container(key="care-facts-walk"):
            change = [] if baseline is None else change_lines(evaluation, baseline, chosen)
            lines = street_lines(evaluation, chosen)
            for label, value in (*change, *lines, *rate_lines(evaluation, chosen)):
                st.text(str(label))
                st.text(value)
