"""Other readings of the headline, side by side: paces, the standards' 1,000 m, presets, limits.

Only numbers and this project's own words stand in this HTML, never a text of the study.
"""
# ruff: noqa: TID251 - this is the browser face

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Any, Final

import pandas as pd
import streamlit as st

from analysis.evaluation import Evaluation
from analysis.walking.reach import FAST, SLOW
from analysis.what_if.readings import readings
from geo.language import Message, say, translate
from ui.words import NOTHING, at_least, number, percent

LIMITS: Final = (5.0, 10.0, 15.0)
# What each pace stands for, and whether that is an assumption of ours.
PACES: Final[Mapping[float, tuple[Message, bool]]] = MappingProxyType(
    {
        0.6: (say("助行"), True),
        0.72: (say("冬季 ×0.8"), True),
        0.75: (say("高龄"), True),
        0.8: (say("偏慢"), False),
        0.9: (say("默认"), False),
        1.0: (say("一般老人"), True),
    }
)


@dataclass(frozen=True)
class Reading:
    """One cell: the share covered and the people, both None where it cannot be told."""

    share: float | None
    people: int | None = None
    headline: bool = False


def show_band(evaluation: Evaluation) -> None:
    """Show the headline beside the slow and the fast pace and the standards' 1,000 m."""
    walking = evaluation.study.description.walking
    band, coverage = evaluation.summary["band"], evaluation.summary["coverage"]
    own = walking.speed_m_per_s
    cells = {SLOW: Reading(band.get(str(SLOW))), FAST: Reading(band.get(str(FAST)))}
    cells[own] = Reading(coverage["share_60plus"], coverage["covered_60plus"], headline=True)
    heads = [_pace(speed) for speed in sorted(cells)]
    row = [cells[speed] for speed in sorted(cells)]
    norm = Reading(band.get("norm_1000m"))
    st.html(_table(evaluation, heads, {walking.limit_min: row}, norm))


def show_readings(evaluation: Evaluation) -> None:
    """Show every pace and limit side by side, and the standards' 1,000 m."""
    walking = evaluation.study.description.walking
    speeds = sorted({*PACES, walking.speed_m_per_s})
    limits = sorted({*LIMITS, walking.limit_min})
    table = readings(evaluation, speeds=speeds, limits=limits)
    here = (walking.speed_m_per_s, walking.limit_min)
    rows = {
        limit: [_reading(one, here) for one in table[table["limit_min"].eq(limit)].itertuples()]
        for limit in limits
    }
    norm = _reading(next(table.tail(1).itertuples()), here)
    st.html(_table(evaluation, [_pace(speed) for speed in speeds], rows, norm))


def _reading(row: Any, here: tuple[float, float]) -> Reading:  # noqa: ANN401 - a named tuple
    return Reading(
        None if math.isnan(row.share_60plus) else float(row.share_60plus),
        None if pd.isna(row.covered_60plus) else int(row.covered_60plus),
        headline=(row.speed_m_per_s, row.limit_min) == here,
    )


def _pace(speed: float) -> tuple[Message, Message | None]:
    """Return how a pace is headed: metres a second, and below what it stands for."""
    word, assumed = PACES.get(speed, (None, False))
    head = say("{speed} 米/秒", speed=f"{speed:.1f}" if speed == round(speed, 1) else f"{speed:g}")
    if word is None:
        return head, None
    return head, say("{word}（假设）", word=word) if assumed else word


def _table(
    evaluation: Evaluation,
    heads: Iterable[tuple[Message, Message | None]],
    rows: Mapping[float, list[Reading]],
    norm: Reading,
) -> str:
    bounded = bool(evaluation.summary["coverage"]["lower_bound"])
    top = [*heads, (say("规范 1,000 米"), say("不分步速与时限"))]
    limit_word = escape(translate("时限"))
    titles = f"<th>{limit_word}</th>" + "".join(_head(head, below) for head, below in top)
    body = ""
    for at, (limit, cells) in enumerate(rows.items()):
        name = escape(str(say("{limit} 分钟", limit=f"{limit:g}")))
        last = _cell(norm, bounded=bounded, span=len(rows)) if at == 0 else ""
        told = "".join(_cell(cell, bounded=bounded) for cell in cells)
        body += f'<tr><th scope="row">{name}</th>{told}{last}</tr>'
    about = escape(str(_denominator(evaluation)))
    return (
        f'<table class="care-readings"><caption>{about}</caption>'
        f"<thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"
    )


def _denominator(evaluation: Evaluation) -> Message:
    return say(
        "步行可达的60岁以上老年人占位置明确的 {people} 人的比例；加框的是本页采用的步速与时限。"
        "标“假设”的步速不是规范值，只作对照。",
        people=number(evaluation.summary["coverage"]["elderly_60plus"]),
    )


def _head(head: Message, below: Message | None) -> str:
    small = "" if below is None else f"<small>{escape(str(below))}</small>"
    return f'<th scope="col">{escape(str(head))}{small}</th>'


def _cell(reading: Reading, *, bounded: bool, span: int = 1) -> str:
    share = at_least(percent(reading.share), bounded)
    told = escape(str(say("{people} 人", people=number(reading.people))))
    people = "" if reading.people is None else f"<small>{told}</small>"
    own = escape(translate("本页"))
    here = f"<em>{own}</em>" if reading.headline else ""
    css = ' class="care-headline-cell"' if reading.headline else ""
    rows = f' rowspan="{span}"' if span > 1 else ""
    bar = "" if share == NOTHING else (
        f'<i><span style="width:{100 * (reading.share or 0):.1f}%"></span></i>'
    )
    return f"<td{css}{rows}><b>{escape(share)}</b>{here}{people}{bar}</td>"
