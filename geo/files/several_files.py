"""One layer out of several files: the ledgers of eighteen streets read as one.

Each file is read by itself, so each may have a layout of its own; findings keep the name of the
file they are about. A number alone is no key there: it is the file and the number of the row.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.columns import FILE as FILE  # noqa: PLC0414 - asked for here wherever files are many
from geo.errors import LayerError
from geo.findings import Finding
from geo.language import Message, joined, say
from geo.layers import MADE_ID, FileRead, Layer
from geo.schema import SCHEMAS

_BY_ROW: Final = say("几个文件的编号都从 1 数起，只作行号：各行按文件和行号称呼。")
_NUMBER: Final = r"0*[1-9][0-9]{0,8}"
_TAKEN_OUT: Final = 10  # rows that a small file may lack of those it numbered

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


def stacked(layers: Mapping[str, Layer], kind: str) -> Layer:
    """Return layers of one kind under one another, each under the name of its file.

    Rows without an id of their own are called by file and row (`桥北街道·r12`), so that they keep
    their name when another street sends its file. So are those of several files that each number
    their rows from 1.

    kind
        Key of `schema.SCHEMAS`.

    Errors: LayerError where two files give the same id, or differ in their ending alone.
    """
    by_row = _numbered_by_row(layers)
    _refuse_same_names(layers, by_row)
    called = {
        name: _numbered(layer, name, kind) if name in by_row else _called_by(layer, name)
        for name, layer in layers.items()
    }
    frames = {name: layer.frame for name, layer in called.items()}
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
            for name, layer in called.items() for finding in layer.findings
        ),
        headers=headers, coordinates="、".join(sorted(said)),
        files=tuple(
            FileRead(name, layer.headers, layer.coordinates, _streets(layer.frame))
            for name, layer in layers.items()
        ),
    )


def _numbered_by_row(layers: Mapping[str, Layer]) -> frozenset[str]:
    """Return the files whose ids are 1, 2, 3 …, where several are so: they number rows.

    Beside a file that numbers its rows without a gap, one whose numbers rise from 1 does so too,
    though more of its rows were taken out than are left: the 1 of both cannot be one estate.
    """
    numbers = {name: _numbers(layer) for name, layer in layers.items()}
    plain = {name for name, own in numbers.items() if _count_from_one(own)}
    if any(len(own) > 1 and (own == np.arange(1, len(own) + 1)).all() for own in numbers.values()):
        plain |= {name for name, own in numbers.items() if _rise_from_one(own)}
    anew = [layer for layer in layers.values() if layer.made_ids is None and "id" in layer.headers]
    return frozenset(plain) if len(plain) + len(anew) > 1 else frozenset()


def _numbers(layer: Layer) -> NDArray[np.int64]:
    """Return the ids that a file gives; none where one of them is no number."""
    ids = layer.frame["id"][~_made(layer)]
    if ids.empty or not ids.str.fullmatch(_NUMBER).all():
        return np.empty(0, dtype=np.int64)
    return np.asarray(ids.astype("int64"), dtype=np.int64)


def _count_from_one(numbers: NDArray[np.int64]) -> bool:
    """Tell whether numbers are 1, 2, 3 …, in whatever order.

    A row that was taken out leaves its number empty, so up to half of them may be missing.
    """
    count = len(numbers)
    return bool(
        count and len(np.unique(numbers)) == count
        and numbers.min() == 1 and numbers.max() <= 2 * count
    )  # fmt: skip


def _rise_from_one(numbers: NDArray[np.int64]) -> bool:
    """Tell whether numbers rise from 1 in the order of their rows, with a few missing."""
    return bool(
        len(numbers) and numbers[0] == 1 and (np.diff(numbers) > 0).all()
        and numbers[-1] <= len(numbers) + _TAKEN_OUT
    )  # fmt: skip


def _made(layer: Layer) -> NDArray[np.bool_]:
    """Return which rows of a layer bear an id that was made."""
    if layer.made_ids is None:
        return np.ones(len(layer.frame), dtype=bool)
    return np.isin(layer.frame["row"].to_numpy(dtype=np.int64), layer.made_ids)


def _called_by(layer: Layer, name: str) -> Layer:
    """Return a layer with its file; rows without an id of their own are called by it."""
    ids = layer.frame["id"].astype("str")
    return _with_ids(layer, name, ids.where(~_made(layer), f"{_stem(name)}·" + ids))


def _numbered(layer: Layer, name: str, kind: str) -> Layer:
    """Return a layer with its file, rows called by it and by the number that they bear."""
    ids, made = layer.frame["id"].astype("str"), _made(layer)
    own = SCHEMAS[kind].prefix + ids.str.lstrip("0")
    # A made id is of the letter and a number too, which another row may bear.
    ids = ids.where(~ids.isin(own[~made]), ids + "-2").where(made, own)
    told = Finding("info", kind, _BY_ROW, column=layer.headers.get("id", ""))
    called = _with_ids(layer, name, f"{_stem(name)}·" + ids)
    return replace(called, findings=(*called.findings, told))


def _with_ids(layer: Layer, name: str, ids: "pd.Series[str]") -> Layer:
    named = pd.Series(np.full(len(ids), name, dtype=object), index=ids.index, dtype="str")
    now = dict(zip(layer.frame["row"], ids, strict=True))
    findings = tuple(_told_anew(finding, now) for finding in layer.findings)
    return replace(layer, frame=layer.frame.assign(**{FILE: named, "id": ids}), findings=findings)


def _told_anew(finding: Finding, ids: Mapping[int | None, str]) -> Finding:
    """Return a finding that tells a made id, with the id as it is now."""
    if finding.message.template != MADE_ID.template or finding.row not in ids:
        return finding
    return replace(finding, message=replace(MADE_ID, values={"id": ids[finding.row]}))


def _streets(frame: gpd.GeoDataFrame) -> tuple[str, ...]:
    named = frame["street"].dropna().unique() if "street" in frame.columns else ()
    return tuple(str(street) for street in named)


def _stem(name: str) -> str:
    return Path(name).with_suffix("").as_posix()


def _refuse_same_names(layers: Mapping[str, Layer], by_row: frozenset[str]) -> None:
    """Refuse one ledger in two formats, whose rows would have the same ids."""
    first: dict[str, str] = {}
    for name, layer in layers.items():
        if name not in by_row and not _made(layer).any():
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
    first: dict[str, Where] = {}
    for file, frame in frames.items():
        where = {str(id_): (file, int(row))
                 for id_, row in zip(frame["id"], frame["row"], strict=True)}  # fmt: skip
        again = next((each for each in where if each in first), None)
        if again is not None:
            raise LayerError(
                say(
                    "编号“{id}”在“{one}”和“{other}”中都有，请改正其中一个。",
                    id=again, one=in_words(first[again]), other=in_words(where[again]),
                )
            )
        first |= where
