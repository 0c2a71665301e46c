"""A second language for tests: every Chinese character is a star, whatever the catalogue holds."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from geo import language

CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


class _Stars:
    def gettext(self, text: str) -> str:
        return CHINESE.sub("*", text)


@contextmanager
def speaking_stars() -> Iterator[None]:
    """Speak a language in which a text that was put into words too early shows as Chinese."""
    with patch.object(language, "_catalogue", lambda _: _Stars()), language.speaking("en"):
        yield


def only_chinese(text: str) -> str:
    """Return the Chinese in a text, punctuation included."""
    return "".join(CHINESE.findall(text))
