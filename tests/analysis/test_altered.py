"""Links, gates and blocks of a scenario, worked by hand in the toy city.

        D (300,400)
        |
A ----- B ----- C ----- E
0,0    300     600     900

f1 stands at A. At 0.9 m/s a minute is 54 m.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from analysis.evaluation import Evaluation, evaluate
from analysis.scenario import Scenario, apply
from analysis.scenario_text import read_scenario
from analysis.study import Study, kept_beside
from analysis.walking.altered import _corners
from analysis.walking.around import isochrone_around
from analysis.walking.kept_land import land_of
from analysis.walking.placing import Placed, place_study
from analysis.walking.reach import walk_everywhere
from geo.errors import PlanningError, ScenarioError
from geo.language import speaking
from geo.position.coordinates import WGS84
from geo.walks.travel import FAR
from tests.acceptance.terminal import carecircle_here
from tests.conftest import METRIC, TOY_STREETS

from .toy_study import M_PER_MIN, Row, box, estate, facility, people, spot, toy_study, write_study

AT_A = [facility("f1", spot(0, 0), status="operating")]
XY = tuple[float, float]


def degrees(x: float, y: float) -> list[float]:
    here = gpd.GeoSeries([spot(x, y)], crs=METRIC).to_crs(WGS84).iloc[0]
    return [here.x, here.y]


def link(start: XY, end: XY) -> dict[str, object]:
    return {"from": degrees(*start), "to": degrees(*end)}


def gate(name: str, x: float, y: float) -> dict[str, object]:
    lon, lat = degrees(x, y)
    return {"residential_id": name, "lon": lon, "lat": lat}


def block(*corners: XY) -> dict[str, object]:
    return {"line": [degrees(*corner) for corner in corners]}


def plan(study: Study, **content: object) -> Study:
    return apply(Scenario.model_validate({"title": "plan", **content}), study)


def placed(study: Study) -> Placed:
    return place_study(study, gpd.GeoDataFrame(geometry=[], crs=study.crs))


def metres(study: Study) -> list[float]:
    """Walk from every estate's cells, in metres; NaN where there is none."""
    walk_mm = walk_everywhere(study, placed(study)).walks.walk_mm
    return [float("nan") if mm == FAR else mm / 1000 for mm in walk_mm]


def city(folder: Path, *spots: XY, **more: object) -> Study:
    """Give a study of estates that are points."""
    estates = [estate(f"r{n}", spot(*xy)) for n, xy in enumerate(spots, 1)]
    return toy_study(folder, **{"facilities": AT_A, "residential": estates, **more})


def about(*walks: float) -> object:
    return pytest.approx(list(walks), abs=0.002, nan_ok=True)


# --- links ---------------------------------------------------------------------------------------


def test_a_link_is_its_legs_and_the_straight_between(tmp_path: Path) -> None:
    # From A to (150,200), 150 m beside B-D: 250 + 150 m. D: 200 m along B-D. (300,100): the old
    # way is 400 m, by the link 500. (300,200): where the link joins.
    study = city(tmp_path, (300, 400), (300, 100), (300, 200), (900, 0))
    assert metres(study) == about(700, 400, 500, 900)
    linked = plan(study, link=[link((0, 0), (150, 200))])
    assert metres(linked) == about(600, 400, 400, 900)


def test_a_place_nearer_to_the_link_also_leaves_by_it(tmp_path: Path) -> None:
    # (60,130) is 30 m beside the link, 140 m along it; by A-B it is 130 + 60 m.
    # (40,10) is 26 m from the link and 10 from A-B: it keeps to A-B.
    study = city(tmp_path, (60, 130), (40, 10))
    linked = plan(study, link=[link((0, 0), (150, 200))])
    assert metres(study) == about(190, 50)
    assert metres(linked) == about(170, 50)
    exits = placed(linked).exits
    assert exits.point.tolist() == [0, 0, 1]


def test_what_a_place_had_stays_though_the_link_is_nearer(tmp_path: Path) -> None:
    # (150,60) lies on the link from C to (150,60), 60 m from A-B: 210 m as before, not 449 + 60.
    study = city(tmp_path, (150, 70))
    linked = plan(study, link=[link((600, 0), (150, 60))])
    assert metres(linked) == metres(study) == about(220)


def test_a_place_beyond_the_cap_is_reached_by_a_link(tmp_path: Path) -> None:
    streets = (*TOY_STREETS, ((300, 400), (700, 400)))
    study = city(tmp_path, (450, 210), (100, 0), streets=streets, walking={"snap_max_m": 100})
    linked = plan(study, link=[link((450, 0), (450, 400))])
    assert metres(study) == about(float("nan"), 100)
    assert metres(linked) == about(210 + 450, 100)


def test_a_link_makes_streets_that_led_nowhere_usable(tmp_path: Path) -> None:
    # A lane of 100 m that meets nothing is not stepped onto; linked with D it is.
    lane = ((300, 500), (400, 500))
    study = city(tmp_path, (400, 520), (300, 400), streets=(*TOY_STREETS, lane))
    assert metres(study) == about(np.hypot(100, 120) + 700, 700)
    linked = plan(study, link=[link((300, 400), (300, 500))])
    # 20 m to the lane, 100 along it, 100 down the link: longer than straight to D, unlike below.
    assert metres(linked) == about(np.hypot(100, 120) + 700, 700)
    far = city(tmp_path, (400, 620), (300, 400), streets=(*TOY_STREETS, lane))
    assert metres(far) == about(float("nan"), 700)
    assert metres(plan(far, link=[link((300, 400), (300, 500))])) == about(120 + 200 + 700, 700)


def test_links_that_meet_are_walked_through_without_their_legs(tmp_path: Path) -> None:
    # Two links meet at (150,150), 150 m from any street: from A and on to D.
    study = city(tmp_path, (300, 400))
    corner = (150, 150)
    linked = plan(study, link=[link((0, 0), corner), link(corner, (300, 400))])
    assert metres(linked) == about(np.hypot(150, 150) + np.hypot(150, 250))


def test_a_facility_beside_a_link_is_walked_to_by_it(tmp_path: Path) -> None:
    far = [facility("f1", spot(150, 210), status="operating")]
    study = city(tmp_path, (300, 390), facilities=far, walking={"snap_max_m": 120})
    assert metres(study) == about(float("nan"))
    # To the corner of the link, 110 m along its leg to (300,200), 190 up to the place.
    linked = plan(study, link=[link((190, 200), (190, 0))])
    assert metres(linked) == about(np.hypot(40, 10) + 110 + 190)


def test_an_estate_leaves_by_a_link_near_its_entrance_from_wherever(tmp_path: Path) -> None:
    # The estate is 340 m long; its entrance is 21 m from the link, and 67 m from A.
    door = {"id": "e1", "residential_id": "r1", "geometry": spot(-60, 30)}
    study = toy_study(
        tmp_path, facilities=AT_A, residential=[estate("r1", box(-400, 20, -60, 60))],
        entrances=[door], walking={"snap_max_m": 100},
    )  # fmt: skip
    linked = placed(plan(study, link=[link((0, 0), (-60, 60))]))
    assert len(linked.points) > 10
    assert (np.bincount(linked.exits.point) == 2).all()
    assert linked.exits.by_entrance.all()


def test_a_leg_that_a_barrier_bars_is_not_walked(tmp_path: Path) -> None:
    # A wall beside the link, 12 m from it: from (60,130) one walks to A-B as before.
    wall = [{"geometry": shapely.LineString([spot(66, 108), spot(84, 132)])}]
    study = city(tmp_path, (60, 130), barriers=wall)
    free = city(tmp_path, (60, 130))
    linked = [link((0, 0), (150, 200))]
    assert metres(plan(free, link=linked)) == about(170)
    assert metres(plan(study, link=linked)) == about(190)


def test_links_and_blocks_need_no_estates(tmp_path: Path) -> None:
    homes = [people("p1", spot(300, 400), 100, 20), people("p2", spot(900, 0), 50, 30)]
    study = toy_study(tmp_path, facilities=AT_A, population=homes, walking={"limit_min": 12})
    built = evaluate(
        plan(study, link=[link((0, 0), (150, 200))], block=[block((310, -9), (310, 9))])
    )
    places = built.places.set_index("place_id")
    assert places.loc["p1", "minutes"] == pytest.approx(600 / M_PER_MIN, abs=0.001)
    assert not places.loc["p2", "reachable"]
    assert built.summary["coverage"]["share_60plus"] == 0.4
    assert len(built.isochrones) == 4


def test_a_link_to_a_gated_street_lets_nobody_through(tmp_path: Path) -> None:
    # B-D lies inside a gated estate. A link from D to C carries those who live at D, and
    # nobody from C by way of B-D.
    around = estate("r1", box(290, 10, 310, 450), gated=True)
    study = toy_study(
        tmp_path, streets=(*TOY_STREETS, ((0, 800), (300, 800))),
        facilities=[facility("f1", spot(0, 800), status="operating")],
        residential=[around, estate("r2", spot(600, 0))], walking={"component_min_m": 100},
    )  # fmt: skip
    assert placed(study).private.sum() == 1
    linked = plan(study, link=[link((300, 400), (300, 800))])
    walks = metres(linked)
    # r1, a narrow estate, is its middle point (300,230); r2 would have to go through it.
    assert walks == about(170 + 400 + 300, float("nan"))
    through = plan(study.with_walking(through_estates=True), link=[link((300, 400), (300, 800))])
    assert metres(through)[-1] == pytest.approx(300 + 400 + 400 + 300, abs=0.01)


LANES = (((0, 1000), (400, 1000)), ((0, 1100), (500, 1100)))  # 400 and 500 m, 100 m apart


@pytest.mark.parametrize(("least_m", "reason"), [(1000.0, ""), (1000.001, "off_street_too_far")])
def test_what_links_join_is_as_long_as_its_parts_and_the_links(
    tmp_path: Path, least_m: float, reason: str
) -> None:
    # Lanes and link are 400 + 500 + 100 m: exactly long enough to be stepped onto, or 1 mm short.
    study = city(
        tmp_path, (0, 0), (200, 990), streets=(*TOY_STREETS, *LANES),
        walking={"component_min_m": least_m},
    )  # fmt: skip
    assert placed(study).exits.reason.tolist() == ["", "off_street_too_far"]
    exits = placed(plan(study, link=[link((400, 1000), (400, 1100))])).exits
    assert exits.reason.tolist() == ["", reason]
    assert exits.off_street_mm.tolist() == ([0] if reason else [0, 10_000])


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_links_only_the_one_that_leads_somewhere_is_stepped_onto(
    tmp_path: Path, order: int
) -> None:
    # The link from A is 30 m from (60,130); the other joins lanes that lead nowhere.
    study = city(tmp_path, (60, 130), (0, 1050), streets=(*TOY_STREETS, *LANES))
    links = [link((0, 0), (150, 200)), link((0, 1000), (0, 1100))][::order]
    exits = placed(plan(study, link=links)).exits
    assert exits.point.tolist() == [0, 0]
    assert exits.off_street_mm.tolist() == [130_000, 30_000]
    assert exits.reason.tolist() == ["", "off_street_too_far"]


def test_a_street_on_the_far_side_of_a_place_is_still_its_nearest(tmp_path: Path) -> None:
    # From (140,0) it is 140 m west to a street and 150 m east to the link, which is 290 m from
    # that street: farther than the cap of 200.
    streets = (((0, -500), (0, 500)), ((400, -500), (400, 500)))
    study = city(tmp_path, (140, 0), streets=streets, walking={"component_min_m": 0})
    exits = placed(plan(study, link=[link((290, -100), (290, 100))])).exits
    assert (exits.point.tolist(), exits.off_street_mm.tolist()) == ([0], [140_000])


def test_ends_of_links_a_centimetre_apart_meet() -> None:
    corner, corners = _corners(np.array([[0.0, 0.0], [0.01, 0.0], [0.0, 0.0101], [5.0, 0.0]]))
    assert (corner.tolist(), corners) == ([0, 0, 1, 2], 3)


# --- gates ---------------------------------------------------------------------------------------

PLOT = estate("r1", box(100, 10, 120, 30))  # a single inner point, (110,20)


def entrance(x: float, y: float) -> Row:
    return {"id": "e1", "residential_id": "r1", "geometry": spot(x, y)}


def test_a_gate_is_one_more_way_out(tmp_path: Path) -> None:
    rows = {"facilities": AT_A, "residential": [PLOT], "entrances": [entrance(120, 20)]}
    study = toy_study(tmp_path, **rows)
    assert metres(study) == about(10 + 20 + 120)
    assert metres(plan(study, gate=[gate("r1", 100, 20)])) == about(10 + 20 + 100)


def test_an_estate_without_entrances_keeps_its_nearest_street(tmp_path: Path) -> None:
    study = toy_study(tmp_path, facilities=AT_A, residential=[PLOT])
    assert metres(study) == about(20 + 110)
    for x in (100, 120):
        assert metres(plan(study, gate=[gate("r1", x, 30)])) == about(20 + 110)


def test_people_inside_leave_by_the_gate_too(tmp_path: Path) -> None:
    wide = estate("r1", box(100, 10, 200, 110))
    study = toy_study(
        tmp_path, facilities=AT_A, residential=[wide],
        population=[people("p1", spot(150, 60), 5, 5)],
        entrances=[entrance(200, 60)],
    )  # fmt: skip
    gated = plan(study, gate=[gate("r1", 100, 60)])
    for given, walk_m in ((study, 50 + 60 + 200), (gated, 50 + 60 + 100)):
        walks = evaluate(given).places.set_index("place_id")["minutes"]
        assert walks["p1"] * M_PER_MIN == pytest.approx(walk_m, abs=0.01)


def test_a_gate_is_an_opening_in_a_barrier(tmp_path: Path) -> None:
    wall = [{"geometry": shapely.LineString([spot(-50, 5), spot(1000, 5)])}]
    estates = [PLOT, estate("r2", spot(100, 0))]
    study = toy_study(tmp_path, facilities=AT_A, residential=estates, barriers=wall)
    # The wall leaves only B-D, 190 m away; the gate stands in the wall.
    assert metres(study) == about(190 + 20 + 300, 100)
    assert metres(plan(study, gate=[gate("r1", 110, 5)])) == about(15 + 5 + 110, 100)


def test_a_gate_may_open_onto_a_link(tmp_path: Path) -> None:
    # The estate's point is (70,150), its entrance is 42 m beside the link, the gate stands on it.
    plot = estate("r1", box(60, 140, 80, 160))
    study = toy_study(
        tmp_path, facilities=AT_A, residential=[plot], entrances=[entrance(60, 150)]
    )
    assert metres(study) == about(10 + 150 + 60)
    way = [link((0, 0), (150, 200))]
    assert metres(plan(study, link=way)) == about(10 + 42 + 156)
    both = plan(study, link=way, gate=[gate("r1", 90, 120)])
    assert metres(both) == about(np.hypot(20, 30) + 150)


# --- blocks --------------------------------------------------------------------------------------


def test_nobody_walks_across_a_block(tmp_path: Path) -> None:
    study = city(tmp_path, (100, 30), (200, 30), (900, 0))
    assert metres(study) == about(130, 230, 900)
    blocked = plan(study, block=[block((150, -20), (150, 20))])
    nobody = float("nan")
    assert metres(blocked) == about(130, nobody, nobody)


def test_behind_a_block_one_walks_round(tmp_path: Path) -> None:
    ring = (*TOY_STREETS, ((300, 400), (0, 400), (0, 0)))
    study = city(tmp_path, (200, 0), streets=ring)
    blocked = plan(study, block=[block((150, -20), (150, 20))])
    assert metres(blocked) == about(100 + 400 + 300 + 400)


def test_a_place_at_the_block_keeps_to_the_side_of_the_tail(tmp_path: Path) -> None:
    study = city(tmp_path, (150, 40))
    blocked = plan(study, block=[block((150, -20), (150, 20))])
    # Network rows may be drawn from either end: one side holds the place, as a whole.
    assert metres(blocked) in (about(190), about(float("nan")))


def test_a_block_does_not_bar_the_way_to_the_street(tmp_path: Path) -> None:
    study = city(tmp_path, (100, 30))
    blocked = plan(study, block=[block((90, 15), (110, 15))])
    assert metres(blocked) == about(130)


def test_a_block_across_no_street_is_a_warning(tmp_path: Path) -> None:
    study = city(tmp_path, (100, 30))
    evaluation = evaluate(plan(study, block=[block((90, 15), (110, 15))]))
    (told,) = [f for f in evaluation.findings if "block.0" in str(f.message)]
    assert told.severity == "warning"


def test_a_link_leads_across_a_block_of_the_same_scenario(tmp_path: Path) -> None:
    study = city(tmp_path, (200, 0))
    built = plan(
        study, block=[block((150, -200), (150, 200))], link=[link((140, 30), (160, 30))]
    )
    assert metres(built) == about(140 + 30 + 20 + 30 + 40)


# --- everything that walks -----------------------------------------------------------------------


def agree(study: Study, evaluation: Evaluation) -> None:
    """Every place of the study lies inside exactly the outlines that its walk is within."""
    walk = walk_everywhere(study, placed(study))
    points = walk.placed.points
    outlines = evaluation.isochrones.to_crs(METRIC)
    assert len(outlines) >= 3
    for minutes, outline in zip(outlines["minutes"], outlines.geometry, strict=True):
        inside = shapely.contains_xy(outline, points.x, points.y)
        assert (inside == (walk.walks.walk_mm <= minutes * M_PER_MIN * 1000)).all(), minutes


GROUNDS = [
    estate("r1", box(-60, 20, 90, 190)), estate("r2", box(160, 20, 280, 380)),
    estate("r3", box(320, 20, 800, 150), gated=True), estate("r4", box(-300, 100, -160, 250)),
]  # fmt: skip
PLANS: Mapping[str, Mapping[str, Sequence[Mapping[str, object]]]] = {
    "link": {"link": [link((0, 0), (150, 200))]},
    "link out of the field": {"link": [link((-150, 0), (0, 150))]},
    "gate": {"gate": [gate("r2", 160, 300), gate("r3", 800, 80)]},
    "block": {"block": [block((150, -20), (150, 20)), block((290, 200), (310, 210))]},
    "all": {
        "link": [link((0, 0), (150, 200)), link((140, 30), (160, 30))],
        "gate": [gate("r2", 160, 300)],
        "block": [block((150, -200), (150, 200)), block((500, -9), (510, 9))],
    },
}  # fmt: skip


@pytest.mark.parametrize("what", PLANS)
def test_outlines_agree_with_every_place(tmp_path: Path, what: str) -> None:
    entrances = [entrance(90, 100), {**entrance(280, 40), "residential_id": "r2"}]
    study = toy_study(
        tmp_path, facilities=AT_A, residential=GROUNDS, entrances=entrances,
        walking={"limit_min": 12},
    )  # fmt: skip
    planned = plan(study, **PLANS[what])
    agree(planned, evaluate(planned))


@pytest.mark.parametrize("what", PLANS)
def test_land_leaves_as_any_place_there_would(tmp_path: Path, what: str) -> None:
    study = toy_study(tmp_path, facilities=AT_A, residential=GROUNDS)
    planned = plan(study, **PLANS[what])
    reach = walk_everywhere(planned, placed(planned))
    land = land_of(planned, reach.placed)
    x, y = land.centres()
    columns = land.shape[1]
    everywhere = np.arange(land.shape[0] * columns)
    walk_mm, street = reach.walk_at(x[everywhere % columns], y[everywhere // columns])
    found = np.full(len(everywhere), FAR)
    walks = reach.search.walks(land.exits)
    found[land.cell] = walks.walk_mm[: len(land.cell)]
    assert (found == walk_mm).all()
    assert (street >= 0).sum() == (walks.exit >= 0).sum()


def test_what_is_kept_beside_the_study_is_that_of_the_baseline(tmp_path: Path) -> None:
    study = toy_study(tmp_path, facilities=AT_A, residential=GROUNDS)
    evaluate(study).outlines.result()
    kept = kept_beside(study.path, "land.npz")
    before = kept.read_bytes(), kept.stat().st_mtime_ns
    for changes in PLANS.values():
        evaluate(plan(study, **changes)).outlines.result()
    assert (kept.read_bytes(), kept.stat().st_mtime_ns) == before


def test_pools_walk_the_altered_streets(tmp_path: Path) -> None:
    pools = [{"name": "p", "estates": ["r1", "r2"], "facilities": ["f1"]}]
    estates = [estate("r1", spot(100, 0)), estate("r2", spot(200, 0))]
    own = [facility("f1", spot(0, 0), status="operating", floor_area_m2=500.0)]
    study = toy_study(tmp_path, facilities=own, residential=estates, pools=pools)
    assert evaluate(study).provision["verdict"].tolist() == ["met_pooled", "met_pooled"]
    blocked = evaluate(plan(study, block=[block((150, -20), (150, 20))]))
    assert blocked.provision["verdict"].tolist()[1] != "met_pooled"


def test_an_isochrone_follows_the_altered_streets(tmp_path: Path) -> None:
    study = city(tmp_path, (200, 0))
    blocked = plan(study, block=[block((150, -20), (150, 20))])
    for altered, inside in ((study, True), (blocked, False)):
        (outline,) = isochrone_around(altered, *degrees(0, 0), minutes=[10]).geometry
        assert outline.contains(shapely.Point(degrees(200, 0))) == inside
        assert outline.contains(shapely.Point(degrees(100, 0)))


def test_links_and_gates_beside_the_band_and_shares(tmp_path: Path) -> None:
    study = city(tmp_path, (300, 400), walking={"limit_min": 12})  # 648 m
    base, linked = evaluate(study), evaluate(plan(study, link=[link((0, 0), (150, 200))]))
    assert base.places["share"].tolist() == [0.0]
    assert linked.places["share"].tolist() == [1.0]
    assert linked.places["minutes"].tolist() == pytest.approx([600 / M_PER_MIN], abs=0.001)
    told = " ".join(str(finding.message) for finding in linked.findings)
    assert "400" in told  # metres of new way, legs included


def test_a_scenario_upon_a_scenario_adds_up(tmp_path: Path) -> None:
    study = city(tmp_path, (200, 0))
    blocked = plan(study, block=[block((150, -20), (150, 20))])
    both = plan(blocked, link=[link((140, 30), (160, 30))])
    assert metres(both) == about(140 + 30 + 20 + 30 + 40)
    assert metres(study) == about(200)


def test_the_terminal_takes_them_from_a_file(tmp_path: Path) -> None:
    study = city(tmp_path, (300, 400), (200, 30), (900, 0))
    path = write_study(study, tmp_path / "files")
    scenario = tmp_path / "plan.toml"
    scenario.write_text(
        f"[[link]]\nfrom = {degrees(0, 0)}\nto = {degrees(150, 200)}\n"
        f"[[block]]\nline = {[degrees(*xy) for xy in ((700, -9), (700, 9))]}\n"
        f'[[gate]]\nresidential_id = "r2"\nlon = {degrees(150, 30)[0]}\n'
        f"lat = {degrees(150, 30)[1]}\n",
        encoding="utf-8",
    )
    out = tmp_path / "out"
    done = carecircle_here("evaluate", path, "--out", out, "--scenario", scenario)
    assert done.returncode == 0, done.stderr
    places = pd.read_csv(out / "places.csv", encoding="utf-8-sig").set_index("place_id")
    assert places.loc["r1", "minutes"] == pytest.approx(600 / M_PER_MIN, abs=0.001)
    # By the gate: 50 + 30 + 150 m, no nearer than the 30 + 200 m it had.
    assert places.loc["r2", "minutes"] == pytest.approx(230 / M_PER_MIN, abs=0.001)
    assert not places.loc["r3", "reachable"]
    assert places.loc["r3", "reason"]


# --- what is refused -----------------------------------------------------------------------------


def refused(study: Study, **content: object) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        place_study(plan(study, **content), gpd.GeoDataFrame(geometry=[], crs=study.crs))
    return str(error.value).splitlines()


def require_line(lines: list[str], *words: str) -> None:
    (line,) = lines
    assert all(word in line for word in ("plan", *words)), line


def test_a_link_that_ends_far_from_streets_is_refused(tmp_path: Path) -> None:
    study = city(tmp_path, (200, 0))
    lines = refused(study, link=[link((0, 0), (600, 300))])
    require_line(lines, "link.0.to", "200")
    assert "阻隔" not in lines[0]
    require_line(refused(study, link=[link((600, 300), (0, 0))]), "link.0.from", "200")
    lines = refused(study, link=[link((600, 300), (0, 900)), link((0, 0), (9000, 0))])
    assert len(lines) == 3


def test_a_link_walled_off_from_streets_is_refused(tmp_path: Path) -> None:
    ring = [{"geometry": box(500, 50, 700, 150)}]
    study = city(tmp_path, (200, 0), barriers=ring)
    require_line(refused(study, link=[link((600, 100), (0, 0))]), "link.0.from", "或被阻隔")


def test_a_gate_far_from_streets_is_refused(tmp_path: Path) -> None:
    study = toy_study(tmp_path, facilities=AT_A, residential=[PLOT])
    require_line(refused(study, gate=[gate("r1", 90, 230)]), "gate.0", "200")


def test_a_gate_far_from_its_estate_is_refused(tmp_path: Path) -> None:
    study = toy_study(tmp_path, facilities=AT_A, residential=[PLOT])
    require_line(refused(study, gate=[gate("r1", 800, 0)]), "gate.0", "r1")


def test_a_gate_of_an_unknown_estate_is_refused(tmp_path: Path) -> None:
    study = city(tmp_path, (200, 0))
    require_line(refused(study, gate=[gate("r9", 200, 0)]), "gate.0.residential_id", "r9")
    nobody = toy_study(tmp_path, facilities=AT_A)
    require_line(refused(nobody, gate=[gate("r1", 200, 0)]), "gate.0.residential_id", "r1")


def test_what_has_no_length_is_refused(tmp_path: Path) -> None:
    study = city(tmp_path, (200, 0))
    require_line(refused(study, link=[link((0, 0), (0, 0))]), "link.0")
    require_line(refused(study, block=[block((0, 0), (0, 0), (0, 0))]), "block.0")


@pytest.mark.parametrize(
    "twice",
    [
        {"link": [link((0, 0), (150, 200)), link((150, 200), (0, 0))]},
        {"gate": [gate("r1", 200, 0), gate("r1", 200, 0)]},
        {"block": [block((0, 9), (0, -9)), block((0, -9), (0, 9))]},
    ],
    ids=["link", "gate", "block"],
)
def test_the_same_twice_is_refused(tmp_path: Path, twice: Mapping[str, object]) -> None:
    (name,) = twice
    require_line(refused(city(tmp_path, (200, 0)), **twice), f"{name}.1", f"{name}.0")


def test_positions_that_no_map_shows_are_refused(tmp_path: Path) -> None:
    # Far beyond what the projection can hold: never a warning, never a crash.
    study = city(tmp_path, (200, 0))
    (line,) = refused(study, link=[{"from": degrees(0, 0), "to": [-60, 0]}])
    assert "link.0.to" in line


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ('[[link]]\nfrom = "a"\nto = [119, 42]\n', ("link.0.from",)),
        ('[[link]]\nfrom = ["119", "x"]\nto = [119, 42]\n', ("link.0.from.0", "link.0.from.1")),
        ("[[link]]\nfrom = [119, 42]\n", ("link.0.to",)),
        ("[[link]]\nfrom = [42, 119]\nto = [119, 42]\n", ("link.0.from.1",)),
        ("[[link]]\nfrom = [119, 42, 7]\nto = [119, 42]\n", ("link.0.from",)),
        ("[[link]]\nfrom = [119, 42]\nto = [119, nan]\n", ("link.0.to.1",)),
        ("[[link]]\nfrom = [true, 42]\nto = [119, 42]\n", ("link.0.from.0",)),
        ("[[gate]]\nlon = 119\nlat = 42\n", ("gate.0.residential_id",)),
        ('[[gate]]\nresidential_id = "r1"\nlon = 119\nlat = "x"\n', ("gate.0.lat",)),
        ("[[block]]\nline = [[119, 42]]\n", ("block.0.line",)),
        ("[[block]]\nline = [[119, 42], [119], [119, 41]]\n", ("block.0.line.1.1",)),
        ("[[block]]\nlines = [[119, 42], [119, 41]]\n", ("block.0.line", "block.0.lines")),
        ("block = [[119, 42], [119, 41]]\n", ("block.0", "block.1")),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_wrong_file_is_refused_with_a_line_for_every_key(
    tmp_path: Path, text: str, keys: tuple[str, ...], language: str
) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    with speaking(language), pytest.raises(PlanningError) as error:
        read_scenario(path)
    with speaking(language):
        lines = str(error.value).splitlines()
    assert len(lines) == len(keys)
    assert all("plan.toml" in line for line in lines)
    for key in keys:
        assert any(f"“{key}”" in line for line in lines), lines


def test_refusals_name_the_file(tmp_path: Path) -> None:
    path = tmp_path / "river.toml"
    path.write_text(
        f"[[link]]\nfrom = {degrees(0, 0)}\nto = {degrees(0, 0)}\n", encoding="utf-8"
    )
    with pytest.raises(ScenarioError, match=r"river\.toml.*link\.0"):
        apply(read_scenario(path), city(tmp_path, (200, 0)))
