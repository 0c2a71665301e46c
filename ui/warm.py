"""What the server does before the first visitor comes: import, and answer the first question."""

import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from geo.errors import PlanningError
from geo.language import Message

# Warns of every use of Streamlit's cache outside a session.
_NAGGING = "streamlit.runtime.scriptrunner_utils.script_run_context"


@asynccontextmanager
async def warm_up(app: object) -> AsyncIterator[None]:  # noqa: ARG001 - Streamlit hands it over
    """Prepare beside the running server, so that the browser can open meanwhile."""
    threading.Thread(target=_prepare, name="warm-up", daemon=True).start()
    yield


def _prepare() -> None:
    here = threading.current_thread()
    logging.getLogger(_NAGGING).addFilter(lambda _record: threading.current_thread() is not here)
    # Imported here, in the thread: the server must answer before these are loaded. Not so
    # streamlit_folium: its component is only registered when a page imports it.
    from geo.ingest import one_door  # noqa: PLC0415

    with one_door():  # the reading process loads its libraries while we load ours
        _evaluate_first()


def _evaluate_first() -> None:
    from ui.kept import evaluated  # noqa: PLC0415
    from ui.sidebar import Choice  # noqa: PLC0415
    from ui.studies import find_studies  # noqa: PLC0415

    studies = find_studies()
    if not studies:
        return
    first = studies[0]
    try:
        own = Choice(
            first.path, first.speed_m_per_s, first.limit_min, first.through_estates
        )
        evaluated(own, progress=_silent)
    except PlanningError:
        return  # the page asks again and shows the reason


def _silent(what: Message, part: float) -> None:
    """Nobody is looking yet."""
