"""The street filter, tag by tag."""

import pytest

from geo.streets.walkable import foot_direction, private, walkable


@pytest.mark.parametrize(
    "highway",
    [
        "footway", "path", "pedestrian", "steps", "corridor", "living_street", "residential",
        "unclassified", "service", "tertiary", "tertiary_link", "secondary", "secondary_link",
        "primary", "primary_link", "trunk", "trunk_link", "road", "track", "cycleway", "bridleway",
    ],
)  # fmt: skip
def test_these_streets_are_walked(highway: str) -> None:
    assert walkable({"highway": highway})


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "motorway"},
        {"highway": "motorway_link"},
        {"highway": "construction"},
        {"highway": "proposed"},
        {"highway": "raceway"},
        {"highway": "bus_guideway"},
        {"highway": "residential", "foot": "no"},
        {"highway": "primary", "motorroad": "yes"},
        {"highway": "trunk", "sidewalk": "no"},
        {"highway": "trunk_link", "sidewalk": "none"},
        {"highway": "pedestrian", "area": "yes"},
        {"building": "yes"},
    ],
)
def test_these_are_not(tags: dict[str, str]) -> None:
    assert not walkable(tags)


def test_only_trunks_need_a_pavement() -> None:
    assert walkable({"highway": "primary", "sidewalk": "no"})
    assert walkable({"highway": "trunk", "sidewalk": "both"})


def test_cars_one_way_is_no_concern_of_walkers() -> None:
    assert foot_direction({"oneway": "yes"}) == 0
    assert foot_direction({"oneway:foot": "yes"}) == 1
    assert foot_direction({"oneway:foot": "-1"}) == -1


def test_private_ways_are_kept_and_marked() -> None:
    assert private({"highway": "service", "access": "private"})
    assert walkable({"highway": "service", "access": "private"})
    assert not private({"highway": "service", "access": "private", "foot": "yes"})
