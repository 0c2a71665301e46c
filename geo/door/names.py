"""Names as they can be shown: of files, of members of archives, of layers, whoever chose them."""

from collections.abc import Sequence

from geo.language import Message, joined
from geo.unseen import dotted

_LISTED, _LONGEST, _MORE = 20, 60, "…"


def printable(name: str) -> str:
    """Return a name on one line, with a dot for each character that nobody sees."""
    return dotted(name.encode("utf-8", errors="replace").decode("utf-8"))


def enumerated(names: Sequence[str]) -> str:
    """Return names as a list in a sentence: the first ones, each not too long."""
    return "、".join(map(_short, names[:_LISTED])) + (_MORE if len(names) > _LISTED else "")


def listed(names: Sequence[str]) -> Message:
    """Return names as `enumerated`, each a message whose `name` is the whole of it.

    A face offers them to choose from: a name may hold a 、 itself, or be too long to be told.
    """
    parts = [Message("{shown}", {"shown": _short(name), "name": name}) for name in names[:_LISTED]]
    return joined("、", *parts, *([_MORE] if len(names) > _LISTED else []))


def _short(name: str) -> str:
    shown = printable(name)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST - 1]}{_MORE}"
