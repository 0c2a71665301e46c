"""The Chromium that the tests of the browser drive: Debian's, or the user's own."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no internet, whatever asks
)  # fmt: skip
WINDOWS = (
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)


def chromium() -> str | None:
    named = os.environ.get("CARECIRCLE_CHROMIUM")
    known = (named, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
    for path in (*known, *WINDOWS):
        if path and Path(path).is_file():
            return path
    return shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def engine() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        reason = "no Chromium found; set CARECIRCLE_CHROMIUM to its path"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield launched
        launched.close()
