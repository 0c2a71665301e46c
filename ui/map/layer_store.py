"""Layers kept for the browser: gzip documents under tokens nobody can guess.

A document is kept once, whoever asks for it: a second session showing the same evaluation gets
the same token. The oldest unused ones go when the kept bytes pass the limit. One that is yet to be
drawn is not kept alive here: it goes with the evaluation that it is to be drawn of.
"""

import base64
import gzip
import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

KEPT_BYTES_MAX = 256 * 1024 * 1024


@dataclass(frozen=True, eq=False)
class Later:
    """A document that is drawn when the browser first asks for it, while somebody holds it."""

    draw: Callable[[], bytes]
    name: str = field(default_factory=lambda: secrets.token_hex(16))


class LayerStore:
    """Compressed documents by token, bounded in bytes; safe to use from many sessions."""

    def __init__(self, *, bytes_max: int = KEPT_BYTES_MAX) -> None:
        self._bytes_max = bytes_max
        self._documents: OrderedDict[str, bytes] = OrderedDict()
        self._waiting: WeakValueDictionary[str, Later] = WeakValueDictionary()
        self._secret = secrets.token_bytes(32)
        self._lock = threading.Lock()

    def keep(self, document: bytes | Later) -> str:
        """Keep a document and return its token, the same one for the same content, for ever."""
        if isinstance(document, Later):
            token = self._token(document.name.encode())
            with self._lock:
                if token not in self._documents:
                    self._waiting[token] = document
            return token
        token = self._token(document)
        with self._lock:
            if token in self._documents:
                self._documents.move_to_end(token)
                return token
        compressed = gzip.compress(document, compresslevel=5, mtime=0)
        with self._lock:
            self._documents[token] = compressed
            self._drop_oldest()
        return token

    def _token(self, content: bytes) -> str:
        """Return a token that only who holds the secret of this process can tell of a content."""
        digest = hmac.digest(self._secret, content, hashlib.sha256)
        return base64.urlsafe_b64encode(digest[:18]).decode()

    def find(self, token: str) -> bytes | None:
        """Return the compressed document of a token; None when it is unknown or was dropped."""
        with self._lock:
            document = self._documents.get(token)
            if document is not None:
                self._documents.move_to_end(token)
            later = self._waiting.get(token)
        if document is None and later is not None:
            document = gzip.compress(later.draw(), compresslevel=5, mtime=0)
            with self._lock:
                self._documents[token] = document
                self._waiting.pop(token, None)
                self._drop_oldest()
        return document

    def _drop_oldest(self) -> None:
        # The newest always stays: a single layer above the limit must still be shown.
        kept = sum(map(len, self._documents.values()))
        while kept > self._bytes_max and len(self._documents) > 1:
            _, document = self._documents.popitem(last=False)
            kept -= len(document)


store = LayerStore()


async def answer(request: Request) -> Response:
    """Answer a request for one layer: 404 when its token is not known."""
    # In a thread: a layer that is still being drawn must not hold up the others.
    document = await run_in_threadpool(store.find, request.path_params["token"])
    if document is None:
        return Response(status_code=404)
    headers = {
        "Content-Encoding": "gzip",
        "Cache-Control": "private, max-age=86400, immutable",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(document, media_type="application/geo+json", headers=headers)


# The second form is met when the server runs under server.baseUrlPath.
ROUTES = [
    Route("/layers/{token}.geojson", answer),
    Route("/{base:path}/layers/{token}.geojson", answer),
]
