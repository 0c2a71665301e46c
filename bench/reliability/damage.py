"""Files damaged at random, but near enough to honest ones to get past the first look.

Bytes are changed anywhere; archives are damaged inside a member and packed again; JSON and tables
get strange values in single cells.
"""

import io
import json
import random
import zipfile
import zlib
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

# What has broken readers before.
STRANGE: tuple[str, ...] = (
    "", " ", "0", "-0", "-1", "1e400", "NaN", "inf", "-inf", "1e308", "9" * 400, "0x10",
    "１２００", "0,0", "1,2,3", "#REF!", "=1+1", "'", '"', '""', "\x00", "\ufeff", "\u202e",
    "\ud7ff", "𠮷", "约三百五十", "350㎡", "0.39亩", "二〇一六年", "2016-02-30", "99999-01-01",
    "合计", "备注：", "是", "true", "null", "POINT EMPTY", "POLYGON((0 0,1 1,0 0))",
    "POINT(1e400 1)", "{}", "{x}", "%s", "{0.__class__}", "../..", "C:\\", "<img src=x>", "名称",
    "户数", "经度", "a" * 70_000,
)
_EXTREMES = (
    b"\x00", b"\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff", b"\x80", b"\r", b"\n", b'"',
)

Change = Callable[[bytes, random.Random], bytes]


def damaged(content: bytes, name: str, chance: random.Random) -> bytes:
    """Return a file with one to four changes of a kind that suits it."""
    suffix = PurePosixPath(name).suffix.lower()
    for _ in range(chance.randint(1, 4)):
        content = _change_for(suffix, content, chance)(content, chance)
    return content


def _change_for(suffix: str, content: bytes, chance: random.Random) -> Change:
    if chance.random() < 0.35:  # noqa: PLR2004 - about a third of all changes, in any format
        return _bytes_changed
    if content.startswith(b"PK"):
        return _member_changed
    if suffix in {".geojson", ".json"}:
        return _json_changed
    if suffix in {".csv", ".tsv", ".txt"}:
        return _cell_changed
    if suffix in {".kml", ".osm", ".graphml"}:
        return _word_changed
    return _bytes_changed


def _bytes_changed(content: bytes, chance: random.Random) -> bytes:
    if not content:
        return chance.choice(_EXTREMES)
    at, span = chance.randrange(len(content)), chance.choice((1, 2, 4, 16, 300))
    before, there, after = content[:at], content[at:at + span], content[at + span:]
    instead = chance.choice((
        there * 2, there * 50, b"", chance.choice(_EXTREMES), chance.randbytes(span),
        bytes([content[at] ^ (1 << chance.randrange(8))]) + there[1:],
    ))
    return before + instead + (after if chance.random() < 0.9 else b"")  # noqa: PLR2004 - or cut


def _member_changed(content: bytes, chance: random.Random) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {each.filename: archive.read(each) for each in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError,
            ValueError, EOFError, MemoryError):
        return _bytes_changed(content, chance)
    if not members:
        return content
    name = chance.choice(sorted(members))
    kind = _word_changed if name.endswith((".xml", ".kml", ".rels")) else _bytes_changed
    members[name] = kind(members[name], chance)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, data in members.items():
            archive.writestr(each, data)
    return packed.getvalue()


def _json_changed(content: bytes, chance: random.Random) -> bytes:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return _bytes_changed(content, chance)
    holder, key = _somewhere(value, chance)
    if holder is None:
        return _bytes_changed(content, chance)
    strange: list[Any] = [*STRANGE, None, True, -1, 1e308, 10**30, [], {}, [[]], [0], [0, 0], value]
    what = chance.choice(strange)
    if what is value:
        holder[key] = [holder[key]] * 3
    else:
        holder[key] = what
    return json.dumps(value, ensure_ascii=chance.random() < 0.5).encode(  # noqa: PLR2004 - a coin
        "utf-8", errors="surrogatepass"
    )


def _somewhere(value: Any, chance: random.Random) -> tuple[Any, Any]:  # noqa: ANN401 - JSON
    """Return a list or an object inside a JSON value, and a key of it."""
    holder, key = None, None
    while isinstance(value, dict | list) and value:
        holder = value
        key = chance.choice(sorted(value)) if isinstance(value, dict) else chance.randrange(
            len(value)
        )
        value = value[key]
        if chance.random() < 0.2:  # noqa: PLR2004 - stop halfway now and then
            break
    return holder, key


def _cell_changed(content: bytes, chance: random.Random) -> bytes:
    for encoding in ("utf-8-sig", "utf-16", "gb18030"):
        try:
            lines = content.decode(encoding).splitlines()
        except UnicodeError:
            continue
        break
    else:
        return _bytes_changed(content, chance)
    if not lines:
        return content
    at = chance.randrange(len(lines))
    separator = chance.choice((",", "\t", ";"))
    cells = lines[at].split(separator)
    cells[chance.randrange(len(cells))] = chance.choice(STRANGE)
    lines[at] = separator.join(cells)
    return "\n".join(lines).encode(encoding, errors="replace")


def _word_changed(content: bytes, chance: random.Random) -> bytes:
    """Change what stands between two quotes or two angle brackets."""
    marks = [at for at, byte in enumerate(content) if byte in b'">']
    if not marks:
        return _bytes_changed(content, chance)
    at = chance.choice(marks) + 1
    end = min((found for mark in (b'"', b"<") if (found := content.find(mark, at)) >= 0),
              default=len(content))
    strange = chance.choice(STRANGE).replace("<", "&lt;").replace('"', "&quot;")
    return content[:at] + strange.encode("utf-8", errors="replace") + content[end:]
