"""The bundled study: it opens, stays still, and the smallest screens of offices show it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
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


def test_the_bundled_study_opens_without_the_internet(
    engine: Browser, address: str, tmp_path: Path
) -> None:
    seen = visit(engine, address, width=1920, height=1080)
    seen.wait_for_layers()
    counts = seen.counts()
    assert counts["bands"] >= 3
    assert counts["bandLines"] >= 3
    assert counts["estates"] > 500
    assert counts["facilities"] == 90
    assert counts["bubbles"] > 0
    panel = seen.map.locator(".care-panel")
    for words in ("图层与图例", "小区：到最近设施的步行分钟", "15–30", "社区养老服务站"):
        expect(panel).to_contain_text(words)
    expect(panel.locator("[data-section=bands]")).to_contain_text("步行可达范围（分钟）51015")
    expect(seen.map.locator(".care-north")).to_contain_text("北")
    expect(seen.map.locator(".leaflet-control-scale-line")).to_have_count(1)
    expect(seen.map.locator(".care-caption")).to_contain_text("模拟数据")
    figure = seen.page.locator(".care-figures > div").first
    expect(figure).to_contain_text("60岁以上15分钟可达率")
    expect(figure).to_contain_text(re.compile(r"[\d,]+ 人（2020年人口）中 [\d,]+ 人"))
    expect(seen.page.locator(".st-key-care-notice")).to_contain_text("模拟数据")
    seen.page.screenshot(path=tmp_path / "bundled.png")
    assert seen.blocked == []
    assert seen.errors == []
    seen.close()


def test_the_map_stays_still_when_clicked(engine: Browser, address: str, tmp_path: Path) -> None:
    seen = visit(engine, address)
    seen.wait_for_layers()
    seen.map.evaluate("void map.setView(map.getCenter(), 15, { animate: false })")
    seen.page.wait_for_timeout(300)
    before, frame = seen.view(), seen.map
    seen.click_any_estate()
    card = seen.page.locator(".st-key-care-card-title")
    expect(card).to_be_visible()
    seen.page.wait_for_timeout(800)  # longer than streamlit-folium waits before it answers
    assert seen.view() == before
    assert seen.map == frame
    assert seen.counts()["opened"] == 1
    assert seen.counts()["fetched"] == 8  # nothing was sent twice
    expect(seen.page.locator(".st-key-care-card")).to_contain_text("步行时间")
    seen.page.screenshot(path=tmp_path / "clicked.png")
    assert seen.blocked == []
    assert seen.errors == []
    seen.close()


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
