"""The first page of the atlas: which map stands on which page, and a key map of the streets."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from geo.language import say, translate
from report.briefing.content import Briefing, Drawn, MapSheet, Said
from report.maps.furniture import draw_foot, draw_frame, draw_title
from report.maps.ground import areas_of, draw_borders, middles
from report.maps.layout import Layout, Wanted, layouts
from report.maps.legend import Block, draw_panel
from report.maps.letters import POINT_MM
from report.maps.north import draw_north_and_scale
from report.maps.page import Letters, Page, Pen
from report.maps.paper import Box, Paper
from report.maps.placing_names import Name, place_names
from report.maps.sheet import bounds_of
from report.maps.window import denominator, window_on

_GROUND: Final = Pen("#9a96a0", 0.12, "#f1eff2")
_TO_COLUMNS: Final = 30  # more entries than this stand in two columns


@dataclass(frozen=True)
class Entry:
    """One line of the contents; `area` is the street that a page is of."""

    number: str
    title: Said
    page: int
    area: str | None = None


def draw_contents(briefing: Briefing, entries: Sequence[Entry], *, paper: Paper, turn: str
                  ) -> Page:  # fmt: skip
    """Return the page of contents, laid across."""
    sheet = MapSheet("contents", Drawn.STANDING, say("{title}图集", title=briefing.title),
                     briefing.evaluation)  # fmt: skip
    layout = _halves(layouts(Wanted(bounds_of(sheet)), (paper,))[0], len(entries))
    page = Page(layout.paper)
    _key_map(page, layout, sheet, entries)
    table = tuple((entry.number, str(entry.title), str(entry.page)) for entry in entries)
    left = draw_panel(page, [Block(say("目录"), table=table)], layout.columns,
                      letter_pt=page.paper.letter_pt * 1.15)  # fmt: skip
    if left:
        last = layout.columns[-1]
        page.write(say("目录还有 {count} 行没有排下", count=left), last.left, last.bottom,
                   Letters(page.paper.letter_pt * 0.8))  # fmt: skip
    draw_north_and_scale(page, layout.furniture, layout.windows[0], ratio=False)
    draw_title(page, layout, sheet.title, notice=briefing.notice, number="")
    draw_foot(page, layout, sheet, turn=turn, unit=briefing.maker)
    draw_frame(page, layout)
    return page


def _halves(layout: Layout, entries: int) -> Layout:
    """Return a layout with the contents in the left half and the key map in the right."""
    letter = layout.paper.letter_pt * POINT_MM
    inner, title, foot = layout.paper.page, layout.title, layout.foot
    bottom = foot.top if foot is not None else inner.bottom
    top = title.bottom if title is not None else inner.top
    panel = Box(inner.left, bottom, inner.width * 0.46, top - bottom)
    ground = Box(panel.right, bottom, inner.width - panel.width, top - bottom)
    room = panel.inside(1.2 * letter)
    count = 1 if entries <= _TO_COLUMNS else 2
    wide = (room.width - (count - 1) * 2 * letter) / count
    columns = tuple(
        Box(room.left + at * (wide + 2 * letter), room.bottom, wide, room.height)
        for at in range(count)
    )
    furniture = Box(ground.right - 22 * letter, ground.bottom + 0.8 * letter, 21 * letter,
                    7.5 * letter)  # fmt: skip
    window = layout.windows[0]
    bounds = window.bounds
    window = window_on(bounds, ground, scale=denominator(bounds, ground))
    return replace(layout, panel=panel, columns=columns, furniture=furniture, windows=(window,))


def _key_map(page: Page, layout: Layout, sheet: MapSheet, entries: Sequence[Entry]) -> None:
    """Draw the streets, each with its name and the page it stands on."""
    window, study = layout.windows[0], sheet.evaluation.study
    areas = areas_of(study, "street")
    page.areas(areas.geometry.to_numpy(), window, _GROUND)
    draw_borders(page, window, study)
    at = {entry.area: entry.page for entry in entries if entry.area is not None}
    spots = window.place(middles(areas.geometry.to_numpy()))
    names = [
        Name(f"{name} {at[str(id_)]}" if str(id_) in at else str(name), x, y,
             page.paper.letter_pt, "#43304f", area=window.shape(shape), most_mm=18)
        for id_, name, (x, y), shape in zip(areas["id"], areas["name"].fillna(""),
                                            spots.tolist(), areas.geometry, strict=True)
    ]  # fmt: skip
    for placed in place_names(names, window.box.inside(1), np.empty((0, 4))):
        for line, x, y in placed.lines:
            page.write(line, x, y, Letters(placed.name.size_pt, placed.name.colour, "center",
                                           "#ffffff"))  # fmt: skip
    if areas.empty:
        page.write(translate("研究中没有街道边界"), window.box.left + window.box.width / 2,
                   window.box.bottom + window.box.height / 2,
                   Letters(page.paper.letter_pt, anchor="center"))  # fmt: skip
