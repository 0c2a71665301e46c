"""What every map has: ground below, lines between areas above, names of streets, and a legend."""

from dataclasses import dataclass, field
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from analysis.evaluation import Evaluation
from geo.language import Message, say
from geo.streets.network import Floats
from report.maps.ground import (
    LIVED,
    areas_of,
    draw_borders,
    draw_ground,
    drawn_of,
    middles,
    waters_of,
)
from report.maps.labels import LEAST_PT, label
from report.maps.legend import Block, LineRow, NoteRow, Row
from report.maps.letters import width_mm
from report.maps.page import Letters, Page, Pen
from report.maps.placing_names import Name, place_names
from report.maps.signs import Signs
from report.maps.window import Shapes, Window
from report.palette import BAND_COLOUR

A3_LETTER_PT: Final = 9.5
HALO: Final = "#ffffff"
_STREET_NAME: Final = "#4a3558"
_SIGN_NAME: Final = "#14213d"
_COUNTY_NAME: Final = "#8a6f9e"
_WATER_NAME: Final = "#2a6590"
_BANDS: Final = {
    5.0: Pen(BAND_COLOUR, 0.18, dash=(1.2, 2)), 10.0: Pen(BAND_COLOUR, 0.22, dash=(6, 3)),
    15.0: Pen(BAND_COLOUR, 0.42),
}  # fmt: skip
_BEYOND: Final = Pen(BAND_COLOUR, 0.16, alpha=0.6)
_SMOOTH_MM: Final = 0.2  # bends of an outline smaller than this only make it restless
_BEYOND_MM: Final = 5.0
_OVER: Final = 1.5  # a name may be so much wider than its area
_SPECK_MM2: Final = 2.0  # holes and islands smaller than this are not drawn


@dataclass
class Scene:
    """One window being drawn.

    rows, blocks
        Of the legend, and what stands beside it.
    names
        Those that want a place, the most important first.
    taken
        Boxes that no name may lie on.
    omitted
        What is not on the map, and how much of it.
    unnamed
        Names too long for their areas.
    """

    page: Page
    window: Window
    evaluation: Evaluation
    rows: list[Row] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    taken: list[Floats] = field(default_factory=list)
    omitted: list[Message] = field(default_factory=list)
    ground: list[Row] = field(default_factory=list)
    unnamed: int = 0

    @property
    def unit(self) -> float:
        """Return how large signs and letters are beside those of an A3 sheet."""
        return self.page.paper.letter_pt / A3_LETTER_PT

    @property
    def letter_pt(self) -> float:
        """Return the size of plain letters."""
        return self.page.paper.letter_pt

    def size_pt(self, part: float) -> float:
        """Return the size of letters that are so much of plain ones, as small as can be read."""
        return max(part * self.letter_pt, LEAST_PT)

    def below(self) -> None:
        """Draw the ground."""
        rows = draw_ground(self.page, self.window, self.evaluation)
        # Streets, water and green need no word on a picture, which is small.
        plain = [row for row in rows if isinstance(row, NoteRow) or row.label == LIVED]
        self.ground = plain if self.page.paper.picture else rows

    def above(self) -> None:
        """Draw the lines between areas."""
        borders = draw_borders(self.page, self.window, self.evaluation.study)
        self.ground = [*borders, *self.ground]

    def bands(self, *, within: shapely.Geometry | None = None) -> None:
        """Draw the outlines of 5, 10 and 15 minutes; none where the study is too large for them.

        within
            In metres: outside of it only the widest is drawn, thin.
        """
        largest = max(_BANDS)
        rows: list[Row] = []
        for minutes, (rings, surface) in drawn_of(self.evaluation).rings.items():
            pen = _BANDS.get(minutes)
            if pen is None or not len(rings) or (self.page.paper.picture and minutes < largest):
                continue
            drawn = self._generalised(rings, surface)
            if within is not None:
                if minutes == largest:
                    self.page.lines(drawn, self.window, _BEYOND, z=3.4)
                cut = shapely.intersection(shapely.union_all(drawn), within)
                drawn = shapely.get_parts(cut)
            self.page.lines(drawn, self.window, pen, z=3.5)
            rows.insert(0, LineRow(say("{minutes} 分钟步行范围", minutes=f"{minutes:.0f}"), (pen,)))
        self.rows += rows

    def _generalised(self, rings: Shapes, surface: Floats) -> Shapes:
        """Return rings of an outline as this scale can show them: smooth, without specks."""
        per_mm = self.window.metres_per_mm
        west, south, east, north = self.window.bounds
        more = _BEYOND_MM * per_mm  # what is cut off is cut beyond the window
        large = rings[surface >= _SPECK_MM2 * per_mm**2]
        cut = shapely.clip_by_rect(large, west - more, south - more, east + more, north + more)
        smooth: Shapes = shapely.simplify(cut[~shapely.is_empty(cut)], _SMOOTH_MM * per_mm)
        return smooth

    def name_areas(
        self, level: str = "street", *, size: float = 1.0, parent: str = "", but: str = ""
    ) -> None:
        """Ask for the names of areas, set upon them.

        parent, but
            Only those of one area; all but one.
        """
        areas = areas_of(self.evaluation.study, level)
        if parent:
            areas = areas.loc[areas["parent"].eq(parent)] if "parent" in areas else areas.head(0)
        areas = areas.loc[areas["id"].astype(str).ne(but)]
        shapes = areas.geometry.to_numpy()
        spots = self.window.place(middles(shapes))
        held = self.window.holds(spots, margin_mm=3)
        size_pt = self.size_pt(size)
        named = np.array([self.label(name) for name in areas["name"].fillna("")], dtype=object)
        west, _, east, _ = shapely.bounds(shapes).reshape(-1, 4).T
        wide = (east - west) / self.window.metres_per_mm * _OVER
        for name, (x, y), most, shape in zip(
            named[held], spots[held].tolist(), wide[held], shapes[held], strict=True
        ):
            if not str(name):
                continue
            if width_mm(str(name), size_pt) > most:
                self.unnamed += 1
                continue
            self.names.append(Name(str(name), x, y, size_pt, _STREET_NAME,
                                   area=self.window.shape(shape), most_mm=40))  # fmt: skip

    def label(self, name: object) -> str:
        """Return a name as this sheet bears it."""
        return label(self.evaluation.study, name)

    def name_ground(self, *, beyond: shapely.Geometry | None = None) -> None:
        """Ask for the names of counties, whose outlines are drawn, and of waters.

        beyond
            In metres, where no county is named.
        """
        study = self.evaluation.study
        counties = areas_of(study, "county")
        if beyond is not None:
            counties = counties.set_geometry(counties.geometry.difference(beyond))
        self._name_large(counties, self.size_pt(1.7), _COUNTY_NAME, apart=" ")
        self._name_large(waters_of(study), self.size_pt(0.9), _WATER_NAME)

    def _name_large(
        self, areas: gpd.GeoDataFrame, size_pt: float, colour: str, *, apart: str = ""
    ) -> None:
        """Ask for names that may stand anywhere upon their areas, as far as they are in sight."""
        if areas.empty or "name" not in areas:
            return
        west, south, east, north = self.window.bounds
        seen = shapely.clip_by_rect(areas.geometry.to_numpy(), west, south, east, north)
        for name, shape in zip(areas["name"].fillna(""), seen, strict=True):
            text = apart.join(self.label(name))
            if not text or shape.is_empty:
                continue
            ((x, y),) = self.window.place(middles(np.array([shape])))
            self.names.append(Name(text, float(x), float(y), size_pt, colour,
                                   area=self.window.shape(shape), roams=True,
                                   most_mm=70))  # fmt: skip

    def name_signs(
        self, signs: Signs, *, size: float = 0.74, within: shapely.Geometry | None = None
    ) -> None:
        """Ask for the names of facilities, beside their signs, and rather within an area."""
        self.taken.append(signs.boxes)
        for name, (x, y) in zip(signs.table["name"], signs.placed.tolist(), strict=True):
            if str(name):
                self.names.append(Name(self.label(name), x, y, self.size_pt(size), _SIGN_NAME,
                                       clear_mm=signs.size_mm / 2, within=within))  # fmt: skip

    def tell_outside(self, signs: Signs) -> None:
        """Note how many facilities are not in sight."""
        if signs.outside:
            self.omitted.append(say("另有 {count} 处设施在图幅以外或没有坐标", count=signs.outside))

    def set_names(self) -> None:
        """Place the names that find room, and note how many did not."""
        taken = np.vstack([np.empty((0, 4)), *self.taken])
        placed = place_names(self.names, self.window.box.inside(0.8), taken)
        for one in placed:
            if one.leader is not None:
                self.page.stroke(one.leader, Pen(one.name.colour, 0.12), z=7)
            letters = Letters(one.name.size_pt, one.name.colour, "center", HALO)
            for line, x, y in one.lines:
                self.page.write(line, x, y, letters)
        left = len(self.names) - len(placed) + self.unnamed
        if left:
            self.omitted.append(say("另有 {count} 个名称因版面所限没有注出", count=left))

    def legend(self) -> list[Block]:
        """Return the panel: the legend, what stands beside it, and what is not on the map."""
        rows = [Block(None, tuple(each)) for each in (self.rows, self.ground) if each]
        return [Block(say("图例")), *self.blocks, *rows]
