"""The list of scenarios in the sidebar: things as they stand, then those kept beside the study."""
# ruff: noqa: TID251 - this is the browser face

from collections import Counter
from pathlib import Path

import streamlit as st

from analysis.kept_scenarios import kept_scenarios
from geo.language import say, translate
from ui.chosen import worded
from ui.data.showing import show_lines
from ui.scenarios.at_hand import AtHand, at_hand, look_at
from ui.seen import plain
from ui.words import headed

AS_IT_STANDS = 0  # files count from 1; a list whose choice is None would offer to be emptied


def show_unread(hand: AtHand) -> None:
    """Say which file cannot be read and how to mend it, where that is so."""
    if hand.is_unread:
        show_lines(hand.why_unread(), key="unread", bad=True)


def choose_scenario(study: Path) -> AtHand:
    """Show the scenarios of a study and return the one that all pages look at."""
    kept, refused = kept_scenarios(study)
    hand = at_hand(study)
    titles = Counter(each.title for each in kept)
    names = {AS_IT_STANDS: headed(translate("现状"))}
    names |= {
        each.number: plain(
            each.title
            if titles[each.title] == 1
            else say("{title}（{file}）", title=each.title, file=each.file.name)
        )
        for each in kept
    }
    number = hand.number or AS_IT_STANDS
    if hand.seen is not None and number not in names:  # it cannot be read: said below
        names[number] = hand.seen.file.name
    # Keyed by what is looked at: a scenario begun on the map is the one chosen here. And by what
    # all are called: the browser goes on showing the name it chose, whatever that is called now.
    key = worded(f"scenario {study} {hand.number} {hash(tuple(names.items()))}")
    st.selectbox(
        translate("情景"), list(names), format_func=names.__getitem__,
        index=list(names).index(number), key=key,
        placeholder=translate("请选择"),
        on_change=lambda: look_at(study, st.session_state[key] or None),
        help=translate("选中的情景对每一页都有效；在“选址”页里编辑。"),
    )  # fmt: skip
    for message in refused:
        st.text(plain(message))
    return hand
