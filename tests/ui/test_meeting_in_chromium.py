"""A meeting in a real browser: the map fits, answers, and leaves the wheel to the page."""

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


@pytest.fixture(scope="module")
def address(engine: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # noqa: ARG001
    study = clerk_study(tmp_path_factory.mktemp("meeting"))
    new = Opened(name="新站", category="community_station", lon=118.954, lat=42.284)
    away = Moved(facility_id="f2", lon=118.957, lat=42.284)
    keep_scenario(study, Scenario(title="方案1", open=(new,), move=(away,)))
    yield from serve(ROOT / "app.py", CARECIRCLE_STUDY=str(study))


@pytest.fixture(scope="module")
def seen(engine: Browser, address: str) -> Iterator[Visit]:
    """One visit for all tests: each goes on where the one before it left the page."""
    opened = visit(engine, f"{address}/meeting?scenario=1")
    opened.page.wait_for_selector(MAP, timeout=60_000)
    opened.page.wait_for_timeout(200)
    opened.map.wait_for_function("window.careMapCounts?.marks >= 1", timeout=60_000)
    opened.map.wait_for_function("careMapCounts.facilities === 3 && careMapCounts.estates === 4")
    opened.page.wait_for_timeout(300)
    yield opened
    assert opened.counts()["opened"] == 1  # the map was never mounted anew
    assert opened.errors == []
    assert opened.blocked == []
    opened.page.close()


def wheel(seen: Visit) -> None:
    box = seen.page.locator(MAP).bounding_box()
    assert box is not None
    seen.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    seen.page.mouse.wheel(0, -240)
    seen.page.wait_for_timeout(300)


def test_the_study_fills_the_map_and_a_folded_legend_still_tells(seen: Visit) -> None:
    assert max(seen.map.evaluate(FIT)) > 0.6
    assert seen.map.locator(".care-panel").evaluate("(box) => box.offsetWidth") < 200
    expect(seen.map.locator(".care-mini")).to_contain_text("新增设施 1")
    expect(seen.map.locator(".care-caption")).to_contain_text("情景：方案1")


def test_what_a_scenario_changes_is_marked_above_all_other_signs(seen: Visit) -> None:
    assert seen.map.locator(".care-opened").count() == 1
    assert seen.map.locator(".care-shut").count() == 1
    raised = seen.map.locator(".care-icon").evaluate_all(
        """(icons) => icons.map((icon) => [icon.classList.contains("care-shut")
             || icon.classList.contains("care-opened") || icon.classList.contains("care-moved"),
             +icon.style.zIndex])"""
    )
    marked = [height for is_marked, height in raised if is_marked]
    assert len(marked) == 3  # opened, moved, and where it stood
    assert min(marked) > max(height for is_marked, height in raised if not is_marked)


def test_the_wheel_is_the_page_s_until_ctrl_is_held(seen: Visit) -> None:
    before = seen.view()
    wheel(seen)
    assert seen.view() == before
    expect(seen.map.locator(".care-wheel")).to_have_class("care-wheel care-on")
    assert seen.map.evaluate("map.getMinZoom()") > 8  # beyond the study there is nothing


def test_projected_it_fits_anew_and_goes_to_a_street(seen: Visit) -> None:
    page, before = seen.page, seen.view()
    page.get_by_text("放映", exact=True).first.click()
    expect(page.locator("section.stSidebar")).to_be_hidden()
    seen.map.wait_for_function("document.querySelector('.care-projected') !== null")
    page.wait_for_timeout(500)
    assert seen.view()[0] != before[0]  # nobody has moved it
    assert max(seen.map.evaluate(FIT)) > 0.6
    shown = seen.counts()["shown"]
    page.get_by_role("combobox").last.click()
    page.get_by_role("option", name="桥北街道").click()
    expect(page.locator(".st-key-care-card")).to_contain_text("现状 → 情景")
    seen.map.wait_for_function(f"careMapCounts.shown > {shown}")
    page.wait_for_timeout(300)
    outlines = "Object.values(map._layers).filter((one) => one.options.color === '#ffd43b').length"
    assert seen.map.evaluate(outlines) == 1
    zoom = seen.view()[0]
    page.keyboard.down("Control")
    wheel(seen)
    page.keyboard.up("Control")
    assert seen.view()[0] > zoom
