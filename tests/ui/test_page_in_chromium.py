"""The page in a real browser that is cut off from the internet."""

import math
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Error, Frame, Page, Request, WebSocket, expect
from toy import HOSTILE

from tests.chromium import engine

__all__ = ["engine"]

ROOT = Path(__file__).resolve().parents[2]
MAP = "iframe[title='streamlit_folium.st_folium']"
# Where a click meets the estate itself, not a facility standing on it nor a control above it.
FIND_ESTATES = """() => {
  const found = {};
  map.eachLayer((layer) => {
    if (!layer.feature || !layer.feature.properties.verdict_class) return;
    const middle = layer.getBounds().getCenter();
    const at = map.latLngToContainerPoint(middle);
    const top = document.elementFromPoint(at.x, at.y);
    if (top && top.tagName === "CANVAS" && layer._containsPoint(map.latLngToLayerPoint(middle))) {
      found[layer.feature.properties.id] = [at.x, at.y];
    }
  });
  return found;
}"""
HERE = re.compile(r"^(https?|wss?)://127\.0\.0\.1[:/]|^(data|blob|about):")
STUDY = 'title = "测试城"\non = 2025-12-31\n[streets]\npath = "streets.geojson"\n'

expect.set_options(timeout=20_000)  # a busy computer reads a study slowly

pytestmark = [
    pytest.mark.browser,
    # Playwright's own event loop and sockets are closed after the interpreter has looked.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@dataclass
class Visit:
    """One page, its map, and what it tried to fetch from elsewhere."""

    page: Page
    blocked: list[str]
    errors: list[str]

    def listen(self) -> None:
        """Note what the page asks of other computers, and its errors."""
        self.page.on("request", self._note)
        self.page.on("websocket", self._note)
        self.page.on("pageerror", self._fail)

    def close(self) -> None:
        """End the visit, and leave the tab to the next."""
        self.page.remove_listener("request", self._note)
        self.page.remove_listener("websocket", self._note)
        self.page.remove_listener("pageerror", self._fail)

    def _note(self, asked: Request | WebSocket) -> None:
        if not HERE.match(asked.url):
            self.blocked.append(asked.url)

    def _fail(self, error: Error) -> None:
        self.errors.append(str(error))

    @property
    def map(self) -> Frame:
        """The frame of the map, the one now mounted."""
        return next(frame for frame in self.page.frames if "st_folium" in frame.url)

    def wait_for_layers(self) -> None:
        """Wait until every layer has been fetched."""
        self.page.wait_for_selector(MAP, timeout=60_000)
        self.page.wait_for_timeout(200)
        self.map.wait_for_function("window.careMapCounts?.fetched >= 8", timeout=60_000)

    def counts(self) -> dict[str, int]:
        """Return what the map counted of itself."""
        return dict(self.map.evaluate("careMapCounts"))

    def view(self) -> list[float]:
        """Return zoom and centre."""
        return list(self.map.evaluate("[map.getZoom(), map.getCenter().lat, map.getCenter().lng]"))

    def click_estate(self, estate: str) -> None:
        """Click the middle of an estate."""
        x, y = self.map.evaluate(FIND_ESTATES)[estate]
        box = self.page.locator(MAP).bounding_box()
        assert box is not None
        self.page.mouse.click(box["x"] + x, box["y"] + y)

    def click_any_estate(self) -> str:
        """Click the estate nearest to the middle of the free part of the map."""
        size = self.map.evaluate("[map.getSize().x, map.getSize().y]")
        middle = (size[0] * 0.35, size[1] * 0.5)
        points: dict[str, Any] = self.map.evaluate(FIND_ESTATES)
        estate = min(points, key=lambda i: math.dist(points[i], middle))
        self.click_estate(estate)
        return estate


def visit(engine: Browser, address: str, *, width: int = 1366, height: int = 768) -> Visit:
    """Open an address as somebody who comes for the first time.

    One tab serves all visits: a new one costs a process and the whole of Streamlit compiled anew.
    """
    context = engine.contexts[0] if engine.contexts else engine.new_context()
    page = context.pages[0] if context.pages else context.new_page()
    page.goto(urljoin(address, "/_stcore/health"))  # nobody there keeps anything while we forget
    page.evaluate("window.sessionStorage.clear(); window.localStorage.clear()")
    context.clear_cookies()
    page.set_viewport_size({"width": width, "height": height})
    seen = Visit(page, blocked=[], errors=[])
    seen.listen()
    page.goto(address)
    return seen


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def serve(entry: Path, **environment: str) -> Iterator[str]:
    """Run the app on a free port until the test module is done; yields its address."""
    port = free_port()
    command = [
        sys.executable, "-m", "streamlit", "run", str(entry), "--server.headless", "true",
        "--server.port", str(port), "--server.address", "127.0.0.1",
    ]  # fmt: skip
    server = subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=ROOT, env=os.environ | environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    try:
        yield wait_for(f"http://127.0.0.1:{port}", server)
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> str:
    for _ in range(300):
        assert server.poll() is None, "the server ended by itself"
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):  # noqa: S310
                return address
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not answer within 30 seconds")


@pytest.fixture(scope="module")
def toy_city(engine: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # noqa: ARG001
    study = tmp_path_factory.mktemp("toy") / "toy.study.toml"
    study.write_text(STUDY, encoding="utf-8")
    yield from serve(ROOT / "tests" / "ui" / "toy_app.py", CARECIRCLE_STUDY=str(study))


def test_verdicts_recolour_the_same_map(engine: Browser, toy_city: str) -> None:
    seen = visit(engine, toy_city)
    seen.wait_for_layers()
    before = seen.view()
    seen.page.get_by_text("配建结论", exact=True).first.click()
    panel = seen.map.locator(".care-panel")
    expect(panel).to_contain_text("20㎡/百户配建结论")
    expect(panel).to_contain_text("统筹达标")
    assert seen.view() == before
    assert seen.counts()["opened"] == 1
    seen.close()


def test_another_limit_keeps_the_view(engine: Browser, toy_city: str) -> None:
    seen = visit(engine, toy_city)
    seen.wait_for_layers()
    seen.map.evaluate("void map.setView(map.getCenter(), 16, { animate: false })")
    seen.page.wait_for_timeout(300)
    before = seen.view()
    seen.page.get_by_text("冬季 ×0.8（假设）").click()
    expect(seen.page.locator(".st-key-care-headline")).to_contain_text("0.72米/秒")
    assert seen.view() == before
    assert seen.counts()["opened"] == 1
    seen.close()


def test_the_whole_page_changes_its_language(engine: Browser, toy_city: str) -> None:
    seen = visit(engine, toy_city)
    seen.wait_for_layers()
    seen.page.get_by_text("English", exact=True).click()
    expect(seen.page.get_by_text("Walking minutes", exact=True)).to_be_visible()
    expect(seen.page.get_by_text("步行分钟", exact=True)).to_have_count(0)
    expect(seen.page.get_by_text("数据问题")).to_have_count(0)
    seen.page.wait_for_timeout(500)
    seen.wait_for_layers()
    expect(seen.map.locator(".care-panel")).to_contain_text("Within a walk of (minutes)")
    seen.close()


def test_layers_can_be_switched_off(engine: Browser, toy_city: str) -> None:
    seen = visit(engine, toy_city)
    seen.wait_for_layers()
    assert seen.map.locator(".care-icon").count() == 4
    seen.map.locator(".care-panel-head").click()  # folded where the map is small
    seen.map.locator("[data-section=facilities] input").uncheck()
    assert seen.map.locator(".care-icon").count() == 0
    seen.map.locator("[data-section=facilities] input").check()
    assert seen.map.locator(".care-icon").count() == 4
    seen.close()


def test_script_in_a_name_is_a_name(engine: Browser, toy_city: str) -> None:
    seen = visit(engine, toy_city)
    seen.wait_for_layers()
    for estate in ("r2", "r3"):
        x, y = seen.map.evaluate(FIND_ESTATES)[estate]
        box = seen.page.locator(MAP).bounding_box()
        assert box is not None
        seen.page.mouse.move(box["x"] + x - 4, box["y"] + y)
        seen.page.mouse.move(box["x"] + x, box["y"] + y)
        expect(seen.map.locator(".care-tip")).to_be_visible()
        seen.click_estate(estate)
        expect(seen.page.locator(".st-key-care-card-title")).to_be_visible()
        seen.page.wait_for_timeout(600)
    expect(seen.map.locator(".care-caption")).to_contain_text(HOSTILE)
    expect(seen.map.locator(".care-label")).to_contain_text(HOSTILE)
    for frame in seen.page.frames:
        assert frame.evaluate("window.__xss") is None
        assert frame.locator("img[src='x']").count() == 0
    assert seen.blocked == []
    assert seen.errors == []
    seen.close()
