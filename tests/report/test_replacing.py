"""Only what an earlier run wrote is written over, and nothing that is read."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely

from geo.errors import PlanningError
from report.replacing import refuse_input, refuse_strange
from report.tables import write_csv, write_polygons


def book(path: Path, *sheets: str) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for sheet in sheets:
        made.create_sheet(sheet).append(["甲", "乙"])
    made.save(path)
    return path


def polygons(path: Path, **more: list[int]) -> Path:
    frame = gpd.GeoDataFrame(
        {"minutes": [5], **more}, geometry=[shapely.box(118.9, 42.2, 119, 42.3)], crs=4326
    )
    write_polygons(frame, path)
    return path


def arrays(path: Path, *names: str) -> Path:
    with path.open("wb") as file:
        np.savez(file, **{name: np.zeros(1) for name in names})  # type: ignore[arg-type]
    return path


def rows(path: Path, *names: str) -> Path:
    write_csv(pd.DataFrame({name: [1] for name in names}), path)
    return path


def asked(folder: Path, kind: str) -> tuple[Path, Path, Path]:
    """Return a file of an earlier run, one of somebody's own, and the draft of this one."""
    (folder / "new").mkdir()
    name = f"a.{kind}"
    made: dict[str, Callable[[Path, bool], object]] = {
        "xlsx": lambda path, own: book(path, *(["Sheet1"] if own else ["总览", "改动"])),
        "csv": lambda path, own: rows(path, *(["编号", "户数"] if own else ["id", "minutes"])),
        "geojson": lambda path, own: polygons(path, **({"户数": [3]} if own else {})),
        "gpkg": lambda path, own: (
            gpd.GeoDataFrame({"minutes": [5]}, geometry=[shapely.Point(1, 2)], crs=4326)
            .to_file(path, layer="小区") if own else polygons(path)
        ),
        "npz": lambda path, own: arrays(path, *(["a"] if own else ["about", "crc32"])),
    }  # fmt: skip
    for path, own in ((f"ours-{name}", False), (f"own-{name}", True), (f"new/{name}", False)):
        made[kind](folder / path, own)
    return folder / f"ours-{name}", folder / f"own-{name}", folder / "new" / name


@pytest.mark.parametrize("kind", ["xlsx", "csv", "geojson", "gpkg", "npz"])
def test_only_what_looks_like_the_draft_is_written_over(tmp_path: Path, kind: str) -> None:
    ours, own, draft = asked(tmp_path, kind)
    refuse_strange(ours, draft)
    refuse_strange(tmp_path / "none", draft)
    with pytest.raises(PlanningError, match="已有同名文件，认不出是同一个命令写的"):
        refuse_strange(own, draft)


@pytest.mark.parametrize("name", ["a.xlsx", "a.gpkg", "a.geojson", "a.npz", "a", "a.txt"])
@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"{}", b"PK\x03\x04"])
def test_what_cannot_be_read_is_not_written_over(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / "new").mkdir()
    for path in (tmp_path / name, tmp_path / "new" / name):
        path.write_bytes(content)
    with pytest.raises(PlanningError, match="没有覆盖"):
        refuse_strange(tmp_path / name, tmp_path / "new" / name)


def test_an_archive_of_other_things_is_no_network(tmp_path: Path) -> None:
    for path in (tmp_path / "a.npz", tmp_path / "b.npz"):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("x.txt", "x")
    with pytest.raises(PlanningError):
        refuse_strange(tmp_path / "a.npz", tmp_path / "b.npz")


def test_what_is_read_is_never_written_over_by_whatever_name(tmp_path: Path) -> None:
    ledger, folder = rows(tmp_path / "台账.csv", "id"), tmp_path / "数据"
    folder.mkdir()
    inside = rows(folder / "a.csv", "id")
    (tmp_path / "link.csv").symlink_to(ledger)
    (tmp_path / "hard.csv").hardlink_to(ledger)
    for target in (ledger, tmp_path / "x" / ".." / "台账.csv", tmp_path / "link.csv",
                   tmp_path / "hard.csv", inside, folder):  # fmt: skip
        with pytest.raises(PlanningError, match="这是要读的文件"):
            refuse_input(target, [ledger, folder])
    refuse_input(folder / "new.csv", [ledger, folder])
    refuse_input(tmp_path / "new.csv", [ledger, folder, tmp_path / "gone.csv"])
