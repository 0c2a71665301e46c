"""Rows without coordinates given their places: by a table, by name on boundaries, by hand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from glob import has_magic
from pathlib import Path

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from analysis.columns import words
from analysis.description import LayerSource, StudyDescription
from analysis.matching.kept import Confirmed
from analysis.placing.by_hand import (
    LAYERS,
    HandPlace,
    hand_file,
    placed_by_hand,
    read_hand_places,
)
from analysis.placing.communities import onto_boundaries
from analysis.placing.far_places import far_away, ground_of
from analysis.placing.lookup import (
    Flags,
    Rows,
    look_up,
    lookup_findings,
    unused_rows,
    without_place,
)
from geo.errors import LayerError, StudyError
from geo.files.several_files import FILE
from geo.findings import Finding
from geo.ingest import read_layer
from geo.language import say
from geo.layers import Layer
from geo.ledgers.numbers import Cells
from geo.position.coordinates import WGS84
from geo.position.no_coordinates import (
    BY_NAME,
    is_about_coordinates,
    needs_boundaries,
    tell_without_coordinates,
)


@dataclass(frozen=True)
class Addresses:
    """What places rows that have none.

    tables
        Tables of addresses by the name of the layer they serve.
    by_hand, hand
        Places given by hand, and the name of the file that holds them.
    files
        The name of each table's file.
    """

    tables: Mapping[str, Layer]
    by_hand: tuple[HandPlace, ...]
    hand: str
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def findings(self) -> list[Finding]:
        """Return what was noticed in the tables, each table once."""
        different = {id(table): table for table in self.tables.values()}
        return [finding for table in different.values() for finding in table.findings]

    def near(self, read: Mapping[str, Layer]) -> "Addresses":
        """Return the same without the places that lie far from all layers of the study.

        They are told, and their rows stay without a place.
        """
        if not self.tables:
            return self
        ground = ground_of(layer.frame for layer in read.values())
        kept = {
            id(table): _near(table, ground, self.files[name])
            for name, table in self.tables.items()
        }
        return replace(self, tables={name: kept[id(table)] for name, table in self.tables.items()})


def read_addresses(description: StudyDescription, study: Path) -> Addresses:
    """Return the tables of addresses that a study names, and the places kept beside it.

    Errors: PlanningError for a table that cannot be read, or that serves a layer it cannot.
    """
    tables: dict[str, Layer] = {}
    read: dict[tuple[str | None, ...], Layer] = {}
    for name, source in description.layers.items():
        if source.places is None:
            continue
        if name not in LAYERS:
            raise StudyError(
                say(
                    "{file}：图层“{layer}”不能用地址表（places）。可用：{known}。",
                    file=study.name, layer=name, known="、".join(LAYERS),
                )
            )  # fmt: skip
        which = (source.places, source.places_layer, source.places_coordinates)
        tables[name] = read.get(which) or _read_table(source, study.resolve().parent)
        read[which] = tables[name]
    files = {name: Path(str(description.layers[name].places)).name for name in tables}
    return Addresses(tables, read_hand_places(study), hand_file(study).name, files)


def _near(table: Layer, ground: NDArray[np.object_], file: str) -> Layer:
    frame = table.frame
    at = np.flatnonzero(~without_place(frame))
    why = far_away(frame.geometry.to_numpy()[at], ground)
    far = [(int(row), message) for row, message in zip(at, why, strict=True) if message is not None]
    if not far:
        return table
    geometry = frame.geometry.copy()
    geometry.iloc[[row for row, _ in far]] = None
    told = (
        Finding("warning", "places", message, file=file, row=int(frame["row"].iloc[row]),
                value=words(frame, "name").fillna("").iloc[row])
        for row, message in far
    )  # fmt: skip
    return replace(table, frame=frame.set_geometry(geometry), findings=(*table.findings, *told))


def _not_yet(file: str) -> Layer:
    """Return a table of addresses that nobody has written yet: without rows, and a warning."""
    none: dict[str, list[str]] = {"of_id": [], "name": [], "address": [], "row": []}
    frame = gpd.GeoDataFrame(none, geometry=[], crs=WGS84)
    message = say("还没有这个文件，没有位置的行仍没有位置。")
    remedy = say("请用 place 研究文件 --out {file} 写出待填的地址表。", file=file)
    return Layer(frame, (Finding("warning", "places", message, remedy, file),))


def _read_table(source: LayerSource, folder: Path) -> Layer:
    path = folder / str(source.places)
    if not path.exists():
        return _not_yet(path.name)
    table = read_layer(
        path, "places",
        sheet=source.places_layer, coordinates=source.places_coordinates,
    )  # fmt: skip
    if not any(name in table.frame for name in ("of_id", "name", "address")):
        file = Path(str(source.places)).name
        raise LayerError(say("{file}：地址表要有编号、名称或地址一列。", file=file))
    table = _unfilled_once(table, Path(str(source.places)).name)
    if source.places_coordinates is not None:
        return table
    # What is missing is not the layer's own `coordinates`.
    remedy = say('请写明 places_coordinates = "wgs84"、"cgcs2000"、"gcj02" 或 "bd09"。')
    findings = (
        replace(finding, remedy=remedy) if _asks_for_coordinates(finding) else finding
        for finding in table.findings
    )
    return replace(table, findings=tuple(findings))


def _unfilled_once(table: Layer, file: str) -> Layer:
    """Return a table of addresses that tells in one line how many of its rows are still empty."""
    others = [finding for finding in table.findings if not is_about_coordinates(finding)]
    if len(others) == len(table.findings):
        return table
    told = [finding.row for finding in others if finding.severity != "info"]
    empty = without_place(table.frame) & ~table.frame["row"].isin(told).to_numpy(dtype=bool)
    message = say("{count} 行还没有填经度和纬度，没有用到。", count=int(empty.sum()))
    return replace(table, findings=(*others, Finding("info", "places", message, file=file)))


def _asks_for_coordinates(finding: Finding) -> bool:
    return finding.remedy is not None and "coordinates = " in finding.remedy.template


def with_places(
    read: Mapping[str, Layer],
    addresses: Addresses,
    sources: Mapping[str, LayerSource],
    *,
    kept: Sequence[Confirmed] = (),
) -> dict[str, Layer]:
    """Return the layers of a study, rows without a place put where they are found.

    First a table of addresses, then the hand, which alone stands above coordinates of the file and
    the table, and for people that have no place then the boundaries of their name.

    kept
        What the user confirmed of names.

    Errors: StudyError for people without coordinates in a study without boundaries.
    """
    boundaries = read["boundaries"].frame if "boundaries" in read else None
    layers = dict(read)
    used: dict[int, Flags] = {}
    for name in LAYERS:
        if name not in read:
            continue
        source, before = sources[name], read[name]
        layer = _looked_up(before, addresses, source, used, name=name)
        layer = _by_hand(layer, addresses, source, name=name)
        if name == BY_NAME:  # last, so that nobody is told of rows that the hand has placed
            layer = _on_areas(layer, boundaries, source, kept)
        layers[name] = _told_again(before, layer, name=name, file=_file(source))
    return layers


def _file(source: LayerSource) -> str:
    """Return the file as findings name it; of a pattern its folder too: `*` alone names nothing."""
    path = Path(source.path)
    return "/".join(path.parts[-2:]) if has_magic(path.name) else path.name


def _looked_up(
    layer: Layer, addresses: Addresses, source: LayerSource, used: dict[int, Flags], *, name: str
) -> Layer:
    """Return a layer with the places that its table of addresses knows, if it has one.

    used
        By table which of its rows layers before have used; this one is put there too. What one
        layer does not use of a table that serves several is told once, with the last.
    """
    if name not in addresses.tables:
        return layer
    frame, table = layer.frame, addresses.tables[name].frame
    looked = look_up(frame, table)
    found = looked.spot >= 0
    geometry = frame.geometry.copy()
    geometry[found] = looked.points.to_numpy()[looked.spot[found]]
    file = Path(str(source.places)).name
    findings = [*lookup_findings(looked, frame, layer=name, file=_file(source), table=file)]
    key = id(addresses.tables[name])
    used[key] = looked.used | used.get(key, np.zeros(len(looked.used), dtype=bool))
    serves = [each for each in LAYERS if each in addresses.tables
              and addresses.tables[each] is addresses.tables[name]]  # fmt: skip
    if name == serves[-1]:
        findings += unused_rows(used[key], layer=name, table=file)
    return replace(
        layer, frame=frame.set_geometry(geometry), findings=(*layer.findings, *findings)
    )


def _on_areas(
    layer: Layer,
    boundaries: gpd.GeoDataFrame | None,
    source: LayerSource,
    kept: Sequence[Confirmed],
) -> Layer:
    """Return people with those that have no place put onto the boundaries they name."""
    nowhere = without_place(layer.frame)
    if not nowhere.any():
        return layer
    if boundaries is None:
        if nowhere.all() and needs_boundaries(layer.findings):
            raise StudyError(
                say(
                    "{file}：没有坐标列，研究也没有边界图层，人口无处可落。"
                    "请补上坐标，或在 [layers] 中写明 boundaries。",
                    file=_file(source),
                )
            )
        return layer
    named = onto_boundaries(layer.frame, boundaries, file=_file(source), kept=kept)
    # What has no place now is told row by row, with the reason.
    findings = [finding for finding in layer.findings if not is_about_coordinates(finding)]
    return replace(layer, frame=named.people, findings=(*findings, *named.findings))


def _by_hand(layer: Layer, addresses: Addresses, source: LayerSource, *, name: str) -> Layer:
    placed = placed_by_hand(
        layer.frame, addresses.by_hand, layer=name, file=_file(source), hand=addresses.hand
    )
    return replace(layer, frame=placed.frame, findings=(*layer.findings, *placed.findings))


def _told_again(before: Layer, after: Layer, *, name: str, file: str) -> Layer:
    """Return a layer of which some rows found their place: only of the others is it told."""
    nowhere = without_place(after.frame)
    told = [finding for finding in after.findings if is_about_coordinates(finding)]
    if not told or (nowhere == without_place(before.frame)).all():
        return after
    frame = after.frame
    names, addresses = (
        words(frame, column).astype(object).where(words(frame, column).notna(), None).to_numpy()
        for column in ("name", "address")
    )
    first = after.findings.index(told[0])
    others = [finding for finding in after.findings if not is_about_coordinates(finding)]
    others[first:first] = [
        finding
        for where, at in _by_file(frame, file)
        for finding in tell_without_coordinates(
            nowhere[at], Cells(names[at], frame["row"].to_numpy()[at], "", name, where),
            addresses[at],
        )
    ]  # fmt: skip
    return replace(after, findings=tuple(others))


def _by_file(frame: gpd.GeoDataFrame, file: str) -> Iterator[tuple[str, Rows]]:
    """Yield the files of a layer with the positions of their rows."""
    files = words(frame, FILE).fillna(file).reset_index(drop=True)
    for name, rows in files.groupby(files, sort=False):
        yield str(name), rows.index.to_numpy()
