"""Saving and opening a network."""

import json
from pathlib import Path

import numpy as np
import pytest
from pyproj import CRS

from geo.errors import StreetsError
from geo.streets import WalkNetwork, read_streets
from geo.streets.network import _checksum


def test_a_saved_network_is_the_same_network(toy: WalkNetwork, tmp_path: Path) -> None:
    path = tmp_path / "toy.npz"
    toy.tagged(sha256="abc").save(path)
    again, findings = read_streets(path, toy.crs)
    assert findings == []
    assert again.origin == {"sha256": "abc"}
    assert (again.crs, again.kinds) == (toy.crs, toy.kinds)
    for name in ("x", "y", "tail", "head", "length_mm", "vertex_xy", "vertex_start"):
        assert np.array_equal(getattr(again, name), getattr(toy, name))
    assert list(tmp_path.iterdir()) == [path]


def test_a_pickle_is_never_read(tmp_path: Path) -> None:
    path = tmp_path / "toy.npz"
    np.savez(path, about=np.array([{"a": 1}], dtype=object))
    with pytest.raises(StreetsError, match=r"toy.npz"):
        WalkNetwork.load(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"hello"])
def test_something_else_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "toy.npz"
    path.write_bytes(content)
    with pytest.raises(StreetsError, match=r"toy.npz"):
        WalkNetwork.load(path)


def test_another_coordinate_system_is_refused(toy: WalkNetwork, tmp_path: Path) -> None:
    path = tmp_path / "toy.npz"
    toy.save(path)
    with pytest.raises(StreetsError, match="坐标系"):
        read_streets(path, CRS.from_epsg(32648))


def test_metres_of_each_piece(toy: WalkNetwork) -> None:
    assert toy.component_m.tolist() == [1300.0]


def doctored(
    toy: WalkNetwork, path: Path, about: object = None, *, signed: bool = True, **arrays: object
) -> Path:
    """Save the toy city with parts of the file replaced; `signed` makes the checksum fit.

    Lists take the type of the array they replace.
    """
    toy.save(path)
    with np.load(path) as saved:
        parts = dict(saved)
    for name, part in arrays.items():
        parts[name] = np.array(part, parts[name].dtype) if isinstance(part, list) else part
    if about is not None:
        known = json.loads(parts["about"].tobytes())
        whole = {**known, **about} if isinstance(about, dict) else about
        parts["about"] = np.frombuffer(json.dumps(whole).encode(), dtype=np.uint8)
    if signed and "crc32" not in arrays and all(part is not None for part in parts.values()):
        parts["crc32"] = np.array(_checksum(parts), dtype=np.uint32)
    np.savez(path, **{name: part for name, part in parts.items() if part is not None})
    return path


@pytest.mark.parametrize(
    "about",
    [[], 3, {"crs": "nonsense"}, {"crs": None}, {"crs": CRS(4326).to_wkt()}, {"kinds": None},
     {"kinds": [1]}, {"origin": "x"}, {"format": 0}],
)  # fmt: skip
def test_notes_that_say_nothing_are_refused_in_one_line(
    toy: WalkNetwork, tmp_path: Path, about: object
) -> None:
    with pytest.raises(StreetsError, match=r"^toy.npz：.*$"):
        WalkNetwork.load(doctored(toy, tmp_path / "toy.npz", about))


NO_STREETS: dict[str, object] = {
    "tail": [], "head": [], "length_mm": [], "oneway": [], "private": [], "kind": [],
    "vertex_xy": np.zeros((0, 2)), "vertex_start": [0],
}  # fmt: skip


@pytest.mark.parametrize(
    "arrays",
    [
        {"x": None},
        {"x": np.zeros(4)},
        {"y": np.full(5, np.nan)},
        {"tail": [0, 1, 2, 5]},
        {"tail": np.array([0, 1, 2, 3])},
        {"tail": np.array([0, 1, 2, 3], dtype=">i4")},
        {"head": [0, 1, 2, -1]},
        {"head": np.array([0.0, 1, 2, 3])},
        {"length_mm": [1, 2, 3]},
        {"length_mm": [1, 2, 3, -4]},
        {"length_mm": [1, 2, 3, 2**36 + 1]},
        {"vertex_xy": np.full((8, 2), np.inf)},
        {"oneway": [0, 0, 0, 2]},
        {"private": np.array(["no"] * 4)},
        {"kind": [0, 0, 0, 9]},
        {"kind": [0, 0, 0, 1]},  # there is one word
        {"kind": [0, 0, 0, -2]},
        {"vertex_xy": np.zeros(16)},
        {"vertex_start": [0, 2, 4, 6, 7]},
        {"vertex_start": [0, 4, 2, 6, 8]},
        {"vertex_start": [0, 8]},
        {"vertex_start": [0, 1, 4, 6, 8]},  # a line of one vertex
        {"vertex_start": [-2, 2, 4, 6, 8]},
        NO_STREETS,
        {"crc32": None},
        {"crc32": np.zeros(4)},
    ],
    ids=str,
)
def test_arrays_that_do_not_fit_are_refused_in_one_line(
    toy: WalkNetwork, tmp_path: Path, arrays: dict[str, object]
) -> None:
    with pytest.raises(StreetsError, match=r"^toy.npz：.*$"):
        WalkNetwork.load(doctored(toy, tmp_path / "toy.npz", **arrays))


def test_numbers_that_fit_but_were_changed_are_refused(toy: WalkNetwork, tmp_path: Path) -> None:
    shorter = (toy.length_mm - 1).tolist()
    assert len(WalkNetwork.load(doctored(toy, tmp_path / "signed.npz", length_mm=shorter))) == 4
    with pytest.raises(StreetsError, match=r"^toy.npz：.*$"):
        WalkNetwork.load(doctored(toy, tmp_path / "toy.npz", signed=False, length_mm=shorter))


def test_notes_that_were_changed_are_refused(toy: WalkNetwork, tmp_path: Path) -> None:
    with pytest.raises(StreetsError, match=r"^toy.npz：.*$"):
        WalkNetwork.load(
            doctored(toy, tmp_path / "toy.npz", {"origin": {"sha256": "f"}}, signed=False)
        )


def test_the_shortest_and_the_longest_street_are_opened(toy: WalkNetwork, tmp_path: Path) -> None:
    length_mm = [0, 1, 2, 2**36]
    path = doctored(toy, tmp_path / "toy.npz", length_mm=length_mm)
    assert WalkNetwork.load(path).length_mm.tolist() == length_mm


def test_notes_are_added_to_those_there_are(toy: WalkNetwork) -> None:
    noted = toy.tagged(sha256="abc", cross=False).tagged(cross=True, key=1)
    assert noted.origin == {"sha256": "abc", "cross": True, "key": 1}
    assert toy.origin == {}


def test_a_file_of_another_format_is_told_so(toy: WalkNetwork, tmp_path: Path) -> None:
    path = doctored(toy, tmp_path / "toy.npz", crc32=None, about={"format": 1})
    with np.load(path) as saved:
        parts = {**saved, "about": np.array(saved["about"].tobytes().decode())}
    np.savez(path, **parts)
    with pytest.raises(StreetsError, match="其他版本"):
        WalkNetwork.load(path)


def test_a_changed_byte_anywhere_in_the_arrays_is_refused(toy: WalkNetwork, tmp_path: Path) -> None:
    path = tmp_path / "toy.npz"
    toy.save(path)
    whole = path.read_bytes()
    for name in ("x", "tail", "length_mm", "vertex_start", "about"):
        content = getattr(toy, name).tobytes() if name != "about" else b'"kinds"'
        changed = bytearray(whole)
        changed[whole.index(content)] ^= 1
        path.write_bytes(changed)
        with pytest.raises(StreetsError, match=r"toy.npz"):
            WalkNetwork.load(path)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_refused(toy: WalkNetwork, tmp_path: Path, part: float) -> None:
    path = tmp_path / "toy.npz"
    toy.save(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * part)])
    with pytest.raises(StreetsError, match=r"^toy.npz：.*$"):
        WalkNetwork.load(path)


def test_a_saving_that_fails_leaves_nothing_behind(toy: WalkNetwork, tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        toy.tagged(what=object()).save(tmp_path / "toy.npz")
    folder = tmp_path / "toy.npz"
    folder.mkdir()
    with pytest.raises(OSError, match=r"toy\.npz"):
        toy.save(folder)
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize("metres", [-1.0, float("nan"), float("inf")])
def test_joining_within_no_distance_is_refused(tmp_path: Path, metres: float) -> None:
    (tmp_path / "roads.gpkg").write_bytes(b"")
    with pytest.raises(StreetsError, match="connect_m"):
        read_streets(tmp_path / "roads.gpkg", connect_m=metres)
