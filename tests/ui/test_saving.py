"""What two windows save at once: what one writes while the other decides is not lost."""
# ruff: noqa: TID251 - this tests the browser face

from pathlib import Path

import pytest
import streamlit as st

from analysis.kept_beside import first_asking, write_beside, writing
from geo.errors import StudyError
from geo.language import say
from ui.saving import Said, Seen, attempt


def said_of(part: str) -> Said:
    said = st.session_state[f"said of {part}"]
    assert isinstance(said, Said)
    return said


def test_what_another_window_writes_in_between_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "x.matches.toml"
    write_beside(path, "seen\n")
    seen = Seen.now(path)

    def keep() -> Said:
        write_beside(path, "another window\n")  # after the first look, before the lock
        with writing(path):
            write_beside(path, "mine\n")
        return Said((say("已撤销，恢复到保存之前。"),))

    attempt("names", keep, seen)
    said = said_of("names")
    assert said.bad
    assert "另一个窗口刚才改过 x.matches.toml" in str(said.lines[0])
    assert path.read_text(encoding="utf-8") == "another window\n"
    assert not path.with_name(f"{path.name}.lock").exists()


def test_a_step_may_write_twice(tmp_path: Path) -> None:
    path = tmp_path / "x.matches.toml"

    def keep() -> Said:
        for text in ("one\n", "two\n"):
            with writing(path):
                write_beside(path, text)
        return Said(())

    attempt("names", keep, Seen.now(path))
    assert not said_of("names").bad
    assert path.read_text(encoding="utf-8") == "two\n"
    assert said_of("names").left == Seen.now(path)


def test_a_check_is_asked_of_its_file_alone_and_in_its_block(tmp_path: Path) -> None:
    one, other = tmp_path / "one.toml", tmp_path / "other.toml"

    def refuse() -> None:
        raise StudyError(say("已撤销，恢复到保存之前。"))

    with first_asking(one, refuse):
        with writing(other):
            write_beside(other, "x\n")
        with pytest.raises(StudyError), writing(one):
            write_beside(one, "x\n")
    with writing(one):
        write_beside(one, "y\n")
    assert one.read_text(encoding="utf-8") == "y\n"
