"""Estates by class: how each is drawn, and what the legend says of those in sight."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import geopandas as gpd
import pandas as pd

from analysis.evaluation import Evaluation
from geo.language import Message
from report.briefing.content import MapSheet
from report.coverage_classes import (
    COVERED,
    counted_classes,
    coverage_classes,
    coverage_rule,
)
from report.maps.hatching import Hatch, draw_hatch
from report.maps.legend import AreaRow, Block, Row
from report.maps.page import Page, Pen
from report.maps.scene import Scene
from report.maps.window import Window
from report.palette import (
    MINUTES,
    OUT_OF_SCOPE,
    UNKNOWN,
    VERDICTS,
    AreaStyle,
    minute_classes,
    verdict_classes,
)

OUTLINE_MM: Final = 0.12
FAINT: Final = Pen("#b9b6ae", 0.1, "#e7e4dc")
# What no lightness tells apart in grey print, lines do.
_HATCHES: Final[Mapping[tuple[str, str], Hatch]] = {
    ("minutes", UNKNOWN): Hatch(Pen("#5b6570", 0.14), 0.9),
    ("verdict", UNKNOWN): Hatch(Pen("#7a6a1c", 0.16), 0.9),
    ("verdict", "met_pooled"): Hatch(Pen("#ffffff", 0.16), 0.8, 0.0),
    ("verdict", "short"): Hatch(Pen("#e8b9a4", 0.12), 1.0, 135.0),
    ("pale verdict", UNKNOWN): Hatch(Pen("#d3c88f", 0.14), 1.2),
    ("pale verdict", "met_pooled"): Hatch(Pen("#ffffff", 0.2), 0.9, 0.0),
    ("minutes", "to_30"): Hatch(Pen("#ecc2a8", 0.12), 1.0, 135.0),
    ("coverage", "left"): Hatch(Pen("#c79b80", 0.12), 1.1, 135.0),
    ("coverage", UNKNOWN): Hatch(Pen("#5b6570", 0.14), 0.9),
}
# Under the circles of those left out, which are what that map is about.
PALE_VERDICTS: Final[Mapping[str, AreaStyle]] = {
    code: replace(VERDICTS[code], fill=fill, line=line)
    for code, fill, line in (
        ("met", "#e9f2f8", "#b3c6d4"), ("met_pooled", "#bfd7e9", "#8fb0c9"),
        ("short", "#e3c0ac", "#c39479"), (UNKNOWN, "#fffbea", "#b0a15a"),
        (OUT_OF_SCOPE, "#f0f0ee", "#c9c9c4"),
    )
}  # fmt: skip
STYLES: Final[Mapping[str, Mapping[str, AreaStyle]]] = {
    "minutes": MINUTES, "coverage": COVERED, "verdict": VERDICTS,
    "pale verdict": PALE_VERDICTS,
}  # fmt: skip


def estates_of(evaluation: Evaluation) -> gpd.GeoDataFrame:
    """Return the estates with the classes of two colourings: `minutes, verdict`."""
    layer = evaluation.study.layer("residential")
    if layer is None:
        empty: list[str] = []
        columns = dict.fromkeys(("id", "name", "minutes", "verdict"), empty)
        return gpd.GeoDataFrame(columns, geometry=[], crs=evaluation.study.crs)
    walks = evaluation.places.loc[evaluation.places["layer"].eq("residential")]
    walks = walks.set_index("place_id")
    check = evaluation.provision.set_index("residential_id")
    names = layer["name"] if "name" in layer else pd.Series("", index=layer.index)
    return gpd.GeoDataFrame(
        {
            "id": layer["id"], "name": names.fillna(""),
            "minutes": minute_classes(
                layer["id"].map(walks["minutes"]), layer["id"].map(walks["reason"])
            ),
            "verdict": verdict_classes(
                layer["id"].map(check["verdict"]), layer["id"].map(check["in_scope"])
            ),
        },
        geometry=layer.geometry, crs=layer.crs,
    )  # fmt: skip


def draw_estates(page: Page, window: Window, estates: gpd.GeoDataFrame, colouring: str, *,
                 z: float = 2, words: Mapping[str, Message] | None = None
                 ) -> list[Row]:  # fmt: skip
    """Draw estates by class and return the legend of the classes in sight, in their order.

    colouring
        `minutes`, `coverage`, `verdict` or `pale verdict`.
    words
        What the legend says of each class there is, whether it is in sight or not.
    """
    column = colouring.removeprefix("pale ")
    seen = estates.loc[window.sees(estates.geometry.to_numpy())]
    rows: list[Row] = []
    for code, style in STYLES[colouring].items():
        shapes = seen.geometry.to_numpy()[seen[column].eq(code).to_numpy(dtype=bool)]
        pen, hatch = pen_of(style), _HATCHES.get((colouring, code))
        if words is not None and code in words:
            rows.append(AreaRow(words[code], pen, hatch))
        if not len(shapes):
            continue
        page.areas(shapes, window, pen, z=z)
        if hatch is not None:
            draw_hatch(page, shapes, window, hatch, z=z + 0.05)
        if words is None:
            rows.append(AreaRow(style.label, pen, hatch))
    return rows


def pen_of(style: AreaStyle) -> Pen:
    """Return how a class is drawn; what is not known or not judged has a dashed outline."""
    dash = tuple(float(each) for each in style.dash.split())
    return Pen(style.line, OUTLINE_MM * (1.5 if dash else 1), style.fill, dash)


def draw_plain(page: Page, window: Window, estates: gpd.GeoDataFrame, *, pen: Pen, z: float = 2
               ) -> None:  # fmt: skip
    """Draw estates alike, as ground."""
    page.areas(estates.geometry.to_numpy(), window, pen, z=z)



def draw_covered(scene: Scene, sheet: MapSheet, after: Evaluation) -> Block:
    """Draw estates by whether they are covered, and return the legend with its rule and counts.

    after
        As which the half is drawn; the legend always tells of both.
    """
    now, brief = sheet.evaluation, scene.page.paper.picture
    classes = coverage_classes(now, sheet.after or now)
    estates = estates_of(now).assign(coverage=coverage_classes(now, after))
    rows = draw_estates(scene.page, scene.window, estates, "coverage",
                        words=counted_classes(classes, now, brief=brief))  # fmt: skip
    return Block(coverage_rule(now, brief=brief), tuple(rows), part=True)
