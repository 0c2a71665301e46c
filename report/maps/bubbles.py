"""People out of reach, a circle a community: its area is their number."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.coverage.table import OUTSIDE
from geo.language import say
from geo.streets.network import Floats
from report.figures import number
from report.maps.ground import areas_of, middles
from report.maps.legend import Block, SignRow
from report.maps.letters import POINT_MM, width_mm
from report.maps.page import Letters, Page, Pen
from report.maps.placing_names import Name, place_names
from report.maps.scene import HALO, Scene

_LARGEST_MM: Final = 14.0  # across
_SMALLEST_MM: Final = 1.4
# White within, so that the figure can be read upon any estate, in grey print too.
_PEN: Final = Pen("#8a0f35", 0.5, "#ffffff", alpha=0.88)
_INK: Final = "#5c0a24"
_FIGURE: Final = 0.9  # letters, in plain ones
_AIR_MM: Final = 0.3  # between a circle and its figure
_LEAST: Final = 0.5  # of a person: fewer is nobody
_SAMPLES: Final = (5000, 2000, 1000, 500, 200, 100, 50, 20, 10)


def draw_bubbles(scene: Scene) -> None:
    """Draw the circles, the smallest on top, each with its figure where there is room."""
    left, level = left_out(scene)
    if left.empty:
        return
    spots = scene.window.place(middles(left.geometry.to_numpy()))
    held = scene.window.holds(spots)
    most = float(left["people"].max())
    across = _across(left["people"].to_numpy(dtype=np.float64), most) * scene.unit
    for size, spot in zip(across[held], spots[held], strict=True):
        scene.page.signs(spot[None], shape="o", size_mm=size, pen=_PEN, z=4)
    _figures(scene, left["people"].to_numpy(dtype=np.float64)[held], spots[held], across[held])
    word = say("社区") if level == "community" else say("街道")
    title = say("未覆盖的60岁以上老年人（人，按{level}）", level=word)
    scene.blocks.append(Block(title, tuple(_samples(scene, most)), part=True))
    if not held.all():
        scene.omitted.append(say("另有 {count} 个圆在图幅以外", count=int((~held).sum())))


def _figures(scene: Scene, people: Floats, spots: Floats, across: Floats) -> None:
    """Write the figures into their circles, or beside where a circle is too small for it."""
    size_pt = scene.size_pt(_FIGURE)
    names, taken = [], []
    for many, (x, y), size in zip(people.tolist(), spots.tolist(), across.tolist(), strict=True):
        text = number(many)
        wide, high = width_mm(text, size_pt), size_pt * POINT_MM
        half = size * 0.4
        if wide <= 0.92 * size:
            scene.page.write(text, x, y, Letters(size_pt, _INK, "center", HALO), z=7.5)
            half = max(half, wide / 2)
        else:
            names.append(Name(text, x, y, size_pt, _INK, clear_mm=size / 2 + _AIR_MM, led=False))
        taken.append((x - half, y - max(size * 0.4, high / 2), x + half,
                      y + max(size * 0.4, high / 2)))  # fmt: skip
    circles = np.array(taken).reshape(-1, 4)
    placed = place_names(names, scene.window.box.inside(0.8), circles)
    for one in placed:
        for line, x, y in one.lines:
            scene.page.write(line, x, y, Letters(size_pt, _INK, "center", HALO), z=7.5)
            half = width_mm(line, size_pt) / 2
            taken.append((x - half, y - high / 2, x + half, y + high / 2))
    scene.taken.append(np.array(taken).reshape(-1, 4))
    if len(names) > len(placed):
        scene.omitted.append(say("另有 {count} 个小圆没有注数字，数字见附表",
                                 count=len(names) - len(placed)))  # fmt: skip


def left_out(scene: Scene) -> tuple[gpd.GeoDataFrame, str]:
    """Return the areas with `people` out of reach, most first, and of which level they are."""
    # A picture in a document is too small for figures of communities.
    levels = ("street", "community") if scene.page.paper.picture else ("community", "street")
    for level in levels:
        areas = areas_of(scene.evaluation.study, level)
        if areas.empty:
            continue
        table = scene.evaluation.headline_coverage  # whom the figures count: none in rural places
        rows = table.loc[table["level"].eq(level) & table["area_id"].ne(OUTSIDE)]
        people = pd.Series(
            (rows["elderly_60plus"] - rows["covered_60plus"]).to_numpy(dtype=np.float64),
            index=rows["area_id"].to_numpy(),
        )
        found = areas[["id", "geometry"]].assign(people=areas["id"].map(people))
        found = found.loc[found["people"].ge(_LEAST)]
        return found.sort_values("people", ascending=False, kind="stable"), level
    return areas_of(scene.evaluation.study, "street").assign(people=[]), "street"


def _across(people: "np.ndarray[tuple[int], np.dtype[np.float64]]", most: float
            ) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":  # fmt: skip
    return np.maximum(_LARGEST_MM * np.sqrt(people / most), _SMALLEST_MM)


def _samples(scene: Scene, most: float) -> list[SignRow]:
    """Return up to three circles of round numbers, the largest first."""
    within = [people for people in _SAMPLES if people <= most]
    shown = within[:1] + within[2:3] + within[4:5]
    rows = []
    for people in shown:
        size = float(_across(np.array([float(people)]), most)[0]) * scene.unit

        def painter(page: Page, x: float, y: float, size: float = size) -> None:
            spot = np.array([[x, y]])
            page.signs(spot, shape="o", size_mm=size, pen=_PEN, z=6)

        rows.append(SignRow(number(people), painter, size))
    return rows
