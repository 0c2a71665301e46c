"""Snapshots: what an output folder must hold to be compared, and how a damaged one is refused."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis.periods.snapshot import read_snapshot, snapshot_parameters, write_stock
from analysis.study import load_study
from geo.errors import PlanningError
from tests.analysis.toy_study import box, estate, facility, spot, toy_study
from tests.analysis.two_periods import EARLIER, files_of, kept, of_an_earlier_version

FACILITIES = (
    facility("f1", spot(0, 0), status="operating", opened_on=pd.Timestamp("2020-01-02"),
             lift=True, beds=3.0, floor_area_m2=250.5, serves="r1"),
    facility("f2", None, "care_home", status="closed"),
)  # fmt: skip
ESTATES = (
    estate("r1", box(200, 0, 300, 30), 120, completed_on=pd.Timestamp("2016-12-31")),
    estate("r2", spot(890, 10), float("nan"), care_floor_area_m2=12.5),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("kept")
    return kept(base, EARLIER, facilities=FACILITIES, residential=ESTATES).folder


def copy_of(folder: Path, to: Path) -> Path:
    to.mkdir()
    for file in folder.iterdir():
        (to / file.name).write_bytes(file.read_bytes())
    return to


def test_the_stock_comes_back_as_it_was_evaluated(tmp_path: Path) -> None:
    snapshot = kept(tmp_path, EARLIER, facilities=FACILITIES, residential=ESTATES)
    study = load_study(tmp_path / "files" / "toy.study.toml")
    for name in ("facilities", "residential"):
        was, now = study.layers[name], snapshot.stock[name]
        assert [*now.columns] == [*was.columns]
        assert now.crs == was.crs
        for column in was.columns.drop("geometry"):
            assert now[column].dtype.kind == was[column].dtype.kind
            pd.testing.assert_series_equal(now[column], was[column].astype(now[column].dtype))
        known = was.geometry.notna()
        assert now.geometry[known].geom_equals_exact(was.geometry[known], tolerance=0).all()
        assert now.geometry[~known].isna().all()


def test_the_study_is_found_from_the_folder(folder: Path) -> None:
    kept_ = json.loads((folder / "parameters.json").read_text(encoding="utf-8"))["snapshot"]
    assert kept_["study"] == "../files/toy.study.toml"
    assert kept_["rows"] == {"facilities": 2, "residential": 2}
    assert read_snapshot(folder).study_file == folder.parent / "files" / "toy.study.toml"


def test_where_no_path_leads_the_place_is_absolute(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other_drive(*_: object) -> str:
        raise ValueError

    monkeypatch.setattr("analysis.periods.snapshot.os.path.relpath", other_drive)
    study = toy_study(tmp_path, residential=list(ESTATES))
    told = snapshot_parameters(study, tmp_path, draft=folder)
    assert told["study"] == study.path.as_posix()


def test_a_study_without_a_layer_has_it_without_rows(tmp_path: Path) -> None:
    snapshot = kept(tmp_path, EARLIER)
    assert set(snapshot.stock) == {"residential"}
    assert snapshot.parameters["snapshot"]["rows"] == {"residential": 2}


def test_texts_that_a_spreadsheet_would_run_are_read_as_they_were(tmp_path: Path) -> None:
    rows = [{**ESTATES[0], "name": "=1+1"}, {**ESTATES[1], "name": "'quoted'"}]
    snapshot = kept(tmp_path, EARLIER, residential=rows)
    assert [*snapshot.provision["name"]] == ["=1+1", "'quoted'"]


def delete(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def write(name: str, text: str) -> Callable[[Path], None]:
    def put(folder: Path) -> None:
        (folder / name).write_text(text, encoding="utf-8")

    return put


def cut(name: str) -> Callable[[Path], None]:
    def half(folder: Path) -> None:
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(whole[: len(whole) // 2])

    return half


def without(name: str, key: str) -> Callable[[Path], None]:
    def drop(folder: Path) -> None:
        content = json.loads((folder / name).read_text(encoding="utf-8"))
        del content[key]
        (folder / name).write_text(json.dumps(content), encoding="utf-8")

    return drop


def replace_in(name: str, old: str, new: str) -> Callable[[Path], None]:
    def swap(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8-sig")
        assert old in text
        (folder / name).write_text(text.replace(old, new), encoding="utf-8-sig")

    return swap


def words_for_numbers(folder: Path) -> None:
    study = toy_study(folder, residential=list(ESTATES), facilities=list(FACILITIES))
    (folder / "stock.gpkg").unlink()
    write_stock(study, folder / "stock.gpkg")
    rows = study.layers["residential"].assign(households=["many", "few"])
    rows.to_file(folder / "stock.gpkg", layer="residential", driver="GPKG")


def fewer_rows(folder: Path) -> None:
    study = toy_study(folder, residential=[ESTATES[0]], facilities=list(FACILITIES))
    (folder / "stock.gpkg").unlink()
    write_stock(study, folder / "stock.gpkg")


def no_layer(folder: Path) -> None:
    (folder / "stock.gpkg").unlink()
    with sqlite3.connect(folder / "stock.gpkg") as base:
        base.execute("create table notes (x)")
    base.close()


def with_study(path: str) -> Callable[[Path], None]:
    def point(folder: Path) -> None:
        content = json.loads((folder / "parameters.json").read_text(encoding="utf-8"))
        content["snapshot"]["study"] = path
        (folder / "parameters.json").write_text(json.dumps(content), encoding="utf-8")

    return point


def with_figure(value: object) -> Callable[[Path], None]:
    def put(folder: Path) -> None:
        content = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        content["provision"]["deficit_m2"] = value
        (folder / "summary.json").write_text(json.dumps(content), encoding="utf-8")

    return put


def changed(name: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Callable[[Path], None]:
    def rewrite(folder: Path) -> None:
        table = pd.read_csv(folder / name, encoding="utf-8-sig", dtype=str)
        change(table).to_csv(folder / name, index=False, encoding="utf-8-sig")

    return rewrite


def put_in(name: str, column: str, value: str) -> Callable[[Path], None]:
    return changed(name, lambda table: table.assign(**{column: value}))


def doubled(name: str) -> Callable[[Path], None]:
    return changed(name, lambda table: pd.concat([table, table]))


def other_format(folder: Path) -> None:
    (folder / "stock.gpkg").write_text(
        '<OGRVRTDataSource><OGRVRTLayer name="facilities"><SrcDataSource>/elsewhere.gpkg'
        "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>", encoding="utf-8",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("harm", "file"),
    [
        (delete("stock.gpkg"), "stock.gpkg"),
        (delete("summary.json"), "summary.json"),
        (delete("coverage.csv"), "coverage.csv"),
        (cut("stock.gpkg"), "stock.gpkg"),
        (fewer_rows, "stock.gpkg"),
        (no_layer, "stock.gpkg"),
        (words_for_numbers, "stock.gpkg"),
        (replace_in("coverage.csv", "ALL,study,,50", "ALL,study,,fifty"), "coverage.csv"),
        (replace_in("provision.csv", "True", "perhaps"), "provision.csv"),
        (write("stock.gpkg", "nothing of the kind"), "stock.gpkg"),
        (write("summary.json", "{"), "summary.json"),
        (write("summary.json", "[]"), "summary.json"),
        (write("provision.csv", ""), "provision.csv"),
        (write("provision.csv", "residential_id,name\nr1,x\n"), "provision.csv"),
        (write("summary.json", "[" * 200_000), "summary.json"),
        (with_figure("abc"), "summary.json"),
        (with_figure([1]), "summary.json"),
        (with_figure(float("inf")), "summary.json"),
        (put_in("provision.csv", "deficit_m2", "abc"), "provision.csv"),
        (put_in("provision.csv", "deficit_m2", "inf"), "provision.csv"),
        (put_in("coverage.csv", "share_60plus", "half"), "coverage.csv"),
        (changed("provision.csv", lambda table: table.drop(columns="provided_m2")),
         "provision.csv"),
        (changed("provision.csv", lambda table: table.iloc[:-1]), "provision.csv"),
        (changed("provision.csv", lambda table: table.iloc[::-1]), "provision.csv"),
        (put_in("provision.csv", "in_scope", "maybe"), "provision.csv"),
        (put_in("provision.csv", "verdict", "fine"), "provision.csv"),
        (put_in("indicators.csv", "met", "??"), "indicators.csv"),
        (put_in("coverage.csv", "level", "galaxy"), "coverage.csv"),
        (doubled("provision.csv"), "provision.csv"),
        (doubled("coverage.csv"), "coverage.csv"),
        (doubled("indicators.csv"), "indicators.csv"),
        (with_study("../files/toy\0.study.toml"), "parameters.json"),
        (with_study("/etc/passwd"), "parameters.json"),
        (with_study("../../.ssh/config"), "parameters.json"),
        (other_format, "stock.gpkg"),
        (without("parameters.json", "snapshot"), "parameters.json"),
        (without("parameters.json", "description"), "parameters.json"),
        (without("summary.json", "band"), "summary.json"),
        (write("parameters.json", '{"description": {}, "inputs_sha256": {}, "rules": [], '
               '"scenarios": [], "snapshot": {}}'), "parameters.json"),
    ],
)  # fmt: skip
def test_a_damaged_folder_is_refused_in_one_line_naming_the_file(
    folder: Path, tmp_path: Path, harm: Callable[[Path], None], file: str
) -> None:
    harmed = copy_of(folder, tmp_path / "harmed")
    of_an_earlier_version(harmed)  # which had nothing but the content to go by
    harm(harmed)
    with pytest.raises(PlanningError) as refused:
        read_snapshot(harmed)
    assert len(refused.value.messages) == 1
    assert file in str(refused.value)
    assert "evaluate" in str(refused.value)


@pytest.mark.parametrize(
    ("file", "part"), [("summary.json", "> 20 MB"), ("stock.gpkg", "> 200 MB")]
)
def test_a_file_larger_than_any_that_is_written_is_not_read(
    folder: Path, tmp_path: Path, file: str, part: str
) -> None:
    harmed = copy_of(folder, tmp_path / "harmed")
    with (harmed / file).open("r+b") as opened:
        opened.truncate(201_000_000)  # a hole: it takes no room on the disk
    with pytest.raises(PlanningError, match=part):
        read_snapshot(harmed)


def last_row_cut(name: str) -> Callable[[Path], None]:
    """Cut a table after a row, so that what is left reads well."""

    def shorten(folder: Path) -> None:
        lines = (folder / name).read_bytes().splitlines(keepends=True)
        assert len(lines) > 2
        (folder / name).write_bytes(b"".join(lines[:-1]))

    return shorten


@pytest.mark.parametrize(
    ("harm", "file"),
    [
        (last_row_cut("coverage.csv"), "coverage.csv"),
        (last_row_cut("indicators.csv"), "indicators.csv"),
        (replace_in("coverage.csv", "ALL,study,,50", "ALL,study,,60"), "coverage.csv"),
        (changed("provision.csv", lambda table: table.assign(deficit_m2="0")), "provision.csv"),
        (with_figure(1.0), "summary.json"),
    ],
)  # fmt: skip
def test_figures_that_read_well_but_are_not_those_evaluated_are_refused(
    folder: Path, tmp_path: Path, harm: Callable[[Path], None], file: str
) -> None:
    harmed = copy_of(folder, tmp_path / "harmed")
    (harmed / "places.csv").write_text("worked on", encoding="utf-8")  # no comparison reads it
    read_snapshot(harmed)
    harm(harmed)
    with pytest.raises(PlanningError, match=f"{file}：生成后改过，或没有复制完整"):
        read_snapshot(harmed)
    of_an_earlier_version(harmed)
    read_snapshot(harmed)


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanningError, match="nowhere"):
        read_snapshot(tmp_path / "nowhere")


def test_the_description_must_be_one(folder: Path, tmp_path: Path) -> None:
    harmed = copy_of(folder, tmp_path / "harmed")
    content = json.loads((harmed / "parameters.json").read_text(encoding="utf-8"))
    content["description"]["on"] = "someday"
    (harmed / "parameters.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(PlanningError, match=r"parameters\.json.*description\.on"):
        read_snapshot(harmed)


def test_files_of_a_date_say_so(tmp_path: Path) -> None:
    assert "on = 2025-06-30" in files_of(tmp_path, EARLIER).read_text(encoding="utf-8")
