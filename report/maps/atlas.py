"""The atlas: contents, the maps of the whole study, then one page a street; and maps as files."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Literal

from analysis.study import Progress
from geo.language import Message, headed, say, translate
from report.briefing.content import Briefing, Drawn, MapSheet
from report.data.sheets import file_name
from report.maps.contents import Entry, draw_contents
from report.maps.page import Page
from report.maps.paper import A3, Paper
from report.maps.sheet import as_pdf, as_png, draw_sheet

Form = Literal["png", "pdf"]
_WORDS: Final = {
    Drawn.STANDING: say("现状"), Drawn.COVERAGE: say("覆盖"), Drawn.GAPS: say("缺口"),
    Drawn.SITES: say("建议"), Drawn.CHANGE: say("对比"), Drawn.STREET: say("分街道"),
}  # fmt: skip


def write_maps(
    briefing: Briefing,
    folder: Path,
    *,
    forms: Sequence[Form] = ("png", "pdf"),
    paper: Paper = A3,
    progress: Progress | None = None,
) -> list[Path]:
    """Write every map of the whole study into a folder, and the atlas; return the files.

    forms
        PNG of 300 dots an inch, PDF; the atlas comes with the PDF.
    """
    tell = progress or (lambda _what, _part: None)
    folder.mkdir(parents=True, exist_ok=True)
    sheets = _whole(briefing)
    steps = len(sheets) + (len(briefing.maps) + 1 if "pdf" in forms else 0)
    files: list[Path] = []
    for done, sheet in enumerate(sheets):
        tell(say("绘制{title}", title=sheet.title), done / max(steps, 1))
        files += _write(sheet, folder, done + 1, forms=forms, paper=paper, briefing=briefing)
    if "pdf" in forms:
        begun = len(sheets) / steps

        def further(what: Message, part: float) -> None:
            tell(what, begun + (1 - begun) * part)

        name = translate("图集")
        path = folder / f"{file_name(name)}.pdf"
        files.append(atlas(briefing, path, paper=paper, progress=further))
    tell(say("完成"), 1.0)
    return files


def _write(
    sheet: MapSheet, folder: Path, position: int, *, forms: Sequence[Form], paper: Paper,
    briefing: Briefing,
) -> Iterator[Path]:  # fmt: skip
    number = _number(position)
    page = draw_sheet(sheet, papers=(paper, paper.turned), number=number, unit=briefing.maker)
    name = file_name(f"{number}_{headed(_WORDS[sheet.drawn])}")
    for form in forms:
        path = folder / f"{name}.{form}"
        if form == "png":
            path.write_bytes(as_png(page))
        else:
            path.write_bytes(as_pdf([page], title=sheet.title, on=briefing.on))
        yield path


def atlas(
    briefing: Briefing, path: Path, *, paper: Paper = A3, progress: Progress | None = None
) -> Path:
    """Write one PDF: contents, the maps of the whole study, one page a street; return its path."""
    title = say("{title}图集", title=briefing.title)
    path.write_bytes(as_pdf(_pages(briefing, paper, progress), title=title, on=briefing.on))
    return path


def _pages(briefing: Briefing, paper: Paper, progress: Progress | None) -> Iterator[Page]:
    """Draw the pages one after another; none is kept once it is written.

    A street that is higher than wide has its page upright; all others are laid across.
    """
    tell = progress or (lambda _what, _part: None)
    sheets = [*_whole(briefing), *_streets(briefing)]
    pages = len(sheets) + 1
    entries = [
        Entry(_number(position), sheet.title, position + 1, sheet.area)
        for position, sheet in enumerate(sheets, start=1)
    ]
    tell(say("绘制图集目录"), 0.0)
    yield draw_contents(briefing, entries, paper=paper, turn=_turn(1, pages))
    for position, sheet in enumerate(sheets, start=1):
        tell(say("绘制{title}", title=sheet.title), position / pages)
        papers = (paper, paper.turned) if sheet.drawn is Drawn.STREET else (paper,)
        yield draw_sheet(sheet, papers=papers, number=_number(position),
                         turn=_turn(position + 1, pages), unit=briefing.maker)  # fmt: skip


def _whole(briefing: Briefing) -> list[MapSheet]:
    return [sheet for sheet in briefing.maps.values() if sheet.drawn is not Drawn.STREET]


def _streets(briefing: Briefing) -> list[MapSheet]:
    return [sheet for sheet in briefing.maps.values() if sheet.drawn is Drawn.STREET]


def _number(position: int) -> str:
    return str(say("图{number}", number=f"{position:02d}"))


def _turn(page: int, pages: int) -> str:
    return str(say("第 {page} 页，共 {pages} 页", page=page, pages=pages))
