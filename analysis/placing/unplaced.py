"""What of a study has no place, row by row, and what that does to the results."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import geopandas as gpd
import pandas as pd

from analysis.columns import figures, words
from analysis.matching.links import PEOPLE, known_rows
from analysis.placing.by_hand import hand_file
from analysis.placing.lookup import is_doubt, without_place
from analysis.study import Study
from analysis.walking.placing import operating
from geo.files.several_files import FILE
from geo.findings import Finding
from geo.language import Message, say
from geo.schema import PLACES

COLUMNS: Final = (
    "layer", "file", "id", "row", "name", "address", "street", "households", "population",
    "elderly_60plus", "effect",
)  # fmt: skip

EFFECTS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "not_counted": say("不计入服务圈，覆盖率因此是下限；建筑面积和服务小区照常核查。"),
        "not_on_map": say("不上图，不影响覆盖率；建筑面积和服务小区照常核查。"),
        "no_walk": say("没有步行时间，其户数不计入覆盖也不计入未覆盖；配建照常核查。"),
        "unlocated": say("其人口未能落到住处，不计入覆盖也不计入未覆盖。"),
        "by_name": say("名称与边界对不上，其人口未能落到住处；在名称核对中确认后即有位置。"),
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

    Columns: layer; file, empty where the layer is of one; id; row, as the file shows it; name,
    address, street, missing where unknown; households, population, elderly_60plus, NaN where
    unknown; effect, a code of `EFFECTS`.
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


def places_told(study: Study) -> list[Finding]:
    """Return what is wrong with the places that were sent in: a table of addresses, or by hand."""
    hand = hand_file(study.path).name
    return [
        finding for finding in study.findings
        if finding.severity != "info"
        and (finding.layer == PLACES.layer or finding.file == hand or is_doubt(finding))
    ]  # fmt: skip


def _rows(study: Study, name: str, frame: gpd.GeoDataFrame) -> pd.DataFrame:
    rows = frame[without_place(frame)]
    texts = {column: words(rows, column) for column in ("id", "name", "address", "street")}
    numbers = {
        column: figures(rows, column) for column in ("households", "population", "elderly_60plus")
    }
    row = rows["row"] if "row" in rows else pd.Series(pd.NA, index=rows.index)
    effect: object = _EFFECT.get(name, "not_used")
    if name == "facilities":
        effect = _facility_effects(study, rows)
    elif name == PEOPLE.layer and known_rows(study.layers, PEOPLE) is not None:
        named = words(rows, "name").fillna(words(rows, "street")).notna()
        effect = named.map({True: "by_name", False: "unlocated"})
    file = words(rows, FILE).fillna("")
    table = pd.DataFrame(
        {
            "layer": name, "file": file, **texts, **numbers, "row": row.astype("Int64"),
            "effect": effect,
        },
        index=rows.index,
    )  # fmt: skip
    kinds = {"layer": "str", "file": "str", "effect": "str"}
    return table.reset_index(drop=True)[[*COLUMNS]].astype(kinds)


def _facility_effects(study: Study, rows: gpd.GeoDataFrame) -> pd.Series:
    """Return which facilities would count for the circle if they had a place."""
    circle = words(rows, "category").isin(study.description.walking.categories)
    return (operating(rows) & circle).map({True: "not_counted", False: "not_on_map"})
