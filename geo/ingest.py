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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import geopandas as gpd
from pyproj import CRS

from geo import errors
from geo.database_address import is_database
from geo.door.attendant import ABOUT, FINDINGS, FRAME, NETWORK, TABLE
from geo.door.limits import FOR_LAYERS, FOR_STREETS, MB, Limits
from geo.door.notes import messages, told
from geo.door.process import ReadingProcess
from geo.door.tables import told_table
from geo.errors import LayerError, PlanningError
from geo.findings import Finding
from geo.language import say
from geo.layers import Layer
from geo.layers import read_layer as read_here
from geo.ledger import Table
from geo.reasons import why
from geo.schema import Schema
from geo.shapefile import PARTS, sibling
from geo.streets.network import WalkNetwork

log = logging.getLogger(__name__)


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
        self._rooms = tempfile.TemporaryDirectory(
            prefix="carecircle-", ignore_cleanup_errors=True
        )
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
        room = self._ask("layer", Path(path), {"layer_name": layer_name, **options})
        try:
            return Layer(gpd.read_feather(room / FRAME), _findings(room), **_about(room))
        except Exception as error:  # noqa: BLE001 - what another process wrote is not believed
            raise _untrue(Path(path), error) from None
        finally:
            shutil.rmtree(room, ignore_errors=True)

    def table(self, path: Path | str, schema: Schema, **options: Any) -> Table:  # noqa: ANN401
        """Return a ledger; options and errors are those of `geo.ledger.read_ledger`, and more.

        schema
            One that `geo.schema` holds.
        """
        room = self._ask("table", Path(path), {"schema": schema.layer, **options})
        try:
            return told_table(json.loads((room / TABLE).read_text(encoding="ascii")))
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
        require_size(path, self.limits)
        room = Path(tempfile.mkdtemp(dir=self._rooms.name))
        try:
            inside = copied_into(room, path)
        except OSError as error:
            raise LayerError(
                say("{file}：无法打开（{error}）。", file=path.name, error=why(error))
            ) from None
        process = self._living_process()
        request = {"job": job, "room": str(room), "path": str(inside), "options": options}
        answer = process.ask(request, path)
        self.last_failure, self.peak_mb = _failure(answer), answer.get("peak_mb")
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


def read_streets(
    path: Path | str, crs: CRS | None = None, **options: object
) -> tuple[WalkNetwork, list[Finding]]:
    """Return the streets of a file through a door of their own; options as in `Door.streets`."""
    with Door(FOR_STREETS) as door:
        return door.streets(path, crs, **options)


def require_size(path: Path, limits: Limits) -> None:
    """Refuse a file, or a folder or shapefile as a whole, that is larger than the limit."""
    size = sum(part.stat().st_size for part in _parts(path))
    if size > limits.file_mb * MB:
        raise LayerError(
            say(
                "{file}：文件有 {size} MB，超过上限 {limit} MB。请裁剪到研究区，或分成几个文件。",
                file=path.name, size=size // MB, limit=limits.file_mb,
            )
        )


def copied_into(room: Path, path: Path) -> Path:
    """Copy a file, with the other parts of a shapefile, or a folder; return its place in the room.

    A file that is not there is left to the reading, which says so. Links are not followed.
    """
    target = room / path.name
    if path.is_dir():
        target.mkdir()
    for part in _parts(path):
        inside = target / part.relative_to(path) if path.is_dir() else room / part.name
        inside.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(part, inside)
    return target


def _parts(path: Path) -> list[Path]:
    if path.is_dir():
        return [part for part in path.rglob("*") if part.is_file() and not part.is_symlink()]
    if path.suffix.lower() == ".shp":
        parts = [part for suffix in PARTS if (part := sibling(path, suffix))]
        return parts or ([path] if path.is_file() else [])
    return [path] if path.is_file() else []


def _findings(room: Path) -> tuple[Finding, ...]:
    notes = json.loads((room / FINDINGS).read_text(encoding="ascii"))
    return tuple(told(note) for note in notes)


def _about(room: Path) -> dict[str, Any]:
    """Return what else a layer says of itself: headers, coordinates, fingerprint, as plain text."""
    about = json.loads((room / ABOUT).read_text(encoding="ascii"))
    headers = {str(name): str(header) for name, header in about["headers"].items()}
    return {
        "headers": headers, "coordinates": str(about["coordinates"]),
        "fingerprint": str(about["fingerprint"]),
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
                file=path.name, limit=limits.wall_s if "late" in answer else limits.cpu_s,
            )
        )
    if answer.get("broken") == "MemoryError":
        return LayerError(
            say(
                "{file}：读取所需内存超过上限 {limit} MB，已停止。请裁剪到研究区，或分成几个文件。",
                file=path.name, limit=limits.memory_mb,
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
            file=path.name,
        )
    )
