"""A street drawn once for each direction, as exported graphs draw it, is one street."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from .desk import ESTATES, SOUTH, STEP_LAT, STEP_LON, WEST, Desk, collection, grid, street
from .terminal import Outcome

TOP = SOUTH + 5 * STEP_LAT
# 55 m beyond the last street, 1,200 m long, joined to nothing.
APART = [(WEST, TOP + 0.0005), (WEST + 6 * STEP_LON, TOP + 0.0005)]
BESIDE_IT = f"丁小区,100,{WEST + STEP_LON},{TOP + 0.0004}\n"


def _walk(folder: Path, streets: list[dict[str, Any]]) -> Outcome:
    folder.mkdir()
    desk = Desk(folder)
    desk.put("streets.geojson", collection(streets))
    desk.put("estates.csv", ESTATES + BESIDE_IT)
    return desk.evaluate()


def test_a_street_drawn_in_both_directions_counts_once(tmp_path: Path) -> None:
    there = [*grid(WEST, SOUTH, STEP_LON, STEP_LAT), street(*APART)]
    corners = [line["geometry"]["coordinates"] for line in there]
    back = [street(*reversed(line)) for line in corners]
    once, twice = _walk(tmp_path / "once", there), _walk(tmp_path / "twice", [*there, *back])
    streets = [
        json.loads((run.folder / "parameters.json").read_text(encoding="utf-8"))["network"]
        for run in (once, twice)
    ]
    # Drawn twice, 1,200 m would pass for the 2,000 m that a piece of street must have.
    pd.testing.assert_frame_equal(once.table("places.csv"), twice.table("places.csv"))
    assert streets[0]["kilometres"] == streets[1]["kilometres"]
