"""Networks kept beside a study: used when they match, read again when they do not."""

from pathlib import Path

import pytest
from pyproj import CRS

from geo.findings import Finding, as_table
from geo.language import say, speaking
from geo.streets import WalkNetwork, kept
from geo.streets.kept import read_kept

KEY = {"sha256": "abc", "cross": False}


class Reader:
    """Counts how often the source is read."""

    def __init__(self, network: WalkNetwork) -> None:
        self.network, self.times = network, 0

    def __call__(self) -> tuple[WalkNetwork, list[Finding]]:
        """Return the network and a finding with a remedy."""
        """Read the source."""
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


@pytest.mark.parametrize("key", [{**KEY, "sha256": "new"}, {**KEY, "cross": True}, {}])
def test_a_stale_network_is_never_used(
    reader: Reader, tmp_path: Path, key: dict[str, object]
) -> None:
    path = tmp_path / "toy.npz"
    read_kept(path, KEY, reader, reader.network.crs)
    read_kept(path, key, reader, reader.network.crs)
    assert reader.times == 2


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
