"""The door: what comes back is what a direct reading gives; a process that dies is one line."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal

from geo.door.limits import Limits
from geo.door.process import ReadingProcess
from geo.errors import CoordinateError, LayerError, StreetsError
from geo.ingest import Door
from geo.ingest import read_layer as through_door
from geo.ingest import read_streets as streets_through_door
from geo.layers import read_layer
from geo.streets import read_streets

DATA = Path(__file__).resolve().parents[3] / "data"
BUNDLED = [
    ("facilities/chifeng_facilities.csv", "facilities"),
    ("facilities/chifeng_candidates.gpkg", "candidates"),
    ("facilities/hanyang_facilities.csv", "facilities"),
]


def process_of(door: Door) -> ReadingProcess:
    assert door._process is not None  # noqa: SLF001 - the test ends it from outside
    return door._process  # noqa: SLF001


@pytest.mark.parametrize(("file", "layer"), BUNDLED)
def test_a_layer_through_the_door_is_the_layer(file: str, layer: str) -> None:
    directly, through = read_layer(DATA / file, layer), through_door(DATA / file, layer)
    assert_geodataframe_equal(directly.frame, through.frame)
    assert directly.findings == through.findings
    assert [str(f.line()) for f in directly.findings] == [str(f.line()) for f in through.findings]


def test_dates_flags_words_and_unknowns_survive_the_door(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        "名称,户数,建成年份,封闭,养老用房状态,经度,纬度\n甲,100,2016,是,运营,118.9,42.2\n"
        "乙,约200,,,,118.91,42.2\n丙,待核实,二〇一六年,否,停业,,\n",
        encoding="utf-8",
    )
    directly, through = read_layer(file, "residential"), through_door(file, "residential")
    assert_geodataframe_equal(directly.frame, through.frame)
    assert directly.findings == through.findings
    assert pd.isna(through.frame["households"].iloc[2])
    assert through.frame.geometry.isna().tolist() == [False, False, True]


def test_streets_through_the_door_are_the_streets() -> None:
    file = next((DATA / "streets").glob("hanyang*"))
    (directly, said), (through, told) = read_streets(file), streets_through_door(file)
    assert directly.crs == through.crs
    for name in ("x", "y", "tail", "head", "length_mm", "vertex_xy"):
        assert (getattr(directly, name) == getattr(through, name)).all()
    assert (directly.kinds, dict(directly.origin)) == (through.kinds, dict(through.origin))
    assert said == told


def test_what_is_refused_is_refused_with_its_own_kind(tmp_path: Path) -> None:
    swapped, nothing = tmp_path / "a.csv", tmp_path / "b.osm"
    swapped.write_text("名称,类别,经度,纬度\n甲,助餐点,42.2,118.9\n", encoding="utf-8")
    nothing.write_text("<osm version='0.6'></osm>", encoding="utf-8")
    with Door() as door:
        with pytest.raises(CoordinateError, match="颠倒"):
            door.layer(swapped, "facilities")
        with pytest.raises(StreetsError):
            door.streets(nothing)
        with pytest.raises(LayerError, match="文件不存在"):
            door.layer(tmp_path / "none.csv", "facilities")


def test_a_killed_process_is_one_line_and_the_next_file_is_read() -> None:
    file, layer = BUNDLED[0]
    with Door() as door:
        child = process_of(door)
        child._process.kill()  # noqa: SLF001
        child._process.wait()  # noqa: SLF001
        assert len(door.layer(DATA / file, layer).frame) > 0  # dead before: replaced
        os.kill(process_of(door)._process.pid, signal.SIGTERM)  # noqa: SLF001
        process_of(door)._process.wait()  # noqa: SLF001
        assert len(door.layer(DATA / file, layer).frame) > 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals stop a process on POSIX only")
def test_a_process_that_does_not_answer_is_ended() -> None:
    file, layer = BUNDLED[0]
    with Door(Limits(wall_s=1)) as door:
        door.layer(DATA / file, layer)
        stopped = process_of(door)
        os.kill(stopped._process.pid, signal.SIGSTOP)  # noqa: SLF001
        with pytest.raises(LayerError, match="超过 1 秒"):
            door.layer(DATA / file, layer)
        assert not stopped.alive()
        assert len(door.layer(DATA / file, layer).frame) > 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals end a process on POSIX only")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV])
def test_a_process_killed_while_it_reads_is_one_line(tmp_path: Path, how: signal.Signals) -> None:
    """As the system does where the whole computer is short of memory."""
    slow, (file, layer) = long_ledger(tmp_path, 200_000), BUNDLED[0]
    with Door() as door:
        door.layer(DATA / file, layer)  # the process is up, so the slow reading begins at once
        child = process_of(door)._process  # noqa: SLF001
        said: list[str] = []

        def read() -> None:
            with pytest.raises(LayerError) as refusal:
                door.layer(slow, "facilities")
            said.append(str(refusal.value))

        reading = threading.Thread(target=read)
        reading.start()
        time.sleep(1.0)  # a reading of ten seconds
        assert reading.is_alive()
        os.kill(child.pid, how)
        reading.join(30)
        assert said
        assert said[0].startswith("long.csv：读取进程意外结束，没有读入任何内容")
        assert "\n" not in said[0]
        assert door.last_failure == f"died {-how}"
        assert len(door.layer(DATA / file, layer).frame) > 0
        assert process_of(door)._process.pid != child.pid  # noqa: SLF001


def long_ledger(tmp_path: Path, rows: int) -> Path:
    file = tmp_path / "long.csv"
    lines = "\n".join(f"某某养老服务站{n},助餐点,约{n},118.{n:06d},42.2" for n in range(rows))
    file.write_text(f"名称,类别,床位数,经度,纬度\n{lines}\n", encoding="utf-8")
    return file


@pytest.mark.skipif(sys.platform == "win32", reason="the job object limits the whole process")
def test_processor_time_is_limited(tmp_path: Path) -> None:
    with (
        Door(Limits(cpu_s=1)) as door,
        pytest.raises(LayerError, match="超过 1 秒"),
    ):
        door.layer(long_ledger(tmp_path, 200_000), "facilities")


@pytest.mark.skipif(sys.platform == "win32", reason="not tried on Windows")
def test_memory_is_limited(tmp_path: Path) -> None:
    file = tmp_path / "large.csv"
    file.write_bytes("名称,类别\n".encode() + (b"9" * (1 << 20) + b"\n") * 200)
    with (
        Door(Limits(memory_mb=900)) as door,
        pytest.raises(LayerError, match="内存超过上限 900 MB"),
    ):
        door.layer(file, "facilities")


def test_a_large_file_is_refused_before_it_is_copied(tmp_path: Path) -> None:
    file = tmp_path / "large.csv"
    with file.open("wb") as stream:
        stream.truncate(3 << 20)
    with Door(Limits(file_mb=2)) as door, pytest.raises(LayerError, match=r"3 MB.*上限 2 MB"):
        door.layer(file, "facilities")


def test_nothing_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    file, layer = BUNDLED[1]
    with Door() as door:
        door.layer(DATA / file, layer)
        (rooms,) = tmp_path.iterdir()
        assert list(rooms.iterdir()) == []
    assert list(tmp_path.iterdir()) == []
