"""The row of key figures: each with its denominator under it.

Only numbers and this project's own words stand in this HTML, never a text of the study.
"""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import streamlit as st

from analysis.evaluation import Evaluation
from analysis.explaining.explained_table import UNCOVERED
from geo.language import Message, say
from report.provision_figures import deficit_note, printed_deficit
from ui.why.printed import LACKING
from ui.why.question import Question, why_button
from ui.words import NOTHING, SQUARE_METRES, at_least, number, percent


@dataclass(frozen=True)
class Figure:
    """One key figure: what it is, its value, and the lines that make it checkable.

    key
        By which it is asked why.
    """

    label: Message
    value: str
    lines: tuple[Message, ...]
    key: str


def show_figures(evaluation: Evaluation) -> None:
    """Show the key figures in one row, each with the button that asks why it is what it is."""
    show_row(figures(evaluation))


def show_row(row: Sequence[Figure]) -> None:
    """Show figures side by side; what is asked of them is answered where `show_answer` stands."""
    with st.container(key="care-figure-row"):
        for figure in row:
            with st.container(key=f"care-figure-{figure.key}"):
                shown = card(figure.label, figure.value, *figure.lines)
                st.html(f'<div class="care-figures">{shown}</div>')
                about = say("{label}为什么是 {value}", label=figure.label, value=figure.value)
                why_button(Question(figure.key), key=f"card {figure.key}", about=str(about))


def figures(evaluation: Evaluation) -> list[Figure]:
    """Return the key figures of an evaluation."""
    coverage = evaluation.summary["coverage"]
    provision = evaluation.summary["provision"]
    everything = evaluation.coverage.iloc[0]
    limit = evaluation.study.description.walking.limit_min
    return [
        _reach(coverage, evaluation.summary["band"], limit),
        _uncovered(coverage),
        _provision(provision),
        _estates(coverage, everything),
        _deficit(provision),
    ]


def _reach(coverage: Mapping[str, Any], band: Mapping[str, Any], limit: float) -> Figure:
    return Figure(
        say("60岁以上{limit}分钟可达率", limit=f"{limit:g}"),
        at_least(percent(coverage["share_60plus"]), coverage["lower_bound"]),
        (
            say(
                "{all} 人中 {covered} 人",
                all=number(coverage["elderly_60plus"]), covered=number(coverage["covered_60plus"]),
            ),
            _beside(coverage, band),
        ),
        "share_60plus",
    )


def _beside(coverage: Mapping[str, Any], band: Mapping[str, Any]) -> Message:
    """Return what stands beside the share: why it is a lower bound, or the band of speeds."""
    if coverage["lower_bound"] and coverage["edge_60plus"] == 0:
        return say("有设施没有坐标，只知下限")
    if coverage["lower_bound"]:
        return say("边界附近 {people} 人只知下限", people=number(coverage["edge_60plus"]))
    return say(
        "0.8–1.0 米/秒：{low}–{high}",
        low=percent(band.get("0.8")), high=percent(band.get("1.0")),
    )


def _uncovered(coverage: Mapping[str, Any]) -> Figure:
    everyone, covered = coverage["elderly_60plus"], coverage["covered_60plus"]
    known = everyone is not None and covered is not None
    return Figure(
        say("未覆盖老年人"),
        number(everyone - covered if known else None),
        (
            say("其中步行不可达 {people} 人", people=number(coverage["unreachable_60plus"])),
            say("未落位 {people} 人，不计入", people=number(coverage["unlocated_60plus"])),
        ),
        UNCOVERED,
    )


def _provision(provision: Mapping[str, Any]) -> Figure:
    met = provision["met"] + provision["met_pooled"]
    judged = met + provision["short"]
    if provision["rate"] is None:
        basis = say("无法判定过多，不给出达标率")
    else:
        basis = say("可判定 {all} 个中达标 {met} 个", all=number(judged), met=number(met))
    return Figure(
        say("小区配建达标率"),
        percent(provision["rate"]),
        (
            basis,
            say(
                "计入无法判定 {unknown} 个：≥{floor}",
                unknown=number(provision["unknown"]), floor=percent(provision["rate_floor"]),
            ),
        ),
        "rate",
    )


def _estates(coverage: Mapping[str, Any], everything: Any) -> Figure:  # noqa: ANN401 - a row
    return Figure(
        say("小区覆盖率"),
        percent(coverage["share_areas"]),
        (
            say(
                "{all} 个中 {covered} 个",
                all=number(coverage["areas"]), covered=number(coverage["covered_areas"]),
            ),
            say("其中部分覆盖 {partly} 个", partly=number(everything["partly_areas"])),
        ),
        "share_areas",
    )


def _deficit(provision: Mapping[str, Any]) -> Figure:
    deficit, note = printed_deficit(provision), deficit_note(provision)
    return Figure(
        say("养老用房缺口"),
        NOTHING if deficit is None else f"{deficit} {SQUARE_METRES}",
        (
            say("不达标小区 {short} 个", short=number(provision["short"])),
            say(
                "应核查 {in_scope} 个，共 {areas} 个",
                in_scope=number(provision["in_scope"]), areas=number(provision["areas"]),
            ),
            *(() if note is None else (note,)),
        ),
        LACKING,
    )


def card(label: Message, value: str, *lines: Message) -> str:
    """Return one figure as HTML: what it is, its value, and the lines under it."""
    small = "".join(f"<small>{escape(str(line))}</small>" for line in lines)
    return f"<div><span>{escape(str(label))}</span><strong>{escape(value)}</strong>{small}</div>"
