"""Whole evaluations: the toy city worked by hand, and what must hold for every study."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import shapely.affinity
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis.evaluation import Evaluation, evaluate
from analysis.matching.resolving import resolve_names
from analysis.study import load_study
from tests.conftest import METRIC, TOY_STREETS

from .toy_study import (
    M_PER_MIN,
    Row,
    area,
    box,
    estate,
    facility,
    people,
    spot,
    toy_study,
    write_study,
)

# --- the toy city by hand ------------------------------------------------------------------------
#
# The one facility that counts is f1, 10 m north of A. All walks end with 10 m to its door.
#   r1  30 m north of A-B, 200 m from A                    30 + 200 + 10 = 240 m
#   r2  200 m x 100 m north of C-E: 8 x 4 cells of 25 m, the first 712.5 m along and 12.5 m off;
#       the cell i columns east and j rows north of it walks 735 + 25 (i + j) m
#       i + j =  0  1  2  3  4  5  6  7  8  9 10
#       cells    1  2  3  4  4  4  4  4  3  2  1            32 cells, the 16th has i + j = 5
#   r3  100 m east and 300 m north of E: 316 m off         beyond the cap of 200 m
#   p1  100 m from A, 40 m off                             40 + 100 + 10 = 150 m
#   p2  50 m north of D                                    50 + 400 + 300 + 10 = 760 m
#   p3  850 m from A, 10 m off                             10 + 850 + 10 = 870 m
#   p4  at E, 20 m off                                     20 + 900 + 10 = 930 m
#   p5  300 m south of A                                   beyond the cap
#   u1  a polygon around r2, which takes in all its people
#   c1  at C                                               600 + 10 = 610 m

FACILITIES = [
    facility("f1", spot(0, 10), "community_station", status="operating"),
    facility("f2", spot(600, 0), status="building"),
    facility("f3", spot(600, 10), status=None),
    facility("f4", spot(850, 5), "care_home", status="operating"),
]
ESTATES = [
    estate("r1", spot(200, 30), 40),
    estate("r2", box(700, 10, 900, 110), 80),
    estate("r3", spot(1000, 300), 20),
]
PEOPLE = [
    people("p1", spot(100, -40), 100, 20),
    people("u1", box(690, 0, 910, 120), 100, 32),
    people("p2", spot(300, 450), 60, 30),
    people("p3", spot(850, -10), 80, 40),
    people("p4", spot(900, -20), 30, 10),
    people("p5", spot(0, -300), 10, 4),
]
AREAS = [
    area("west", "street", box(-100, -500, 500, 500)),
    area("east", "street", box(500, -500, 950, 500)),
    area("w1", "community", box(-100, -500, 250, 500)),
]
CANDIDATES = [{"id": "c1", "name": "site", "geometry": spot(600, 0)}]
CITY: dict[str, Sequence[Row]] = {
    "facilities": FACILITIES, "residential": ESTATES, "population": PEOPLE, "boundaries": AREAS,
    "candidates": CANDIDATES,
}  # fmt: skip
R2_M = 735 + 25 * 5  # the lower median cell


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return evaluate(toy_study(tmp_path_factory.mktemp("city"), **CITY))


def test_only_operating_facilities_of_the_counted_categories_count(city: Evaluation) -> None:
    assert city.counted == ("f1",)


def test_every_place_has_its_walk(city: Evaluation) -> None:
    places = city.places
    ids = ["r1", "r2", "r3", "p1", "u1", "p2", "p3", "p4", "p5", "c1"]
    assert [*places["place_id"]] == ids
    assert [*places["layer"]] == ["residential"] * 3 + ["population"] * 6 + ["candidates"]
    walk_m = np.array([240, R2_M, np.nan, 150, R2_M, 760, 870, 930, np.nan, 610])
    assert [*places["minutes"]] == pytest.approx([*(walk_m / M_PER_MIN)], nan_ok=True)
    # Cells of r2 within 810 m: 735, 760, 785, 810 m have i + j of 0 to 3.
    shares = [1, 10 / 32, 0, 1, 10 / 32, 1, 0, 0, 0, 1]
    assert [*places["share"]] == shares
    unreached = places.set_index("place_id").query("not reachable")
    assert dict(unreached["reason"]) == dict.fromkeys(["r3", "p5"], "off_street_too_far")


def test_a_place_names_its_facility_and_its_way_out(city: Evaluation) -> None:
    places = city.places.set_index("place_id")
    assert [*places.loc[["r1", "p2", "c1"], "nearest_facility_id"]] == ["f1"] * 3
    assert [*places.loc[["r1", "p2", "c1"], "off_street_m"]] == [30, 50, 0]
    assert [*places.loc[["r1", "p2", "c1"], "exit"]] == ["street"] * 3
    assert [*places.loc[["r3", "p5"], "nearest_facility_id"]] == ["", ""]
    assert places.loc[["r3", "p5"], "off_street_m"].isna().all()


def test_people_are_covered_by_share(city: Evaluation) -> None:
    coverage = city.summary["coverage"]
    # 20 of p1, 30 of p2 and 10 of the 32 in r2, of 20 + 32 + 30 + 40 + 10 + 4 people aged 60+.
    assert (coverage["covered_60plus"], coverage["elderly_60plus"]) == (60, 136)
    assert coverage["share_60plus"] == pytest.approx(60 / 136)
    assert coverage["share_population"] == pytest.approx((100 + 60 + 31.25) / 380)
    assert coverage["unreachable_60plus"] == 4
    assert coverage["unlocated_60plus"] == 0


def test_estates_households_and_land_are_covered_by_share(city: Evaluation) -> None:
    coverage = city.summary["coverage"]
    assert coverage["share_areas"] == pytest.approx(1 / 3)
    assert coverage["share_households"] == pytest.approx((40 + 80 * 10 / 32) / 140)
    assert coverage["share_residential_land"] == pytest.approx(10 / 32)


def test_the_band_reads_the_same_walks_by_other_limits(city: Evaluation) -> None:
    # 720 m: p1 alone. 900 m: p1, p2, p3 and 22 cells of r2. 1,000 m: everybody but p5.
    band = {"0.8": 20 / 136, "1.0": (20 + 30 + 40 + 22) / 136, "norm_1000m": 132 / 136}
    assert city.summary["band"] == pytest.approx(band)


def test_coverage_by_area_is_worked_by_hand(city: Evaluation) -> None:
    columns = [
        "elderly_60plus", "covered_60plus", "population", "covered_population", "areas",
        "covered_areas", "partly_areas", "households", "covered_households",
    ]  # fmt: skip
    table = city.coverage.set_index(["level", "area_id"])
    by_hand = {
        ("study", "ALL"): [136, 60, 380, 191, 3, 1, 1, 140, 65],
        ("street", "west"): [54, 50, 170, 160, 1, 1, 0, 40, 40],
        ("street", "east"): [82, 10, 210, 31, 1, 0, 1, 80, 25],
        ("street", "OUTSIDE"): [0, 0, 0, 0, 1, 0, 0, 20, 0],
        ("community", "w1"): [24, 20, 110, 100, 1, 1, 0, 40, 40],
        ("community", "OUTSIDE"): [112, 40, 270, 91, 2, 0, 1, 100, 25],
    }
    found = {key: [*table.loc[key, columns].astype(int)] for key in table.index}
    assert found == by_hand
    assert table.loc[("street", "west"), "share_60plus"] == pytest.approx(50 / 54)
    assert pd.isna(table.loc[("street", "OUTSIDE"), "share_60plus"])
    assert table.loc[("street", "east"), "covered_residential_m2"] == 6250


def test_polygons_agree_with_every_place(city: Evaluation) -> None:
    shapes = {row["id"]: row["geometry"] for row in [*PEOPLE, *ESTATES, *CANDIDATES]}
    points = {name: shape for name, shape in shapes.items() if shape.geom_type == "Point"}
    polygons = city.isochrones.to_crs(METRIC).set_index("minutes").geometry
    assert [*polygons.index] == [5, 10, 15]
    walks = city.places.set_index("place_id")["minutes"]
    for minutes, polygon in polygons.items():
        inside = {name for name, point in points.items() if polygon.covers(point)}
        assert inside == {name for name in points if walks[name] <= minutes}


def test_the_categories_of_the_study_decide_what_counts(tmp_path: Path) -> None:
    study = toy_study(tmp_path, walking={"categories": ["care_home"]}, **CITY)
    evaluation = evaluate(study)
    assert evaluation.counted == ("f4",)
    # f4 is 5 m off, 850 m along: p3 on the other side of the same street walks 10 + 5.
    row = evaluation.places.set_index("place_id").loc["p3"]
    assert row["minutes"] == pytest.approx(15 / M_PER_MIN)


def test_people_without_a_place_are_neither_covered_nor_uncovered(tmp_path: Path) -> None:
    # r1 takes in 40 x 2.5 = 100 of 200 people; there is no residential land for the other half.
    unit = people("u1", box(150, 0, 250, 100), 200, 50)
    evaluation = evaluate(
        toy_study(tmp_path, facilities=FACILITIES, residential=ESTATES[:1], population=[unit])
    )
    coverage = evaluation.summary["coverage"]
    assert (coverage["elderly_60plus"], coverage["unlocated_60plus"]) == (25, 25)
    assert coverage["share_60plus"] == 1
    assert (coverage["share_60plus_low"], coverage["share_60plus_high"]) == (0.5, 1)


def test_progress_is_told_from_nothing_to_everything(tmp_path: Path) -> None:
    told: list[float] = []
    evaluate(toy_study(tmp_path, **CITY), progress=lambda _, part: told.append(part))
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0, 1)


def test_parameters_hold_what_makes_the_numbers_again(city: Evaluation) -> None:
    parameters = city.parameters
    assert parameters["parameters"]["speed_m_per_s"] == 0.9
    assert parameters["parameters"]["people_source"] == "population"
    assert {"python", "geopandas"} <= set(parameters["versions"])
    assert parameters["network"]["kilometres"] == 1.3
    assert {"id", "value", "document"} <= set(parameters["rules"][0])
    json.dumps(parameters, allow_nan=False)


# --- what must hold for every study --------------------------------------------------------------

Layers = dict[str, list[Row]]
# A failing study is not made smaller: at a fifth of a second each that would take minutes.
FEW = settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)  # fmt: skip
COUNTED = ("elderly_60plus", "population", "areas", "households", "residential_m2")
COVERED = (
    "covered_60plus", "covered_population", "covered_areas", "covered_households",
    "covered_residential_m2",
)  # fmt: skip
CAP_M = 700  # leaves nobody out: random places may lie far from the few streets
along = st.integers(-150, 1050)
across = st.integers(-250, 600)
spots = st.builds(spot, along, across)
# Outlines never run through the middle of a cell, so that a hair's breadth decides nothing.
boxes = st.builds(
    lambda x, y, w, h: box(x + 0.3, y + 0.3, x + w + 0.3, y + h + 0.3),
    along, across, st.integers(20, 260), st.integers(20, 160),
)  # fmt: skip
counts = st.integers(0, 300)


def numbered(letter: str, rows: Sequence[Row]) -> list[Row]:
    return [{**row, "id": f"{letter}{n}"} for n, row in enumerate(rows, start=1)]


@st.composite
def cities(draw: st.DrawFn) -> Layers:
    """Give random facilities, estates, people and areas on the toy city's streets."""
    shapes = st.one_of(spots, boxes)
    words = st.sampled_from(["community_station", "day_care", "care_home"])
    states = st.sampled_from(["operating", "operating", "closed"])
    care = st.builds(lambda g, c, s: facility("", g, c, status=s), spots, words, states)
    homes = st.builds(lambda g, n: estate("", g, n), shapes, counts)
    crowd = st.builds(lambda g, n, old: people("", g, n + old, old), shapes, counts, counts)
    cut = draw(st.integers(-100, 1000)) + 0.7
    areas = [
        area("b1", "street", box(-500, -500.7, cut, 600.7)),
        area("b2", "street", box(cut, -500.7, 1050.7, 600.7)),
        area("b3", "community", box(100.7, -300.7, cut + 200, 300.7)),
    ]
    return {
        "facilities": numbered("f", draw(st.lists(care, min_size=1, max_size=4))),
        "residential": numbered("r", draw(st.lists(homes, min_size=1, max_size=4))),
        "population": numbered("p", draw(st.lists(crowd, min_size=1, max_size=4))),
        "boundaries": areas,
    }


def evaluated(folder: Path, layers: Layers, **walking: object) -> Evaluation:
    return evaluate(toy_study(folder, walking={"snap_max_m": CAP_M, **walking}, **layers))


def figures(evaluation: Evaluation) -> tuple[float, ...]:
    coverage = evaluation.summary["coverage"]
    names = [name for name in coverage if name.startswith("share_")]
    band = evaluation.summary["band"]
    return tuple(coverage[n] or 0.0 for n in sorted(names)) + tuple(band[b] or 0.0 for b in band)


def require_no_less(more: Evaluation, less: Evaluation) -> None:
    assert (more.places["share"].fillna(0) >= less.places["share"].fillna(0)).all()
    assert (more.homes["share"].to_numpy() >= less.homes["share"].to_numpy()).all()
    assert all(a >= b - 1e-12 for a, b in zip(figures(more), figures(less), strict=True))


@FEW
@given(cities(), st.floats(5, 14), st.floats(1, 2))
def test_more_minutes_never_shrink_coverage(
    tmp_path: Path, layers: Layers, minutes: float, times: float
) -> None:
    less = evaluated(tmp_path, layers, limit_min=minutes)
    require_no_less(evaluated(tmp_path, layers, limit_min=minutes * times), less)


@FEW
@given(cities(), st.floats(0.4, 1.2), st.floats(1, 2))
def test_more_speed_never_shrinks_coverage(
    tmp_path: Path, layers: Layers, speed: float, times: float
) -> None:
    less = evaluated(tmp_path, layers, speed_m_per_s=speed)
    more = evaluated(tmp_path, layers, speed_m_per_s=speed * times)
    assert more.summary["band"] == less.summary["band"]
    require_no_less(more, less)


@FEW
@given(cities(), spots)
def test_more_facilities_never_shrink_coverage(
    tmp_path: Path, layers: Layers, where: shapely.Point
) -> None:
    added = facility("z1", where, status="operating")
    more = evaluated(tmp_path, {**layers, "facilities": [*layers["facilities"], added]})
    require_no_less(more, evaluated(tmp_path, layers))


@FEW
@given(cities())
def test_zero_facilities_is_nought_percent(tmp_path: Path, layers: Layers) -> None:
    evaluation = evaluated(tmp_path, {**layers, "facilities": []})
    assert evaluation.counted == ()
    # The upper bound counts people without a place as covered.
    evaluation.summary["coverage"].pop("share_60plus_high")
    assert set(figures(evaluation)) == {0.0}
    assert not evaluation.places["reachable"].any()
    assert evaluation.isochrones.geometry.is_empty.all()


@FEW
@given(cities())
def test_parts_sum_to_the_whole_on_every_level(tmp_path: Path, layers: Layers) -> None:
    coverage = evaluated(tmp_path, layers).coverage
    whole = coverage.iloc[0]
    assert whole["area_id"] == "ALL"
    for _, rows in coverage.iloc[1:].groupby("level"):
        assert [*rows["area_id"]][-1] == "OUTSIDE"
        for name in (*COUNTED, *COVERED):
            parts, total = rows[name].astype(float), float(whole[name])
            if np.isnan(total):
                assert parts.isna().all()
            else:
                assert parts.sum() == pytest.approx(total, abs=1e-6)
    for part, total in zip(COVERED, COUNTED, strict=True):
        assert not (coverage[part].astype(float) > coverage[total].astype(float)).any()


def by_id(evaluation: Evaluation) -> list[pd.DataFrame]:
    """Return the tables in an order that is nobody's."""
    keys = [
        (evaluation.places, ["layer", "place_id"]),
        (evaluation.coverage, ["level", "area_id"]),
        (evaluation.provision, ["residential_id"]),
        (evaluation.indicators, ["key"]),
    ]
    return [table.sort_values(key).reset_index(drop=True) for table, key in keys]


EXACT = 1e-9


def require_same(one: Evaluation, other: Evaluation, *, tolerance: float = EXACT) -> None:
    for table, same in zip(by_id(one), by_id(other), strict=True):
        # Square metres are printed to the hundredth: a hair more may be the next one.
        areas = [name for name in table if name.endswith("_m2")]
        hair = tolerance if tolerance <= EXACT else 0.01 + tolerance
        for columns, apart in ((table.columns.difference(areas), tolerance), (areas, hair)):
            assert_frame_equal(
                table[columns], same[columns], check_dtype=False, rtol=0, atol=apart
            )
    assert figures(one) == pytest.approx(figures(other), abs=tolerance)


@FEW
@given(cities(), st.randoms(use_true_random=False))
def test_row_order_changes_nothing(tmp_path: Path, layers: Layers, shuffle: Random) -> None:
    # People in two overlapping units go to the first in the file, so units are spots here.
    spots_only = [
        {**row, "geometry": shapely.point_on_surface(row["geometry"])}
        for row in layers["population"]
    ]
    layers = {**layers, "population": spots_only}
    mixed = {name: shuffle.sample(rows, len(rows)) for name, rows in layers.items()}
    require_same(evaluated(tmp_path, layers), evaluated(tmp_path, mixed))


@settings(FEW, max_examples=2)
@given(cities(), st.sampled_from(["EPSG:4326", "EPSG:4549", "EPSG:4528", "EPSG:4490"]))
def test_input_crs_and_layer_order_change_nothing(
    tmp_path: Path, layers: Layers, crs: str
) -> None:
    # Nothing is decided by a hair's breadth: no cell is equally far from two streets, no place
    # from two facilities, and no whole number of metres is exactly the limit.
    streets = tuple(tuple((x + 3.1, y + 1.7) for x, y in line) for line in TOY_STREETS)
    care = [
        {**row, "geometry": shapely.affinity.translate(row["geometry"], 0.13 * number, 0.07)}
        for number, row in enumerate(layers["facilities"])
    ]
    study = toy_study(
        tmp_path, streets=streets, walking={"limit_min": 15.0131, "snap_max_m": CAP_M},
        **{**layers, "facilities": care},
    )  # fmt: skip
    same = write_study(study, tmp_path / "files", crs=crs, order=sorted(study.layers))
    # A study that is read has its streets filled in by place.
    study = replace(study, layers=resolve_names(study.layers).layers)
    require_same(evaluate(study), evaluate(load_study(same)), tolerance=1e-4)


@FEW
@given(cities())
def test_input_frames_are_unchanged_and_ids_come_back(tmp_path: Path, layers: Layers) -> None:
    study = toy_study(tmp_path, walking={"snap_max_m": CAP_M}, **layers)
    before: dict[str, gpd.GeoDataFrame] = {n: f.copy() for n, f in study.layers.items()}
    evaluation = evaluate(study)
    assert [*study.layers] == [*before]
    for name, frame in before.items():
        assert_frame_equal(pd.DataFrame(study.layers[name]), pd.DataFrame(frame))
    ids = evaluation.places.groupby("layer", sort=False)["place_id"].agg(list)
    assert ids["residential"] == [row["id"] for row in layers["residential"]]
    assert ids["population"] == [row["id"] for row in layers["population"]]
    assert [*evaluation.provision["residential_id"]] == ids["residential"]


def test_a_study_of_which_no_row_has_a_place_is_evaluated(tmp_path: Path) -> None:
    homes = [{**estate("r1", spot(0, 0), 100), "geometry": None}]
    care = [{**facility("f1", spot(0, 0)), "geometry": None}]
    found = evaluate(toy_study(tmp_path, residential=homes, facilities=care), draw="when asked")
    (row,) = found.places.to_dict("records")
    assert (row["reachable"], row["reason"]) == (False, "no_geometry")
    assert found.summary["coverage"]["share_60plus"] is None
