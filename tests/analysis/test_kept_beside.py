"""What is kept beside a study: whole or not at all, and no writer loses what another wrote."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from analysis import kept_beside
from analysis.filled_cells import FilledCell, keep_filled, read_filled
from analysis.kept_beside import beside, read_beside, toml_block, write_beside, writing
from geo.errors import StudyError
from geo.language import say


def test_no_writer_loses_what_another_wrote(tmp_path: Path) -> None:
    study = tmp_path / "x.study.toml"

    def keep(number: int) -> None:
        cell = FilledCell(layer="residential", id="", name=f"苑{number}", column="households",
                          value="1")  # fmt: skip
        keep_filled(study, [cell])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(keep, range(24)))
    assert {cell.name for cell in read_filled(study)} == {f"苑{number}" for number in range(24)}
    assert [path.name for path in tmp_path.iterdir()] == ["x.filled.toml"]


def test_who_waits_too_long_is_refused_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_beside, "_WAIT_S", 0.1)
    path = beside(tmp_path / "x.study.toml", "places")
    with writing(path):
        with pytest.raises(StudyError, match=r"x\.places\.toml：另一个程序正在写入"), writing(path):
            pass
        assert path.with_name("x.places.toml.lock").exists()
    assert [*tmp_path.iterdir()] == []


def test_the_lock_of_a_program_that_died_is_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "x.places.toml"
    lock = tmp_path / "x.places.toml.lock"
    lock.touch()
    old = time.time() - 3600
    os.utime(lock, (old, old))
    with writing(path):
        write_beside(path, 'a = "b"\n')
    assert read_beside(path, say("点选的位置")) == {"a": "b"}
    assert not lock.exists()


def test_no_text_takes_the_file_away(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    write_beside(path, toml_block("cell", {"a": 'b"', "n": 1.5}))
    assert read_beside(path, say("点选的位置")) == {"cell": [{"a": 'b"', "n": 1.5}]}
    write_beside(path, "")
    assert not path.exists()
    assert read_beside(path, say("点选的位置")) == {}


def test_what_is_no_toml_is_refused_in_chinese_with_the_place(tmp_path: Path) -> None:
    path = tmp_path / "x.places.toml"
    path.write_text("[[place]]\nid = 'a'\nlon == 3\n", encoding="utf-8")
    with pytest.raises(StudyError) as refusal:
        read_beside(path, say("点选的位置"))
    assert "第 3 行第 6 列不合 TOML 格式" in str(refusal.value)
    assert "nvalid" not in str(refusal.value)
    path.write_text("[[place", encoding="utf-8")
    with pytest.raises(StudyError, match="没有写完"):
        read_beside(path, say("点选的位置"))


def left_behind(lock: Path) -> None:
    lock.touch()
    old = time.time() - 3600
    os.utime(lock, (old, old))


def test_of_two_who_find_a_lock_left_behind_one_writes_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.filled.toml"
    left_behind(tmp_path / "x.filled.toml.lock")
    both_looked, first_is_in = threading.Barrier(2), threading.Event()
    looked, inside, most = threading.local(), [], [0]
    really = kept_beside._is_left_behind  # noqa: SLF001 - the moment between look and deed

    def seen_late(lock: Path) -> bool:
        old = really(lock)
        if not hasattr(looked, "once"):
            looked.once = True
            if both_looked.wait(5) == 0:  # this one is held up between looking and taking away
                assert first_is_in.wait(5)
        return old

    def write() -> None:
        with writing(path):
            inside.append(1)
            most[0] = max(most[0], len(inside))
            first_is_in.set()
            time.sleep(0.3)
            inside.pop()

    monkeypatch.setattr(kept_beside, "_is_left_behind", seen_late)
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(write), pool.submit(write)]:
            done.result(20)
    assert most == [1]
    assert [*tmp_path.iterdir()] == []


def test_who_lost_its_lock_does_not_take_away_that_of_another(tmp_path: Path) -> None:
    path, lock = tmp_path / "x.toml", tmp_path / "x.toml.lock"
    with writing(path):
        lock.write_text("another", encoding="utf-8")
    assert lock.read_text(encoding="utf-8") == "another"


def test_a_lock_that_cannot_be_taken_away_ends_in_a_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_beside, "_WAIT_S", 0.2)
    left_behind(tmp_path / "x.toml.lock")
    (tmp_path / "x.toml.lock.old").touch()  # as if another were just taking it away
    with pytest.raises(StudyError, match="另一个程序正在写入"), writing(tmp_path / "x.toml"):
        pass


@pytest.mark.parametrize("ahead_s", [120.0, -120.0])
def test_a_lock_is_as_old_as_the_disk_says_not_our_own_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ahead_s: float
) -> None:
    monkeypatch.setattr(kept_beside, "_WAIT_S", 0.2)
    really = time.time
    monkeypatch.setattr(kept_beside.time, "time", lambda: really() + ahead_s)
    path = tmp_path / "x.toml"
    with writing(path):
        with pytest.raises(StudyError, match="另一个程序正在写入"), writing(path):
            pass
        assert [file.name for file in tmp_path.iterdir()] == ["x.toml.lock"]
    left_behind(tmp_path / "x.toml.lock")
    with writing(path):
        write_beside(path, "a = 1\n")
    assert [file.name for file in tmp_path.iterdir()] == ["x.toml"]


def test_what_takes_the_name_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    sync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda file: (done.append("sync"), sync(file)))
    monkeypatch.setattr(
        Path, "replace", lambda one, other: (done.append("named"), replace(one, other))
    )
    write_beside(tmp_path / "x.toml", "a = 1\n")
    assert done == ["sync", "named"]
