"""The one door for files: whatever a user brings is read in a process that may die of it.

This process looks at the size of a file and copies it; what the file holds is opened by another
process only, in an empty folder, with limits of memory and time, without a network, and with a
short list of formats. What comes back is arrays and sentences.
"""

import json
import logging
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import geopandas as gpd
from pyproj import CRS

from geo import errors
from geo.databases.address import is_database
from geo.door.attendant import ABOUT, CRS_TEXT, FINDINGS, FRAME, NAMES, NETWORK, TABLE
from geo.door.limits import FOR_LAYERS, FOR_STREETS, MB, Limits
from geo.door.links import refuse_links_out
from geo.door.names import printable
from geo.door.notes import messages, told
from geo.door.process import ReadingProcess
from geo.door.tables import told_table
from geo.errors import LayerError, PlanningError
from geo.files.shapefile import PARTS, sibling
from geo.files.sources import RASTER_SUFFIXES
from geo.findings import Finding
from geo.language import say
from geo.layers import Layer
from geo.layers import read_layer as read_here
from geo.ledgers.ledger import Table
from geo.reasons import why
from geo.schema import Schema
from geo.streets.network import WalkNetwork

log = logging.getLogger(__name__)

_ROOMS = "carecircle-"
# Copies of ledgers that a killed run left behind are taken away after a day.
_LEFT_BEHIND_S = 24 * 60 * 60


class Door:
    """A process that reads files one after the other; one that dies is replaced for the next file.

    Use it as a context manager: the process starts at once, and is ended with the block.

    last_failure
        How the last reading failed, where it neither gave a result nor refused: `broken` with the
        exception nobody foresaw, `died`, or `late`; else empty.
    peak_mb
        Most memory the reading process has held; None before the first file and where the system
        does not say.
    """

    def __init__(self, limits: Limits = FOR_LAYERS) -> None:
        self.limits = limits
        self.last_failure = ""
        self.peak_mb: float | None = None
        self._one_at_a_time = threading.Lock()
        _sweep()
        self._rooms = tempfile.TemporaryDirectory(prefix=_ROOMS, ignore_cleanup_errors=True)
        self._process: ReadingProcess | None = None

    def __enter__(self) -> Self:
        """Start the reading process, so that it is ready when the first file is asked for."""
        self._process = ReadingProcess(self.limits, Path(self._rooms.name))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process and remove its folders."""
        if self._process is not None:
            self._process.end()
            self._process = None
        self._rooms.cleanup()

    def layer(self, path: Path | str, layer_name: str, **options: Any) -> Layer:  # noqa: ANN401
        """Return a layer of a file; options and errors are those of `geo.layers.read_layer`.

        Errors: also LayerError where the file is too large, or the reading ran out of memory or
        time, or ended by itself.
        """
        _require_there(Path(path))
        room = self._ask("layer", Path(path), {"layer_name": layer_name, **options})
        try:
            return Layer(_frame(room), _findings(room), **_about(room))
        except Exception as error:  # noqa: BLE001 - what another process wrote is not believed
            raise _untrue(Path(path), error) from None
        finally:
            shutil.rmtree(room, ignore_errors=True)

    def table(self, path: Path | str, schema: Schema, **options: Any) -> Table:  # noqa: ANN401
        """Return a ledger; options and errors are those of `ledger.read_ledger`, and more.

        schema
            One that `geo.schema` holds.
        """
        _require_there(Path(path))
        room = self._ask("table", Path(path), {"schema": schema.layer, **options})
        try:
            return told_table(json.loads((room / TABLE).read_text(encoding="ascii")))
        except Exception as error:  # noqa: BLE001 - what another process wrote is not believed
            raise _untrue(Path(path), error) from None
        finally:
            shutil.rmtree(room, ignore_errors=True)

    def names(self, path: Path | str) -> tuple[str, ...]:
        """Return the sheets or layers of a file, as `geo.files.inside.names_inside` does."""
        room = self._ask("names", Path(path), {})
        try:
            return tuple(str(name) for name in json.loads((room / NAMES).read_text("ascii")))
        except Exception as error:  # noqa: BLE001 - what another process wrote is not believed
            raise _untrue(Path(path), error) from None
        finally:
            shutil.rmtree(room, ignore_errors=True)

    def layer_as_it_is(self, path: Path | str, *, layer: str) -> gpd.GeoDataFrame:
        """Return a layer with its own columns, as `geo.files.inside.layer_as_it_is` does."""
        room = self._ask("raw", Path(path), {"layer": layer})
        try:
            return _frame(room)
        except Exception as error:  # noqa: BLE001 - what another process wrote is not believed
            raise _untrue(Path(path), error) from None
        finally:
            shutil.rmtree(room, ignore_errors=True)

    def streets(
        self, path: Path | str, crs: CRS | None = None, **options: object
    ) -> tuple[WalkNetwork, list[Finding]]:
        """Return the streets of a file, as `geo.streets.read_streets` does."""
        asked = {"crs": None if crs is None else crs.to_wkt(), **options}
        room = self._ask("streets", Path(path), asked)
        try:
            return WalkNetwork.load(room / NETWORK), list(_findings(room))
        except Exception as error:  # noqa: BLE001 - what another process wrote is not believed
            raise _untrue(Path(path), error) from None
        finally:
            shutil.rmtree(room, ignore_errors=True)

    def _ask(self, job: str, path: Path, options: Mapping[str, object]) -> Path:
        """Return the folder that holds what was asked for."""
        room = Path(tempfile.mkdtemp(dir=self._rooms.name))
        try:
            require_size(path, self.limits)
            inside = copied_into(room, path, with_also=_named_beside(path, options))
        except OSError as error:
            raise LayerError(
                say("{file}：无法打开（{error}）。", file=shown(path), error=why(error))
            ) from None
        request = {"job": job, "room": str(room), "path": str(inside), "options": options}
        with self._one_at_a_time:
            answer = self._living_process().ask(request, path)
            self.last_failure, self.peak_mb = _failure(answer), answer.get("peak_mb")
        if answer.get("parted") is False:
            log.info("the system does not part the reading process from the network")
        if "done" in answer:
            return room
        shutil.rmtree(room, ignore_errors=True)
        raise _refusal(answer, path, self.limits)

    def _living_process(self) -> ReadingProcess:
        if self._process is not None and not self._process.alive():
            self._process.end()
            self._process = None
        self._process = self._process or ReadingProcess(self.limits, Path(self._rooms.name))
        return self._process


# The door that is open in this context: a study reads all its files through one.
_open_door: ContextVar[Door | None] = ContextVar("open_door", default=None)


@contextmanager
def one_door(limits: Limits = FOR_LAYERS) -> Iterator[Door]:
    """Let every reading in a block go through one door; within another it is that door."""
    door = _open_door.get()
    if door is not None:
        yield door
        return
    with Door(limits) as opened:
        token = _open_door.set(opened)
        try:
            yield opened
        finally:
            _open_door.reset(token)


def read_layer(path: Path | str, layer_name: str, **options: Any) -> Layer:  # noqa: ANN401
    """Return a layer of a file through the door; options and errors as in `Door.layer`.

    A table of a database is read here: the reading process has no network.
    """
    if is_database(path):
        return read_here(path, layer_name, **options)
    with one_door() as door:
        return door.layer(path, layer_name, **options)


def read_table(path: Path | str, schema: Schema, **options: Any) -> Table:  # noqa: ANN401
    """Return a ledger through the door; options and errors as in `Door.table`."""
    with one_door() as door:
        return door.table(path, schema, **options)


def names_in(path: Path | str) -> tuple[str, ...]:
    """Return the sheets of a workbook, or the layers of a geographic file, through the door.

    A file that holds nothing to choose from has none, and so has a database here.

    Errors: LayerError as in `Door.layer`.
    """
    if is_database(path):
        return ()
    with one_door() as door:
        return door.names(path)


def read_as_it_is(path: Path | str, *, layer: str) -> gpd.GeoDataFrame:
    """Return a layer that this program wrote, through the door. Errors: as in `Door.layer`."""
    with one_door() as door:
        return door.layer_as_it_is(path, layer=layer)


def read_streets(
    path: Path | str, crs: CRS | None = None, **options: object
) -> tuple[WalkNetwork, list[Finding]]:
    """Return the streets of a file; options as in `Door.streets`.

    They need more memory and time than a layer, so they have a door of their own, unless the one
    that is open allows as much.
    """
    door = _open_door.get()
    if door is not None and door.limits == FOR_STREETS:
        return door.streets(path, crs, **options)
    with Door(FOR_STREETS) as own:
        return own.streets(path, crs, **options)


def _sweep() -> None:
    """Take away the rooms of runs that were killed; what cannot be taken away stays."""
    oldest = time.time() - _LEFT_BEHIND_S
    for room in Path(tempfile.gettempdir()).glob(f"{_ROOMS}*"):
        try:
            left_behind = room.lstat().st_mtime < oldest and not room.is_symlink()
        except OSError:
            continue
        if left_behind:
            shutil.rmtree(room, ignore_errors=True)


def _require_there(path: Path) -> None:
    """Refuse what is not there, by the path that the user gave, and what is no file of data."""
    if not path.exists():
        file, where = shown(path), printable(str(path))
        raise LayerError(say("{file}：文件不存在，请核对路径 {path}。", file=file, path=where))
    if not (path.is_file() or path.is_dir()):
        raise LayerError(say("{file}：不是普通的文件，不予读取。", file=shown(path)))


def require_size(path: Path, limits: Limits) -> None:
    """Refuse a file, or a folder or shapefile as a whole, that is larger than the limit."""
    size = sum(part.stat().st_size for part in _parts(path))
    if size > limits.file_mb * MB:
        raise LayerError(
            say(
                "{file}：文件有 {size} MB，超过上限 {limit} MB。请裁剪到研究区，或分成几个文件。",
                file=shown(path), size=size // MB, limit=limits.file_mb,
            )
        )


def copied_into(room: Path, path: Path, *, with_also: Iterable[Path] = ()) -> Path:
    """Copy a file, with the other parts of a shapefile, or a folder; return its place in the room.

    with_also
        Files beside it that the reading is to find beside it.

    A file that is not there is left to the reading, which says so. Links inside a folder, and parts
    of a shapefile that are links, are not followed; LayerError for one that leads out of it.
    """
    target = room / shown(path)
    for other in with_also:
        shutil.copyfile(other, room / other.name)
    if path.is_dir():
        target.mkdir()
    for part in _parts(path):
        inside = target / part.relative_to(path) if path.is_dir() else room / shown(part)
        inside.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(part, inside)
    return target


def _parts(path: Path) -> list[Path]:
    others: list[Path] = []
    if path.is_dir():
        others = [*path.rglob("*")]
    elif path.suffix.lower() == ".shp":
        others = [part for suffix in PARTS[1:] if (part := sibling(path, suffix))]
    elif path.suffix.lower() == ".gpkg":  # edits that another program has not written back yet
        others = [path.with_name(path.name + ending) for ending in ("-wal", "-shm")]
    links = {part for part in others if part.is_symlink() and part.is_file()}
    refuse_links_out(links, path if path.is_dir() else path.parent)
    return [part for part in (path, *others) if part.is_file() and part not in links]


def _named_beside(path: Path, options: Mapping[str, object]) -> list[Path]:
    """Return the grids beside a grid that its columns name."""
    columns = options.get("columns")
    if path.suffix.lower() not in RASTER_SUFFIXES or not isinstance(columns, Mapping):
        return []
    beside = [path.parent / str(name) for name in columns if Path(str(name)).name == str(name)]
    return [
        file for file in beside
        if file.suffix.lower() in RASTER_SUFFIXES and file.is_file() and not file.is_symlink()
    ]


def shown(path: Path) -> str:
    """Return a file's name as it can be written anywhere, whatever bytes the system keeps."""
    return printable(path.name)


def _findings(room: Path) -> tuple[Finding, ...]:
    notes = json.loads((room / FINDINGS).read_text(encoding="ascii"))
    return tuple(told(note) for note in notes)


def _frame(room: Path) -> gpd.GeoDataFrame:
    frame = gpd.read_feather(room / FRAME)
    crs = (room / CRS_TEXT).read_text(encoding="utf-8")
    return frame.set_crs(CRS.from_wkt(crs)) if crs else frame


def _about(room: Path) -> dict[str, Any]:
    """Return what else a layer says of itself: headers, coordinates, fingerprint, as plain text."""
    about = json.loads((room / ABOUT).read_text(encoding="ascii"))
    return {
        "headers": {str(name): str(header) for name, header in about["headers"].items()},
        "coordinates": str(about["coordinates"]), "fingerprint": str(about["fingerprint"]),
        "made_ids": None if about["made_ids"] is None else tuple(map(int, about["made_ids"])),
    }


def _refusal(answer: Mapping[str, Any], path: Path, limits: Limits) -> PlanningError:
    """Return why a file was not read, from what its reading process answered."""
    if "refused" in answer:
        kind = getattr(errors, str(answer["refused"]), None)
        try:
            said = messages(answer["messages"])
        except (KeyError, TypeError, ValueError):
            return _untrue(path, answer)
        known = isinstance(kind, type) and issubclass(kind, PlanningError)
        return kind(*said) if known and kind is not None else LayerError(*said)
    if "late" in answer or _out_of_time(answer.get("died")):
        return LayerError(
            say(
                "{file}：读取超过 {limit} 秒，已停止。请裁剪到研究区、简化图形，或分成几个文件。",
                file=shown(path), limit=limits.wall_s if "late" in answer else limits.cpu_s,
            )
        )
    if answer.get("broken") == "MemoryError":
        return LayerError(
            say(
                "{file}：读取所需内存超过上限 {limit} MB，已停止。请裁剪到研究区，或分成几个文件。",
                file=shown(path), limit=limits.memory_mb,
            )
        )
    return _untrue(path, answer)


def _failure(answer: Mapping[str, Any]) -> str:
    """Return how a reading failed that neither gave a result nor refused; else nothing."""
    return next(
        (f"{how} {answer[how]}" for how in ("broken", "died", "late") if how in answer), ""
    )


def _out_of_time(code: object) -> bool:
    """Tell whether a process was ended by the system for its processor time."""
    return isinstance(code, int) and code == -int(getattr(signal, "SIGXCPU", 0) or 1 << 30)


def _untrue(path: Path, why: object) -> LayerError:
    """Return the refusal of a file whose reading ended without a result that can be believed."""
    log.warning("%s: %s", path.name, why)
    return LayerError(
        say(
            "{file}：读取进程意外结束，没有读入任何内容。文件可能已损坏或有意构造，请重新导出后再试。",
            file=shown(path),
        )
    )
