"""What a meeting sees in a real browser: the map fits, answers, and leaves the wheel to the page."""

from collections.abc import Iterator

import pytest
from clerk import clerk_study
from playwright.sync_api import Browser, expect
from test_page_in_chromium import MAP, ROOT, Visit, engine, serve, visit

from analysis.kept_scenarios import keep_scenario
from analysis.scenario import Moved, Opened, Scenario

__all__ = ["engine"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
# Pixels between the study's farthest corners and the edges of the map.
FIT = """() => {
  const size = map.getSize();
  let bounds = null;
  map.eachLayer((layer) => {
    if (!layer.feature || !layer.feature.properties.verdict_class) return;
    const at = layer.getBounds ? layer.getBounds() : L.latLngBounds([layer.getLatLng()]);
    bounds = bounds ? bounds.extend(at) : L.latLngBounds(at.getSouthWest(), at.getNorthEast());
  });
  const [one, other] = [bounds.getNorthWest(), bounds.getSouthEast()]
    .map((at) => map.latLngToContainerPoint(at));
  return [(other.x - one.x) / size.x, (other.y - one.y) / size.y];
}"""
STATION = "[data-section=facilities] .care-row"


@pytest.fixture(scope="module")
def address(engine: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # noqa: ARG001
    study = clerk_study(tmp_path_factory.mktemp("meeting"))
    new = Opened(name="新站", category="community_station", lon=118.954, lat=42.284)
    away = Moved(facility_id="f2", lon=118.957, lat=42.284)
    keep_scenario(study, Scenario(title="方案1", open=(new,), move=(away,)))
    yield from serve(ROOT / "app.py", CARECIRCLE_STUDY=str(study))


def wheel(seen: Visit) -> None:
    seen.page.mouse.wheel(0, -240)
    seen.page.wait_for_timeout(300)


def test_a_meeting_points_at_the_map_of_a_scenario(engine: Browser, address: str) -> None:
    seen = visit(engine, f"{address}/meeting?scenario=1")
    page = seen.page
    page.wait_for_selector(MAP, timeout=60_000)
    page.wait_for_timeout(200)
    seen.map.wait_for_function("window.careMapCounts?.marks >= 1", timeout=60_000)
    seen.map.wait_for_function("careMapCounts.facilities === 3 && careMapCounts.estates === 4")
    page.wait_for_timeout(300)
    # The whole study fills the frame; the legend is folded and still tells the classes.
    assert max(seen.map.evaluate(FIT)) > 0.6
    assert seen.map.locator(".care-panel").evaluate("(box) => box.offsetWidth") < 200
    expect(seen.map.locator(".care-mini")).to_contain_text("新增设施 1")
    expect(seen.map.locator(".care-caption")).to_contain_text("情景：方案1")
    # The old place is struck out, above all other signs; the new ones are ringed.
    assert seen.map.locator(".care-opened").count() == 1
    assert seen.map.locator(".care-shut").count() == 1
    top = "Math.max(...[...document.querySelectorAll('.care-icon')].map((i) => +i.style.zIndex))"
    shut = seen.map.locator(".care-shut").evaluate("(icon) => +icon.style.zIndex")
    assert shut == seen.map.evaluate(top)
    # The wheel is the page's, until somebody clicks into the map.
    box = page.locator(MAP).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    before = seen.view()
    wheel(seen)
    assert seen.view() == before
    expect(seen.map.locator(".care-wheel")).to_have_class("care-wheel care-on")
    # Larger, the map fits anew, for nobody has moved it.
    page.get_by_text("放映", exact=True).first.click()
    expect(page.locator("section.stSidebar")).to_be_hidden()
    seen.map.wait_for_function("document.querySelector('.care-projected') !== null")
    page.wait_for_timeout(500)
    assert seen.view()[0] != before[0]
    assert max(seen.map.evaluate(FIT)) > 0.6
    # A street is outlined and gone to in the same map.
    page.get_by_role("combobox").last.click()
    page.get_by_role("option", name="桥北街道").click()
    expect(page.locator(".st-key-care-card")).to_contain_text("现状 → 情景")
    seen.map.wait_for_function("map.getZoom() > 0 && JSON.stringify(map.getBounds()) !== ''")
    assert seen.counts()["opened"] == 1
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    zoom = seen.view()[0]
    page.keyboard.down("Control")
    wheel(seen)
    page.keyboard.up("Control")
    assert seen.view()[0] > zoom
    assert seen.map.evaluate("map.getMinZoom()") > 8  # beyond the study there is nothing
    assert seen.errors == []
    assert seen.blocked == []
    page.close()
