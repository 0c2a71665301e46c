"""What a scenario changes, marked on a map of the scenario: one document as long as it is shown."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Callable, Hashable

import streamlit as st

from analysis.evaluation import Evaluation
from ui.kept import Shown
from ui.map.layer_store import Later, store
from ui.map.marks_layer import draw_marks

MARKED_MAX = 2  # pairs of evaluations whose differences are kept: a session holds no more alive


def marks_token(shown: Shown, before: Callable[[], Evaluation], *, of: Hashable) -> str:
    """Return the token of the marks, which are drawn when the browser asks for them.

    before
        Gives things as they stand; asked when the marks are drawn, so the page does not wait.
    of
        Tells what `before` gives from other evaluations.
    """
    kept: dict[Hashable, tuple[Shown, Later]] = st.session_state.setdefault("scenarios marked", {})
    pair = id(shown), of
    if pair not in kept:
        if len(kept) >= MARKED_MAX:
            del kept[next(iter(kept))]
        # What is held keeps its identity.
        kept[pair] = shown, Later(lambda: draw_marks(before(), shown.evaluation))
    return store.keep(kept[pair][1])
