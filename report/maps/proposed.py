"""What is proposed: the sites, the ground that they serve, and the estates newly covered."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from analysis.evaluation import Evaluation
from geo.language import Message, say
from geo.streets.network import Floats
from report.briefing.content import MapSheet
from report.figures import number
from report.maps.dots import draw_dots
from report.maps.estate_classes import draw_covered
from report.maps.ground import middles, served_by
from report.maps.legend import AreaRow, Block, Row
from report.maps.page import Pen
from report.maps.placing_names import Name
from report.maps.scene import Scene
from report.maps.signs import draw_sites, seen_in, signs_in, site_row

SITE_MM: Final = 6.0
SERVED: Final = Pen("#0b5a34", 0.55, "#0b5a34", alpha=0.13)
EDGE: Final = Pen("#0b5a34", 0.55)

@dataclass(frozen=True, eq=False)
class Sites:
    """The sites of a sheet: spots in millimetres, numbers, names and gains as printed."""

    placed: Floats
    numbers: tuple[str, ...]
    names: tuple[str, ...]
    gains: tuple[str, ...]

    def told(self, which: "np.ndarray[tuple[int], np.dtype[np.bool_]] | None" = None) -> Block:
        """Return the table of the sites, or of some of them."""
        rows = [row for at, row in enumerate(zip(self.numbers, self.names, self.gains, strict=True))
                if which is None or which[at]]  # fmt: skip
        return Block(say("建议选址（新增可达60岁以上，人）"), table=tuple(rows), part=True)


def sites_of(scene: Scene, sheet: MapSheet) -> Sites:
    """Return the sites as they stand in a window; none where none are proposed."""
    if sheet.spots is None:
        return Sites(np.empty((0, 2)), (), (), ())
    return Sites(
        scene.window.place(spots_of(sheet, scene.evaluation)),
        tuple(f"{rank:.0f}" for rank in sheet.spots["rank"]),
        tuple(str(name) for name in sheet.spots["name"].fillna("")),
        tuple(map(str, _gains(sheet.spots))),
    )


def _gains(spots: gpd.GeoDataFrame) -> Iterator[Message | str]:
    """Yield the gain of each site, and what of it is in the street shown, where that is another."""
    if "gain_here" not in spots:
        yield from map(number, spots["gain_60plus"])
        return
    for all_of_it, here in zip(spots["gain_60plus"], spots["gain_here"], strict=True):
        yield number(all_of_it) if all_of_it == here else say(
            "{all}（本街道{here}）", all=number(all_of_it), here=number(here))  # fmt: skip


def spots_of(sheet: MapSheet, evaluation: Evaluation) -> Floats:
    """Return where the sites stand, in metres."""
    if sheet.spots is None:
        return np.empty((0, 2))
    return middles(sheet.spots.to_crs(evaluation.study.crs).geometry.to_numpy())


def draw_proposed(scene: Scene, sheet: MapSheet) -> None:
    """Draw the sites with the ground that they serve; strong only what they cover anew."""
    scene.below()
    covered = draw_covered(scene, sheet, sheet.after or sheet.evaluation)
    rows = draw_served(scene, sheet)
    scene.above()
    signs = signs_in(scene.window, scene.evaluation, only_counted=True)
    rows += draw_dots(scene, signs)
    scene.blocks.append(covered)
    size = SITE_MM * scene.unit
    scene.rows += [site_row(size), *rows]
    sites = sites_of(scene, sheet)
    held = mark_sites(scene, sites, size)
    scene.name_areas(size=0.95)
    scene.name_ground()
    if not scene.page.paper.picture:  # the document has them in a table
        scene.blocks.insert(0, sites.told())
    if not held.all():
        scene.omitted.append(say("另有 {count} 处选址在图幅以外", count=int((~held).sum())))


def draw_served(
    scene: Scene, sheet: MapSheet, *, meeting: shapely.Geometry | None = None
) -> list[Row]:
    """Draw the ground within the limit of the sites alone, and return its row.

    meeting
        In metres: only the parts that meet it.
    """
    if sheet.after is None or sheet.spots is None or sheet.spots.empty:
        return []
    ground = served_by(sheet.after, spots_of(sheet, sheet.after))
    shapes = shapely.get_parts(ground.simplify(0.2 * scene.window.metres_per_mm))
    if meeting is not None:
        shapes = shapes[shapely.intersects(shapes, meeting)]
    if not scene.window.sees(shapes).any():
        return []
    scene.page.areas(shapes, scene.window, Pen(fill=SERVED.fill, alpha=SERVED.alpha), z=2.4)
    scene.page.lines(shapes, scene.window, EDGE, z=3.6)
    limit = sheet.after.study.description.walking.limit_min
    word = say("建议设施{minutes}分钟步行范围", minutes=f"{limit:g}")
    return [AreaRow(word, Pen(EDGE.line, EDGE.width, "#deeae3"))]


def mark_sites(
    scene: Scene, sites: Sites, size_mm: float, *, within: shapely.Geometry | None = None
) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Draw the sites in sight with their numbers, ask for their names; return which they are."""
    held = seen_in(scene.window, sites.placed)
    spots = sites.placed[held]
    draw_sites(scene.page, spots, list(np.array(sites.numbers)[held]), size_mm=size_mm)
    half = size_mm * 0.48
    scene.taken.append(np.hstack([spots - half, spots + half]))
    for name, (x, y) in zip(np.array(sites.names)[held], spots.tolist(), strict=True):
        if name:
            scene.names.append(Name(scene.label(name), x, y, scene.size_pt(0.95), "#14213d",
                                    clear_mm=size_mm / 2, most_mm=34, within=within))  # fmt: skip
    return held
