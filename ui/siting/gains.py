"""Where one more facility would help most: the switch of its layer, and the list of best spots."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Final

import pandas as pd
import streamlit as st

from analysis.what_if.gain_surface import GainSurface
from geo.language import say, translate
from ui.chosen import chosen_before
from ui.seen import plain
from ui.words import number

GAINS_SHOWN: Final = "gains shown"
WAIT_S: Final = 0.2
Gains = tuple[GainSurface, pd.DataFrame]


def choose_gains() -> None:
    """Show the switch, and remember how it stands."""
    st.session_state[GAINS_SHOWN] = st.toggle(
        translate("再建哪里最有用"), key="gains switch",
        value=chosen_before(GAINS_SHOWN, default=False),
        help=translate("沿可走的道路约每100米试放1处，显示在当前情景之外再建1处能新增覆盖多少60岁以上老年人；颜色越深越多。"),
    )  # fmt: skip


def waited_for(gains: "Future[Gains]") -> Gains:
    """Return the gains once they are there; a gesture made meanwhile is taken at once."""
    told = st.empty()
    while not wait([gains], timeout=WAIT_S).done:
        # Streamlit looks for another click whenever something is shown.
        told.caption(translate("正在算再建哪里最有用…"))
    told.empty()
    return gains.result()


def show_spots(
    spots: pd.DataFrame, open_at: Callable[[float, float], None], *, off: bool = False
) -> None:
    """Show the best spots, each with a button that opens a facility there; off: only to be seen."""
    with st.container(key="care-spots", border=True):
        st.caption(translate("再建1处，最有用的位置（逐处单独算，不能相加）"))
        if spots.empty:
            st.text(translate("哪里再建1处都不再新增覆盖。"))
        for place, spot in enumerate(spots.itertuples(index=False), start=1):
            with st.container(horizontal=True, vertical_alignment="center"):
                told = say(
                    "{place}　{street}　+{people} 人", place=place,
                    street=spot.street or say("街道外"), people=number(spot.gain_60plus),
                )
                st.text(plain(told), width="stretch")
                st.button(
                    translate("在此新增"), key=f"open spot {place}", on_click=open_at,
                    args=(spot.lon, spot.lat), disabled=off,
                )
