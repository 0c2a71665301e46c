"""The edges of a study: who may be served by what the files leave out."""

from itertools import pairwise
from pathlib import Path

import geopandas as gpd

from analysis.coverage.areas import place_points, whereabouts
from analysis.evaluation import evaluate
from analysis.study import Study
from analysis.walking import edges
from analysis.walking.edges import EdgeOfStudy
from tests.conftest import METRIC, Lines
from tests.second_language import only_chinese, speaking_stars

from .toy_study import Row, area, box, facility, layer, people, spot, toy_study

# A town of 4 km x 4 km; 15 minutes at 1.0 m/s and twice 200 m are 1,300 m around it.
TOWN = [area("b1", "street", box(0, 0, 4000, 4000))]
INSIDE = facility("f1", spot(2000, 2000), status="operating")
OUTSIDE = facility("f2", spot(4100, 2000), status="operating")
# 1,000 m and 1,200 m inside the western edge, and the middle.
CROWD = [
    people("p1", spot(1000, 2000), 100, 30),
    people("p2", spot(1200, 2000), 100, 50),
    people("p3", spot(2000, 2000), 100, 70),
]


def ring(beyond_m: float) -> Lines:
    """Return roads all round the town and one through it, so far beyond its edges."""
    low, high = -beyond_m, 4000 + beyond_m
    corners = ((low, low), (high, low), (high, high), (low, high), (low, low))
    return (*pairwise(corners), ((low, 2000.0), (high, 2000.0)))


def town(folder: Path, beyond_m: float, *care: Row, **walking: object) -> Study:
    return toy_study(
        folder, streets=ring(beyond_m), walking=walking, boundaries=TOWN, facilities=care,
        population=CROWD,
    )  # fmt: skip


def edge_of_study(study: Study, homes: gpd.GeoDataFrame) -> EdgeOfStudy:
    where = whereabouts(place_points(homes.geometry), study.layer("boundaries"))
    return edges.edge_of_study(study, homes, where)


def edge(study: Study) -> EdgeOfStudy:
    homes: gpd.GeoDataFrame = study.layers["population"]
    return edge_of_study(study, homes)


def test_streets_and_facilities_beyond_the_edge_leave_no_doubt(tmp_path: Path) -> None:
    found = edge(town(tmp_path, 1300, INSIDE, OUTSIDE))
    assert found == EdgeOfStudy(lower_bound=False, elderly_60plus=0, findings=())
    assert found.summary() == {"lower_bound": False, "edge_60plus": 0}


def test_streets_that_stop_at_the_edge_make_a_lower_bound(tmp_path: Path) -> None:
    # Off the last streets 200 m are still known: p1 is 1,200 m from the unknown, p2 1,400 m.
    found = edge(town(tmp_path, 0, INSIDE, OUTSIDE))
    assert found.summary() == {"lower_bound": True, "edge_60plus": 30}
    (finding,) = found.findings
    assert finding.severity == "warning"
    assert all(word in str(finding.message) for word in ("30", "1300"))
    assert "1300" in str(finding.remedy)


def test_facilities_that_stop_at_the_edge_make_a_lower_bound(tmp_path: Path) -> None:
    # The land beyond is unknown right from the edge: p1 and p2 are within 1,300 m of it.
    found = edge(town(tmp_path, 1300, INSIDE))
    assert found.summary() == {"lower_bound": True, "edge_60plus": 80}


def test_no_facilities_at_all_make_a_lower_bound(tmp_path: Path) -> None:
    assert edge(town(tmp_path, 1300)).lower_bound


def test_a_facility_without_a_position_is_not_beyond_the_edge(tmp_path: Path) -> None:
    assert edge(town(tmp_path, 1300, INSIDE, facility("f3", None))).lower_bound


def test_a_road_reaches_as_far_as_its_bends(tmp_path: Path) -> None:
    # One road all round: it begins and ends in a corner, the other three are bends.
    low, high = -1300.0, 5300.0
    corners = ((low, low), (high, low), (high, high), (low, high), (low, low))
    study = toy_study(
        tmp_path, streets=(corners, ((low, 2000.0), (high, 2000.0))), boundaries=TOWN,
        facilities=[INSIDE, OUTSIDE], population=CROWD,
    )  # fmt: skip
    assert not edge(study).lower_bound


def test_a_shorter_walk_needs_less_around_it(tmp_path: Path) -> None:
    # Five minutes: 300 m and twice 200 m; from 500 m of road and 200 m off it that is known.
    homes = layer(people("p9", spot(100, 2000), 10, 5))
    long, short = town(tmp_path, 500, INSIDE, OUTSIDE), town(
        tmp_path, 500, INSIDE, OUTSIDE, limit_min=5
    )
    assert edge_of_study(long, homes).elderly_60plus == 5
    assert not edge_of_study(short, homes).lower_bound


def test_nobody_near_the_edge_is_no_lower_bound(tmp_path: Path) -> None:
    study = town(tmp_path, 0, INSIDE, OUTSIDE)
    far = study.layers["population"].iloc[2:]
    assert edge_of_study(study, far).summary() == {"lower_bound": False, "edge_60plus": 0}


def test_the_number_is_unknown_where_the_elderly_are(tmp_path: Path) -> None:
    study = town(tmp_path, 0, INSIDE, OUTSIDE)
    homes = study.layers["population"].assign(elderly_60plus=float("nan"))
    found = edge_of_study(study, homes)
    assert found.summary() == {"lower_bound": True, "edge_60plus": None}
    assert "?" in str(found.findings[0].message)


def test_without_boundaries_the_hull_of_the_homes_is_the_edge(tmp_path: Path) -> None:
    crowd = [people(f"p{n}", spot(x, y), 10, 1) for n, (x, y) in enumerate([(0, 0), (100, 0)])]
    small = toy_study(tmp_path, population=crowd)
    assert edge(small).summary() == {"lower_bound": True, "edge_60plus": 2}


def test_a_study_without_people_has_no_edge(tmp_path: Path) -> None:
    nobody = gpd.GeoDataFrame({"elderly_60plus": []}, geometry=[], crs=METRIC)
    assert not edge_of_study(toy_study(tmp_path), nobody).lower_bound


def test_the_evaluation_says_so(tmp_path: Path) -> None:
    evaluation = evaluate(town(tmp_path, 0, INSIDE, OUTSIDE))
    assert evaluation.summary["coverage"]["lower_bound"]
    assert evaluation.summary["coverage"]["edge_60plus"] == 30
    assert any("30" in str(f.message) for f in evaluation.findings if f.layer == "streets")


def test_the_finding_is_read_in_the_language_of_its_reader(tmp_path: Path) -> None:
    (finding,) = edge(town(tmp_path, 0, INSIDE, OUTSIDE)).findings
    with speaking_stars():
        assert not only_chinese(str(finding.message))
