"""An intranet tile map below the layers: the one other host that the map may ask.

`CARECIRCLE_TILES` names it for the whole server, for example
`http://intranet/{z}/{x}/{y}.png`, and `CARECIRCLE_TILES_SOURCE` the words that say whose it is.
"""

import os
import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from geo.errors import StudyError
from geo.language import say
from ui.seen import plain

ADDRESS: Final = "CARECIRCLE_TILES"
SOURCE: Final = "CARECIRCLE_TILES_SOURCE"
_WANTED: Final = ("{z}", "{x}", "{y}")
_SIGNS: Final = re.compile(r"[A-Za-z0-9\-._~:/?&=%+,{}]+\Z")
_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9\-.]*[A-Za-z0-9])?\Z")


@dataclass(frozen=True)
class Tiles:
    """Where tiles come from.

    url
        With `{z}`, `{x}` and `{y}`.
    origin
        Scheme, host and port: the one address that the map is let through to.
    source
        Whose map it is, as the caption says it.
    """

    url: str
    origin: str
    source: str

    def for_browser(self) -> dict[str, Any]:
        """Return it as the map's script reads it."""
        return {"url": self.url, "origin": self.origin, "source": self.source}


def tiles_of(url: str, *, source: str = "") -> Tiles:
    """Return the tiles of an address. Errors: StudyError with one sentence for a malformed one."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    host = parts.hostname or ""
    sound = (
        parts.scheme in ("http", "https")
        and _HOST.match(host)
        and "@" not in parts.netloc
        and "{" not in parts.netloc
        and _SIGNS.match(url)
        and all(url.count(each) == 1 for each in _WANTED)
        and not set(re.findall(r"\{[^}]*\}?", url)) - set(_WANTED)
    )
    if not sound:
        raise StudyError(
            say(
                "底图地址“{url}”不合要求，已不使用：须以 http:// 或 https:// 开头，"
                "写明主机，并含 {z}、{x}、{y} 各一次。",
                url=plain(url)[:120], z="{z}", x="{x}", y="{y}",
            )
        )
    origin = f"{parts.scheme}://{host}" + (f":{port}" if port else "")
    return Tiles(url, origin, plain(source) or host)


def tiles_of_server() -> Tiles | None:
    """Return the tiles that this server is set to; None without any. Errors: StudyError."""
    url = os.environ.get(ADDRESS, "").strip()
    return tiles_of(url, source=os.environ.get(SOURCE, "").strip()) if url else None
