"""What of a study has no place, row by row, and what that does to the results."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import geopandas as gpd
import pandas as pd

from analysis.columns import figures, words
from analysis.placing.lookup import without_place
from analysis.study import Study
from analysis.walking.placing import operating
from geo.language import Message, say

COLUMNS: Final = (
    "layer", "id", "row", "name", "address", "street", "households", "population",
    "elderly_60plus", "effect",
)  # fmt: skip

EFFECTS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "not_counted": say("不计入服务圈，覆盖率因此是下限；建筑面积和服务小区照常核查。"),
        "not_on_map": say("不上图，不影响覆盖率；建筑面积和服务小区照常核查。"),
        "no_walk": say("没有步行时间，其户数不计入覆盖也不计入未覆盖；配建照常核查。"),
        "unlocated": say("其人口未能落到住处，不计入覆盖也不计入未覆盖。"),
        "no_candidate": say("不能作为选址的备选。"),
        "not_used": say("没有使用。"),
    }
)
"""What it means for a row to have no place, by the codes of `effect`."""

_EFFECT: Final[Mapping[str, str]] = MappingProxyType(
    {"residential": "no_walk", "population": "unlocated", "candidates": "no_candidate"}
)


def unplaced(study: Study) -> pd.DataFrame:
    """Return every row of a study that has no place, in the order of the layers and their files.

    Columns: layer, id; row, as the file shows it; name, address, street, missing where unknown;
    households, population, elderly_60plus, NaN where unknown; effect, a code of `EFFECTS`.
    """
    tables = [_rows(study, name, frame) for name, frame in study.layers.items()]
    tables = [table for table in tables if len(table)]
    if not tables:
        return _rows(study, "facilities", gpd.GeoDataFrame({"id": []}, geometry=[], crs=study.crs))
    return pd.concat(tables, ignore_index=True)


def unplaced_facilities(study: Study) -> int:
    """Return how many facilities would count for the circle if it were known where they are."""
    facilities = study.layer("facilities")
    if facilities is None:
        return 0
    effects = _facility_effects(study, facilities[without_place(facilities)])
    return int(effects.eq("not_counted").sum())


def _rows(study: Study, name: str, frame: gpd.GeoDataFrame) -> pd.DataFrame:
    rows = frame[without_place(frame)]
    texts = {column: words(rows, column) for column in ("id", "name", "address", "street")}
    numbers = {
        column: figures(rows, column) for column in ("households", "population", "elderly_60plus")
    }
    row = rows["row"] if "row" in rows else pd.Series(pd.NA, index=rows.index)
    effect = _facility_effects(study, rows) if name == "facilities" else _EFFECT.get(
        name, "not_used"
    )
    table = pd.DataFrame(
        {"layer": name, **texts, **numbers, "row": row.astype("Int64"), "effect": effect},
        index=rows.index,
    )
    return table.reset_index(drop=True)[[*COLUMNS]].astype({"layer": "str", "effect": "str"})


def _facility_effects(study: Study, rows: gpd.GeoDataFrame) -> pd.Series:
    """Return which facilities would count for the circle if they had a place."""
    circle = words(rows, "category").isin(study.description.walking.categories)
    return (operating(rows) & circle).map({True: "not_counted", False: "not_on_map"})
