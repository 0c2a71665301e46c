"""One street of the atlas: its estates and facilities by name, the neighbours faint."""

from dataclasses import replace
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from analysis.evaluation import Evaluation
from geo.language import joined, say
from geo.streets.network import Flags, Floats
from report.areas import area_of
from report.briefing.content import MapSheet
from report.maps.estate_classes import STYLES, draw_estates, draw_plain, estates_of
from report.maps.ground import areas_of, middles
from report.maps.legend import Block, Row, SignRow
from report.maps.letters import POINT_MM
from report.maps.page import Letters, Page, Pen
from report.maps.placing_names import Name
from report.maps.proposed import SITE_MM, draw_served, mark_sites, sites_of, spots_of
from report.maps.scene import Scene
from report.maps.signs import draw_signs, signs_in, site_row
from report.palette import OUT_OF_SCOPE

_NEIGHBOUR: Final = Pen("#c9c6bd", 0.08, "#ebe9e3")
_VEIL: Final = Pen(fill="#ffffff", alpha=0.55)
_FRAME: Final = Pen("#43304f", 0.7, dash=(7, 2))
_MARK_MM: Final = 2.8
_SITE_LEAST: Final = 0.9
_SAME_M: Final = 1.0  # a facility of the proposal stands where its site is
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
    street = _shape(sheet)
    scene.bands(within=street)
    serving = sites_that_serve(sheet, estates, inside)
    served = draw_served(scene, sheet, meeting=street) if serving.any() else []
    scene.above()
    _veil(scene, street)
    signs = signs_in(scene.window, scene.evaluation)
    kinds = draw_signs(scene.page, signs)
    scene.rows += [*served, *kinds]
    scene.blocks.append(Block(say("小区：到最近设施的步行分钟"), tuple(classes), part=True))
    placed = None if street is None else scene.window.shape(street)
    _sites(scene, sheet, serving, placed)
    within = _holds(placed, signs.placed)
    scene.taken.append(signs.only(~within).boxes)
    scene.name_signs(signs.only(within), within=placed)
    _mark(scene, estates.loc[inside], placed)
    scene.name_areas("community", size=0.95, parent=str(sheet.area))
    scene.name_areas("street", but=str(sheet.area))
    scene.name_ground(beyond=street)


def sites_that_serve(sheet: MapSheet, estates: gpd.GeoDataFrame, own: Flags) -> Flags:
    """Return which sites stand in a street or are the nearest within the limit for its people.

    own
        Which estates are the street's.
    """
    if sheet.after is None or sheet.spots is None:
        return np.zeros(0, dtype=bool)
    after, spots = sheet.after, spots_of(sheet, sheet.after)
    area = _area(sheet)
    stands: Flags = shapely.intersects(area, shapely.points(spots))
    homes = _own_homes(after, area, set(estates["id"][own]))
    walks = after.places.loc[after.places["minutes"].le(after.study.description.walking.limit_min)]
    nearest = set(walks.loc[walks["place_id"].isin(homes), "nearest_facility_id"])
    layer = after.study.layer("facilities")
    if layer is None or layer.empty or not nearest:
        return stands
    near = layer.loc[layer["id"].isin(nearest)]
    at = middles(near.geometry.to_numpy())
    apart = np.hypot(spots[:, None, 0] - at[:, 0], spots[:, None, 1] - at[:, 1])
    new = ~near["id"].isin(sheet.evaluation.counted).to_numpy()
    serves: Flags = stands | ((apart < _SAME_M) & new).any(axis=1)
    return serves


def _own_homes(after: Evaluation, area: shapely.Geometry, estates: set[str]) -> set[str]:
    """Return the places where the street's people live: its estates, and its land without any."""
    land = after.homes.loc[after.homes["place_layer"].ne("residential")]
    inside = shapely.intersects(area, land.geometry.to_numpy())
    return estates | set(land["place_id"][inside])


def _sites(scene: Scene, sheet: MapSheet, serving: Flags, street: shapely.Geometry | None) -> None:
    """Mark all sites in sight; name and tell those that lie in the street or serve it."""
    sites = sites_of(scene, sheet)
    if not len(sites.placed):
        return
    names = tuple(name if serves else "" for name, serves in zip(sites.names, serving, strict=True))
    size = SITE_MM * max(scene.unit, _SITE_LEAST)
    held = mark_sites(scene, replace(sites, names=names), size, within=street)
    if held.any():
        scene.rows.insert(0, site_row(size))
    if serving.any():
        scene.blocks.insert(0, sites.told(serving))
    beyond = [number for number, serves, seen in zip(sites.numbers, serving, held, strict=True)
              if serves and not seen]  # fmt: skip
    if beyond:
        scene.omitted.append(say("建议{numbers}在图幅以外，其服务范围及于本街道",
                                 numbers=joined("、", *beyond)))  # fmt: skip


def _area(sheet: MapSheet) -> shapely.Geometry:
    """Return the street's ground, in metres; empty where it has none."""
    areas = areas_of(sheet.evaluation.study, "street")
    own = areas.loc[areas["id"].astype(str).eq(str(sheet.area))].geometry.to_numpy()
    return shapely.union_all(own)


def _shape(sheet: MapSheet) -> shapely.Geometry | None:
    area = _area(sheet)
    return None if area.is_empty else area


def _holds(street: shapely.Geometry | None, placed: Floats) -> Flags:
    """Return which spots lie in the street, all in millimetres; all of them where it is nowhere."""
    if street is None:
        return np.ones(len(placed), dtype=bool)
    found: Flags = shapely.intersects(street, shapely.points(placed))
    return found


def _veil(scene: Scene, street: shapely.Geometry | None) -> None:
    """Let everything outside the street fade, and draw its outline strongly."""
    if street is None:
        return
    around = shapely.difference(shapely.box(*scene.window.bounds), street)
    scene.page.areas(np.array([around]), scene.window, _VEIL, z=3.8)
    scene.page.lines(np.array([street]), scene.window, _FRAME, z=3.9)


def _mark(
    scene: Scene, estates: gpd.GeoDataFrame, street: shapely.Geometry | None
) -> None:
    """Mark each estate's verdict, and ask for its name."""
    placed = scene.window.place(middles(estates.geometry.to_numpy()))
    size = _MARK_MM
    held = scene.window.holds(placed)
    seen, spots = estates.loc[held], placed[held]
    for code in _MARKS:
        which = seen["verdict"].eq(code).to_numpy(dtype=bool)
        _draw_marks(scene.page, spots[which], code, size)
    half = size * 0.38
    scene.taken.append(np.hstack([spots - half, spots + half]))
    for name, (x, y) in zip(seen["name"], spots.tolist(), strict=True):
        if str(name):
            scene.names.append(Name(scene.label(name), x, y, scene.size_pt(0.74), "#2b3440",
                                    clear_mm=size / 2, led=False, most_mm=22,
                                    within=street))  # fmt: skip
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
