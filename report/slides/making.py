"""A deck in the making: every slide gets its title, its foot and its notes in the same way."""

from dataclasses import dataclass
from typing import Any

from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Deck

from geo.language import Message, say
from report.briefing.content import Briefing, Pictures
from report.people_date import day_in_words
from report.slides.look import NOTICE, QUIET, SMALLEST, WARNING, WHEN
from report.slides.masters import kind_of
from report.slides.measure import elided
from report.slides.sheet import Sheet
from report.slides.words import add_run, copied, printable

_COVER, _TITLED = 0, 1


@dataclass
class Making:
    """What is told, the deck it is written into, and who draws the maps."""

    briefing: Briefing
    deck: Deck
    pictures: Pictures

    def cover(self) -> Sheet:
        """Return the slide that opens the deck."""
        return Sheet(self.deck.slides.add_slide(self.deck.slide_layouts[_COVER]))

    def sheet(self, title: object) -> Sheet:
        """Return a new slide with its title; notice, date and number stand at its foot."""
        layout = self.deck.slide_layouts[_TITLED]
        slide = self.deck.slides.add_slide(layout)
        made = Sheet(slide)
        made.title(title)
        self._foot(made, layout)
        return made

    def titled(self, key: str, otherwise: object, *, after: str = "") -> Sheet:
        """Return a new slide whose title is an assertion; what its numbers are of is noted."""
        assertion = self.briefing.assertions.get(key)
        made = self.sheet(f"{otherwise if assertion is None else assertion.said}{after}")
        made.answer(assertion)
        return made

    def _foot(self, sheet: Sheet, layout: Any) -> None:  # noqa: ANN401
        """Copy the foot of the layout, which the library leaves out of slides."""
        number = len(self.deck.slides)
        briefing = self.briefing
        when = say("{place}，{day}", place=briefing.place, day=day(briefing))
        words = {
            "ftr": (printable(briefing.notice), NOTICE.wide, WARNING, True),
            "dt": (printable(when), WHEN.wide, QUIET, False),
        }
        tree = sheet.slide.shapes._spTree  # noqa: SLF001 - no other way to a foot
        for place, shape in enumerate(layout.placeholders):
            kind = kind_of(shape)
            if kind not in ("ftr", "dt", "sldNum"):
                continue
            element = copied(shape.element, 900 + place)
            paragraph = element.find(f".//{qn('a:p')}")
            if kind == "sldNum":
                field = paragraph.find(qn("a:fld"))
                field.find(qn("a:t")).text = str(number)
                tree.append(element)
                continue
            for child in list(paragraph):
                paragraph.remove(child)
            tree.append(element)
            text, wide, colour, bold = words[kind]
            shown = elided(text, SMALLEST, wide, bold=bold)
            if shown != text:
                sheet.note(text)
            added = next(each for each in sheet.slide.placeholders if each.element is element)
            add_run(added.text_frame.paragraphs[0], shown, SMALLEST, bold=bold, colour=colour)


def day(briefing: Briefing) -> Message:
    """Return the date of the study as it is written out."""
    return day_in_words(briefing.on)


