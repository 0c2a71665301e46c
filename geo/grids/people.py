"""Population grids (GeoTIFF): the cells where somebody lives, with how many people.

A cell of up to 250 m is a point, its middle: it is as fine as the cells that people are spread to,
and its people are counted where they are told. (As a polygon it would give them to the estates
whose point happens to lie in it, up to what these hold, and leave the rest without a place.) A
larger cell is a polygon, whose people are spread over the estates and the land in it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS, Geod, Transformer
from pyproj.exceptions import ProjError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from geo.errors import CoordinateError, LayerError
from geo.files.vector import VectorFile
from geo.findings import Finding
from geo.grids.bands import Band, chosen_bands, second_files
from geo.grids.figures import Tally, read_figures
from geo.grids.file import (
    GridLimits,
    declared_crs,
    measured_in,
    opened_grid,
    refuse_no_figures,
    same_grid,
    too_large,
)
from geo.language import say
from geo.ledgers.ledger import Table
from geo.position.coordinates import WGS84
from geo.position.system_names import called

Floats = NDArray[np.float64]
Bounds = tuple[float, float, float, float]

_LARGEST_POINT_M = 250.0
# chn_pd_2020_1km.tif holds a density, chn_f_60_2020.tif the women of 60 to 64.
_OTHER_FIGURES = re.compile(r"(_|\b)(pd|density|[fmt]_\d{1,2})_\d{4}(_|\b)", re.IGNORECASE)


@dataclass(frozen=True)
class _Area:
    """The part of a grid that is read."""

    window: Window
    side_m: float
    whole: bool


def read_raster(
    path: Path,
    *,
    layer: str | None = None,
    columns: Mapping[str, str] | None = None,
    coordinates: str | None = None,
    near: Bounds | None = None,
    limits: GridLimits | None = None,
) -> VectorFile:
    """Return the cells of a grid with people in them; `row` is the running number of the cell.

    layer
        Description or number of the band that holds the population.
    columns
        Description or number of a band, or the name of a second .tif of the same grid beside the
        first -> population, elderly_60plus, elderly_65plus or elderly_80plus.
    coordinates
        What the study says; a grid without a CRS needs it.
    near
        West, south, east and north in WGS84 degrees: cells outside are not read.

    Cells without data, with 0 or with an impossible figure are no rows; they are counted in the
    findings of the table, beside the sum of the band before and after.

    Errors: LayerError for a file that is no grid of people, too large, damaged, or has several
    bands none of which is named; CoordinateError where nobody says the CRS.
    """
    columns, limits = columns or {}, limits or GridLimits()
    with ExitStack() as opened:
        grid = opened.enter_context(opened_grid(path, limits))
        others: dict[str, DatasetReader] = {}
        for name, other in second_files(path, columns).items():
            others[name] = opened.enter_context(opened_grid(other, limits))
            same_grid(grid, others[name], (path.name, name))
        declared = declared_crs(grid, path.name, coordinates)
        crs = measured_in(declared, coordinates)
        bands = chosen_bands(grid, path.name, layer=layer, columns=columns)
        bands += [Band(name, columns[name], 1, name) for name in others]
        for band in bands:
            refuse_no_figures(others.get(band.file, grid), [band.number], band.file or path.name)
        area = _area(grid, crs, path.name, near, limits)
        sources = [(others.get(band.file, grid), band.number) for band in bands]
        figures, tallies = read_figures(sources, area.window, path.name, limits)
        findings = [*_about_file(grid, path.name), *_told(path.name, grid, area, bands, tallies)]
        geometry = _places(figures.cell, grid.transform, grid.width, area.side_m)
    table = Table(
        tuple(band.header for band in bands), tuple(figures.columns), figures.cell + 1, 0,
        tuple(findings),
    )
    return VectorFile(table, geometry, np.zeros(len(geometry), dtype=bool), declared)


def _area(
    grid: DatasetReader, crs: CRS, file: str, near: Bounds | None, limits: GridLimits
) -> _Area:
    """Return the window to read, refused where it holds too many cells."""
    whole = Window(0, 0, grid.width, grid.height)
    try:
        window = whole if near is None else _window(grid, crs, near)
        side = _side_m(grid, crs, window or whole)
    except ProjError:
        side = np.inf
    if not np.isfinite(side):
        raise CoordinateError(
            say(
                "{file}：{reason}（坐标系 {crs}），请核对坐标系或坐标列。",
                file=file, reason=say("坐标不在该坐标系的适用范围内"), crs=called(crs),
            )
        )
    if window is None:
        raise LayerError(say("{file}：格网不含研究范围，请核对文件与坐标系。", file=file))
    if window.width * window.height > limits.cells:
        raise LayerError(too_large(file, window.width, window.height, limits))
    return _Area(window, side, window == whole)


def _window(grid: DatasetReader, crs: CRS, near: Bounds) -> Window | None:
    """Return the smallest window with every cell that bounds in degrees touch; None without."""
    west, south, east, north = Transformer.from_crs(WGS84, crs, always_xy=True).transform_bounds(
        *near
    )
    corners = np.array([(x, y) for x in (west, east) for y in (south, north)])
    across, down = _at(~grid.transform, *corners.T)
    if not np.isfinite(across + down).all():
        return None
    left, right = (int(np.clip(c, 0, grid.width)) for c in (across.min(), np.ceil(across.max())))
    top, bottom = (int(np.clip(r, 0, grid.height)) for r in (down.min(), np.ceil(down.max())))
    if right <= left or bottom <= top:
        return None
    return Window(left, top, right - left, bottom - top)


def _side_m(grid: DatasetReader, crs: CRS, window: Window) -> float:
    """Return the longer side in metres of the cell in the middle of a window."""
    across = int(window.col_off + window.width / 2)
    down = int(window.row_off + window.height / 2)
    corners = np.array([(across, down), (across + 1, down), (across, down + 1)])
    placed = _at(grid.transform, *corners.T)
    x, y = Transformer.from_crs(crs, WGS84, always_xy=True).transform(*placed)
    _, _, metres = Geod(ellps="WGS84").inv([x[0], x[0]], [y[0], y[0]], x[1:], y[1:])
    return float(np.max(metres))


def _places(
    cell: NDArray[np.int64], transform: Affine, width: int, side_m: float
) -> NDArray[Any]:
    """Return the middle of each cell as a point, or its outline where cells are large."""
    down, across = np.divmod(cell, width)
    if side_m <= _LARGEST_POINT_M:
        return np.asarray(shapely.points(*_at(transform, across + 0.5, down + 0.5)))
    corners = [
        np.column_stack(_at(transform, across + east, down + south))
        for east, south in ((0, 0), (1, 0), (1, 1), (0, 1))
    ]
    return np.asarray(shapely.polygons(np.stack(corners, axis=1)))


def _at(transform: Affine, across: Floats, down: Floats) -> tuple[Floats, Floats]:
    """Return where places of the grid are, in columns and rows from its corner."""
    return (
        transform.a * across + transform.b * down + transform.c,
        transform.d * across + transform.e * down + transform.f,
    )


def _about_file(grid: DatasetReader, file: str) -> Iterator[Finding]:
    if grid.subdatasets:
        message = say("文件有多页，只读取第一页。")
        yield Finding("warning", "population", message, say("请把要用的一页另存为文件。"), file)
    if _OTHER_FIGURES.search(file):
        message = say("文件名像是人口密度或分年龄性别的格网，不是每格总人口。")
        yield Finding("warning", "population", message, say("请核对。"), file)


def _told(
    file: str, grid: DatasetReader, area: _Area, bands: Sequence[Band], tallies: Sequence[Tally]
) -> Iterator[Finding]:
    """Yield where the figures come from, what was left out, and the sums before and after."""
    part = say("整幅") if area.whole else say("研究范围内")
    message = say(
        "取自格网：{width}×{height} 格，每格边长约 {side} 米，读取{part}的 {cells} 格，"
        "其中 {count} 格有人。",
        width=grid.width, height=grid.height, side=f"{area.side_m:.0f}", part=part,
        cells=area.window.width * area.window.height, count=tallies[0].kept,
    )
    yield Finding("info", "population", message, file=file)
    message = (
        say("每格人口按格子中心的一点计。") if area.side_m <= _LARGEST_POINT_M
        else say("格子边长超过 {most} 米，按面处理，人口分到格内的小区和居住用地。",
                 most=f"{_LARGEST_POINT_M:.0f}")
    )
    yield Finding("info", "population", message, file=file)
    for band, tally in zip(bands, tallies, strict=True):
        yield from tally.findings(band, file)
