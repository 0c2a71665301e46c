"""Folium without the internet: its assets come from this server, and no other link passes.

The map lives in an iframe at `<base>/component/streamlit_folium.st_folium/index.html`, so links
that begin with `../../app/static/` reach `ui/static`, whatever `server.baseUrlPath` says.
"""

import hashlib
from pathlib import Path
from typing import Any

import folium
import streamlit_folium
from folium.elements import JSCSSMixin

from ui.map import script

STATIC = Path(__file__).resolve().parent.parent / "static"
BASE = "../../app/static/"


def install() -> None:
    """Point folium at our own assets and guard the door to the browser; doing it twice is once."""
    # Rebound, never changed in place: subclasses share these lists.
    folium.Map.default_js = [("leaflet", asset("vendor/leaflet/leaflet.js"))]
    folium.Map.default_css = [("leaflet_css", asset("vendor/leaflet/leaflet.css"))]
    # Private, hence the pinned version of streamlit-folium and the test that blocks the network.
    send = streamlit_folium._component_func  # noqa: SLF001
    if not isinstance(send, _LocalOnly):
        streamlit_folium._component_func = _LocalOnly(send)  # noqa: SLF001


def asset(path: str) -> str:
    """Return the link of a file under `ui/static`; it changes when the file does."""
    digest = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]
    return f"{BASE}{path}?{digest}"


def refuse_far_links(*links: str) -> None:
    """Raise RuntimeError when a map asks for anything that is not on this server."""
    far = [link for link in links if not link.startswith((BASE, script.BASE))]
    if far:
        msg = f"the map needs the internet: {far}"
        raise RuntimeError(msg)


class CareAssets(JSCSSMixin):
    """Brings the script and the style sheet that draw this project's layers."""

    default_js = [("care_map", script.link())]  # noqa: RUF012 - folium's own protocol
    default_css = [("care_map_css", asset("map/care_map.css"))]  # noqa: RUF012


class _LocalOnly:
    """streamlit-folium's own way to the browser, which now lets only local links through."""

    def __init__(self, send: Any) -> None:  # noqa: ANN401 - Streamlit's component has no type
        self._send = send

    def __call__(self, **arguments: Any) -> Any:  # noqa: ANN401
        refuse_far_links(*arguments["js_links"], *arguments["css_links"])
        return self._send(**arguments)
