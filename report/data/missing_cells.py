"""The cells that a street is asked for: what lacks, what was not read, what is doubted."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.files.several_files import where_rows_stand, where_told
from geo.layers import Layer
from geo.schema import Schema
from geo.shapes.doubtful_cells import headers_in_doubt
from report.data.effects import GAPS, Counting, asked_rows, is_assumed
from report.data.noticed import Noticed, as_written, columns_headed, labels_of
from report.data.undecided import ESTATES, Standing

MISSING: Final = ("at", "file", "row", "id", "name", "street", "column", "was", "doubt", "why")
POSITION: Final = "geometry"

_Cell = tuple[int, str]  # position of a row, canonical column


def missing_cells(
    layer: Layer, schema: Schema, noticed: Sequence[Noticed], counting: Counting
) -> pd.DataFrame:
    """Return the cells that the street is asked to fill in, by row, then by column.

    What a street has filled in is asked no more, however it may be doubted.
    """
    frame = layer.frame
    asked = dict(_asked(frame, schema, counting))
    unread, doubted = _unread(layer, noticed), _doubted(layer, schema, noticed)
    standing = counting.standing if schema.layer == ESTATES else {}
    doubted = {**_asked_back(frame, schema, standing, asked), **doubted}
    for at, column in {**unread, **doubted}:
        rows = asked.get(column, np.zeros(len(frame), dtype=bool)).copy()
        rows[at] = True
        asked[column] = rows
    where = where_rows_stand(frame)
    order = {column.name: at for at, column in enumerate(schema.columns)}
    who = pd.DataFrame(
        {
            "at": np.arange(len(frame)),
            "file": np.array([file for file, _ in where], dtype=object),
            "row": frame["row"].to_numpy(dtype=np.int64),
            "id": frame["id"].astype("str").to_numpy(dtype=object),
            "name": labels_of(frame).to_numpy(dtype=object),
            "street": streets_said(frame),
        }
    )
    blocks = [
        who[asked[column]].assign(column=column)
        for column in sorted(asked, key=lambda name: order.get(name, -1))
    ]
    cells = pd.concat([who.iloc[:0].assign(column=""), *blocks], ignore_index=True)
    in_order = {file: at for at, file in enumerate(dict.fromkeys(who["file"]))}
    cells = cells.assign(by=cells["file"].map(in_order))
    cells = cells.sort_values(["by", "row"], kind="stable", ignore_index=True)
    keys = [(int(at), column) for at, column in zip(cells["at"], cells["column"], strict=True)]
    said = {**doubted, **unread}
    why = [standing[id_].told if id_ in standing else "" for id_ in cells["id"]]
    return cells.drop(columns="by").assign(
        was=[said.get(key, "") for key in keys],
        doubt=[key in doubted for key in keys],
        why=pd.Series(why, index=cells.index, dtype=object),
    )


def _asked_back(
    frame: gpd.GeoDataFrame,
    schema: Schema,
    standing: Mapping[str, Standing],
    asked: dict[str, NDArray[np.bool_]],
) -> dict[_Cell, str]:
    """Return what the cells hold that keep estates undecided; add to `asked` those that are blank.

    asked
        By column the rows asked for.
    """
    back: dict[_Cell, str] = {}
    for at, id_ in enumerate(frame["id"].astype("str")):
        columns = standing[id_].columns if id_ in standing else {}
        for column, is_asked_back in columns.items():
            held = column in frame.columns and not pd.isna(frame[column].iloc[at])
            if held and is_asked_back:
                back[at, column] = as_written(frame[column].iloc[at], column, schema) or ""
            elif not held:
                rows = asked.get(column, np.zeros(len(frame), dtype=bool)).copy()
                rows[at] = True
                asked[column] = rows
    return back


def _unread(layer: Layer, noticed: Sequence[Noticed]) -> dict[_Cell, str]:
    """Return what the cells say that could not be read."""
    position = {each: at for at, each in enumerate(where_rows_stand(layer.frame))}
    was: dict[_Cell, str] = {}
    for each in noticed:
        at = position.get(where_told(each.finding, layer.frame))
        if each.kind == "unread" and at is not None and each.column:
            was[at, each.column] = each.finding.value
    return was


def _doubted(layer: Layer, schema: Schema, noticed: Sequence[Noticed]) -> dict[_Cell, str]:
    """Return what the cells hold that can hardly be right and that no street has answered."""
    frame = layer.frame
    position = {each: at for at, each in enumerate(where_rows_stand(frame))}
    told = [(position.get(where_told(each.finding, frame)), each) for each in noticed]
    filled = {(at, each.column) for at, each in told if each.kind == "filled"}
    was: dict[_Cell, str] = {}
    for at, each in told:
        headed = columns_headed(layer, each.finding.file, schema)
        for header in headers_in_doubt(each.finding) if at is not None else ():
            column = headed[header]
            if at is not None and (at, column) not in filled:
                was[at, column] = as_written(frame[column].iloc[at], column, schema) or ""
    return was


def _asked(
    frame: gpd.GeoDataFrame, schema: Schema, counting: Counting
) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield the columns whose blanks are asked for, and in which rows."""
    gaps = [gap for gap in GAPS.get(schema.layer, ()) if gap.ask]
    told = {gap.column for gap in gaps}
    for gap in gaps:
        if is_assumed(gap.column, frame, counting):
            continue
        yield gap.column, asked_rows(gap, frame, counting).to_numpy(dtype=bool)
    for column in schema.columns:
        if column.needed and column.name not in told and column.name in frame:
            yield column.name, frame[column.name].isna().to_numpy(dtype=bool)


def streets_said(frame: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Return the street of each row as it says; empty where it says none."""
    streets = np.full(len(frame), "", dtype=object)
    if "street" in frame.columns:
        streets[:] = frame["street"].astype("str").fillna("").to_numpy(dtype=object)
    return streets
