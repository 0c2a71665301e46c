"""The map's own script: files that are read one by one, and sent as one.

streamlit-folium asks for one script after the other, each a round trip of its own: twenty of them
kept a visitor waiting for a second.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

FOLDER: Final = Path(__file__).resolve().parent.parent / "static" / "map"
# In the order in which each needs those before it.
FILES: Final = (
    "care_panel.js", "care_view.js", "care_layers.js", "care_choosing.js", "care_names.js",
    "care_gestures.js", "care_scenario.js", "care_changes.js", "care_optional.js", "care_marks.js",
    "care_route.js", "care_dots.js", "care_areas.js", "care_circles.js", "care_search.js",
    "care_tools.js", "care_swipe.js", "care_gains.js", "care_map.js",
)  # fmt: skip
BASE: Final = "../../map-script/"


@cache
def whole() -> bytes:
    """Return all files as one script."""
    return b"\n".join(
        f"/* ---- {name} */\n".encode() + (FOLDER / name).read_bytes() for name in FILES
    )


def link() -> str:
    """Return where the map finds its script; the link changes when a file does."""
    return f"{BASE}{_digest()}.js"


@cache
def _digest() -> str:
    return hashlib.sha256(whole()).hexdigest()[:12]


async def answer(request: Request) -> Response:
    """Answer a request for the script: 404 for one of another version of the program."""
    if request.path_params["digest"] != _digest():
        return Response(status_code=404)
    headers = {
        "Cache-Control": "private, max-age=86400, immutable", "X-Content-Type-Options": "nosniff",
    }  # fmt: skip
    return Response(whole(), media_type="text/javascript", headers=headers)


# The second form is met when the server runs under server.baseUrlPath.
ROUTES = [
    Route("/map-script/{digest}.js", answer),
    Route("/{base:path}/map-script/{digest}.js", answer),
]
