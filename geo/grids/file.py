"""GeoTIFF files opened: nothing but the file itself is read, and nothing before its size is known.

No sidecar is looked for (.aux.xml, .ovr, .msk, .tfw), no other driver may answer to the name, and
a header that claims more cells than a study has is refused before the first of them is unpacked.
"""

import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import rasterio
from pyproj import CRS
from pyproj.exceptions import CRSError
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import DatasetReader

from geo.errors import CoordinateError, LayerError
from geo.language import Message, say
from geo.ledgers.numbers import shown
from geo.position.coordinates import WGS84, parse_crs

# TIFF and BigTIFF, little-endian and big-endian.
_MAGIC = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_OPTIONS = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_CACHEMAX": 512,
}
_LOSSY = ("jpeg", "webp", "jxl", "ycbcr")  # pictures are packed so: no figure survives it
_PICTURE = (ColorInterp.palette, ColorInterp.red, ColorInterp.green, ColorInterp.blue)
_SHARE = ("/km", "per km", "per sq", "/ha", "per ha", "density", "密度", "每平方公里")
_MEGABYTE = 1024**2
_WIDEST = 8  # bytes of a figure


@dataclass(frozen=True)
class GridLimits:
    """What reading a grid may cost.

    cells
        Cells looked at; 100 million are three times a large prefecture in cells of 100 m.
    lived_in
        Cells where somebody lives, each of which becomes a row.
    side, bands, block_mb
        Of the whole file: its longer side in cells, its bands, and one block of it unpacked.
    """

    cells: int = 100_000_000
    lived_in: int = 3_000_000
    side: int = 1_000_000
    bands: int = 256
    block_mb: int = 256


@contextmanager
def opened_grid(path: Path, limits: GridLimits) -> Iterator[DatasetReader]:
    """Open a GeoTIFF by itself.

    Errors: LayerError for what is no GeoTIFF, is damaged, has no place on earth, is a picture, or
    is too large to look at.
    """
    _refuse_disguise(path)
    with rasterio.Env(**_OPTIONS), warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        try:
            with _opened(path) as grid:
                _refuse_unfit(grid, path.name, limits)
                yield grid
        except (RasterioError, UnicodeDecodeError):
            raise LayerError(_damaged(path.name)) from None


def _opened(path: Path) -> DatasetReader:
    try:
        return rasterio.open(path.resolve(), driver="GTiff", sharing=False)
    except (ValueError, OverflowError):  # names and numbers of a damaged header
        raise LayerError(_damaged(path.name)) from None


def declared_crs(grid: DatasetReader, file: str, coordinates: str | None) -> CRS | None:
    """Return the CRS a grid declares; None where it declares none and the study says which.

    Errors: CoordinateError where neither says, or the file says what PROJ does not know.
    """
    if grid.crs is None and coordinates is None:
        raise CoordinateError(
            say(
                "{file}：格网没有说明坐标系（不读取 .tfw、.aux.xml），不能定位。"
                '请写明 coordinates = "EPSG:编号"（WorldPop 为 EPSG:4326），或重新导出。',
                file=file,
            )
        )
    try:
        return None if grid.crs is None else CRS.from_wkt(grid.crs.to_wkt())
    except (CRSError, RasterioError):
        raise CoordinateError(
            say("{file}：文件所写的坐标系无法识别，请用 coordinates 说明。", file=file)
        ) from None


def measured_in(declared: CRS | None, coordinates: str | None) -> CRS:
    """Return the CRS that the cells are measured in; web-map shifts do not stretch them."""
    said = (coordinates or "").strip().lower()
    if said in {"gcj02", "bd09"}:
        return CRS(WGS84)
    return parse_crs(said) if said else declared or CRS(WGS84)


def same_grid(grid: DatasetReader, other: DatasetReader, names: tuple[str, str]) -> None:
    """Refuse a second file whose cells are not those of the first. Errors: LayerError."""
    hair = 1e-6 * math.sqrt(abs(grid.transform.determinant))
    alike = (
        grid.shape == other.shape
        and grid.transform.almost_equals(other.transform, hair)
        and grid.crs == other.crs
    )
    if not alike:
        raise LayerError(
            say(
                "{file}：与“{other}”的格网不一致（大小、位置或坐标系不同），请重采样到同一格网。",
                file=names[1], other=names[0],
            )
        )


def _refuse_disguise(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(4)
    if head not in _MAGIC:
        raise LayerError(
            say("{file}：内容与扩展名不符，请改回正确的扩展名或重新导出。", file=path.name)
        )


def _refuse_unfit(grid: DatasetReader, file: str, limits: GridLimits) -> None:
    if max(grid.width, grid.height) > limits.side or grid.count > limits.bands:
        raise LayerError(too_large(file, grid.width, grid.height, limits))
    rows, columns = grid.block_shapes[0]
    together = grid.count if grid.interleaving.name == "pixel" else 1
    if rows * columns * together * _WIDEST > limits.block_mb * _MEGABYTE:
        raise LayerError(
            say(
                "{file}：分块过大（每块 {rows}×{columns} 格），不予读取。"
                "请导出为分块（tiled）的 GeoTIFF。",
                file=file, rows=rows, columns=columns,
            )
        )
    turned = grid.transform
    flat = not all(math.isfinite(value) for value in turned) or turned.determinant == 0
    if flat or turned.is_identity:
        raise LayerError(
            say(
                "{file}：没有地理位置（不读取 .tfw 等附属文件），请导出为带坐标的 GeoTIFF。",
                file=file,
            )
        )
    if grid.compression is not None and grid.compression.name.lower() in _LOSSY:
        raise LayerError(_no_figures(file))


def band_names(grid: DatasetReader) -> list[str]:
    """Return the descriptions of the bands, empty without one or in another encoding than UTF-8."""
    try:
        return [text or "" for text in grid.descriptions]
    except UnicodeDecodeError:
        return [""] * grid.count


def refuse_no_figures(grid: DatasetReader, bands: Sequence[int], file: str) -> None:
    """Refuse bands that hold colours, classes or densities. Errors: LayerError."""
    for band in bands:
        kind, about = grid.colorinterp[band - 1], band_names(grid)[band - 1]
        coloured = kind in _PICTURE and grid.dtypes[band - 1] == "uint8" and not about
        if coloured or kind == ColorInterp.palette or "complex" in grid.dtypes[band - 1]:
            raise LayerError(_no_figures(file))
        text = f"{about} {grid.units[band - 1] or ''}".lower()
        if any(word in text for word in _SHARE):
            raise LayerError(
                say(
                    "{file}：波段“{band}”是人口密度，不是每格人数。请换用每格人数的格网"
                    "（如 WorldPop 的 ppp），或乘以格子面积。",
                    file=file, band=shown(text.strip()),
                )
            )


def too_large(file: str, width: int, height: int, limits: GridLimits) -> Message:
    """Return the refusal of a grid with more cells than are looked at."""
    return say(
        "{file}：格网太大（{width}×{height} 格，上限 {most} 格），不予读取。"
        "请先按研究范围裁剪（如 gdalwarp -te 西 南 东 北）。",
        file=file, width=width, height=height, most=limits.cells,
    )


def _no_figures(file: str) -> Message:
    return say("{file}：是图像或分类图，不是每格人数的格网。", file=file)


def _damaged(file: str) -> Message:
    # GDAL's own words are English, and may name its source or a temporary folder.
    return say(
        "{file}：无法读取，文件可能已损坏，或不是扩展名所称的格式。请重新导出。", file=file
    )
