"""The slides that open the deck: the cover, then the conclusions."""

from geo.language import joined, say
from report.briefing.assertions import FIGURES
from report.briefing.content import KeyFigure
from report.slides.look import BODY, COVER_TITLE, DEEP, PALE, QUIET, SMALLEST, WARNING, Box
from report.slides.making import Making, day
from report.slides.measure import LEADING, fitted, lines, width
from report.slides.sheet import Sheet
from report.slides.words import add_run, printable

_COVER_TITLES = (44, 40, 36, 32, 28, 24)
_VALUES = (40, 36, 32, 28, 24, 20)
_LABEL = 16
_VALUE_WIDE, _LABEL_WIDE = 222.0, 326.0


def cover(making: Making) -> None:
    """Make the cover: what it is about, where and when, and that data are simulated."""
    briefing = making.briefing
    made = making.cover()
    made.title(briefing.title, sizes=_COVER_TITLES, box=COVER_TITLE)
    lines = [
        (say("范围：{place}", place=briefing.place), 22, QUIET, False),
        *([(joined("", briefing.maker), 22, QUIET, False)] if briefing.maker else []),
        (day(briefing), 22, QUIET, False),
    ]
    if briefing.notice:
        lines.append((joined("", briefing.notice), 20, WARNING, True))
    frame = made.slide.placeholders[1].text_frame
    for number, (said, size, colour, bold) in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        text = fitted([printable(said)], COVER_TITLE.wide, 40, (size, 18, 16, SMALLEST), bold=bold)
        add_run(paragraph, text.paragraphs[0], text.size, bold=bold, colour=colour)
        made.note(said)
    made.answer(None)
    made.finish()


def conclusions(making: Making) -> None:
    """Make the slide of agreed figures, large, with their denominators and the sentences."""
    briefing = making.briefing
    made = making.titled(FIGURES, say("主要结论"))
    left, right = BODY.columns(_VALUE_WIDE + _LABEL_WIDE + 30, 290, gap=20)
    high = left.high / max(1, len(briefing.figures))
    size = _common(briefing.figures)
    for number, figure in enumerate(briefing.figures):
        _figure(made, figure, Box(left.left, left.top + high * number, left.wide, high - 5), size)
    made.text(right, briefing.headline, name="headline", sizes=(18, 16, SMALLEST))
    made.note(*briefing.headline)
    made.finish()


def _common(figures: tuple[KeyFigure, ...]) -> float:
    """Return the largest size in which every figure fits its place."""
    widest = max((width(printable(each.text), 1, bold=True) for each in figures), default=1.0)
    return next((size for size in _VALUES if widest * size <= _VALUE_WIDE), _VALUES[-1])


def _figure(sheet: Sheet, figure: KeyFigure, box: Box, size: float) -> None:
    sheet.strip(box, PALE, name=f"{figure.key} ground")
    line = size * LEADING
    value = Box(box.left + 10, box.top + (box.high - line) / 2, _VALUE_WIDE, line)
    sheet.text(value, [figure.text], name=f"{figure.key} value", sizes=(size,), bold=True,
               colour=DEEP)  # fmt: skip
    left, wide = box.left + _VALUE_WIDE + 16, _LABEL_WIDE
    of = joined("；", *figure.of)
    fit = fitted([printable(of)], wide, box.high - _LABEL * LEADING, (SMALLEST,))
    used = _LABEL * LEADING + _lines_high(fit.paragraphs, wide)
    top = box.top + max(0.0, (box.high - used) / 2)
    sheet.text(Box(left, top, wide, _LABEL * LEADING), [figure.label], name=f"{figure.key} label",
               sizes=(_LABEL, SMALLEST), bold=True)  # fmt: skip
    sheet.text(Box(left, top + _LABEL * LEADING, wide, box.high - _LABEL * LEADING), [of],
               name=f"{figure.key} of", sizes=(SMALLEST,), colour=QUIET)  # fmt: skip


def _lines_high(paragraphs: tuple[str, ...], wide: float) -> float:
    return sum(lines(text, SMALLEST, wide) for text in paragraphs) * SMALLEST * LEADING

