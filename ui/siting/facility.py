"""What is chosen on the map of siting: its card, and what can be done with a facility."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from analysis.explaining.parameter_words import CATEGORY_NAMES
from analysis.scenario import Opened, Scenario
from analysis.what_if.changes import with_closed, with_resized
from geo.language import say, translate
from ui.card import Facts, show_card
from ui.scenarios.at_hand import AtHand
from ui.seen import plain
from ui.siting.changing import attempt_change
from ui.siting.edits import without
from ui.siting.redraw import after_gesture
from ui.siting.trying import Trying
from ui.words import NOTHING, SQUARE_METRES, number

AREA_MAX, BEDS_MAX = 1_000_000.0, 100_000.0  # unless what is known is more


def show_chosen(trying: Trying, hand: AtHand) -> None:
    """Show the card of what is chosen; of a facility also how to close and to resize it."""
    chosen: Mapping[str, Any] | None = st.session_state.get(f"chosen for siting {trying.key}")
    if chosen is None:
        return
    opened = trying.live.opened_in(hand.scenario)
    facility = str(chosen.get("id")) if chosen.get("layer") == "facilities" else ""
    if facility in opened:
        _show_opened(hand.scenario.open[opened.index(facility)])
    else:
        show_card(trying.base.evaluation, chosen)
    if facility in opened or facility in _known(trying):
        _show_deeds(trying, hand, facility, opened)


def _known(trying: Trying) -> frozenset[str]:
    layer = trying.base.evaluation.study.layer("facilities")
    return frozenset() if layer is None else frozenset(layer["id"])


def _show_opened(opened: Opened) -> None:
    """Show the card of a facility that the scenario opens."""
    with st.container(key="care-card", border=True):
        with st.container(key="care-card-title"):
            st.text(plain(opened.name))
        with st.container(key="care-facts-opened"):
            facts: Facts = [
                (say("类别"), CATEGORY_NAMES[opened.category]),
                (say("来历"), say("情景新增")),
                (say("建筑面积"), f"{number(opened.floor_area_m2)} {SQUARE_METRES}"),
                (say("床位"), number(opened.beds)),
                (say("备选点"), opened.candidate_id or NOTHING),
            ]
            for label, value in facts:
                st.text(str(label))
                st.text(plain(value))


def _show_deeds(trying: Trying, hand: AtHand, facility: str, opened: tuple[str, ...]) -> None:
    scenario = hand.scenario
    if facility in scenario.close:
        back = _removal(scenario, facility)
        st.button(
            translate("恢复这处设施"), key="close care", on_click=_do, args=(trying, hand, back)
        )
        return
    area, beds = _resize_inputs(trying, scenario, facility, opened)
    with st.container(horizontal=True):
        st.button(
            translate("改规模"), key="resize care",
            disabled=hand.is_unread or (area is None and beds is None),
            help=translate("只改这处设施的面积或床位；空着的不变。覆盖不变，配建和床位指标随之变。"),
            on_click=_do, args=(trying, hand, lambda: with_resized(
                scenario, facility, floor_area_m2=area, beds=beds, opened=opened)),
        )  # fmt: skip
        label = translate("去掉这处新增") if facility in opened else translate("关闭这处设施")
        st.button(
            label, key="close care", disabled=hand.is_unread,
            on_click=_do, args=(trying, hand, lambda: with_closed(
                scenario, facility, opened=opened)),
        )  # fmt: skip


def _removal(scenario: Scenario, facility: str) -> Callable[[], Scenario]:
    return lambda: without(scenario, "close", scenario.close.index(facility))


def _resize_inputs(
    trying: Trying, scenario: Scenario, facility: str, opened: tuple[str, ...]
) -> tuple[float | None, float | None]:
    now = _size(trying, scenario, facility, opened)
    mark = f"{facility} {hash(scenario)}"
    with st.container(horizontal=True):
        area = st.number_input(
            translate("建筑面积（㎡）"), min_value=0.0, max_value=max(AREA_MAX, now[0] or 0.0),
            value=now[0],
            step=50.0, key=f"area of {mark}", width=150, placeholder=translate("未知"),
        )
        beds = st.number_input(
            translate("床位"), min_value=0.0, max_value=max(BEDS_MAX, now[1] or 0.0),
            value=now[1], step=1.0,
            format="%.0f", key=f"beds of {mark}", width=130, placeholder=translate("未知"),
        )
    return (None if area == now[0] else area), (None if beds == now[1] else beds)


def _size(
    trying: Trying, scenario: Scenario, facility: str, opened: tuple[str, ...]
) -> tuple[float | None, float | None]:
    """Return the floor area and beds of a facility under the scenario; None: unknown."""
    if facility in opened:
        one = scenario.open[opened.index(facility)]
        return one.floor_area_m2, one.beds
    layer = trying.base.evaluation.study.layers["facilities"]
    row = layer[layer["id"].eq(facility)].iloc[0]
    told = next((each for each in scenario.resize if each.facility_id == facility), None)
    sizes = []
    for name in ("floor_area_m2", "beds"):
        new = None if told is None else getattr(told, name)
        given = row.get(name)
        known = given is not None and given == given  # noqa: PLR0124 - NaN
        sizes.append(new if new is not None else float(given) if known else None)
    return sizes[0], sizes[1]


def _do(trying: Trying, hand: AtHand, make: Callable[[], Scenario]) -> None:
    attempt_change(trying, hand, make)
    after_gesture()
