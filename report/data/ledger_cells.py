"""What a ledger lacks, holds and doubts, looked at once for all lines of a form that came back."""

from functools import cached_property
from typing import Any

import pandas as pd

from analysis.filled_cells import PLACE, FilledCell
from geo.layers import Layer
from geo.schema import Schema
from report.data.layer_report import LayerReport
from report.data.missing_cells import POSITION
from report.data.noticed import as_written

_Key = tuple[str, str]  # id of a row, canonical column


class LedgerCells:
    """The cells of a layer by the id of their row."""

    def __init__(self, layer: LayerReport, frame: pd.DataFrame, schema: Schema) -> None:
        """Take the report on a layer, and its rows as an evaluation has them."""
        self._layer, self._frame, self._schema = layer, frame, schema
        self._values: dict[str, Any] = {}
        self._held: dict[str, frozenset[str]] = {}

    @cached_property
    def was(self) -> dict[_Key, str]:
        """Return what the ledger says in each cell that is asked for."""
        missing = self._layer.missing
        keys = zip(missing["id"], missing["column"], strict=True)
        return dict(zip(keys, missing["was"], strict=True))

    @cached_property
    def doubted(self) -> frozenset[_Key]:
        """Return the cells that are asked back, since they can hardly be right."""
        missing = self._layer.missing
        doubts = missing[missing["doubt"].astype(bool)]
        return frozenset(zip(doubts["id"], doubts["column"], strict=True))

    @cached_property
    def rows(self) -> dict[str, int]:
        """Return where each id stands."""
        return {str(id_): at for at, id_ in enumerate(self._frame["id"])}

    def value(self, id_: str, column: str) -> Any:  # noqa: ANN401 - whatever a layer holds
        """Return what an evaluation has in a cell; None where it has no such row or column."""
        if column not in self._frame.columns or id_ not in self.rows:
            return None
        if column not in self._values:
            self._values[column] = self._frame[column].array
        return self._values[column][self.rows[id_]]

    def says(self, cell: FilledCell, *, of: str = "") -> bool:
        """Tell whether a row holds what is typed: that of the cell, or of another id."""
        value = self.value(of or cell.id, cell.column)
        return not pd.isna(value) and as_written(value, cell.column, self._schema) == cell.value

    def lacks(self, cell: FilledCell) -> bool:
        """Tell whether the ledger itself holds nothing in a cell."""
        ledger = self._layer.ledger
        if ledger is None or cell.column not in ledger.columns:
            return True
        if cell.column not in self._held:
            held = ledger["id"][ledger[cell.column].notna()]
            self._held[cell.column] = frozenset(held.astype("str"))
        return cell.id not in self._held[cell.column]

    def key(self, cell: FilledCell) -> _Key:
        """Return which cell of the layer a cell of a form is of: both degrees of the position."""
        return cell.id, POSITION if cell.column in PLACE else cell.column


def split_by_known(
    layer: Layer, cells: list[FilledCell]
) -> tuple[list[FilledCell], list[FilledCell]]:
    """Return the cells that a layer holds something in now, and the others."""
    frame = layer.frame
    known = {
        column: frozenset(frame["id"][frame[column].notna()].astype("str"))
        for column in {_column(cell) for cell in cells} & set(frame.columns)
    }
    taken: list[FilledCell] = []
    refused: list[FilledCell] = []
    for cell in cells:
        (taken if cell.id in known.get(_column(cell), ()) else refused).append(cell)
    return taken, refused


def _column(cell: FilledCell) -> str:
    return "geometry" if cell.column in PLACE else cell.column
