"""Signs that nobody sees: they break a line, turn the direction of writing, or have no width."""

import re

# Controls and line ends; joiners, marks of direction and soft hyphens; halves of a character;
# tags. `a<RLO>vsc.exe` reads a[exe.csv.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u070f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
# Those for which XML, and so a document or a workbook, has no word.
_UNHELD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def dotted(text: str, *, kept: str = "") -> str:
    """Return a text with a dot for each sign that nobody sees, save those kept as they are."""
    return _UNSEEN.sub(lambda found: found[0] if found[0] in kept else "·", text)


def seen_only(text: str, *, kept: str = "") -> str:
    """Return a text without the signs that nobody sees, save those kept as they are."""
    return _UNSEEN.sub(lambda found: found[0] if found[0] in kept else "", text)


def holdable(text: str) -> str:
    """Return a text with a dot for each sign that no document can hold; the others stay."""
    return _UNHELD.sub("·", text)
