"""Growth: exponents by hand, the table and the page."""

from pathlib import Path

import numpy as np
import pytest

from bench.growth import ALONG, Growth, exponent, growth_table, measure_growth
from bench.page import markdown, write_between, write_growth
from bench.settled import Size


def test_the_exponent_of_a_square_is_two() -> None:
    assert exponent([1, 10, 100], [3, 300, 30_000]) == pytest.approx(2.0)


def test_the_exponent_is_the_least_squares_slope() -> None:
    # Logarithms to base 10: x = 0, 1, 2 and y = 0, 2, 1: slope = ((-1)(-1) + 0 + 1*0) / 2 = 1/2.
    assert exponent([1, 10, 100], [1, 100, 10]) == pytest.approx(0.5)


def test_what_was_not_measured_does_not_count() -> None:
    assert exponent([1, 10, 100], [5, np.nan, 500]) == pytest.approx(1.0)
    assert np.isnan(exponent([10], [5]))
    assert np.isnan(exponent([10, 10], [5, 6]))


def straight(size: Size) -> dict[str, tuple[float, float]]:
    """Say that time is in proportion to nodes, facilities and places, and memory stays."""
    seconds = size.nodes * size.facilities * size.places / 1e12
    return {"ours": (seconds, 100.0), "evaluated": (2 * seconds, 200.0)}


@pytest.fixture(scope="module")
def growth() -> Growth:
    return measure_growth(tell=lambda _what: None, measure=straight)


def test_each_amount_grows_by_itself(growth: Growth) -> None:
    for along, amounts in ALONG.items():
        assert [each.amount for each in growth.series(along, "ours")] == [*amounts]
        assert growth.exponents(along, "ours") == pytest.approx((1.0, 0.0))


def test_the_table_ends_each_growth_with_its_exponents(growth: Growth) -> None:
    headings, *rows = growth_table(growth)
    assert headings[2:] == ["分钟数与覆盖率 s", "分钟数与覆盖率 MB", "全程评价 s", "全程评价 MB"]
    assert len(rows) == 3 * (5 + 1)
    assert rows[5] == ["节点", "指数", "1.00", "0.00", "1.00", "0.00"]


def test_only_what_stands_between_the_marks_is_written_anew(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Title\n\nBefore.\n", encoding="utf-8")
    write_between(page, "one", "first")
    page.write_text(page.read_text(encoding="utf-8") + "\nAfter.\n", encoding="utf-8")
    write_between(page, "two", "other")
    write_between(page, "one", "second")
    text = page.read_text(encoding="utf-8")
    assert text.count("second") == 1
    assert "first" not in text
    assert text.index("Before.") < text.index("second") < text.index("After.") < text.index("other")


def test_a_table_is_written_in_markdown() -> None:
    assert markdown([["a", "b"], ["1|2", "3"]]) == "| a | b |\n| --- | --- |\n| 1\\|2 | 3 |"


def test_the_picture_stands_beside_the_page(growth: Growth, tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    write_growth(growth, page)
    assert "![用时与内存随规模的增长](growth.svg)" in page.read_text(encoding="utf-8")
    picture = (tmp_path / "growth.svg").read_text(encoding="utf-8")
    for word in ("节点", "设施", "地点", "用时（秒）"):
        assert word in picture
