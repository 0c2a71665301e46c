"""One file that holds the whole page: style, script, words and data; it asks nobody for anything.

Texts of a study stand only in one block of JSON, which no browser runs; the script shows them as
text. The page's own policy lets nothing be fetched and nothing but its own script run.
"""

import base64
import hashlib
import html
import json
import re
from pathlib import Path
from typing import Any, Final

from geo.language import joined, spoken, translate
from geo.unseen import dotted
from report.briefing.content import Briefing
from report.web_page.map_content import map_content, rows_by_id
from report.web_page.text_content import sections_content, stages_content
from report.web_page.words import page_words

LONGEST: Final = 2000  # characters of one text
_BROWSER: Final = Path(__file__).resolve().parent / "browser"
# The library of the browser page, read as a file: it is shipped once for both.
_LEAFLET: Final = Path(__file__).resolve().parents[2] / "ui" / "static" / "vendor" / "leaflet"
_SCRIPTS: Final = (
    "care.js", "shapes.js", "tables.js", "card.js", "map.js", "legend.js", "search.js", "start.js"
)  # fmt: skip
_ESCAPED: Final = str.maketrans(
    {sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
)  # fmt: skip


def write_web_page(briefing: Briefing, path: Path) -> None:
    """Write a briefing as one web page, in the language now spoken.

    Where the briefing has a proposal, the map can be switched to it. The same briefing gives the
    same bytes.
    """
    rows = rows_by_id(briefing.evaluation)
    content = {
        "title": str(briefing.title), "place": briefing.place, "on": briefing.on.isoformat(),
        "notice": briefing.notice, "words": page_words(),
        "sources": str(joined("；", *briefing.sources)),
        "stages": stages_content(briefing),
        "sections": sections_content(briefing, rows),
        "map": map_content(briefing),
    }  # fmt: skip
    path.write_text(_page(content), encoding="utf-8", newline="\n")


def _page(content: dict[str, Any]) -> str:
    style, script = _style(), _script()
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    parts = {
        "LANGUAGE": "zh-CN" if spoken() == "zh" else "en",
        "POLICY": policy,
        "NAME": html.escape(translate("养老服务圈")),
        "TOO_OLD": html.escape(
            translate(
                "本页需要较新的浏览器（Edge、Chrome 或 360 浏览器的极速模式），并允许脚本运行。"
            )
        ),
        "STYLE": style,
        "SCRIPT": script,
        "DATA": embedded_json(content),
    }
    page = (_BROWSER / "page.html").read_text(encoding="utf-8")
    return re.sub(r"%([A-Z_]+)%", lambda found: parts[found[1]], page)


def embedded_json(value: object) -> str:
    """Return a value as JSON that cannot end the block it stands in, every sign of it seen."""
    text = json.dumps(_seen(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.translate(_ESCAPED)


def _seen(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        text = dotted(value, kept="\t\n")
        return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    if isinstance(value, dict):
        return {str(key): _seen(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):  # mostly corners: whole numbers
        return [each if type(each) is int else _seen(each) for each in value]
    return value


def _style() -> str:
    # Pictures of buttons that this page does not have, and of the oldest Internet Explorer.
    leaflet = re.sub(r"url\([^)]*\)", "none", _text(_LEAFLET / "leaflet.css"))
    return f"{leaflet}\n{_text(_BROWSER / 'page.css')}"


def _script() -> str:
    licence = f"/*!\n{_text(_LEAFLET / 'LICENSE')}\n*/"
    leaflet = re.sub(r"//# sourceMappingURL=.*", "", _text(_LEAFLET / "leaflet.js"))
    return "\n".join([licence, leaflet, *(_text(_BROWSER / name) for name in _SCRIPTS)])


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8").replace("\r\n", "\n")


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
