"""What must be seen at once on the smallest screen that offices have."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from test_page_in_chromium import MAP, Visit, serve, visit

from tests.chromium import engine

__all__ = ["engine"]

ROOT = Path(__file__).resolve().parents[2]
WAIT_MS = 90_000
HEIGHT = 768

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def address(engine: Browser) -> Iterator[str]:  # noqa: ARG001 - no browser, no server
    yield from serve(ROOT / "app.py")


def small(engine: Browser, address: str, *, width: int = 1366) -> Visit:
    seen = visit(engine, address, width=width, height=HEIGHT)
    seen.page.locator(MAP).wait_for(timeout=WAIT_MS)
    return seen


def bottom(seen: Visit, what: str) -> float:
    box = seen.page.locator(what).first.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def test_the_cards_leave_the_map_its_place(engine: Browser, address: str) -> None:
    seen = small(engine, address)
    assert bottom(seen, ".st-key-care-figure-row") < HEIGHT / 3
    seen.close()


@pytest.mark.parametrize(("page", "width"), [("siting", 1366), ("", 1600)])
def test_every_column_of_the_streets_is_seen_beside_the_map(
    engine: Browser, address: str, page: str, width: int
) -> None:
    seen = small(engine, f"{address}/{page}", width=width)
    table = seen.page.locator(".st-key-care-streets [data-testid=stDataFrame]")
    table.wait_for(timeout=WAIT_MS)
    seen.page.wait_for_timeout(500)
    wide, room = table.evaluate(
        "(one) => [one.querySelector('.dvn-scroll-inner').scrollWidth, one.clientWidth]"
    )
    assert wide <= room
    seen.close()


def test_a_street_s_card_leaves_the_conclusions_above_the_fold(
    engine: Browser, address: str
) -> None:
    seen = small(engine, f"{address}/meeting")
    seen.page.get_by_role("combobox").last.click()
    seen.page.get_by_role("option", name="桥北街道").click()
    seen.page.locator(".st-key-care-card").wait_for(timeout=WAIT_MS)
    seen.page.wait_for_timeout(1_500)
    assert bottom(seen, ".st-key-care-conclusions .stText") < HEIGHT
    # The rest is scrolled in a box of its own that ends above the fold.
    box = seen.page.locator(":has(> .st-key-care-conclusions)").last
    assert box.evaluate("(one) => getComputedStyle(one).overflowY") == "auto"
    end = box.bounding_box()
    assert end is not None
    assert end["y"] + end["height"] < HEIGHT
    seen.close()


ROOM_TO_FIND = """() => {
  const frame = document.querySelector("iframe[title='streamlit_folium.st_folium']");
  const page = frame.contentDocument, box = page.querySelector(".care-search input");
  const panel = page.querySelector(".care-panel").getBoundingClientRect();
  const letters = page.createElement("canvas").getContext("2d");
  letters.font = getComputedStyle(box).font;
  return [
    panel.left - box.getBoundingClientRect().right,
    box.clientWidth - 20 - letters.measureText(box.placeholder).width,
  ];
}"""
"""Pixels between the box that finds names and the legend, and left of the box by its words."""


def test_the_box_that_finds_names_shows_its_words_and_is_under_nothing(
    engine: Browser, address: str
) -> None:
    seen = small(engine, f"{address}/provision")
    box = seen.page.frame_locator(MAP).locator(".care-search input")
    box.wait_for(timeout=WAIT_MS)
    beside, left = seen.page.evaluate(ROOM_TO_FIND)
    assert beside > 0
    assert left > 0
    seen.page.get_by_text("English", exact=True).click()
    seen.page.frame_locator(MAP).get_by_text("Layers and legend").wait_for(timeout=WAIT_MS)
    assert seen.page.evaluate(ROOM_TO_FIND)[0] > 0  # the legend is wider in English
    seen.close()
