"""The kinds of maps: what is there, who is reached, what is lacking, what is proposed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from geo.language import say
from report.briefing.content import Drawn, MapSheet
from report.maps.bubbles import draw_bubbles
from report.maps.dots import AROUND, IDLE, draw_dots
from report.maps.estate_classes import FAINT, draw_covered, draw_estates, draw_plain, estates_of
from report.maps.legend import AreaRow, Block, Row
from report.maps.proposed import SITE_MM, draw_proposed, mark_sites, sites_of
from report.maps.scene import Scene
from report.maps.signs import Signs, draw_signs, signs_in, site_row
from report.maps.street_sheet import draw_street


def draw_standing(scene: Scene, _sheet: MapSheet) -> None:
    """Draw facilities by kind over estates, streets and water."""
    scene.below()
    estates = estates_of(scene.evaluation)
    draw_plain(scene.page, scene.window, estates, pen=FAINT)
    scene.above()
    signs = signs_in(scene.window, scene.evaluation)
    shown, dots = _of_the_circle(scene, signs) if scene.page.paper.picture else (signs, [])
    scene.rows += [*draw_signs(scene.page, shown), *dots]
    if len(estates):
        scene.rows.append(AreaRow(say("住宅小区"), FAINT))
    scene.name_areas()
    scene.name_ground()
    if scene.page.paper.picture:  # which is too small for more names than those of centres
        scene.taken.append(signs.boxes)
        shown = shown.only(shown.table["category"].eq("street_centre").to_numpy(dtype=bool))
    scene.name_signs(shown)
    scene.tell_outside(signs)


def _of_the_circle(scene: Scene, signs: Signs) -> tuple[Signs, list[Row]]:
    """Draw the facilities that do not count as dots; return those that do, and the dots' rows."""
    counted = signs.table["counted"].to_numpy(dtype=bool)
    works = signs.table["operating"].to_numpy(dtype=bool)
    dots = draw_dots(scene, signs.only(~counted & works), AROUND)
    dots += draw_dots(scene, signs.only(~counted & ~works), IDLE)
    return signs.only(counted), dots


def draw_coverage(scene: Scene, _sheet: MapSheet) -> None:
    """Draw the minutes of every estate and the outlines of 5, 10 and 15 minutes."""
    scene.below()
    estates = estates_of(scene.evaluation)
    classes = draw_estates(scene.page, scene.window, estates, "minutes")
    scene.bands()
    scene.above()
    signs = signs_in(scene.window, scene.evaluation, only_counted=True)
    scene.rows += draw_dots(scene, signs)
    scene.blocks.append(Block(say("小区：到最近设施的步行分钟"), tuple(classes), part=True))
    scene.name_areas()
    scene.name_ground()


def draw_gaps(scene: Scene, _sheet: MapSheet) -> None:
    """Draw the verdict of every estate, and the people out of reach by community."""
    scene.below()
    estates = estates_of(scene.evaluation)
    classes = draw_estates(scene.page, scene.window, estates, "pale verdict")
    scene.above()
    scene.blocks.append(Block(say("小区：20㎡/百户配建结论"), tuple(classes), part=True))
    draw_bubbles(scene)
    scene.name_areas()
    scene.name_ground()


def draw_change(scene: Scene, sheet: MapSheet) -> None:
    """Draw which estates are covered: one half of a comparison."""
    scene.below()
    built = scene.evaluation is sheet.after
    scene.blocks.append(draw_covered(scene, sheet, scene.evaluation))
    scene.above()
    signs = signs_in(scene.window, sheet.evaluation, only_counted=True)
    scene.rows += draw_dots(scene, signs)
    if built:
        sites, size = sites_of(scene, sheet), 0.8 * SITE_MM * scene.unit
        mark_sites(scene, replace(sites, names=("",) * len(sites.names)), size)
        scene.rows.append(site_row(size))
        if not scene.page.paper.picture:
            scene.blocks.append(sites.told())
    scene.name_areas(size=0.8)


KINDS: Final[Mapping[Drawn, Callable[[Scene, MapSheet], None]]] = {
    Drawn.STANDING: draw_standing, Drawn.COVERAGE: draw_coverage, Drawn.GAPS: draw_gaps,
    Drawn.SITES: draw_proposed, Drawn.CHANGE: draw_change, Drawn.STREET: draw_street,
}  # fmt: skip
