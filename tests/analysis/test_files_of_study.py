"""What a study is read from is never written over: its rule packs are among it."""

from pathlib import Path

import pytest

from analysis.files_of_study import files_of_study
from analysis.own_packs import own_packs


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "ours.toml").write_text('stands_on = ["chifeng", "under.toml"]\n', encoding="utf-8")
    (folder / "under.toml").write_text('stands_on = ["ours.toml"]\n', encoding="utf-8")
    return folder


def test_own_packs_and_those_under_them_are_found_once(rules: Path, tmp_path: Path) -> None:
    names = ("chifeng", "rules/ours.toml", "rules/missing.toml", "rules/\0.toml", 7)
    found = own_packs(names, tmp_path)
    assert found == [rules / "ours.toml", rules / "missing.toml", rules / "under.toml"]


@pytest.mark.parametrize("names", [None, "rules/ours.toml", 3, {"a": 1}])
def test_what_is_no_list_names_no_pack(names: object, tmp_path: Path) -> None:
    assert own_packs(names, tmp_path) == []


def test_the_packs_of_a_study_are_among_its_files(rules: Path, tmp_path: Path) -> None:
    study = tmp_path / "toy.study.toml"
    study.write_text(
        'title = "甲"\non = 2025-12-31\nrules = ["rules/ours.toml"]\n'
        '[layers]\nfacilities = { path = "f.csv" }\nresidential = { path = "r.csv" }\n'
        '[streets]\npath = "streets.geojson"\n',
        encoding="utf-8",
    )
    assert {rules / "ours.toml", rules / "under.toml"} <= set(files_of_study(study))
