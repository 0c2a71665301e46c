"""Three people and their work, end to end in a real browser that is cut off from the internet."""

import re
import shutil
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from clerk import HOSTILE, MORE_HOSTILE
from playwright.sync_api import Browser, Error, Page, expect
from test_page_in_chromium import MAP, ROOT, Visit, engine, serve, visit

from analysis.evaluation import Evaluation, evaluate
from analysis.kept_scenarios import keep_scenario, kept_scenarios
from analysis.scenario import Scenario, apply
from bench.clicks.browser import FREE_SPOT, READY
from tests.analysis.toy_study import area, box, estate, facility, spot, toy_study, write_study

__all__ = ["engine"]

SCREENS = ROOT / "out" / "screens"  # ignored by git; looked at by whoever changes a page
OUTCOME = ".care-outcome"
ANSWERED = "[data-testid=stApp][data-test-script-state=notRunning]"
SKETCHED = "Object.values(map._layers).some((one) => one.options.color === '#c2185b')"
PAGES = ("", "coverage", "provision", "siting", "indicators", "ledgers", "meeting")
WAIT_MS = 90_000
# What a hostile word would be if anything took it for HTML, Markdown or mathematics.
MARKUP = (
    "img[src='x'], img[src*='elsewhere'], svg[onload], a[href*='elsewhere'], a[href^='javascript'],"
    "iframe[src^='javascript'], details[ontoggle], .katex, .stMarkdown del"
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the bundled study, for scenarios are kept beside it."""
    folder = tmp_path_factory.mktemp("desk") / "data"
    shutil.copytree(ROOT / "data", folder, ignore=shutil.ignore_patterns("*.py", "making"))
    keep_scenario(folder / "chifeng.study.toml", Scenario(title="关一处", close=("f34",)))
    return folder / "chifeng.study.toml"


@pytest.fixture(scope="module")
def city(engine: Browser, desk: Path) -> Iterator[str]:  # noqa: ARG001 - no browser, no server
    yield from serve(ROOT / "app.py", CARECIRCLE_STUDY=str(desk))


def picture(seen: Visit, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    seen.page.screenshot(path=SCREENS / f"{name}.png")


def require_calm(seen: Visit) -> None:
    """Nothing was asked of another computer, nothing failed, nothing scrolls sideways."""
    assert seen.blocked == []
    assert seen.errors == []
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert seen.page.evaluate(wide) <= 0


def whole(text: str) -> int:
    return int(re.sub(r"[^\d]", "", text))


def comparison(seen: Visit) -> "pd.Series[float]":
    """Ask for the comparison and return its first row, the whole study, from the file it gives."""
    seen.page.get_by_role("button", name="开始对比").click(timeout=WAIT_MS)
    button = seen.page.get_by_role("button", name="下载对比表（CSV）")
    button.wait_for(timeout=WAIT_MS)
    picture(seen, "planner-comparing")
    with seen.page.expect_download() as taken:
        button.click()
    return pd.read_csv(taken.value.path()).iloc[0]


def answered(page: Page) -> None:
    """Wait as whoever looks before they click again."""
    page.wait_for_timeout(1_000)
    page.locator(ANSWERED).wait_for(timeout=WAIT_MS)


def test_a_planner_adds_two_facilities_and_compares(
    engine: Browser, city: str, desk: Path, bundled: Evaluation
) -> None:
    seen = visit(engine, f"{city}/siting")
    page = seen.page
    page.locator(MAP).wait_for(timeout=WAIT_MS)
    page.wait_for_timeout(300)
    seen.map.wait_for_function(READY, timeout=WAIT_MS)
    page.get_by_text("新增设施", exact=True).first.click()
    where = page.locator(MAP).bounding_box()
    assert where
    for number in (1, 2):
        answered(page)
        x, y = seen.map.evaluate(FREE_SPOT, number)
        page.mouse.click(where["x"] + x, where["y"] + y)
        page.locator(f"{OUTCOME}[data-opened='{number}']").wait_for(timeout=WAIT_MS)
    picture(seen, "planner-siting")
    page.mouse.click(where["x"] + x, where["y"] + y)  # once too often: refused, and not left drawn
    page.get_by_text("没有重复新增").wait_for(timeout=WAIT_MS)
    seen.map.wait_for_function(f"!({SKETCHED})")
    assert page.locator(MAP).bounding_box() == where  # it stays under the hand, whatever is said
    # What the page tells at once is what a whole evaluation tells of the file it kept.
    kept = next(each for each in kept_scenarios(desk)[0] if len(each.scenario.open) == 2)
    then = evaluate(apply(kept.scenario, bundled.study), draw="when asked")
    covered = then.summary["coverage"]["covered_60plus"]
    assert whole(page.locator(f"{OUTCOME} > div").first.inner_text().split("人中")[1]) == covered
    page.get_by_text("多方案对比", exact=True).first.click()
    told_beside = comparison(seen)
    before = bundled.summary["coverage"]["covered_60plus"]
    assert told_beside["covered_60plus baseline"] == before
    assert told_beside[f"covered_60plus {kept.title}"] == covered
    assert told_beside[f"covered_change {kept.title}"] == covered - before
    assert seen.counts()["opened"] == 1  # the map was never mounted anew
    require_calm(seen)
    seen.close()


def test_a_clerk_takes_the_list_of_estates_that_fall_short(
    engine: Browser, city: str, bundled: Evaluation
) -> None:
    seen = visit(engine, f"{city}/provision")
    page = seen.page
    page.locator(".st-key-care-verdicts button").first.wait_for(timeout=WAIT_MS)
    page.get_by_role("button", name=re.compile("不达标")).first.click()
    short = int(bundled.summary["provision"]["short"])
    page.get_by_role("button", name=re.compile(f"下载这 {short} 个")).wait_for(timeout=WAIT_MS)
    picture(seen, "clerk-short")
    with page.expect_download() as taken:
        page.get_by_role("button", name=re.compile(f"下载这 {short} 个")).click()
    book = openpyxl.load_workbook(BytesIO(Path(taken.value.path()).read_bytes()), read_only=True)
    rows = [row for row in book.worksheets[0].iter_rows(values_only=True) if any(row)]
    assert len(rows) == short + 1  # their headings stand first
    require_calm(seen)
    seen.close()


def test_a_presenter_shows_a_prepared_scenario_and_points_at_a_street(
    engine: Browser, city: str
) -> None:
    for width, height in ((1366, 768), (1920, 1080)):
        seen = visit(engine, f"{city}/meeting", width=width, height=height)
        page = seen.page
        page.get_by_role("button", name="关一处", exact=True).click(timeout=WAIT_MS)
        figures = page.locator("[class*=st-key-care-large-row]")
        expect(figures).to_contain_text("-3,768", timeout=WAIT_MS)
        expect(page.locator(".st-key-care-conclusions")).to_contain_text("-3,768人")
        page.get_by_text("放映", exact=True).first.click()
        expect(page.locator("section.stSidebar")).to_be_hidden()
        page.wait_for_timeout(300)
        seen.map.wait_for_function("window.careMapCounts?.estates > 0", timeout=WAIT_MS)
        where = page.locator(MAP).bounding_box()
        assert where is not None
        page.mouse.click(where["x"] + 0.3 * where["width"], where["y"] + 0.5 * where["height"])
        expect(page.locator(".st-key-care-card")).to_contain_text("60岁以上", timeout=WAIT_MS)
        picture(seen, f"meeting-{width}")
        require_calm(seen)
        seen.close()


def test_a_presenter_takes_the_documents_along(engine: Browser, city: str) -> None:
    seen = visit(engine, f"{city}/meeting")
    page = seen.page
    page.get_by_text("汇报材料（Word").first.click(timeout=WAIT_MS)
    for unwanted in ("Word", "PPT"):
        page.get_by_role("button", name=re.compile(f"^{unwanted}")).click()
        page.wait_for_timeout(500)
    page.get_by_role("button", name="生成", exact=True).click()
    everything = page.get_by_text("全部下载（zip）")
    everything.wait_for(timeout=WAIT_MS)
    picture(seen, "presenter-documents")
    with page.expect_download() as taken:
        everything.click()
    assert taken.value.suggested_filename == "chifeng-汇报材料.zip"
    shown = page.locator("[class*=st-key-care-large-row]").inner_text()
    with zipfile.ZipFile(taken.value.path()) as archive:
        (book,) = (name for name in archive.namelist() if name.endswith(".xlsx"))
        sheets = openpyxl.load_workbook(BytesIO(archive.read(book)), read_only=True)
    # The covered share that the page shows large is the one in the workbook's first sheet.
    share = re.search(r"\d+\.\d%", shown)
    assert share is not None
    printed = [
        str(cell) for row in sheets.worksheets[0].iter_rows(values_only=True) for cell in row
    ]
    assert any(re.search(rf"(?<![\d.]){re.escape(share[0])}", cell) for cell in printed)
    require_calm(seen)
    seen.close()


# --- names that are anything but names ------------------------------------------------------------


@pytest.fixture(scope="module")
def hostile_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a study with a payload in every text of every layer, in its title and its scenarios."""
    folder = tmp_path_factory.mktemp("hostile")
    words = [*HOSTILE, *MORE_HOSTILE]
    assert len(words) >= 20
    homes = [
        {
            **estate(f"r{n}", box(45 * n, 20, 45 * n + 40, 60), name=word, street=word,
                     community=word, elderly_60plus=9.0, population=90.0),
            "kind": "new" if n % 2 else "built", "care_floor_area_m2": 5.0 * n,
            "care_area_basis": "building", "care_status": "operating",
        }
        for n, word in enumerate(words)
    ]  # fmt: skip
    care = [
        facility(f"f{n}", spot(45 * n, -10), name=word, status="operating", floor_area_m2=100.0,
                 functions=word, health_agreement=word, ownership=word)
        for n, word in enumerate(words)
    ]  # fmt: skip
    plots = [
        {"id": f"c{n}", "name": word, "kind": word, "cost_wan": 9.0, "geometry": spot(45 * n, -30)}
        for n, word in enumerate(words)
    ]
    areas = [
        area(f"s{n}", "street", box(45 * n, -100, 45 * n + 45, 100), name=word)
        for n, word in enumerate(words)
    ]
    study = toy_study(
        folder, facilities=care, residential=homes, boundaries=areas, candidates=plots
    )
    path = write_study(study, folder / "files")
    title = "".join(words).replace("\\", "\\\\").replace('"', '\\"').replace("\u0007", "")
    text = path.read_text(encoding="utf-8").replace('title = "Toy"', f'title = "{title}"')
    path.write_text(f'notice = "{title}"\n{text}', encoding="utf-8")
    for word in words[:4]:
        keep_scenario(path, Scenario(title=word.replace("\u0007", ""), close=("f1",)))
    return path


@pytest.fixture(scope="module")
def hostile_city(engine: Browser, hostile_study: Path) -> Iterator[str]:  # noqa: ARG001
    yield from serve(ROOT / "app.py", CARECIRCLE_STUDY=str(hostile_study))


def require_words_only(seen: Visit) -> None:
    for frame in seen.page.frames:
        try:
            assert frame.evaluate("window.__xss") is None
            assert frame.locator(MARKUP).count() == 0
        except Error:  # a frame that the page has just taken away holds nothing any more
            if not frame.is_detached():
                raise
    assert seen.blocked == []
    assert seen.errors == []


def press_all(page: Page, selector: str, *, most: int = 6) -> None:
    for place in range(min(page.locator(selector).count(), most)):
        button = page.locator(selector).nth(place)  # what was pressed before may have changed it
        if button.count() and button.is_visible() and button.is_enabled():
            button.click(timeout=WAIT_MS)
            page.wait_for_timeout(500)


@pytest.mark.parametrize("name", PAGES)
def test_names_are_names_on_every_page(engine: Browser, hostile_city: str, name: str) -> None:
    seen = visit(engine, f"{hostile_city}/{name}?scenario=1")
    seen.page.locator(".st-key-care-title").wait_for(timeout=WAIT_MS)
    seen.page.wait_for_timeout(1_500)
    require_words_only(seen)
    press_all(seen.page, ".stMainBlockContainer [data-testid=stButtonGroup] button")
    press_all(seen.page, ".stMainBlockContainer summary")
    picture(seen, f"hostile-{name or 'overview'}")
    require_words_only(seen)
    assert seen.page.get_by_text("程序出了没有料到的错").count() == 0
    seen.close()
