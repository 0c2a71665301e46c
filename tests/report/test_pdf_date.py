"""The date in a PDF is the study's, on whatever side of the world it is made."""

import datetime as dt
import re
import sys
import time
from collections.abc import Iterator

import pytest

from report.maps.page import Page
from report.maps.paper import A3
from report.maps.sheet import as_pdf


@pytest.fixture(params=["UTC", "Asia/Shanghai", "America/New_York"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Let the machine stand in a zone."""
    if sys.platform == "win32":
        pytest.skip("a process cannot change its zone there")
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("zone")
def test_the_date_of_a_pdf_does_not_hang_on_where_it_is_made() -> None:
    made = as_pdf([Page(A3)], title="t", on=dt.date(2025, 12, 31))
    assert re.findall(rb"/CreationDate \(([^)]*)\)", made) == [b"D:20251231000000Z"]
