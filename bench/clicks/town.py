"""A study with so many estate polygons, made up over the benchmark's own streets."""

from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from bench.city import SEED, make_city
from geo.streets.network import Floats

Shapes = NDArray[np.object_]

NODES_AN_ESTATE: Final = 4
ESTATES_A_FACILITY: Final = 150
SIDE_M: Final = 45.0
STREETS_A_SIDE: Final = 5
STUDY: Final = """title = "测速城市"
on = 2025-12-31
rules = ["chifeng"]
crs = "EPSG:4549"
notice = "测速用的虚构数据"

[layers]
facilities = { path = "facilities.gpkg" }
residential = { path = "residential.gpkg" }
boundaries = { path = "boundaries.gpkg" }

[streets]
path = "streets.npz"
"""


def write_town(folder: Path, estates: int) -> Path:
    """Write a study of about so many estates and return its description."""
    rng = np.random.default_rng(SEED)
    network = make_city(max(NODES_AN_ESTATE * estates, 2_000)).network
    network.save(folder / "streets.npz")
    xy = np.column_stack([network.x, network.y])
    homes = xy[rng.choice(len(xy), estates, replace=False)] + rng.uniform(-20, 20, (estates, 2))
    care = xy[rng.choice(len(xy), max(estates // ESTATES_A_FACILITY, 8), replace=False)]
    half = SIDE_M / 2
    squares = shapely.box(*(homes - half).T, *(homes + half).T)
    households = rng.integers(80, 900, estates)
    _write(
        folder / "residential.gpkg", squares, name=[f"小区{n}" for n in range(estates)],
        households=households, kind="built", elderly_60plus=np.rint(0.5 * households),
        population=np.rint(2.5 * households),
    )
    _write(
        folder / "facilities.gpkg", shapely.points(care), name=[f"站{n}" for n in range(len(care))],
        category="community_station", status="operating", floor_area_m2=300.0,
    )
    tiles = _tiles(xy)
    _write(
        folder / "boundaries.gpkg", tiles, name=[f"街道{n}" for n in range(len(tiles))],
        level="street",
    )
    path = folder / "town.study.toml"
    path.write_text(STUDY, encoding="utf-8")
    return path


def _tiles(xy: Floats) -> Shapes:
    edges = [
        np.linspace(axis.min() - 100, axis.max() + 100, STREETS_A_SIDE + 1) for axis in xy.T
    ]
    west, south = (grid.ravel() for grid in np.meshgrid(edges[0][:-1], edges[1][:-1]))
    east, north = (grid.ravel() for grid in np.meshgrid(edges[0][1:], edges[1][1:]))
    tiles: Shapes = np.asarray(shapely.box(west, south, east, north))
    return tiles


def _write(path: Path, geometry: object, **columns: object) -> None:
    gpd.GeoDataFrame(columns, geometry=geometry, crs="EPSG:4549").to_file(path, driver="GPKG")
