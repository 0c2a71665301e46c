"""A desk with a small study on it: a grid of streets, three estates, two facilities."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .terminal import Outcome, carecircle_here, evaluate

WEST, SOUTH = 118.90, 42.26
STEP_LON, STEP_LAT = 0.00243, 0.0018  # 200 m each way at this latitude
LINES = 6

CARE = (
    "名称,类别,经度,纬度\n"
    "红山站,社区养老服务站,118.905,42.2635\n"
    "松山站,日间照料中心,118.908,42.2665\n"
)
ESTATES = (
    "小区名称,户数,经度,纬度\n"
    "甲小区,300,118.9010,42.2610\n"
    "乙小区,200,118.9062,42.2641\n"
    "丙小区,500,118.9110,42.2680\n"
)
PEOPLE = "人口,60岁以上人口,经度,纬度\n900,200,118.9015,42.2612\n700,150,118.9100,42.2672\n"


def street(*ends: tuple[float, float]) -> dict[str, Any]:
    """Return one street as a GeoJSON feature, its corners in degrees."""
    return {
        "type": "Feature",
        "properties": {"highway": "residential"},
        "geometry": {"type": "LineString", "coordinates": [list(end) for end in ends]},
    }


def grid(west: float, south: float, step_lon: float, step_lat: float) -> list[dict[str, Any]]:
    """Return six streets each way, from crossing to crossing."""
    x = [west + i * step_lon for i in range(LINES)]
    y = [south + i * step_lat for i in range(LINES)]
    last = LINES - 1
    across = [street((x[i], y[j]), (x[i + 1], y[j])) for i in range(last) for j in range(LINES)]
    along = [street((x[i], y[j]), (x[i], y[j + 1])) for i in range(LINES) for j in range(last)]
    return [*across, *along]


def collection(streets: list[dict[str, Any]]) -> str:
    """Return streets as the content of a GeoJSON file."""
    return json.dumps({"type": "FeatureCollection", "features": streets})


@dataclass
class Desk:
    """A folder with a small study, of which each test spoils one thing."""

    folder: Path
    layers: dict[str, str] = field(
        default_factory=lambda: {
            "facilities": 'path = "care.csv"',
            "residential": 'path = "estates.csv"',
            "population": 'path = "people.csv"',
        }
    )
    streets: str = "streets.geojson"

    def __post_init__(self) -> None:
        """Lay out the files."""
        self.put("streets.geojson", collection(grid(WEST, SOUTH, STEP_LON, STEP_LAT)))
        self.put("care.csv", CARE)
        self.put("estates.csv", ESTATES)
        self.put("people.csv", PEOPLE)

    def put(self, name: str, content: str | bytes) -> None:
        """Write one file; text as UTF-8 with a byte order mark where it is a CSV."""
        if isinstance(content, str):
            content = content.encode("utf-8-sig" if name.endswith(".csv") else "utf-8")
        (self.folder / name).write_bytes(content)

    @property
    def out(self) -> Path:
        """Where results would go."""
        return self.folder / "out"

    def study(self) -> Path:
        """Write the study description and return its path."""
        layers = "\n".join(f"{name} = {{ {text} }}" for name, text in self.layers.items())
        path = self.folder / "toy.study.toml"
        path.write_text(
            f'title = "小城"\non = 2025-12-31\nrules = ["chifeng"]\n\n[layers]\n{layers}\n\n'
            f'[streets]\npath = "{self.streets}"\n',
            encoding="utf-8",
        )
        return path

    def evaluate(self) -> Outcome:
        """Evaluate what must be accepted."""
        return evaluate(self.study(), self.out, by=carecircle_here)
