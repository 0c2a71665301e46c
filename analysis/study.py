"""A study: validated layers, streets, parameters and where each came from."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any, Self

import geopandas as gpd
from pyproj import CRS

from analysis.described_layers import read_described
from analysis.description import (
    StreetsSource,
    StudyDescription,
    Walking,
    checked,
    read_description,
)
from analysis.filled_cells import filled_file, read_filled
from analysis.filling import with_filled
from analysis.matching.kept import matches_file, read_confirmed
from analysis.matching.resolving import named_layers
from analysis.placing.by_hand import hand_file
from analysis.placing.finding_places import read_addresses, with_places
from analysis.placing.streets_of_files import with_streets_of_files
from analysis.pooling.kept import pools_file, with_kept_pools
from analysis.walking.alterations import Alterations
from geo.databases.address import is_database
from geo.errors import PlanningError, StudyError
from geo.findings import Finding
from geo.ingest import one_door, read_streets
from geo.language import Message, say
from geo.layers import FileRead, Layer
from geo.position.coordinates import metric_crs, parse_crs, require_true_metres
from geo.position.datum import datum_findings
from geo.position.zones import Bounds
from geo.streets import WalkNetwork
from geo.streets.kept import read_kept
from geo.streets.reading import sha256

# Told of long work: what is being done, and the part of the whole that is behind.
Progress = Callable[[Message, float], None]

EXPECTED_LAYERS = ("facilities", "residential", "population", "boundaries")


@dataclass(frozen=True, eq=False)
class Study:
    """Everything an evaluation needs, in one metric CRS.

    layers
        GeoDataFrames by layer name; a layer that is absent is no key.
    inputs
        sha256 of every file read, by its path in the study file.
    headers, coordinates
        By layer: how its file spells each column, and the system its positions were read in.
    files
        By layer: the files of one out of several.
    alterations
        What a scenario would change about the streets; `network` is as it was read.
    scenarios
        What the scenarios say that were applied, as plain values; none for the baseline.
    """

    description: StudyDescription
    path: Path
    crs: CRS
    layers: Mapping[str, gpd.GeoDataFrame]
    network: WalkNetwork
    findings: tuple[Finding, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    coordinates: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[FileRead, ...]] = field(default_factory=dict)
    alterations: Alterations = field(default_factory=Alterations)
    scenarios: tuple[Mapping[str, Any], ...] = ()

    @property
    def title(self) -> str:
        """Return the study's title, in the language now spoken where it is given in both."""
        return self.description.said(self.description.title)

    @property
    def on(self) -> dt.date:
        """Return the date for which the rules are asked."""
        return self.description.on

    @property
    def notice(self) -> str:
        """Return the sentence that stands on every map and page, in the language now spoken."""
        return self.description.said(self.description.notice)

    def layer(self, name: str) -> gpd.GeoDataFrame | None:
        """Return a layer, or None where the study has none or it has no rows."""
        frame = self.layers.get(name)
        return None if frame is None or frame.empty else frame

    def with_walking(self, **changes: object) -> Self:
        """Return the same study walked otherwise. Errors: StudyError for values out of range."""
        merged = {**self.description.walking.model_dump(), **changes}
        with checked(self.path, "walking"):
            walking = Walking.model_validate(merged)
        return replace(self, description=self.description.model_copy(update={"walking": walking}))


def load_study(path: Path, *, progress: Progress | None = None) -> Study:
    """Return the study that a file describes, its layers read and its streets joined.

    Errors: StudyError with one line for everything that is refused; StreetsError for streets.
    """
    tell = progress or (lambda _what, _part: None)
    tell(say("读取研究说明"), 0.0)
    description = with_kept_pools(read_description(path), path)
    folder = path.resolve().parent
    with one_door():  # all files of a study through one reading process
        read = _read_layers(description, folder, tell)
        addresses = read_addresses(description, path)
    read = with_streets_of_files(with_filled(read, read_filled(path)))
    addresses = addresses.near(read)
    placed = with_places(read, addresses, description.layers, kept=read_confirmed(path))
    layers = {name: layer.frame for name, layer in placed.items()}
    findings = [finding for layer in placed.values() for finding in layer.findings]
    findings += [*addresses.findings, *_absent(layers)]
    crs = study_crs(description, layers)
    tell(say("读取道路"), 0.7)
    network, noticed = _read_streets(description.streets, path, crs)
    metric = {name: frame.to_crs(network.crs) for name, frame in layers.items()}
    findings += datum_findings(metric, network)
    named = named_layers(metric, path, within_m=description.provision.serves_within_m)
    return Study(
        description=description,
        path=path.resolve(),
        crs=network.crs,
        layers=named.layers,
        network=network,
        findings=(*findings, *noticed, *named.findings),
        inputs=_fingerprints(description, path, read),
        headers={name: layer.headers for name, layer in read.items()},
        coordinates={name: layer.coordinates for name, layer in read.items()},
        files={name: layer.files for name, layer in read.items()},
    )


def _read_layers(
    description: StudyDescription, folder: Path, tell: Progress
) -> dict[str, Layer]:
    """Return every layer named, in degrees and in the order named; all refusals together."""
    read: dict[str, Layer] = {}
    refused: dict[str, tuple[Message, ...]] = {}
    for done, name in enumerate(_boundaries_first(description.layers)):
        tell(say("读取图层 {name}", name=name), 0.05 + 0.6 * done / len(description.layers))
        try:
            read[name] = read_described(
                description.layers[name], folder, name, near=_extent(read.get("boundaries"))
            )
        except PlanningError as error:
            refused[name] = error.messages
    if refused:
        in_order = (refused[name] for name in description.layers if name in refused)
        raise StudyError(*chain.from_iterable(in_order))
    return {name: read[name] for name in description.layers}


def _extent(boundaries: Layer | None) -> Bounds | None:
    """Return west, south, east, north of the study; None where no boundary says it."""
    if boundaries is None or boundaries.frame.geometry.isna().all():
        return None
    west, south, east, north = boundaries.frame.total_bounds.tolist()
    return west, south, east, north


def _boundaries_first(names: Iterable[str]) -> list[str]:
    """Return the layers in the order of reading: boundaries tell where the others should lie."""
    return sorted(names, key=lambda name: name != "boundaries")


def _absent(layers: Collection[str]) -> list[Finding]:
    """Return what is told of expected layers that a study does not have."""
    return [
        Finding(
            "warning",
            name,
            say("研究中没有图层 {name}，相关结果不计算。", name=name),
            say("如有数据，请在 [layers] 中写明。"),
        )
        for name in EXPECTED_LAYERS
        if name not in layers
    ]


def study_crs(description: StudyDescription, layers: Mapping[str, gpd.GeoDataFrame]) -> CRS | None:
    """Return the metric CRS of a study from layers in degrees; None where nothing stands anywhere.

    Errors: CoordinateError for a CRS in the study file that is none of metres.
    """
    middle = _middle(layers)
    if description.crs is not None:
        return require_true_metres(parse_crs(description.crs), middle)
    return None if middle is None else metric_crs(*middle)


def _middle(layers: Mapping[str, gpd.GeoDataFrame]) -> tuple[float, float] | None:
    """Return longitude and latitude of the middle of the first layer that stands somewhere."""
    for name in ("boundaries", "residential", "population", "facilities", "candidates"):
        frame = layers.get(name)
        if frame is not None and not frame.geometry[~frame.geometry.is_empty].dropna().empty:
            west, south, east, north = frame.total_bounds
            return (west + east) / 2, (south + north) / 2
    return None


def _read_streets(
    source: StreetsSource, path: Path, crs: CRS | None
) -> tuple[WalkNetwork, list[Finding]]:
    """Return the streets of a study, kept beside it once read."""
    file = path.resolve().parent / source.path

    def read() -> tuple[WalkNetwork, list[Finding]]:
        return read_streets(
            file,
            crs,
            layer=source.layer,
            coordinates=source.coordinates,
            connect_m=source.connect_m,
            cross=source.cross,
        )

    if crs is None or not file.is_file():
        return read()
    how = source.model_dump(mode="json", include={"layer", "coordinates", "connect_m", "cross"})
    key = {"sha256": sha256(file), "version": version("carecircle"), **how}
    return read_kept(kept_beside(path, "streets.npz"), key, read, crs)


def kept_beside(study: Path, what: str) -> Path:
    """Return where something derived from a study file is kept."""
    name = study.name.removesuffix(".toml").removesuffix(".study")
    return study.resolve().parent / ".kept" / f"{name}.{what}"


def _fingerprints(
    description: StudyDescription, path: Path, read: Mapping[str, Layer]
) -> dict[str, str]:
    """Return the sha256 of every file read, and of the rows of a database's tables."""
    folder, filled = path.resolve().parent, filled_file(path)
    paths = [filled.name] if filled.is_file() else []
    sources = description.layers.values()
    paths += [
        file.relative_to(folder).as_posix() if file.is_relative_to(folder) else str(file)
        for source in sources for file in source.files(folder)
    ]
    ages = description.forecast.ages
    if ages is not None:
        if not (folder / ages).is_file():
            raise StudyError(
                say("{file}：找不到分年龄人口文件。请检查 [forecast] 的 ages。", file=ages)
            )
        paths.append(ages)
    paths += [description.streets.path, *(
        each.places for each in sources if each.places and (folder / each.places).exists()
    )]  # fmt: skip
    decided = (hand_file(path), matches_file(path), pools_file(path))
    paths += [kept.name for kept in decided if kept.is_file()]
    rows = {
        source.shown(): read[name].fingerprint
        for name, source in description.layers.items() if is_database(source.path)
    }
    return {**{name: sha256(folder / name) for name in paths}, **rows}
