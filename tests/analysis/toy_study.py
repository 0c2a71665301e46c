"""A study of the toy city, built in code: its layers in metres, its streets, its description.

Positions are those of `tests/conftest.py`, moved to near Chifeng. At 0.9 m/s a minute is 54 m,
and fifteen of them are 810 m.

        D (300,400)
        |
A ----- B ----- C ----- E
0,0    300     600     900
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from analysis.description import StudyDescription
from analysis.study import Study
from geo.streets.lines import read_lines
from tests.conftest import EAST, METRIC, NORTH, TOY_STREETS, Lines, frame_of

Row = Mapping[str, Any]
M_PER_MIN = 54.0  # at 0.9 m/s
LANE = ((0.0, 1000.0), (100.0, 1000.0))  # a lane of 100 m that leads nowhere
ROAD = ((0.0, 1000.0), (2500.0, 1000.0))  # a road of 2,500 m that meets no other


def spot(x: float, y: float) -> shapely.Point:
    """Return a toy position as a metric point."""
    return shapely.Point(EAST + x, NORTH + y)


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """Return a metric rectangle around toy positions."""
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def layer(*rows: Row) -> gpd.GeoDataFrame:
    """Return rows as `read_layer` gives them, in metres; `geometry` None has no place."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    table = {
        name: [trimmed(row.get(name)) for row in rows] for name in columns if name != "geometry"
    }
    table["row"] = list(range(2, len(rows) + 2))
    shapes = gpd.GeoSeries([row.get("geometry") for row in rows], crs=METRIC)
    return gpd.GeoDataFrame(table, geometry=shapes)


def trimmed(value: object) -> object:
    """Return a word as the reader leaves it, without blanks around; anything else as it is."""
    return value.strip() if isinstance(value, str) else value


def facility(
    id_: str, geometry: shapely.Geometry | None, category: str = "day_care", **more: object
) -> Row:
    """Return a facility, without a status unless one is given."""
    return {"id": id_, "name": f"care {id_}", "category": category, "geometry": geometry, **more}


def estate(
    id_: str, geometry: shapely.Geometry | None, households: float = 100, **more: object
) -> Row:
    """Return an estate."""
    return {
        "id": id_, "name": f"estate {id_}", "households": households, "kind": "built",
        "geometry": geometry, **more,
    }  # fmt: skip


def people(id_: str, geometry: shapely.Geometry | None, population: float, elderly: float) -> Row:
    """Return a row of the population layer."""
    return {
        "id": id_, "population": population, "elderly_60plus": elderly, "geometry": geometry
    }


def area(id_: str, level: str, geometry: shapely.Polygon, **more: object) -> Row:
    """Return a row of the boundaries layer."""
    return {"id": id_, "name": f"area {id_}", "level": level, "geometry": geometry, **more}


def toy_study(
    folder: Path,
    *,
    streets: Lines = TOY_STREETS,
    walking: Mapping[str, object] | None = None,
    pools: Sequence[Mapping[str, object]] = (),
    **layers: Any,  # noqa: ANN401 - rows, by layer; such tables may be unpacked here
) -> Study:
    """Return a study of toy layers; a layer without rows is left out.

    folder
        Where what is derived is kept, as beside a study file.
    """
    network, findings = read_lines(frame_of(streets), METRIC, name="toy")
    description = StudyDescription.model_validate(
        {
            "title": "Toy", "on": "2025-12-31", "streets": {"path": "toy.geojson"},
            "walking": dict(walking or {}), "pools": list(pools),
        }
    )  # fmt: skip
    return Study(
        description=description,
        path=folder / "toy.study.toml",
        crs=METRIC,
        layers={name: layer(*rows) for name, rows in layers.items() if rows},
        network=network,
        findings=tuple(findings),
    )


def write_study(
    study: Study, folder: Path, *, crs: str = "EPSG:4326", order: Sequence[str] = ()
) -> Path:
    """Write the layers, the streets and the description as files, and return the description.

    crs
        Of every file; the study itself stays in the toy's metric CRS.
    order
        Layers in the order in which they are to stand in the description.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in study.layers.items():
        frame.drop(columns="row").to_crs(crs).to_file(folder / f"{name}.gpkg", layer=name)
    lines = gpd.GeoDataFrame(
        {"highway": "residential"}, index=range(len(study.network)),
        geometry=study.network.lines(), crs=METRIC,
    )  # fmt: skip
    lines.to_crs(crs).to_file(folder / "streets.gpkg", layer="streets")
    walking = study.description.walking
    text = [
        'title = "Toy"', "on = 2025-12-31", 'crs = "EPSG:4549"', "[walking]",
        f"speed_m_per_s = {walking.speed_m_per_s}", f"limit_min = {walking.limit_min}",
        f"snap_max_m = {walking.snap_max_m}",
        "[streets]", 'path = "streets.gpkg"', "[layers]",
        *(f'{name} = {{ path = "{name}.gpkg" }}' for name in order or study.layers),
    ]  # fmt: skip
    path = folder / "toy.study.toml"
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path
