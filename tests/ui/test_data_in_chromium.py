"""The page 数据 in a real browser that is cut off from the internet."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from clerk import (
    HOSTILE,
    MORE_HOSTILE,
    bad_ledger,
    clerk_study,
    hostile_book,
    hostile_ledger,
)
from contrast import TOO_PALE
from playwright.sync_api import Browser, expect
from test_page_in_chromium import MAP, ROOT, Visit, engine, serve, visit

__all__ = ["engine"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
# What hostile words would be if anything took them for HTML, Markdown or mathematics.
MARKUP = (
    "img[src='x'], img[src*='elsewhere'], svg[onload], a[href*='elsewhere'], a[href^='javascript'],"
    "iframe[src^='javascript'], details[ontoggle], .katex, .stMarkdown code, .stMarkdown del"
)
PART = ".stMainBlockContainer [data-testid=stButtonGroup] button"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clerk")


@pytest.fixture(scope="module")
def address(engine: Browser, folder: Path) -> Iterator[str]:  # noqa: ARG001 - no browser, no server
    study = clerk_study(folder, hostile="".join(HOSTILE))
    for at in serve(ROOT / "app.py", CARECIRCLE_STUDY=str(study)):
        yield f"{at}/ledgers"


@pytest.fixture
def seen(engine: Browser, address: str) -> Iterator[Visit]:
    opened = visit(engine, address)
    opened.page.locator(PART).first.wait_for(timeout=90_000)
    yield opened
    for frame in opened.page.frames:
        assert frame.evaluate("window.__xss") is None
        assert frame.locator(MARKUP).count() == 0
    assert opened.blocked == []
    assert opened.errors == []
    opened.close()


def go(seen: Visit, part: int) -> None:
    seen.page.locator(PART).nth(part).click()


def choose(seen: Visit, label: str, word: str) -> None:
    """Choose in the list of that label what the word finds first."""
    box = seen.page.locator(".stMainBlockContainer [data-testid=stSelectbox]")
    box.filter(has_text=label).first.locator("input").click()
    seen.page.keyboard.type(word)
    seen.page.get_by_role("option").first.click()


def test_a_bad_ledger_is_told_row_by_row(seen: Visit) -> None:
    expect(seen.page.locator(".st-key-care-headline-report")).to_contain_text("4 个图层")
    go(seen, 1)
    choose(seen, "这些文件是", "小区")
    ledger = {"name": "<img src=x onerror=window.__xss=1>.csv", "mimeType": "text/csv",
              "buffer": bad_ledger()}  # fmt: skip
    seen.page.locator("input[type=file]").first.set_input_files(ledger)
    check = seen.page.get_by_role("button", name="检查", exact=True)
    expect(check).to_be_enabled()
    check.click()
    told = seen.page.locator(".st-key-care-refusal-verdict")
    expect(told).to_contain_text(re.compile("第 3 行.*不详待查"), timeout=30_000)


def test_hostile_words_in_files_are_words(seen: Visit) -> None:
    go(seen, 1)
    choose(seen, "这些文件是", "小区")
    files = [
        {"name": f"{text.replace('/', '')[:60]}.csv", "mimeType": "text/csv", "buffer": b"x"}
        for text in (*HOSTILE[:1], *HOSTILE[3:10:6], *MORE_HOSTILE[0:7:3])
    ]
    files[0]["buffer"] = hostile_ledger()
    seen.page.locator("input[type=file]").first.set_input_files(files)
    check = seen.page.get_by_role("button", name="检查", exact=True)
    expect(check).to_be_enabled()
    check.click()
    told = seen.page.locator(".st-key-care-refusal-verdict")
    expect(told).to_be_visible(timeout=60_000)
    layers = seen.page.locator(".st-key-care-refusal-layers")
    expect(layers).to_contain_text("@SUM(1+1)", timeout=30_000)  # told line by line
    said = told.inner_text() + layers.inner_text()
    for text in HOSTILE[:4]:  # the first rows that are told
        assert text[:30] in said
    assert "@SUM(1+1)" in said  # the name of a file
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\x07]", said)
    for expander in seen.page.locator(".stMainBlockContainer summary").all():
        expander.click()
    assert seen.page.locator(MARKUP).count() == 0


def test_hostile_sheets_are_offered_as_words(seen: Visit, tmp_path: Path) -> None:
    go(seen, 1)
    choose(seen, "这些文件是", "小区")
    book = hostile_book(tmp_path / "x.xlsx")  # more sheets than are told: the first are offered
    seen.page.locator("input[type=file]").first.set_input_files(book)
    check = seen.page.get_by_role("button", name="检查", exact=True)
    expect(check).to_be_enabled()
    check.click()
    sheets = seen.page.locator("[data-testid=stSelectbox]").filter(has_text="用哪一个")
    sheets.locator("input").click()
    seen.page.keyboard.type("img")
    expect(seen.page.get_by_role("option").first).to_contain_text("<img src=x onerror=")
    seen.page.get_by_role("option").first.click()
    seen.page.get_by_role("button", name="用这一个再检查").click()
    expect(seen.page.locator(".st-key-care-headline-report")).to_be_visible()


def test_a_name_is_settled_in_the_browser(seen: Visit, folder: Path) -> None:
    go(seen, 2)
    expect(seen.page.locator(".st-key-care-headline-names")).to_contain_text("个名称拿不准")
    name = seen.page.locator("[class*='st-key-care-name-']").filter(has_text="锦绣家圆")
    name.locator("input").click()
    seen.page.keyboard.type("锦绣家园")
    seen.page.get_by_role("option").first.click()
    seen.page.get_by_role("button", name="保存", exact=True).click()
    expect(seen.page.locator(".st-key-care-good-names")).to_contain_text("已保存 1 个名称")
    kept = tomllib.loads((folder / "clerk.matches.toml").read_text(encoding="utf-8"))["match"]
    assert [(one["asked"], one["to_id"]) for one in kept] == [("锦绣家圆", "r3")]
    seen.page.get_by_role("button", name="撤销刚才的保存").click()
    expect(seen.page.locator(".st-key-care-good-names")).to_contain_text("已撤销")
    assert not (folder / "clerk.matches.toml").exists()


def test_a_row_is_placed_by_a_click_on_the_map(seen: Visit, folder: Path) -> None:
    go(seen, 3)
    seen.page.wait_for_selector(MAP, timeout=60_000)
    seen.page.wait_for_timeout(500)
    seen.map.wait_for_function("window.careMapCounts?.facilities >= 2", timeout=60_000)
    seen.page.wait_for_timeout(1500)  # the frame has its size, and the map fits it
    at = seen.map.evaluate(
        "() => { const p = map.latLngToContainerPoint([42.2815, 118.9525]); return [p.x, p.y]; }"
    )
    box = seen.page.locator(MAP).bounding_box()
    assert box is not None
    seen.page.mouse.click(box["x"] + at[0], box["y"] + at[1])
    expect(seen.page.locator(".st-key-care-picked")).to_contain_text("东经 118.952")
    assert seen.counts()["opened"] == 1  # the map stays still
    seen.page.get_by_role("button", name="3 放在这里").click()
    expect(seen.page.locator(".st-key-care-headline-places")).to_contain_text("有 1 行没有坐标")
    place = tomllib.loads((folder / "clerk.places.toml").read_text(encoding="utf-8"))["place"]
    assert [one["id"] for one in place] == ["f3"]
    assert place[0]["lon"] == pytest.approx(118.9525, abs=5e-5)
    assert place[0]["lat"] == pytest.approx(42.2815, abs=5e-5)
    # The first page is another one now: a third facility counts for the circle.
    seen.page.get_by_text("总览").first.click()
    seen.page.wait_for_selector(MAP, timeout=60_000)
    expect(seen.page.locator(".care-figures > div").first).to_be_visible()
    (folder / "clerk.places.toml").unlink()


def test_the_map_moves_to_a_name_and_tells_what_is_there(seen: Visit) -> None:
    go(seen, 3)
    seen.page.wait_for_selector(MAP, timeout=60_000)
    seen.page.wait_for_timeout(500)
    seen.map.wait_for_function("window.careMapCounts?.facilities >= 2", timeout=60_000)
    find = seen.page.locator(".st-key-care-place-map [data-testid=stSelectbox] input")
    find.click()
    seen.page.keyboard.type("锦绣家园")
    seen.page.get_by_role("option").first.click()
    seen.map.wait_for_function("map.getZoom() === 16", timeout=20_000)
    centre = seen.map.evaluate("[map.getCenter().lat, map.getCenter().lng]")
    # r3: no step east, one north; the map's middle makes room for what lies over its right.
    assert centre == pytest.approx([42.284, 118.95], abs=4e-4)
    x, y = seen.map.evaluate(
        "(({x, y}) => [x / map.getSize().x, y / map.getSize().y])"
        "(map.latLngToContainerPoint([42.284, 118.95]))"
    )
    assert 0.25 < x < 0.75
    assert 0.25 < y < 0.75
    expect(seen.map.locator(".care-name-estate")).to_contain_text(["锦绣家园"])
    assert seen.counts()["opened"] == 1


def test_both_languages_open_every_part(seen: Visit) -> None:
    seen.page.get_by_text("English", exact=True).click()
    for part in range(4):
        go(seen, part)
        seen.page.wait_for_timeout(1500)
        expect(seen.page.locator("[data-testid=stException]")).to_have_count(0)


def test_every_part_is_reached_by_keys_and_can_be_read(seen: Visit) -> None:
    parts = seen.page.locator(PART)
    parts.first.focus()
    told = ("report", "check", "names", "places")
    for part in range(4):
        headline = seen.page.locator(f".st-key-care-headline-{told[part]}")
        expect(headline).to_be_visible()
        seen.page.wait_for_function("!document.querySelector('[data-stale=true]')")
        assert seen.page.evaluate(TOO_PALE) == {}
        if part == 0:  # a table that keys have reached shows it
            for _ in range(3):
                seen.page.keyboard.press("Tab")
                if seen.page.evaluate("document.activeElement.tagName") == "CANVAS":
                    break
            table = seen.page.locator("[data-testid=stDataFrame]").first
            assert table.evaluate("(one) => getComputedStyle(one).outlineStyle") == "solid"
            parts.first.focus()
        seen.page.keyboard.press("ArrowRight")
        seen.page.keyboard.press("Enter")
    go(seen, 1)
    upload = seen.page.locator("[data-testid=stFileUploader] button").first
    expect(upload).to_be_visible()
    reached = []
    for _ in range(12):
        seen.page.keyboard.press("Tab")
        reached.append(upload.evaluate("box => box === document.activeElement"))
    assert any(reached)


def test_forms_and_tables_can_be_taken_along(seen: Visit) -> None:
    for label, ending in (("下载待补数据表", "待补数据表.xlsx"), ("下载空白表", "空白数据表.zip")):
        with seen.page.expect_download(timeout=30_000) as taken:
            seen.page.get_by_role("button", name=label).click()
        assert taken.value.suggested_filename.endswith(ending)
        assert Path(taken.value.path()).read_bytes()[:2] == b"PK"
