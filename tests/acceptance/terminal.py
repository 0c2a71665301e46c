"""The terminal as acceptance uses it: run `carecircle`, read back what it wrote."""

import contextvars
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest

import cli

from .second_way import LIMIT_M, SAME_M, Answer

MINUTES_WITHIN = 0.05
ROUNDED = 0.0005  # tables keep three decimals
PATIENCE_S = 120

COLUMNS = {
    "places.csv": (
        "place_id, layer, minutes, share, nearest_facility_id, off_street_m, reachable, exit, "
        "reason"
    ),
    "coverage.csv": (
        "area_id, level, name, elderly_60plus, covered_60plus, share_60plus, population, "
        "covered_population, share_population, residential_m2, covered_residential_m2, areas, "
        "covered_areas, partly_areas, households, covered_households"
    ),
    "provision.csv": (
        "residential_id, name, street, kind, in_scope, scope_reason, households, required_m2, "
        "provided_m2, deficit_m2, verdict, reasons, rule"
    ),
    "indicators.csv": (
        "key, name, value, target, unit, met, numerator, denominator, year, document, clause"
    ),
    "findings.csv": "severity, layer, file, row, column, value, message, remedy",
}
FILES = {*COLUMNS, "summary.json", "parameters.json", "isochrones.gpkg", "stock.gpkg"}
SUMMARY = {
    "title": None,
    "on": None,
    "parameters": None,
    "coverage": (
        "share_60plus, share_population, share_residential_land, share_areas, share_households, "
        "elderly_60plus, covered_60plus, unreachable_60plus, unlocated_60plus, "
        "share_60plus_low, share_60plus_high"
    ),
    "band": "0.8, 1.0, norm_1000m",
    "provision": (
        "areas, in_scope, met, met_pooled, short, unknown, assumed, deficit_m2, rate, rate_own, "
        "rate_floor, rate_new, rate_2014"
    ),
    "indicators": None,
    "seconds": None,
}
PARTS = (
    "elderly_60plus", "covered_60plus", "population", "covered_population", "residential_m2",
    "covered_residential_m2", "areas", "covered_areas", "partly_areas", "households",
    "covered_households",
)  # fmt: skip


Terminal = Callable[..., subprocess.CompletedProcess[str]]


def carecircle(*words: object) -> subprocess.CompletedProcess[str]:
    """Run the terminal face in a process of its own and return what it said."""
    start = "import sys; from cli import main; sys.exit(main())"
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", start, *map(str, words)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
        timeout=PATIENCE_S,
        check=False,
    )


def carecircle_here(*words: object) -> subprocess.CompletedProcess[str]:
    """Run the terminal face in this process: no start-up, and warnings are errors."""
    said, told = io.StringIO(), io.StringIO()
    with redirect_stdout(said), redirect_stderr(told):
        try:
            # A context of its own, so that the language asked for ends with the run.
            contextvars.copy_context().run(cli.main, [str(word) for word in words])
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
    return subprocess.CompletedProcess(words, code, said.getvalue(), told.getvalue())


@dataclass(frozen=True)
class Outcome:
    """One run of `evaluate` and the folder it wrote."""

    run: subprocess.CompletedProcess[str]
    folder: Path

    def table(self, name: str) -> pd.DataFrame:
        """Return a CSV file; identifiers stay text."""
        texts = ("place_id", "nearest_facility_id", "area_id", "residential_id", "name")
        return pd.read_csv(
            self.folder / name, encoding="utf-8-sig", dtype=dict.fromkeys(texts, "str")
        )

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The summary of the run."""
        content = json.loads((self.folder / "summary.json").read_text(encoding="utf-8"))
        return dict(content)

    @cached_property
    def isochrones(self) -> gpd.GeoDataFrame:
        """The polygons of 5, 10 and 15 minutes."""
        return gpd.read_file(self.folder / "isochrones.gpkg").set_index("minutes").sort_index()


def evaluate(study: Path, out: Path, *words: object, by: Terminal = carecircle) -> Outcome:
    """Run `carecircle evaluate`, which must succeed."""
    run = by("evaluate", study, "--out", out, *words)
    assert run.returncode == 0, run.stderr + run.stdout
    return Outcome(run, out)


def require_files_of_the_contract(outcome: Outcome) -> None:
    """Every file and column by its name, tables with a byte order mark, summary complete."""
    assert {path.name for path in outcome.folder.iterdir()} >= FILES
    for name, columns in COLUMNS.items():
        head = (outcome.folder / name).read_bytes()[:3]
        assert head == b"\xef\xbb\xbf", name
        assert list(outcome.table(name).columns) == columns.split(", "), name
    for key, inside in SUMMARY.items():
        assert key in outcome.summary
        if inside:
            assert set(outcome.summary[key]) >= set(inside.split(", ")), key


def require_minutes(places: pd.DataFrame, answers: Mapping[str, Answer]) -> float:
    """Compare minutes and share of every place; return the greatest difference in minutes."""
    rows = places.set_index("place_id")
    assert sorted(rows.index) == sorted(answers)
    apart = []
    wrong = []
    for place, answer in answers.items():
        minutes, share = rows.loc[place, "minutes"], rows.loc[place, "share"]
        if pd.isna(minutes) or pd.isna(answer.minutes):
            difference = 0.0 if pd.isna(minutes) and pd.isna(answer.minutes) else float("inf")
        else:
            difference = abs(minutes - answer.minutes)
        apart.append(difference)
        low, high = answer.share(limit_m=LIMIT_M - SAME_M), answer.share(limit_m=LIMIT_M + SAME_M)
        if difference > MINUTES_WITHIN or not low - ROUNDED <= share <= high + ROUNDED:
            wrong.append(
                f"{place}: {minutes} min, share {share}; "
                f"second way {answer.minutes:.3f} min, share {low:.3f}"
            )
    assert not wrong, f"{len(wrong)} of {len(answers)} places differ:\n" + "\n".join(wrong[:30])
    return max(apart)


def require_levels_to_sum(coverage: pd.DataFrame) -> None:
    """Every level, with its OUTSIDE row, adds up to the first row, ALL."""
    first = coverage.iloc[0]
    assert (first["area_id"], first["level"]) == ("ALL", "study")
    levels = coverage.iloc[1:].groupby("level")
    for level, rows in levels:
        assert (rows["area_id"] == "OUTSIDE").sum() == 1, level
        for column in PARTS:
            if pd.isna(first[column]):
                assert rows[column].isna().all(), (level, column)
                continue
            # Whole people and households add up exactly, square metres up to their rounding.
            rounding = ROUNDED * len(rows) if column.endswith("_m2") else 1e-6
            assert rows[column].sum() == pytest.approx(first[column], abs=rounding), (level, column)


def require_polygons_to_agree(
    isochrones: gpd.GeoDataFrame, points: gpd.GeoSeries, answers: Mapping[str, Answer]
) -> None:
    """Every place that is a point lies in the polygon of a limit exactly if it is within it."""
    assert isochrones.crs == "EPSG:4326"
    assert list(isochrones.index) == [5, 10, 15]
    for minutes, polygon in isochrones.geometry.items():
        limit_m = LIMIT_M * float(minutes) / 15
        for place, point in points.items():
            (metres,) = answers[str(place)].cells_m
            if abs(metres - limit_m) > SAME_M:
                assert polygon.covers(point) == (metres <= limit_m), (place, minutes, metres)
