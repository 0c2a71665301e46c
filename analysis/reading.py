"""A layer of a study, read out of all the files that its description means."""

from pathlib import Path

from analysis.description import LayerSource
from geo.ingest import read_layer
from geo.layers import Layer
from geo.several_files import stacked


def read_source(source: LayerSource, folder: Path, name: str) -> Layer:
    """Return a layer of a study as it was read, one layer out of all its files."""
    how = {
        "sheet": source.layer, "coordinates": source.coordinates, "columns": source.columns
    }
    files = source.files(folder)
    if not files:
        return read_layer(source.path, name, **how)
    layers = [read_layer(file, name, **how) for file in files]
    return layers[0] if len(layers) == 1 else stacked(layers, files)
