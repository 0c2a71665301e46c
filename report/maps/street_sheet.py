"""One street of the atlas: its estates and facilities by name, the neighbours faint."""

from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from geo.language import say
from geo.streets.network import Flags, Floats
from report.areas import area_of
from report.briefing.content import MapSheet
from report.maps.estate_classes import STYLES, draw_estates, draw_plain, estates_of
from report.maps.ground import areas_of, middles
from report.maps.legend import Block, Row, SignRow
from report.maps.letters import POINT_MM
from report.maps.page import Letters, Page, Pen
from report.maps.placing_names import Name
from report.maps.scene import Scene
from report.maps.signs import draw_signs, signs_in
from report.palette import OUT_OF_SCOPE

_NEIGHBOUR: Final = Pen("#c9c6bd", 0.08, "#ebe9e3")
_VEIL: Final = Pen(fill="#ffffff", alpha=0.55)
_FRAME: Final = Pen("#43304f", 0.7, dash=(7, 2))
_MARK_MM: Final = 2.0
# Verdicts as signs upon an estate's colour: read in grey print, and at a glance.
_MARKS: Final = {"met": "✓", "met_pooled": "＋", "short": "×", "unknown": "？"}


def draw_street(scene: Scene, sheet: MapSheet) -> None:
    """Draw one street: estates by minutes, each with a mark of its verdict, all by name."""
    scene.below()
    estates = estates_of(scene.evaluation)
    own = np.array(area_of(scene.evaluation, estates.geometry, "street", column="id"))
    inside = own == str(sheet.area)
    draw_plain(scene.page, scene.window, estates.loc[~inside], pen=_NEIGHBOUR)
    classes = draw_estates(scene.page, scene.window, estates.loc[inside], "minutes")
    scene.bands()
    scene.above()
    _veil(scene, sheet)
    signs = signs_in(scene.window, scene.evaluation, scale=1.15 * scene.unit)
    kinds = draw_signs(scene.page, signs)
    bands, scene.rows = scene.rows, []
    scene.rows += [*bands, *kinds]
    scene.blocks.append(Block(say("小区：到最近设施的步行分钟"), tuple(classes), part=True))
    within = _inside(scene, sheet, signs.placed)
    scene.name_signs(signs.only(within), size=0.74)
    _mark(scene, estates.loc[inside])
    scene.name_areas("community", size=0.95, parent=str(sheet.area))
    scene.name_areas("street", but=str(sheet.area))
    scene.name_signs(signs.only(~within), size=0.6, colour="#6b7280")


def _inside(scene: Scene, sheet: MapSheet, placed: Floats) -> Flags:
    """Return which spots, in millimetres, lie in the street."""
    areas = areas_of(scene.evaluation.study, "street")
    own = areas.loc[areas["id"].astype(str).eq(str(sheet.area))].geometry.to_numpy()
    spots = shapely.points(scene.window.metres(placed))
    found: Flags = shapely.intersects(shapely.union_all(own), spots)
    return found


def _veil(scene: Scene, sheet: MapSheet) -> None:
    """Let everything outside the street fade, and draw its outline strongly."""
    areas = areas_of(scene.evaluation.study, "street")
    shapes = areas.loc[areas["id"].astype(str).eq(str(sheet.area))].geometry.to_numpy()
    if not len(shapes):
        return
    around = shapely.difference(shapely.box(*scene.window.bounds), shapely.union_all(shapes))
    scene.page.areas(np.array([around]), scene.window, _VEIL, z=3.8)
    scene.page.lines(shapes, scene.window, _FRAME, z=3.9)


def _mark(scene: Scene, estates: gpd.GeoDataFrame) -> None:
    """Mark each estate's verdict, and ask for its name."""
    placed = scene.window.place(middles(estates.geometry.to_numpy()))
    size = _MARK_MM * scene.unit
    held = scene.window.holds(placed)
    seen, spots = estates.loc[held], placed[held]
    for code in _MARKS:
        which = seen["verdict"].eq(code).to_numpy(dtype=bool)
        _draw_marks(scene.page, spots[which], code, size)
    half = size * 0.38
    scene.taken.append(np.hstack([spots - half, spots + half]))
    for name, (x, y) in zip(seen["name"], spots.tolist(), strict=True):
        if str(name):
            scene.names.append(Name(str(name), x, y, 0.7 * scene.letter_pt, "#2b3440",
                                    clear_mm=size / 2, led=False, most_mm=22))  # fmt: skip
    scene.blocks.append(Block(say("小区：20㎡/百户配建结论"), tuple(_rows(seen, size)), part=True))
    if not held.all():
        scene.omitted.append(say("另有 {count} 个小区在图幅以外", count=int((~held).sum())))


def _draw_marks(page: Page, spots: Floats, code: str, size: float, *, z: float = 4.6) -> None:
    style = STYLES["verdict"][code]
    dark = code == "short"
    pen = Pen("#ffffff" if dark else style.line, 0.15, style.fill)
    page.signs(spots, shape="o", size_mm=size, pen=pen, z=z)
    letters = Letters(0.72 * size / POINT_MM, "#ffffff" if dark else "#1c2430", "center")
    for x, y in spots.tolist():
        page.write(_MARKS[code], x, y, letters, z=z + 0.1)


def _rows(estates: gpd.GeoDataFrame, size: float) -> list[Row]:
    rows: list[Row] = []
    for code in _MARKS:
        if estates["verdict"].eq(code).any():

            def painter(page: Page, x: float, y: float, code: str = code) -> None:
                _draw_marks(page, np.array([[x, y]]), code, max(size, 2.2), z=6)

            rows.append(SignRow(STYLES["verdict"][code].label, painter, max(size, 2.2)))
    if estates["verdict"].eq(OUT_OF_SCOPE).any():
        rows.append(SignRow(say("无标记：不在核查范围"), lambda _page, _x, _y: None))
    return rows
