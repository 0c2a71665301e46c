"""Long work on the page: what is being done and how far it is, then nothing where it was told."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Callable
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.study import Progress
from geo.language import Message, translate
from ui.seen import plain, unmarked

Result = TypeVar("Result")


def with_progress(place: DeltaGenerator, compute: Callable[[Progress], Result]) -> Result:
    """Return what is computed, telling its steps in a place that is empty again afterwards."""
    try:
        with place.status(translate("正在测算…")) as status:
            bar = st.progress(0.0)

            def tell(what: Message, part: float) -> None:
                status.update(label=unmarked(plain(what)))
                bar.progress(min(max(part, 0.0), 1.0))

            return compute(tell)
    finally:
        place.empty()  # whatever goes wrong is told elsewhere


def silent(what: Message, part: float) -> None:
    """Take a step and say nothing: what is kept is there at once."""
