"""The map of a meeting: whoever points at a street is told of it, and shown where it lies."""
# ruff: noqa: TID251 - this is the browser face

import streamlit as st
from streamlit_folium import st_folium

from geo.language import translate
from report.street_card import street_at
from ui.chosen import chosen_before
from ui.kept import Shown
from ui.map import offline
from ui.map.goal import Goal
from ui.map.layers import MapState, care_map, swiped, varying, view_name
from ui.map.legend import legend
from ui.map.marked import marks_token
from ui.siting.gestures import is_gesture

MAP_HEIGHT_PX = 560


def show_map(shown: Shown, before: Shown | None, chosen_key: str) -> None:
    """Show the map; the street that is clicked is kept under `chosen_key`.

    before
        Things as they stand, where a scenario is shown: what it changes is marked then, and the
        map can be divided.
    """
    offline.install()
    map_key = f"meeting map {shown.key}"

    def take() -> None:
        told = (st.session_state.get(map_key) or {}).get("last_active_drawing")
        if is_gesture(told):
            lon, lat = map(float, told["spots"][0])
            st.session_state[chosen_key] = street_at(shown.evaluation, lon, lat)

    with st.container(key="care-map"):
        state = MapState(
            _tokens(shown, before), colouring="minutes", selected=None, mode="ask",
            goal=goal_of(shown, st.session_state.get(chosen_key)),
            projected=bool(st.session_state.get("projected")),
        )
        st_folium(
            care_map(
                legend(), shown.bounds, gesture="edit", keep=view_name(shown.evaluation.study)
            ),
            key=map_key, height=MAP_HEIGHT_PX, use_container_width=True,
            returned_objects=["last_active_drawing"],
            feature_group_to_add=varying(state), on_change=take,
        )


def choose_divided() -> None:
    """Offer to divide the map into things as they stand and the scenario."""
    on = st.toggle(
        translate("前后对比"), value=chosen_before("divided", default=False), key="divide meeting",
        help=translate("地图分成两半：左为现状，右为情景；拖动分界线，或选中后按左右方向键。"),
    )
    st.session_state["divided"] = on


def _tokens(shown: Shown, before: Shown | None) -> dict[str, str]:
    if before is None:
        return shown.tokens()
    marks = marks_token(shown, lambda: before.evaluation, of=id(before))
    told = {**shown.tokens(), "marks": marks}
    return swiped(before.tokens(), told) if st.session_state.get("divided") else told


def goal_of(shown: Shown, street: str | None) -> Goal | None:
    """Return the street that is looked at, as the map goes to it."""
    layer = shown.evaluation.study.layer("boundaries")
    if street is None or layer is None:
        return None
    rows = layer.loc[layer["id"].astype("str").eq(street)]
    if rows.empty or rows.geometry.isna().all():
        return None
    west, south, east, north = map(float, rows.to_crs("EPSG:4326").total_bounds)
    return Goal("borders", street, (west, south, east, north))
