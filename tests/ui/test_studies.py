"""Studies to choose from: told apart also where their titles are the same."""
# ruff: noqa: TID251 - this is the browser face

import os
import re
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analysis.study import load_study
from geo.errors import StudyError
from ui import studies

NAMES = ("first.study.toml", "second.study.toml", "other.study.toml")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, title in zip(NAMES, ("同名", "同名", "另一个"), strict=True):
        (tmp_path / name).write_text(f'title = "{title}"\n', encoding="utf-8")
    monkeypatch.setattr(studies, "BUNDLED", tmp_path)
    monkeypatch.delenv(studies.ENVIRONMENT, raising=False)
    return tmp_path


def titles() -> list[str]:
    return [study.title for study in studies.find_studies()]


@pytest.mark.usefixtures("folder")
def test_titles_that_repeat_show_their_file() -> None:
    assert titles() == ["同名（first.study.toml）", "另一个", "同名（second.study.toml）"]


def test_files_of_one_name_show_their_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = folder / "copy" / NAMES[2]
    copy.parent.mkdir()
    copy.write_text('title = "另一个"\non = 2025-12-31\n', encoding="utf-8")
    monkeypatch.setenv(studies.ENVIRONMENT, str(copy))
    assert f"另一个（{copy.resolve()}）" in titles()
    assert len(set(titles())) == 4


def test_a_copy_to_write_to_stands_for_the_bundled_study(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = folder / "desk"
    desk.mkdir()
    (desk / NAMES[2]).write_bytes((folder / NAMES[2]).read_bytes())
    monkeypatch.setenv(studies.ENVIRONMENT, str(desk / NAMES[2]))
    assert titles()[0] == "另一个"
    assert len(titles()) == 3


def test_studies_beside_the_one_named_are_found(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = folder / "desk"
    desk.mkdir()
    for name in ("mine", "begun"):
        (desk / f"{name}.study.toml").write_text(f'title = "{name}"\n', encoding="utf-8")
    monkeypatch.setenv(studies.ENVIRONMENT, str(desk / "mine.study.toml"))
    assert titles()[:2] == ["mine", "begun"]


def page() -> None:
    """Show the sidebar and what it gives; Streamlit runs the text of this function alone."""
    import streamlit  # noqa: PLC0415

    from ui.sidebar import choose  # noqa: PLC0415

    choice = choose()
    assert choice is not None
    streamlit.text(choice.study.name)


@pytest.mark.usefixtures("folder")
def test_each_of_one_title_can_be_chosen() -> None:
    shown = AppTest.from_function(page, default_timeout=30).run()
    for name in (NAMES[1], NAMES[0], NAMES[2], NAMES[0]):
        chosen = next(each for each in studies.find_studies() if each.path.name == name)
        shown = shown.selectbox[0].set_value(str(chosen.path)).run()
        assert not shown.exception
        assert shown.text[0].value == name
        assert shown.run().text[0].value == name


def test_nothing_in_ui_bears_the_name_of_a_library() -> None:
    # Streamlit puts the folder of its script before all libraries: a package `coverage` there is
    # what numba would then import.
    ours = {path.stem for path in (Path(__file__).resolve().parents[2] / "ui").iterdir()}
    assert ours & set(packages_distributions()) == set()


@pytest.mark.parametrize("odd", ["[" * 5000, "1" * 5000], ids=["deep", "long number"])
def test_one_odd_file_takes_no_other_down(folder: Path, odd: str) -> None:
    path = folder / "odd.study.toml"
    path.write_text(f'title = "x"\na = {odd}', encoding="utf-8")
    assert "odd" in titles()
    assert studies.fingerprint(path)
    with pytest.raises(StudyError) as refused:
        load_study(path)
    assert re.search("太深|太长", str(refused.value))


def test_a_file_changed_within_its_old_time_and_size_is_seen(folder: Path) -> None:
    path, layer = folder / NAMES[0], folder / "l.csv"
    path.write_text('title = "x"\n[layers]\nresidential = { path = "l.csv" }', encoding="utf-8")
    layer.write_text("a,1", encoding="utf-8")
    state, before = layer.stat(), studies.fingerprint(path)
    layer.write_text("a,2", encoding="utf-8")
    os.utime(layer, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert studies.fingerprint(path) != before


@pytest.mark.parametrize("changed", ["own.toml", "below.toml"])
def test_a_rule_pack_beside_the_study_that_changes_is_seen(folder: Path, changed: str) -> None:
    study, packs = folder / NAMES[0], folder / "rules"
    packs.mkdir()
    study.write_text('title = "某旗"\nrules = ["chifeng", "rules/own.toml"]\n', encoding="utf-8")
    (packs / "own.toml").write_text('stands_on = ["below.toml"]\n', encoding="utf-8")
    (packs / "below.toml").write_text('stands_on = ["own.toml"]\n', encoding="utf-8")
    before = studies.fingerprint(study)
    with (packs / changed).open("a", encoding="utf-8") as pack:
        pack.write("[[rules]]\n")
    assert studies.fingerprint(study) != before


def test_a_rule_pack_that_cannot_be_a_file_is_left_to_the_reading(folder: Path) -> None:
    study = folder / NAMES[0]
    study.write_text('rules = [1, "a\\u0000.toml", "' + "长" * 300 + '.toml"]\n', encoding="utf-8")
    assert studies.fingerprint(study) == studies.fingerprint(study)
