"""What on a study's map has a name, so that the map can be moved there."""

from typing import Any, Final

import geopandas as gpd
import pandas as pd

from analysis.columns import words
from analysis.study import Study
from geo.language import Message, say
from ui.map.layers import Goal
from ui.seen import plain

KINDS: Final[dict[str, Message]] = {
    "street": say("街道"), "community": say("社区"), "residential": say("小区"),
    "facilities": say("设施"), "other": say("区域"),
}  # fmt: skip
_LAYERS: Final = {"residential": "estates", "facilities": "facilities"}


def known_places(study: Study) -> pd.DataFrame:
    """Return everything with a name and a place: streets, communities, other areas, estates, care.

    Columns: kind, a code of `KINDS`; layer, as the map calls it, empty for areas; id, name; west,
    south, east, north in degrees. The order is that of the kinds, then of the names.
    """
    layers = ("boundaries", "residential", "facilities")
    tables = [_named(name, frame) for name in layers if (frame := study.layer(name)) is not None]
    columns = ["kind", "layer", "id", "name", "west", "south", "east", "north"]
    if not tables:
        return pd.DataFrame(columns=columns)
    whole = pd.concat(tables, ignore_index=True)
    order = whole["kind"].map({kind: at for at, kind in enumerate(KINDS)})
    whole = whole.assign(order=order).sort_values(["order", "name", "id"], kind="stable")
    return whole[columns].reset_index(drop=True)


def place_labels(known: pd.DataFrame) -> list[str]:
    """Return what each known place is chosen by; of one name by its id."""
    kinds = known["kind"].map({kind: str(word) for kind, word in KINDS.items()})
    alike = known.duplicated(["name", "kind"], keep=False)
    return [
        plain(say("{name}（{kind}，{id}）", name=name, kind=kind, id=id_) if several
              else say("{name}（{kind}）", name=name, kind=kind))
        for name, kind, id_, several in zip(known["name"], kinds, known["id"], alike, strict=True)
    ]  # fmt: skip


def goal_of(place: "pd.Series[Any]") -> Goal:
    """Return a known place as what the map moves to."""
    west, south, east, north = (float(str(place[s])) for s in ("west", "south", "east", "north"))
    return Goal(str(place["layer"]), str(place["id"]), (west, south, east, north))


def _named(layer: str, frame: gpd.GeoDataFrame) -> pd.DataFrame:
    name = words(frame, "name")
    shown = frame[(name.notna() & ~frame.geometry.isna() & ~frame.geometry.is_empty).to_numpy()]
    bounds = shown.geometry.to_crs("EPSG:4326").bounds
    kinds = (
        shown["level"].where(shown["level"].isin(["street", "community"]), "other")
        if layer == "boundaries"
        else layer
    )
    return pd.DataFrame(
        {
            "kind": kinds, "layer": _LAYERS.get(layer, ""), "id": words(shown, "id"),
            "name": words(shown, "name"), "west": bounds["minx"], "south": bounds["miny"],
            "east": bounds["maxx"], "north": bounds["maxy"],
        }
    )  # fmt: skip
