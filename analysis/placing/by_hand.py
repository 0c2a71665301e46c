"""Places given by hand on the map, kept beside the study and applied when it is read."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import geopandas as gpd
import pandas as pd
import shapely
from pydantic import Field

from analysis.columns import words
from analysis.described_layers import read_described
from analysis.description import Described, checked, read_description
from analysis.kept_beside import beside, read_beside, toml_block, write_beside, writing
from analysis.placing.lookup import without_place
from geo.errors import StudyError
from geo.findings import Finding
from geo.language import Message, say
from geo.position.coordinates import WGS84
from geo.position.no_coordinates import BY_NAME, PLACEABLE

_CHINA: Final = (73.0, 3.0, 136.0, 54.0)  # west, south, east, north

LAYERS: Final = (*PLACEABLE, BY_NAME)
"""Layers whose rows may be placed by hand."""


class HandPlace(Described):
    """The place of one row, in WGS84 degrees; `name` is what the row was called then."""

    layer: str
    id: str
    name: str = ""
    address: str = ""
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    by: str = ""
    on: dt.date | None = None


class _HandPlaces(Described):
    place: tuple[HandPlace, ...] = ()


class Applied(NamedTuple):
    """A layer with its places by hand, and what is told of them."""

    frame: gpd.GeoDataFrame
    findings: tuple[Finding, ...]


def hand_file(study: Path) -> Path:
    """Return where the places given by hand stand: NAME.places.toml beside NAME.study.toml."""
    return beside(study, "places")


def read_hand_places(study: Path) -> tuple[HandPlace, ...]:
    """Return the places given by hand; none where nobody has. Errors: StudyError."""
    path = hand_file(study)
    raw = read_beside(path, say("点选的位置"))
    with checked(path):
        places = _HandPlaces.model_validate(raw).place
    strange = [place for place in places if place.layer not in LAYERS]
    if strange:
        raise StudyError(*(_no_such_layer(path, place.layer) for place in strange))
    return places


def placed_by_hand(
    frame: gpd.GeoDataFrame, places: Iterable[HandPlace], *, layer: str, file: str, hand: str
) -> Applied:
    """Return a layer in WGS84 with the places given by hand, which stand above its own.

    file, hand
        Names of the layer's file and of the file of places.

    A place is used where the row still has its id and its name, and only if told once.
    """
    own = [place for place in places if place.layer == layer]
    if not own:
        return Applied(frame, ())
    times = Counter(place.id for place in own)
    once = [place for place in own if times[place.id] == 1]
    called = words(frame, "name").fillna("").set_axis(words(frame, "id").array)
    sure = [place for place in once if called.get(place.id) == place.name]
    findings = [*_twice(times, layer=layer, hand=hand),
                *_changed(once, called, layer=layer, hand=hand)]
    if not sure:
        return Applied(frame, tuple(findings))
    at = pd.Index(called.index).get_indexer([place.id for place in sure])
    moved = int((~without_place(frame.iloc[at])).sum())
    geometry = frame.geometry.copy()
    geometry.iloc[at] = shapely.points([(place.lon, place.lat) for place in sure])
    message = (
        say("{count} 行的位置是在页面上点选的，其中 {moved} 行原有坐标。",
            count=len(sure), moved=moved)
        if moved else say("{count} 行的位置是在页面上点选的。", count=len(sure))
    )  # fmt: skip
    findings.append(Finding("info", layer, message, file=file))
    return Applied(frame.set_geometry(geometry), tuple(findings))


def place_by_hand(  # noqa: PLR0913 - a place says all of these
    study: Path,
    layer: str,
    id_: str,
    lon: float,
    lat: float,
    *,
    by: str = "",
    on: dt.date | None = None,
    rows: gpd.GeoDataFrame | None = None,
) -> HandPlace:
    """Keep the place of a row beside the study, instead of one kept before, and return it.

    lon, lat
        WGS84 degrees.
    rows
        The layer as it is known, to save reading it again.

    Errors: StudyError for an unknown row, a position that is none, or a file that cannot be
    written; nothing is changed then.
    """
    if layer not in LAYERS:
        raise StudyError(_no_such_layer(hand_file(study), layer))
    known = _layer(study, layer) if rows is None else rows
    found = known[words(known, "id").eq(id_)]
    if found.empty:
        raise StudyError(say("图层 {layer} 中没有编号“{id}”。请核对。", layer=layer, id=id_))
    _refuse_nowhere(lon, lat, known)
    told = {name: words(found, name).fillna("").iloc[0] for name in ("name", "address")}
    with checked(hand_file(study), "place"):
        place = HandPlace(layer=layer, id=id_, lon=lon, lat=lat, by=by, on=on, **told)
    with writing(hand_file(study)):
        _write(study, [*_others(study, layer, id_), place])
    return place


def _refuse_nowhere(lon: float, lat: float, known: gpd.GeoDataFrame) -> None:
    """Refuse degrees that are none, or that lie by the other rows only when exchanged.

    Errors: StudyError.
    """
    here, exchanged = (_is_by(known, *each) for each in ((lon, lat), (lat, lon)))
    if exchanged and not here:
        raise StudyError(
            say(
                "{lon}, {lat}：经度、纬度像是写反了，没有采用。先写经度，后写纬度：{lat},{lon}。",
                lon=f"{lon:g}", lat=f"{lat:g}",
            )
        )
    if not _are_degrees(lon, lat):
        raise StudyError(
            say(
                "{lon}, {lat} 不是经纬度，没有采用。"
                "经度在 -180 到 180 之间，纬度在 -90 到 90 之间。",
                lon=f"{lon:g}", lat=f"{lat:g}",
            )
        )


def _are_degrees(lon: float, lat: float) -> bool:
    return abs(lon) <= 180 and abs(lat) <= 90  # noqa: PLR2004 - the globe


def _is_by(known: gpd.GeoDataFrame, lon: float, lat: float) -> bool:
    """Tell whether a point lies within a degree of the other rows; where none stands, in China."""
    there = known.geometry[~without_place(known)]
    bounds = there.to_crs(WGS84).total_bounds if len(there) and there.crs else _CHINA
    west, south, east, north = bounds
    around = west - 1 <= lon <= east + 1 and south - 1 <= lat <= north + 1
    return _are_degrees(lon, lat) and bool(around)


def unplace(study: Path, layer: str, id_: str) -> bool:
    """Take the place given to a row by hand away; return whether there was one.

    Errors: StudyError for a file that cannot be read or written.
    """
    with writing(hand_file(study)):
        kept = _others(study, layer, id_)
        if len(kept) == len(read_hand_places(study)):
            return False
        _write(study, kept)
    return True


def _layer(study: Path, layer: str) -> gpd.GeoDataFrame:
    source = read_description(study).layers.get(layer)
    if source is None:
        raise StudyError(say("{file}：研究中没有图层 {layer}。", file=study.name, layer=layer))
    return read_described(source, study.resolve().parent, layer).frame


def _others(study: Path, layer: str, id_: str) -> list[HandPlace]:
    places = read_hand_places(study)
    return [place for place in places if (place.layer, place.id) != (layer, id_)]


def _write(study: Path, places: Sequence[HandPlace]) -> None:
    blocks = [toml_block("place", place.model_dump(exclude_defaults=True)) for place in places]
    write_beside(hand_file(study), "\n".join(blocks))


def _twice(times: Counter[str], *, layer: str, hand: str) -> Iterator[Finding]:
    for id_, count in times.items():
        if count > 1:
            message = say("点选的位置中，编号“{id}”写了 {count} 次，未采用。", id=id_, count=count)
            yield Finding("warning", layer, message, say("请只保留一次。"), hand)


def _changed(
    places: Iterable[HandPlace], called: pd.Series, *, layer: str, hand: str
) -> Iterator[Finding]:
    """Yield the places whose row is gone or is called otherwise now."""
    remedy = say("请重新点选。")
    for place in places:
        now = called.get(place.id)
        if now is None:
            message = say("台账已变：编号“{id}”不再有，点选的位置未采用。", id=place.id)
        elif now != place.name:
            message = say(
                "台账已变：编号“{id}”现在叫“{now}”，点选的位置未采用。", id=place.id, now=now
            )
        else:
            continue
        yield Finding("warning", layer, message, remedy, hand, value=place.name)


def _no_such_layer(path: Path, layer: str) -> Message:
    return say(
        "{file}：图层“{layer}”的位置不能点选。可用：{known}。",
        file=path.name, layer=layer, known="、".join(LAYERS),
    )  # fmt: skip
