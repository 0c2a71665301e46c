"""A window of the sheet through which the ground is seen, in a scale."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.streets.network import Flags, Floats
from report.maps.paper import Box

Bounds = tuple[float, float, float, float]
Shapes = NDArray[np.object_]
STEPS: Final = (
    1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.8, 2, 2.2, 2.5, 2.8, 3, 3.2, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7,
    7.5, 8, 8.5, 9,
)  # fmt: skip
LEAST_M: Final = 300.0  # across a window, where all lies in one spot


@dataclass(frozen=True)
class Window:
    """A box on the paper and the ground seen in it.

    west, south
        Metres at the lower left corner of the box.
    metres_per_mm
        The scale: 35 for 1:35,000.
    """

    box: Box
    west: float
    south: float
    metres_per_mm: float

    @property
    def bounds(self) -> Bounds:
        """Return west, south, east and north of what is seen, in metres."""
        east = self.west + self.box.width * self.metres_per_mm
        return self.west, self.south, east, self.south + self.box.height * self.metres_per_mm

    def place(self, xy: Any) -> Floats:  # noqa: ANN401 - coordinates of any kind
        """Return metres as millimetres on the paper; shape (points, 2)."""
        metres = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
        corner = np.array([self.box.left, self.box.bottom])
        placed: Floats = (metres - (self.west, self.south)) / self.metres_per_mm + corner
        return placed

    def shape(self, shape: shapely.Geometry) -> shapely.Geometry:
        """Return a shape in millimetres on the paper."""
        return shapely.transform(shape, self.place)

    def metres(self, placed: Floats) -> Floats:
        """Return millimetres on the paper as metres; shape (points, 2)."""
        from_corner = placed - np.array([self.box.left, self.box.bottom])
        metres: Floats = from_corner * self.metres_per_mm + np.array([self.west, self.south])
        return metres

    def sees(self, shapes: Shapes) -> Flags:
        """Return which shapes lie at least partly in sight; a missing one does not."""
        west, south, east, north = shapely.bounds(shapes).reshape(-1, 4).T
        seen_west, seen_south, seen_east, seen_north = self.bounds
        across = (west <= seen_east) & (east >= seen_west)
        seen: Flags = across & (south <= seen_north) & (north >= seen_south)
        return seen

    def holds(self, placed: Floats, *, margin_mm: float = 0.0) -> Flags:
        """Return which spots, in millimetres, lie in the box and not at its very edge."""
        box = self.box.inside(margin_mm)
        x, y = placed.T
        held: Flags = (x >= box.left) & (x <= box.right) & (y >= box.bottom) & (y <= box.top)
        return held


def denominator(bounds: Bounds, box: Box) -> float:
    """Return the exact scale at which bounds fill a box: 34,350 for 1:34,350."""
    west, south, east, north = bounds
    across, up = max(east - west, LEAST_M), max(north - south, LEAST_M)
    return float(max(across / box.width, up / box.height) * 1000)


def rounded_up(scale: float) -> float:
    """Return the next scale that a planner would print."""
    power = 10.0 ** np.floor(np.log10(scale))
    steps = [step * power for step in (*STEPS, 10)]
    return float(next(step for step in steps if step >= scale * (1 - 1e-9)))


def window_on(bounds: Bounds, box: Box, *, scale: float) -> Window:
    """Return a window with the middle of the bounds in its middle.

    scale
        The denominator: 35,000.
    """
    per_mm = scale / 1000
    middle_x, middle_y = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    return Window(
        box, middle_x - box.width * per_mm / 2, middle_y - box.height * per_mm / 2, per_mm
    )
