"""Texts from files as the page shows them: every sign of them is seen."""

import re
from typing import Any, Final

import pandas as pd

LONGEST: Final = 2000  # characters of one text on the page
# Signs that show nothing, or turn the direction in which the rest of a line is read.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


def plain(value: Any) -> str:  # noqa: ANN401 - a table's cell
    """Return a value as a text of which every sign is seen; nothing where it is unknown."""
    if value is None or pd.isna(value) is True:
        return ""
    text = _UNSEEN.sub("·", str(value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def seen_only(text: str) -> str:
    """Return a text without the signs that show nothing."""
    return _UNSEEN.sub("", text)
