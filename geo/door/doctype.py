"""XML looked at before anything parses it: its root element, and whether it brings a DTD.

A DTD can make a parser open other files or grow a kilobyte into gigabytes. No office format needs
one, so the first `<!DOCTYPE` is the end of the reading.
"""

import codecs
import re
from typing import Protocol
from xml.parsers import expat

_CHUNK = 65_536
_GBK = re.compile(
    rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}?encoding\s*=\s*["'](?:x-)?(?:gb|cp936|euc-cn)""",
    re.IGNORECASE,
)


class Readable(Protocol):
    """What bytes can be read from, a few at a time."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes."""
        ...


class _FoundError(Exception):
    """The parser met what it was sent for."""

    def __init__(self, root: str | None) -> None:
        super().__init__(root)
        self.root = root


def root_element(stream: Readable) -> tuple[str | None, bool]:
    """Return (local name of the root element, whether a DTD stands before it).

    The name is None where the text is not XML. Comments before the root are looked through to
    their end, so that none hides a DTD. Text that declares GBK, which the parser does not know, is
    decoded for it.
    """
    chunk = stream.read(_CHUNK)
    gbk = codecs.getincrementaldecoder("gb18030")("replace") if declares_gbk(chunk) else None
    parser = expat.ParserCreate(None if gbk is None else "utf-8")
    parser.StartDoctypeDeclHandler = _doctype
    parser.StartElementHandler = _root
    try:
        while chunk:
            known = chunk if gbk is None else gbk.decode(chunk).encode("utf-8", errors="replace")
            parser.Parse(known, False)  # noqa: FBT003 - the parser's own spelling
            chunk = stream.read(_CHUNK)
    except _FoundError as found:
        return found.root, found.root is None
    except (expat.ExpatError, ValueError, LookupError):  # not XML, or an encoding nobody knows
        return None, False
    return None, False


def declares_gbk(head: bytes) -> bool:
    """Tell whether XML says of itself that it is in GBK, GB2312 or GB18030."""
    return _GBK.match(head) is not None


def _doctype(*_what: object) -> None:
    raise _FoundError(None)


def _root(name: str, _attributes: object) -> None:
    raise _FoundError(name.rpartition(":")[2])
