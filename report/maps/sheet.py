"""One map on paper: a sheet with frame, title and foot, or a picture for a document."""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

import numpy as np
import shapely
from matplotlib.backends.backend_pdf import PdfPages
from PIL import Image

from analysis.evaluation import Evaluation
from geo.language import Message, headed, say, translate
from geo.unseen import dotted
from report.briefing.content import Drawn, MapSheet
from report.map_extent import shown_shapes
from report.maps.furniture import (
    draw_foot,
    draw_frame,
    draw_internal,
    draw_locator,
    draw_notice,
    draw_title,
    maker,
)
from report.maps.ground import areas_of
from report.maps.kinds import KINDS
from report.maps.labels import LEAST_PT
from report.maps.layout import Layout, Wanted, layouts
from report.maps.legend import SMALLEST, Block, draw_panel, panel_letters
from report.maps.letters import POINT_MM
from report.maps.north import draw_north_and_scale
from report.maps.page import Letters, Page, Pen
from report.maps.paper import A3, Paper, for_picture
from report.maps.scene import Scene
from report.maps.window import Bounds

SHEET_DPI: Final = 300
PICTURE_DPI: Final = 200
LEAST_OF_PICTURE: Final = 0.9  # its letters are small already
# A layout is so much worse where letters of its panel are too small, or lines find no room.
_TOO_SMALL, _NOT_WHOLE = 1.25, 100.0
_ALMOST: Final = 0.98
_BEYOND: Final = 2.5  # areas so many times larger than where people live do not set the scale
_AROUND_STREET: Final = 0.04  # of its width: what is seen beyond a street's outline


@dataclass(frozen=True, eq=False)
class _Made:
    """A page with what its panel holds, and how many lines of that found no room."""

    page: Page
    panel: tuple[Block, ...]
    left: int


def draw_sheet(
    sheet: MapSheet, *, papers: Sequence[Paper] = (A3, A3.turned), number: str = "", turn: str = "",
    unit: str = "",
) -> Page:  # fmt: skip
    """Return a sheet drawn.

    papers
        Those it may lie on: the one on which the map is largest is taken.
    number
        The sheet's own, as 图01.
    turn
        The page's among others, as 第3页 共24页.
    unit
        The office that answers for the map.
    """
    return _first_whole(
        sheet, papers, lambda layout: _sheet(layout, sheet, number=number, turn=turn, unit=unit)
    )


def picture(sheet: MapSheet, width_mm: float, height_mm: float) -> bytes:
    """Return a map as PNG for a place in a document: legend, scale and north within, no title."""
    return as_png(picture_page(sheet, width_mm, height_mm), dpi=PICTURE_DPI)


def picture_page(sheet: MapSheet, width_mm: float, height_mm: float) -> Page:
    """Return the page of a picture."""
    paper = for_picture(width_mm, height_mm)
    return _first_whole(sheet, (paper,), lambda layout: _picture(layout, sheet))


def _first_whole(
    sheet: MapSheet, papers: Sequence[Paper], draw: Callable[[Layout], _Made]
) -> Page:
    """Return the page on which the map is large and the whole legend can be read."""
    wanted = Wanted(bounds_of(sheet), _windows(sheet), locator=sheet.drawn is Drawn.STREET,
                    notice=bool(sheet.evaluation.study.notice))  # fmt: skip
    there = layouts(wanted, papers)
    made = draw(there[0])
    # What the legend holds is nearly the same in each: only what may be better is drawn.
    order = sorted(there, key=lambda layout: layout.cost * _hardly_read(made.panel, layout))
    drawn: list[_Made] = []
    for layout in order:
        drawn.append(made if layout is there[0] else draw(layout))
        if not drawn[-1].left:
            break
    return min(drawn, key=lambda one: one.left).page


def _hardly_read(panel: Sequence[Block], layout: Layout) -> float:
    """Return how much worse a layout is for the letters of its panel: 1 where none is small."""
    letter = layout.paper.letter_pt
    size, left = panel_letters(panel, layout.columns, letter_pt=letter, least=_least(layout.paper))
    if left:
        return _NOT_WHOLE
    return 1.0 if size >= min(LEAST_PT, letter) * _ALMOST else _TOO_SMALL


def _least(paper: Paper) -> float:
    return LEAST_OF_PICTURE if paper.picture else SMALLEST


def _sheet(layout: Layout, sheet: MapSheet, *, number: str, turn: str, unit: str) -> _Made:
    page = Page(layout.paper)
    blocks, omitted = _map(page, layout, sheet)
    told = (*sheet.told, *omitted)
    beside = [Block(say("数据"), told=told)] if told else []
    panel = (*blocks, *beside)
    left = _panel(page, layout, sheet, panel)
    draw_title(page, layout, sheet.title, notice=sheet.evaluation.study.notice, number=number)
    draw_foot(page, layout, sheet, turn=turn, unit=unit)
    draw_frame(page, layout)
    return _Made(page, panel, left)


def _picture(layout: Layout, sheet: MapSheet) -> _Made:
    page = Page(layout.paper)
    blocks, _ = _map(page, layout, sheet)
    left = _panel(page, layout, sheet, blocks)
    if layout.notice is not None:
        draw_notice(page, layout.notice, sheet.evaluation.study.notice)
    draw_internal(page, layout.windows[0].box)
    draw_frame(page, layout)
    return _Made(page, tuple(blocks), left)


def _windows(sheet: MapSheet) -> int:
    return 2 if sheet.drawn is Drawn.CHANGE and sheet.after is not None else 1


def _map(page: Page, layout: Layout, sheet: MapSheet) -> tuple[list[Block], list[Message]]:
    """Draw the map into its windows and return the legend, and what found no room."""
    halves: list[Evaluation] = [sheet.evaluation]
    if len(layout.windows) > 1 and sheet.after is not None:
        halves.append(sheet.after)
    blocks: list[Block] = []
    left_out: dict[str, Message] = {}
    for window, evaluation in zip(layout.windows, halves, strict=True):
        scene = Scene(page, window, evaluation)
        KINDS[sheet.drawn](scene, sheet)
        scene.set_names()
        blocks = scene.legend()
        left_out |= {str(each): each for each in scene.omitted}
    first = translate("情景") if sheet.evaluation.study.scenarios else translate("现状")
    words = (headed(first), headed(translate("建设后")))
    for box, word in zip(layout.heads, words, strict=False):
        page.box(box, Pen("#1c2430", 0.2, "#eceae5"), z=9)
        page.write(word, box.left + box.width / 2, box.bottom + box.height / 2,
                   Letters(1.2 * page.paper.letter_pt, anchor="center"), z=10)  # fmt: skip
    return blocks, list(left_out.values())


def _panel(page: Page, layout: Layout, sheet: MapSheet, blocks: Sequence[Block]) -> int:
    """Draw the panel and return how many lines found no room."""
    page.box(layout.panel, Pen(fill="#ffffff"), z=5.5)
    paper = page.paper
    left = draw_panel(page, blocks, layout.columns, letter_pt=paper.letter_pt,
                      least=_least(paper))  # fmt: skip
    if left:
        letter, last = paper.letter_pt * POINT_MM, layout.columns[-1]
        page.write(say("图例还有 {count} 行没有排下", count=left), last.left,
                   last.bottom - 0.4 * letter, Letters(0.7 * paper.letter_pt))  # fmt: skip
    if layout.locator is not None:
        draw_locator(page, layout.locator, sheet)
    draw_north_and_scale(page, layout.furniture, layout.windows[0], ratio=not paper.picture)
    return left


def bounds_of(sheet: MapSheet) -> Bounds:
    """Return the ground a map shows, in metres: a street, or where people live with its areas."""
    study = sheet.evaluation.study
    streets = areas_of(study, "street")
    if sheet.area is not None:
        own = streets.loc[streets["id"].astype(str).eq(sheet.area)]
        if len(own):
            return _bounds(own.geometry.to_numpy(), around=_AROUND_STREET)
    lived = shown_shapes(study, study.layer("residential"), sheet.evaluation.homes,
                         study.layer("facilities")).to_numpy()  # fmt: skip
    bounds = _bounds(lived)
    areas = streets.geometry.to_numpy()
    about = areas[shapely.intersects(areas, shapely.box(*bounds))]
    both = _bounds(np.append(lived, about))
    return both if _surface(both) <= _BEYOND * _surface(bounds) else bounds


def _bounds(shapes: "np.ndarray[tuple[int], np.dtype[np.object_]]", *, around: float = 0.0
            ) -> Bounds:  # fmt: skip
    west, south, east, north = (float(each) for each in shapely.total_bounds(shapes))
    more = around * max(east - west, north - south)
    return west - more, south - more, east + more, north + more


def _surface(bounds: Bounds) -> float:
    west, south, east, north = bounds
    return max(east - west, 1.0) * max(north - south, 1.0)


def as_png(page: Page, *, dpi: int = SHEET_DPI) -> bytes:
    """Return a page as PNG without anything that varies from run to run."""
    page.figure.set_dpi(dpi)
    page.figure.canvas.draw()
    buffer = page.figure.canvas.buffer_rgba()  # type: ignore[attr-defined]
    image = Image.fromarray(np.asarray(buffer)[..., :3])
    packed = io.BytesIO()
    image.save(packed, "PNG", dpi=(dpi, dpi), compress_level=2)
    return packed.getvalue()


def as_pdf(pages: Iterable[Page], *, title: Message | str, on: date) -> bytes:
    """Return pages as one PDF whose date is the study's; each is drawn when its turn comes."""
    packed = io.BytesIO()
    about = {
        "Title": dotted(str(title)), "Creator": str(maker()), "Author": "",
        "CreationDate": datetime(on.year, on.month, on.day, tzinfo=UTC),  # wherever it is made
    }  # fmt: skip
    with PdfPages(packed, metadata=about) as document:
        for page in pages:
            document.savefig(page.figure)
    return packed.getvalue()
