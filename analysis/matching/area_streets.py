"""In which street areas and rows are, by the name that the boundaries give it."""

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import words
from analysis.coverage.areas import by_level, place_points, points_inside
from analysis.matching.names import folded_area
from analysis.placing.area_names import street_stem

Names = list[str | None]


class Streets:
    """The streets of a study, found by their names, ids and outlines.

    Streets are told by their folded name (`folded_area`); None where a text means none of them,
    or where it means several.
    """

    def __init__(self, boundaries: gpd.GeoDataFrame | None) -> None:
        """Take the streets out of the boundaries of a study."""
        rows = dict(by_level(boundaries)).get("street")
        self._rows = None if rows is None else rows.reset_index(drop=True)
        told = [] if rows is None else [*words(rows, "name")]
        self._folded: Names = [None if pd.isna(name) else folded_area(name) for name in told]
        named = {name for name in self._folded if name is not None}
        self._spelled = {name: str(text) for name, text in zip(self._folded, told, strict=True)
                         if name is not None}  # fmt: skip
        self._by_text = _only((street_stem(name), name) for name in named)
        self._by_text |= {name: name for name in named}
        ids = [] if rows is None else [*words(rows, "id")]
        self._by_id = _only(
            (id_, name) for id_, name in zip(ids, self._folded, strict=True)
            if name is not None and not pd.isna(id_)
        )  # fmt: skip

    def named(self, texts: Iterable[object]) -> Names:
        """Return the street that each text names, with or without 街道, 镇, 乡."""
        return [
            None if pd.isna(text) else self._by_text.get(folded_area(str(text)))  # type: ignore[call-overload]
            for text in texts
        ]

    def told(self, texts: Iterable[object]) -> Names:
        """Return the street that each text tells: one of the boundaries, else as it is compared."""
        said = [None if pd.isna(text) else str(text) for text in texts]  # type: ignore[call-overload]
        return [
            None if text is None else street or street_stem(text) or None
            for text, street in zip(said, self.named(said), strict=True)
        ]

    def in_files(self, files: Iterable[object]) -> Names:
        """Return the one street whose name, with or without 街道, the name of each file holds."""
        kept = {file: self._in_text("" if pd.isna(file) else str(file)) for file in {*files}}  # type: ignore[call-overload]
        return [kept[file] for file in files]

    def _in_text(self, text: str) -> str | None:
        held = {short: name for short, name in self._by_text.items() if short in folded_area(text)}
        # 三中街街道 holds 街街道 too, which is not meant.
        longest = {name for short, name in held.items()
                   if not any(short != other and short in other for other in held)}  # fmt: skip
        return next(iter(longest)) if len(longest) == 1 else None

    def spelled(self, names: Iterable[str | None]) -> list[str]:
        """Return streets as the boundaries write them; empty for None."""
        return ["" if name is None else self._spelled.get(name, name) for name in names]

    def around(self, areas: gpd.GeoDataFrame) -> Names:
        """Return the street in which the middle of each area or row lies."""
        if self._rows is None or areas.empty:
            return [None] * len(areas)
        inside = points_inside(place_points(areas.geometry), self._rows.geometry)
        first = inside.first(np.arange(len(self._rows)))
        return [self._folded[at] if at >= 0 else None for at in first]

    def of_areas(self, areas: gpd.GeoDataFrame) -> Names:
        """Return the street that each area names as its parent, else the one it lies in."""
        parents = words(areas, "parent")
        by_name, around = self.named(parents), self.around(areas)
        return [
            self._by_id.get(parent, named) or lies
            for parent, named, lies in zip(parents, by_name, around, strict=True)
        ]


def _only(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return what each key means where it means one thing alone."""
    meant: dict[str, set[str]] = {}
    for key, value in pairs:
        meant.setdefault(key, set()).add(value)
    return {key: next(iter(values)) for key, values in meant.items() if len(values) == 1}
