"""The report on one layer: what came in, what was changed, what is missing, what that does."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.coverage.areas import members, place_points
from analysis.placing.streets_of_files import streets_of_files
from geo.files.several_files import FILE, where_rows_stand
from geo.findings import Finding, errors_in
from geo.language import Message
from geo.layers import FileRead, Layer
from geo.schema import Column, Schema
from report.data.effects import Counting, Effect, answered_in, effects_of
from report.data.missing_cells import MISSING, missing_cells, streets_said
from report.data.noticed import (
    KINDS,
    Kind,
    Noticed,
    labels_of,
    schema_of,
    sort_findings,
    sort_others,
)


@dataclass(frozen=True)
class ColumnUse:
    """One column that the layer may have, and how the file keeps it.

    header
        As the file spells it, each spelling where files differ; empty where no file has the column.
    blank
        Rows without a value.
    absent_in
        The files without the column, where others have it.
    """

    name: str
    chinese: str
    header: str
    needed: bool
    blank: int
    absent_in: tuple[str, ...] = ()


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
        Cells that are asked for, one a row: `at` which position of the frame, `file` where there
        are several, `row` of the file, `id`, `name`, `street`, canonical `column` (`geometry` for
        the position), what the cell `was` where it could not be read, and `doubt` where it could
        and can hardly be right.
    effects
        What the missing cells and columns do to the results.
    refused
        Why the layer could not be read at all; then nothing else is told.
    files, unread
        Every file of a layer out of several that was read, and those that could not be.
    frame, ledger
        The rows as an evaluation has them, and as the ledgers do: a street that was put in where
        an estate lies is in the one only.
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
    ledger: gpd.GeoDataFrame | None = None
    files: tuple[FileRead, ...] = ()
    unread: tuple["LayerReport", ...] = ()

    @property
    def refusals(self) -> tuple[Message, ...]:
        """Return why the layer or some of its files could not be read."""
        return self.refused or tuple(each for file in self.unread for each in file.refused)

    @property
    def file_count(self) -> int:
        """Return of how many files the layer is, read or not."""
        return max(1, len(self.files) + len(self.unread))

    @property
    def unread_count(self) -> int:
        """Return how many of its files could not be read."""
        return self.file_count if self.refused else len(self.unread)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return the findings, in the order of the reading."""
        return tuple(each.finding for each in self.noticed)

    @property
    def errors(self) -> int:
        """Return how many errors there are; a refusal is one a line."""
        return len(errors_in(self.findings)) + len(self.refusals)

    @property
    def warnings(self) -> int:
        """Return how many findings are warnings."""
        return sum(finding.severity == "warning" for finding in self.findings)

    @property
    def cells(self) -> int:
        """Return how many cells a form asks for: a position is two."""
        return sum(len(answered_in(self.layer, str(name))) for name in self.missing["column"])

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

    def by_file(self) -> tuple["LayerReport", ...]:
        """Return what is to be said of each file of a layer out of several, without effects."""
        return (*(self._of_file(each) for each in self.files), *self.unread)

    def _of_file(self, file: FileRead) -> "LayerReport":
        rows = [] if self.frame is None else where_rows_stand(self.frame)
        return replace(
            self,
            file=file.name,
            rows=sum(name == file.name for name, _ in rows),
            coordinates=file.coordinates,
            columns=(),
            noticed=tuple(each for each in self.noticed if each.finding.file == file.name),
            missing=self.missing[self.missing["file"].eq(file.name)],
            effects=(),
            frame=None,
            ledger=None,
            files=(),
            unread=(),
        )

    def lacking(self, *, needed: bool) -> tuple[ColumnUse, ...]:
        """Return the columns that the file does not have."""
        return tuple(c for c in self.columns if not c.header and c.needed is needed)


def report_on_layer(
    layer: Layer,
    name: str,
    *,
    file: str,
    counting: Counting | None = None,
    ledger: gpd.GeoDataFrame | None = None,
) -> LayerReport:
    """Return the report on a layer as it was read.

    name
        Key of `schema.SCHEMAS`.
    counting
        What the study counts; by default what a study counts that says nothing else.
    ledger
        Its rows before names were found and places put in; by default as they are.
    """
    schema = schema_of(name)
    noticed = sort_findings(layer, schema)
    return LayerReport(
        layer=name,
        file=file if layer.files else Path(file).name,
        rows=len(layer.frame),
        coordinates=layer.coordinates,
        columns=_columns(layer, schema),
        noticed=noticed,
        missing=missing_cells(layer, schema, noticed, counting or Counting()),
        effects=tuple(effects_of(name, layer.frame, counting or Counting())),
        frame=layer.frame,
        ledger=layer.frame if ledger is None else ledger,
        files=layer.files,
    )


def report_on_streets(file: str, count: int, findings: tuple[Finding, ...]) -> LayerReport:
    """Return the report on streets, which keep no rows of a ledger."""
    name = Path(file).name
    return LayerReport("streets", name, rows=count, noticed=sort_others(findings))


def refused_layer(layer: str, file: str, messages: tuple[Message, ...]) -> LayerReport:
    """Return the report on a layer or file that could not be read."""
    return LayerReport(layer, Path(file).name, refused=messages)


def with_unread(
    report: LayerReport, unread: Mapping[str, tuple[Message, ...]]
) -> LayerReport:
    """Return the report on a layer with the files of it that could not be read, and why."""
    files = (LayerReport(report.layer, file, refused=told) for file, told in unread.items())
    return replace(report, unread=tuple(files))


def _columns(layer: Layer, schema: Schema) -> tuple[ColumnUse, ...]:
    frame = layer.frame
    uses = [
        ColumnUse(
            column.name,
            column.chinese,
            _header(layer, column),
            column.needed,
            int(frame[column.name].isna().sum()) if column.name in frame else len(frame),
            _absent_in(layer, column.name),
        )
        for column in schema.columns
        # An id that the file does not have was made.
        if column.name != "id" or column.name in layer.headers
    ]
    return tuple(sorted(uses, key=lambda use: not use.header))


def _header(layer: Layer, column: Column) -> str:
    """Return how the files spell a column; the Chinese of one that was made or filled in."""
    spelled = dict.fromkeys(
        each.headers[column.name] for each in layer.files if column.name in each.headers
    )
    if spelled:
        return "／".join(spelled)
    return layer.headers.get(column.name, column.chinese if column.name in layer.frame else "")


def _absent_in(layer: Layer, column: str) -> tuple[str, ...]:
    absent = tuple(each.name for each in layer.files if column not in each.headers)
    return absent if len(absent) < len(layer.files) else ()


def with_streets(report: LayerReport, areas: gpd.GeoDataFrame | None) -> LayerReport:
    """Return the report with the street of each missing cell.

    As its file is called where that is of one street, which is asked for what it has sent; else
    as its row says, else as it lies.

    areas
        Boundaries, in the coordinates of the layer; None where the study has none.
    """
    if report.frame is None or report.missing.empty:
        return report
    streets = None if areas is None else areas[areas["level"].eq("street").fillna(value=False)]
    known = [] if streets is None else [str(name) for name in labels_of(streets)]
    said = pd.Series(streets_said(report.frame))
    if report.files:
        of_one = report.frame[FILE].map(streets_of_files(report.files, known))
        said = said.where(of_one.isna().to_numpy(), of_one.to_numpy())
    if streets is not None and not streets.empty:
        at = members(place_points(report.frame.geometry), streets.geometry.to_numpy()).first
        said = said.where(said.ne(""), np.array([*known, ""], dtype=object)[at])
    told = said.to_numpy(dtype=object)[report.missing["at"].to_numpy(dtype=np.int64)]
    return replace(report, missing=report.missing.assign(street=told))
