"""The card of the place now chosen on the map.

Every text goes through `st.text`, which shows it as it is, and every sign of it is seen: names may
hold anything.
"""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Mapping

import streamlit as st

from analysis.evaluation import Evaluation
from geo.language import translate
from report.place_card import Facts, PlaceCards
from ui.seen import plain

__all__ = ["Facts", "show_card"]


def show_card(evaluation: Evaluation, chosen: Mapping[str, str] | None) -> None:
    """Show the chosen estate or facility, or how to choose one."""
    show = {"estates": _show_estate, "facilities": _show_facility}
    with st.container(key="care-card", border=True):
        if chosen is None or chosen.get("layer") not in show:
            st.caption(translate("点击地图上的小区或设施，或在地图左上角按名称查找，这里显示其核查卡。"))
            return
        show[chosen["layer"]](PlaceCards(evaluation), chosen["id"])


def _show_estate(cards: PlaceCards, estate_id: str) -> None:
    card = cards.estate(estate_id)
    if card is None:
        return
    _title(card.name)
    _facts([*card.about, *card.walk])
    if card.verdict:
        _facts(card.verdict, key="verdict")
    if card.clause:
        with st.container(key="care-clause"):
            for line in card.clause:
                st.text(plain(line))


def _show_facility(cards: PlaceCards, facility_id: str) -> None:
    card = cards.facility(facility_id)
    if card is None:
        return
    _title(card.name)
    _facts(card.about)
    if card.served:
        _facts(card.served, key="served")


def _title(name: str) -> None:
    with st.container(key="care-card-title"):
        st.text(plain(name))


def _facts(facts: Facts, *, key: str = "walk") -> None:
    with st.container(key=f"care-facts-{key}"):
        for label, value in facts:
            st.text(str(label))
            st.text(plain(value))
