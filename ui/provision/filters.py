"""The filters above the list of estates; what is chosen outlives a visit to another page."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Callable
from typing import Any, cast

import pandas as pd
import streamlit as st

from analysis.evaluation import Evaluation
from analysis.explaining.row_words import code_word
from geo.language import say, translate
from report.estate_filter import cohort_words
from report.estate_list import ORDERS, OUT_OF_SCOPE, VERDICTS, Asked
from ui.chosen import chosen_before, worded
from ui.seen import plain
from ui.words import headed

PART = "provision filter"
ALL = "all"


def choose_estates(
    evaluation: Evaluation, rows: pd.DataFrame, *, key: str
) -> tuple[Asked, str]:
    """Show the strip of verdicts and the filters; return what is asked for, and in which order.

    key
        Tells the filters of one study from another's.
    """
    verdicts = _verdicts(rows, key)
    with st.container(horizontal=True, vertical_alignment="bottom", key="care-filters"):
        name = _text(key)
        street = _one(translate("街道"), "street", key, _streets(rows), plain, 150)
        kind = _one(translate("建设类型"), "kind", key, ["new", "built"], _kind, 110)
        cohorts = {code: str(word) for code, word in cohort_words(evaluation).items()}
        cohort = _one(translate("清查"), "cohort", key, [*cohorts], cohorts.__getitem__, 150)
        scopes = {
            "in": translate("核查范围内"), "out": translate("范围外"),
        }  # fmt: skip
        scope = _one(translate("范围"), "scope", key, [*scopes], scopes.__getitem__, 130, "in")
        order = _order(key)
        lacking = _lacking(key)
    asked = Asked(
        verdicts=verdicts, street=street, kind=kind, lacking=lacking, name=name,
        cohort=cast("Any", cohort or ALL), scope=cast("Any", scope or ALL),
    )  # fmt: skip
    return asked, order


def _order(key: str) -> str:
    """Offer the orders in which estates are listed, stepped through and downloaded."""
    name, words = f"{PART} order {key}", {code: str(told[0]) for code, told in ORDERS.items()}
    before = chosen_before(name, default=next(iter(words)))
    chosen: str = st.selectbox(
        translate("排序"), list(words), index=list(words).index(before), width=140,
        format_func=words.__getitem__, key=worded(f"{name} box"), placeholder=translate("请选择"),
    )  # fmt: skip
    st.session_state[name] = chosen
    return chosen


def _verdicts(rows: pd.DataFrame, key: str) -> tuple[str, ...]:
    """Show how many estates have each verdict; pressed, they alone are listed."""
    in_scope = rows[rows["in_scope"].astype(bool)]
    counts = in_scope["verdict"].value_counts()
    codes = [code for code in VERDICTS if code != OUT_OF_SCOPE]
    words = {code: f"{VERDICTS[code]} {int(counts.get(code, 0)):,}" for code in codes}
    with st.container(horizontal=True, vertical_alignment="center", key="care-verdicts"):
        chosen = st.segmented_control(
            translate("结论"), codes, selection_mode="multi", format_func=words.__getitem__,
            default=chosen_before(f"{PART} verdicts {key}", default=[]),
            key=worded(f"verdict strip {key} {sorted(words.values())}"),
            label_visibility="collapsed",
        )  # fmt: skip
        st.caption(
            str(say("应核查 {scope} 个，共 {areas} 个小区；点结论只看这些，再点一次取消。",
                    scope=f"{len(in_scope):,}", areas=f"{len(rows):,}"))
        )  # fmt: skip
    st.session_state[f"{PART} verdicts {key}"] = list(chosen)
    return tuple(chosen)


def _text(key: str) -> str:
    name = f"{PART} name {key}"
    text = st.text_input(
        translate("按名称查找"), value=chosen_before(name, default=""), key=f"{name} box",
        placeholder=translate("小区名称"), width=150, max_chars=60,
    )
    st.session_state[name] = text
    return text or ""


def _one(  # noqa: PLR0913, PLR0917
    label: str,
    what: str,
    key: str,
    options: list[str],
    word: Callable[[str], str],
    width: int,
    first: str = ALL,
) -> str | None:
    """Offer the options after “all”; None for all."""
    name, codes = f"{PART} {what} {key}", [ALL, *options]
    before = chosen_before(name, default=first)
    chosen = st.selectbox(
        label, codes, index=codes.index(before) if before in codes else 0, width=width,
        format_func=lambda code: headed(translate("全部") if code == ALL else word(code)),
        key=worded(f"{name} box"), placeholder=translate("请选择"),
    )  # fmt: skip
    st.session_state[name] = chosen
    return None if chosen == ALL else chosen


def _lacking(key: str) -> bool:
    name = f"{PART} lacking {key}"
    chosen = st.checkbox(
        translate("只看有缺口"), value=chosen_before(name, default=False), key=f"{name} box"
    )
    st.session_state[name] = chosen
    return bool(chosen)


def _streets(rows: pd.DataFrame) -> list[str]:
    return sorted(rows["street"].dropna().astype(str).unique())


def _kind(code: str) -> str:
    return code_word("kind", code)
