"""Waits of a visitor at one size of city: the page, a second visitor, clicks and their bytes."""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from bench.clicks.browser import (
    FREE_SPOT,
    PATIENCE_MS,
    READY,
    find_browser,
    map_frame,
    memory_mb,
    serving,
)
from bench.clicks.town import write_town
from bench.clicks.wire import Wire
from bench.race import Tell
from geo.language import Message, say, translate

SIZES: Final = (1_000, 10_000, 50_000)
CLICKS: Final = 20
SESSIONS: Final = 4
VIEW: Final = {"width": 1366, "height": 768}
OUTCOME: Final = ".care-outcome"


@dataclass(frozen=True)
class Waits:
    """What was waited for in a city of so many estates.

    first_s, second_s
        From the start of the program, with land cells kept, and for one more visitor, to a map with
        all its estates.
    click_s
        Of every click that opens a facility, to the changed map and figures; the first, which
        begins the scenario and draws the whole page anew, is not among them.
    click_bytes
        What each brought over the network, as it was sent.
    session_mb
        Memory for each further visitor.
    """

    estates: int
    first_s: float
    second_s: float
    click_s: tuple[float, ...]
    click_bytes: tuple[int, ...]
    session_mb: float

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


def measure_clicks(*, sizes: Sequence[int] = SIZES, tell: Tell) -> list[Waits]:
    """Return the waits at every size. Errors: PlanningError where there is no browser."""
    from playwright.sync_api import sync_playwright

    path = find_browser()
    measured = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for estates in sizes:
            tell(say("点击：{n} 个小区", n=f"{estates:,}"))
            with tempfile.TemporaryDirectory() as folder:
                study = write_town(Path(folder), estates)
                with serving(study) as (address, _):  # land cells are kept for the next start
                    _opened(browser, address)
                measured.append(_waits(browser, study, estates))
        browser.close()
    return measured


def _waits(browser: Any, study: Path, estates: int) -> Waits:  # noqa: ANN401
    began = time.perf_counter()
    with serving(study) as (address, process):
        page, _ = _opened(browser, address)
        first_s = time.perf_counter() - began
        began = time.perf_counter()
        _opened(browser, address)[0].close()
        second_s = time.perf_counter() - began
        before = memory_mb(process)
        others = [_opened(browser, address)[0] for _ in range(SESSIONS)]
        session_mb = (memory_mb(process) - before) / SESSIONS
        for other in others:
            other.close()
        page.close()
        with Wire(int(address.rsplit(":", 1)[1])) as wire:
            clicks = _clicks(*_opened(browser, wire.address), wire)
    return Waits(
        estates, first_s, second_s, tuple(s for s, _ in clicks), tuple(b for _, b in clicks),
        session_mb,
    )


def _opened(browser: Any, address: str) -> tuple[Any, Any]:  # noqa: ANN401
    page = browser.new_page(viewport=VIEW)
    page.goto(f"{address}/siting", timeout=PATIENCE_MS)
    frame = map_frame(page)
    frame.wait_for_function(READY, timeout=PATIENCE_MS)
    page.wait_for_selector(OUTCOME, timeout=PATIENCE_MS)
    return page, frame


def _clicks(page: Any, frame: Any, wire: Wire) -> list[tuple[float, int]]:  # noqa: ANN401
    page.get_by_text("新增设施", exact=True).first.click()
    page.wait_for_timeout(1_500)
    told = []
    box = page.locator("iframe[title='streamlit_folium.st_folium']").bounding_box()
    for number in range(CLICKS + 1):
        x, y = frame.evaluate(FREE_SPOT, number + 1)
        shown = frame.evaluate("window.careMapCounts.scenarios")
        bytes_before, began = wire.received, time.perf_counter()
        page.mouse.click(box["x"] + x, box["y"] + y)
        frame.wait_for_function(
            f"window.careMapCounts.scenarios > {shown}", timeout=PATIENCE_MS, polling=10
        )
        page.wait_for_selector(f"{OUTCOME}[data-opened='{number + 1}']", timeout=PATIENCE_MS)
        waited_s = time.perf_counter() - began
        page.wait_for_timeout(400)  # what still comes belongs to it
        told.append((waited_s, wire.received - bytes_before))
    return told[1:]  # the first begins a scenario, which draws the whole page anew


def click_table(measured: Sequence[Waits]) -> list[list[str]]:
    """Return the waits as a table, targets beside."""
    head: list[Message] = [
        say("小区"), say("首次打开 s"), say("再开一个 s"), say("点击中位 s（首次不计）"),
        say("点击 p95 s（首次不计）"), say("每次点击 kB"), say("每个会话 MB"),
    ]  # fmt: skip
    rows = [
        [
            f"{each.estates:,}", f"{each.first_s:.1f}", f"{each.second_s:.1f}",
            f"{np.median(each.click_s):.2f}", f"{np.percentile(each.click_s, 95):.2f}",
            f"{np.median(each.click_bytes) / 1000:.1f}", f"{each.session_mb:.1f}",
        ]
        for each in measured
    ]  # fmt: skip
    target = [translate("目标"), "8", "2.5", "", "0.6 (10k), 0.8 (50k)", "20", "5"]
    return [[str(name) for name in head], *rows, target]
