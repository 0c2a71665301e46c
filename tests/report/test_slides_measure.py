"""How much room texts are given: by hand, in ems."""

import pytest

from report.slides.measure import BOLD, elided, fitted, heading, lines, width


def test_a_chinese_character_is_as_wide_as_high() -> None:
    assert width("养老服务", 10) == 40
    assert width("养老服务", 10, bold=True) == pytest.approx(40 * BOLD)
    assert width("", 10) == 0
    assert width("𠮷", 10) == 10  # beyond the basic plane, still one


def test_figures_are_given_more_than_common_faces_take() -> None:
    # 0.636 em is DejaVu Sans, the widest that stands in where the face is missing.
    assert 6.36 <= width("8", 10) <= 7
    assert width("8,8", 10) == pytest.approx(2 * width("8", 10) + width(",", 10))
    assert width("有8个", 10) == pytest.approx(20 + width("8", 10) + 2 * 2)  # parted on both sides


def test_lines_break_between_characters_but_not_within_words() -> None:
    assert lines("养老服务圈", 10, 50) == 1
    assert lines("养老服务圈", 10, 49) == 2
    assert lines("养老服务圈", 10, 20) == 3
    assert lines("care circle", 10, width("care circle", 10) - 1) == 2
    assert lines("a" * 30, 10, width("a" * 10, 10) + 1) == 3  # a word wider than the line
    assert lines("", 10, 50) == 1


def test_a_comma_begins_no_line() -> None:
    assert lines("养老，服务", 10, 30) == 2
    assert lines("养老服，务", 10, 30) == 2  # “服，” goes down together
    assert lines("养老服，务圈好", 10, 30) == 3


def test_what_is_cut_is_marked_and_fits() -> None:
    assert elided("养老服务圈", 10, 50) == "养老服务圈"
    assert elided("养老服务圈", 10, 40) == "养老服…"
    assert elided("养老服务圈评估报告", 10, 40, most=2) == "养老服务圈评估…"
    assert elided("养老", 10, 5) == "…"


def test_the_largest_type_that_fits_is_taken() -> None:
    assert fitted(["养老"], 40, 30, (20, 10)).size == 20  # 25 high
    assert fitted(["养老服务"], 40, 30, (20, 10)).size == 10  # two lines of 20 are 50 high
    two = fitted(["养老", "服务"], 40, 30, (20, 10))  # 12.5 + 5 + 12.5
    assert (two.size, two.paragraphs, two.left) == (10, ("养老", "服务"), 0)
    three = fitted(["养老", "服务", "评估"], 40, 30, (20, 10))
    assert (three.paragraphs, three.left) == (("养老", "服务"), 1)
    long = fitted(["养老服务圈评估报告"], 40, 26, (20, 10))
    assert (long.paragraphs, long.cut, long.left) == (("养老服务圈评估…",), True, 0)


def test_a_heading_is_rather_smaller_than_broken_for_one_character() -> None:
    text = "养" * 10
    assert heading(text, 280 * BOLD, 70, (28, 26, 24)).size == 28
    assert heading(text, 270 * BOLD, 70, (28, 26, 24)).size == 26
    broken = heading(text, 200 * BOLD, 70, (28, 26, 24))
    assert (broken.size, broken.paragraphs) == (28, (text,))
