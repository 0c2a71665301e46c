"""Bad input at the terminal: refused in clear lines, or a finding and the rest computed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from .desk import CARE, ESTATES, STEP_LAT, STEP_LON, Desk, collection, grid
from .terminal import carecircle, carecircle_here


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def _without_facilities_file(desk: Desk) -> None:
    (desk.folder / "care.csv").unlink()


def _without_streets_file(desk: Desk) -> None:
    (desk.folder / "streets.geojson").unlink()


def _damaged_layer(desk: Desk) -> None:
    desk.layers["residential"] = 'path = "estates.gpkg"'
    desk.put("estates.gpkg", b"SQLite format 3\x00" + b"\x07" * 4096)


def _damaged_streets(desk: Desk) -> None:
    desk.streets = "city.osm.pbf"
    desk.put("city.osm.pbf", b"\x00\x00\x00\x0dnot a pbf at all")


def _category_column_missing(desk: Desk) -> None:
    desk.put("care.csv", CARE.replace("类别", "备注"))


def _metres_without_crs(desk: Desk) -> None:
    desk.put(
        "estates.csv",
        "小区名称,户数,经度,纬度\n甲小区,300,491800.0,4680300.0\n乙小区,200,492100.0,4680600.0\n",
    )


def _geojson_metres_without_crs(desk: Desk) -> None:
    metres = collection(grid(491_500, 4_680_000, 200, 200))
    desk.put("streets.geojson", metres)


def _wrong_crs(desk: Desk) -> None:
    desk.layers["facilities"] = 'path = "care.csv", coordinates = "EPSG:4549"'


def _unknown_crs(desk: Desk) -> None:
    desk.layers["facilities"] = 'path = "care.csv", coordinates = "北京坐标"'


def _swapped(desk: Desk) -> None:
    lines = CARE.splitlines()
    rows = [line.split(",") for line in lines[1:]]
    swapped = [f"{name},{kind},{lat},{lon}" for name, kind, lon, lat in rows]
    desk.put("care.csv", "\n".join([lines[0], *swapped]) + "\n")


def _streets_elsewhere(desk: Desk) -> None:
    desk.put("streets.geojson", collection(grid(119.2, 42.5, STEP_LON, STEP_LAT)))


def _duplicate_ids(desk: Desk) -> None:
    header, *rows = ESTATES.splitlines()
    numbered = [f"编号,{header}", *(f"A1,{row}" for row in rows)]
    desk.put("estates.csv", "\n".join(numbered) + "\n")


REFUSED: Mapping[str, tuple[Callable[[Desk], None], tuple[str, ...]]] = {
    "missing layer file": (_without_facilities_file, ("care.csv",)),
    "missing streets file": (_without_streets_file, ("streets.geojson",)),
    "damaged layer": (_damaged_layer, ("estates.gpkg",)),
    "damaged streets": (_damaged_streets, ("city.osm.pbf",)),
    "needed column missing": (_category_column_missing, ("care.csv", "类别")),
    "metres without a CRS": (_metres_without_crs, ("estates.csv", "EPSG")),
    "street metres without a CRS": (_geojson_metres_without_crs, ("streets.geojson", "EPSG")),
    "wrong CRS": (_wrong_crs, ("care.csv",)),
    "unknown CRS": (_unknown_crs, ("北京坐标",)),
    "latitude and longitude swapped": (_swapped, ("care.csv", "颠倒")),
    "streets of another town": (_streets_elsewhere, ("streets.geojson", "覆盖")),
    "duplicate ids": (_duplicate_ids, ("estates.csv", "A1")),
}


def _require_refusal(stderr: str, stdout: str, words: tuple[str, ...]) -> None:
    assert "Traceback" not in stderr + stdout
    lines = [line for line in stderr.splitlines() if line.strip()]
    assert len(lines) == 1, stderr
    assert all(word in lines[0] for word in words), stderr


@pytest.mark.parametrize("fault", REFUSED)
def test_evaluate_refuses_in_clear_lines_and_writes_nothing(desk: Desk, fault: str) -> None:
    spoil, words = REFUSED[fault]
    spoil(desk)
    # GDAL warns while it opens a damaged file, deep in compiled code where a warning that is an
    # error cannot be raised.
    terminal = carecircle if fault == "damaged layer" else carecircle_here
    run = terminal("evaluate", desk.study(), "--out", desk.out)
    assert run.returncode == 1, run.stdout + run.stderr
    _require_refusal(run.stderr, run.stdout, words)
    assert not desk.out.exists() or not any(desk.out.iterdir())


def test_a_refused_study_leaves_earlier_results_as_they_were(desk: Desk) -> None:
    desk.out.mkdir()
    (desk.out / "summary.json").write_text("{}", encoding="utf-8")
    _swapped(desk)
    run = carecircle_here("evaluate", desk.study(), "--out", desk.out)
    assert run.returncode == 1
    assert [path.name for path in desk.out.iterdir()] == ["summary.json"]
    assert (desk.out / "summary.json").read_text(encoding="utf-8") == "{}"


def test_every_faulty_layer_gets_its_own_line(desk: Desk) -> None:
    _without_facilities_file(desk)
    (desk.folder / "people.csv").unlink()
    run = carecircle("evaluate", desk.study(), "--out", desk.out)
    lines = run.stderr.splitlines()
    assert any("care.csv" in line for line in lines)
    assert any("people.csv" in line for line in lines)


def test_a_study_description_with_an_unknown_word_is_refused(desk: Desk) -> None:
    study = desk.study()
    study.write_text(
        study.read_text(encoding="utf-8") + '\n[walking]\nspeed = "fast"\n', encoding="utf-8"
    )
    run = carecircle_here("evaluate", study, "--out", desk.out)
    assert run.returncode == 1
    _require_refusal(run.stderr, run.stdout, ("speed",))


def test_a_study_that_is_not_there_is_refused(desk: Desk) -> None:
    run = carecircle("evaluate", desk.folder / "nowhere.study.toml", "--out", desk.out)
    assert run.returncode == 1
    _require_refusal(run.stderr, run.stdout, ("nowhere.study.toml",))


@pytest.mark.parametrize(
    "words",
    [("evaluate",), ("evaluate", "x.study.toml", "--no-such-option"), ("no-such-command",)],
)
def test_wrong_usage_is_2(words: tuple[str, ...]) -> None:
    run = carecircle_here(*words)
    assert run.returncode == 2, run.stdout + run.stderr
    assert "Traceback" not in run.stderr


@dataclass(frozen=True)
class Tolerated:
    """A fault that becomes a finding: what spoils, and what the finding must name."""

    spoil: Callable[[Desk], None]
    layer: str
    words: tuple[str, ...] = ()


def _no_population(desk: Desk) -> None:
    del desk.layers["population"]


def _empty_facilities(desk: Desk) -> None:
    desk.put("care.csv", CARE.splitlines()[0] + "\n")


def _no_facilities(desk: Desk) -> None:
    del desk.layers["facilities"]


def _unreadable_households(desk: Desk) -> None:
    desk.put("estates.csv", ESTATES.replace("200", "待核实"))


TOLERATED = {
    "layer absent": Tolerated(_no_population, "population"),
    "facilities absent": Tolerated(_no_facilities, "facilities"),
    "layer empty": Tolerated(_empty_facilities, "facilities"),
    "households unreadable": Tolerated(_unreadable_households, "residential", ("待核实",)),
}


@pytest.mark.parametrize("fault", TOLERATED)
def test_a_finding_is_written_and_the_rest_is_computed(desk: Desk, fault: str) -> None:
    tolerated = TOLERATED[fault]
    tolerated.spoil(desk)
    outcome = desk.evaluate()
    findings = outcome.table("findings.csv")
    named = findings[findings["layer"] == tolerated.layer]
    assert len(named) > 0, findings
    assert set(tolerated.words) <= set(named["value"].dropna().astype(str)), named
    places = outcome.table("places.csv").query("layer == 'residential'")
    assert list(places["place_id"]) == ["r1", "r2", "r3"]
    if tolerated.layer != "facilities":
        assert places["minutes"].notna().all()
    else:
        assert (places["share"] == 0).all()


def test_unreadable_households_are_unknown_in_the_row_that_has_them(desk: Desk) -> None:
    _unreadable_households(desk)
    outcome = desk.evaluate()
    findings = outcome.table("findings.csv")
    about = findings[findings["value"].astype(str) == "待核实"].iloc[0]
    assert (about["row"], about["column"], about["file"]) == (3, "户数", "estates.csv")
    rows = outcome.table("provision.csv").set_index("residential_id")
    assert rows.loc["r2", "verdict"] == "unknown"
    assert list(rows["required_m2"].isna()) == [False, True, False]


@pytest.fixture
def inspected(desk: Desk) -> Callable[[str, str], tuple[int, str]]:
    def inspect(name: str, kind: str) -> tuple[int, str]:
        run = carecircle_here("inspect", desk.folder / name, "--as", kind)
        assert "Traceback" not in run.stdout + run.stderr
        return run.returncode, run.stdout + run.stderr

    return inspect


def test_inspect_passes_what_is_right(
    inspected: Callable[[str, str], tuple[int, str]],
) -> None:
    assert inspected("estates.csv", "residential")[0] == 0
    assert inspected("streets.geojson", "streets")[0] == 0


def test_inspect_is_1_where_a_cell_cannot_be_read(
    desk: Desk, inspected: Callable[[str, str], tuple[int, str]]
) -> None:
    _unreadable_households(desk)
    code, said = inspected("estates.csv", "residential")
    assert code == 1
    assert "第 3 行" in said
    assert "待核实" in said


def test_inspect_speaks_english_when_asked(desk: Desk) -> None:
    _unreadable_households(desk)
    run = carecircle_here(
        "inspect", desk.folder / "estates.csv", "--as", "residential", "--lang", "en"
    )
    assert run.returncode == 1
    assert "row 3" in run.stdout + run.stderr


def test_inspect_as_something_unheard_of_is_wrong_usage(
    inspected: Callable[[str, str], tuple[int, str]],
) -> None:
    assert inspected("estates.csv", "castles")[0] == 2
