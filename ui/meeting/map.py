"""The map of a meeting: whoever points at a street is told of it."""
# ruff: noqa: TID251 - this is the browser face

import streamlit as st
from streamlit_folium import st_folium

from report.street_card import street_at
from ui.kept import Shown
from ui.map import offline
from ui.map.layers import MapState, care_map, varying, view_name
from ui.map.legend import legend
from ui.siting.gestures import is_gesture

MAP_HEIGHT_PX = 560


def show_map(shown: Shown, chosen_key: str) -> None:
    """Show the map; the street that is clicked is kept under `chosen_key`."""
    offline.install()
    map_key = f"meeting map {shown.key}"

    def take() -> None:
        told = (st.session_state.get(map_key) or {}).get("last_active_drawing")
        if is_gesture(told):
            lon, lat = map(float, told["spots"][0])
            st.session_state[chosen_key] = street_at(shown.evaluation, lon, lat)

    with st.container(key="care-map"):
        st_folium(
            care_map(
                legend(), shown.bounds, gesture="edit", keep=view_name(shown.evaluation.study)
            ),
            key=map_key, height=MAP_HEIGHT_PX, use_container_width=True,
            returned_objects=["last_active_drawing"],
            feature_group_to_add=varying(
                MapState(shown.tokens(), colouring="minutes", selected=None, mode="ask")
            ),
            on_change=take,
        )
