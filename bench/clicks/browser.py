"""A real browser that clicks, and a stopwatch: what a person waits for."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from geo.errors import PlanningError
from geo.language import say

ROOT: Final = Path(__file__).resolve().parents[2]
BROWSERS: Final = (
    "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
    r"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    r"C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
)  # fmt: skip
PATIENCE_MS: Final = 240_000
START_S: Final = 60.0
READY: Final = "window.careMapCounts?.scenarios >= 1 && window.careMapCounts?.estates >= 1"
# A spot in the free part of the map where nothing was clicked before.
FREE_SPOT: Final = """(seed) => {
  const size = map.getSize(); let s = seed;
  const next = () => { s = (s * 16807) % 2147483647; return s / 2147483647; };
  next(); next();  // the first of small seeds are all near zero
  const clicked = (window.careClicked ||= []);
  for (let tries = 0; tries < 500; tries++) {
    const x = size.x * (0.25 + 0.5 * next()), y = size.y * (0.2 + 0.65 * next());
    const top = document.elementFromPoint(x, y);
    const anew = clicked.every(([left, down]) => Math.hypot(x - left, y - down) > 15);
    if (anew && top && top.tagName === "CANVAS") { clicked.push([x, y]); return [x, y]; }
  }
  throw new Error("no free spot");
}"""


def find_browser() -> str:
    """Return a Chromium. Errors: PlanningError where there is none."""
    named = os.environ.get("CARECIRCLE_CHROMIUM")
    found = next((path for path in (named, *BROWSERS) if path and Path(path).is_file()), None)
    found = found or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        raise PlanningError(
            say("没有找到 Chromium。请安装，或用环境变量 CARECIRCLE_CHROMIUM 指明。")
        )
    return found


@contextmanager
def serving(study: Path) -> Iterator[tuple[str, int]]:
    """Run the page on a free port; give its address and the number of its process."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    command = [
        sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"),
        "--server.headless", "true", "--server.port", str(port),
        "--server.address", "127.0.0.1",
    ]  # fmt: skip
    server = subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=ROOT, env={**os.environ, "CARECIRCLE_STUDY": str(study)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + START_S
        while time.monotonic() < end and server.poll() is None:
            with suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health"):  # noqa: S310
                break
            time.sleep(0.05)
        yield address, server.pid
    finally:
        server.terminate()
        server.wait(timeout=30)


def memory_mb(process: int) -> float:
    """Return the memory of a process in MB; NaN where the system does not tell it as Linux does."""
    told = Path(f"/proc/{process}/statm")
    if not told.is_file():
        return float("nan")
    return int(told.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def map_frame(page: Any) -> Any:  # noqa: ANN401 - Playwright is only there where tests are
    """Return the frame of the map once it is there."""
    page.wait_for_selector("iframe[title='streamlit_folium.st_folium']", timeout=PATIENCE_MS)
    end = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < end:
        for frame in page.frames:
            if "st_folium" in frame.url:
                return frame
        page.wait_for_timeout(50)
    raise PlanningError(say("地图没有出现。"))
