"""Names as they can be shown: of files, of members of archives, of layers, whoever chose them."""

from collections.abc import Sequence

from geo.unseen import dotted

_LISTED, _LONGEST = 20, 60


def printable(name: str) -> str:
    """Return a name on one line, with a dot for each character that nobody sees."""
    return dotted(name.encode("utf-8", errors="replace").decode("utf-8"))


def enumerated(names: Sequence[str]) -> str:
    """Return names as a list in a sentence: the first ones, each not too long."""
    shown = [printable(name) for name in names[:_LISTED]]
    shown = [name if len(name) <= _LONGEST else f"{name[:_LONGEST - 1]}…" for name in shown]
    return "、".join(shown) + ("…" if len(names) > _LISTED else "")
