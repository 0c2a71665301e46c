"""A page on which is drawn in millimetres: areas, lines, signs and letters.

Nothing global of matplotlib is used or changed, so pages can be drawn in several threads.
"""

from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.markers import MarkerStyle
from matplotlib.patches import FancyBboxPatch, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import Stroke
from matplotlib.transforms import IdentityTransform

from geo.streets.network import Floats, Ints
from report.maps.letters import POINT_MM, drawable, font
from report.maps.paper import Box, Paper
from report.maps.window import Shapes, Window

MM: Final = 1 / 25.4  # an inch has so many
_CHUNK: Final = 1500  # corners of one path; a much longer one is too much for the painter
_SURFACE: Final = 2  # dimensions of a polygon
_HEIGHT: Final = 0.88  # of a letter, from its foot to its head
_EDGE: Final = 0.2  # of a letter's height: its halo
INK: Final = "#1c2430"
Anchor = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Pen:
    """How areas and lines are drawn, in millimetres; `dash` in widths of the line."""

    line: str = "none"
    width: float = 0.1
    fill: str = "none"
    dash: tuple[float, ...] = ()
    alpha: float = 1.0

    @property
    def style(self) -> Any:  # noqa: ANN401 - as matplotlib spells it
        """Return the dashes."""
        return (0, self.dash) if self.dash else "solid"


@dataclass(frozen=True)
class Letters:
    """How a text is written; `halo` is the colour of the edge that parts it from the map."""

    size_pt: float
    colour: str = INK
    anchor: Anchor = "left"
    halo: str = ""


@dataclass
class Page:
    """One page being drawn; `words` keeps every text on it, as it was given."""

    paper: Paper
    figure: Figure = field(init=False)
    axes: Axes = field(init=False)
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Lay out the empty page."""
        size = self.paper.width_mm * MM, self.paper.height_mm * MM
        self.figure = Figure(figsize=size, facecolor="white")
        FigureCanvasAgg(self.figure)
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_axis_off()
        self.axes.set_xlim(0, self.paper.width_mm)
        self.axes.set_ylim(0, self.paper.height_mm)

    def paint(self, paths: list[Path], pen: Pen, *, within: Box | None = None, z: float = 1
              ) -> None:  # fmt: skip
        """Draw paths that are in millimetres, cut to a box."""
        if not paths:
            return
        drawn = PathCollection(
            paths, facecolors=pen.fill, edgecolors=pen.line, linewidths=self._points(pen),
            linestyles=[pen.style], alpha=None if pen.alpha == 1 else pen.alpha, zorder=z,
            capstyle="butt" if pen.dash else "round", joinstyle="round",
        )  # fmt: skip
        self.axes.add_collection(drawn, autolim=False)
        if within is not None:
            drawn.set_clip_path(_rectangle(within, transform=self.axes.transData))

    def _points(self, pen: Pen) -> float:
        """Return how thick a pen is on this paper, in points."""
        return pen.width * self.paper.fine / POINT_MM

    def areas(self, shapes: Shapes, window: Window, pen: Pen, *, z: float = 1) -> None:
        """Draw polygons as they are seen through a window."""
        self.paint(area_paths(shapes[window.sees(shapes)], window), pen, within=window.box, z=z)

    def lines(self, shapes: Shapes, window: Window, pen: Pen, *, z: float = 1) -> None:
        """Draw lines, or the outlines of polygons."""
        seen = shapes[window.sees(shapes)]
        seen = np.where(shapely.get_dimensions(seen) == _SURFACE, shapely.boundary(seen), seen)
        self.paint(line_paths(seen, window), pen, within=window.box, z=z)

    def box(self, box: Box, pen: Pen, *, rounded_mm: float = 0.0, z: float = 1) -> None:
        """Draw a rectangle."""
        how = {"facecolor": pen.fill, "edgecolor": pen.line, "linewidth": self._points(pen),
               "linestyle": pen.style, "alpha": pen.alpha, "zorder": z}  # fmt: skip
        if rounded_mm:
            self.axes.add_patch(FancyBboxPatch(
                (box.left, box.bottom), box.width, box.height, mutation_scale=1,
                boxstyle=f"round,pad=0,rounding_size={rounded_mm}", **how))  # fmt: skip
        else:
            self.axes.add_patch(_rectangle(box, **how))

    def stroke(self, xy: Any, pen: Pen, *, z: float = 1) -> None:  # noqa: ANN401 - corners
        """Draw one line, closed and filled where the pen fills."""
        corners = np.asarray(xy, dtype=np.float64)
        self.paint([Path(corners, closed=False)], pen, z=z)

    def signs(self, placed: Floats, *, shape: str, size_mm: float, pen: Pen, z: float = 5) -> None:
        """Draw the same sign at spots in millimetres. shape: as matplotlib calls its markers."""
        if not len(placed):
            return
        marker = MarkerStyle(shape)
        drawn = PathCollection(
            [marker.get_path().transformed(marker.get_transform())],
            sizes=[(size_mm / POINT_MM) ** 2], offsets=placed,
            offset_transform=self.axes.transData, facecolors=pen.fill, edgecolors=pen.line,
            linewidths=self._points(pen), linestyles=[pen.style], alpha=pen.alpha, zorder=z,
        )  # fmt: skip
        drawn.set_transform(IdentityTransform())
        self.axes.add_collection(drawn, autolim=False)

    def write(self, text: object, x: float, y: float, letters: Letters, *, z: float = 8) -> None:
        """Write a line of text; `y` is the middle of its letters' height."""
        self.words.append(str(text))
        foot = y - _HEIGHT * 0.43 * letters.size_pt * POINT_MM
        seen = drawable(text)
        how: dict[str, Any] = {
            "fontproperties": font(seen, letters.size_pt), "ha": letters.anchor,
            "va": "baseline", "parse_math": False,
        }  # fmt: skip
        if letters.halo:
            edge = Stroke(linewidth=_EDGE * letters.size_pt, foreground=letters.halo)
            self.axes.text(x, foot, seen, color=letters.halo, path_effects=[edge], zorder=z - 0.1,
                           **how)  # fmt: skip
        self.axes.text(x, foot, seen, color=letters.colour, zorder=z, **how)


def area_paths(shapes: Shapes, window: Window) -> list[Path]:
    """Return polygons as paths in millimetres, each chunk of them one path; holes stay holes."""
    parts = shapely.get_parts(shapes[shapely.get_dimensions(shapes) == _SURFACE])
    polygons = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    rings, of_polygon = shapely.get_rings(shapely.orient_polygons(polygons), return_index=True)
    xy, of_ring = shapely.get_coordinates(rings, return_index=True)
    whole = np.flatnonzero(np.diff(of_polygon[of_ring], prepend=-1))
    first = np.flatnonzero(np.diff(of_ring, prepend=-1))
    return paths_from(window.place(xy), first, whole=whole, last=Path.CLOSEPOLY)


def line_paths(lines: Shapes, window: Window) -> list[Path]:
    """Return lines as paths in millimetres."""
    xy, of = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    # A collection or a boundary of several rings comes in parts of its own.
    first = np.flatnonzero(np.diff(of, prepend=-1))
    return paths_from(window.place(xy), first, whole=first)


def paths_from(
    placed: Floats, first: Ints, *, whole: Ints, last: np.uint8 = Path.LINETO
) -> list[Path]:
    """Return corners in millimetres as paths of not too many corners each.

    first, whole
        Where each line begins among the corners; where each begins that must not be torn, as a
        polygon must not from its holes.
    last
        What stands at the last corner of each line: closed or not.
    """
    if not len(placed):
        return []
    codes = np.full(len(placed), Path.LINETO, dtype=Path.code_type)
    codes[np.append(first[1:], len(placed)) - 1] = last
    codes[first] = Path.MOVETO
    chunk = whole[np.flatnonzero(np.diff(whole // _CHUNK, prepend=-1))]
    ends = np.append(chunk[1:], len(placed))
    return [Path(placed[a:b], codes[a:b]) for a, b in zip(chunk, ends, strict=True)]


def _rectangle(box: Box, **how: Any) -> Rectangle:  # noqa: ANN401
    return Rectangle((box.left, box.bottom), box.width, box.height, **how)
