"""Signs of facilities, sites and numbers of people: shapes that can be read in grey print."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Self

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import words
from analysis.evaluation import Evaluation
from analysis.walking.placing import operating
from geo.language import say
from geo.streets.network import Flags, Floats
from report.maps.ground import middles
from report.maps.legend import Painter, Row, SignRow
from report.maps.letters import POINT_MM
from report.maps.page import Letters, Page, Pen
from report.maps.window import Window
from report.palette import FACILITIES

_SHAPES: Final = {"round": "o", "square": "s", "diamond": "D"}
_SIZES: Final = {"round": 1.0, "square": 0.9, "diamond": 0.84}  # alike to the eye
SIGN_MM: Final = 4.2  # on every paper: the letter within can just be read
_SMALLEST_MM: Final = 1.5
_MANY: Final = 90  # so many signs have their full size
_LETTER_FROM_MM: Final = 1.9  # smaller ones hold no letter that could be read
# What tells the finer kinds apart comes first: a centre matters more than a station.
_ORDER: Final = (
    "street_centre", "county_platform", "embedded", "day_care", "community_station", "care_home",
    "welfare_home", "mutual_aid", "canteen", "health", "rehab", "elder_university", "childcare",
    "other",
)  # fmt: skip
_SITE: Final = "#ffd23f"


@dataclass(frozen=True, eq=False)
class Signs:
    """Facilities as they stand in a window.

    table
        `name, category, counted, operating`, the most important first.
    placed
        Their spots in millimetres.
    outside
        How many lie beyond the window or have no place.
    """

    table: pd.DataFrame
    placed: Floats
    size_mm: float
    outside: int

    def only(self, which: Flags) -> Self:
        """Return some of the signs."""
        return replace(self, table=self.table.loc[which], placed=self.placed[which])

    @property
    def boxes(self) -> Floats:
        """Return what the signs take up, a little less than their corners."""
        half = 0.38 * self.size_mm
        return np.hstack([self.placed - half, self.placed + half])


def signs_in(
    window: Window, evaluation: Evaluation, *, scale: float = 1.0, only_counted: bool = False
) -> Signs:
    """Return the facilities seen in a window.

    scale
        How large signs are beside those of an A3 sheet.
    """
    layer = evaluation.study.layer("facilities")
    if layer is None:
        empty = pd.DataFrame({"name": [], "category": [], "counted": [], "operating": []})
        return Signs(empty, np.empty((0, 2)), SIGN_MM * scale, 0)
    table = _table(layer, evaluation)
    if only_counted:
        table = table.loc[table["counted"]]
    placed = window.place(middles(layer.geometry.to_numpy()[table["at"].to_numpy()]))
    held = window.holds(placed)
    many = np.sqrt(max(int(held.sum()), 1) / _MANY)
    size = max(SIGN_MM * scale / max(many, 1.0), min(_SMALLEST_MM, SIGN_MM * scale))
    return Signs(table.loc[held], placed[held], size, int((~held).sum()))


def _table(layer: gpd.GeoDataFrame, evaluation: Evaluation) -> pd.DataFrame:
    category = words(layer, "category").fillna("other")
    category = category.where(category.isin(list(FACILITIES)), "other")
    table = pd.DataFrame(
        {
            "name": words(layer, "name").fillna(""),
            "category": category,
            "counted": layer["id"].isin(evaluation.counted).to_numpy(dtype=bool),
            "operating": operating(layer).to_numpy(dtype=bool),
            "at": np.arange(len(layer)),
        }
    ).reset_index(drop=True)  # fmt: skip
    rank = table["category"].map({code: place for place, code in enumerate(_ORDER)})
    ordered = table.assign(rank=rank).sort_values(
        ["counted", "operating", "rank", "at"], ascending=[False, False, True, True]
    )
    return ordered.drop(columns="rank").reset_index(drop=True)


def draw_signs(page: Page, signs: Signs, *, z: float = 5) -> list[Row]:
    """Draw facilities, the most important on top, and return what the legend says of them."""
    rows: list[Row] = []
    table = signs.table
    for code, counted, works in reversed(list(_kinds(table))):
        which = (
            table["category"].eq(code) & table["counted"].eq(counted)
            & table["operating"].eq(works)
        ).to_numpy(dtype=bool)  # fmt: skip
        _draw(page, signs.placed[which], code, size_mm=signs.size_mm,
              pen=_pen(code, counted=counted, works=works), z=z + counted)  # fmt: skip
    for code in dict.fromkeys(table["category"]):
        of_kind = table.loc[table["category"].eq(code)]
        counted, size = bool(of_kind["counted"].any()), max(signs.size_mm, 2.4)
        sample = _sample(code, size, counted=counted, works=bool(of_kind["operating"].any()))
        rows.append(SignRow(FACILITIES[code].label, sample, size))
    return rows + _marks(table, max(signs.size_mm, 2.4))


def _kinds(table: pd.DataFrame) -> Iterator[tuple[str, bool, bool]]:
    yield from dict.fromkeys(
        zip(table["category"], table["counted"], table["operating"], strict=True)
    )


def _pen(code: str, *, counted: bool, works: bool) -> Pen:
    colour = FACILITIES[code].colour
    if not works:
        return Pen(colour, 0.22, "#ffffff", dash=(2.2, 1.6))
    return Pen("#ffffff", 0.2, colour) if counted else Pen(colour, 0.22, _pale(colour))


def _pale(colour: str) -> str:
    """Return a colour two thirds of the way to white."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * 0.72):02x}" for part in parts)


def _draw(page: Page, placed: Floats, code: str, *, size_mm: float, pen: Pen, z: float) -> None:
    sign = FACILITIES[code]
    page.signs(placed, shape=_SHAPES[sign.shape], size_mm=size_mm * _SIZES[sign.shape], pen=pen,
               z=z)  # fmt: skip
    if size_mm < (SIGN_MM if page.paper.picture else _LETTER_FROM_MM):
        return
    letters = Letters(0.6 * size_mm / POINT_MM, "#ffffff" if pen.line == "#ffffff" else sign.colour,
                      "center")  # fmt: skip
    for x, y in placed:
        page.write(sign.sign, float(x), float(y), letters, z=z + 0.5)


def _sample(code: str, size: float, *, counted: bool = True, works: bool = True) -> Painter:
    pen = _pen(code, counted=counted, works=works)

    def painter(page: Page, x: float, y: float) -> None:
        _draw(page, np.array([[x, y]]), code, size_mm=size, pen=pen, z=6)

    return painter


def _marks(table: pd.DataFrame, size: float) -> list[Row]:
    """Return what the legend says of those that do not count or do not operate."""
    rows: list[Row] = []
    other = table.loc[~table["counted"] & table["operating"]]
    idle = table.loc[~table["operating"]]
    if len(other):
        sample = _sample(other["category"].iloc[0], size, counted=False)
        rows.append(SignRow(say("浅色：不计入服务圈"), sample, size))
    if len(idle):
        sample = _sample(idle["category"].iloc[0], size, counted=False, works=False)
        rows.append(SignRow(say("虚线：未运营"), sample, size))
    return rows


def draw_sites(page: Page, placed: Floats, numbers: list[str], *, size_mm: float) -> None:
    """Draw numbered sites over everything else: yellow, dark-edged, with a white halo about."""
    page.signs(placed, shape="o", size_mm=1.22 * size_mm, pen=Pen("none", 0, "#ffffff"), z=8.9)
    page.signs(placed, shape="o", size_mm=size_mm, pen=Pen("#14213d", 0.45, _SITE), z=9)
    letters = Letters(0.62 * size_mm / POINT_MM, "#14213d", "center")
    for (x, y), number in zip(placed.tolist(), numbers, strict=True):
        page.write(number, x, y, letters, z=9.5)


def site_row(size_mm: float) -> Row:
    """Return what the legend says of sites."""

    def painter(page: Page, x: float, y: float) -> None:
        draw_sites(page, np.array([[x, y]]), ["1"], size_mm=size_mm)

    return SignRow(say("建议新增设施及编号"), painter, size_mm)


def seen_in(window: Window, placed: Floats) -> Flags:
    """Return which spots lie in a window, whole signs only."""
    return window.holds(placed, margin_mm=0.5)
