"""What on a study's map has a name, so that the map can be moved there."""

import json
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.columns import words
from analysis.study import Study
from geo.language import Message, say
from ui.map.goal import Goal
from ui.seen import plain

KINDS: Final[dict[str, Message]] = {
    "street": say("街道"), "community": say("社区"), "planning_unit": say("控规单元"),
    "residential": say("小区"), "facilities": say("设施"), "other": say("区域"),
}  # fmt: skip
_LEVELS: Final = ["street", "community", "planning_unit"]
_LAYERS: Final = {"residential": "estates", "facilities": "facilities"}


def known_places(study: Study) -> pd.DataFrame:
    """Return everything with a name and a place: streets, communities, other areas, estates, care.

    Columns: kind, a code of `KINDS`; layer, as the map calls it, empty for areas; id, name; street,
    as the row or else the boundaries say it, empty where neither does; west, south, east, north in
    degrees. The order is that of the kinds, then of the names.
    """
    layers = ("boundaries", "residential", "facilities")
    streets = _streets(study)
    tables = [
        _named(name, frame, streets) for name in layers if (frame := study.layer(name)) is not None
    ]
    columns = ["kind", "layer", "id", "name", "street", "west", "south", "east", "north"]
    if not tables:
        return pd.DataFrame(columns=columns)
    whole = pd.concat(tables, ignore_index=True)
    order = whole["kind"].map({kind: at for at, kind in enumerate(KINDS)})
    whole = whole.assign(order=order).sort_values(["order", "name", "id"], kind="stable")
    return whole[columns].reset_index(drop=True)


def place_labels(known: pd.DataFrame) -> list[str]:
    """Return what each known place is chosen by; of one name by its street, else by its id."""
    kinds = known["kind"].map({kind: str(word) for kind, word in KINDS.items()})
    return [
        plain(say("{name}（{kind}，{id}）", name=name, kind=kind, id=told) if told
              else say("{name}（{kind}）", name=name, kind=kind))
        for name, kind, told in zip(known["name"], kinds, told_apart(known), strict=True)
    ]  # fmt: skip


def told_apart(known: pd.DataFrame) -> "pd.Series[str]":
    """Return what tells namesakes of one kind apart: their street, or where that fails their id."""
    alike = known.duplicated(["name", "kind"], keep=False)
    still = known.duplicated(["name", "kind", "street"], keep=False) | known["street"].eq("")
    return known["street"].mask(still, known["id"]).where(alike, "")


def names(study: Study) -> bytes:
    """Return the known places as the map's search reads them: one short row each.

    Kind, layer, id, name, what tells it apart, and its bounds.
    """
    known = known_places(study).assign(apart=told_apart)
    texts = ["kind", "layer", "id"]
    rows = known[texts].astype(str).assign(
        name=known["name"].map(plain), apart=known["apart"].map(plain)
    )
    bounds = known[["west", "south", "east", "north"]].astype(float).round(6)
    both = [[*row, *box] for row, box in zip(rows.to_numpy().tolist(), bounds.to_numpy().tolist(),
                                             strict=True)]  # fmt: skip
    return json.dumps({"places": both}, ensure_ascii=False, separators=(",", ":")).encode()


def goal_of(place: "pd.Series[Any]") -> Goal:
    """Return a known place as what the map moves to."""
    west, south, east, north = (float(str(place[s])) for s in ("west", "south", "east", "north"))
    return Goal(str(place["layer"]), str(place["id"]), (west, south, east, north))


def _streets(study: Study) -> gpd.GeoDataFrame | None:
    """Return the streets as areas; None where the study has none."""
    areas = study.layer("boundaries")
    if areas is None:
        return None
    streets = areas[areas["level"].eq("street") & words(areas, "name").notna()]
    return streets if len(streets) else None


def _street_of(frame: gpd.GeoDataFrame, streets: gpd.GeoDataFrame | None) -> "pd.Series[str]":
    """Return the street that each row names, else the one that it lies in, else nothing."""
    said = words(frame, "street").astype(object).where(lambda told: told.notna(), "")
    if streets is None:
        return said
    points = shapely.point_on_surface(frame.geometry.to_numpy())
    row, street = shapely.STRtree(streets.geometry.to_numpy()).query(points, predicate="within")
    lies = pd.Series("", index=frame.index, dtype=object)
    first = np.unique(row, return_index=True)[1]
    lies.iloc[row[first]] = words(streets, "name").to_numpy(dtype=object)[street[first]]
    return said.where(said.ne(""), lies)


def _named(
    layer: str, frame: gpd.GeoDataFrame, streets: gpd.GeoDataFrame | None
) -> pd.DataFrame:
    name = words(frame, "name")
    shown = frame[(name.notna() & ~frame.geometry.isna() & ~frame.geometry.is_empty).to_numpy()]
    bounds = shown.geometry.to_crs("EPSG:4326").bounds
    kinds = (
        shown["level"].where(shown["level"].isin(_LEVELS), "other")
        if layer == "boundaries"
        else layer
    )
    return pd.DataFrame(
        {
            "kind": kinds, "layer": _LAYERS.get(layer, ""), "id": words(shown, "id"),
            "name": words(shown, "name"), "street": _street_of(shown, streets),
            "west": bounds["minx"], "south": bounds["miny"],
            "east": bounds["maxx"], "north": bounds["maxy"],
        }
    )  # fmt: skip
