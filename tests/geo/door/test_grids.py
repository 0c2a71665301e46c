"""Grids through the door: a second grid beside the first, a band by its name; tiffs that attack."""

import shutil
import time
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

from geo.errors import LayerError, PlanningError
from geo.ingest import Door

PLACE = Affine(100, 0, 500_000, 0, -100, 4_680_000)


def grid(path: Path, *bands: list[list[float]], names: tuple[str, ...] = ()) -> Path:
    values = np.array(bands, dtype="float32")
    with rasterio.open(
        path, "w", driver="GTiff", count=len(bands), height=values.shape[1],
        width=values.shape[2], dtype="float32", crs="EPSG:4549", transform=PLACE,
    ) as file:
        file.write(values)
        for number, name in enumerate(names, start=1):
            file.set_band_description(number, name)
    return path


def test_a_second_grid_beside_the_first_comes_along(tmp_path: Path) -> None:
    people = grid(tmp_path / "people.tif", [[10, 0], [20, 30]])
    grid(tmp_path / "old.tif", [[1, 0], [2, 3]])
    with Door() as door:
        frame = door.layer(people, "population", columns={"old.tif": "elderly_60plus"}).frame
    assert frame["population"].tolist() == [10, 20, 30]
    assert frame["elderly_60plus"].tolist() == [1, 2, 3]


def test_a_second_grid_that_is_a_link_or_elsewhere_stays_there(tmp_path: Path) -> None:
    people = grid(tmp_path / "people.tif", [[10, 20]])
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    secret = grid(elsewhere / "secret.tif", [[7, 7]])
    (tmp_path / "link.tif").symlink_to(secret)
    with Door() as door:
        for name in ("link.tif", "elsewhere/secret.tif", str(secret)):
            with pytest.raises(LayerError) as refusal:
                door.layer(people, "population", columns={name: "elderly_60plus"})
            assert str(refusal.value).startswith("people.tif")


def test_bands_are_named_by_their_description_or_number(tmp_path: Path) -> None:
    path = grid(tmp_path / "p.tif", [[10, 20]], [[1, 2]], [[5, 6]], names=("总", "老", "别"))
    with Door() as door:
        named = door.layer(path, "population", sheet="总", columns={"老": "elderly_60plus"})
        numbered = door.layer(path, "population", sheet="3", columns={"2": "elderly_60plus"})
    assert named.frame["population"].tolist() == [10, 20]
    assert numbered.frame["population"].tolist() == [5, 6]
    for read in (named, numbered):
        assert read.frame["elderly_60plus"].tolist() == [1, 2]


def test_what_stands_beside_a_grid_is_not_opened(tmp_path: Path) -> None:
    """GDAL looks for overviews, masks and notes beside a grid; none comes into the room."""
    path = grid(tmp_path / "p.tif", [[10, 20]])
    shutil.copy(grid(tmp_path / "other.tif", [[7, 7]]), tmp_path / "p.tif.ovr")
    shutil.copy(tmp_path / "other.tif", tmp_path / "p.tif.msk")
    (tmp_path / "p.tif.aux.xml").write_text(
        "<PAMDataset><PAMRasterBand band='1'><NoDataValue>10</NoDataValue></PAMRasterBand>"
        "</PAMDataset>"
    )
    with Door() as door:
        assert door.layer(path, "population").frame["population"].tolist() == [10, 20]


@pytest.mark.parametrize("side", [100_000, 60_000])
def test_a_grid_that_claims_to_be_vast_is_told_soon(tmp_path: Path, side: int) -> None:
    """A few kilobytes of a sparse file stand for ten thousand million cells."""
    path = tmp_path / "vast.tif"
    with rasterio.open(
        path, "w", driver="GTiff", count=1, height=side, width=side, dtype="uint8", tiled=True,
        blockxsize=4096, blockysize=4096, compress="deflate", sparse_ok=True, crs="EPSG:4549",
        transform=PLACE,
    ):
        pass
    assert path.stat().st_size < 1 << 20
    begun = time.monotonic()
    with Door() as door:
        with pytest.raises(PlanningError) as refusal:
            door.layer(path, "population")
        assert door.last_failure == ""
    assert str(refusal.value).startswith("vast.tif")
    assert time.monotonic() - begun < 15


@pytest.mark.parametrize("damage", ["cut", "noise", "directory"])
def test_a_damaged_grid_is_one_line(tmp_path: Path, damage: str) -> None:
    path = grid(tmp_path / "p.tif", [[10, 20], [30, 40]])
    data = bytearray(path.read_bytes())
    if damage == "cut":
        del data[40:]
    elif damage == "noise":
        data[8:] = bytes((at * 37) % 256 for at in range(len(data) - 8))
    else:
        data[4:8] = b"\xff\xff\xff\x7f"
    path.write_bytes(data)
    with Door() as door:
        with pytest.raises(PlanningError) as refusal:
            door.layer(path, "population")
        assert door.last_failure == ""
    assert str(refusal.value).startswith("p.tif：")
    assert "\n" not in str(refusal.value)
