"""Which columns name rows of other layers, and what each row asks for there."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.columns import names_in, words
from analysis.coverage.areas import LEVELS, Flags, Indices, by_level, members, place_points
from analysis.matching.called import Read
from analysis.matching.match import Matches, match
from analysis.matching.names import (
    Areas,
    areas_named,
    folded_area,
    parsed,
    parsed_area,
)

Layers = Mapping[str, gpd.GeoDataFrame]


@dataclass(frozen=True)
class Link:
    """A column whose texts name rows of another layer.

    level
        Which areas are meant, where the other layer is that of boundaries.
    by_row
        Every row is asked for on its own, because what it means depends on where it stands; else
        one answer serves all rows that write the same.
    """

    layer: str
    column: str
    known: str
    level: str = ""
    by_row: bool = False


NOT_LISTED: Final = "（不在小区表）"
"""Put behind a name of which the user said that it means nothing that is called so."""

SERVES: Final = Link("facilities", "serves", "residential", by_row=True)
OWNER: Final = Link("entrances", "residential_id", "residential")
STREET: Final = Link("residential", "street", "boundaries", level="street")
COMMUNITY: Final = Link("residential", "community", "boundaries", level="community")


@dataclass(frozen=True, eq=False)
class Standing:
    """Where the rows of a layer lie among the areas of one level, as positions there.

    area
        -1 where a row lies in none or in several.
    covered
        Whether the areas reach the row: it lies in one, or nobody knows where it lies.
    """

    area: Indices
    covered: Flags


def study_areas(layers: Layers) -> Areas:
    """Return the areas of a study, as they may stand before a name."""
    boundaries = layers.get("boundaries")
    if boundaries is None or "level" not in boundaries.columns:
        return areas_named([], [])
    told = boundaries[words(boundaries, "name").notna() & words(boundaries, "level").notna()]
    told = told[words(told, "level").ne("planning_unit")]
    return areas_named(words(told, "name"), words(told, "level"))


def known_rows(layers: Layers, link: Link) -> gpd.GeoDataFrame | None:
    """Return the rows that a link may mean, numbered from 0; None where there are none."""
    frame = layers.get(link.known)
    if frame is not None and link.level:
        frame = dict(by_level(frame)).get(link.level)
    return None if frame is None or frame.empty else frame.reset_index(drop=True)


def reader(link: Link, areas: Areas) -> Read:
    """Return how names of a link are read."""
    if link.level:
        return cache(partial(parsed_area, areas=areas, level=link.level))
    return cache(partial(parsed, areas=areas))


def standing_in(frame: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> Standing:
    """Return where rows lie among areas."""
    points = place_points(frame.geometry)
    lies = members(points, areas.geometry.to_numpy())
    nowhere = shapely.is_missing(points) | shapely.is_empty(points)
    alone: Indices = np.where(lies.hits == 1, lies.first, -1)
    return Standing(alone, (lies.hits > 0) | nowhere)


def lies_in(layers: Layers, frame: gpd.GeoDataFrame) -> dict[str, list[str | None]]:
    """Return by level the folded name of the area in which each row lies; None: in none."""
    found: dict[str, list[str | None]] = {}
    for level, areas in by_level(layers.get("boundaries"), LEVELS):
        names = [None if pd.isna(name) else folded_area(name) for name in words(areas, "name")]
        where = standing_in(frame, areas).area
        found[level] = [names[at] if at >= 0 else None for at in where]
    return found


def asked_by_rows(frame: gpd.GeoDataFrame, link: Link) -> gpd.GeoDataFrame:
    """Return what rows ask for: name, at (position of the row), row, row_id, row_name, geometry."""
    frame = frame.reset_index(drop=True)
    told = names_in(frame, link.column) if link.by_row else words(frame, link.column).dropna()
    told = told.str.strip().str.removesuffix(NOT_LISTED)
    told = told[told.ne("")]
    at = told.index.to_numpy()
    asking = frame.iloc[at]
    empty = pd.Series(pd.NA, index=frame.index, dtype="Int64")
    asked = gpd.GeoDataFrame(
        {
            "name": told.to_numpy(),
            "at": at,
            "row": frame.get("row", empty).astype("Int64").iloc[at].to_numpy(),
            "row_id": words(asking, "id").fillna("").to_numpy(),
            "row_name": words(asking, "name").fillna("").to_numpy(),
        },
        geometry=asking.geometry.to_numpy(),
        crs=frame.crs,
    )
    return asked if link.by_row else _once(asked)


def _once(asked: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return each text once, by its first row, standing at all places where it is written."""
    if asked.empty:
        return asked
    code = asked.groupby("name", sort=False).ngroup().to_numpy()
    first = asked.drop_duplicates("name", ignore_index=True).assign(row_id="", row_name="")
    shapes = place_points(asked.geometry)
    known = ~shapely.is_missing(shapes)
    order = np.flatnonzero(known)[np.argsort(code[known], kind="stable")]
    together = np.full(len(first), None, dtype=object)
    there = np.unique(code[known])
    if len(there):
        groups = np.split(shapes[order], np.flatnonzero(np.diff(code[order])) + 1)
        together[there] = [shapely.multipoints([*group]) for group in groups]
    return first.set_geometry(gpd.GeoSeries(together, crs=asked.crs))


def answered(
    asked: gpd.GeoDataFrame,
    known: gpd.GeoDataFrame,
    link: Link,
    *,
    layers: Layers,
    said: pd.DataFrame | None,
    within_m: float,
) -> Matches:
    """Return what the names that rows ask for mean."""
    read = reader(link, study_areas(layers))
    if not link.by_row:  # what is one estate's is not a project's
        known = known.drop(columns="project_id", errors="ignore")
    if link.level:  # an area has no distance: whoever names it may lie in it or not
        plain = pd.DataFrame(asked.drop(columns="geometry"))
        return match(plain, pd.DataFrame(known.drop(columns="geometry")), read=read, said=said)
    lies = lies_in(layers, known)
    return match(asked, known, read=read, lies=lies, said=said, within_m=within_m)
