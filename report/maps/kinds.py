"""The kinds of maps: what is there, who is reached, what is lacking, what is proposed."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from geo.language import say
from report.briefing.content import Drawn, MapSheet
from report.figures import number
from report.maps.bubbles import draw_bubbles
from report.maps.estate_classes import FAINT, draw_estates, draw_plain, estates_of
from report.maps.ground import middles
from report.maps.legend import AreaRow, Block
from report.maps.page import Pen
from report.maps.placing_names import Name
from report.maps.scene import Scene
from report.maps.signs import draw_signs, draw_sites, seen_in, signs_in, site_row
from report.maps.street_sheet import draw_street
from report.palette import REACH

_SMALL: Final = 0.72  # signs of facilities where they are not what the map is about
_SITE_MM: Final = 6.0


def draw_standing(scene: Scene, _sheet: MapSheet) -> None:
    """Draw facilities by kind over estates, streets and water."""
    scene.below()
    estates = estates_of(scene.evaluation)
    draw_plain(scene.page, scene.window, estates, pen=FAINT)
    scene.above()
    signs = signs_in(scene.window, scene.evaluation, scale=scene.unit)
    scene.rows += draw_signs(scene.page, signs)
    if len(estates):
        scene.rows.append(AreaRow(say("住宅小区"), FAINT))
    scene.name_areas()
    if scene.page.paper.picture:  # which is too small for more names than those of centres
        scene.taken.append(signs.boxes)
        signs = signs.only(signs.table["category"].eq("street_centre").to_numpy(dtype=bool))
    scene.name_signs(signs)
    scene.tell_outside(signs)


def draw_coverage(scene: Scene, _sheet: MapSheet) -> None:
    """Draw the minutes of every estate and the outlines of 5, 10 and 15 minutes."""
    _covered(scene)
    scene.name_areas()


def _covered(scene: Scene) -> None:
    scene.below()
    estates = estates_of(scene.evaluation)
    classes = draw_estates(scene.page, scene.window, estates, "minutes")
    scene.bands()
    scene.above()
    signs = signs_in(scene.window, scene.evaluation, scale=_SMALL * scene.unit, only_counted=True)
    kinds = draw_signs(scene.page, signs)
    scene.taken.append(signs.boxes)
    bands, scene.rows = scene.rows, []
    scene.blocks.append(Block(say("小区：到最近设施的步行分钟"), tuple(classes), part=True))
    scene.rows += [*bands, *kinds]


def draw_gaps(scene: Scene, _sheet: MapSheet) -> None:
    """Draw the verdict of every estate, and the people out of reach by community."""
    scene.below()
    estates = estates_of(scene.evaluation)
    classes = draw_estates(scene.page, scene.window, estates, "verdict")
    scene.above()
    scene.blocks.append(Block(say("小区：20㎡/百户配建结论"), tuple(classes), part=True))
    draw_bubbles(scene)
    scene.name_areas()


def draw_proposed(scene: Scene, sheet: MapSheet) -> None:
    """Draw the sites upon coverage as it stands, with their names and gains."""
    _covered(scene)
    scene.rows.insert(0, site_row(_SITE_MM * scene.unit))
    placed, numbers, names, gains = _sites(scene, sheet)
    held = seen_in(scene.window, placed)
    draw_sites(scene.page, placed[held], list(np.array(numbers)[held]),
               size_mm=_SITE_MM * scene.unit)  # fmt: skip
    half = _SITE_MM * scene.unit * 0.42
    scene.taken.append(np.hstack([placed - half, placed + half]))
    for name, (x, y) in zip(np.array(names)[held], placed[held].tolist(), strict=True):
        scene.names.append(Name(str(name), x, y, 0.9 * scene.letter_pt, "#14213d",
                                clear_mm=_SITE_MM * scene.unit / 2, most_mm=34))  # fmt: skip
    scene.name_areas()
    if not scene.page.paper.picture:  # the document has them in a table
        scene.blocks.insert(0, _sites_told(numbers, names, gains))
    if not held.all():
        scene.omitted.append(say("另有 {count} 处选址在图幅以外", count=int((~held).sum())))


def _sites(scene: Scene, sheet: MapSheet) -> tuple[np.ndarray, list[str], list[str], list[str]]:
    """Return the sites' spots in millimetres, their numbers, names and gains as printed."""
    if sheet.spots is None:
        return np.empty((0, 2)), [], [], []
    spots = sheet.spots.to_crs(scene.evaluation.study.crs)
    placed = scene.window.place(middles(spots.geometry.to_numpy()))
    return (
        placed, [f"{rank:.0f}" for rank in spots["rank"]],
        [str(name) for name in spots["name"].fillna("")], list(map(number, spots["gain_60plus"])),
    )  # fmt: skip


def _sites_told(numbers: list[str], names: list[str], gains: list[str]) -> Block:
    rows = tuple(zip(numbers, names, gains, strict=True))
    return Block(say("建议选址（新增可达60岁以上，人）"), table=rows, part=True)


def draw_reach(scene: Scene, sheet: MapSheet) -> None:
    """Draw how much of every estate is reached: one half of a comparison."""
    scene.below()
    estates = estates_of(scene.evaluation)
    scene.rows += draw_estates(scene.page, scene.window, estates, "reach")
    if scene.evaluation is sheet.after:
        _mark_gained(scene, sheet)
    scene.above()
    signs = signs_in(scene.window, sheet.evaluation, scale=_SMALL * scene.unit, only_counted=True)
    kinds = draw_signs(scene.page, signs)
    scene.taken.append(signs.boxes)
    scene.rows += kinds
    if scene.evaluation is sheet.after:
        placed, numbers, names, gains = _sites(scene, sheet)
        held = seen_in(scene.window, placed)
        draw_sites(scene.page, placed[held], list(np.array(numbers)[held]),
                   size_mm=_SITE_MM * 0.8 * scene.unit)  # fmt: skip
        half = _SITE_MM * 0.4 * scene.unit
        scene.taken.append(np.hstack([placed - half, placed + half]))
        scene.rows.append(site_row(_SITE_MM * 0.8 * scene.unit))
        if not scene.page.paper.picture:
            scene.blocks.append(_sites_told(numbers, names, gains))
    scene.name_areas(size=0.8)


def _mark_gained(scene: Scene, sheet: MapSheet) -> None:
    """Fill what becomes reachable, wholly or more of it, in a colour of its own."""
    before, after = estates_of(sheet.evaluation), estates_of(scene.evaluation)
    was = after["id"].map(before.set_index("id")["share"])
    for code, changed in (("gained", after["share"].gt(was)), ("lost", after["share"].lt(was))):
        shapes = after.geometry.to_numpy()[changed.to_numpy(dtype=bool)]
        if len(shapes):
            style = REACH[code]
            pen = Pen(style.line, 0.2, style.fill)
            scene.page.areas(shapes, scene.window, pen, z=2.2)
            word = say("建设后新增可达") if code == "gained" else say("建设后减少可达")
            scene.rows.append(AreaRow(word, pen))


KINDS: Final[Mapping[Drawn, Callable[[Scene, MapSheet], None]]] = {
    Drawn.STANDING: draw_standing, Drawn.COVERAGE: draw_coverage, Drawn.GAPS: draw_gaps,
    Drawn.SITES: draw_proposed, Drawn.CHANGE: draw_reach, Drawn.STREET: draw_street,
}  # fmt: skip
