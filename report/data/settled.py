"""The layers of a study file as its evaluation has them: placed, and with the names that are sure.

What stops an evaluation is told here as an error, so that everything else can still be told.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd

from analysis.description import StudyDescription
from analysis.matching.kept import Confirmed, read_confirmed
from analysis.matching.resolving import named_layers
from analysis.placing.finding_places import Addresses, read_addresses, with_places
from analysis.study import study_crs
from geo.errors import PlanningError
from geo.findings import Finding
from geo.layers import Layer
from geo.position.datum import datum_findings
from geo.streets import WalkNetwork


@dataclass(frozen=True)
class Settled:
    """Layers in degrees, and what was noticed of none of them."""

    layers: Mapping[str, Layer]
    others: tuple[Finding, ...]


def settled_layers(
    read: Mapping[str, Layer],
    description: StudyDescription,
    path: Path,
    *,
    network: WalkNetwork | None,
    refused: Collection[str],
) -> Settled:
    """Return the layers that could be read as `load_study` would have them.

    network
        None where the streets could not be read: then it is not told whether layers are shifted.
    refused
        The layers that could not be read.
    """
    placed, others = _placed(read, description, path, refused)
    crs = study_crs(description, _frames(placed)) if network is None else network.crs
    if crs is None:
        return Settled(placed, tuple(others))
    metric = {name: frame.to_crs(crs) for name, frame in _frames(placed).items()}
    findings = [] if network is None else datum_findings(metric, network)
    try:
        named = named_layers(metric, path, within_m=description.provision.serves_within_m)
    except PlanningError as error:
        return Settled(_told(placed, findings), (*others, *_errors("study", error)))
    layers = {
        name: replace(layer, frame=named.layers[name].set_geometry(layer.frame.geometry))
        for name, layer in placed.items()
    }
    return Settled(_told(layers, [*findings, *named.findings]), tuple(others))


def _placed(
    read: Mapping[str, Layer], description: StudyDescription, path: Path, refused: Collection[str]
) -> tuple[dict[str, Layer], list[Finding]]:
    """Return layers with rows put where they are found, and what was noticed on the way."""
    others: list[Finding] = []
    try:
        addresses = read_addresses(description, path).near(read)
    except PlanningError as error:
        others += _errors("places", error)
        addresses = Addresses({}, (), "")
    try:
        placed = with_places(read, addresses, description.layers, kept=_kept(path))
    except PlanningError as error:
        # Without the boundaries that were refused, that people have none is told already.
        others += [] if "boundaries" in refused else _errors("population", error)
        rest = {name: layer for name, layer in read.items() if name != "population"}
        placed = {**read, **with_places(rest, addresses, description.layers)}
    return placed, [*others, *addresses.findings]


def _kept(path: Path) -> tuple[Confirmed, ...]:
    """Return what was confirmed; why it cannot be read is told where names are resolved."""
    try:
        return read_confirmed(path)
    except PlanningError:
        return ()


def _errors(layer: str, error: PlanningError) -> Iterator[Finding]:
    yield from (Finding("error", layer, message) for message in error.messages)


def _frames(layers: Mapping[str, Layer]) -> dict[str, gpd.GeoDataFrame]:
    return {name: layer.frame for name, layer in layers.items()}


def _told(layers: Mapping[str, Layer], findings: Collection[Finding]) -> dict[str, Layer]:
    """Return layers with the findings about each put behind its own."""
    return {
        name: replace(
            layer, findings=(*layer.findings, *(f for f in findings if f.layer == name))
        )
        for name, layer in layers.items()
    }
