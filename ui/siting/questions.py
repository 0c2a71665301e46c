"""The questions a planner asks of a search for sites, with what each needs and good defaults."""
# ruff: noqa: TID251 - this is the browser face

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import streamlit as st

from analysis.evaluation import Evaluation
from analysis.siting.asked import Asked, Objective, Weighting
from analysis.siting.years.phasing import Means
from geo.language import say, translate
from ui.chosen import remembered, worded
from ui.seen import plain
from ui.words import headed

SECONDS: Final = 30.0
STEP: Final = 5.0  # percent
FIRST_YEAR, LAST_YEAR = 2000, 2099
MOST, SHARE, EACH, BUDGET, MEAN, WORST, ROOM = (
    "most", "share", "each", "budget", "mean", "worst", "room",
)  # fmt: skip
QUESTIONS: Final = (MOST, BUDGET, SHARE, EACH, MEAN, WORST, ROOM)
COUNTED: Final = (MOST, MEAN, WORST, ROOM)
PLAIN: Final = (MOST, BUDGET)  # people are counted, and may be counted otherwise
ALL: Final = "all"


def ask(evaluation: Evaluation) -> Asked:
    """Show the question and what it needs, and return it. Errors: SitingError."""
    words = _words()
    with st.container(horizontal=True, vertical_alignment="bottom", key="care-question"):
        question = st.selectbox(
            translate("想问什么"), QUESTIONS, index=remembered("siting question", QUESTIONS),
            format_func=words.__getitem__, key=worded("siting question chosen"), width=330,
            placeholder=translate("请选择"),
        )
        st.session_state["siting question"] = question
        told = _needs(question, evaluation)
        told |= _weights(question)
    with st.popover(translate("更多条件")):
        told |= _conditions(question, evaluation)
    return Asked(**told, seconds=SECONDS)


def _words() -> dict[str, str]:
    return {
        MOST: translate("建几处，让最多的老人够得着"),
        BUDGET: translate("这么多钱，怎么花覆盖的人最多"),
        SHARE: translate("达到某个可达率，最少建几处"),
        EACH: translate("每个街道都达标，最少建几处"),
        MEAN: translate("建几处，让平均步行最短"),
        WORST: translate("建几处，让最远的人走得最少"),
        ROOM: translate("建几处，按容量能服务最多的人"),
    }


def _next_share(evaluation: Evaluation) -> float:
    """Return the next full five percent above what is in reach today: less needs nothing built."""
    share = evaluation.summary["coverage"]["share_60plus"] or 0.0
    return min(100.0, STEP * (math.floor(100 * share / STEP) + 1))


def _needs(question: str, evaluation: Evaluation) -> dict[str, Any]:
    if question in COUNTED:
        count = st.number_input(
            translate("最多建几处"), 1, 100, 5, key="siting count", width=130,
        )
        objectives = {MEAN: Objective.P_MEDIAN, WORST: Objective.P_CENTER}
        room = {"capacity": _room()} if question == ROOM else {}
        return {"count": int(count), "objective": objectives.get(question), **room}
    if question == BUDGET:
        budget = st.number_input(
            translate("预算（万元）"), 0.0, 1_000_000.0, 300.0, 50.0, width=160,
            key="siting budget", help=translate("备选点图层里没有费用的点不会被选中"),
        )
        return {"budget_wan": float(budget)}
    usual = _next_share(evaluation) if question == SHARE else 50.0
    share = st.number_input(
        translate("可达率（%）"), 0.0, 100.0, usual, STEP,
        key=f"siting {question}", width=150,
        help=translate("60岁以上老年人中，步行时限内有设施的比例"),
    ) / 100  # fmt: skip
    return {"cover": share} if question == SHARE else {"cover_each": ("street", share)}


def _room() -> str:
    words = {"m2": translate("按建筑面积"), "beds": translate("按床位")}
    return str(
        st.selectbox(
            translate("容量"), list(words), format_func=words.__getitem__, width=150,
            key=worded("siting capacity"), placeholder=translate("请选择"),
        )
    )


def _weights(question: str) -> dict[str, Weighting | None]:
    if question not in PLAIN:
        return {}
    words = {
        "": translate("60岁以上，人人一样"), "80plus": translate("只数80岁以上"),
        "behind": translate("越落后的街道越优先"),
    }  # fmt: skip
    weighting = st.segmented_control(
        translate("怎样数人"), list(words), default="", format_func=words.__getitem__,
        key=worded("siting weight"), required=True,
        help=translate("“越落后的街道越优先”：每人按所在街道未覆盖的比例折算"),
    )
    return {"weighting": weighting or None}  # type: ignore[dict-item]


def _conditions(question: str, evaluation: Evaluation) -> dict[str, Any]:
    stock = st.checkbox(
        translate("只用存量房屋，不用新增用地"), key="siting stock only",
    )
    has_candidates = evaluation.study.layer("candidates") is not None
    made_up = st.checkbox(
        translate("不用备选点，沿居住用地的道路试点"), value=not has_candidates,
        key="siting generated",
        help=translate("备选点图层以外还有没有更好的地方；这些位置没有费用和房屋情况。"),
    )
    closable = question == MOST
    counted = set(evaluation.counted)
    close = _facilities(
        translate("现有设施中可以关停换址的"), evaluation, lambda code: code in counted,
        key="siting close", off=not closable,
        why=translate("只在“建几处，让最多的老人够得着”里可用；处数按净增算。"),
    )
    upgrade = _facilities(
        translate("现在不计入、改建后可计入的"), evaluation, lambda code: code not in counted,
        key="siting upgrade", off=False, why=translate("改建费用未知。"),
    )
    return {
        "stock_only": stock, "generate": made_up,
        "may_close": close if closable else (), "may_upgrade": upgrade,
    }  # fmt: skip


def _facilities(
    label: str, evaluation: Evaluation, fits: Any, *, key: str, off: bool, why: str  # noqa: ANN401
) -> tuple[str, ...]:
    layer = evaluation.study.layer("facilities")
    if layer is None:
        return ()
    named = layer.get("name", layer["id"])
    names = {ALL: headed(translate("全部"))}
    names |= {
        str(code): str(say("{name}（{kind}）", name=plain(name), kind=plain(code)))
        for code, name in zip(layer["id"], named, strict=True) if fits(code)
    }  # fmt: skip
    chosen: Sequence[str] = st.multiselect(
        label, list(names), format_func=names.__getitem__, key=key, disabled=off, help=why,
        placeholder=translate("不动现有设施"),
    )
    return (ALL,) if ALL in chosen else tuple(chosen)


def ask_years(first: int) -> Means | None:
    """Show whether sites are built over years, and return the means of each; None at once."""
    if not st.toggle(
        translate("分几年建"), key="siting years",
        help=translate("按每年的钱把选出的点排进各年，先建等的人最多的"),
    ):  # fmt: skip
        return None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        start = st.number_input(
            translate("从哪年起"), FIRST_YEAR, LAST_YEAR, min(max(first, FIRST_YEAR), LAST_YEAR),
            key="siting first year", width=130
        )
        years = st.number_input(translate("几年"), 1, 10, 3, key="siting year count", width=110)
        per_year = st.number_input(
            translate("每年最多几处"), 1, 100, None, key="siting per year", width=150,
            placeholder=translate("不限"),
        )
        carries = st.checkbox(translate("当年余钱转下年"), value=True, key="siting carry over")
    with st.container(horizontal=True):
        budgets = [
            st.number_input(
                str(int(start) + year), 0.0, 1_000_000.0, 100.0, 50.0, width=130,
                key=f"siting budget of {year}", help=translate("这一年的资金，万元"),
            )
            for year in range(int(years))
        ]  # fmt: skip
    return Means(
        np.arange(int(start), int(start) + int(years), dtype=np.int64),
        np.array(budgets, dtype=np.float64),
        None if per_year is None else int(per_year), carries,
    )
