"""Files for machines and clerks: readable by Excel, rounded, inert, and all or none."""

import json
import math
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from analysis.evaluation import Evaluation, evaluate
from geo.errors import PlanningError
from report import moving, tables
from report.moving import files_below
from report.tables import (
    all_or_none,
    plain_json,
    write_csv,
    write_json,
    write_polygons,
    write_tables,
)
from tests.analysis.toy_study import area, box, estate, facility, people, spot, toy_study

BOM = b"\xef\xbb\xbf"
CONTRACT = {
    "places.csv", "coverage.csv", "provision.csv", "indicators.csv", "findings.csv",
    "isochrones.gpkg", "parameters.json", "summary.json", "stock.gpkg",
}  # fmt: skip

# The toy study names no ages, and so has no forecast.
FILES = CONTRACT | {f"{name}.csv" for name in tables.FURTHER if name not in ("forecast", "demand")}


def toy_evaluation(folder: Path, *, care: bool) -> Evaluation:
    rows = [facility("f1", spot(0, 10), status="operating")] if care else []
    return evaluate(
        toy_study(
            folder,
            facilities=rows,
            residential=[
                {**estate("r1", spot(200, 30)), "name": "=1+1"},
                {**estate("r2", spot(100, -300)), "name": "@甲小区"},
                estate("r3", spot(0, 0), float("nan")),
            ],
            population=[people("p1", spot(100, -40), 100, 20)],
            boundaries=[area("b1", "street", box(500, 0, 600, 100))],
        )
    )


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return toy_evaluation(tmp_path_factory.mktemp("toy"), care=True)


@pytest.fixture(scope="module")
def without_care(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return toy_evaluation(tmp_path_factory.mktemp("bare"), care=False)


@pytest.fixture
def folder(evaluation: Evaluation, tmp_path: Path) -> Path:
    write_tables(evaluation, tmp_path / "out")
    return tmp_path / "out"


# --- the files of the contract -------------------------------------------------------------------


def test_every_file_of_the_contract_is_written_and_named(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    written = write_tables(evaluation, tmp_path / "deep" / "out")
    assert {path.name for path in written} == FILES
    assert {path.name for path in (tmp_path / "deep" / "out").iterdir()} == FILES


def test_further_tables_are_written_by_their_names(
    evaluation: Evaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = pd.DataFrame({"facility_id": [*evaluation.counted], "share": 1 / 3})
    further = {"counted": lambda _: counted, "nothing": lambda _: None}
    monkeypatch.setattr(tables, "FURTHER", further)
    written = {path.name for path in write_tables(evaluation, tmp_path / "out")}
    assert written == CONTRACT | {"counted.csv"}
    read = pd.read_csv(tmp_path / "out" / "counted.csv", encoding="utf-8-sig")
    assert read.to_numpy().tolist() == [["f1", 0.333]]


def test_a_table_without_rows_is_written_and_an_older_one_does_not_stay(
    evaluation: Evaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = pd.DataFrame({"facility_id": ["f9"], "share": [0.5]})
    for name in ("a.csv", "notes.csv"):
        (tmp_path / name).write_text("mine", encoding="utf-8")
    for one, two in ((full, full), (full.iloc[:0], None)):
        further = {"one": lambda _, told=one: told, "two": lambda _, told=two: told}
        monkeypatch.setattr(tables, "FURTHER", further)
        write_tables(evaluation, tmp_path)
    assert (tmp_path / "one.csv").read_text(encoding="utf-8-sig") == "facility_id,share\n"
    mine = {"one.csv", "a.csv", "notes.csv"}
    assert {path.name for path in tmp_path.iterdir()} == CONTRACT | mine


def test_every_further_table_has_its_header(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        assert len(path.read_text(encoding="utf-8-sig").splitlines()[0].split(",")) > 1, path.name


def test_an_older_table_stays_when_the_new_files_cannot_move(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text("old", encoding="utf-8")
    held_open(tmp_path, monkeypatch)
    with (
        pytest.raises(PlanningError),
        all_or_none(tmp_path, without=["a.csv", "c.csv"]) as draft,
    ):
        (draft / "b.csv").write_text("new", encoding="utf-8")
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {
        "a.csv": "old", "b.csv": "old"
    }  # fmt: skip


def test_all_that_is_ever_written_is_listed() -> None:
    assert {*tables.NAMES} == FILES | {"forecast.csv", "demand.csv"}


def test_only_what_was_written_is_named(evaluation: Evaluation, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert {path.name for path in write_tables(evaluation, tmp_path)} == FILES


def test_tables_open_in_excel(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        content = path.read_bytes()
        assert content.startswith(BOM), path.name
        assert content.count(BOM) == 1
        assert content.count(b"\n") == content.count(b"\r\n") > 0
    assert "甲小区" in (folder / "provision.csv").read_text(encoding="utf-8-sig")


def test_figures_have_three_decimals_at_most(folder: Path) -> None:
    minutes = (folder / "places.csv").read_text(encoding="utf-8-sig").splitlines()[1].split(",")[2]
    assert minutes == "4.444"  # 240 m at 54 m a minute
    for path in folder.glob("*.csv"):
        table = pd.read_csv(path, encoding="utf-8-sig", dtype=str)
        cells = [cell for cell in table.to_numpy().ravel() if isinstance(cell, str)]
        numbers = [cell for cell in cells if cell.replace(".", "", 1).isdigit() and "." in cell]
        assert all(len(cell.partition(".")[2]) <= 3 for cell in numbers), path.name


def test_numbers_read_back_are_those_of_the_evaluation(
    evaluation: Evaluation, folder: Path
) -> None:
    places = pd.read_csv(folder / "places.csv", encoding="utf-8-sig", dtype={"place_id": str})
    for name in ("minutes", "share", "off_street_m"):
        told, known = places[name].to_numpy(), evaluation.places[name].to_numpy()
        assert np.allclose(told, known, rtol=0, atol=0.0005, equal_nan=True)
    assert [*places["reachable"]] == [*evaluation.places["reachable"]]
    coverage = pd.read_csv(folder / "coverage.csv", encoding="utf-8-sig")
    assert coverage["population"].dtype == np.int64  # whole people, not 100.0


def test_what_is_unknown_is_empty(folder: Path) -> None:
    provision = pd.read_csv(
        folder / "provision.csv", encoding="utf-8-sig", dtype=str, keep_default_na=False
    ).set_index("residential_id")
    assert (provision.loc["r3", "households"], provision.loc["r3", "required_m2"]) == ("", "")
    coverage = pd.read_csv(
        folder / "coverage.csv", encoding="utf-8-sig", dtype=str, keep_default_na=False
    ).set_index("area_id")
    # Nobody lives in b1: a share of nobody is empty, not nought.
    assert (coverage.loc["b1", "share_60plus"], coverage.loc["b1", "elderly_60plus"]) == ("", "0")


def test_a_name_that_a_spreadsheet_would_run_stays_a_text(folder: Path) -> None:
    told = (folder / "provision.csv").read_text(encoding="utf-8-sig")
    assert "'=1+1" in told
    assert "'@甲小区" in told
    assert ",=" not in told


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_every_beginning_of_a_formula_is_made_inert(tmp_path: Path, begin: str) -> None:
    path = tmp_path / "t.csv"
    table = pd.DataFrame({"name": [begin + "cmd|x", "plain", None], "change": [-1.5, 2.0, np.nan]})
    write_csv(table, path)
    again = pd.read_csv(path, encoding="utf-8-sig")
    assert again.loc[0, "name"].startswith("'" + begin)
    assert again.loc[1, "name"] == "plain"
    assert pd.isna(again.loc[2, "name"])
    # A number below nought is a number.
    assert again.loc[0, "change"] == -1.5
    assert table.loc[0, "name"] == begin + "cmd|x"


def test_json_says_null_for_what_is_unknown(folder: Path, evaluation: Evaluation) -> None:
    def never(word: str) -> None:
        raise AssertionError(word)

    for name in ("summary.json", "parameters.json"):
        text = (folder / name).read_text(encoding="utf-8")
        json.loads(text, parse_constant=never)
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert summary["provision"]["rate"] is None
    assert summary["coverage"]["share_60plus"] == evaluation.summary["coverage"]["share_60plus"]


def test_json_keeps_chinese_readable(tmp_path: Path) -> None:
    write_json({"title": "赤峰"}, tmp_path / "t.json")
    assert "赤峰" in (tmp_path / "t.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (math.nan, None), (np.float64("nan"), None), (math.inf, None), (pd.NA, None),
        (np.int64(3), 3), (np.float64(0.5), 0.5), (np.bool_(True), True),  # noqa: FBT003
        ({1: (np.nan, "x")}, {"1": [None, "x"]}), (None, None), ("x", "x"),
    ],
)  # fmt: skip
def test_json_is_plain(value: object, plain: object) -> None:
    found = plain_json(value)
    assert found == plain
    assert type(found) is type(plain)
    json.dumps(found, allow_nan=False)


# --- polygons ------------------------------------------------------------------------------------


def test_polygons_are_one_layer_in_degrees(folder: Path, evaluation: Evaluation) -> None:
    assert pyogrio.list_layers(folder / "isochrones.gpkg")[:, 0].tolist() == ["isochrones"]
    read = gpd.read_file(folder / "isochrones.gpkg")
    assert read.crs == "EPSG:4326"
    assert [*read["minutes"]] == [5, 10, 15]
    assert (read.geometry.geom_type == "MultiPolygon").all()
    same = shapely.symmetric_difference(
        read.geometry.array, evaluation.isochrones.geometry.array
    )
    assert (shapely.area(same) < 1e-12).all()


def test_without_facilities_everything_is_still_written(
    without_care: Evaluation, tmp_path: Path
) -> None:
    assert {path.name for path in write_tables(without_care, tmp_path)} == FILES
    read = gpd.read_file(tmp_path / "isochrones.gpkg")
    assert [*read["minutes"]] == [5, 10, 15]
    assert (read.geometry.isna() | read.geometry.is_empty).all()
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert summary["coverage"]["share_60plus"] == 0


@pytest.mark.parametrize("name", ["a.geojson", "a.json", "a.GeoJSON", "a.gpkg"])
def test_the_ending_says_the_format(evaluation: Evaluation, tmp_path: Path, name: str) -> None:
    write_polygons(evaluation.isochrones, tmp_path / name)
    begins = (tmp_path / name).read_bytes()[:6]
    assert begins == b"SQLite" if name.endswith("gpkg") else begins.lstrip().startswith(b"{")
    assert len(gpd.read_file(tmp_path / name)) == 3


def test_a_line_left_over_in_a_polygon_does_not_stop_the_writing(tmp_path: Path) -> None:
    mixed = shapely.GeometryCollection(
        [shapely.box(0, 0, 1, 1), shapely.LineString([(2, 2), (3, 3)])]
    )
    frame = gpd.GeoDataFrame({"minutes": [5.0]}, geometry=[mixed], crs="EPSG:4326")
    write_polygons(frame, tmp_path / "a.gpkg")
    assert gpd.read_file(tmp_path / "a.gpkg").geometry.iloc[0].area == 1


# --- all or none ---------------------------------------------------------------------------------


def stop(*_: object, **__: object) -> None:
    msg = "the pen broke"
    raise RuntimeError(msg)


@pytest.mark.parametrize("writer", ["write_csv", "write_polygons", "write_json"])
def test_nothing_is_written_when_a_writer_fails(
    evaluation: Evaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writer: str
) -> None:
    monkeypatch.setattr(tables, writer, stop)
    with pytest.raises(RuntimeError, match="pen"):
        write_tables(evaluation, tmp_path)
    assert [*tmp_path.iterdir()] == []


def test_earlier_results_stay_when_a_writer_fails(
    evaluation: Evaluation, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    monkeypatch.setattr(tables, "write_json", stop)
    with pytest.raises(RuntimeError, match="pen"):
        write_tables(replace(evaluation, places=evaluation.places.iloc[:1]), folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_results_are_written_over_earlier_ones(evaluation: Evaluation, folder: Path) -> None:
    write_tables(replace(evaluation, places=evaluation.places.iloc[:1]), folder)
    assert len(pd.read_csv(folder / "places.csv", encoding="utf-8-sig")) == 1
    assert {path.name for path in folder.iterdir()} == FILES


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    with pytest.raises(PlanningError) as refused, all_or_none(tmp_path / "out"):
        pass
    (line,) = str(refused.value).splitlines()
    assert "out" in line


def put_two(folder: Path) -> None:
    with all_or_none(folder) as draft:
        for name in ("a.csv", "b.csv"):
            (draft / name).write_text("new", encoding="utf-8")


def in_the_way(folder: Path, _: pytest.MonkeyPatch) -> None:
    """Let a folder stand where a file would."""
    (folder / "b.csv").mkdir(parents=True)


def held_open(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a spreadsheet hold a file open, as Windows has it."""
    move = Path.replace

    def refused(self: Path, target: Path) -> Path:
        if Path(target).name == "b.csv" and Path(target).parent == folder:
            raise PermissionError(13, "Permission denied")
        return move(self, target)

    (folder / "b.csv").write_text("old", encoding="utf-8")
    monkeypatch.setattr(Path, "replace", refused)


@pytest.mark.parametrize("fault", [in_the_way, held_open])
def test_a_file_that_cannot_be_replaced_leaves_all_as_it_was(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Callable[[Path, pytest.MonkeyPatch], None],
) -> None:
    (tmp_path / "a.csv").write_text("old", encoding="utf-8")
    fault(tmp_path, monkeypatch)
    with pytest.raises(PlanningError) as refused:
        put_two(tmp_path)
    assert "b.csv" in str(refused.value)
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "old"
    assert {path.name for path in tmp_path.iterdir()} == {"a.csv", "b.csv"}


def test_a_file_of_somebody_is_not_written_over_and_one_of_ours_is(tmp_path: Path) -> None:
    own = tmp_path / "places.csv"
    own.write_text("my own", encoding="utf-8")

    def write_again() -> None:
        with all_or_none(tmp_path, without=["pools.csv"], mark="parameters.json") as draft:
            (draft / "places.csv").write_text("new", encoding="utf-8")
            (draft / "parameters.json").write_text("{}", encoding="utf-8")

    with pytest.raises(PlanningError, match=r"places\.csv"):
        write_again()
    assert [file.name for file in tmp_path.iterdir()] == ["places.csv"]
    assert own.read_text(encoding="utf-8") == "my own"
    (tmp_path / "parameters.json").write_text("{}", encoding="utf-8")
    write_again()
    assert own.read_text(encoding="utf-8") == "new"


def test_a_marked_folder_in_the_midst_has_no_mark_and_is_ours_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(text: str) -> None:
        with all_or_none(tmp_path, mark="parameters.json") as draft:
            for name in ("coverage.csv", "places.csv", "parameters.json"):
                (draft / name).write_text(text, encoding="utf-8")

    write("old")

    class Killed(BaseException):
        pass

    move = moving._move_one  # noqa: SLF001 - what is interrupted

    def killed(aside: Path, folder: Path, name: str) -> None:
        if name == "places.csv":
            raise Killed
        move(aside, folder, name)

    with monkeypatch.context() as patch:
        patch.setattr(moving, "_move_one", killed)
        with pytest.raises(Killed):  # it was interrupted: all is as it was, the mark too
            write("newer")
        assert {path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {"old"}
        patch.setattr(moving, "_move_back", lambda *_: None)  # nobody puts back or tidies
        patch.setattr(shutil, "rmtree", lambda *_, **__: None)
        with pytest.raises(Killed):
            write("newer")
    assert not (tmp_path / "parameters.json").exists()
    assert (tmp_path / "coverage.csv").read_text(encoding="utf-8") == "newer"
    write("again")
    assert {path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {"again"}


def test_files_in_folders_move_with_their_folders_and_come_back(tmp_path: Path) -> None:
    folder = tmp_path / "out"

    def put(text: str, *names: str) -> None:
        with all_or_none(folder) as draft:
            (draft / "maps").mkdir()
            for name in names:
                (draft / name).write_text(text, encoding="utf-8")

    put("old", "maps/1.txt", "a.txt")
    assert files_below(folder) == ["a.txt", "maps/1.txt"]
    # A folder stands where a file is to go: everything is as it was.
    (folder / "z.txt").mkdir()
    with pytest.raises(PlanningError):
        put("new", "maps/1.txt", "z.txt")
    assert (folder / "maps" / "1.txt").read_text(encoding="utf-8") == "old"
    assert files_below(folder) == ["a.txt", "maps/1.txt"]
