"""Planning conditions: what a new parcel owes, in a sentence to copy, and with whom it may pool."""
# ruff: noqa: TID251 - this is the browser face

import datetime as dt
from typing import Final

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from analysis.evaluation import Evaluation
from analysis.explaining.row_words import code_word
from analysis.explaining.row_words import worded as rows_worded
from analysis.explaining.rule_words import rule_words
from analysis.pooling.parcel import PooledParcel, pooled_parcel
from analysis.provision.conditions import Conditions, planning_conditions, read_households
from geo.errors import PlanningError
from geo.language import say, speak, translate
from geo.ledgers.dates import read_date
from geo.ledgers.numbers import read_number
from geo.ledgers.numbers import shown as as_shown
from ui.chosen import chosen_before, worded
from ui.data.showing import nothing, show_lines, show_table
from ui.kept import Shown
from ui.map import offline
from ui.map.layers import MapState, care_map, varying
from ui.map.legend import small_legend
from ui.seen import plain

MAP_PX: Final = 420


@st.fragment
def show_parcel(shown: Shown) -> None:
    """Show the calculator and the map on which the parcel may be pointed at."""
    speak(st.session_state["language"])  # a fragment runs in a context of its own
    left, right = st.columns([11, 9], gap="small")
    with left:
        _show_calculator(shown)
    with right:
        st.caption(translate("位置可以不给；在地图上点一下，就看与哪些相邻小区可以统筹。"))
        _show_map(shown)


def _show_calculator(shown: Shown) -> None:
    key, evaluation = shown.key, shown.evaluation
    with st.container(horizontal=True, vertical_alignment="bottom"):
        households = _field(translate("规划住宅户数"), "households", key, "", "1250")
        on = _field(translate("按哪一天的规则"), "day", key, evaluation.study.on.isoformat(), "")
        kind = st.selectbox(
            translate("建设类型"), ["new", "built"], format_func=lambda c: code_word("kind", c),
            key=worded(f"parcel kind {key}"), width=120, placeholder=translate("请选择"),
        )
        phased = st.checkbox(translate("分期建设"), key=f"parcel phased {key}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        where = f"parcel at {key}"
        lon = _field(translate("经度（可不填）"), "lon", key, "", "118.95")
        lat = _field(translate("纬度（可不填）"), "lat", key, "", "42.28")
        st.button(
            translate("清除位置"), key=f"parcel clear {key}", on_click=_put, args=(key, "", ""),
            disabled=not (lon or lat), help=translate("经度、纬度用 WGS84。"),
        )
    if not households.strip():
        nothing(say("填入规划住宅户数，这里给出写进规划条件的一句话。"))
        return
    try:
        owed = planning_conditions(
            read_households(households), evaluation.rulebook, _day(on), kind=kind,
            settings=evaluation.study.description.provision,
        )
        pooled = _pooled(owed, evaluation, lon, lat)
    except PlanningError as refusal:
        show_lines(refusal.messages[:1], key=where, bad=True)
        return
    _show_answer(owed, pooled, phased=phased)


def _show_answer(owed: Conditions, pooled: PooledParcel | None, *, phased: bool) -> None:
    st.caption(translate("规划条件用语（右上角可复制）"))
    st.code("\n".join(map(plain, [owed.sentence, *([owed.phased] if phased else [])])),
            language=None, wrap_lines=True)  # fmt: skip
    st.text(plain(say("算式：{formula}", formula=owed.formula)))
    st.text(plain(say("规则：{rule}", rule=rule_words(owed.rule))))
    if pooled is None:
        if owed.hint is not None:
            st.text(plain(say("说明：{note}", note=owed.hint)))
        return
    st.caption(translate("统筹方案（只是建议）"))
    st.code(plain(pooled.sentence), language=None, wrap_lines=True)
    if len(pooled.neighbours):
        show_table(_neighbours(pooled.neighbours))


def _neighbours(neighbours: pd.DataFrame) -> pd.DataFrame:
    told = neighbours[["residential_id", "name", "street", "minutes", "deficit_m2"]]
    extra = {
        translate("累计㎡"): neighbours["together_m2"].round(2),
        translate("参加统筹"): neighbours["needed"].map(
            {True: translate("是"), False: translate("否")}
        ),
    }
    return rows_worded(told).assign(**extra)


def _pooled(
    owed: Conditions, evaluation: Evaluation, lon: str, lat: str
) -> PooledParcel | None:
    if not (lon.strip() or lat.strip()):
        return None
    return pooled_parcel(owed, evaluation, _degrees(lon), _degrees(lat))


def _degrees(text: str) -> float:
    read = read_number(text)
    if read.value is None:
        raise PlanningError(
            say("“{text}”不是经度或纬度。请填小数，例如 118.95 和 42.28，两个都要填。",
                text=as_shown(text))
        )  # fmt: skip
    return float(read.value)


def _day(text: str) -> dt.date:
    read = read_date(text.strip())
    if read.value is None:
        raise PlanningError(
            say("“{text}”不是日期。请写成 2025-12-31 的样子。", text=as_shown(text))
        )
    return read.value


def _field(label: str, what: str, key: str, first: str, example: str) -> str:
    name = f"parcel {what} {key}"
    box = f"{name} box"
    if box not in st.session_state:
        st.session_state[box] = chosen_before(name, default=first)
    text = st.text_input(label, key=box, placeholder=example, width=150, max_chars=40)
    st.session_state[name] = text
    return text or ""


def _put(key: str, lon: str, lat: str) -> None:
    for what, text in (("lon", lon), ("lat", lat)):
        st.session_state[f"parcel {what} {key}"] = text
        st.session_state[f"parcel {what} {key} box"] = text


def _show_map(shown: Shown) -> None:
    offline.install()
    map_key = f"parcel map {shown.key}"

    def take_click() -> None:
        click = (st.session_state.get(map_key) or {}).get("last_clicked")
        if click:
            lon = (float(click["lng"]) + 180) % 360 - 180
            _put(shown.key, f"{lon:.6f}", f"{float(click['lat']):.6f}")

    with st.container(key="care-map-parcel"):
        st_folium(
            care_map(small_legend("bands", "bubbles"), shown.bounds, gesture="place"),
            key=map_key, height=MAP_PX, use_container_width=True,
            returned_objects=["last_clicked"], on_change=take_click,
            feature_group_to_add=varying(
                MapState(shown.tokens(), colouring="verdict", selected=None, mark=_mark(shown.key))
            ),
        )


def _mark(key: str) -> tuple[float, float] | None:
    try:
        lon, lat = (
            _degrees(str(st.session_state.get(f"parcel {what} {key}", "")))
            for what in ("lon", "lat")
        )
    except PlanningError:
        return None
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None  # noqa: PLR2004 - the globe
