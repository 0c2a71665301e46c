"""Figures of a grid read window by window: only cells with people are kept, all are counted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.io import DatasetReader
from rasterio.windows import Window

from geo.errors import LayerError
from geo.findings import Finding, Severity
from geo.grids.bands import Band
from geo.grids.file import GridLimits
from geo.language import Message, say
from geo.ledgers.numbers import LIMIT, figure

Floats = NDArray[np.float64]

_CELLS_AT_ONCE = 4_000_000
_ROUNDING = 1e-6  # sums of the same figures in another order


@dataclass(frozen=True)
class Figures:
    """Cells with people: their running number from 0 in the whole file, and a column a band."""

    cell: NDArray[np.int64]
    columns: list[Floats]


@dataclass
class Tally:
    """What a band held, counted while it was read.

    before, after
        Sum of the possible figures, and of those that became rows.
    lowest, highest
        Of the impossible figures: equal where the file means “no data” and does not say so.
    """

    before: float = 0.0
    after: float = 0.0
    kept: int = 0
    nothing: int = 0
    zero: int = 0
    impossible: int = 0
    lowest: float = field(default=np.inf)
    highest: float = field(default=-np.inf)

    def take(self, values: Floats) -> Floats:
        """Count a window's figures and return them, NaN where there is none that can be."""
        wrong = (values < 0) | (values >= LIMIT)
        if wrong.any():
            self.impossible += int(wrong.sum())
            self.lowest = min(self.lowest, float(values[wrong].min()))
            self.highest = max(self.highest, float(values[wrong].max()))
            values = np.where(wrong, np.nan, values)
        self.nothing += int(np.isnan(values).sum()) - int(wrong.sum())
        self.zero += int((values == 0).sum())
        self.before += float(np.nansum(values))
        return values

    def findings(self, band: Band, file: str) -> Iterator[Finding]:
        """Yield what was left out and the sums before and after."""

        def told(severity: Severity, message: Message, remedy: Message | None = None) -> Finding:
            return Finding(
                severity, "population", message, remedy, band.file or file, column=band.header
            )

        message = say(
            "波段合计 {before} 人，读入合计 {after} 人。",
            before=figure(round(self.before, 3)), after=figure(round(self.after, 3)),
        )
        if abs(self.before - self.after) <= _ROUNDING * self.before:
            yield told("info", message)
        else:
            remedy = say("只有人口波段大于 0 的格子成为行，请核对两个波段。")
            yield told("warning", message, remedy)
        if band.column == "population" and self.zero + self.nothing:
            message = say(
                "{zero} 格人口为 0，{nothing} 格没有数据，都不列为行。",
                zero=self.zero, nothing=self.nothing,
            )
            yield told("info", message)
        if self.impossible > 1 and self.lowest == self.highest:
            message = say(
                "文件没有说明无数据值，{count} 格都是 {value}，按没有数据处理。",
                count=self.impossible, value=figure(self.lowest),
            )
            yield told("warning", message, say("请核对。"))
        elif self.impossible:
            message = say(
                "{count} 格的人数不可能（为负或过大：{lowest} 至 {highest}），按未知处理，未计入。",
                count=self.impossible, lowest=figure(self.lowest), highest=figure(self.highest),
            )
            yield told("error", message, say("请核对格网。"))


def read_figures(
    sources: Sequence[tuple[DatasetReader, int]], window: Window, file: str, limits: GridLimits
) -> tuple[Figures, list[Tally]]:
    """Return the cells of a window where the first band has people, and a tally of each band.

    sources
        An open grid and a band of it for each column; the population first.

    Errors: LayerError where more cells are lived in than can be rows.
    """
    tallies = [Tally() for _ in sources]
    cells: list[NDArray[np.int64]] = []
    columns: list[list[Floats]] = [[] for _ in sources]
    for part in _parts(sources[0][0], window):
        values = [
            tally.take(_figures(grid, band, part))
            for (grid, band), tally in zip(sources, tallies, strict=True)
        ]
        lived_in = np.flatnonzero(values[0] > 0)
        down, across = np.divmod(lived_in, part.width)
        cells.append((down + part.row_off) * sources[0][0].width + across + part.col_off)
        for column, figures, tally in zip(columns, values, tallies, strict=True):
            column.append(figures[lived_in])
            tally.after += float(np.nansum(column[-1]))
            tally.kept += len(lived_in)
        if tallies[0].kept > limits.lived_in:
            raise LayerError(
                say(
                    "{file}：有人的格子超过 {most} 个，不予读取。"
                    "请先按研究范围裁剪（如 gdalwarp -te 西 南 东 北）。",
                    file=file, most=limits.lived_in,
                )
            )
    return Figures(_joined(cells, np.int64), [_joined(c, np.float64) for c in columns]), tallies


def _joined(parts: list[NDArray[Any]], kind: type) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.empty(0, dtype=kind)


def _parts(grid: DatasetReader, window: Window) -> Iterator[Window]:
    """Yield the window in strips from top to bottom that keep to the file's blocks."""
    block = grid.block_shapes[0][0]
    height = max(1, _CELLS_AT_ONCE // window.width)
    height = height // block * block or height
    top, end = window.row_off, window.row_off + window.height
    while top < end:
        # The first strip ends where a block does.
        bottom = min(end, (top // height + 1) * height)
        yield Window(window.col_off, top, window.width, bottom - top)
        top = bottom


def _figures(grid: DatasetReader, band: int, part: Window) -> Floats:
    """Return a band's figures as they are meant, row by row; NaN where there is no data."""
    stored = grid.read(band, window=part, masked=True)
    with np.errstate(invalid="ignore"):  # a NaN that signals is a NaN
        values: Floats = stored.astype(np.float64).filled(np.nan).ravel()
    scale, offset = grid.scales[band - 1], grid.offsets[band - 1]
    return values if (scale, offset) == (1.0, 0.0) else values * scale + offset
