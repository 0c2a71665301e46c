"""Where askers stand to what they may mean: how far, whether in its polygon or street."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

AREAL: Final = 2  # dimensions of a polygon

Geometries = npt.NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Near:
    """In which street askers and what they may mean are, by position; None where unknown.

    settles
        Of each asker whether the street is told: of several that are called alike, the one there is
        meant. Where it is only likely, the ones there come first.
    """

    asked: Sequence[str | None]
    known: Sequence[str | None]
    settles: Sequence[bool]

    def told(self, pairs: pd.DataFrame) -> pd.DataFrame:
        """Return pairs with near (both are known to be in one street) and settled."""
        one = pd.Series([*self.asked], dtype="object")[pairs["wanted"]].to_numpy()
        two = pd.Series([*self.known], dtype="object")[pairs["known"]].to_numpy()
        near = (one == two) & pd.notna(one)
        told = np.array(self.settles, dtype=bool)[pairs["wanted"]]
        return pairs.assign(near=near.astype(bool), settled=near.astype(bool) & told)


@dataclass(frozen=True, eq=False)
class Standing:
    """The geometries of both sides, in metres; None where a side stands nowhere."""

    wanted: Geometries | None
    known: Geometries | None

    @classmethod
    def of(cls, wanted: pd.DataFrame, known: pd.DataFrame) -> Self:
        """Return where two tables stand; a plain table stands nowhere."""
        sides = [
            frame.geometry.to_numpy() if isinstance(frame, gpd.GeoDataFrame) else None
            for frame in (wanted, known)
        ]
        return cls(*sides)

    def told(self, pairs: pd.DataFrame) -> pd.DataFrame:
        """Return pairs with metres (NaN: unknown) and inside (False: unknown)."""
        if self.wanted is None or self.known is None:
            return pairs.assign(metres=np.nan, inside=False)
        ours, theirs = self.wanted[pairs["wanted"]], self.known[pairs["known"]]
        metres = shapely.distance(ours, theirs)
        areal = shapely.get_dimensions(theirs) == AREAL
        inside = areal & (metres == 0)
        # Of a facility drawn as a polygon a point speaks, as it does wherever areas are counted.
        inside[inside] = shapely.covers(theirs[inside], _spots(ours[inside]))
        return pairs.assign(metres=metres, inside=inside)

    def hosts(self) -> pd.DataFrame:
        """Return every pair of an asker and a polygon in which it stands: wanted, known."""
        if self.wanted is None or self.known is None:
            return pd.DataFrame({"wanted": [], "known": []}, dtype="int64")
        areal = np.flatnonzero(shapely.get_dimensions(self.known) == AREAL)
        tree = shapely.STRtree(self.known[areal])
        wanted, host = tree.query(_spots(self.wanted), predicate="covered_by")
        return pd.DataFrame({"wanted": wanted, "known": areal[host]}, dtype="int64")


def _spots(shapes: Geometries) -> Geometries:
    """Return the point that speaks for each shape; who asks from several places keeps them all."""
    together = shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOINT
    spots: Geometries = np.where(together, shapes, shapely.point_on_surface(shapes))
    return spots
