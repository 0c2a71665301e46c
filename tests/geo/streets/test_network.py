"""Saving and opening a network."""

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
