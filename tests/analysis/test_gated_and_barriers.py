"""Gated estates are no short cuts, and nobody walks through a wall: by hand, and on real data."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from analysis.evaluation import Evaluation, evaluate
from analysis.provision.reasons import reason_text
from analysis.study import Study
from analysis.walking.gated import streets_inside
from analysis.walking.placing import Placed, place_study
from analysis.walking.reach import walk_everywhere
from geo.findings import Finding
from geo.streets.lines import read_lines
from geo.walks.places import BEHIND_BARRIER, put_on_streets
from geo.walks.travel import FAR
from tests.conftest import EAST, METRIC, NORTH, TOY_STREETS, frame_of

from .toy_study import (
    M_PER_MIN,
    Row,
    box,
    estate,
    facility,
    layer,
    people,
    spot,
    toy_study,
)

# A ring around, and a lane from C through the middle of it:
#
#       D --f1- G ----- F
#       |       |       |
#       |       | lane  |
#       |       |       |
# A --- B -r2-- C ----- E
RING = (
    *TOY_STREETS,
    ((300, 400), (600, 400)), ((600, 400), (900, 400)), ((900, 400), (900, 0)),
    ((600, 0), (600, 400)),
)  # fmt: skip
LANE_M = 400.0
THROUGH_M, AROUND_M = 100 + LANE_M + 100, 200 + 400 + 200
CARE = facility("f1", spot(500, 400), status="operating")
YARD = box(550, 50, 650, 350)  # holds 298 of the lane's 400 m


def ring(folder: Path, *, gated: object = True, yard: object = YARD, **more: object) -> Study:
    given = {
        "facilities": [CARE],
        "residential": [
            estate("r1", yard, gated=gated), estate("r2", spot(500, 0), gated=False)
        ],
        "population": [people("p1", spot(600, 200), 9, 9), people("p2", spot(500, 0), 9, 9)],
    }  # fmt: skip
    return toy_study(folder, streets=RING, **{**given, **more})


def minutes(evaluation: Evaluation, place: str) -> float:
    return float(evaluation.places.set_index("place_id").loc[place, "minutes"])


def placed(study: Study) -> Placed:
    return place_study(study, layer(people("p", spot(0, 0), 1, 1)).iloc[:0])


def said(findings: Sequence[Finding], name: str) -> list[Finding]:
    return [finding for finding in findings if finding.layer == name]


# --- gated estates -------------------------------------------------------------------------------


def test_a_gated_estate_is_walked_around(tmp_path: Path) -> None:
    evaluation = evaluate(ring(tmp_path))
    assert minutes(evaluation, "r2") == pytest.approx(AROUND_M / M_PER_MIN)
    assert minutes(evaluation, "p2") == pytest.approx(AROUND_M / M_PER_MIN)


def test_who_lives_there_comes_and_goes_by_its_lane(tmp_path: Path) -> None:
    # From the middle of the lane: 200 m to the ring, 100 m to f1.
    assert minutes(evaluate(ring(tmp_path)), "p1") == pytest.approx(300 / M_PER_MIN)


def test_a_facility_inside_is_walked_to(tmp_path: Path) -> None:
    inside = facility("f1", spot(600, 100), status="operating")
    evaluation = evaluate(ring(tmp_path, facilities=[inside]))
    assert minutes(evaluation, "r2") == pytest.approx(200 / M_PER_MIN)


def test_the_other_reading_goes_through(tmp_path: Path) -> None:
    study = ring(tmp_path, walking={"through_estates": True})
    evaluation = evaluate(study)
    assert minutes(evaluation, "r2") == pytest.approx(THROUGH_M / M_PER_MIN)
    assert not placed(study).private.any()
    assert said(placed(study).findings, "streets") == []
    assert evaluation.summary["parameters"]["through_estates"] is True


@pytest.mark.parametrize("gated", [False, None])
def test_an_estate_not_known_to_be_gated_is_walked_through(tmp_path: Path, gated: object) -> None:
    study = ring(tmp_path, gated=gated)
    assert minutes(evaluate(study), "r2") == pytest.approx(THROUGH_M / M_PER_MIN)
    assert said(placed(study).findings, "streets") == []


@pytest.mark.parametrize(
    ("yard", "closed"),
    [
        pytest.param(box(550, 50, 650, 252.1), True, id="200.1 m inside, the outline left out"),
        pytest.param(box(550, 50, 650, 251.9), False, id="199.9 m inside"),
        pytest.param(box(550, 50, 600, 350), False, id="along the outline"),
        pytest.param(box(550, 50, 600.9, 350), False, id="less than a metre within the outline"),
        pytest.param(box(550, 50, 601.1, 350), True, id="more than a metre within it"),
        pytest.param(spot(600, 200), False, id="a point has no ground"),
        pytest.param(None, False, id="nowhere"),
    ],
)
def test_a_street_belongs_to_the_estate_that_holds_more_than_half_of_it(
    tmp_path: Path, yard: shapely.Geometry | None, *, closed: bool
) -> None:
    study = ring(tmp_path, yard=yard)
    private = placed(study).private
    assert study.network.length_mm[private].tolist() == ([400_000] if closed else [])
    wanted_m = AROUND_M if closed else THROUGH_M
    assert minutes(evaluate(study), "r2") == pytest.approx(wanted_m / M_PER_MIN)


def test_private_ways_and_gated_estates_are_counted_in_one_note(tmp_path: Path) -> None:
    study = ring(tmp_path)
    lane = int(np.flatnonzero(placed(study).private)[0])
    # The lane itself and one more street are private by tag: the lane is counted once.
    tagged = np.zeros(len(study.network), dtype=bool)
    tagged[[lane, (lane + 1) % len(tagged)]] = True
    for private, numbers in ((~tagged & False, (1, 0, 1)), (tagged, (2, 2, 0))):
        again = replace(study, network=replace(study.network, private=private))
        (note,) = said(placed(again).findings, "streets")
        assert note.severity == "info"
        digits = "".join(c if c.isdigit() else " " for c in str(note.message))
        assert [int(number) for number in digits.split()] == [*numbers]
        assert placed(again).private.sum() == numbers[0]


def test_streets_inside_are_those_that_shapely_measures_inside() -> None:
    rng = np.random.default_rng(3)
    lines = tuple(tuple(map(tuple, line)) for line in rng.uniform(0, 400, (60, 3, 2)))
    network, _ = read_lines(frame_of(lines), METRIC, name="toy")
    west, south = rng.uniform(0, 350, (2, 12)) + np.array([[EAST], [NORTH]])
    width, height = rng.uniform(20, 250, (2, 12))
    estates = shapely.box(west, south, west + width, south + height)
    among = rng.random(len(network)) < 0.8
    found = streets_inside(network, estates, among=among)
    assert 0 < found.sum() < among.sum()
    for street, asked, line in zip(found, among, network.lines(), strict=True):
        inside_m = max(line.intersection(ground.buffer(-1)).length for ground in estates)
        assert street == (asked and inside_m > line.length / 2)


# --- barriers ------------------------------------------------------------------------------------

SHUT_IN = {"id": "w1", "geometry": box(100, 20, 140, 60)}
INSIDE = spot(120, 30)
AT_A = facility("f1", spot(0, 0), status="operating")


def wall(*xy: tuple[float, float]) -> Row:
    return {"id": "w1", "geometry": shapely.LineString([spot(x, y) for x, y in xy])}


def test_a_wall_along_the_street_sends_people_to_the_next_one(tmp_path: Path) -> None:
    # 40 m west of B-D, 30 m along it from B, then 300 m to A; without the wall 30 m and 260 m.
    home = [estate("r1", spot(260, 30)), estate("r2", spot(100, 0))]
    freely = toy_study(tmp_path, facilities=[AT_A], residential=home)
    assert minutes(evaluate(freely), "r1") == pytest.approx(290 / M_PER_MIN)
    walled = toy_study(
        tmp_path, facilities=[AT_A], residential=home, barriers=[wall((-50, 5), (299, 5))]
    )
    evaluation = evaluate(walled)
    assert minutes(evaluation, "r1") == pytest.approx((40 + 30 + 300) / M_PER_MIN)
    row = evaluation.places.set_index("place_id").loc["r1"]
    assert (row["off_street_m"], row["exit"], row["reason"]) == (40, "street", "")


def test_estates_people_and_candidates_shut_in_are_told_so(tmp_path: Path) -> None:
    study = toy_study(
        tmp_path, facilities=[AT_A], residential=[estate("r1", INSIDE), estate("r2", spot(100, 0))],
        population=[people("p1", spot(121, 31), 5, 5), people("p2", spot(10, 0), 5, 5)],
        candidates=[{"id": "c1", "name": "plot", "geometry": spot(119, 32)}], barriers=[SHUT_IN],
    )  # fmt: skip
    evaluation = evaluate(study)
    rows = evaluation.places.set_index("place_id")
    for name in ("r1", "p1", "c1"):
        assert rows.loc[name, "reason"] == BEHIND_BARRIER
        assert not rows.loc[name, "reachable"]
        assert rows.loc[name, "share"] == 0
        assert pd.isna(rows.loc[name, "minutes"])
    assert str(reason_text(BEHIND_BARRIER)) == "被阻隔挡住，走不到道路"
    assert evaluation.summary["coverage"]["unreachable_60plus"] == 5


def test_a_facility_shut_in_serves_nobody_and_is_found(tmp_path: Path) -> None:
    shut = facility("f1", INSIDE, status="operating")
    other = facility("f2", spot(0, 0), status="operating")
    study = toy_study(
        tmp_path, facilities=[shut, other], residential=[estate("r1", spot(130, 0))],
        barriers=[SHUT_IN],
    )  # fmt: skip
    assert minutes(evaluate(study), "r1") == pytest.approx(130 / M_PER_MIN)
    (note,) = said(placed(study).findings, "facilities")
    assert "care f1" in str(note.message)


def test_a_facility_in_a_walled_estate_is_reached_by_the_gate_as_its_site_was(
    tmp_path: Path,
) -> None:
    # The yard's wall is shut all around but for the gate at its foot: from r2 at A along the street
    # to below the gate, up to it and on to the middle of the yard, 140 + 20 + 40 m.
    yard = box(100, 20, 180, 100)
    walls = [{"id": "w1", "geometry": shapely.boundary(yard)}]
    gate = [{"id": "e1", "residential_id": "r1", "geometry": spot(140, 20)}]
    rows = {
        "residential": [estate("r1", yard), estate("r2", spot(0, 0))], "barriers": walls,
        "entrances": gate,
    }  # fmt: skip
    inside = spot(140, 60)
    opened = toy_study(
        tmp_path, facilities=[facility("f1", inside, status="operating")], **rows
    )
    assert minutes(evaluate(opened), "r2") == pytest.approx(200 / M_PER_MIN)
    planned = toy_study(
        tmp_path, facilities=[AT_A], candidates=[{"id": "c1", "name": "yard", "geometry": inside}],
        **rows,
    )  # fmt: skip
    assert minutes(evaluate(planned), "c1") == pytest.approx(200 / M_PER_MIN)


def test_an_estate_behind_its_wall_is_left_by_its_gate(tmp_path: Path) -> None:
    # The wall is the outline itself, closed even at the gate: the gate stands on it.
    yard = box(100, 20, 180, 100)
    study = toy_study(
        tmp_path, facilities=[AT_A], residential=[estate("r1", yard), estate("r2", spot(9, 0))],
        entrances=[{"id": "e1", "residential_id": "r1", "geometry": spot(140, 20)}],
        barriers=[{"id": "w1", "geometry": yard}],
    )  # fmt: skip
    row = evaluate(study).places.set_index("place_id").loc["r1"]
    assert (row["share"], row["exit"]) == (1.0, "entrance")
    shut = replace(study, layers={k: v for k, v in study.layers.items() if k != "entrances"})
    assert evaluate(shut).places.set_index("place_id").loc["r1", "reason"] == BEHIND_BARRIER


def test_land_and_any_point_obey_barriers_too(tmp_path: Path) -> None:
    study = toy_study(
        tmp_path, facilities=[AT_A], residential=[estate("r1", spot(100, 0))], barriers=[SHUT_IN]
    )
    evaluation = evaluate(study)
    (polygon,) = evaluation.isochrones.to_crs(METRIC).query("minutes == 15").geometry
    # The yard is a hole in the circle, to within a cell's diagonal; what is around it is inside.
    assert not polygon.contains(spot(120, 40))
    assert not polygon.intersects(box(115, 35, 125, 45))
    for x, y in ((80, 40), (160, 40), (120, 5), (120, 80)):
        assert polygon.contains(spot(x, y))
    reach = walk_everywhere(study, placed(study))
    x, y = np.array([120.0, 120.0]) + EAST, np.array([40.0, 80.0]) + NORTH
    walk_mm, street = reach.walk_at(x, y)
    assert street[0] == -1
    # North of the yard A-B cannot be seen: 180 m to B-D, 80 m down, 300 m to A.
    assert walk_mm[1] == 560_000


def test_a_strip_between_two_fences_is_drawn(tmp_path: Path) -> None:
    # Two fences 4 m apart run north from A-B, closed at both ends: nobody gets out of the strip,
    # no centre of a 10 m cell lies in it, and on both sides people walk straight to the street.
    strip = box(148, 8, 152, 108)
    study = toy_study(
        tmp_path, facilities=[AT_A], residential=[estate("r1", spot(100, 0))],
        barriers=[{"id": "w1", "geometry": strip}],
    )  # fmt: skip
    reach = walk_everywhere(study, placed(study))
    (polygon,) = evaluate(study).isochrones.to_crs(METRIC).query("minutes == 5").geometry
    rng = np.random.default_rng(2)
    x, y = rng.uniform(-50, 320, 20_000) + EAST, rng.uniform(-100, 100, 20_000) + NORTH
    walk_mm, _ = reach.walk_at(x, y)
    assert (walk_mm == FAR).sum() > 50
    wrong = np.flatnonzero(shapely.intersects_xy(polygon, x, y) != (walk_mm <= 270_000))
    gap = shapely.distance(shapely.points(x[wrong], y[wrong]), polygon.boundary)
    assert gap.max(initial=0) <= 200**0.5


# --- the bundled study of Chifeng ----------------------------------------------------------------


@pytest.fixture(scope="module")
def chifeng(bundled: Evaluation) -> Study:
    return bundled.study


def without_barriers(study: Study) -> Study:
    layers = {name: frame for name, frame in study.layers.items() if name != "barriers"}
    return replace(study, layers=layers)


@pytest.fixture(scope="module")
def through(chifeng: Study) -> Evaluation:
    return evaluate(chifeng.with_walking(through_estates=True), draw="when asked")


def test_where_estates_may_be_crossed_nobody_walks_farther(
    bundled: Evaluation, through: Evaluation
) -> None:
    one, other = bundled.places, through.places
    assert (one["place_id"] == other["place_id"]).all()
    assert (other["share"] >= one["share"]).all()
    shorter = other["minutes"] - one["minutes"]
    assert shorter.max() <= 1e-9
    assert (shorter < -0.01).any()
    for share in ("share_60plus", "share_population", "share_residential_land", "share_areas"):
        here, there = (e.summary["coverage"][share] for e in (bundled, through))
        assert 0 < here <= there < 1
    assert bundled.summary["coverage"]["share_60plus"] < through.summary["coverage"]["share_60plus"]


def test_without_barriers_more_is_covered(chifeng: Study, bundled: Evaluation) -> None:
    freely = evaluate(without_barriers(chifeng), draw="when asked")
    here, there = (e.summary["coverage"]["share_60plus"] for e in (bundled, freely))
    assert 0 < here < there < 1


def test_no_leg_of_any_place_crosses_a_barrier(chifeng: Study) -> None:
    put = place_study(chifeng, chifeng.layers["residential"].iloc[:0])
    # Points all over the city, in no estate: their legs are straight.
    rng = np.random.default_rng(8)
    west, south, east, north = chifeng.layers["residential"].total_bounds
    free = put.grounds.around(rng.uniform(west, east, 9000), rng.uniform(south, north, 9000))
    free = free.take(np.flatnonzero(free.owner < 0))
    exits = put_on_streets(put.index, free, snap_max_m=200)
    lines = chifeng.network.lines()[exits.street]
    there = shapely.line_interpolate_point(lines, exits.offset_mm / 1000)
    here = shapely.points(free.x[exits.point], free.y[exits.point])
    off_m = shapely.distance(here, there)
    assert np.abs(off_m - exits.off_street_mm / 1000).max() < 0.002
    # The place along the street is kept in whole millimetres: 2 mm at both ends are left out.
    legs = shapely.linestrings(
        np.stack([shapely.get_coordinates(here), shapely.get_coordinates(there)], axis=1)
    )
    long = off_m > 0.01
    inner = shapely.linestrings(
        np.stack(
            [shapely.get_coordinates(shapely.line_interpolate_point(legs[long], end))
             for end in (0.002, -0.002)], axis=1,
        )
    )  # fmt: skip
    walls = shapely.STRtree(chifeng.layers["barriers"].geometry.to_numpy())
    crossing, _ = walls.query(inner, predicate="intersects")
    assert len(crossing) == 0
    freely = put_on_streets(put.index.without_barriers, free, snap_max_m=200)
    assert (freely.reason == "").sum() > (exits.reason == "").sum()
    assert set(exits.reason[freely.reason == ""]) == {"", BEHIND_BARRIER}
    both = np.intersect1d(exits.point, freely.point)
    off_mm = exits.off_street_mm[np.isin(exits.point, both)]
    off_freely_mm = freely.off_street_mm[np.isin(freely.point, both)]
    assert (off_mm >= off_freely_mm).all()
    assert (off_mm > off_freely_mm).sum() > 20


def test_the_note_counts_the_ways_of_chifeng(chifeng: Study, bundled: Evaluation) -> None:
    notes = [str(f.message) for f in bundled.findings if "不作穿行" in str(f.message)]
    private = chifeng.network.private.sum()
    assert len(notes) == 1
    assert all(f"{words} {private} 条" in f" {notes[0]}" for words in ("", "私有道路"))
    assert "其他道路 0 条" in notes[0]
    assert bundled.summary["parameters"]["through_estates"] is False
