"""A layer read as the study file describes it."""

from pathlib import Path

from analysis.description import LayerSource
from geo.layers import Layer, read_layer


def read_described(source: LayerSource, folder: Path, name: str) -> Layer:
    """Return a layer of a study as its file gives it, rows that have no place without one.

    folder
        Where the study file stands.

    Errors: PlanningError, as `read_layer`.
    """
    return read_layer(
        folder / source.path,
        name,
        sheet=source.layer,
        coordinates=source.coordinates,
        columns=source.columns,
    )
