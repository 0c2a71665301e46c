"""What frames a map: title, notice, the lines at the foot, and where a street lies."""

from importlib.metadata import PackageNotFoundError, version
from typing import Final

import numpy as np

from analysis.evaluation import Evaluation
from geo.language import Message, headed, joined, say
from report.briefing.content import MapSheet, Said
from report.briefing.method import review_line, source_line
from report.maps.ground import areas_of
from report.maps.layout import Layout
from report.maps.letters import POINT_MM, width_mm, without_glyph, wrapped
from report.maps.north import crs_line
from report.maps.page import INK, Letters, Page, Pen
from report.maps.paper import Box
from report.maps.window import denominator, window_on
from report.people_date import dates_of_data

_WARNING: Final = "#7a0f30"
_TITLE: Final = 2.5  # letters of a title, in plain ones
_LEAST_TITLE: Final = 0.5  # of its size: a longer title stands in two lines
_SMALLER: Final = 0.95
_LEAST_PT: Final = 3.5
_NOTICE_STEP, _FOOT_STEP = 1.35, 1.45
_NOTICE_AIR: Final = 0.5  # letters about a notice
_MAKER: Final = 0.3  # of the foot's width
# What was drawn by a program is reviewed by nobody, whatever its boundaries' source is.
INTERNAL: Final = say("内部使用，未经地图审核")
_TOLD_BOXES: Final = 12  # so many letters without a glyph are told one by one
_OUTER, _INNER = Pen(INK, 0.7), Pen(INK, 0.2)


def draw_frame(page: Page, layout: Layout) -> None:
    """Draw the lines of the sheet: a strong one about it, thin ones between its parts."""
    for box in (layout.title, layout.foot, layout.panel, *(w.box for w in layout.windows)):
        if box is not None:
            page.box(box, _INNER, z=10)
    page.box(page.paper.page, _OUTER if layout.title is not None else _INNER, z=10)


def draw_title(page: Page, layout: Layout, title: Said, *, notice: str, number: str) -> None:
    """Write the title in the middle, the sheet's number before it, the notice at the right."""
    box = layout.title
    if box is None:
        return
    letter = page.paper.letter_pt * POINT_MM
    room = 0.0
    if notice:
        third = 0.29 * box.width
        place = Box(box.right - third, box.bottom + 0.9 * letter, third - letter,
                    box.height - 1.8 * letter)  # fmt: skip
        room = draw_notice(page, place, notice)
    if number:
        page.write(number, box.left + letter, box.bottom + box.height / 2,
                   Letters(1.3 * page.paper.letter_pt))  # fmt: skip
    free = box.width - 2 * max(room + 2 * letter, 8 * letter)
    size, lines = _fitted(str(title), free, _TITLE * page.paper.letter_pt)
    middle = box.bottom + box.height / 2 + 0.7 * size * POINT_MM * (len(lines) - 1)
    for at, line in enumerate(lines):
        page.write(line, box.left + box.width / 2, middle - 1.4 * size * POINT_MM * at,
                   Letters(size, anchor="center"))  # fmt: skip


def _fitted(text: str, free: float, size: float) -> tuple[float, list[str]]:
    """Return the size at which a title fits in one line, else in two."""
    least = size * _LEAST_TITLE
    while width_mm(text, size) > free and size > least:
        size *= _SMALLER
    if width_mm(text, size) <= free:
        return size, [text]
    return size, wrapped(text, size_pt=size, within_mm=free, most=2)


def draw_notice(page: Page, box: Box, notice: str) -> float:
    """Write the notice in a dark box at the right of its place, and return how wide that is.

    On a picture it fills its place.
    """
    size, lines = _filled([notice], box.inside(_NOTICE_AIR * page.paper.letter_pt * POINT_MM),
                          1.25 * page.paper.letter_pt, step=_NOTICE_STEP)  # fmt: skip
    letter = size * POINT_MM
    wide = max(width_mm(line, size) for line in lines) + 1.6 * letter
    high = min(len(lines) * 1.35 * letter + 1.0 * letter, box.height)
    middle = box.bottom + box.height / 2
    if page.paper.picture:
        wide = box.width
        page.box(box, Pen("none", 0, _WARNING), z=9)
    else:
        page.box(Box(box.right - wide, middle - high / 2, wide, high), Pen("none", 0, _WARNING),
                 rounded_mm=0.5 * letter, z=10)  # fmt: skip
    first = middle + 1.35 * letter * (len(lines) - 1) / 2
    for place, line in enumerate(lines):
        page.write(line, box.right - wide / 2, first - place * 1.35 * letter,
                   Letters(size, "#ffffff", "center"), z=11)  # fmt: skip
    return wide


def draw_internal(page: Page, window: Box) -> None:
    """Write into a corner of a map without a foot that nobody has reviewed it."""
    size = 0.9 * page.paper.letter_pt
    letter = size * POINT_MM
    words = headed(INTERNAL)
    plate = Box(window.left, window.bottom, width_mm(words, size) + letter, 1.6 * letter)
    page.box(plate, Pen("none", 0, "#ffffff", alpha=0.85), z=9)
    page.write(words, plate.left + letter / 2, plate.bottom + plate.height / 2,
               Letters(size), z=9.1)  # fmt: skip


def draw_foot(page: Page, layout: Layout, sheet: MapSheet, *, turn: str, unit: str = "") -> None:
    """Write sources, coordinate system, date and maker into the foot.

    turn
        The page's number among others; empty on a sheet of its own.
    unit
        The office that answers for the map; the program where empty.
    """
    box = layout.foot
    if box is None:
        return
    evaluation, size = sheet.evaluation, 0.82 * page.paper.letter_pt
    letter = size * POINT_MM
    right = [*_made_by(unit, size, box.width * _MAKER), *([turn] if turn else [])]
    wide = max(width_mm(str(line), size) for line in right) + 3 * letter
    lines = [headed(line) for line in foot_lines(evaluation, layout, page)]
    place = Box(box.left, box.bottom, box.width - wide - 2 * letter, box.height - 0.4 * letter)
    size, told = _filled(lines, place, size, step=_FOOT_STEP)
    letter = size * POINT_MM
    step = min(1.45 * letter, (box.height - 0.4 * letter) / max(len(told), 1))
    first = box.bottom + box.height / 2 + step * (len(told) - 1) / 2
    for at, line in enumerate(told):
        page.write(line, box.left + letter, first - at * step, Letters(size))
    letter = min(letter, box.height / (1.5 * len(right) + 0.5))
    size = letter / POINT_MM
    first = box.bottom + box.height / 2 + 0.75 * letter * (len(right) - 1)
    for at, each in enumerate(right):
        page.write(each, box.right - letter, first - at * 1.5 * letter,
                   Letters(size, anchor="right"))  # fmt: skip


def _filled(texts: list[str], box: Box, size: float, *, step: float) -> tuple[float, list[str]]:
    """Return the size at which texts fill a box, and their lines.

    step
        From line to line, in letters.
    """
    while True:
        lines = [line for text in texts
                 for line in wrapped(text, size_pt=size, within_mm=box.width)]  # fmt: skip
        if len(lines) * step * size * POINT_MM <= box.height or size <= _LEAST_PT:
            return size, lines
        size *= _SMALLER


def foot_lines(evaluation: Evaluation, layout: Layout, page: Page) -> list[Message]:
    """Return the lines of the foot: sources; system and date; review and letters where need be."""
    study = evaluation.study
    lines = [
        source_line(evaluation),
        joined("；", crs_line(study.crs, layout.windows[0]), dates_of_data(evaluation)),
    ]  # fmt: skip
    review = review_line(evaluation)
    lines.append(INTERNAL if review is None else joined("；", INTERNAL, review))
    boxes = without_glyph(page.words)
    if boxes:
        codes = "、".join(f"U+{ord(letter):04X}" for letter in boxes[:_TOLD_BOXES])
        lines.append(say("有{count}个字没有字形，图上以□代替：{codes}", count=len(boxes),
                         codes=codes + ("…" if len(boxes) > _TOLD_BOXES else "")))  # fmt: skip
    return lines


def _made_by(unit: str, size_pt: float, within_mm: float) -> list[str]:
    if not unit:
        return [str(say("制图：{maker}", maker=maker()))]
    told = str(say("制图单位：{unit}", unit=unit))
    return wrapped(told, size_pt=size_pt, within_mm=within_mm, most=2)


def maker() -> Message:
    """Return who made a map."""
    try:
        return say("养老服务圈 CareCircle {version}", version=version("carecircle"))
    except PackageNotFoundError:  # run from its folder, never installed
        return say("养老服务圈 CareCircle")


def draw_locator(page: Page, box: Box, sheet: MapSheet) -> None:
    """Draw where a street lies among the others."""
    areas = areas_of(sheet.evaluation.study, "street")
    if areas.empty:
        return
    letter = page.paper.letter_pt * POINT_MM
    page.write(headed(say("位置")), box.left, box.top - 0.7 * letter, Letters(page.paper.letter_pt))
    inner = Box(box.left, box.bottom, box.width, box.height - 1.8 * letter)
    west, south, east, north = (float(each) for each in areas.total_bounds)
    bounds = (west, south, east, north)
    window = window_on(bounds, inner, scale=denominator(bounds, inner.inside(0.5)))
    shapes = areas.geometry.to_numpy()
    page.areas(shapes, window, Pen("#9a96a0", 0.1, "#f1eff2"), z=6)
    own = areas["id"].astype(str).eq(str(sheet.area)).to_numpy(dtype=bool)
    page.areas(shapes[own] if own.any() else np.empty(0, dtype=object), window,
               Pen("#43304f", 0.2, "#6b5876"), z=6.1)  # fmt: skip
