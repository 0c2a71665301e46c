"""Saving and opening a network."""

import json
from pathlib import Path

import numpy as np
import pytest
from pyproj import CRS

from geo.errors import StreetsError
from geo.streets import WalkNetwork, read_streets


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


def doctored(toy: WalkNetwork, path: Path, about: object = None, **arrays: object) -> Path:
    """Save the toy city with parts of the file replaced."""
    toy.save(path)
    with np.load(path) as saved:
        parts = {**saved, **arrays}
    if about is not None:
        known = json.loads(str(parts["about"]))
        whole = {**known, **about} if isinstance(about, dict) else about
        parts["about"] = np.array(json.dumps(whole))
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


@pytest.mark.parametrize(
    "arrays",
    [
        {"x": None},
        {"x": np.zeros(4)},
        {"y": np.full(5, np.nan)},
        {"tail": np.array([0, 1, 2, 5])},
        {"tail": np.array([0, 1, 2, 2**32])},
        {"head": np.array([0, 1, 2, -1])},
        {"head": np.array([0.0, 1, 2, 3])},
        {"length_mm": np.array([1, 2, 3])},
        {"length_mm": np.array([1, 2, 3, -4])},
        {"oneway": np.array([0, 0, 0, 2])},
        {"private": np.array(["no"] * 4)},
        {"kind": np.array([0, 0, 0, 9])},
        {"vertex_xy": np.zeros(16)},
        {"vertex_start": np.array([0, 2, 4, 6, 7])},
        {"vertex_start": np.array([0, 4, 2, 6, 8])},
        {"vertex_start": np.array([0, 8])},
    ],
    ids=str,
)
def test_arrays_that_do_not_fit_are_refused_in_one_line(
    toy: WalkNetwork, tmp_path: Path, arrays: dict[str, object]
) -> None:
    with pytest.raises(StreetsError, match=r"^toy.npz：.*$"):
        WalkNetwork.load(doctored(toy, tmp_path / "toy.npz", **arrays))


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
