"""Texts from files as the page shows them: every sign of them is seen."""

from typing import Any, Final

import pandas as pd

from geo import unseen

LONGEST: Final = 2000  # characters of one text on the page
# A cell of several lines keeps them.
_KEPT: Final = "\t\n"


def plain(value: Any) -> str:  # noqa: ANN401 - a table's cell
    """Return a value as a text of which every sign is seen; nothing where it is unknown."""
    if value is None or pd.isna(value) is True:
        return ""
    text = unseen.dotted(str(value), kept=_KEPT)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def unmarked(text: str) -> str:
    r"""Return a text whose signs Streamlit takes for nothing else: labels are Markdown."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()#+-.!:|~$<>&^" else sign for sign in text)


def seen_only(text: str) -> str:
    """Return a text without the signs that show nothing."""
    return unseen.seen_only(text, kept=_KEPT)
