"""Layers are kept once, found by token only, and bounded."""

import asyncio
import gc
import gzip
import json
from functools import partial
from typing import Any
from weakref import ref

from starlette.applications import Starlette

from ui.map.layer_store import ROUTES, Later, LayerStore, store


def test_the_same_content_has_one_token_and_comes_back_whole() -> None:
    kept = LayerStore()
    token = kept.keep(b"streets")
    assert kept.keep(b"streets") == token
    assert kept.keep(b"other streets") != token
    assert gzip.decompress(kept.find(token)) == b"streets"
    assert len(token) >= 24  # of 64 signs each: nobody guesses it


def test_the_oldest_unused_layer_goes_first() -> None:
    first, second, third = (bytes([n]) * 10 for n in range(3))
    size = len(gzip.compress(first))
    kept = LayerStore(bytes_max=2 * size + 5)
    tokens = [kept.keep(first), kept.keep(second)]
    kept.find(tokens[0])
    kept.keep(third)
    assert kept.find(tokens[1]) is None
    assert kept.find(tokens[0]) is not None
    assert kept.keep(second) == tokens[1]  # what is shown asks for the same again
    assert kept.find(tokens[1]) is not None


def test_a_later_layer_is_drawn_once_when_first_asked_for() -> None:
    drawn: list[int] = []

    def draw() -> bytes:
        drawn.append(1)
        return b"outlines"

    kept, later = LayerStore(), Later(draw)
    token = kept.keep(later)
    assert (kept.keep(later), drawn) == (token, [])
    assert kept.keep(Later(draw)) != token
    for _ in range(2):
        assert gzip.decompress(kept.find(token)) == b"outlines"
    assert drawn == [1]


def test_what_is_never_asked_for_is_let_go_with_what_it_would_be_drawn_of() -> None:
    class Evaluated:
        pass

    kept = LayerStore()
    of = Evaluated()
    gone, later = ref(of), Later(partial(repr, of))
    tokens = [kept.keep(later) for _ in range(3)]
    del of, later
    gc.collect()
    assert gone() is None
    assert kept.find(tokens[0]) is None
    for _ in range(5):
        kept.keep(Later(bytes))
        gc.collect()
    assert len(kept._waiting) == 0  # noqa: SLF001 - what nobody sees must not grow either


def test_what_was_drawn_stays_when_it_is_let_go() -> None:
    kept, later = LayerStore(), Later(lambda: b"outlines")
    token = kept.keep(later)
    kept.find(token)
    del later
    gc.collect()
    kept.keep(Later(bytes))
    assert gzip.decompress(kept.find(token) or b"") == b"outlines"


def test_a_layer_above_the_limit_is_still_shown() -> None:
    kept = LayerStore(bytes_max=1)
    assert kept.find(kept.keep(b"large")) is not None


def get(path: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of a request, without a server or a client library."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, str]:
        return {"type": "http.request"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "GET", "path": path, "headers": [], "query_string": b"",
        "root_path": "",
    }  # fmt: skip
    asyncio.run(Starlette(routes=ROUTES)(scope, receive, send))
    headers = {key.decode(): value.decode() for key, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(part.get("body", b"") for part in sent[1:])


def test_the_route_answers_for_a_token_and_for_nothing_else() -> None:
    token = store.keep('{"name":"小区"}'.encode())
    for path in (f"/layers/{token}.geojson", f"/base/path/layers/{token}.geojson"):
        status, headers, body = get(path)
        assert status == 200
        assert json.loads(gzip.decompress(body)) == {"name": "小区"}
        assert headers["content-encoding"] == "gzip"
        assert "private" in headers["cache-control"]
    assert get("/layers/guess.geojson")[0] == 404
