"""A Word document being written: its pages, running heads and properties, then part by part."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section, _BaseHeaderFooter
from docx.shared import Length, Mm

from geo.language import say, spoken
from report.data.sheets import seen
from report.same_bytes import repack
from report.word.markup import element, elements, field, paragraph, run
from report.word.styles import fonts_table, set_styles

MAKER: Final = say("养老服务圈")
_SHORT: Final = 250  # letters; a property of a document holds 255
_PAPER: Final = (210, 297)  # mm, A4
_PARTS_LEFT_OUT: Final = (RELATIONSHIP_TYPE.THUMBNAIL, RELATIONSHIP_TYPE.CUSTOM_XML)


@dataclass(frozen=True)
class Margins:
    """What a page leaves free, mm; across, the paper is turned to the left."""

    top: float
    bottom: float
    left: float
    right: float

    @property
    def width(self) -> float:
        """Return how wide the text of an upright page is, mm."""
        return _PAPER[0] - self.left - self.right

    @property
    def width_across(self) -> float:
        """Return how wide the text of a page on its side is, mm."""
        return _PAPER[1] - self.left - self.right


OFFICIAL: Final = Margins(37, 35, 28, 26)
ACROSS: Final = Margins(26, 24, 20, 20)
FORM: Final = Margins(20, 16, 24, 22)


class Paper:
    """A Word document being written, in the language now spoken.

    Parts are kept as text until something needs the document itself.
    """

    def __init__(self, title: str, *, on: date, notice: str, margins: Margins = OFFICIAL) -> None:
        self.document: Document = docx.Document()
        self.width, self.across = margins.width, False
        self._parts: list[str] = []
        self._upright = margins
        set_styles(self.document, spoken())
        _settle(self.document)
        _describe(self.document, title, on)
        _lay(self.document.sections[0], margins, across=False)
        _run_heads(self.document.sections[0], notice)

    def add(self, *markup: str) -> None:
        """Add paragraphs or tables, as the functions of `markup` return them."""
        self._parts += markup

    def add_picture(self, png: bytes, width: float, height: float, *, told: str) -> None:
        """Add a picture of so many millimetres in a paragraph of its own.

        told
            What it shows, for who cannot see it.
        """
        self._flush()
        inline = self.document.part.new_pic_inline(BytesIO(png), Mm(width), Mm(height))
        inline.docPr.set("descr", seen(told))
        spot = element(paragraph("Picture", "<w:r/>"))
        spot[-1].append(_drawing(inline))
        self._end.addprevious(spot)

    def turn(self, *, across: bool) -> None:
        """Begin a new page that is upright or on its side, and so are those behind it."""
        self._flush()
        end = self._end
        closing = element(paragraph("Blank"))
        closing[0].append(deepcopy(end))
        end.addprevious(closing)
        for mark in end.xpath("w:headerReference | w:footerReference"):
            end.remove(mark)  # those of the pages before go on
        margins = ACROSS if across else self._upright
        _lay(self.document.sections[-1], margins, across=across)
        self.width = margins.width_across if across else margins.width
        self.across = across

    def save(self, path: Path) -> None:
        """Write the document; the same content gives the same bytes."""
        self._flush()
        self.document.save(str(path))
        repack(path)

    @property
    def _end(self) -> Any:  # noqa: ANN401 - the library's own element, of many more methods
        return self.document.element.body[-1]

    def _flush(self) -> None:
        for each in elements("".join(self._parts)):
            self._end.addprevious(each)
        self._parts.clear()


def _drawing(inline: BaseOxmlElement) -> BaseOxmlElement:
    drawing = element("<w:drawing/>")
    drawing.append(inline)
    return drawing


def _lay(section: Section, margins: Margins, *, across: bool) -> None:
    """Set the size and the margins of the pages of a section."""
    width, height = (Mm(side) for side in (_PAPER[::-1] if across else _PAPER))
    section.page_width, section.page_height = width, height
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    section.top_margin, section.bottom_margin = Mm(margins.top), Mm(margins.bottom)
    section.left_margin, section.right_margin = Mm(margins.left), Mm(margins.right)
    section.header_distance = _half(margins.top)
    section.footer_distance = _half(margins.bottom)


def _half(margin: float) -> Length:
    return Mm(margin * 0.6)


def _run_heads(section: Section, notice: str) -> None:
    """Put the notice over every page, and its number under it: outside, as official papers do."""
    for head in (section.header, section.even_page_header):
        head.is_linked_to_previous = False
        _fill(head, paragraph("Header", run(notice)))
    for foot, side, indent in (
        (section.footer, "right", '<w:ind w:rightChars="100" w:right="280"/>'),
        (section.even_page_footer, "left", '<w:ind w:leftChars="100" w:left="280"/>'),
    ):
        foot.is_linked_to_previous = False
        number = run("— "), field("PAGE", "1"), run(" —")
        _fill(foot, paragraph("Footer", *number, properties=f'{indent}<w:jc w:val="{side}"/>'))


def _fill(part: _BaseHeaderFooter, markup: str) -> None:
    frame = part._element  # noqa: SLF001 - the library offers no other door to what it holds
    for old in list(frame):
        frame.remove(old)
    frame.append(element(markup))


def _settle(document: Document) -> None:
    """Settle what a document says of itself: heads of both sides, languages, stand-in typefaces."""
    document.settings.odd_and_even_pages_header_footer = True
    settings = document.settings.element
    for name in ("themeFontLang", "savePreviewPicture"):
        for old in settings.xpath(f"w:{name}"):
            settings.remove(old)
    for mode in settings.xpath("w:compat/w:compatSetting[@w:name='compatibilityMode']"):
        mode.set(qn("w:val"), "15")
    package = document.part.package
    for owner in (package, document.part):
        for key, relation in list(owner.rels.items()):
            if relation.reltype in _PARTS_LEFT_OUT or "stylesWithEffects" in relation.reltype:
                del owner.rels[key]
    for relation in document.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.FONT_TABLE:
            relation.target_part._blob = fonts_table()  # noqa: SLF001


def _describe(document: Document, title: str, on: date) -> None:
    """Set the properties of a document; its dates are the study's, so that bytes stay the same."""
    told, day = document.core_properties, datetime(on.year, on.month, on.day, tzinfo=UTC)
    told.title = told.subject = seen(title)[:_SHORT]
    told.author = told.last_modified_by = str(MAKER)
    told.created = told.modified = day
    told.language = "zh-CN" if spoken() == "zh" else "en-GB"
    told.comments = told.keywords = ""
    told.revision = 1
