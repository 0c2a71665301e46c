"""The ground under every map: water, green, streets, barriers and the lines between areas."""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Final
from weakref import WeakKeyDictionary

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from analysis.evaluation import Evaluation
from analysis.study import Study
from analysis.walking.around import ground_around
from geo.language import Message, say
from geo.streets.network import Flags, Floats, Ints, WalkNetwork
from report.maps.legend import AreaRow, LineRow, NoteRow, Row
from report.maps.page import Page, Pen, paths_from
from report.maps.window import Shapes, Window
from report.palette import GREEN, GROUND, WATER, street_class

STREETS: Final = ("minor", "middle", "major")
_WIDTHS: Final = {"minor": 0.16, "middle": 0.42, "major": 0.95}  # millimetres at 1:10,000
_THINNEST: Final = {"minor": 0.07, "middle": 0.16, "major": 0.34}
_EDGED_FROM_MM: Final = 0.3
_STREET, _EDGE = "#ffffff", "#a9a59b"
_LONG_MM: Final = 60.0  # shorter barriers are walls about estates, which their outlines tell
LIVED: Final = say("没有小区面的居住用地（居民按点计）")
_LAND: Final = Pen("#dccfb4", 0.06, "#f4ecdc")
_BARRIER: Final = Pen("#6d6a64", 0.16, dash=(6, 2, 1.5, 2))
_BORDERS: Final = {
    "community": Pen("#7d6d86", 0.14, dash=(3, 3)),
    "street": Pen("#6b5876", 0.3, dash=(7, 3)),
    "county": Pen("#43304f", 0.5, dash=(9, 2.5, 1.5, 2.5)),
}
_LEVELS: Final = {
    "county": say("旗县区界"), "street": say("街道（乡镇）界"), "community": say("社区界"),
}  # fmt: skip
_COMMUNITIES_FROM: Final = 40_000.0  # from this scale on their lines can be told apart


@dataclass(frozen=True, eq=False)
class Drawn:
    """What of an evaluation is worked out once for all its sheets, in metres.

    street_class
        0 minor, 1 middle, 2 major, one a street.
    rings
        Of the outlines by minutes, the widest first: rings with the surface that each encloses.
    """

    street_class: Ints
    rings: Mapping[float, tuple[Shapes, Floats]]


_kept: WeakKeyDictionary[Evaluation, Drawn] = WeakKeyDictionary()
_served: WeakKeyDictionary[Evaluation, shapely.Geometry] = WeakKeyDictionary()
_lock = Lock()


def drawn_of(evaluation: Evaluation) -> Drawn:
    """Return what is worked out once for all sheets of an evaluation."""
    with _lock:
        known = _kept.get(evaluation)
        if known is None:
            classes = _classes(evaluation.study.network)
            known = _kept[evaluation] = Drawn(classes, _rings(evaluation))
    return known


def served_by(evaluation: Evaluation, xy: Floats) -> shapely.Geometry:
    """Return the land within the limit of some spots alone, in metres; worked out once.

    evaluation
        The one with facilities there: of each the same spots are always asked for.
    """
    with _lock:
        known = _served.get(evaluation)
        if known is None:
            study = evaluation.study
            known = _served[evaluation] = ground_around(
                study, evaluation.reach.placed, xy, minutes=study.description.walking.limit_min
            )
    return known


def _rings(evaluation: Evaluation) -> dict[float, tuple[Shapes, Floats]]:
    bands = evaluation.isochrones.to_crs(evaluation.study.crs)
    bands = bands.sort_values("minutes", ascending=False)
    found = {}
    for minutes, shape in zip(bands["minutes"], bands.geometry.to_numpy(), strict=True):
        rings = shapely.get_rings(shapely.get_parts(shape))
        found[float(minutes)] = rings, shapely.area(shapely.polygons(rings))
    return found


def _classes(network: WalkNetwork) -> Ints:
    # An unknown kind is -1, which takes the last word.
    classes = [STREETS.index(street_class(kind)) for kind in network.kinds]
    known: Ints = np.array([*classes, 0], dtype=np.int64)[network.kind]
    return known


def draw_ground(page: Page, window: Window, evaluation: Evaluation) -> list[Row]:
    """Draw the ground in a window and return what the legend says of it."""
    study = evaluation.study
    page.box(window.box, Pen(fill=GROUND), z=0)
    rows = _background(page, window, study)
    rows += _land(page, window, evaluation)
    rows += _streets(page, window, study.network, drawn_of(evaluation).street_class)
    return rows + _barriers(page, window, study)


def _background(page: Page, window: Window, study: Study) -> list[Row]:
    layer = study.layer("background")
    if layer is None or "kind" not in layer:
        return []
    water = layer["kind"].eq("water").to_numpy(dtype=bool, na_value=False)
    shapes = layer.geometry.to_numpy()
    rows: list[Row] = []
    for which, colour, word in ((~water, GREEN, say("绿地")), (water, WATER, say("水域"))):
        pen = Pen(fill=colour)
        page.areas(shapes[which], window, pen, z=0.5)
        if window.sees(shapes[which]).any():
            rows.insert(0, AreaRow(word, pen))
    return rows


def _land(page: Page, window: Window, evaluation: Evaluation) -> list[Row]:
    """Draw where people live outside of estates, and return what blank ground is."""
    if not evaluation.homes["place_layer"].ne("residential").any():
        return []
    layer = evaluation.study.layer("residential_land")
    if layer is None:
        return [NoteRow(say("空白：没有小区面的地方，居民按点计"))]
    shapes = layer.geometry.to_numpy()
    page.areas(shapes, window, _LAND, z=0.55)
    if not window.sees(shapes).any():
        return []
    return [AreaRow(LIVED, _LAND),
            NoteRow(say("空白：没有居住用地的地方"))]  # fmt: skip


def waters_of(study: Study) -> gpd.GeoDataFrame:
    """Return the waters, largest first; empty where there are none or they have no names."""
    layer = study.layer("background")
    if layer is None or "kind" not in layer or "name" not in layer:
        return gpd.GeoDataFrame({"name": []}, geometry=[], crs=study.crs)
    waters = layer.loc[layer["kind"].eq("water").to_numpy(dtype=bool, na_value=False)]
    return waters.loc[waters.geometry.area.sort_values(ascending=False, kind="stable").index]


def _streets(page: Page, window: Window, network: WalkNetwork, classes: Ints) -> list[Row]:
    """Draw the streets, thin ones first; major ones with an edge, so that they lead the eye."""
    west, south, east, north = window.bounds
    low_x, low_y, high_x, high_y = network.street_boxes
    seen = (low_x <= east) & (high_x >= west) & (low_y <= north) & (high_y >= south)
    rows: list[Row] = []
    for number, name in enumerate(STREETS):
        paths = _paths(network, seen & (classes == number), window)
        pens = _street_pens(name, window)
        for pen in pens:
            page.paint(paths, pen, within=window.box, z=0.6 + 0.1 * number)
        if paths:
            rows.insert(0, LineRow(_STREET_WORDS[name], pens, GROUND))
    return rows


_STREET_WORDS: Final = {
    "major": say("主要道路"), "middle": say("一般道路"), "minor": say("小路与步行道"),
}  # fmt: skip


def _street_pens(name: str, window: Window) -> tuple[Pen, ...]:
    """Return how a class of streets is drawn: an edge under a light line, or a thin line alone."""
    wide = max(_WIDTHS[name] * 10 / window.metres_per_mm, _THINNEST[name])
    wide = min(wide, 2 * _WIDTHS[name])
    if name == "minor" or (name == "middle" and wide < _EDGED_FROM_MM):
        return (Pen("#c8c4ba" if name == "minor" else "#b3afa5", wide),)
    return Pen(_EDGE, wide + 0.16), Pen(_STREET, wide)


def _paths(network: WalkNetwork, which: Flags, window: Window) -> list:  # type: ignore[type-arg]
    """Return streets as paths, straight from the arrays that they are kept in."""
    lengths = np.diff(network.vertex_start)
    corners = network.vertex_xy[np.repeat(which, lengths)]
    first = np.cumsum(np.append(0, lengths[which]))[:-1]
    return paths_from(window.place(corners), first, whole=first) if len(first) else []


def _barriers(page: Page, window: Window, study: Study) -> list[Row]:
    layer = study.layer("barriers")
    if layer is None:
        return []
    shapes = layer.geometry.to_numpy()
    shapes = shapes[shapely.length(shapes) / window.metres_per_mm >= _LONG_MM]
    page.lines(shapes, window, _BARRIER, z=0.9)
    seen = window.sees(shapes).any()
    return [LineRow(say("铁路、河岸等阻隔"), (_BARRIER,))] if seen else []


def draw_borders(page: Page, window: Window, study: Study) -> list[Row]:
    """Draw the lines between areas over everything that lies flat, the finest first."""
    rows: list[Row] = []
    for level, pen in _BORDERS.items():
        if level == "community" and window.metres_per_mm * 1000 > _COMMUNITIES_FROM:
            continue
        shapes = areas_of(study, level).geometry.to_numpy()
        if len(shapes) and window.sees(shapes).any():
            page.lines(shapes, window, Pen("#ffffff", pen.width + 0.3, alpha=0.55), z=2.9)
            page.lines(shapes, window, pen, z=3)
            rows.insert(0, LineRow(_LEVELS[level], (pen,)))
    return rows


def areas_of(study: Study, level: str) -> gpd.GeoDataFrame:
    """Return the areas of a level, `id, name`; empty where there are none."""
    layer = study.layer("boundaries")
    if layer is None or "level" not in layer:
        return gpd.GeoDataFrame({"id": [], "name": []}, geometry=[], crs=study.crs)
    rows: gpd.GeoDataFrame = layer.loc[layer["level"].eq(level)]
    return rows


def middles(shapes: Shapes) -> Floats:
    """Return a spot inside of each shape, in metres; NaN where there is none."""
    spots = shapely.point_on_surface(shapes)
    found: NDArray[np.float64] = np.column_stack([shapely.get_x(spots), shapely.get_y(spots)])
    return found


def level_word(level: str) -> Message:
    """Return what the line of a level is called."""
    return _LEVELS[level]
