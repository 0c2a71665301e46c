"""Every file of the bundled data has a row in SOURCES.toml that still tells the truth."""

import hashlib
import tomllib
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "data"
KINDS = {".gpkg", ".csv", ".geojson", ".pbf"}
LIMIT_MB = 8


def listed() -> list[dict[str, object]]:
    text = (DATA / "SOURCES.toml").read_text(encoding="utf-8")
    return list(tomllib.loads(text)["file"])


def bundled() -> set[str]:
    files = {path for path in DATA.rglob("*") if path.suffix in KINDS and ".kept" not in path.parts}
    files |= set(DATA.glob("*.study.toml"))
    return {path.relative_to(DATA).as_posix() for path in files}


def test_every_file_has_one_row_and_every_row_a_file() -> None:
    paths = [str(row["path"]) for row in listed()]
    assert len(paths) == len(set(paths))
    assert set(paths) == bundled()


@pytest.mark.parametrize("row", listed(), ids=lambda row: str(row["path"]))
def test_the_check_sum_is_that_of_the_file(row: dict[str, object]) -> None:
    content = (DATA / str(row["path"])).read_bytes()
    assert hashlib.sha256(content).hexdigest() == row["sha256"]


@pytest.mark.parametrize("row", listed(), ids=lambda row: str(row["path"]))
def test_a_row_says_what_from_whom_when_and_under_which_licence(row: dict[str, object]) -> None:
    assert set(row) == {"path", "what", "source", "date", "licence", "simulated", "sha256"}
    assert all(str(value) for value in row.values())


def test_real_streets_and_outlines_are_not_called_simulated() -> None:
    real = {row["path"] for row in listed() if not row["simulated"]}
    assert real == {
        "boundaries/chifeng_counties.geojson",
        "population/chifeng_ages_2020.csv",
        "population/chifeng_counties_2020.csv",
        "streets/hanyang.gpkg",
    }


def test_the_data_stay_small() -> None:
    total = sum((DATA / str(row["path"])).stat().st_size for row in listed())
    assert total < LIMIT_MB * 1e6


def test_layers_named_by_a_study_are_there_with_source_licence_and_date() -> None:
    for path in DATA.glob("*.study.toml"):
        study = tomllib.loads(path.read_text(encoding="utf-8"))
        assert "模拟数据" in study["notice"]
        assert (DATA / study["streets"]["path"]).exists()
        for layer in study["layers"].values():
            assert (DATA / layer["path"]).exists()
            assert {"source", "licence", "date"} <= layer.keys()
