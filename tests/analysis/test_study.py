"""Study files: what is read, what is refused, and in which words."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest

from analysis import study as study_module
from analysis.description import read_description
from analysis.study import Study, load_study
from geo.errors import CoordinateError, LayerError, PlanningError, RuleError, StudyError
from geo.streets import read_streets

from .toy_study import area, box, estate, facility, people, spot, toy_study, write_study

PLAIN = 'title = "Toy"\non = 2025-12-31\n[streets]\npath = "streets.gpkg"\n'
Write = Callable[[str], Path]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Give a writer of study files."""

    def write(text: str) -> Path:
        path = tmp_path / "toy.study.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Give a study of the toy city as files, and the path of its description."""
    study = toy_study(
        tmp_path,
        facilities=[facility("f1", spot(0, 10), status="operating")],
        residential=[estate("r1", spot(200, 30))],
        population=[people("p1", spot(100, -40), 100, 20)],
        boundaries=[area("b1", "street", box(-100, -500, 1000, 500))],
    )
    return write_study(study, tmp_path / "files")


def lines_of(refused: pytest.ExceptionInfo[PlanningError]) -> list[str]:
    lines = str(refused.value).splitlines()
    assert len(lines) == len(refused.value.messages)
    return lines


# --- the description -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(PLAIN + "[walking]\nspeed = 0.9\n", ("walking.speed",), id="unknown key"),
        pytest.param(PLAIN + "[parking]\nplaces = 9\n", ("parking",), id="unknown table"),
        pytest.param(PLAIN.replace('title = "Toy"\n', ""), ("title",), id="missing title"),
        pytest.param(PLAIN.replace("on = 2025-12-31\n", ""), ("“on”",), id="missing date"),
        pytest.param('title = "Toy"\non = 2025-12-31\n', ("streets",), id="missing streets"),
        pytest.param(
            PLAIN + '[layers.facilities]\nsource = "x"\n', ("layers.facilities.path",),
            id="layer without a path",
        ),
        pytest.param(
            PLAIN + '[walking]\nlimit_min = "soon"\n', ("walking.limit_min", "soon"),
            id="wrong type",
        ),
        pytest.param(PLAIN.replace("2025-12-31", '"Tuesday"'), ("“on”", "Tuesday"), id="no date"),
        pytest.param(
            PLAIN + "[walking]\nspeed_m_per_s = 30\n", ("walking.speed_m_per_s", "30"),
            id="speed out of range",
        ),
        pytest.param(
            PLAIN + "[walking]\nspeed_m_per_s = nan\n", ("walking.speed_m_per_s", "nan"),
            id="speed not a number",
        ),
        pytest.param(
            PLAIN + "[people]\nhousehold_size = 0\n", ("people.household_size", "0"),
            id="nobody in a household",
        ),
        pytest.param(
            PLAIN + '[assume]\ncare_area_basis = "guess"\n', ("assume.care_area_basis", "guess"),
            id="word of no list",
        ),
        pytest.param(
            PLAIN + '[layers.castles]\npath = "castles.gpkg"\n', ("castles", "facilities"),
            id="unknown layer",
        ),
        pytest.param(PLAIN + "[walking\n", ("TOML",), id="bad TOML"),
        pytest.param(
            PLAIN + '[[pools]]\nname = "x"\nestates = ["r1"]\n', ("pools.0.facilities",),
            id="pool without facilities",
        ),
    ],
)  # fmt: skip
def test_a_wrong_description_is_refused_in_one_line(
    written: Write, text: str, words: tuple[str, ...]
) -> None:
    with pytest.raises(StudyError) as refused:
        read_description(written(text))
    (line,) = lines_of(refused)
    assert all(word in line for word in ("toy.study.toml", *words)), line


def test_every_complaint_about_a_description_has_its_line(written: Write) -> None:
    text = PLAIN.replace('title = "Toy"\n', "") + "[walking]\nspeed_m_per_s = 9\npace = 1\n"
    with pytest.raises(StudyError) as refused:
        read_description(written(text))
    lines = lines_of(refused)
    keys = ("title", "speed_m_per_s", "pace")
    assert len(lines) == 3
    assert all(any(key in line for line in lines) for key in keys)


def test_every_unknown_layer_has_its_line(written: Write) -> None:
    text = PLAIN + '[layers]\ncastles = { path = "a" }\nmoats = { path = "b" }\n'
    with pytest.raises(StudyError) as refused:
        read_description(written(text))
    first, second = lines_of(refused)
    assert ("castles" in first, "moats" in second) == (True, True)


def test_a_description_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "toy.study.toml"
    path.write_bytes(PLAIN.replace("Toy", "赤峰").encode("gb18030"))
    with pytest.raises(StudyError) as refused:
        read_description(path)
    (line,) = lines_of(refused)
    assert "UTF-8" in line


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "toy.study.toml"
    path.write_text(PLAIN, encoding="utf-8-sig")
    assert read_description(path).title == "Toy"


def test_what_is_not_said_has_the_values_of_the_design(written: Write) -> None:
    description = read_description(written(PLAIN))
    walking = description.walking
    said = (walking.speed_m_per_s, walking.limit_min, walking.snap_max_m, walking.horizon_min)
    assert said == (0.9, 15, 200, 60)
    assert walking.component_min_m == 2000
    assert walking.categories == ("community_station", "day_care", "embedded", "street_centre")
    assert description.rules == ("chifeng",)


@pytest.mark.parametrize("word", ["daycare", "日间"])
def test_a_category_that_is_none_is_refused(written: Write, word: str) -> None:
    # A misspelt category would count nothing, without a word.
    with pytest.raises(StudyError) as refused:
        read_description(written(PLAIN + f'[walking]\ncategories = ["day_care", "{word}"]\n'))
    (line,) = lines_of(refused)
    assert "categories" in line
    assert word in line


# --- reading -------------------------------------------------------------------------------------


def test_a_study_is_read_with_its_layers_in_metres(files: Path) -> None:
    study = load_study(files)
    assert [*study.layers] == ["facilities", "residential", "population", "boundaries"]
    assert all(frame.crs == study.crs for frame in study.layers.values())
    point = study.layers["residential"].geometry.iloc[0]
    assert point.distance(spot(200, 30)) < 0.001
    assert study.network.length_mm.sum() == pytest.approx(1_300_000, abs=4)
    assert set(study.inputs) == {
        "facilities.gpkg", "residential.gpkg", "population.gpkg", "boundaries.gpkg",
        "streets.gpkg",
    }  # fmt: skip
    assert all(len(sha) == 64 for sha in study.inputs.values())


def test_without_a_crs_the_study_takes_the_zone_it_lies_in(files: Path) -> None:
    text = files.read_text(encoding="utf-8").replace('crs = "EPSG:4549"\n', "")
    files.write_text(text, encoding="utf-8")
    assert load_study(files).crs.to_epsg() == 4549


@pytest.mark.parametrize(
    "changed",
    ["the file", "the version", 'layer = "streets"', 'coordinates = "gcj02"', "connect_m = 0.5",
     "cross = true"],
)  # fmt: skip
def test_streets_are_read_once_and_again_where_anything_about_them_changes(
    files: Path, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    times = []

    def read(*source: Any, **how: Any) -> object:  # noqa: ANN401
        times.append(how)
        return read_streets(*source, **how)

    monkeypatch.setattr(study_module, "read_streets", read)
    load_study(files)
    assert len(load_study(files).network) == 4
    assert len(times) == 1
    if changed == "the file":
        frame = gpd.read_file(files.parent / "streets.gpkg")
        frame.iloc[:3].to_file(files.parent / "streets.gpkg", layer="streets")
    elif changed == "the version":
        monkeypatch.setattr(study_module, "version", lambda _: "0.0")
    else:
        text = files.read_text(encoding="utf-8")
        named = 'path = "streets.gpkg"\n'
        files.write_text(text.replace(named, f"{named}{changed}\n"), encoding="utf-8")
    assert len(load_study(files).network) == (3 if changed == "the file" else 4)
    assert len(times) == 2


def test_several_refusals_are_told_together(files: Path) -> None:
    (files.parent / "facilities.gpkg").unlink()
    (files.parent / "residential.gpkg").write_bytes(b"not a layer")
    with pytest.raises(StudyError) as refused:
        load_study(files)
    first, second = lines_of(refused)
    assert "facilities.gpkg" in first
    assert "residential.gpkg" in second


def test_layers_not_named_are_found_missing(files: Path) -> None:
    text = files.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if "population" not in line]
    files.write_text("\n".join(kept), encoding="utf-8")
    about = {finding.layer for finding in load_study(files).findings}
    assert "population" in about
    assert "facilities" not in about


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:2263", "EPSG:3857"])
def test_a_study_crs_that_is_not_in_true_metres_is_refused(files: Path, crs: str) -> None:
    # Degrees; feet; and web metres, of which there are 1.35 to a metre in Chifeng.
    text = files.read_text(encoding="utf-8").replace("EPSG:4549", crs)
    files.write_text(text, encoding="utf-8")
    with pytest.raises(CoordinateError) as refused:
        load_study(files)
    (line,) = lines_of(refused)
    assert crs in line


def test_progress_names_every_layer(files: Path) -> None:
    told: list[str] = []
    load_study(files, progress=lambda what, _: told.append(str(what)))
    for name in ("facilities", "residential", "population", "boundaries"):
        assert any(name in line for line in told)


def test_boundaries_are_read_first_and_layers_stand_as_they_are_named(files: Path) -> None:
    told: list[str] = []
    study = load_study(files, progress=lambda what, _: told.append(str(what)))
    layers = [line.split()[-1] for line in told if "图层" in line]
    assert layers == ["boundaries", "facilities", "residential", "population"]
    assert [*study.layers] == ["facilities", "residential", "population", "boundaries"]


# --- walking otherwise ---------------------------------------------------------------------------


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return toy_study(tmp_path, residential=[estate("r1", spot(200, 30))])


def test_with_walking_changes_only_what_is_named(study: Study) -> None:
    slower = study.with_walking(speed_m_per_s=0.6)
    assert slower.description.walking.speed_m_per_s == 0.6
    assert slower.description.walking.limit_min == 15
    assert study.description.walking.speed_m_per_s == 0.9
    assert slower.network is study.network
    assert slower.layers is study.layers


@pytest.mark.parametrize(
    ("key", "value"), [("speed_m_per_s", 99.0), ("limit_min", 0.0), ("pace", 1.0)]
)
def test_with_walking_refuses_what_the_file_could_not_say(
    study: Study, key: str, value: float
) -> None:
    with pytest.raises(StudyError) as refused:
        study.with_walking(**{key: value})
    (line,) = lines_of(refused)
    assert f"walking.{key}" in line


def test_an_unknown_rule_pack_is_named(files: Path) -> None:
    from analysis.evaluation import evaluate  # noqa: PLC0415 - only here is it needed

    text = 'rules = ["atlantis"]\n' + files.read_text(encoding="utf-8")
    files.write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match="atlantis"):
        evaluate(load_study(files))


def test_a_layer_of_degrees_said_to_be_metres_is_refused_by_name(files: Path) -> None:
    text = files.read_text(encoding="utf-8").replace(
        'residential = { path = "residential.gpkg" }',
        'residential = { path = "residential.gpkg", layer = "no such sheet" }',
    )
    files.write_text(text, encoding="utf-8")
    with pytest.raises((StudyError, LayerError)) as refused:
        load_study(files)
    (line,) = lines_of(refused)
    assert "residential.gpkg" in line
    assert "no such sheet" in line
