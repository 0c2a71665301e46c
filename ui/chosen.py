"""What was chosen before, kept under plain names: it outlives a change of language and of page."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Sequence
from typing import Any

import streamlit as st

from geo.language import spoken


def worded(name: str) -> str:
    """Return the key of a choice whose options are words: Streamlit takes other words for another.

    What is chosen is kept under the plain name, so that it outlives a change of language.
    """
    return f"{name} ({spoken()})"


def remembered(name: str, options: Sequence[object]) -> int:
    """Return the position of the option last chosen under a name, else the first."""
    chosen = st.session_state.get(name)
    return options.index(chosen) if chosen in options else 0


def chosen_before(name: str, *, default: Any) -> Any:  # noqa: ANN401 - a widget's value
    """Return what was chosen under a plain name, which outlives a visit to another page."""
    return st.session_state.get(name, default)
