"""One layer out of several files: the ledgers of eighteen streets read as one.

Each file is read by itself, so each may have a layout of its own; findings keep the name of the
file they are about. A number alone is no key there: it is the file and the number of the row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from glob import glob, has_magic
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.door.links import refuse_links_out
from geo.errors import LayerError
from geo.files.sources import SUFFIXES
from geo.findings import Finding
from geo.language import Message, joined, say
from geo.layers import FileRead, Layer

FILE: Final = "file"
"""Column of a layer out of several files: the file of the row, named as findings name it."""

Where = tuple[str, int | None]  # file, empty where all rows are of one; row, None where none read


def where_rows_stand(frame: pd.DataFrame) -> list[Where]:
    """Return the file and number of each row of a layer, in its order, as findings tell them."""
    if "row" not in frame.columns:
        return [("", None)] * len(frame)
    files = frame[FILE] if FILE in frame.columns else pd.Series("", index=frame.index)
    rows = frame["row"].astype("Int64")
    # A row that nobody read, such as one that a scenario adds, is of no file.
    return [
        ("" if pd.isna(file) else str(file), None if pd.isna(row) else int(row))
        for file, row in zip(files.array, rows.array, strict=True)
    ]


def where_told(finding: Finding, frame: pd.DataFrame) -> Where:
    """Return which row of a layer a finding is about, in the terms of `where_rows_stand`."""
    return finding.file if FILE in frame.columns else "", finding.row


def in_words(where: Where) -> Message:
    """Return a file and row as people write them: 桥北街道.xlsx 第 12 行."""
    file, row = where
    number = say("第 {row} 行", row="—" if row is None else row)
    return joined(" ", file, number) if file else number


def is_pattern(folder: Path, path: str) -> bool:
    """Tell whether a path in a study means all files that fit it; a file of that name is one."""
    return has_magic(path) and not (folder / path).exists()


def files_meant(folder: Path, path: str) -> list[Path]:
    """Return the files that a path in a study means: itself, or all that fit a pattern.

    Errors: LayerError for a pattern that nothing fits, or one that meets a link out of its folder.
    """
    if not is_pattern(folder, path):
        return [folder / path]
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
    refuse_links_out(found, _where_it_varies(folder, path))
    return found


def names_of(files: Sequence[Path], folder: Path, pattern: str) -> list[str]:
    """Return the names of the files that fit a pattern: their paths from where it begins to vary.

    Another file that comes later changes no name, whatever it is called.
    """
    start = _where_it_varies(folder, pattern)
    return [file.relative_to(start).as_posix() for file in files]


def _where_it_varies(folder: Path, pattern: str) -> Path:
    """Return the folder that a pattern names before it begins to vary."""
    parts = Path(pattern).parts
    fixed = next(at for at, part in enumerate(parts) if has_magic(part))
    return folder.joinpath(*parts[:fixed])


def stacked(layers: Mapping[str, Layer]) -> Layer:
    """Return layers of one kind under one another, each under the name of its file.

    Rows without an id of their own are called by file and row (`桥北街道·r12`), so that they keep
    their name when another street sends its file.

    Errors: LayerError where two files give the same id, or differ in their ending alone.
    """
    frames = {name: _called_by(layer, name) for name, layer in layers.items()}
    _refuse_same_names(layers)
    _refuse_same_ids(frames)
    filled = [frame for frame in frames.values() if len(frame)] or [next(iter(frames.values()))]
    whole = pd.concat(filled, ignore_index=True)
    headers = {
        name: header
        for layer in [*layers.values()][::-1] for name, header in layer.headers.items()
    }
    said = {layer.coordinates for layer in layers.values() if layer.coordinates}
    return Layer(
        gpd.GeoDataFrame(whole, geometry="geometry", crs=filled[0].crs),
        tuple(
            replace(finding, file=name)
            for name, layer in layers.items() for finding in layer.findings
        ),
        headers=headers, coordinates="、".join(sorted(said)),
        files=tuple(
            FileRead(name, layer.headers, layer.coordinates, _streets(layer.frame))
            for name, layer in layers.items()
        ),
    )


def _called_by(layer: Layer, name: str) -> gpd.GeoDataFrame:
    named = np.full(len(layer.frame), name, dtype=object)
    frame = layer.frame.assign(**{FILE: pd.Series(named, index=layer.frame.index, dtype="str")})
    if "id" in layer.headers:
        return frame
    return frame.assign(id=[f"{_stem(name)}·{each}" for each in layer.frame["id"]])


def _streets(frame: gpd.GeoDataFrame) -> tuple[str, ...]:
    named = frame["street"].dropna().unique() if "street" in frame.columns else ()
    return tuple(str(street) for street in named)


def _stem(name: str) -> str:
    return Path(name).with_suffix("").as_posix()


def _refuse_same_names(layers: Mapping[str, Layer]) -> None:
    """Refuse one ledger in two formats, whose rows would have the same ids."""
    first: dict[str, str] = {}
    for name, layer in layers.items():
        if "id" in layer.headers:
            continue
        if _stem(name) in first:
            raise LayerError(
                say(
                    "“{one}”和“{other}”只有后缀不同，疑为同一本台账的两种格式。"
                    "请只留一个，或改名。",
                    one=first[_stem(name)], other=name,
                )
            )
        first[_stem(name)] = name


def _refuse_same_ids(frames: Mapping[str, gpd.GeoDataFrame]) -> None:
    first: dict[str, str] = {}
    for file, frame in frames.items():
        again = next((each for each in frame["id"] if each in first), None)
        if again is not None:
            raise LayerError(
                say(
                    "编号“{id}”在“{one}”和“{other}”中都有，请改正其中一个。",
                    id=again, one=first[again], other=file,
                )
            )
        first |= dict.fromkeys(frame["id"], file)
