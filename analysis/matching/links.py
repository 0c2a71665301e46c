"""Which columns name rows of other layers, and what each row asks for there."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analysis.columns import BETWEEN_NAMES, words
from analysis.coverage.areas import LEVELS, Flags, Indices, by_level, members, place_points
from analysis.matching.area_streets import Streets
from analysis.matching.called import Read
from analysis.matching.match import Matches, match
from analysis.matching.names import (
    Areas,
    areas_named,
    folded_area,
    parsed,
    parsed_area,
)
from analysis.matching.standing import Near
from analysis.placing.lookup import without_place

Layers = Mapping[str, gpd.GeoDataFrame]
Texts = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Link:
    """A column whose texts name rows of another layer.

    level
        Which areas are meant, where the other layer is that of boundaries.
    by_row
        Every row is asked for on its own, because what it means depends on where it stands; else
        one answer serves all rows that write the same.
    by_street
        Names repeat from street to street: one answer serves the rows of one street that write the
        same; rows of which nobody knows the street, those of one file.
    """

    layer: str
    column: str
    known: str
    level: str = ""
    by_row: bool = False
    by_street: bool = False


ANY: Final = "any"
"""Areas of every level."""

COMMUNITIES: Final = ("社区", "村", "嘎查")

NOT_LISTED: Final = "（不在小区表）"
"""Put behind a name of which the user said that it means nothing that is called so."""

ON_AREA: Final = "on_area"
"""Column of people: id of the area onto which a row without coordinates was put by its name."""

CONFIRMED: Final = "serves_confirmed"
"""Column of facilities: ids of estates of which a person confirmed that the facility serves them,
however far off they are; missing where nobody did."""

SERVES: Final = Link("facilities", "serves", "residential", by_row=True)
OWNER: Final = Link("entrances", "residential_id", "residential", by_street=True)
STREET: Final = Link("residential", "street", "boundaries", level="street")
COMMUNITY: Final = Link(
    "residential", "community", "boundaries", level="community", by_street=True
)
PEOPLE: Final = Link("population", "name", "boundaries", level=ANY, by_street=True)
"""People told by the name of their community or street, without coordinates."""


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
    if frame is not None and link.level == ANY:
        frame = frame[~without_place(frame)]
    elif frame is not None and link.level:
        frame = dict(by_level(frame)).get(link.level)
    return None if frame is None or frame.empty else frame.reset_index(drop=True)


def written_as(known: gpd.GeoDataFrame, link: Link) -> Texts:
    """Return how each row is written by those that mean it, once it is found."""
    if link.level:
        return words(known, "name").fillna("").to_numpy(dtype=object)
    # Whom a facility serves may be told by name; whose an entrance is, by id alone.
    return mentions(known) if link.by_row else words(known, "id").to_numpy(dtype=object)


def mentions(known: pd.DataFrame) -> Texts:
    """Return how each row may be named so that it alone is meant: by its name, else by its id."""
    name, ids = words(known, "name"), words(known, "id")
    clear = name.notna() & ~name.duplicated(keep=False) & ~name.isin(ids)
    clear &= ~name.str.contains(BETWEEN_NAMES, regex=True).fillna(value=True).astype(bool)
    spelled: Texts = name.where(clear, ids).to_numpy(dtype=object)
    return spelled


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
        streets = Streets(layers.get("boundaries"))
        lies = {"street": streets.of_areas(known)} if link.by_street else None
        stands = {"street": streets.named(asked["street"])} if link.by_street else None
        sides = (pd.DataFrame(side.drop(columns="geometry")) for side in (asked, known))
        if link.level == ANY:
            said = pd.concat([*([] if said is None else [said]), _no_larger(asked, known)])
        near = _likely_near(asked, known, streets) if link.by_street else None
        return match(*sides, read=read, lies=lies, stands=stands, near=near, said=said)
    lies = lies_in(layers, known)
    near = _told_near(asked, known, layers) if link == SERVES else None
    return match(asked, known, read=read, lies=lies, near=near, said=said, within_m=within_m)


def _likely_near(asked: pd.DataFrame, known: gpd.GeoDataFrame, streets: Streets) -> Near:
    """Return of which street askers likely are that tell none: of that which their file is."""
    told, files = streets.named(asked["street"]), streets.in_files(asked["file"])
    likely = [file if street is None else street for street, file in zip(told, files, strict=True)]
    return Near(likely, streets.of_areas(known), [False] * len(asked))


def _told_near(asked: gpd.GeoDataFrame, known: gpd.GeoDataFrame, layers: Layers) -> Near:
    """Return in which streets facilities and estates are, by what their rows say.

    A facility that lies in another street than it says settles nothing.
    """
    streets = Streets(layers.get("boundaries"))
    told = words(layers[SERVES.layer], "street").iloc[asked["at"].to_numpy()]
    lies = streets.around(asked)
    said = streets.told(told)
    torn = [there is not None and one != there for one, there in zip(said, lies, strict=True)]
    ours = [None if out else one for one, out in zip(said, torn, strict=True)]
    return Near(ours, estate_streets(known, streets), [one is not None for one in ours])


def estate_streets(known: gpd.GeoDataFrame, streets: Streets) -> list[str | None]:
    """Return the street of each estate: what its row says, else where it lies."""
    said, lies = streets.told(words(known, "street")), streets.around(known)
    return [there if one is None else one for one, there in zip(said, lies, strict=True)]


def _no_larger(asked: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Return that a community is no street or county, however alike they are called."""
    small = words(asked, "name").map(folded_area).str.endswith(COMMUNITIES).to_numpy(dtype=bool)
    large = words(known, "level").isin(["street", "county", "city"]).to_numpy(dtype=bool)
    wanted, at = np.meshgrid(np.flatnonzero(small), np.flatnonzero(large), indexing="ij")
    return pd.DataFrame({"wanted": wanted.ravel(), "known": at.ravel(), "decision": "different"})
