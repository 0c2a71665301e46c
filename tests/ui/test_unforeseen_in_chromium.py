"""What nobody foresaw, in a real browser: one sentence, and nothing of the trace."""

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from clerk import clerk_study
from playwright.sync_api import Browser, expect
from test_page_in_chromium import ROOT, Visit, engine, serve, visit

from ui.unforeseen import take_over

__all__ = ["engine"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
TOLD = "[class*='st-key-care-refusal-unforeseen']"


@pytest.fixture(scope="module")
def address(engine: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # noqa: ARG001
    study = clerk_study(tmp_path_factory.mktemp("failing"))
    entry = ROOT / "tests" / "ui" / "failing_app.py"
    for at in serve(entry, CARECIRCLE_STUDY=str(study)):
        yield f"{at}/ledgers"


def expect_only_a_sentence(seen: Visit) -> None:
    expect(seen.page.locator(TOLD)).to_contain_text("没有料到的错", timeout=60_000)
    expect(seen.page.locator(TOLD)).to_contain_text("编号：")
    expect(seen.page.locator("[data-testid=stException]")).to_have_count(0)
    whole = seen.page.content()
    for word in ("SECRET", "RuntimeError", "Traceback", "google", "chatgpt", "stackoverflow"):
        assert word not in whole, word
    assert seen.page.locator("a[href*='//']:not([href*='127.0.0.1'])").count() == 0


def test_a_failing_page_and_a_failing_press_are_one_sentence_each(
    engine: Browser, address: str
) -> None:
    seen = visit(engine, address)
    expect_only_a_sentence(seen)
    seen.page.get_by_role("button", name="再试一次").click()
    parts = seen.page.locator(".stMainBlockContainer [data-testid=stButtonGroup] button")
    parts.nth(2).click(timeout=60_000)
    name = seen.page.locator("[class*='st-key-care-name-']").filter(has_text="锦绣家圆")
    name.locator("input").click()
    seen.page.get_by_role("option").first.click()
    seen.page.get_by_role("button", name="保存", exact=True).click()
    expect_only_a_sentence(seen)
    seen.page.get_by_role("button", name="再试一次").click()
    expect(seen.page.locator(".st-key-care-headline-names")).to_contain_text("个名称拿不准")
    expect(seen.page.locator(TOLD)).to_have_count(0)
    assert seen.blocked == []
    assert seen.errors == []
    seen.close()


def test_the_app_that_is_served_says_the_same() -> None:
    served = importlib.import_module("app").app
    assert served._on_script_error is take_over  # noqa: SLF001
    config = (Path(ROOT) / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert 'showErrorDetails = "none"' in config
    assert 'showErrorLinks = "false"' in config
