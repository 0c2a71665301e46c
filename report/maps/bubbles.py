"""People out of reach, a circle a community: its area is their number."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.coverage.table import OUTSIDE
from geo.language import say
from report.figures import number
from report.maps.ground import areas_of, middles
from report.maps.legend import Block, SignRow
from report.maps.letters import POINT_MM
from report.maps.page import Letters, Page, Pen
from report.maps.scene import A3_LETTER_PT, Scene
from report.palette import BUBBLE_FILL, BUBBLE_LINE

_LARGEST_MM: Final = 12.0  # across
_SMALLEST_MM: Final = 1.2
_NAMED_FROM_MM: Final = 4.6  # smaller circles hold no figure
_PEN: Final = Pen(BUBBLE_LINE, 0.3, BUBBLE_FILL, alpha=0.86)
_FIGURE: Final = 0.3  # letters in a circle, in its width
_LEAST: Final = 0.5  # of a person: fewer is nobody
_SAMPLES: Final = (5000, 2000, 1000, 500, 200, 100, 50, 20, 10)


def draw_bubbles(scene: Scene) -> None:
    """Draw the circles, the smallest on top, with figures where there is room."""
    left, level = left_out(scene)
    if left.empty:
        return
    spots = scene.window.place(middles(left.geometry.to_numpy()))
    held = scene.window.holds(spots)
    most = float(left["people"].max())
    across = _across(left["people"].to_numpy(dtype=np.float64), most) * scene.unit
    for people, size, (x, y) in zip(left["people"][held], across[held], spots[held], strict=True):
        _bubble(scene.page, x, y, size, number(people))
        half = size * 0.4
        scene.taken.append(np.array([[x - half, y - half, x + half, y + half]]))
    word = say("社区") if level == "community" else say("街道")
    title = say("未覆盖的60岁以上老年人（人，按{level}）", level=word)
    scene.blocks.append(Block(title, tuple(_samples(scene, most)), part=True))
    if not held.all():
        scene.omitted.append(say("另有 {count} 个圆在图幅以外", count=int((~held).sum())))


def left_out(scene: Scene) -> tuple[gpd.GeoDataFrame, str]:
    """Return the areas with `people` out of reach, most first, and of which level they are."""
    for level in ("community", "street"):
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


def _bubble(page: Page, x: float, y: float, size: float, text: str) -> None:
    spot = np.array([[x, y]])
    page.signs(spot, shape="o", size_mm=size, pen=_PEN, z=4)
    if size >= _NAMED_FROM_MM * page.paper.letter_pt / A3_LETTER_PT:
        size_pt = min(_FIGURE * size / POINT_MM, page.paper.letter_pt)
        page.write(text, x, y, Letters(size_pt, "#ffffff", "center"), z=4.5)


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
