"""The report on one layer: what came in, what was changed, what is missing, what that does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.coverage.areas import members, place_points
from geo.findings import Finding, errors_in
from geo.language import Message
from geo.layers import Layer
from geo.schema import Schema
from report.data.effects import (
    GAPS,
    Counting,
    Effect,
    effects_of,
    is_assumed,
    missing_rows,
)
from report.data.noticed import (
    KINDS,
    Kind,
    Noticed,
    labels_of,
    schema_of,
    sort_findings,
    sort_others,
)

MISSING: Final = ("row", "id", "name", "street", "column", "was")
POSITION: Final = "geometry"


@dataclass(frozen=True)
class ColumnUse:
    """One column that the layer may have, and how the file keeps it.

    header
        As the file spells it; empty where the file does not have the column.
    blank
        Rows without a value.
    """

    name: str
    chinese: str
    header: str
    needed: bool
    blank: int


@dataclass(frozen=True, eq=False)
class LayerReport:
    """What is to be said of one layer, before any result.

    rows
        Rows that are kept.
    coordinates
        The system the positions were read in; empty where nobody said one.
    columns
        Every column the layer may have, those of the file first; none where the layer was refused
        or has none.
    noticed
        The findings with their kinds, in the order of the reading.
    missing
        Cells that are asked for, one a row: `row` of the file, `id`, `name`, `street`, canonical
        `column` (`geometry` for the position), and what the cell `was` where it could not be read.
    effects
        What the missing cells and columns do to the results.
    refused
        Why the layer could not be read at all; then nothing else is told.
    """

    layer: str
    file: str
    rows: int = 0
    coordinates: str = ""
    columns: tuple[ColumnUse, ...] = ()
    noticed: tuple[Noticed, ...] = ()
    missing: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(MISSING)))
    effects: tuple[Effect, ...] = ()
    refused: tuple[Message, ...] = ()
    frame: gpd.GeoDataFrame | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return the findings, in the order of the reading."""
        return tuple(each.finding for each in self.noticed)

    @property
    def errors(self) -> int:
        """Return how many errors there are; a refusal is one a line."""
        return len(errors_in(self.findings)) + len(self.refused)

    @property
    def others(self) -> int:
        """Return how many findings are no errors."""
        return len(self.noticed) - len(errors_in(self.findings))

    def of_kind(self, kind: Kind) -> tuple[Noticed, ...]:
        """Return what was noticed of one kind."""
        return tuple(each for each in self.noticed if each.kind == kind)

    def counts(self) -> Mapping[Kind, int]:
        """Return how many findings there are of each kind."""
        return {kind: len(self.of_kind(kind)) for kind in KINDS}

    def lacking(self, *, needed: bool) -> tuple[ColumnUse, ...]:
        """Return the columns that the file does not have."""
        return tuple(c for c in self.columns if not c.header and c.needed is needed)


def report_on_layer(
    layer: Layer, name: str, *, file: str, counting: Counting | None = None
) -> LayerReport:
    """Return the report on a layer as it was read.

    name
        Key of `schema.SCHEMAS`.
    counting
        What the study counts; by default what a study counts that says nothing else.
    """
    schema = schema_of(name)
    noticed = sort_findings(layer, schema)
    return LayerReport(
        layer=name,
        file=Path(file).name,
        rows=len(layer.frame),
        coordinates=layer.coordinates,
        columns=_columns(layer, schema),
        noticed=noticed,
        missing=_missing_cells(layer.frame, schema, noticed, counting or Counting()),
        effects=tuple(effects_of(name, layer.frame, counting or Counting())),
        frame=layer.frame,
    )


def report_on_streets(file: str, count: int, findings: tuple[Finding, ...]) -> LayerReport:
    """Return the report on streets, which keep no rows of a ledger."""
    name = Path(file).name
    return LayerReport("streets", name, rows=count, noticed=sort_others(findings))


def refused_layer(layer: str, file: str, messages: tuple[Message, ...]) -> LayerReport:
    """Return the report on a layer that could not be read."""
    return LayerReport(layer, Path(file).name, refused=messages)


def _columns(layer: Layer, schema: Schema) -> tuple[ColumnUse, ...]:
    frame = layer.frame
    uses = [
        ColumnUse(
            column.name,
            column.chinese,
            layer.headers.get(column.name, column.chinese if column.name in frame else ""),
            column.needed,
            int(frame[column.name].isna().sum()) if column.name in frame else len(frame),
        )
        for column in schema.columns
        # An id that the file does not have was made.
        if column.name != "id" or column.name in layer.headers
    ]
    return tuple(sorted(uses, key=lambda use: not use.header))


def _missing_cells(
    frame: gpd.GeoDataFrame, schema: Schema, noticed: tuple[Noticed, ...], counting: Counting
) -> pd.DataFrame:
    """Return the cells that the street is asked to fill in, by row, then by column."""
    asked = dict(_asked(frame, schema, counting))
    was: dict[tuple[int, str], str] = {}
    for each in noticed:
        if each.kind == "unread" and each.finding.row is not None and each.column:
            was[each.finding.row, each.column] = each.finding.value
    rows = frame["row"].to_numpy(dtype=np.int64)
    for column in {column for _, column in was}:
        unread = [row for row, of in was if of == column]
        asked[column] = asked.get(column, np.zeros(len(frame), dtype=bool)) | np.isin(rows, unread)
    order = {column.name: at for at, column in enumerate(schema.columns)}
    who = pd.DataFrame(
        {
            "row": rows,
            "id": frame["id"].astype("str").to_numpy(dtype=object),
            "name": labels_of(frame).to_numpy(dtype=object),
            "street": _streets(frame),
        }
    )
    blocks = [
        who[asked[column]].assign(column=column)
        for column in sorted(asked, key=lambda name: order.get(name, -1))
    ]
    cells = pd.concat([who.iloc[:0].assign(column=""), *blocks], ignore_index=True)
    cells = cells.sort_values("row", kind="stable", ignore_index=True)
    keys = zip(cells["row"], cells["column"], strict=True)
    return cells.assign(was=[was.get((int(row), column), "") for row, column in keys])


def _asked(
    frame: gpd.GeoDataFrame, schema: Schema, counting: Counting
) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield the columns whose blanks are asked for, and in which rows."""
    gaps = [gap for gap in GAPS.get(schema.layer, ()) if gap.ask]
    told = {gap.column for gap in gaps}
    for gap in gaps:
        if is_assumed(gap.column, frame, counting):
            continue
        yield gap.column, missing_rows(gap, frame, counting).to_numpy(dtype=bool)
    for column in schema.columns:
        if column.needed and column.name not in told and column.name in frame:
            yield column.name, frame[column.name].isna().to_numpy(dtype=bool)


def _streets(frame: gpd.GeoDataFrame) -> NDArray[np.object_]:
    streets = np.full(len(frame), "", dtype=object)
    if "street" in frame.columns:
        streets[:] = frame["street"].astype("str").fillna("").to_numpy(dtype=object)
    return streets


def with_streets(report: LayerReport, areas: gpd.GeoDataFrame) -> LayerReport:
    """Return the report with the street of each missing cell: as its row says, else as it lies.

    areas
        Boundaries, in the coordinates of the layer.
    """
    streets = areas[areas["level"].eq("street").fillna(value=False).astype(bool)]
    if report.frame is None or report.missing.empty or streets.empty:
        return report
    at = members(place_points(report.frame.geometry), streets.geometry.to_numpy()).first
    names = np.append(labels_of(streets).to_numpy(dtype=object), "")
    lies = pd.Series(names[at], index=report.frame["row"].to_numpy())
    said = report.missing["street"]
    there = report.missing["row"].map(lies)
    return replace(report, missing=report.missing.assign(street=said.where(said.ne(""), there)))
