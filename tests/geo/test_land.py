"""Land cells: which there are, how they leave, and that they are kept whole or not at all."""

import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.ground import land as land_module
from geo.ground.land import (
    CELL_M,
    MOST_TILES,
    Land,
    land_key,
    load_land,
    put_land_on_streets,
    save_land,
    tiles_of_land,
)
from geo.streets.network import WalkNetwork
from geo.walks.nearest_street import StreetIndex
from geo.walks.places import Grounds
from tests.conftest import EAST, NORTH

CAP_M = 60.0


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def cells_xy(land: Land) -> np.ndarray:
    x, y = land.centres()
    row, column = np.divmod(land.cell, land.shape[1])
    return np.column_stack([x[column] - EAST, y[row] - NORTH])


@pytest.fixture(scope="module")
def open_land(toy_index: StreetIndex) -> Land:
    return put_land_on_streets(toy_index, Grounds.none(), snap_max_m=CAP_M)


def test_cells_are_the_squares_within_the_cap_of_a_street(
    toy_index: StreetIndex, open_land: Land
) -> None:
    centres = np.arange(-100, 1100, CELL_M) + CELL_M / 2
    x, y = (grid.ravel() for grid in np.meshgrid(centres, centres))
    streets = shapely.union_all(toy_index.network.lines())
    gap = shapely.distance(shapely.points(x + EAST, y + NORTH), streets)
    near = {(a, b) for a, b in zip(x[gap <= CAP_M], y[gap <= CAP_M], strict=True)}
    assert {(a, b) for a, b in cells_xy(open_land)} == near


def test_a_cell_leaves_by_the_nearest_street(open_land: Land) -> None:
    xy = cells_xy(open_land)
    cell = int(np.flatnonzero((xy == (105, 45)).all(axis=1))[0])
    row = np.flatnonzero(open_land.exits.point == cell)
    assert open_land.exits.off_street_mm[row].tolist() == [45_000]
    assert open_land.exits.offset_mm[row].tolist() == [105_000]
    assert not open_land.exits.by_entrance.any()
    assert (open_land.exits.reason == "").all()


def test_a_cell_in_an_estate_leaves_by_its_entrances(toy_index: StreetIndex) -> None:
    # Gates at both lower corners, on the street: two ways out for each of the 100 cells inside.
    grounds = Grounds(
        np.array([box(100, 0, 200, 100)]), np.array([100, 200]) + EAST, np.array([0, 0]) + NORTH,
        np.zeros(2, dtype=np.int64),
    )  # fmt: skip
    land = put_land_on_streets(toy_index, grounds, snap_max_m=CAP_M)
    xy, exits = cells_xy(land), land.exits
    inside = (xy > (100, 0)).all(axis=1) & (xy < (200, 100)).all(axis=1)
    # The cells up to 100 m off are there: metres inside the own estate are free.
    assert inside.sum() == 100
    assert exits.by_entrance.sum() == 200
    assert set(exits.point[exits.by_entrance]) == {*np.flatnonzero(inside)}
    cell = int(np.flatnonzero((xy == (135, 75)).all(axis=1))[0])
    legs = sorted(exits.off_street_mm[exits.point == cell])
    assert legs == [round(np.hypot(35, 75) * 1000), round(np.hypot(65, 75) * 1000)]


def test_where_estates_overlap_the_first_counts(toy_index: StreetIndex) -> None:
    # Both have a gate, at 0 m and at 290 m along A-B.
    polygons = [box(100, 0, 200, 50), box(100, 0, 200, 50)]
    for first, along_mm in ((0, 0), (1, 290_000)):
        order = np.array([first, 1 - first])
        grounds = Grounds(
            np.array(polygons), np.array([0, 290]) + EAST, np.array([0, 0]) + NORTH, order
        )
        land = put_land_on_streets(toy_index, grounds, snap_max_m=400)
        assert set(land.exits.offset_mm[land.exits.by_entrance]) == {along_mm}


def require_equal(one: Land, other: Land | None) -> None:
    assert other is not None
    assert (one.origin, one.shape) == (other.origin, other.shape)
    assert one.cell.dtype == other.cell.dtype
    assert (one.cell == other.cell).all()
    for name, column in vars(one.exits).items():
        assert column.dtype == getattr(other.exits, name).dtype, name
        assert (column == getattr(other.exits, name)).all(), name


def test_what_is_saved_is_loaded(tmp_path: Path, open_land: Land) -> None:
    path = tmp_path / "deep" / "land.npz"
    save_land(open_land, path, key="k")
    require_equal(open_land, load_land(path, key="k"))
    assert [file.name for file in path.parent.iterdir()] == ["land.npz"]


def test_another_key_is_not_loaded(tmp_path: Path, open_land: Land) -> None:
    save_land(open_land, tmp_path / "land.npz", key="k")
    assert load_land(tmp_path / "land.npz", key="K") is None


def test_another_format_is_not_loaded(
    tmp_path: Path, open_land: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_land(open_land, tmp_path / "land.npz", key="k")
    monkeypatch.setattr(land_module, "LAND_FORMAT", land_module.LAND_FORMAT + 1)
    assert load_land(tmp_path / "land.npz", key="k") is None


def test_no_file_is_not_loaded(tmp_path: Path) -> None:
    assert load_land(tmp_path / "land.npz", key="k") is None
    assert load_land(tmp_path, key="k") is None


def test_a_file_of_another_kind_is_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "land.npz"
    with path.open("wb") as file:
        np.save(file, np.arange(3))
    assert load_land(path, key="k") is None
    np.savez(path, key=np.array("k"))
    assert load_land(path, key="k") is None


@pytest.mark.parametrize("error", [RuntimeError("encrypted"), zlib.error("invalid block type")])
def test_a_damaged_file_is_not_loaded(
    tmp_path: Path, open_land: Land, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    path = tmp_path / "land.npz"
    save_land(open_land, path, key="k")

    def damaged(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(land_module.np, "load", damaged)
    assert load_land(path, key="k") is None


def test_a_saving_that_fails_leaves_what_was_there(
    tmp_path: Path, open_land: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "land.npz"
    save_land(open_land, path, key="k")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(land_module.np, "savez", full)
    with pytest.raises(OSError, match="space"):
        save_land(open_land, path, key="new")
    monkeypatch.undo()
    require_equal(open_land, load_land(path, key="k"))


def test_keys_tell_everything_apart() -> None:
    keys = [
        land_key(), land_key(b"ab"), land_key(b"a", b"b"), land_key("ab"), land_key(10.0),
        land_key(10), land_key(None), land_key(b"b", b"a"),
    ]  # fmt: skip
    assert len(set(keys)) == len(keys)
    assert land_key(b"a", 10.0) == land_key(b"a", 10.0)


def test_an_estates_own_ground_is_land_beyond_the_streets(toy_index: StreetIndex) -> None:
    # 700 m of ground south of A-B, all of it the estate's own: 10 m cells, 200 m wide.
    west, south = EAST + 50, NORTH - 701
    estate = shapely.box(west, south, west + 200, NORTH - 1)
    grounds = replace(Grounds.none(), polygons=np.array([estate]))
    land = put_land_on_streets(toy_index, grounds, snap_max_m=200)
    assert land is not None
    x, y = land.centres()
    row, column = np.divmod(land.cell, land.shape[1])
    inside = shapely.contains_xy(estate, x[column], y[row])
    assert inside.sum() == 20 * 70


def test_a_window_leaves_out_what_is_beyond_it(toy_index: StreetIndex) -> None:
    window = (EAST - 50, NORTH - 50, EAST + 50, NORTH + 50)
    land = put_land_on_streets(toy_index, Grounds.none(), snap_max_m=200, within=window)
    assert land is not None
    assert land.shape == (10, 10)
    assert len(land.cell) == 100


def test_a_field_too_large_is_no_land(
    toy_index: StreetIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo.ground.land.MOST_CELLS", 100)
    assert put_land_on_streets(toy_index, Grounds.none(), snap_max_m=200) is None


def estates(*polygons: shapely.Geometry) -> Grounds:
    return replace(Grounds.none(), polygons=np.array(polygons, dtype=object))


def test_tiles_without_land_are_left_out(toy_index: StreetIndex) -> None:
    far = shapely.box(EAST + 2e6, NORTH - 3e6, EAST + 2e6 + 200, NORTH - 3e6 + 100)
    both = shapely.MultiPolygon([far, shapely.box(EAST, NORTH + 1, EAST + 50, NORTH + 50)])
    for estate in (far, both):
        tiles = tiles_of_land(toy_index, estates(estate), snap_max_m=200)
        assert tiles is not None
        assert len(tiles) <= 2 * 4
        boxes = shapely.union_all([shapely.box(*tile) for tile in tiles])
        streets = shapely.buffer(toy_index.network.lines(), 200)
        assert boxes.covers(shapely.union_all([*streets, estate]))


def test_a_stray_point_and_an_estate_too_large_are_no_land(toy_index: StreetIndex) -> None:
    alone = put_land_on_streets(toy_index, Grounds.none(), snap_max_m=200)
    slips = estates(shapely.Point(0, 0), shapely.box(0, 0, EAST + 100, NORTH + 100))
    land = put_land_on_streets(toy_index, slips, snap_max_m=200)
    assert alone is not None
    assert land is not None
    assert (land.origin, land.shape) == (alone.origin, alone.shape)
    assert (land.exits.off_street_mm == alone.exits.off_street_mm).all()


def test_tiles_follow_a_street_without_corners(network_of: Callable[..., WalkNetwork]) -> None:
    network = network_of([[(0, 0), (300_000, 200_000)]])
    index = StreetIndex(network, np.ones(1, dtype=bool))
    tiles = tiles_of_land(index, Grounds.none(), snap_max_m=200)
    assert tiles is not None
    assert len(tiles) < 60
    boxes = shapely.union_all([shapely.box(*tile) for tile in tiles])
    assert boxes.covers(shapely.buffer(network.lines()[0], 200))
    window = (EAST, NORTH, EAST + 30_000, NORTH + 20_000)
    some = tiles_of_land(index, Grounds.none(), snap_max_m=200, within=window)
    assert some is not None
    assert len(some) <= 6


def test_of_too_many_tiles_there_are_none(network_of: Callable[..., WalkNetwork]) -> None:
    network = network_of([[(0, 0), (12_000 * (MOST_TILES + 10), 0)]])
    index = StreetIndex(network, np.ones(1, dtype=bool))
    assert tiles_of_land(index, Grounds.none(), snap_max_m=200) is None


def test_stripes_make_the_same_land(
    toy_index: StreetIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = put_land_on_streets(toy_index, Grounds.none(), snap_max_m=200)
    monkeypatch.setattr("geo.ground.land.STRIPE_CELLS", 1)
    parts = put_land_on_streets(toy_index, Grounds.none(), snap_max_m=200)
    assert whole is not None
    assert parts is not None
    assert (whole.cell == parts.cell).all()
    assert (whole.exits.off_street_mm == parts.exits.off_street_mm).all()
