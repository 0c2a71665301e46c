"""An empty deck of 16:9 whose master and two layouts are made for Chinese slides."""

from typing import Any, Final

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation as Deck
from pptx.util import Emu, Pt

from geo.language import translate
from report.slides.look import (
    COVER_TITLE,
    COVER_WORDS,
    DEEP,
    EDGE,
    EMU,
    FACE,
    HIGH,
    INK,
    LINE,
    NOTICE,
    NUMBER,
    TITLE,
    WHEN,
    WIDE,
    Box,
)
from report.slides.words import dress

_COVER, _TITLED = 0, 5  # of the layouts that the library brings
_COLOURS: Final = {
    "dk1": INK, "lt1": "FFFFFF", "dk2": DEEP, "lt2": "F6F5F1", "accent1": DEEP,
    "accent2": "5B9BCA", "accent3": "8F3410", "accent4": "BCD9EA", "accent5": "C98F45",
    "accent6": "1D5B3A", "hlink": "2D6690", "folHlink": "5B2A6E",
}  # fmt: skip
_FOOT: Final = {"dt": (WHEN, "r"), "ftr": (NOTICE, "l"), "sldNum": (NUMBER, "r")}


def empty_deck() -> Deck:
    """Return a deck without slides: a cover layout, then one with a title and room below."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Emu(int(WIDE * EMU)), Emu(int(HIGH * EMU))
    deck.element.find(qn("p:sldSz")).attrib.pop("type", None)
    dress(deck.element)
    for number in reversed(range(len(deck.slide_layouts))):
        if number not in (_COVER, _TITLED):
            deck.slide_layouts.remove(deck.slide_layouts[number])
    master = deck.slide_master
    _place_master(master)
    _style(master.element)
    _recolour(master.part.part_related_by(RT.THEME))
    _cover(deck.slide_layouts[0])
    _titled(deck.slide_layouts[1])
    for part in (master, *list(deck.slide_layouts)):
        dress(part.element)
    _notes(deck)
    _forget(deck)
    return deck


def put(shape: Any, box: Box) -> None:  # noqa: ANN401 - any shape has a place
    """Put a shape into a place."""
    shape.left, shape.top = Emu(round(box.left * EMU)), Emu(round(box.top * EMU))
    shape.width, shape.height = Emu(round(box.wide * EMU)), Emu(round(box.high * EMU))


def kind_of(shape: Any) -> str:  # noqa: ANN401
    """Return what a placeholder is for, as the file spells it."""
    return str(shape.element.find(f".//{qn('p:ph')}").get("type", "body"))


def _place_master(master: Any) -> None:  # noqa: ANN401
    for shape in master.placeholders:
        kind = kind_of(shape)
        if kind in _FOOT:
            box, align = _FOOT[kind]
            put(shape, box)
            first = shape.element.find(f".//{qn('a:lvl1pPr')}")
            first.set("algn", align)
            first.find(qn("a:defRPr")).set("sz", "1400")
        else:
            put(shape, TITLE if kind == "title" else Box(EDGE, 104.0, WIDE - 2 * EDGE, 390.0))
        _no_margins(shape)


def _no_margins(shape: Any) -> None:  # noqa: ANN401 - text begins where the box does
    frame = shape.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Pt(0)


def _style(master: Any) -> None:  # noqa: ANN401
    """Let titles stand at the left, dark and bold; bodies in sizes read from afar."""
    title = master.find(f".//{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    title.set("algn", "l")
    letters = title.find(qn("a:defRPr"))
    letters.set("sz", "2800")
    letters.set("b", "1")
    letters.find(f"{qn('a:solidFill')}/{qn('a:schemeClr')}").set("val", "tx2")
    for level, size in enumerate((2000, 1800, 1600, 1400, 1400), start=1):
        body = master.find(f".//{qn('p:bodyStyle')}/{qn(f'a:lvl{level}pPr')}")
        body.find(qn("a:defRPr")).set("sz", str(size))


def _recolour(part: Any) -> None:  # noqa: ANN401
    """Write the colours and the typeface into a theme."""
    held = getattr(part, "_element", None)  # the notes' theme is held as XML, the slides' as bytes
    theme = parse_xml(part.blob) if held is None else held
    for name, colour in _COLOURS.items():
        slot = theme.find(f".//{qn(f'a:{name}')}")
        for old in list(slot):
            slot.remove(old)
        slot.append(slot.makeelement(qn("a:srgbClr"), {"val": colour}))
    for fonts in ("a:majorFont", "a:minorFont"):
        for font in list(theme.find(f".//{qn(fonts)}")):
            if font.tag == qn("a:font"):  # faces by script would stand before ours
                font.getparent().remove(font)
            else:
                font.set("typeface", FACE)
    if held is None:
        part.blob = serialize_part_xml(theme)


def _cover(layout: Any) -> None:  # noqa: ANN401
    layout.name = translate("封面")
    for shape in layout.placeholders:
        kind = kind_of(shape)
        if kind in ("ctrTitle", "subTitle"):
            put(shape, COVER_TITLE if kind == "ctrTitle" else COVER_WORDS)
            _no_margins(shape)
            shape.text_frame._txBody.bodyPr.set("anchor", "b" if kind == "ctrTitle" else "t")  # noqa: SLF001
            for level in shape.element.iter(qn("a:lvl1pPr")):
                level.set("algn", "l")
    _bar(layout, Box(0, 0, 24, HIGH), DEEP)


def _titled(layout: Any) -> None:  # noqa: ANN401
    layout.name = translate("标题与内容")
    _bar(layout, Box(EDGE, 94, WIDE - 2 * EDGE, 1.5), DEEP)
    _bar(layout, Box(EDGE, 499, WIDE - 2 * EDGE, 0.75), LINE)


def _bar(layout: Any, box: Box, colour: str) -> None:  # noqa: ANN401
    """Draw a filled strip into a layout, behind what stands on its slides."""
    tree = layout.shapes._spTree  # noqa: SLF001 - a layout has no other way to draw
    number = max(int(each.get("id")) for each in tree.iter(qn("p:cNvPr"))) + 1
    x, y, cx, cy = (round(each * EMU) for each in (box.left, box.top, box.wide, box.high))
    tree.insert(2, parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{number}" name="Bar {number}"/>'
        '<p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr>'
        "<p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr/></a:p></p:txBody></p:sp>"
    ))  # fmt: skip


def _notes(deck: Deck) -> None:
    """Let the master of the notes show a slide of our shape, and hold long notes."""
    master: Any = deck.notes_master
    _recolour(master.part.part_related_by(RT.THEME))
    for shape in master.placeholders:
        kind = kind_of(shape)
        if kind == "sldImg":
            put(shape, Box(54, 60, 432, 243))
        elif kind == "body":
            put(shape, Box(54, 318, 432, 350))
    dress(master.element)


def _forget(deck: Deck) -> None:
    """Drop what the library's template tells of another deck: picture, printer, shape."""
    package = deck.part.package
    for owner, unwanted in ((package, "thumbnail"), (deck.part, "printerSettings")):
        for key, relation in list(owner._rels.items()):  # noqa: SLF001 - no other way to see them
            if relation.reltype.endswith(f"/{unwanted}"):
                owner._rels.pop(key)  # noqa: SLF001
    for part in package.iter_parts():
        if part.partname == "/docProps/app.xml":
            part.blob = part.blob.replace(b"On-screen Show (4:3)", b"Widescreen").replace(
                b"Microsoft Macintosh PowerPoint", b"Microsoft Office PowerPoint")  # fmt: skip
