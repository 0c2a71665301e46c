"""The walk network: streets as arrays in metres, saved and loaded without pickle."""

import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geo.door.grids import refuse_grid
from geo.errors import CoordinateError, StreetsError
from geo.language import say

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOST_MM = 2**36  # of one street: 68,719 km, while the Earth is 40,075 km around
SOME = 100  # of so many corners of streets one is looked at first
FORMAT = 2  # described in docs/network-format.md
_TYPES: Mapping[str, type[np.generic]] = {
    "x": np.float64, "y": np.float64, "tail": np.int32, "head": np.int32, "length_mm": np.int64,
    "oneway": np.int8, "private": np.bool_, "kind": np.int8,
    "vertex_xy": np.float64, "vertex_start": np.int64,
}  # fmt: skip
_ARRAYS = tuple(_TYPES)
# What opening a file that is no saved network, or a doctored one, can raise.
_DAMAGE = (
    OSError, ValueError, TypeError, KeyError, AttributeError, EOFError, MemoryError, RuntimeError,
    zipfile.BadZipFile, zlib.error, CRSError, CoordinateError,
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class WalkNetwork:
    """Streets between nodes, in the metric CRS of a study.

    x, y
        Node coordinates in metres, shape (nodes,).
    tail, head
        Node at the beginning and the end of each street, shape (streets,).
    length_mm
        Whole millimetres of each street's geometry.
    oneway
        0 walked both ways, 1 only from tail to head, -1 only from head to tail.
    private
        Streets closed to strangers (`access=private`).
    kind
        Index into `kinds`, the OSM highway words; -1 unknown.
    vertex_xy, vertex_start
        The streets' geometry end to end: street i has the vertices from `vertex_start[i]` up to
        `vertex_start[i + 1]`.
    origin
        Where the network was read from: `sha256` of the source and the reading parameters.
    """

    crs: CRS
    x: Floats
    y: Floats
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    length_mm: Ints
    oneway: NDArray[np.int8]
    private: Flags
    kind: NDArray[np.int8]
    vertex_xy: Floats
    vertex_start: Ints
    kinds: tuple[str, ...] = ()
    origin: Mapping[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of streets."""
        return len(self.tail)

    @property
    def nodes(self) -> int:
        """Return the number of nodes."""
        return len(self.x)

    def lines(self) -> NDArray[np.object_]:
        """Return the streets as shapely LineStrings, in order."""
        street = np.repeat(np.arange(len(self)), np.diff(self.vertex_start))
        lines: NDArray[np.object_] = shapely.linestrings(self.vertex_xy, indices=street)
        return lines

    @cached_property
    def component(self) -> NDArray[np.int32]:
        """Return which connected piece each street belongs to; directions do not matter."""
        nodes = len(self.x)
        ones = np.ones(len(self), dtype=np.int8)
        joined = csr_array((ones, (self.tail, self.head)), shape=(nodes, nodes))
        _, piece = connected_components(joined, directed=False)
        pieces: NDArray[np.int32] = piece[self.tail].astype(np.int32)
        return pieces

    @cached_property
    def component_m(self) -> Floats:
        """Return the metres of street in each connected piece."""
        return np.bincount(self.component, weights=self.length_mm / 1000).astype(np.float64)

    @cached_property
    def street_boxes(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Return west, south, east and north of each street in metres."""
        x, y, first = *self.vertex_xy.T, self.vertex_start[:-1]
        low, high = np.minimum.reduceat, np.maximum.reduceat
        return low(x, first), low(y, first), high(x, first), high(y, first)

    def has_near(self, x: float, y: float, *, within_m: float) -> bool:
        """Return whether any corner of a street is so near to a spot; mostly one of a few is."""
        looked = (self.vertex_xy[::SOME], self.vertex_xy)
        gaps = (np.hypot(*(corners - (x, y)).T).min(initial=np.inf) for corners in looked)
        return any(gap <= within_m for gap in gaps)

    def tagged(self, **origin: object) -> Self:
        """Return the same network with notes on where it came from."""
        return replace(self, origin={**self.origin, **origin})

    def save(self, path: Path) -> None:
        """Write the arrays to `path` (NumPy .npz, no pickle), whole or not at all.

        Errors: OSError; TypeError where `origin` holds what JSON cannot.
        """
        about = {"format": FORMAT, "crs": self.crs.to_wkt(), "kinds": list(self.kinds)}
        about["origin"] = dict(self.origin)
        arrays = {name: np.asarray(getattr(self, name), kind) for name, kind in _TYPES.items()}
        arrays["about"] = np.frombuffer(json.dumps(about).encode("ascii"), dtype=np.uint8)
        arrays["crc32"] = np.array(_checksum(arrays), dtype=np.uint32)
        draft = path.with_name(path.name + ".part")
        try:
            with draft.open("wb") as file:
                np.savez(file, allow_pickle=False, **arrays)
            draft.replace(path)
        except BaseException:  # a full disk, an interruption: no half-written file stays
            draft.unlink(missing_ok=True)
            raise

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return a network written by `save`.

        Errors: StreetsError where the file is not one, or was written in another format.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as saved:
                if "crc32" not in saved or _about(saved["about"]).get("format") != FORMAT:
                    raise StreetsError(
                        say(
                            "{file}：路网由其他版本保存，无法读取。"
                            "请用 carecircle streets 重新生成。",
                            file=path.name,
                        )
                    )
                return cls(**_parts({name: saved[name] for name in saved.files}))
        except _DAMAGE:
            raise StreetsError(
                say(
                    "{file}：不是本软件保存的路网，或文件已损坏。"
                    "请用 carecircle streets 重新生成。",
                    file=path.name,
                )
            ) from None


def _about(noted: NDArray[Any]) -> Any:  # noqa: ANN401 - JSON
    """Return the notes of a file; format 1 kept them as text, format 2 as bytes."""
    return json.loads(noted.tobytes() if noted.dtype == np.uint8 else str(noted))


def _checksum(arrays: Mapping[str, NDArray[Any]]) -> int:
    """Return the CRC-32 of the notes and of every array: type, shape, content."""
    checksum = 0
    for name in ("about", *_ARRAYS):
        array = np.ascontiguousarray(arrays[name])
        what = f"{name} {array.dtype.str} {array.shape} "
        checksum = zlib.crc32(array.data, zlib.crc32(what.encode("ascii"), checksum))
    return checksum


def _parts(arrays: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    """Return the fields of a network from what a file holds.

    Errors: ValueError, TypeError, KeyError or CRSError for anything that is no network.
    """
    if int(arrays["crc32"]) != _checksum(arrays):
        raise ValueError
    about = _about(arrays["about"])
    refuse_grid(about["crs"], "crs")
    crs, kinds, origin = CRS.from_wkt(about["crs"]), tuple(about["kinds"]), dict(about["origin"])
    if not crs.is_projected or not all(isinstance(kind, str) for kind in kinds):
        raise ValueError
    if any(arrays[name].dtype != dtype for name, dtype in _TYPES.items()):
        raise ValueError
    _require_network(arrays, kinds=len(kinds))
    return {"crs": crs, "kinds": kinds, "origin": origin, **{n: arrays[n] for n in _ARRAYS}}


def _require_network(arrays: Mapping[str, NDArray[Any]], *, kinds: int) -> None:
    """Raise ValueError where arrays do not fit together or point outside one another."""
    nodes, streets = arrays["x"].size, arrays["tail"].size
    shapes: dict[str, tuple[int, ...]] = dict.fromkeys(_ARRAYS, (streets,))
    shapes["x"] = shapes["y"] = (nodes,)
    shapes["vertex_xy"], shapes["vertex_start"] = (len(arrays["vertex_xy"]), 2), (streets + 1,)
    start = arrays["vertex_start"]
    sound = (
        streets > 0
        and all(arrays[name].shape == shape for name, shape in shapes.items())
        and all(np.isfinite(arrays[name]).all() for name in ("x", "y", "vertex_xy"))
        and all(_within(arrays[name], 0, nodes) for name in ("tail", "head"))
        and _within(arrays["kind"], -1, kinds)
        and _within(arrays["oneway"], -1, 2)
        and _within(arrays["length_mm"], 0, MOST_MM + 1)
        and (start[0], start[-1]) == (0, len(arrays["vertex_xy"]))
        and bool((np.diff(start) > 1).all())  # a line has two ends
    )
    if not sound:
        raise ValueError


def _within(numbers: NDArray[Any], first: int, stop: int) -> bool:
    return bool((numbers >= first).all() and (numbers < stop).all())
