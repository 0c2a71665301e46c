"""Streets deleted in one version and living in another, and packed files that are hurt."""

import bz2
import errno
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from geo.errors import StreetsError
from geo.streets import edited_osm, read_streets

NODES = "".join(
    f'<node id="{at}" version="1" lat="42.27" lon="118.95{at}"/>' for at in range(1, 5)
)
HISTORY = r"^h\.osm：是 OpenStreetMap 历史文件"


def way(number: int, version: int, start: int, more: str = "") -> str:
    return (
        f'<way id="{number}" version="{version}"{more}><nd ref="{start}"/><nd ref="{start + 1}"/>'
        '<tag k="highway" v="residential"/></way>'
    )


def osm(*things: str) -> str:
    return f'<osm version="0.6">{NODES}{"".join(things)}</osm>'


@pytest.mark.parametrize("mark", [' visible="false"', ' action="delete"'])
@pytest.mark.parametrize("order", [1, -1])
def test_a_street_deleted_and_living_is_a_history(tmp_path: Path, mark: str, order: int) -> None:
    path = tmp_path / "h.osm"
    both = [way(2, 1, 3), way(2, 2, 3, mark)][::order]
    path.write_text(osm(way(1, 1, 1), *both), encoding="utf-8")
    with pytest.raises(StreetsError, match=HISTORY):
        read_streets(path)


def test_another_thing_of_the_same_number_is_none(tmp_path: Path) -> None:
    path = tmp_path / "h.osm"
    path.write_text(osm(way(1, 1, 1), way(9, 2, 3, ' visible="false"'),
                        '<node id="9" version="1" lat="42.27" lon="118.95"/>'), encoding="utf-8")
    network, findings = read_streets(path)
    assert len(network) == 1
    assert [str(each.message) for each in findings] == ["1 个已在编辑器中标为删除的对象未采用。"]


@pytest.mark.parametrize("number", [errno.EFBIG, errno.ENOSPC])
def test_a_copy_that_grows_too_large_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def full(*_: object) -> None:
        raise OSError(number, "File too large")

    monkeypatch.setattr(edited_osm, "_rewritten", full)
    path = tmp_path / "h.osm.gz"
    path.write_bytes(gzip.compress(osm(way(-1, 1, 1)).encode()))
    with pytest.raises(StreetsError, match=r"^h\.osm\.gz：解压后太大"):
        read_streets(path)


@pytest.mark.parametrize(("ending", "pack"), [("gz", gzip.compress), ("bz2", bz2.compress)])
@pytest.mark.parametrize("hurt", ["cut", "changed"])
def test_a_hurt_archive_is_told_as_damage(
    tmp_path: Path, ending: str, pack: Callable[[bytes], bytes], hurt: str
) -> None:
    packed = bytearray(pack(osm(way(-1, 1, 1)).encode()))
    if hurt == "cut":
        del packed[-20:]
    else:
        packed[len(packed) // 2] ^= 255
    path = tmp_path / f"h.osm.{ending}"
    path.write_bytes(packed)
    with pytest.raises(StreetsError, match="文件已损坏或不完整"):
        read_streets(path)
