"""The list of estates beside the map: a row chosen in one is chosen in the other."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from geo.language import joined, say, speak, translate
from report import palette
from report.estate_filter import list_file_name
from report.estate_list import (
    VERDICTS,
    Asked,
    doubts,
    estate_rows,
    estate_words,
    in_order,
    matching,
    totals,
)
from report.estate_workbook import write_estate_list
from ui.card import show_card
from ui.data.downloads import XLSX, workbook_bytes
from ui.data.showing import CHINESE_PX, LATIN_PX, MARGIN_PX
from ui.kept import Shown
from ui.map.with_card import show_care_map
from ui.provision.filters import choose_estates
from ui.provision.sheet import show_sheet_button
from ui.seen import plain
from ui.words import headed

TABLE_PX: Final = 520
ROW_PX: Final = 34
LIST: Final = say("小区配建清单")  # what the file is called, in the language then spoken
LAST_OF_LATIN: Final = "\u024f"
_WIDTHS: Final = (80, 140, 58, 64, 64, 64, 98, 190, 190, 170, 180, 70, 170, 76, 64)


@st.fragment
def show_estates(shown: Shown) -> None:
    """Show the filters, the list, the map and the card; a click runs only this part again."""
    speak(st.session_state["language"])  # a fragment runs in a context of its own
    everything = kept_rows(shown)
    study = str(shown.evaluation.study.path)
    asked, order = choose_estates(shown.evaluation, everything, key=study)
    rows = in_order(matching(everything, asked), order)
    _let_go_of_what_is_filtered_out(shown, rows, asked)
    _show_sums(rows, everything)
    left, right = st.columns([11, 9], gap="small")
    with left:
        show_list(shown, rows, asked)
    with right:
        show_care_map(
            shown, page="-provision", colouring="verdict", off=("bands", "bubbles")
        )
        chosen = st.session_state.get(f"chosen {shown.key}")
        show_card(shown.evaluation, chosen)


def _let_go_of_what_is_filtered_out(shown: Shown, rows: pd.DataFrame, asked: Asked) -> None:
    """Choose no estate that a new filter has taken away: its sheet would be printed for another's.

    One chosen on the map afterwards stays, listed or not.
    """
    key = f"estates asked for {shown.key}"
    if st.session_state.get(key) != asked and _position(shown, rows) is None:
        _choose(shown, rows, None)
    st.session_state[key] = asked


def kept_rows(shown: Shown) -> pd.DataFrame:
    """Return the rows of an evaluation, made once in a session."""
    kept: tuple[object, pd.DataFrame] | None = st.session_state.get("provision rows")
    if kept is None or kept[0] is not shown.evaluation:
        kept = (shown.evaluation, estate_rows(shown.evaluation))
        st.session_state["provision rows"] = kept
    return kept[1]


def _show_sums(rows: pd.DataFrame, everything: pd.DataFrame) -> None:
    head = say("显示 {n} 个，共 {all} 个小区", n=f"{len(rows):,}", all=f"{len(everything):,}")
    with st.container(key="care-headline-sums"):
        st.text(str(joined("；", head, *totals(rows), *doubts(rows))))


def show_list(shown: Shown, rows: pd.DataFrame, asked: Asked) -> None:
    """Show the rows as a table to choose from, where the chosen one stands, and the download."""
    at = _position(shown, rows)
    with st.container(horizontal=True, vertical_alignment="center", key="care-list-tools"):
        _show_steps(shown, rows, at)
        _show_download(shown, rows, asked)
        show_sheet_button(shown.evaluation, st.session_state.get(f"chosen {shown.key}"))
    if rows.empty:
        st.caption(translate("没有这样的小区；请放宽上面的条件。"))
        return
    words, key = estate_words(shown.evaluation, rows), f"estate list {shown.key}"
    table = _shown(words)
    # What is chosen on the map is chosen here; the table itself remembers positions, not estates.
    st.session_state[key] = _selection(at)
    st.dataframe(
        table, hide_index=True, row_height=ROW_PX, height=TABLE_PX, key=key,
        on_select=partial(_take_row, shown, rows, key), selection_mode="single-row",
        column_config=_columns(table), placeholder="",
    )  # fmt: skip


def _selection(at: int | None) -> dict[str, Any]:
    rows = [] if at is None else [at]
    return {"selection": {"rows": rows, "columns": [], "cells": []}}


def _take_row(shown: Shown, rows: pd.DataFrame, key: str) -> None:
    chosen = st.session_state[key]["selection"]["rows"]
    _choose(shown, rows, chosen[0] if chosen else None)


def _choose(shown: Shown, rows: pd.DataFrame, at: int | None) -> None:
    st.session_state[f"chosen {shown.key}"] = (
        None
        if at is None or at >= len(rows)
        else {"layer": "estates", "id": str(rows["residential_id"].iloc[at])}
    )


def _position(shown: Shown, rows: pd.DataFrame) -> int | None:
    """Return which of the rows is chosen."""
    chosen: Mapping[str, str] | None = st.session_state.get(f"chosen {shown.key}")
    if not chosen or chosen.get("layer") != "estates":
        return None
    found = rows.index[rows["residential_id"].eq(chosen["id"])]
    return int(found[0]) if len(found) else None


def _show_steps(shown: Shown, rows: pd.DataFrame, at: int | None) -> None:
    """Show which of the rows is chosen, with buttons to the one before and the next."""
    last = len(rows) - 1
    before, after = (None, 0) if at is None else (at - 1, at + 1)
    st.button(
        translate("上一个"), disabled=before is None or before < 0, key="estate before",
        on_click=_choose, args=(shown, rows, before),
    )  # fmt: skip
    st.button(
        translate("下一个"), disabled=after > last, key="estate after",
        on_click=_choose, args=(shown, rows, after),
    )  # fmt: skip
    if at is not None:
        st.text(str(say("第 {n} 个，共 {all} 个", n=f"{at + 1:,}", all=f"{len(rows):,}")))


def _show_download(shown: Shown, rows: pd.DataFrame, asked: Asked) -> None:
    language = st.session_state["language"]

    def data() -> bytes:
        speak(language)  # the file is written in a context of its own
        return workbook_bytes(
            lambda path: write_estate_list(shown.evaluation, rows, path, asked=asked)
        )

    st.download_button(
        str(say("下载这 {n} 个（Excel）", n=f"{len(rows):,}")), data,
        f"{list_file_name(shown.evaluation.study.title, LIST, asked)}.xlsx", XLSX,
        on_click="ignore", key=f"download estates ({language})", disabled=rows.empty,
    )  # fmt: skip


def _columns(table: pd.DataFrame) -> dict[str, Any]:
    """Return how each column is shown: the verdict on the colour that the map gives it."""
    fills = {str(word): palette.VERDICTS[code].fill for code, word in VERDICTS.items()}
    config: dict[str, Any] = {}
    for at, (name, least) in enumerate(zip(table.columns, _WIDTHS, strict=True)):
        label = headed(name)
        width = max(least, _heading_px(label))
        if at == 0:
            # Colouring cells by pandas' Styler takes a second for every thousand rows.
            config[str(name)] = st.column_config.MultiselectColumn(
                label, width=width, options=[*fills], color=[*fills.values()]
            )
        elif pd.api.types.is_numeric_dtype(table[name]):
            config[str(name)] = st.column_config.NumberColumn(
                label, width=width, format="localized"
            )
        else:  # a pinned column is written in a grey that is too pale: none is
            config[str(name)] = st.column_config.TextColumn(label, width=width)
    return config


def _heading_px(label: str) -> int:
    """Return how wide a heading is, so that no language's is cut."""
    signs = sum(CHINESE_PX if sign > LAST_OF_LATIN else LATIN_PX for sign in label)
    return round(signs) + MARGIN_PX


def _shown(words: pd.DataFrame) -> pd.DataFrame:
    """Return the table as the page shows it: texts of which every sign is seen."""
    verdict, *others = words.columns
    texts = {
        str(name): _plain(words[name])
        for name in others
        if not pd.api.types.is_numeric_dtype(words[name])
    }
    return words.assign(**{str(verdict): words[verdict].map(lambda word: [word])}, **texts)


def _plain(texts: "pd.Series[Any]") -> "pd.Series[Any]":
    return texts.map({text: plain(text) for text in texts.dropna().unique()}).fillna("")
