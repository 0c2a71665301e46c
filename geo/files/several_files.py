"""One layer out of several files: the ledgers of eighteen streets read as one.

Each file is read by itself, so each may have a layout of its own; findings keep the name of the
file they are about.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from glob import glob, has_magic
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from geo.errors import LayerError
from geo.files.sources import SUFFIXES
from geo.findings import Finding
from geo.language import say
from geo.layers import Layer

FILE: Final = "file"
"""Column of a layer out of several files: the file of the row, named as findings name it."""


def files_meant(folder: Path, path: str) -> list[Path]:
    """Return the files that a path in a study means: itself, or all that fit a pattern.

    Errors: LayerError for a pattern that nothing fits.
    """
    named = folder / path
    if named.exists() or not has_magic(path):
        return [named]
    # A pattern of a study may be absolute, which Path.glob does not take.
    meant = (folder / each for each in glob(path, root_dir=folder, recursive=True))  # noqa: PTH207 - see above
    found = sorted(
        file for file in meant
        if file.suffix.lower() in SUFFIXES and not file.name.startswith(("~$", "."))
    )
    if not found:
        raise LayerError(
            say("没有符合“{pattern}”的数据文件。请检查 path。", pattern=path)
        )
    return found


def stacked(layers: Sequence[Layer], files: Sequence[Path]) -> Layer:
    """Return layers of one kind under one another, in the order given.

    Rows without an id of their own are called by file and row (`桥北街道·r12`), so that they keep
    their name when another street sends its file; files of one name by their folders too.

    Errors: LayerError where two files give the same id.
    """
    names = names_apart(files)
    frames = [_called_by(layer, name) for layer, name in zip(layers, names, strict=True)]
    _refuse_same_ids(frames, names)
    whole = pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
    headers = {name: header for layer in reversed(layers) for name, header in layer.headers.items()}
    said = {layer.coordinates for layer in layers if layer.coordinates}
    return Layer(
        gpd.GeoDataFrame(whole, geometry="geometry", crs=layers[0].frame.crs),
        tuple(_told_of(finding, file, name)
              for layer, file, name in zip(layers, files, names, strict=True)
              for finding in layer.findings),
        headers=headers, coordinates="、".join(sorted(said)),
    )


def names_apart(files: Sequence[Path]) -> list[str]:
    """Return the names of files, with as many of their folders as tell them apart."""
    names = [file.name for file in files]
    for length in range(2, max((len(file.parts) for file in files), default=0) + 1):
        several = {name for name, count in Counter(names).items() if count > 1}
        if not several:
            break
        names = [
            "/".join(file.parts[-length:]) if name in several else name
            for name, file in zip(names, files, strict=True)
        ]
    return names


def _called_by(layer: Layer, name: str) -> gpd.GeoDataFrame:
    frame = layer.frame.assign(**{FILE: name})
    if "id" in layer.headers:
        return frame
    stem = Path(name).with_suffix("").as_posix()
    return frame.assign(id=[f"{stem}·{each}" for each in layer.frame["id"]])


def _told_of(finding: Finding, file: Path, name: str) -> Finding:
    return replace(finding, file=name) if finding.file == file.name else finding


def _refuse_same_ids(frames: Sequence[gpd.GeoDataFrame], files: Sequence[str]) -> None:
    first: dict[str, str] = {}
    for frame, file in zip(frames, files, strict=True):
        again = next((each for each in frame["id"] if each in first), None)
        if again is not None:
            raise LayerError(
                say(
                    "编号“{id}”在“{one}”和“{other}”中都有，请改正其中一个。",
                    id=again, one=first[again], other=file,
                )
            )
        first |= dict.fromkeys(frame["id"], file)
