"""Headers and words as they are compared: one width, one script, no blanks."""

import unicodedata
from functools import cache, lru_cache

import opencc


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Return a header or word as it is compared: half width, simplified, no blanks, lower case."""
    plain = unicodedata.normalize("NFKC", text)
    if not plain.isascii():
        plain = simplified(plain)
    kept = (c for c in plain if not c.isspace() and unicodedata.category(c) not in {"Cc", "Cf"})
    return "".join(kept).strip("*:").casefold().replace("_", "")


def simplified(text: str) -> str:
    """Return a text in simplified characters."""
    return str(_to_simplified().convert(text))


@cache
def _to_simplified() -> "opencc.OpenCC":
    return opencc.OpenCC("t2s")
