"""The map in a real browser: route, area, search, division, tools, a meeting; it never remounts."""

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from clerk import clerk_study
from playwright.sync_api import Browser, expect
from test_page_in_chromium import MAP, ROOT, Visit, engine, serve, visit
from toy import BACKTICK, HOSTILE

__all__ = ["engine"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAA"
    "AABJRU5ErkJggg=="
)
SCENARIO = """title = "加一处"
[[open]]
name = "新站"
category = "community_station"
lon = {lon}
lat = {lat}
[[move]]
facility_id = "f2"
lon = 118.958
lat = 42.280
"""
# How much of the map's width and height the study takes.
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
def tile_host() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []

    class Tiles(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(PICTURE)

        def log_message(self, *_: object) -> None:
            pass

    host = HTTPServer(("127.0.0.1", 0), Tiles)
    threading.Thread(target=host.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{host.server_port}", asked
    host.shutdown()
    host.server_close()


@pytest.fixture(scope="module")
def address(
    engine: Browser,  # noqa: ARG001 - no browser, no server
    tile_host: tuple[str, list[str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("map")
    study = clerk_study(folder)
    ledger = folder / "residential.csv"
    quoted = '"' + HOSTILE.replace('"', '""') + '"'
    rows = ledger.read_text(encoding="utf-8").replace("民主小区", quoted)
    ledger.write_text(rows.replace("锦绣家园", BACKTICK), encoding="utf-8")
    lon, lat = next(row for row in rows.splitlines() if row.startswith("r4")).split(",")[-3:-1]
    scenario = Path(str(study).replace(".study.toml", ".scenario-1.toml"))
    scenario.write_text(SCENARIO.format(lon=lon, lat=lat), encoding="utf-8")
    yield from serve(
        ROOT / "app.py", CARECIRCLE_STUDY=str(study),
        CARECIRCLE_TILES=tile_host[0] + "/{z}/{x}/{y}.png", CARECIRCLE_TILES_SOURCE=HOSTILE,
    )  # fmt: skip


@pytest.fixture
def seen(engine: Browser, address: str) -> Iterator[Visit]:
    opened = visit(engine, f"{address}/?scenario=1")
    opened.wait_for_layers()
    yield opened
    assert opened.counts()["opened"] == 1
    for frame in opened.page.frames:
        assert frame.evaluate("window.__xss") is None
        assert frame.locator("img[src='x']").count() == 0
    assert opened.errors == []
    opened.close()


def find(seen: Visit, text: str) -> None:
    box = seen.map.locator(".care-search input")
    box.click()
    box.fill(text)
    expect(seen.map.locator(".care-found li").first).to_be_visible()
    box.press("Enter")


def test_search_route_and_service_area(seen: Visit) -> None:
    find(seen, "onerror")
    expect(seen.page.locator(".st-key-care-card-title")).to_contain_text(HOSTILE)
    seen.map.wait_for_function("careMapCounts.route >= 1")
    route = seen.map.locator("[data-section=route]")
    expect(route).to_contain_text("沿街道")
    said = seen.page.locator(".st-key-care-facts-walk").inner_text()
    label = seen.map.locator(".care-route-label").first.text_content()
    assert label is not None
    assert label in said  # “0.0 分钟（0 米）”
    assert seen.map.locator("[data-section=area]").get_attribute("hidden") is not None
    find(seen, "一号服务")
    seen.map.wait_for_function("careMapCounts.area >= 1")
    assert route.get_attribute("hidden") is not None
    # Its own estate and the one a block to the north.
    expect(seen.map.locator("[data-section=area]")).to_contain_text("到它最近的小区 2")
    expect(seen.page.locator(".st-key-care-card")).to_contain_text("就近服务")
    seen.map.locator(".care-search input").fill("没有这个")
    expect(seen.map.locator(".care-found")).to_have_text("没有找到")
    seen.map.locator(".care-search input").press("Escape")
    seen.map.locator(".care-panel-head").click()  # folded where the map is small
    seen.map.locator("[data-section=circles] input").check()
    seen.map.wait_for_function("careMapCounts.circlesDrawn > 0")
    expect(seen.map.locator("[data-section=units]")).to_be_hidden()  # there are none


def test_what_the_scenario_changes_is_marked_on_the_first_page_too(seen: Visit) -> None:
    seen.map.wait_for_function("window.careMapCounts.marks >= 1")
    expect(seen.map.locator(".care-opened")).to_have_count(1)
    expect(seen.map.locator(".care-shut")).to_have_count(1)
    expect(seen.map.locator(".care-panel")).to_contain_text("新增设施")


def test_a_divided_map_is_moved_by_keys_and_mouse(seen: Visit) -> None:
    before = seen.view()
    seen.page.get_by_text("前后对比").first.click()
    handle = seen.map.locator(".care-swipe-handle")
    expect(handle).to_have_attribute("role", "slider")
    seen.map.wait_for_function("careMapCounts.after_facilities > careMapCounts.facilities")
    handle.focus()
    handle.press("ArrowLeft")
    handle.press("Shift+ArrowRight")
    expect(handle).to_have_attribute("aria-valuenow", "58")
    box = handle.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    seen.page.mouse.move(x, y)
    seen.page.mouse.down()
    seen.page.mouse.move(x - 150, y, steps=3)
    seen.page.mouse.up()
    assert int(handle.get_attribute("aria-valuenow") or 0) < 50
    assert seen.view() == before
    assert seen.map.locator(".care-opened").count() == 1
    seen.page.get_by_text("前后对比").first.click()
    expect(handle).to_have_count(0)


def test_measuring_full_screen_and_the_view_after_a_reload(seen: Visit) -> None:
    seen.map.locator(".care-tools button", has_text="测距").click()
    for x, y in ((90, 200), (140, 260)):
        seen.map.locator(".leaflet-container").click(position={"x": x, "y": y})
    measured = seen.map.evaluate("careMapCounts.measured")
    expected = seen.map.evaluate(
        """map.distance(map.containerPointToLatLng([90, 200]),
                        map.containerPointToLatLng([140, 260]))"""
    )
    assert measured == pytest.approx(expected, rel=0.02)
    assert seen.page.locator(".st-key-care-card-title").count() == 0  # measuring chooses nothing
    seen.page.keyboard.press("Escape")
    seen.map.locator(".care-tools button", has_text="全屏").click()
    seen.map.wait_for_function("document.fullscreenElement !== null")
    seen.map.locator(".care-tools button", has_text="退出全屏").click()
    seen.map.wait_for_function("document.fullscreenElement === null")
    seen.page.wait_for_timeout(500)
    seen.map.evaluate("void map.setView(map.getCenter(), map.getZoom() + 1, { animate: false })")
    kept = seen.view()
    seen.page.reload()
    seen.wait_for_layers()
    seen.page.wait_for_timeout(500)
    assert seen.view() == pytest.approx(kept, abs=1e-4)


def test_tiles_come_from_the_one_host_that_is_let_through(
    seen: Visit, tile_host: tuple[str, list[str]]
) -> None:
    seen.map.wait_for_selector(".leaflet-tile-loaded", state="attached")
    assert tile_host[1]
    expect(seen.map.locator(".care-caption")).to_contain_text(HOSTILE)
    assert seen.blocked == []
    refused = seen.map.evaluate(
        """async () => {
          const told = [];
          document.addEventListener("securitypolicyviolation",
            (told_of) => told.push(told_of.blockedURI));
          new Image().src = "http://127.0.0.2:9/x.png";
          await fetch("http://127.0.0.2:9/y").catch(() => {});
          await new Promise((then) => setTimeout(then, 300));
          return told;
        }"""
    )
    assert sorted(refused) == ["http://127.0.0.2:9/x.png", "http://127.0.0.2:9/y"]
    seen.map.locator(".care-panel-head").click()  # folded where the map is small
    seen.map.locator("[data-section=tiles] input").uncheck()
    expect(seen.map.locator(".leaflet-tile")).to_have_count(0)


# --- the map of a meeting -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def meeting(engine: Browser, address: str) -> Iterator[Visit]:
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
    opened.close()


def wheel(meeting: Visit) -> None:
    box = meeting.page.locator(MAP).bounding_box()
    assert box is not None
    meeting.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    meeting.page.mouse.wheel(0, -240)
    meeting.page.wait_for_timeout(300)


def test_the_study_fills_the_map_and_a_folded_legend_still_tells(meeting: Visit) -> None:
    assert max(meeting.map.evaluate(FIT)) > 0.6
    assert meeting.map.locator(".care-panel").evaluate("(box) => box.offsetWidth") < 200
    expect(meeting.map.locator(".care-mini")).to_contain_text("新增设施 1")
    expect(meeting.map.locator(".care-caption")).to_contain_text("情景：加一处")


def test_what_a_scenario_changes_is_marked_above_all_other_signs(meeting: Visit) -> None:
    assert meeting.map.locator(".care-opened").count() == 1
    assert meeting.map.locator(".care-shut").count() == 1
    raised = meeting.map.locator(".care-icon").evaluate_all(
        """(icons) => icons.map((icon) => [icon.classList.contains("care-shut")
             || icon.classList.contains("care-opened") || icon.classList.contains("care-moved"),
             +icon.style.zIndex])"""
    )
    marked = [height for is_marked, height in raised if is_marked]
    assert len(marked) == 3  # opened, moved, and where it stood
    assert min(marked) > max(height for is_marked, height in raised if not is_marked)


def test_the_wheel_is_the_page_s_until_ctrl_is_held(meeting: Visit) -> None:
    before = meeting.view()
    wheel(meeting)
    assert meeting.view() == before
    expect(meeting.map.locator(".care-wheel")).to_have_class("care-wheel care-on")
    assert meeting.map.evaluate("map.getMinZoom()") > 8  # beyond the study there is nothing


def test_projected_it_fits_anew_and_goes_to_a_street(meeting: Visit) -> None:
    page, before = meeting.page, meeting.view()
    page.get_by_text("放映", exact=True).first.click()
    expect(page.locator("section.stSidebar")).to_be_hidden()
    meeting.map.wait_for_function("document.querySelector('.care-projected') !== null")
    page.wait_for_timeout(500)
    assert meeting.view()[0] != before[0]  # nobody has moved it
    assert max(meeting.map.evaluate(FIT)) > 0.6
    shown = meeting.counts()["shown"]
    page.get_by_role("combobox").last.click()
    page.get_by_role("option", name="桥北街道").click()
    expect(page.locator(".st-key-care-card")).to_contain_text("现状 → 情景")
    meeting.map.wait_for_function(f"careMapCounts.shown > {shown}")
    page.wait_for_timeout(300)
    outlines = "Object.values(map._layers).filter((one) => one.options.color === '#ffd43b').length"
    assert meeting.map.evaluate(outlines) == 1
    zoom = meeting.view()[0]
    page.keyboard.down("Control")
    wheel(meeting)
    page.keyboard.up("Control")
    assert meeting.view()[0] > zoom
