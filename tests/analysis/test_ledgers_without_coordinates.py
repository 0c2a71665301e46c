"""A study of ledgers with addresses but no coordinates, worked by hand from files to figures.

The streets are the toy city's (see `toy_study`): A at 0, B at 300, C at 600, E at 900 m, in a row.

Ledgers
    f1  station of 50 m² that serves r2; its address is in the table: 5 m north of A
    f2  day care of 30 m²; its address is in no table
    r1  100 households, 30 m² of its own, 20 m² are due; no coordinates
    r2  400 households, none of its own; 80 m² are due, f1 gives 50; 30 m north of A-B at 200 m
People by community, without coordinates; 60+ in brackets
    Changqing  100 (20)  all in r2, the only estate there
    Yong'an    300 (60)  no estate, so 5 x 4 cells of 100 m: x 550 to 950, y -150 to 150, 3 of 60+
                         each; within 810 m are those with x + |y| + 5 <= 810:
                         y ±50: 550, 650, 750; y ±150: 550, 650 - ten cells, 30 people
    Nowhere     50 (10)  on no boundary
"""

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from analysis.evaluation import Evaluation, evaluate
from analysis.placing.by_hand import place_by_hand, unplace
from analysis.placing.unplaced import COLUMNS, EFFECTS, unplaced
from analysis.study import Study, load_study
from geo.errors import PlanningError, StudyError
from geo.findings import Finding
from tests.conftest import METRIC

from .toy_study import M_PER_MIN, area, box, spot, toy_study, write_study

FACILITIES = (
    "名称,类别,运营状态,建筑面积,服务小区,地址\n"
    "甲站,社区养老服务站,运营,50,乙小区,东街1号\n"
    "丙站,日间照料,运营,30,,西街5号\n"
)
PEOPLE = (
    "社区,总人口,60岁以上人口,街道\n长青社区,100,20,东城街道\n永安社区居委会,300,60,东城街道\n"
    "无名社区,50,10,东城街道\n"
)
WHOLE = 90  # everybody of 60+ in the table


def degrees(x: float, y: float) -> tuple[float, float]:
    here = gpd.GeoSeries([spot(x, y)], crs=METRIC).to_crs("EPSG:4326").iloc[0]
    return here.x, here.y


def cells(x: float, y: float) -> str:
    return ",".join(f"{value:.9f}" for value in degrees(x, y))


ESTATES = (
    "小区名称,户数,建设类型,养老用房面积,面积口径,养老用房状态,地址,街道,经度,纬度\n"
    "甲小区,100,已建成,30,建筑面积,运营,北街9号,东城街道,,\n"
    f"乙小区,400,已建成,,,,北街7号,东城街道,{cells(200, 30)}\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with streets, boundaries and ledgers, and a table of one address."""
    return filled(tmp_path)


def filled(folder: Path) -> Path:
    drawn = toy_study(
        folder,
        boundaries=[
            area("s1", "street", box(-300, -300, 1200, 500)) | {"name": "东城街道"},
            area("c1", "community", box(-100, -200, 400, 200)) | {"name": "长青社区"},
            area("c2", "community", box(500, -200, 1000, 200)) | {"name": "永安社区"},
        ],
    )
    write_study(drawn, folder)
    for name, text in {
        "facilities": FACILITIES, "residential": ESTATES, "population": PEOPLE,
        "places": f"地址,经度,纬度\n东街 1 号,{cells(0, 5)}\n南街3号,{cells(0, 0)}\n",
    }.items():  # fmt: skip
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def described(folder: Path, **more: str) -> Path:
    """Write the study file; `more` is what a layer's entry says besides its path."""
    layers = {
        "facilities": "facilities.csv", "residential": "residential.csv",
        "population": "population.csv", "boundaries": "boundaries.gpkg",
    }  # fmt: skip
    entries = [
        f'{name} = {{ path = "{path}"{more.get(name, "")} }}' for name, path in layers.items()
        if more.get(name) != "no"
    ]  # fmt: skip
    text = [
        'title = "Toy"', "on = 2025-12-31", 'crs = "EPSG:4549"',
        "[streets]", 'path = "streets.gpkg"', "[layers]", *entries,
    ]  # fmt: skip
    path = folder / "toy.study.toml"
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path


LOOKED_UP = {"facilities": ', places = "places.csv"'}


def walks(evaluation: Evaluation) -> pd.DataFrame:
    return evaluation.places[evaluation.places["layer"] == "residential"].set_index("place_id")


def provision(evaluation: Evaluation) -> dict[str, tuple[str, float, float]]:
    columns = ["verdict", "required_m2", "provided_m2"]
    rows = evaluation.provision.set_index("residential_id")[columns]
    return {str(row[0]): tuple(row[1:]) for row in rows.itertuples()}


PROVISION = {"r1": ("met", 20.0, 30.0), "r2": ("short", 80.0, 50.0)}


def said(findings: tuple[Finding, ...], words: str) -> list[Finding]:
    return [finding for finding in findings if words in str(finding.message)]


def located(evaluation: Evaluation) -> Mapping[str, float]:
    return {
        name: float(evaluation.homes[name].sum()) for name in ("population", "elderly_60plus")
    }


# --- nothing has a place -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    """Give the evaluation of the ledgers alone."""
    folder = filled(tmp_path_factory.mktemp("bare"))
    return evaluate(load_study(described(folder)), draw="when asked")


def test_without_a_place_nothing_is_reached_and_it_is_said_why(bare: Evaluation) -> None:
    assert bare.counted == ()
    assert walks(bare)["reason"].to_dict() == {"r1": "no_geometry", "r2": "no_facility"}
    assert not walks(bare)["reachable"].any()
    assert bare.summary["coverage"]["covered_60plus"] == 0
    assert bare.summary["coverage"]["lower_bound"]
    (told,) = said(bare.findings, "处运营设施没有坐标")
    assert "2 处" in str(told.message)


def test_the_ledgers_are_checked_all_the_same(bare: Evaluation) -> None:
    # f1 names the estate that it serves, which needs no coordinates.
    assert provision(bare) == PROVISION


def test_people_with_and_without_a_place_are_all_of_them(bare: Evaluation) -> None:
    coverage = bare.summary["coverage"]
    assert (coverage["elderly_60plus"], coverage["unlocated_60plus"]) == (80, 10)
    assert located(bare) == pytest.approx({"population": 400, "elderly_60plus": 80})
    assert bare.located.unlocated["population"] == pytest.approx(50)
    (told,) = said(bare.findings, "找不到这个名称")
    assert (told.row, told.value) == (4, "无名社区")


def test_a_household_without_a_place_is_in_no_figure_of_coverage(bare: Evaluation) -> None:
    whole = bare.coverage.iloc[0]
    assert (whole["households"], whole["areas"]) == (400, 1)


def test_what_has_no_place_is_listed_with_what_it_means(bare: Evaluation) -> None:
    table = unplaced(bare.study).set_index("id")
    assert table["layer"].to_dict() == {
        "f1": "facilities", "f2": "facilities", "r1": "residential", "p3": "population",
    }  # fmt: skip
    assert table["row"].to_dict() == {"f1": 2, "f2": 3, "r1": 2, "p3": 4}
    assert table["address"].dropna().to_dict() == {
        "f1": "东街1号", "f2": "西街5号", "r1": "北街9号",
    }  # fmt: skip
    assert table["effect"].to_dict() == {
        "f1": "not_counted", "f2": "not_counted", "r1": "no_walk", "p3": "by_name",
    }  # fmt: skip
    assert set(table["effect"]) <= set(EFFECTS)
    assert table.loc["r1", ["street", "households"]].tolist() == ["东城街道", 100]
    assert table.loc["p3", ["population", "elderly_60plus"]].tolist() == [50, 10]


def test_a_facility_that_does_not_count_anyway_does_no_harm(folder: Path) -> None:
    text = FACILITIES.replace("日间照料,运营", "日间照料,停业").replace("社区养老服务站", "养老院")
    (folder / "facilities.csv").write_text(text, encoding="utf-8")
    table = unplaced(load_study(described(folder)))
    assert table["effect"].tolist()[:2] == ["not_on_map", "not_on_map"]


# --- an address is found -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    """Give the evaluation of the ledgers with the table of addresses."""
    folder = filled(tmp_path_factory.mktemp("found"))
    return evaluate(load_study(described(folder, **LOOKED_UP)), draw="when asked")


def test_an_address_in_the_table_gives_walks(found: Evaluation) -> None:
    assert found.counted == ("f1",)
    assert walks(found).loc["r2", "minutes"] == pytest.approx(235 / M_PER_MIN, abs=0.01)
    coverage = found.summary["coverage"]
    assert coverage["covered_60plus"] == 50  # 20 in r2, 30 in ten cells
    assert coverage["share_60plus"] == pytest.approx(50 / 80)
    # The ten without a place are covered or not: 11 % of everybody, so both bounds are given.
    assert coverage["share_60plus_low"] == pytest.approx(50 / WHOLE)
    assert coverage["share_60plus_high"] == pytest.approx(60 / WHOLE)
    assert provision(found) == PROVISION


def test_what_the_table_did_is_told(found: Evaluation) -> None:
    (placed,) = said(found.findings, "按地址表")
    assert "1 行" in str(placed.message)
    (unused,) = said(found.findings, "没有用到：")
    assert (unused.file, "1 行" in str(unused.message)) == ("places.csv", True)
    # Of f2 alone is it said now that it has no coordinates.
    about = [f for f in said(found.study.findings, "没有坐标，") if f.layer == "facilities"]
    assert [(f.row, f.value) for f in about] == [(3, "丙站")]
    assert unplaced(found.study)["id"].tolist() == ["f2", "r1", "p3"]


def test_the_table_is_one_of_the_inputs(found: Evaluation) -> None:
    assert "places.csv" in found.parameters["inputs_sha256"]


def test_people_by_name_are_as_if_the_file_had_had_polygons(
    folder: Path, found: Evaluation
) -> None:
    study = load_study(described(folder, **LOOKED_UP))
    drawn = study.layers["population"].drop(columns="row")
    drawn[drawn.geometry.notna()].to_file(folder / "drawn.gpkg", layer="people")
    path = described(folder, **LOOKED_UP)
    path.write_text(
        path.read_text(encoding="utf-8").replace("population.csv", "drawn.gpkg"), encoding="utf-8"
    )
    same = evaluate(load_study(path), draw="when asked")
    pd.testing.assert_frame_equal(same.coverage, found.coverage)
    pd.testing.assert_frame_equal(
        pd.DataFrame(same.homes[["unit_id", "population", "share"]]),
        pd.DataFrame(found.homes[["unit_id", "population", "share"]]),
        atol=1e-6,
    )


def test_shifted_coordinates_of_the_table_are_brought_back(folder: Path) -> None:
    plain = load_study(described(folder, **LOOKED_UP))
    shifted = load_study(described(
        folder, facilities=', places = "places.csv", places_coordinates = "gcj02"'
    ))  # fmt: skip
    one, other = (study.layers["facilities"].geometry.iloc[0] for study in (plain, shifted))
    assert 300 < one.distance(other) < 700


def test_a_table_that_does_not_say_its_coordinates_is_asked_back(found: Evaluation) -> None:
    (told,) = [f for f in said(found.findings, "没有说明坐标系") if f.layer == "places"]
    assert told.file == "places.csv"
    assert "places_coordinates" in str(told.remedy)


def test_a_table_for_a_layer_that_needs_shapes_is_refused(folder: Path) -> None:
    with pytest.raises(StudyError, match="boundaries"):
        load_study(described(folder, boundaries=', places = "places.csv"'))


def test_a_table_without_keys_is_refused(folder: Path) -> None:
    (folder / "places.csv").write_text(f"经度,纬度\n{cells(0, 0)}\n", encoding="utf-8")
    with pytest.raises(PlanningError, match=r"places\.csv"):
        load_study(described(folder, **LOOKED_UP))


# --- places by hand ------------------------------------------------------------------------------


def test_a_place_by_hand_changes_the_walks_and_can_be_taken_back(folder: Path) -> None:
    path = described(folder, **LOOKED_UP)
    place_by_hand(path, "residential", "r1", *degrees(600, 30))
    study = load_study(path)
    evaluation = evaluate(study, draw="when asked")
    minutes = walks(evaluation)["minutes"]
    assert minutes["r1"] == pytest.approx(635 / M_PER_MIN, abs=0.01)
    # r1 is the one estate of Yong'an now. It takes in 250 of 300 people (2.5 a household), which
    # is 50 of the 60 older ones; nobody knows where the rest live.
    coverage = evaluation.summary["coverage"]
    assert (coverage["elderly_60plus"], coverage["covered_60plus"]) == (70, 70)
    assert coverage["elderly_60plus"] + coverage["unlocated_60plus"] == WHOLE
    assert provision(evaluation) == PROVISION
    assert unplaced(study)["id"].tolist() == ["f2", "p3"]
    assert "toy.places.toml" in study.inputs
    assert len(said(study.findings, "手工给的")) == 1
    assert unplace(path, "residential", "r1")
    again = load_study(path)
    assert unplaced(again)["id"].tolist() == ["f2", "r1", "p3"]
    assert "toy.places.toml" not in again.inputs


def test_a_place_by_hand_stands_above_the_table(folder: Path) -> None:
    path = described(folder, **LOOKED_UP)
    place_by_hand(path, "facilities", "f1", *degrees(300, 0))
    study = load_study(path)
    assert study.layers["facilities"].geometry.iloc[0].distance(spot(300, 0)) < 0.01
    assert unplaced(study)["id"].tolist() == ["f2", "r1", "p3"]


def test_a_ledger_that_changed_is_told(folder: Path) -> None:
    path = described(folder)
    place_by_hand(path, "facilities", "f1", *degrees(300, 0))
    rows = FACILITIES.splitlines()
    (folder / "facilities.csv").write_text("\n".join([rows[0], rows[2], rows[1]]), "utf-8")
    study = load_study(path)
    assert study.layers["facilities"].geometry.isna().all()
    (told,) = said(study.findings, "台账已变")
    assert "丙站" in str(told.message)


def test_people_without_a_name_on_the_boundaries_are_placed_by_hand(folder: Path) -> None:
    path = described(folder)
    place_by_hand(path, "population", "p3", *degrees(100, -40))
    evaluation = evaluate(load_study(path), draw="when asked")
    assert located(evaluation)["elderly_60plus"] == pytest.approx(WHOLE)
    assert evaluation.summary["coverage"]["unlocated_60plus"] == 0


# --- what cannot be ------------------------------------------------------------------------------


def test_people_without_coordinates_need_boundaries(folder: Path) -> None:
    with pytest.raises(StudyError, match=r"population\.csv"):
        load_study(described(folder, boundaries="no"))


def test_boundaries_may_stand_anywhere_in_the_study_file(folder: Path) -> None:
    path = described(folder)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:6], lines[-1], *lines[6:-1]]) + "\n", encoding="utf-8")
    study = load_study(path)
    assert [*study.layers] == ["boundaries", "facilities", "residential", "population"]
    assert study.layers["population"].geometry.notna().sum() == 2


def test_a_study_in_which_everything_has_a_place_lists_nothing(tmp_path: Path) -> None:
    study: Study = toy_study(tmp_path, boundaries=[area("b", "street", box(0, 0, 1, 1))])
    table = unplaced(study)
    assert len(table) == 0
    assert tuple(table.columns) == COLUMNS


def test_people_placed_by_hand_are_not_looked_for_on_the_boundaries(folder: Path) -> None:
    path = described(folder)

    def unfound() -> list[str]:
        told = load_study(path).findings
        return [f.value for f in told if f.layer == "population" and "找不到" in str(f.message)]

    assert unfound() == ["无名社区"]
    place_by_hand(path, "population", "p3", *degrees(300, 0))
    assert unfound() == []
    # A place by hand stands above the boundary of the name too: 100 m east, 50 m north of A.
    place_by_hand(path, "population", "p1", *degrees(100, 50))
    at = load_study(path).layers["population"].set_index("id").geometry["p1"]
    assert (at.x, at.y) == pytest.approx((spot(100, 50).x, spot(100, 50).y), abs=0.01)
