"""The collection of bad inputs: each is refused or accepted as its manifest says, and named."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo.errors import PlanningError
from geo.findings import errors_in
from geo.language import speaking
from geo.layers import read_layer

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "bad_inputs"
KINDS = ("facilities", "residential", "population", "boundaries")
# Several layers and none named: asked back, where the collection allows a warning.
ASKED_BACK = {"fmt_two_layers.gpkg", "shp_two_sets.zip"}
# A residential layer without households, or a matter of the door for uploads.
ELSEWHERE = {"shp_points_for_polygons.zip"}
FORMATS_ELSEWHERE = (".gpx",)


def manifest() -> Iterator[dict[str, str]]:
    if not FOLDER.is_dir():
        return
    with (FOLDER / "manifest.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            wanted = row["kind"] in (*KINDS, "any") and row["category"] != "upload-attack"
            if wanted and row["file"] not in ELSEWHERE:
                yield row


def outcome(row: dict[str, str]) -> tuple[bool, str]:
    """Return whether the file is refused or an error, and all that is said about it."""
    kind = row["kind"] if row["kind"] in KINDS else "residential"
    try:
        findings = read_layer(FOLDER / row["file"], kind).findings
    except PlanningError as refusal:
        return True, str(refusal)
    return bool(errors_in(findings)), "\n".join(str(f.line()) for f in findings)


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the collection is not at {FOLDER}")
@pytest.mark.parametrize("row", list(manifest()), ids=lambda row: row["file"])
def test_a_bad_input_is_met_as_its_manifest_says(row: dict[str, str]) -> None:
    refused, said = outcome(row)
    with speaking("en"):
        said += outcome(row)[1]
    said += re.sub(r"第 (\d+) 行", r"row \1", said)
    assert [name for name in row["must_name"].split("|") if name not in said] == []
    if row["file"] not in ASKED_BACK:
        assert refused == row["expected"].startswith("reject")
