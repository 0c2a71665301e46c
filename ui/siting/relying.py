"""Who relies on one facility alone, and what the closing of each would cost."""
# ruff: noqa: TID251 - this is the browser face

import pandas as pd
import streamlit as st

from analysis.what_if.changes import with_closed
from analysis.what_if.reliance import Reliance
from geo.language import say, translate
from ui.scenarios.at_hand import AtHand
from ui.seen import plain
from ui.siting.changing import attempt_change
from ui.siting.redraw import after_edit
from ui.siting.trying import Trying
from ui.words import number, percent

ROW_PX, TABLE_PX_MAX = 34, 420


def show_relying(trying: Trying, hand: AtHand) -> None:
    """Show the facilities, the dearest to close first, and a button that tries closing one."""
    relying = trying.reliance(hand.scenario)
    if relying.facilities.empty:
        st.caption(translate("没有计入服务圈的设施。"))
        return
    st.text(plain(_sentence(relying)))
    _show_trying(trying, hand, relying)
    table = reliance_table(relying)
    whole = st.column_config.NumberColumn(format="localized")
    share = st.column_config.NumberColumn(format="%.1f%%")
    text = st.column_config.TextColumn()
    kinds = (text, text, whole, whole, share, whole, whole)
    st.dataframe(
        table, hide_index=True, row_height=ROW_PX,
        column_config=dict(zip(table.columns, kinds, strict=True)),
        height=min(TABLE_PX_MAX, (len(table) + 1) * ROW_PX + 3),
    )


def reliance_table(relying: Reliance) -> pd.DataFrame:
    """Return the facilities with headings of the page; people whole, shares in percent."""
    rows = relying.facilities
    return pd.DataFrame(
        {
            translate("编号"): rows["facility_id"].map(plain),
            translate("设施"): rows["name"].map(plain),
            translate("圈内60岁以上"): rows["within_60plus"].round(),
            translate("只靠这一处的人"): rows["relying_60plus"].round(),
            translate("占圈内"): rows["share_relying"] * 100,
            translate("关闭后失去覆盖"): rows["lost_60plus"].round(),
            translate("其中再远也走不到"): rows["without_any_60plus"].round(),
        }
    )


def _sentence(relying: Reliance) -> str:
    first = relying.facilities.iloc[0]
    return str(
        say(
            "当前情景下可达的 {covered} 人中，{people} 人（{share}）步行时限内只有1处设施；"
            "关闭影响最大的是“{name}”：{lost} 人不再可达。",
            covered=number(relying.covered_60plus), people=number(relying.relying_60plus),
            share=percent(relying.share_relying), name=first["name"] or first["facility_id"],
            lost=number(first["lost_60plus"]),
        )
    )


def _show_trying(trying: Trying, hand: AtHand, relying: Reliance) -> None:
    rows = relying.facilities
    names = {
        str(row.facility_id): plain(
            say("{name}（{id}）：失去覆盖 {lost} 人", name=row.name or row.facility_id,
                id=row.facility_id, lost=number(row.lost_60plus))
        )
        for row in rows.itertuples(index=False)
    }  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom"):
        facility = st.selectbox(
            translate("试关哪一处"), list(names), format_func=names.__getitem__, index=0,
            key=f"closing {hash(hand.scenario)}", width=460, placeholder=translate("请选择"),
        )
        st.button(
            translate("在情景中试关这一处"), key="try closing", on_click=_close,
            args=(trying, hand, facility), disabled=hand.is_unread,
            help=translate("上方地图和数字立刻给出关闭后的样子；可撤销。"),
        )


def _close(trying: Trying, hand: AtHand, facility: str) -> None:
    opened = trying.live.opened_in(hand.scenario)
    attempt_change(
        trying, hand, lambda: with_closed(hand.scenario, facility, opened=opened)
    )
    after_edit()
