"""The second way itself, by hand, on streets that fit on a napkin."""

import json
import math
from pathlib import Path

import pytest
from pyproj import Transformer
from shapely import LineString, Point, box

from .second_way import SecondWay, Streets, cells_of, streets_from_lines, walked


def cross_roads(**west_tags: str) -> Streets:
    """Return four streets of 1,000 m that meet at (0, 0)."""
    streets = Streets()
    streets.add(LineString([(-1000, 0), (0, 0)]), ("west", "middle"), west_tags)
    streets.add(LineString([(0, 0), (1000, 0)]), ("middle", "east"), {})
    streets.add(LineString([(0, 0), (0, 1000)]), ("middle", "north"), {})
    streets.add(LineString([(0, -1000), (0, 0)]), ("south", "middle"), {})
    return streets


def metres(streets: Streets, place: Point, facility: Point) -> float:
    second = SecondWay(streets, {"f": facility})
    (cell_m,) = second.walk({"p": place}, ["f"])["p"].cells_m
    return cell_m


def test_round_the_corner_with_both_off_street_legs() -> None:
    assert metres(cross_roads(), Point(-300, 20), Point(30, 500)) == 20 + 300 + 500 + 30


def test_two_places_on_one_street_use_the_direct_way() -> None:
    assert metres(cross_roads(), Point(-300, 20), Point(-700, -10)) == 20 + 400 + 10


def test_beyond_the_cap_there_is_no_way() -> None:
    assert metres(cross_roads(), Point(-300, 200), Point(-300, 0)) == 200
    assert math.isinf(metres(cross_roads(), Point(-300, 201), Point(-300, 0)))


def test_a_one_way_path_is_walked_as_drawn_only() -> None:
    one_way = cross_roads(**{"oneway:foot": "yes"})
    assert metres(one_way, Point(-300, 0), Point(500, 0)) == 800
    assert math.isinf(metres(one_way, Point(500, 0), Point(-300, 0)))


def estate_between_streets() -> Streets:
    """Return two streets joined by a lane of 200 m with a lane in its middle, and by 2,200 m."""
    streets = Streets()
    streets.add(LineString([(-2000, 0), (-100, 0)]), ("west", "gate west"), {})
    streets.add(LineString([(100, 0), (2000, 0)]), ("gate east", "east"), {})
    lane = {"access": "private"}
    streets.add(LineString([(-100, 0), (0, 0)]), ("gate west", "middle"), lane)
    streets.add(LineString([(0, 0), (100, 0)]), ("middle", "gate east"), lane)
    streets.add(LineString([(0, 0), (0, 80)]), ("middle", "yard"), lane)
    around = [(-100, 0), (-100, -1000), (100, -1000), (100, 0)]
    streets.add(LineString(around), ("gate west", "gate east"), {})
    return streets


def test_an_estate_is_no_short_cut_but_has_its_own_ways_in_and_out() -> None:
    streets = estate_between_streets()
    west, east, yard, lane = Point(-300, 0), Point(300, 0), Point(0, 50), Point(-60, 0)
    assert metres(streets, west, east) == 200 + 2200 + 200
    assert metres(streets, west, yard) == metres(streets, yard, east) == 200 + 100 + 50
    assert metres(streets, lane, yard) == metres(streets, yard, lane) == 60 + 50
    assert metres(streets, lane, Point(-20, 0)) == 40
    through = SecondWay(streets, {"f": east}, through_estates=True)
    assert through.walk({"p": west}, ["f"])["p"].cells_m == (200 + 200 + 200,)


def test_a_small_piece_is_left_aside_unless_a_facility_stands_on_it() -> None:
    streets = cross_roads()
    streets.add(LineString([(-400, 60), (-200, 60)]), ("a", "b"), {})
    assert metres(streets, Point(-300, 50), Point(0, 0)) == 50 + 300
    assert metres(streets, Point(-300, 50), Point(-250, 61)) == pytest.approx(10 + 50 + 1)


def test_an_estate_is_its_grid_centres_and_a_small_one_a_point() -> None:
    centres = {(cell.x, cell.y) for cell in cells_of(box(0, 0, 50, 50))}
    assert centres == {(12.5, 12.5), (12.5, 37.5), (37.5, 12.5), (37.5, 37.5)}
    (only,) = cells_of(box(0, 0, 50, 25))
    assert (only.x, only.y) == (25, 12.5)


def test_ground_of_ones_own_does_not_count_against_the_cap() -> None:
    second = SecondWay(cross_roads(), {"f": Point(-2, 0)})
    answer = second.walk({"p": box(-1000, -400, -500, 0)}, ["f"])["p"]
    assert len(answer.cells_m) == 20 * 16
    assert all(math.isfinite(cell_m) for cell_m in answer.cells_m)
    # The nearest row of cells is 12.5 m off the street, from 510.5 m to 985.5 m along it.
    assert min(answer.cells_m) == pytest.approx(510.5 + 12.5)


def test_ends_on_a_line_join_it_and_crossings_do_not(tmp_path: Path) -> None:
    back = Transformer.from_crs("EPSG:32650", "EPSG:4326", always_xy=True)
    drawn = [
        [(500_000, 4_680_000), (502_000, 4_680_000)],
        [(501_000, 4_680_000.03), (501_000, 4_681_000)],  # ends 3 cm from the first
        [(501_500, 4_679_000), (501_500, 4_681_000)],  # crosses the first
    ]
    features = [
        {
            "type": "Feature",
            "properties": {"highway": "footway"},
            "geometry": {
                "type": "LineString",
                "coordinates": [back.transform(*corner) for corner in line],
            },
        }
        for line in drawn
    ]
    path = tmp_path / "streets.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    streets = streets_from_lines(path, "EPSG:32650")
    lengths = sorted(line.length for line in streets.lines)
    assert lengths == pytest.approx([1000, 1000, 1000, 2000], abs=0.1)
    second = SecondWay(streets, {"f": Point(500_000, 4_680_000)})
    places = {"side": Point(501_000, 4_680_500), "bridge": Point(501_500, 4_680_500)}
    answers = second.walk(places, ["f"])
    assert answers["side"].cells_m == pytest.approx((1500,), abs=0.1)
    assert math.isinf(answers["bridge"].cells_m[0])


@pytest.mark.parametrize(
    ("tags", "kept"),
    [
        ({"highway": "trunk", "sidewalk": "no"}, False),
        ({"highway": "trunk_link", "sidewalk": "none"}, False),
        ({"highway": "trunk"}, True),
        ({"highway": "primary", "sidewalk": "no"}, True),
        ({"highway": "motorway_link"}, False),
        ({"highway": "pedestrian", "area": "yes"}, False),
        ({"highway": "path", "foot": "no"}, False),
        ({"highway": "primary", "motorroad": "yes"}, False),
        ({"highway": "service", "access": "private"}, True),
        ({"building": "yes"}, False),
    ],
)
def test_the_street_filter(tags: dict[str, str], *, kept: bool) -> None:
    assert walked(tags) is kept
