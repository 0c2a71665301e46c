"""People of a grid where they live: at cells, at estates, scaled to official totals; by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import Affine

from analysis.people.locating import Located, locate_people
from geo.layers import read_layer

CRS = "EPSG:4549"
EAST, NORTH = 500_000, 4_680_000
Cells = Sequence[Sequence[float]]


@dataclass(frozen=True)
class People:
    """The settings of a study about people."""

    household_size: float | None = None
    control: bool = False


def population(path: Path, side: float, people: Cells, old: Cells) -> gpd.GeoDataFrame:
    """Return a grid written, read and put in metres; its upper left corner is (EAST, NORTH)."""
    bands = np.array([people, old], dtype="float32")
    with rasterio.open(
        path, "w", driver="GTiff", count=2, height=bands.shape[1], width=bands.shape[2],
        dtype="float32", crs=CRS, transform=Affine(side, 0, EAST, 0, -side, NORTH),
    ) as file:
        file.write(bands)
        file.set_band_description(1, "人口")
        file.set_band_description(2, "60岁以上人口")
    return read_layer(path, "population").frame.to_crs(CRS)


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """Return a box in metres from the upper left corner of the grid."""
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def streets(west: Sequence[float], east: Sequence[float]) -> gpd.GeoDataFrame:
    """Return two streets, the west and the east column of cells, with official figures."""
    return gpd.GeoDataFrame(
        {
            "id": ["w", "e"], "name": ["西街道", "东街道"], "level": ["street", "street"],
            "population": [west[0], east[0]], "elderly_60plus": [west[1], east[1]],
        },
        geometry=[box(0, -200, 100, 0), box(100, -200, 200, 0)], crs=CRS,
    )


def estates(*shapes: shapely.Polygon, households: Sequence[float]) -> gpd.GeoDataFrame:
    ids = [f"r{number + 1}" for number in range(len(shapes))]
    return gpd.GeoDataFrame({"id": ids, "households": households}, geometry=list(shapes), crs=CRS)


def located(*, control: bool = False, **layers: gpd.GeoDataFrame) -> Located:
    return locate_people(layers, people=People(control=control), household_size=2.5)


def test_people_stand_in_the_middle_of_their_cell(tmp_path: Path) -> None:
    # A 200 m estate of 4 households, room for 10, lies over all four cells. Spread as polygons
    # the cells would give it 10 people of one cell and leave others without a place.
    found = located(
        population=population(tmp_path / "p.tif", 100, [[10, 20], [30, 40]], [[1, 2], [3, 4]]),
        residential=estates(box(0, -200, 200, 0), households=[4.0]),
    )
    assert found.homes["population"].tolist() == [10, 20, 30, 40]
    assert found.homes["elderly_60plus"].tolist() == [1, 2, 3, 4]
    assert found.unlocated["population"] == 0
    x = found.homes.geometry.x.to_numpy() - EAST
    y = found.homes.geometry.y.to_numpy() - NORTH
    assert x == pytest.approx([50, 150, 50, 150], abs=1e-3)
    assert y == pytest.approx([-50, -50, -150, -150], abs=1e-3)


def test_cells_are_scaled_to_official_totals(tmp_path: Path) -> None:
    # West: 10 + 30 = 40 people, officially 80: twice. East: 60, officially 30: half.
    # Old people: west 4, officially 12: three times. East: unknown, like its people: half.
    found = located(
        population=population(tmp_path / "p.tif", 100, [[10, 20], [30, 40]], [[1, 2], [3, 4]]),
        boundaries=streets((80, 12), (30, np.nan)), control=True,
    )
    assert found.homes["population"].tolist() == pytest.approx([20, 10, 60, 20])
    assert found.homes["elderly_60plus"].tolist() == pytest.approx([3, 1, 9, 2])
    assert "100 人校正为 110 人" in "".join(str(f.message) for f in found.findings)


def test_a_gap_to_official_totals_is_said_without_scaling(tmp_path: Path) -> None:
    found = located(
        population=population(tmp_path / "p.tif", 100, [[10, 20], [30, 40]], [[1, 2], [3, 4]]),
        boundaries=streets((80, 12), (30, 6)),
    )
    assert found.homes["population"].sum() == 100
    assert "总人口" in "".join(str(f.message) for f in found.findings)


def test_large_cells_are_spread_over_the_estates_in_them(tmp_path: Path) -> None:
    # A cell of 1 km with 80 people, 20 of them old; estates of 30 and 10 households: 60 and 20.
    found = located(
        population=population(tmp_path / "p.tif", 1000, [[80, 0]], [[20, 0]]),
        residential=estates(
            box(100, -200, 200, -100), box(600, -800, 700, -700), households=[30.0, 10.0]
        ),
    )
    people = found.homes.groupby("place_id")[["population", "elderly_60plus"]].sum()
    assert people.loc["r1"].tolist() == pytest.approx([60, 15])
    assert people.loc["r2"].tolist() == pytest.approx([20, 5])
    assert found.unlocated["population"] == 0
