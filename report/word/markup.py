"""WordprocessingML as text: paragraphs, fields and tables, which thousands of rows need.

A document library that builds every cell as an object takes minutes for what this writes at once.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from report.data.sheets import seen

NAMESPACES: Final = nsdecls("w", "r")
# Not the blank of Chinese type, which is as wide as a letter and meant.
_BLANKS: Final = re.compile(r"[ \t\r\n\f\v\x85\u2028\u2029]+")


@dataclass(frozen=True)
class Cell:
    """One cell of a table.

    content
        Paragraphs, as `paragraph` returns them.
    """

    content: str
    span: int = 1
    shade: str = ""


def written(text: object) -> str:
    """Return a text as XML holds it: nothing that a document cannot, no markup, no line breaks."""
    return escape(seen(_BLANKS.sub(" ", str(text))))


def run(text: object, look: str = "") -> str:
    """Return words in a line; `look` are properties beside those of the paragraph's style."""
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{written(text)}</w:t></w:r>'


def strong(text: object) -> str:
    """Return words in bold."""
    return run(text, "<w:b/>")


def field(code: str, shown: str) -> str:
    """Return a field, which Word works out again, with what it shows until then."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {written(code)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'{run(shown)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def paragraph(style: str, *content: str, properties: str = "") -> str:
    """Return a paragraph in a style, by the style's id.

    properties
        What differs from the style, in the order of the schema.
    """
    head = f'<w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>'
    return f"<w:p>{head}{''.join(content)}</w:p>"


def row(cells: Iterable[Cell], widths: Sequence[int], *, properties: str = "<w:cantSplit/>") -> str:
    """Return a row that stays on one page.

    widths
        Of the columns, in twentieths of a point.
    """
    at, parts = 0, []
    for cell in cells:
        width = sum(widths[at : at + cell.span])
        at += cell.span
        span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
        shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{cell.shade}"/>' if cell.shade else ""
        parts.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{shade}'
            f'<w:vAlign w:val="center"/></w:tcPr>{cell.content}</w:tc>'
        )
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(parts)}</w:tr>"


def heading_row(cells: Iterable[Cell], widths: Sequence[int]) -> str:
    """Return a row that every page of the table begins with."""
    return row(cells, widths, properties="<w:cantSplit/><w:tblHeader/>")


def table(rows: Iterable[str], widths: Sequence[int], *, style: str) -> str:
    """Return a table whose columns keep their widths."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:jc w:val="center"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        'w:noHBand="0" w:noVBand="1"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def elements(markup: str) -> list[BaseOxmlElement]:
    """Return the paragraphs and tables that a text of them stands for."""
    return list(parse_xml(f"<w:body {NAMESPACES}>{markup}</w:body>"))


def element(markup: str) -> BaseOxmlElement:
    """Return the one element that a text stands for; its outermost mark has no namespaces yet."""
    name, rest = re.split(r"(?=[\s/>])", markup, maxsplit=1)
    return parse_xml(f"{name} {NAMESPACES}{rest}")
