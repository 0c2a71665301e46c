"""One slide: its title, what stands on it, what is said in its notes."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from geo.language import Message, say
from report.briefing.bases import said_of
from report.briefing.content import Assertion
from report.slides.look import DEEP, EMU, QUIET, SMALLEST, SOURCE, TITLE, TITLES, Box
from report.slides.masters import put
from report.slides.measure import LEADING, Fitted, elided, fitted, gap, heading
from report.slides.words import dress, printable, rgb, write

_TEXTS: Final = (20, 18, 16, SMALLEST)


@dataclass
class Sheet:
    """A slide being made.

    What the speaker is to say stands in `notes`, a paragraph each.
    """

    slide: Any
    notes: list[str] = field(default_factory=list)

    def title(self, said: object, *, sizes: Sequence[float] = TITLES, box: Box = TITLE) -> None:
        """Write the title; what is cut off stands whole in the notes."""
        text = printable(said)
        fit = heading(text, box.wide, box.high, sizes)
        shape = self.slide.shapes.title
        write(shape.text_frame, fit.paragraphs, fit.size, bold=True, colour=DEEP)
        self.notes.insert(0, text)

    def note(self, *said: Message | str) -> None:
        """Add paragraphs to the notes."""
        self.notes += [printable(each) for each in said]

    def answer(self, assertion: Assertion | None) -> None:
        """Add to the notes what the numbers of an assertion are of; where to look without one."""
        if assertion is None:
            self.note(say("本页没有比率。被问到“这个数的分母是什么”，答案在各页的备注里。"))
            return
        for basis in assertion.bases:
            self.note(*said_of(basis))

    def text(
        self,
        box: Box,
        said: Sequence[object],
        *,
        name: str,
        sizes: Sequence[float] = _TEXTS,
        **how: Any,  # noqa: ANN401 - bold, colour, align
    ) -> Fitted:
        """Write paragraphs into a box; those that do not fit stand in the notes."""
        texts = [printable(each) for each in said]
        bold = bool(how.get("bold"))
        fit = fitted(texts, box.wide, box.high, sizes, bold=bold)
        if fit.left:  # then a line tells how many more there are
            room = box.high - sizes[-1] * LEADING - gap(sizes[-1])
            fit = fitted(texts, box.wide, room, sizes[-1:], bold=bold)
        shown = list(fit.paragraphs)
        if fit.left or fit.cut:
            self.note(say("本页放不下的全文："), *texts)
        if fit.left:
            shown.append(printable(say("另有 {count} 条，见备注。", count=fit.left)))
        frame = self._frame(box, name)
        write(frame, shown, fit.size, **how)
        return fit

    def line(self, box: Box, said: object, *, name: str, size: float = SOURCE) -> None:
        """Write a quiet line or two about sources and what the figures are of."""
        text = printable(said)
        most = max(1, int(box.high // (size * LEADING)))
        shown = elided(text, size, box.wide, most=most)
        if shown != text:
            self.note(text)
        write(self._frame(box, name), [shown], size, colour=QUIET)

    def strip(self, box: Box, fill: str, *, name: str) -> None:
        """Draw a filled rectangle behind what follows."""
        shape = self.slide.shapes.add_shape(
            MSO_SHAPE.RECTANGLE, *(Emu(round(each * EMU)) for each in
                                   (box.left, box.top, box.wide, box.high))
        )  # fmt: skip
        shape.name = name
        shape.fill.solid()
        shape.fill.fore_color.rgb = rgb(fill)
        shape.line.fill.background()
        shape.element.remove(shape.element.find(qn("p:style")))  # it brings a shadow and a rim

    def picture(self, box: Box, png: bytes, *, name: str, alt: str) -> None:
        """Put a picture into a box, as large as it can be without being stretched."""
        shape = self.slide.shapes.add_picture(io.BytesIO(png), 0, 0)
        ratio = min(box.wide / shape.width, box.high / shape.height)
        wide, high = shape.width * ratio, shape.height * ratio
        put(shape, Box(box.left + (box.wide - wide) / 2, box.top + (box.high - high) / 2,
                       wide, high))  # fmt: skip
        told_of(shape, name, alt)

    def finish(self) -> None:
        """Write the notes, and dress all texts."""
        frame = self.slide.notes_slide.notes_text_frame
        write_notes(frame, self.notes)
        dress(self.slide.element)
        dress(self.slide.notes_slide.element)

    def _frame(self, box: Box, name: str) -> Any:  # noqa: ANN401
        shape = self.slide.shapes.add_textbox(0, 0, 0, 0)
        put(shape, box)
        shape.name = name
        frame = shape.text_frame
        frame.word_wrap = True
        frame.vertical_anchor = MSO_ANCHOR.TOP
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Pt(0)
        return frame


def write_notes(frame: Any, notes: Sequence[str]) -> None:  # noqa: ANN401
    """Write the notes, a paragraph each."""
    for number, text in enumerate(notes):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.add_run().text = text


def told_of(shape: Any, name: str, alt: str) -> None:  # noqa: ANN401
    """Name a shape, and tell what it shows to whoever cannot see it."""
    known = shape.element.find(f".//{qn('p:cNvPr')}")
    known.set("name", name)
    known.set("descr", printable(alt))

