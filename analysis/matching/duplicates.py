"""Rows of one layer that may be one thing, kept twice under an old and a new name.

Two rows are told together where they stand within 50 m and are called alike (85 and more), or
are called the same at the same address; of facilities only those of one category. Phases of an
estate are no doubles. Nothing is dropped: whoever keeps the ledger decides.
"""

from collections.abc import Iterator
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.columns import words
from analysis.coverage.areas import Flags, Geometries, place_points
from analysis.matching.links import Layers, study_areas
from analysis.matching.names import Areas, parsed, plain
from analysis.matching.similar import pair_scores
from geo.files.several_files import in_words, where_rows_stand
from geo.findings import Finding
from geo.language import say
from geo.vocabulary import CATEGORIES

NEAR_M: Final = 50.0
AT_ONE_SPOT: Final = 30  # rows of one spot compared by likeness: tables put hundreds at one
ALIKE: Final = 85.0
LAYERS: Final = ("facilities", "residential")

# What facilities of one kind are all called tells none of them from another.
_KIND_WORDS: Final = tuple(
    sorted({plain(word) for words_ in CATEGORIES.values() for word in words_}, key=len)[::-1]
)


def doubled_rows(layers: Layers) -> list[Finding]:
    """Return a finding for each pair of rows that may be one thing."""
    areas = study_areas(layers)
    return [
        finding
        for layer in LAYERS
        if (frame := layers.get(layer)) is not None and len(frame) > 1
        for finding in _doubled(frame.reset_index(drop=True), layer, areas)
    ]


def _doubled(frame: gpd.GeoDataFrame, layer: str, areas: Areas) -> Iterator[Finding]:
    pairs = doubles(frame, areas)
    name = words(frame, "name").fillna("").to_numpy(dtype=object)
    stands = where_rows_stand(frame)
    for one, other, metres in pairs.itertuples(index=False, name=None):
        (file, row), beside = stands[one], stands[other]
        at = in_words(beside if beside[0] != file else ("", beside[1]))
        values = {"name": name[one], "other": name[other], "at": at}
        message = (
            say("“{name}”与{at}“{other}”名称、地址相同，可能是同一处重复登记。", **values)
            if np.isnan(metres) or metres > NEAR_M
            else say(
                "“{name}”与{at}“{other}”相距 {metres:.0f} 米、名称相近，可能是同一处重复登记。",
                metres=metres,
                **values,
            )
        )
        remedy = say("请核对；如是同一处，请只保留一行。两行目前都计入。")
        yield Finding(
            "warning", layer, message, remedy, file, row=row, value=str(name[one]),
        )  # fmt: skip


def doubles(frame: gpd.GeoDataFrame, areas: Areas) -> pd.DataFrame:
    """Return pairs of rows that may be one thing, by position: one, other, metres."""
    names = _names(frame, areas)
    spots = place_points(frame.geometry)
    standing = pd.Series(shapely.to_wkb(spots)).where(~_nowhere(spots))
    address = words(frame, "address").map(plain, na_action="ignore").reset_index(drop=True)
    together = [_called_same_at(at, names, spots) for at in (standing, address)]
    pairs = pd.concat([_near(spots, standing), *together], ignore_index=True)
    pairs = pairs.drop_duplicates(["one", "other"])
    one, other = (names.iloc[pairs[side]].reset_index(drop=True) for side in ("one", "other"))
    alike = pair_scores([*one["stem"]], [*other["stem"]]) >= ALIKE
    same = one["key"].eq(other["key"]).to_numpy(dtype=bool)
    parts = one["phases"].eq(other["phases"]).to_numpy(dtype=bool)
    kind = (one["kind"].eq(other["kind"]) | one["kind"].eq("") | other["kind"].eq("")).to_numpy()
    told = one["stem"].ne("").to_numpy(dtype=bool) & other["stem"].ne("").to_numpy(dtype=bool)
    near = pairs["metres"].le(NEAR_M).to_numpy(dtype=bool)
    kept = told & kind & parts & ((near & alike) | same)
    return pairs[kept].sort_values(["one", "other"], ignore_index=True)


def _names(frame: pd.DataFrame, areas: Areas) -> pd.DataFrame:
    """Return stem, key, phases and kind of each row; empty where it has none."""
    category = words(frame, "category").fillna("").to_numpy(dtype=object)
    of_facilities = "category" in frame.columns
    texts = words(frame, "name").fillna("")
    parts = {text: parsed(text, areas) for text in texts.unique()}
    stem = [parts[text].stem for text in texts]
    own = [_without_kind(each) for each in stem] if of_facilities else stem
    phase = words(frame, "phase").fillna("")
    return pd.DataFrame(
        {
            "stem": own,
            "key": [parts[text].key for text in texts],
            "phases": [
                " ".join(parts[text].phases) or said
                for text, said in zip(texts, phase, strict=True)
            ],
            "kind": category,
        }
    )


def _without_kind(stem: str) -> str:
    for word in _KIND_WORDS:
        stem = stem.replace(word, "")
    return stem.removesuffix("社区")


def _nowhere(spots: Geometries) -> Flags:
    nowhere: Flags = shapely.is_missing(spots) | shapely.is_empty(spots)
    return nowhere


def _near(spots: Geometries, standing: pd.Series) -> pd.DataFrame:
    """Return pairs of rows within the distance, each once: one, other, metres."""
    few = standing.groupby(standing).cumcount().lt(AT_ONE_SPOT)
    there = standing.index[standing.notna() & few].to_numpy()
    # Outlines that touch are neighbours; one estate drawn twice stands at one spot.
    here = spots[there]
    one, other = shapely.STRtree(here).query(here, predicate="dwithin", distance=NEAR_M)
    first = one < other
    one, other = there[one[first]], there[other[first]]
    metres = shapely.distance(spots[one], spots[other])
    return pd.DataFrame({"one": one, "other": other, "metres": metres})


def _called_same_at(at: pd.Series, names: pd.DataFrame, spots: Geometries) -> pd.DataFrame:
    """Return pairs of rows called the same at one spot or address, each with the first of them."""
    rows = pd.DataFrame({"key": names["key"], "kind": names["kind"], "at": at})
    rows = rows[at.notna() & at.ne("") & names["key"].ne("")].rename_axis("other").reset_index()
    first = rows.groupby(["key", "kind", "at"])["other"].transform("first")
    pairs = pd.DataFrame({"one": first, "other": rows["other"]}, dtype="int64")
    pairs = pairs[pairs["one"].ne(pairs["other"])]
    return pairs.assign(metres=shapely.distance(spots[pairs["one"]], spots[pairs["other"]]))
