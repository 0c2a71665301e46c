"""Places given by hand on the map, kept beside the study and applied when it is read."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pydantic import Field

from analysis.columns import words
from analysis.described_layers import read_described
from analysis.description import Described, checked, read_description
from analysis.kept_beside import beside, read_beside, toml_block, write_beside, writing
from analysis.placing.far_places import far_away, ground_of, metres_between
from analysis.placing.lookup import without_place
from geo.errors import StudyError
from geo.findings import Finding
from geo.language import Message, say
from geo.position.coordinates import WGS84
from geo.position.no_coordinates import BY_NAME, PLACEABLE
from geo.schema import SCHEMAS

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
        say("{count} 行的位置是手工给的（页面点选或 place 命令），其中 {moved} 行原有坐标。",
            count=len(sure), moved=moved)
        if moved else say("{count} 行的位置是手工给的（页面点选或 place 命令）。", count=len(sure))
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
    ground: NDArray[np.object_] | None = None,
) -> HandPlace:
    """Keep the place of a row beside the study, instead of one kept before, and return it.

    id_
        Of the row; or its name, where only one row is called so.
    lon, lat
        WGS84 degrees.
    rows, ground
        The layer as it is known, to save reading it again, and what a place must not be far from
        (`rows_and_ground`); rows without ground: any place on the globe.

    Errors: StudyError for an unknown row, a position that is none, or a file that cannot be
    written; nothing is changed then.
    """
    if layer not in LAYERS:
        raise StudyError(_no_such_layer(hand_file(study), layer))
    if rows is None:
        rows, ground = rows_and_ground(study, layer)
    found = rows.iloc[[row_called(rows, layer, id_)]]
    _refuse_nowhere(lon, lat, rows)
    if ground is not None:
        (far,) = far_away(shapely.points([(lon, lat)]), ground)
        if far is not None:
            raise StudyError(far)
    told = {name: words(found, name).fillna("").iloc[0] for name in ("id", "name", "address")}
    with checked(hand_file(study), "place"):
        place = HandPlace(layer=layer, lon=lon, lat=lat, by=by, on=on, **told)
    with writing(hand_file(study)):
        _write(study, [*_others(study, layer, place.id), place])
    return place


def row_called(rows: gpd.GeoDataFrame, layer: str, word: str) -> int:
    """Return the position of a row by its id, else by a name that it alone bears.

    Errors: StudyError where there is none, or several.
    """
    at = np.flatnonzero(words(rows, "id").eq(word).to_numpy(dtype=bool, na_value=False))
    if not len(at):
        at = np.flatnonzero(words(rows, "name").eq(word).to_numpy(dtype=bool, na_value=False))
    chinese = SCHEMAS[layer].chinese
    if len(at) > 1:
        ids = "、".join(str(id_) for id_ in words(rows, "id").iloc[at])
        raise StudyError(
            say("{layer}里有 {count} 行都叫“{name}”，请改用编号：{ids}。",
                layer=chinese, count=len(at), name=word, ids=ids)
        )  # fmt: skip
    if not len(at):
        raise StudyError(
            say("{layer}里没有编号或名称“{id}”。编号用 place 研究文件 --list 查看。",
                layer=chinese, id=word)
        )  # fmt: skip
    return int(at[0])


def metres_moved(rows: gpd.GeoDataFrame, place: HandPlace) -> float | None:
    """Return how far a place lies from where the ledger has its row; None where it has no place."""
    own = rows[words(rows, "id").eq(place.id)]
    if own.empty or without_place(own).all():
        return None
    before = own.to_crs(WGS84) if own.crs else own
    points = shapely.centroid(before.geometry.to_numpy()[:1])
    return float(metres_between(points, shapely.points([(place.lon, place.lat)]))[0])


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


def put_back_by_hand(study: Path, places: Sequence[HandPlace]) -> None:
    """Keep exactly these places beside a study; without any, take the file away.

    Errors: StudyError where the file cannot be written; it is then as it was.
    """
    with writing(hand_file(study)):
        _write(study, places)


def rows_and_ground(study: Path, layer: str) -> tuple[gpd.GeoDataFrame, NDArray[np.object_]]:
    """Return a layer of a study file, and the shapes that no place of it can be far from.

    Those of the boundaries and of the layer; where these have none, of every layer.

    Errors: PlanningError.
    """
    sources, folder = read_description(study).layers, study.resolve().parent
    if layer not in sources:
        raise StudyError(say("{file}：研究中没有图层 {layer}。", file=study.name, layer=layer))
    near = [layer, *(["boundaries"] if "boundaries" in sources else [])]
    read = {name: read_described(sources[name], folder, name).frame for name in near}
    ground = ground_of(read.values())
    if not len(ground):
        others = [name for name in sources if name not in read]
        ground = ground_of(read_described(sources[name], folder, name).frame for name in others)
    return read[layer], ground


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
