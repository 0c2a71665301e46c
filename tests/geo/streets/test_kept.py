"""Networks kept beside a study: used when they match, read again when they do not."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from pyproj import CRS

from geo.findings import Finding, as_table
from geo.language import say, speaking
from geo.streets import WalkNetwork, kept
from geo.streets.kept import read_kept
from geo.streets.reading import sha256

KEY = {
    "sha256": "abc", "version": "1.0", "layer": None, "coordinates": None, "connect_m": 0.05,
    "cross": False,
}  # fmt: skip
OTHER = {
    "sha256": "abd", "version": "1.1", "layer": "roads", "coordinates": "GCJ02", "connect_m": 0.5,
    "cross": True,
}  # fmt: skip


class Reader:
    """Counts how often the source is read."""

    def __init__(self, network: WalkNetwork) -> None:
        self.network, self.times = network, 0

    def __call__(self) -> tuple[WalkNetwork, list[Finding]]:
        """Return the network and a finding with a remedy."""
        self.times += 1
        message = say("道路有 {count} 处无端点的交叉，按立体交叉处理，未连通。", count=3)
        remedy = say("如实际为平面路口，请在 [streets] 中写 cross = true。")
        return self.network, [Finding("warning", "streets", message, remedy, file="roads.shp")]


@pytest.fixture
def reader(toy: WalkNetwork) -> Reader:
    return Reader(toy)


def test_a_network_is_read_once_and_its_findings_told_again(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / ".kept" / "toy.npz"
    first, findings = read_kept(path, KEY, reader, reader.network.crs)
    again, told = read_kept(path, KEY, reader, reader.network.crs)
    assert reader.times == 1
    assert again.length_mm.tolist() == first.length_mm.tolist()
    assert [str(f.line()) for f in told] == [str(f.line()) for f in findings]


@pytest.mark.parametrize("part", KEY)
def test_a_network_with_another_key_is_never_used(
    reader: Reader, tmp_path: Path, part: str
) -> None:
    path = tmp_path / "toy.npz"
    read_kept(path, KEY, reader, reader.network.crs)
    read_kept(path, {**KEY, part: OTHER[part]}, reader, reader.network.crs)
    assert reader.times == 2
    read_kept(path, {**KEY, part: OTHER[part]}, reader, reader.network.crs)
    assert reader.times == 2  # and the new one is kept in its place


def test_a_network_without_a_key_is_never_used(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "toy.npz"
    reader.network.save(path)
    read_kept(path, KEY, reader, reader.network.crs)
    assert reader.times == 1


@pytest.mark.parametrize("place", [0, 50, -1])
def test_one_changed_byte_of_the_source_is_another_key(tmp_path: Path, place: int) -> None:
    source = tmp_path / "roads.geojson"
    source.write_bytes(bytes(100))
    before = sha256(source)
    changed = bytearray(100)
    changed[place] = 1
    source.write_bytes(changed)
    assert sha256(source) != before


@pytest.mark.parametrize("suffix", [".shx", ".dbf", ".prj", ".CPG"])
def test_every_part_of_a_shapefile_is_in_its_key(tmp_path: Path, suffix: str) -> None:
    source = tmp_path / "roads.shp"
    source.write_bytes(b"lines")
    before = sha256(source)
    assert before == hashlib.sha256(b"lines").hexdigest()
    source.with_suffix(suffix).write_bytes(b"1")
    added = sha256(source)
    source.with_suffix(suffix).write_bytes(b"2")
    assert len({before, added, sha256(source)}) == 3


def test_a_renamed_or_moved_file_of_a_folder_is_another_key(tmp_path: Path) -> None:
    (tmp_path / "roads.gdb").mkdir()
    (tmp_path / "roads.gdb" / "a.tbl").write_bytes(b"1")
    before = sha256(tmp_path / "roads.gdb")
    (tmp_path / "roads.gdb" / "a.tbl").rename(tmp_path / "roads.gdb" / "b.tbl")
    assert sha256(tmp_path / "roads.gdb") != before


def test_a_damaged_network_is_read_again(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "toy.npz"
    read_kept(path, KEY, reader, reader.network.crs)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    read_kept(path, KEY, reader, reader.network.crs)
    assert reader.times == 2
    assert path.read_bytes() == whole


def test_a_doctored_network_is_read_again(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "toy.npz"
    read_kept(path, KEY, reader, reader.network.crs)
    with np.load(path) as saved:
        parts = {**saved, "length_mm": saved["length_mm"] // 2}
    np.savez(path, **parts)
    network, _ = read_kept(path, KEY, reader, reader.network.crs)
    assert reader.times == 2
    assert network.length_mm.sum() == 1_300_000


def test_another_coordinate_system_is_read_again(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "toy.npz"
    read_kept(path, KEY, reader, reader.network.crs)
    read_kept(path, KEY, reader, CRS.from_epsg(4548))
    assert reader.times == 2


def test_garbage_is_read_again(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "toy.npz"
    path.write_bytes(b"garbage")
    read_kept(path, KEY, reader, reader.network.crs)
    assert reader.times == 1


def test_a_folder_that_cannot_be_written_does_no_harm(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    network, _ = read_kept(tmp_path / "file" / "toy.npz", KEY, reader, reader.network.crs)
    assert len(network) == 4


def test_every_field_of_a_finding_is_told_again(reader: Reader, tmp_path: Path) -> None:
    found = Finding(
        "error", "streets",
        say("{file} {where}：不行", file="a.gpkg", where=say("第 {row} 行", row=3)),
        say("请改正。"), "a.gpkg", 3, "length", "约333",
    )  # fmt: skip
    (tmp_path / "kept").mkdir()
    path = tmp_path / "kept" / "toy.npz"

    def read() -> tuple[WalkNetwork, list[Finding]]:
        return reader.network, [found]

    read_kept(path, KEY, read, reader.network.crs)
    _, told = read_kept(path, KEY, reader, reader.network.crs)
    assert reader.times == 0
    assert as_table(told).equals(as_table([found]))
    with speaking("en"):
        assert "row 3" in str(told[0].message)
    assert list(path.parent.iterdir()) == [path]


def test_another_reader_reads_again(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "toy.npz"
    read_kept(path, KEY, reader, reader.network.crs)
    monkeypatch.setattr(kept, "READER", kept.READER + 1)
    read_kept(path, KEY, reader, reader.network.crs)
    assert reader.times == 2


def test_findings_that_cannot_be_told_are_read_again(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "toy.npz"
    key = {**KEY, "reader": kept.READER}
    reader.network.tagged(key=key, findings=[{"severity": "info"}]).save(path)
    read_kept(path, KEY, reader, reader.network.crs)
    assert reader.times == 1


def test_numbers_of_an_array_are_told_again_as_numbers(reader: Reader, tmp_path: Path) -> None:
    row = np.int64(3)
    message = say("第 {row} 行", row=row)
    found = Finding("info", "streets", message, None, "a.gpkg", row)

    def read() -> tuple[WalkNetwork, list[Finding]]:
        return reader.network, [found]

    path = tmp_path / "toy.npz"
    read_kept(path, KEY, read, reader.network.crs)
    _, (told,) = read_kept(path, KEY, reader, reader.network.crs)
    assert reader.times == 0
    assert (told.row, told.message.values) == (3, {"row": 3})
