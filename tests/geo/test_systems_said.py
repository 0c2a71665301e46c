"""Coordinate systems in the words of an office."""

import pytest

from geo.position.system_names import as_people_say


@pytest.mark.parametrize(("said", "words"), [
    ("wgs84", "WGS84 经纬度"), ("GCJ02", "GCJ-02（高德、腾讯）"), ("", ""),
    ("bd09、wgs84", "BD-09（百度）、WGS84 经纬度"), ("EPSG:4549 yx", "EPSG:4549 yx"),
])  # fmt: skip
def test_a_system_is_told_as_people_say_it(said: str, words: str) -> None:
    assert as_people_say(said) == words
