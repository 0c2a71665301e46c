"""What a file holds, without reading it as a layer: the names inside, or one layer as it stands."""

import warnings
from pathlib import Path

import geopandas as gpd
import pyogrio

from geo.door.contents import require_content
from geo.door.grids import refuse_grid
from geo.errors import LayerError, PlanningError
from geo.files.archives import ARCHIVES, data_set_names, one_data_set
from geo.files.utf8 import as_gdal_reads
from geo.files.vector import VECTOR_SUFFIXES, require_harmless
from geo.language import Message, say
from geo.ledgers.ledger import WORKBOOK_SUFFIXES
from geo.ledgers.workbook import sheet_names

_MOST_NAMES = 500


def names_inside(path: Path) -> tuple[str, ...]:
    """Return what `layer` may name in a file: sheets of a workbook, layers of a geographic file.

    Of an archive or a folder of several data sets, these; of one, what is inside it. A file that
    holds nothing to choose from, such as a CSV, has no names.

    Errors: LayerError for a file that is missing, damaged, or not what its name says, and for one
    with more names than anybody chooses from.
    """
    names = _names(path)
    if len(names) > _MOST_NAMES:
        raise LayerError(
            say(
                "{file}：里面有 {count} 个工作表或图层，超过上限 {limit} 个，无法从中选择。"
                "请只保留需要的，或分成几个文件。",
                file=path.name, count=len(names), limit=_MOST_NAMES,
            )
        )
    return names


def _names(path: Path) -> tuple[str, ...]:
    require_content(path, path.name)
    if not path.exists():
        raise LayerError(say("{file}：文件不存在，请核对路径 {path}。", file=path.name, path=path))
    suffix = path.suffix.lower()
    if suffix in ARCHIVES or (path.is_dir() and suffix != ".gdb"):
        several = data_set_names(path)
        if len(several) > 1:
            return several
        with one_data_set(path, None) as found:
            return _inside_one(found.path, path.name)
    return _inside_one(path, path.name)


def _inside_one(path: Path, shown_as: str) -> tuple[str, ...]:
    suffix = path.suffix.lower()
    if suffix in WORKBOOK_SUFFIXES:
        return sheet_names(path)
    if suffix not in VECTOR_SUFFIXES:
        return ()
    try:
        with as_gdal_reads(path, shown_as) as (readable, _), warnings.catch_warnings():
            require_harmless(readable, shown_as)
            warnings.simplefilter("ignore", RuntimeWarning)
            return tuple(str(name) for name in pyogrio.list_layers(readable)[:, 0])
    except PlanningError:
        raise
    except Exception:  # noqa: BLE001 - damage takes the reader where nobody foresaw it
        raise LayerError(_unreadable(shown_as)) from None


def layer_as_it_is(path: Path, *, layer: str) -> gpd.GeoDataFrame:
    """Return one layer of a geographic file with its own columns, coordinates and kinds.

    For files that this program wrote; whatever a user keeps is read by `geo.layers`.

    Errors: LayerError for a file that is damaged, not what its name says, names other files, or
    does not have the layer.
    """
    require_harmless(path, path.name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            refuse_grid(pyogrio.read_info(path, layer=layer)["crs"] or "", path.name)
            frame = pyogrio.read_dataframe(path, layer=layer)
    except LayerError:
        raise
    except Exception:  # noqa: BLE001 - as above
        raise LayerError(_unreadable(path.name)) from None
    if not isinstance(frame, gpd.GeoDataFrame):
        raise LayerError(_unreadable(path.name))
    return frame


def _unreadable(file: str) -> Message:
    return say("{file}：无法读取，文件可能已损坏。请重新导出。", file=file)
