"""A layer read as the study file describes it, out of all the files that are meant."""

from pathlib import Path

from analysis.description import LayerSource
from geo.ingest import read_layer
from geo.layers import Layer
from geo.several_files import stacked


def read_described(source: LayerSource, folder: Path, name: str) -> Layer:
    """Return a layer of a study as its files give it, rows that have no place without one.

    folder
        Where the study file stands.

    Errors: PlanningError, as `read_layer`.
    """
    how = {"sheet": source.layer, "coordinates": source.coordinates, "columns": source.columns}
    files = source.files(folder)
    if not files:
        return read_layer(source.path, name, **how)
    layers = [read_layer(file, name, **how) for file in files]
    return layers[0] if len(layers) == 1 else stacked(layers, files)
