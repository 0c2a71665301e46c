"""Rows without coordinates: one is chosen, a click on the map says where it is."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from analysis.placing.by_hand import (
    HandPlace,
    hand_file,
    place_by_hand,
    put_back_by_hand,
    read_hand_places,
    unplace,
)
from analysis.placing.far_places import ground_of
from analysis.placing.unplaced import EFFECTS
from geo.errors import PlanningError, StudyError
from geo.language import Message, say, spoken, translate
from report.data.tables import layer_word
from report.map_extent import bounds_of_study
from ui.data.showing import nothing, show_lines, show_table
from ui.data.subject import Subject
from ui.kept import Read, made_once
from ui.map import offline
from ui.map.known import goal_of, known_places, place_labels
from ui.map.layer_store import store
from ui.map.layers import Goal, MapState, care_map, varying
from ui.map.legend import legend
from ui.map.scene import draw_places
from ui.progress import silent
from ui.saving import Said, Seen, attempt, show_cannot_keep, show_said, show_taking_back
from ui.seen import plain
from ui.words import headed, layer_headed, number

MAP_HEIGHT_PX: Final = 560


def show_places(subject: Subject) -> None:
    """Show the rows without a place, the map to place them on, and those placed by hand."""
    if subject.read is None:
        nothing(say("研究能读取之后，这里列出没有坐标的行。"))
        return
    # A community that waits for its name is put onto its boundary, not placed as a point.
    rows = subject.nowhere[subject.nowhere["effect"].ne("by_name")].reset_index(drop=True)
    with st.container(key="care-headline-places"):
        st.text(str(_summary(len(rows))))
    show_said("places")
    cannot = show_cannot_keep(subject.path)
    if len(rows):
        left, right = st.columns([3, 7], gap="small")
        with left:
            chosen = _choose_row(rows)
            picked = _picked(subject, rows.iloc[chosen])
            _show_chosen(subject, rows, chosen, picked, off=cannot)
        with right:
            _show_map(subject.path, subject.read, picked)
        with st.expander(str(say("没有坐标的行（{n} 行）", n=len(rows)))):
            show_table(rows_table(rows), wide=[headed(translate("影响"))])
    _show_placed(subject, off=cannot)


def _summary(count: int) -> Message:
    if not count:
        return say("没有要补的坐标：每一行都有位置。")
    return say("有 {n} 行没有坐标。先选一行，再在地图上点它的位置，然后按“放在这里”。", n=count)


def _choose_row(rows: pd.DataFrame) -> int:
    labels = [plain(_label(row)) for row in rows.to_dict("records")]
    return int(
        st.selectbox(
            translate("1 选一行"), range(len(rows)), format_func=lambda at: labels[at],
            key=f"row to place {len(rows)} {labels[0]}", placeholder=translate("请选择"),
        )
        or 0
    )


def _label(row: dict[Any, Any]) -> Message:
    name = row["id"] if pd.isna(row["name"]) else row["name"]
    if row["file"]:
        return say("{layer} {file} 第 {row} 行：{name}", layer=layer_word(row["layer"]),
                   file=row["file"], row=row["row"], name=name)  # fmt: skip
    if pd.isna(row["row"]):
        return say("{layer}：{name}", layer=layer_word(row["layer"]), name=name)
    return say("{layer} 第 {row} 行：{name}",
               layer=layer_word(row["layer"]), row=row["row"], name=name)  # fmt: skip


def _picked(subject: Subject, row: "pd.Series[Any]") -> tuple[float, float] | None:
    """Return longitude and latitude of the last click for a row of this study; None before it.

    A click says where the row is that was chosen then: with another row it is forgotten.
    """
    meant, own = f"row picked for {subject.path}", (str(row["layer"]), str(row["id"]))
    if st.session_state.get(meant) != own:
        st.session_state[meant] = own
        st.session_state.pop(f"picked {subject.path}", None)
    picked: tuple[float, float] | None = st.session_state.get(f"picked {subject.path}")
    return picked


def _show_chosen(
    subject: Subject,
    rows: pd.DataFrame,
    chosen: int,
    picked: tuple[float, float] | None,
    *,
    off: bool,
) -> None:
    row = rows.iloc[chosen]
    facts = [(say("名称"), row["name"]), (say("编号"), row["id"]), (say("地址"), row["address"]),
             (say("街道"), row["street"])]  # fmt: skip
    with st.container(key="care-facts-place"):
        for label, value in facts:
            st.text(str(label))
            st.text(plain(value) or translate("未填写"))
    st.caption(str(EFFECTS[str(row["effect"])]))
    st.text(translate("2 在地图上点它的位置"))
    where = say("还没有点。") if picked is None else say(
        "已点：东经 {lon}，北纬 {lat}", lon=f"{picked[0]:.5f}", lat=f"{picked[1]:.5f}"
    )
    with st.container(key="care-picked"):
        st.text(str(where))
    st.button(
        translate("3 放在这里"), type="primary", disabled=off or picked is None,
        key="place row", on_click=attempt,
        args=("places", _placing(subject, str(row["layer"]), str(row["id"]), picked),
              Seen.now(hand_file(subject.path))),
    )


def _placing(
    subject: Subject, layer: str, id_: str, picked: tuple[float, float] | None
) -> Callable[[], Said]:
    def keep() -> Said:
        if picked is None or subject.study is None:
            raise StudyError(say("请先在地图上点一个位置。"))
        layers = subject.study.layers
        before = read_hand_places(subject.path)
        near = [layers[name] for name in (layer, "boundaries") if name in layers]
        place = place_by_hand(
            subject.path, layer, id_, *picked, rows=layers[layer], ground=ground_of(near)
        )
        st.session_state.pop(f"picked {subject.path}", None)
        done = say("“{name}”已放好，记在 {file}；总览页会按新的位置重新测算。",
                   name=plain(place.name or id_), file=hand_file(subject.path).name)  # fmt: skip
        return Said((done,), undo=lambda: put_back_by_hand(subject.path, before))

    return keep


def _show_map(path: Path, read: Read, picked: tuple[float, float] | None) -> None:
    offline.install()
    # The study as it was first opened: a place that is kept must not move the map.
    bounds = st.session_state.setdefault(f"bounds {path}", _roomy(bounds_of_study(read.study)))
    map_key = f"placing map {path}"

    def take_click() -> None:
        answer = st.session_state.get(map_key) or {}
        click = answer.get("last_clicked")
        if click:
            lon = (float(click["lng"]) + 180) % 360 - 180
            st.session_state[f"picked {path}"] = (round(lon, 6), round(float(click["lat"]), 6))

    drawn = made_once(path, "places drawn", lambda _tell: draw_places(read.study), progress=silent)
    tokens = {name: store.keep(layer) for name, layer in {**read.documents, **drawn}.items()}
    with st.container(key="care-place-map"):
        goal = _find(path, read)
        st_folium(
            care_map(legend(), bounds, gesture="place"), key=map_key, height=MAP_HEIGHT_PX,
            use_container_width=True, returned_objects=["last_clicked"],
            feature_group_to_add=varying(
                MapState(tokens, colouring="minutes", selected=None, mark=picked, goal=goal)
            ),
            on_change=take_click,
        )


def _find(path: Path, read: Read) -> Goal | None:
    """Offer everything with a name; the map moves to what is chosen."""
    known = made_once(path, "known places", lambda _tell: known_places(read.study),
                      progress=silent)  # fmt: skip
    # By kind and id: a row that was just placed must not make of the choice another place.
    keys = [*(known["kind"] + " " + known["id"])]
    labels = dict(zip(keys, place_labels(known), strict=True))
    chosen = st.selectbox(
        translate("查找并移到"), keys, index=None, key=f"find place {path} {spoken()}",
        format_func=lambda key: labels[key], label_visibility="collapsed",
        placeholder=translate("输入街道、社区、小区或设施的名称，地图移到那里"),
    )
    return None if chosen is None else goal_of(known.iloc[keys.index(chosen)])


def _roomy(
    bounds: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    """Return bounds with a tenth more on every side: what is sought may lie at the edge."""
    west, south, east, north = bounds
    east_by, north_by = (east - west) * 0.1, (north - south) * 0.1
    return west - east_by, south - north_by, east + east_by, north + north_by


def rows_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows without a place with what that does to the results."""
    return pd.DataFrame(
        {
            translate("图层"): [layer_headed(name) for name in rows["layer"]],
            translate("文件"): rows["file"],
            translate("行"): rows["row"],
            translate("编号"): rows["id"],
            translate("名称"): rows["name"],
            translate("地址"): rows["address"],
            translate("街道"): rows["street"],
            translate("户数"): [number(value) for value in rows["households"]],
            translate("60岁以上"): [number(value) for value in rows["elderly_60plus"]],
            translate("影响"): [str(EFFECTS[code]) for code in rows["effect"]],
        }
    ).rename(columns=headed)


def _show_placed(subject: Subject, *, off: bool) -> None:
    try:
        placed = read_hand_places(subject.path)
    except PlanningError as refusal:
        show_lines(refusal.messages, key="hand", bad=True)
        return
    if not placed:
        return
    with st.expander(str(say("已在地图上点选的位置（{n} 处）", n=len(placed))), expanded=True):
        show_table(placed_table(placed))
        labels = [plain(one.name or one.id) for one in placed]
        show_taking_back(
            "places", labels, lambda at: _dropping(subject, placed[at]), hand_file(subject.path),
            which=translate("撤销哪一处"), off=off,
        )  # fmt: skip


def placed_table(placed: Sequence[HandPlace]) -> pd.DataFrame:
    """Return the places given by hand as a table."""
    return pd.DataFrame(
        {
            translate("图层"): [layer_headed(one.layer) for one in placed],
            translate("编号"): [one.id for one in placed],
            translate("名称"): [one.name for one in placed],
            translate("地址"): [one.address for one in placed],
            translate("经度"): [f"{one.lon:.6f}" for one in placed],
            translate("纬度"): [f"{one.lat:.6f}" for one in placed],
        }
    ).rename(columns=headed)


def _dropping(subject: Subject, one: HandPlace) -> Callable[[], Said]:
    def keep() -> Said:
        before = read_hand_places(subject.path)
        unplace(subject.path, one.layer, one.id)
        done = say("已撤销“{name}”的位置。", name=plain(one.name or one.id))
        # As it was kept, even where the ledger has changed since: nothing is asked of it anew.
        return Said((done,), undo=lambda: put_back_by_hand(subject.path, before))

    return keep
