"""Texts on a slide: without what XML cannot hold, in one typeface whatever script they are in."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any, Final, cast

from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Pt

from geo.language import spoken
from report.data.sheets import seen
from report.slides.look import FACE, INK
from report.slides.measure import LEADING, gap

_PROPERTIES: Final = ("a:rPr", "a:endParaRPr", "a:defRPr")
_AFTER_FACE: Final = ("a:sym", "a:hlinkClick", "a:hlinkMouseOver", "a:rtl", "a:extLst")


def printable(said: object) -> str:
    """Return a text in one line that every program shows as it was meant."""
    return seen(" ".join(str(said).split()))


def write(
    frame: Any,  # noqa: ANN401 - the library leaves it half untyped
    paragraphs: Sequence[str],
    size: float,
    *,
    bold: bool = False,
    colour: str = INK,
    align: PP_ALIGN | None = None,
) -> None:
    """Write paragraphs into a frame, one size for all; lines stand as `measure` takes them."""
    for number, text in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.line_spacing = Pt(size * LEADING)
        paragraph.space_before = Pt(gap(size) if number else 0)
        if align is not None:
            paragraph.alignment = align
        add_run(paragraph, text, size, bold=bold, colour=colour)


def rgb(colour: str) -> RGBColor:
    """Return a colour as the library wants it, from six hexadecimal digits."""
    make: Any = RGBColor  # the library tells no types of it
    return cast("RGBColor", make(*bytes.fromhex(colour)))


def add_run(
    paragraph: Any,  # noqa: ANN401
    text: str,
    size: float,
    *,
    bold: bool = False,
    colour: str = INK,
) -> None:
    """Write a text at the end of a paragraph."""
    run = paragraph.add_run()
    run.text = text
    run.font.size = Pt(size)
    run.font.bold = bold
    run.font.color.rgb = rgb(colour)


def dress(element: Any) -> None:  # noqa: ANN401 - a part of a slide or chart as XML
    """Give every text in a part the typeface, in Latin, Chinese and complex scripts alike."""
    for run in element.iter(qn("a:r"), qn("a:fld"), qn("a:br")):
        if run.find(qn("a:rPr")) is None:
            before = run.getprevious()  # a break is of the size of what it breaks
            known = None if before is None else before.find(qn("a:rPr"))
            run.insert(0, run.makeelement(qn("a:rPr"), {}) if known is None else deepcopy(known))
    for properties in element.iter(*map(qn, _PROPERTIES)):
        for script in ("a:latin", "a:ea", "a:cs"):
            for old in properties.findall(qn(script)):
                properties.remove(old)
        faces = [properties.makeelement(qn(script), {"typeface": FACE})
                 for script in ("a:latin", "a:ea", "a:cs")]  # fmt: skip
        after = next((child for child in properties if child.tag in map(qn, _AFTER_FACE)), None)
        at = len(properties) if after is None else list(properties).index(after)
        for place, face in enumerate(faces, start=at):
            properties.insert(place, face)
        properties.set("lang", "en-US" if spoken() == "en" else "zh-CN")


def copied(placeholder: Any, number: int) -> Any:  # noqa: ANN401 - XML
    """Return a layout's placeholder for a slide, without its place: the layout has it."""
    element = deepcopy(placeholder)
    element.find(f".//{qn('p:cNvPr')}").set("id", str(number))
    place = element.find(qn("p:spPr"))
    for child in list(place):
        place.remove(child)
    return element
