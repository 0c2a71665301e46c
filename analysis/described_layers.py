"""A layer read as the study file describes it, out of all the files that are meant."""

from pathlib import Path

from analysis.description import LayerSource
from geo.files.several_files import stacked
from geo.ingest import read_layer
from geo.layers import Layer
from geo.position.zones import Bounds


def read_described(
    source: LayerSource, folder: Path, name: str, *, near: Bounds | None = None
) -> Layer:
    """Return a layer of a study as its files give it, rows that have no place without one.

    folder
        Where the study file stands.
    near
        West, south, east, north in WGS84 of the study, where its boundaries are known.

    Errors: PlanningError, as `read_layer`.
    """
    how = {
        "sheet": source.layer, "coordinates": source.coordinates, "columns": source.columns,
        "near": near,
    }
    files = source.files(folder)
    if not files:
        return read_layer(source.path, name, **how)
    layers = [read_layer(file, name, **how) for file in files]
    return layers[0] if len(layers) == 1 else stacked(layers, files)
