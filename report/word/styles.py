"""What each kind of paragraph is set in: by the official form in Chinese, plainly in English."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from docx.document import Document

from report.word.markup import element, written

# What a typeface is called, and which one stands in for it where it is not installed.
SONG, TITLE, HEI, KAI, FANG = "宋体", "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"
STANDS_IN: Final[Mapping[str, str]] = MappingProxyType(
    {TITLE: "宋体", KAI: "楷体", FANG: "仿宋", SONG: "SimSun", HEI: "SimHei"}
)
ROMAN: Final = "Times New Roman"
PLAIN: Final = "Arial"
GRID: Final = "CareGrid"


@dataclass(frozen=True)
class Style:
    """One style of paragraphs.

    size, line
        In points, in Chinese and in English; a line of 0 is as high as its letters.
    indent
        Of the first line, in letters.
    gap
        More space behind it in English, in points; Chinese paragraphs have their indent.
    extra
        More properties of the paragraph, which the schema has before the spacing.
    """

    id: str
    name: str
    face: str
    size: tuple[float, float]
    line: tuple[float, float] = (0, 0)
    align: str = "left"
    indent: tuple[int, int] = (0, 0)
    space: tuple[float, float] = (0, 0)
    level: int | None = None
    extra: str = ""
    letters: str = ""
    plain: bool = False
    gap: float = 0


_KEEP: Final = "<w:keepNext/>"
_PAGE: Final = "<w:keepNext/><w:pageBreakBefore/>"
_OFFICIAL: Final = (28.0, 17.0)
STYLES: Final = (
    Style("Normal", "Normal", FANG, (16, 11)),
    Style("BodyText", "Body Text", FANG, (16, 11), _OFFICIAL, "both", (2, 0), gap=4),
    Style("Title", "Title", TITLE, (22, 20), (36, 26), "center", space=(0, 12), extra=_KEEP),
    Style("Heading1", "heading 1", HEI, (16, 14), _OFFICIAL, indent=(2, 0), level=0, gap=4,
          extra=_KEEP, plain=True),
    Style("Heading2", "heading 2", KAI, (16, 12), _OFFICIAL, indent=(2, 0), level=1, gap=4,
          extra=_KEEP, plain=True),
    Style("Caption", "caption", HEI, (12, 10), align="center", space=(6, 4), plain=True),
    Style("Picture", "插图", FANG, (12, 10), align="center", space=(6, 0), extra=_KEEP),
    Style("TableText", "表格文字", SONG, (10.5, 9)),
    Style("TableFigure", "表格数字", SONG, (10.5, 9), align="right"),
    Style("TableHeading", "表头", HEI, (10.5, 9), align="center", extra=_KEEP, plain=True),
    Style("ListText", "清单文字", SONG, (9, 8)),
    Style("ListFigure", "清单数字", SONG, (9, 8), align="right"),
    Style("ListHeading", "清单表头", HEI, (9, 8), align="center", extra=_KEEP, plain=True),
    Style("TableNote", "表注", KAI, (10.5, 9), align="both", space=(2, 8)),
    Style("AnnexNumber", "附件序号", HEI, (16, 12), _OFFICIAL, extra=_KEEP, plain=True),
    Style("AnnexTitle", "附件标题", TITLE, (20, 16), (32, 22), "center", space=(0, 10), level=0,
          extra=_KEEP),
    Style("Closing", "落款", FANG, (16, 11), _OFFICIAL, "right"),
    Style("SheetTitle", "单表标题", TITLE, (18, 15), (26, 20), "center", space=(0, 8), level=0,
          extra=_PAGE),
    Style("SheetText", "单表说明", FANG, (12, 10), (20, 14), "both", space=(0, 2)),
    Style("SheetHeading", "单表小标题", HEI, (12, 11), (20, 15), space=(6, 2), extra=_KEEP,
          plain=True),
    Style("Blank", "空行", SONG, (4, 4), (4, 4)),
    Style("Header", "header", KAI, (10.5, 9), align="center", letters='<w:color w:val="C00000"/>'),
    Style("Footer", "footer", SONG, (14, 9)),
)  # fmt: skip
_BUILT_IN: Final = frozenset(
    {"Normal", "BodyText", "Title", "Heading1", "Heading2", "Caption", "Header", "Footer"}
)
_AROUND: Final = '<w:{side} w:val="single" w:sz="4" w:space="0" w:color="404040"/>'
_SIDES: Final = ("top", "left", "bottom", "right", "insideH", "insideV")


def set_styles(document: Document, language: str) -> None:
    """Give a document these styles and no others, and the language they are written in."""
    styles = document.styles.element
    for old in styles.xpath("w:docDefaults | w:style"):
        styles.remove(old)
    styles.insert(0, element(_defaults(language)))
    for markup in (*_basic(), *(_style(style, language) for style in STYLES), _grid()):
        styles.append(element(markup))


def fonts_table() -> bytes:
    """Return the part of a document that names a stand-in for each typeface."""
    fonts = "".join(
        f'<w:font w:name="{written(name)}"><w:altName w:val="{written(other)}"/>'
        '<w:charset w:val="86"/></w:font>'
        for name, other in STANDS_IN.items()
    )
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f'{head}\n<w:fonts xmlns:w="{space}">{fonts}</w:fonts>'.encode()


def _faces(chinese: str, latin: str, language: str) -> str:
    # Quotation marks and dashes are Chinese in Chinese text: of full width.
    hint = ' w:hint="eastAsia"' if language == "zh" else ""
    return (
        f'<w:rFonts{hint} w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{chinese}" '
        f'w:cs="{latin}"/>'
    )


def _defaults(language: str) -> str:
    spoken = "zh-CN" if language == "zh" else "en-GB"
    return (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{_faces(FANG, ROMAN, language)}"
        f'<w:lang w:val="{"en-US" if language == "zh" else spoken}" w:eastAsia="zh-CN" '
        'w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
    )


def _basic() -> Iterator[str]:
    yield (
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:semiHidden/></w:style>'
    )
    yield (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        '<w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr></w:style>"
    )
    yield (
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList">'
        '<w:name w:val="No List"/><w:semiHidden/></w:style>'
    )


def _style(style: Style, language: str) -> str:
    at = 0 if language == "zh" else 1
    latin = PLAIN if style.plain and at else ROMAN
    line, size = style.line[at], round(2 * style.size[at])
    height = f' w:line="{round(20 * line)}" w:lineRule="exact"' if line else ""
    before, after = (round(20 * points) for points in style.space)
    after += round(20 * style.gap * at)
    letters = style.indent[at]
    twips = round(20 * letters * style.size[at])
    indent = f'<w:ind w:firstLineChars="{100 * letters}" w:firstLine="{twips}"/>' if letters else ""
    level = "" if style.level is None else f'<w:outlineLvl w:val="{style.level}"/>'
    default = ' w:default="1"' if style.id == "Normal" else ""
    custom = "" if style.id in _BUILT_IN else ' w:customStyle="1"'
    name = style.name if at == 0 or style.id in _BUILT_IN else style.id
    based = "" if style.id == "Normal" else '<w:basedOn w:val="Normal"/>'
    then = '<w:next w:val="BodyText"/>' if style.level is not None else ""
    return (
        f'<w:style w:type="paragraph"{default}{custom} w:styleId="{style.id}">'
        f'<w:name w:val="{name}"/>{based}{then}<w:qFormat/><w:pPr>{style.extra}'
        f'<w:spacing w:before="{before}" w:after="{after}"{height}/>{indent}'
        f'<w:jc w:val="{style.align}"/>{level}</w:pPr>'
        f"<w:rPr>{_faces(style.face, latin, language)}{style.letters}"
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
    )


def _grid() -> str:
    """Return the style of tables: thin lines, a millimetre beside the letters."""
    lines = "".join(_AROUND.format(side=side) for side in _SIDES)
    return (
        f'<w:style w:type="table" w:customStyle="1" w:styleId="{GRID}"><w:name w:val="表格"/>'
        f'<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>{lines}</w:tblBorders>'
        '<w:tblCellMar><w:top w:w="20" w:type="dxa"/><w:left w:w="57" w:type="dxa"/>'
        '<w:bottom w:w="20" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar>'
        "</w:tblPr></w:style>"
    )
