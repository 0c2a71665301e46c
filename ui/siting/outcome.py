"""What the scenario at hand gives: told at once, equal to a whole evaluation's figures."""
# ruff: noqa: TID251 - this is the browser face

from dataclasses import dataclass
from typing import Final

import pandas as pd
import pyarrow as pa
import streamlit as st

from analysis.coverage.table import OUTSIDE
from analysis.what_if.elders import whole_change
from analysis.what_if.live import Changed
from geo.language import Message, say, translate
from report.figures import at_most
from ui.figures import card
from ui.words import at_least, number, percent, signed

LEFT_OUT: Final = say("情景下仍走不到的60岁以上老年人")
AT_MOST: Final = say("情景下仍走不到的60岁以上老年人；资料不全，这是上限，可达率是下限")
ROW_PX, TABLE_PX_MAX = 34, 520


@dataclass(frozen=True)
class Told:
    """One figure, and the line that says what it is of."""

    label: Message
    value: str
    line: Message


def show_outcome(changed: Changed, *, lower_bound: bool) -> None:
    """Show who is covered under the scenario, beside things as they stand."""
    told = figures(changed, lower_bound=lower_bound)
    cards = "".join(card(each.label, each.value, each.line) for each in told)
    # The number of facilities opened is read by who measures how long a click takes.
    opened = len(changed.after.scenario.open)
    st.html(f'<div class="care-figures care-outcome" data-opened="{opened}">{cards}</div>')


def figures(changed: Changed, *, lower_bound: bool = False) -> list[Told]:
    """Return the figures of a change: before, after, and what lies between.

    lower_bound
        Whether people covered are at least so many, as the whole evaluation tells it.
    """
    before, after = changed.before.summary, changed.after.summary
    everyone = after["elderly_60plus"]
    covered, was = after["covered_60plus"], before["covered_60plus"]
    known = None not in (covered, was)
    return [
        Told(
            say("情景下可达率"), at_least(percent(after["share_60plus"]), lower_bound),
            say("{all} 人中 {covered} 人", all=number(everyone), covered=number(covered)),
        ),
        Told(
            say("比现状"), signed(covered - was if known else None),
            say("现状 {covered} 人，{share}", covered=number(was),
                share=at_least(percent(before["share_60plus"]), lower_bound)),
        ),
        Told(
            say("仍未覆盖"), at_most(number(everyone - covered if known else None), lower_bound),
            say("60岁以上，位置明确的人"),
        ),
    ]  # fmt: skip


def show_streets(changed: Changed, *, lower_bound: bool) -> None:
    """Show every street before and after, those that change most first."""
    table = street_table(changed)
    left_out = str(AT_MOST if lower_bound else LEFT_OUT)
    whole = st.column_config.NumberColumn(format="localized", width=88, help=left_out)
    signed = st.column_config.NumberColumn(format="%+d", width=68)
    share = st.column_config.NumberColumn(format="%.1f%%", width=72)
    name = st.column_config.TextColumn(pinned=True, width=92)
    config = dict(zip(table.columns, (name, signed, share, share, whole), strict=True))
    # Plain Arrow: what pandas says of itself would be half of what every click brings.
    plain = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    st.dataframe(
        plain, hide_index=True, row_height=ROW_PX, column_config=config,
        height=min(TABLE_PX_MAX, (len(table) + 1) * ROW_PX + 3),
    )


def street_table(changed: Changed) -> pd.DataFrame:
    """Return the sum, then the streets; shares in percent, people whole."""
    rows = changed.table
    change = whole_change(changed.before.areas, changed.after.areas)
    rows = rows.assign(covered_change=change.to_numpy())
    outside = rows["area_id"].eq(OUTSIDE)
    empty = outside & rows["elderly_60plus"].fillna(0).eq(0)
    rows = rows.assign(outside=outside, size=rows["covered_change"].abs()).loc[~empty]
    head, rest = rows.iloc[:1], rows.iloc[1:]
    rest = rest.sort_values(["outside", "size"], ascending=[True, False], kind="stable")
    table = pd.concat([head, rest])
    names = table["name"].mask(table["outside"], translate("界外"))
    names.iloc[0] = translate("合计（含农村）") if changed.holds_rural else translate("合计")
    return pd.DataFrame(
        {
            translate("街道"): names,
            translate("覆盖增减"): table["covered_change"].round(),
            translate("情景可达"): table["share_60plus"] * 100,
            translate("现状可达"): table["share_before"] * 100,
            translate("情景未覆盖"): (table["elderly_60plus"] - table["covered_60plus"]).round(),
        }
    )
