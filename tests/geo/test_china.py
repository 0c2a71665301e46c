"""The rough outline of China: every border town inside, the neighbours' towns outside."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.position.china import in_china
from geo.position.coordinates import bd09_to_wgs84, gcj02_to_wgs84, wgs84_to_bd09, wgs84_to_gcj02

# Towns near the border, the northernmost, southernmost, westernmost and easternmost among them.
TOWNS = {
    "塔什库尔干": (75.23, 37.77), "伊尔克什坦": (73.98, 39.68), "霍尔果斯": (80.41, 44.21),
    "塔城": (82.98, 46.75), "阿拉山口": (82.57, 45.17), "哈巴河": (86.42, 48.06),
    "额济纳": (101.07, 41.96), "二连浩特": (111.98, 43.65), "满洲里": (117.44, 49.60),
    "北极村": (122.36, 53.48), "黑河": (127.50, 50.25), "抚远": (134.30, 48.36),
    "绥芬河": (131.15, 44.40), "防川": (130.60, 42.42), "长白": (128.20, 41.42),
    "丹东": (124.39, 40.13), "成山头": (122.70, 37.40), "台北": (121.56, 25.04),
    "香港": (114.17, 22.30), "三亚": (109.50, 18.25), "永兴岛": (112.34, 16.83),
    "东兴": (107.97, 21.54), "凭祥": (106.76, 22.10), "河口": (103.96, 22.51),
    "磨憨": (101.69, 21.19), "打洛": (100.05, 21.69), "瑞丽": (97.85, 24.01),
    "察隅": (97.47, 28.66), "亚东": (88.91, 27.48), "樟木": (85.98, 27.99),
    "普兰": (81.18, 30.29), "赤峰": (118.96, 42.28), "汉阳": (114.27, 30.55),
}  # fmt: skip
ABROAD = {
    "Seoul": (126.98, 37.57), "Pyongyang": (125.75, 39.03), "Hanoi": (105.85, 21.03),
    "Delhi": (77.20, 28.60), "Kathmandu": (85.30, 27.70), "Ulaanbaatar": (106.90, 47.90),
    "Almaty": (76.90, 43.25), "Bishkek": (74.60, 42.87), "Vladivostok": (131.90, 43.10),
    "Khabarovsk": (135.07, 48.48), "Osaka": (135.50, 34.70), "Thimphu": (89.64, 27.47),
    "Mandalay": (96.08, 21.98), "Leh": (77.58, 34.16), "Singapore": (103.80, 1.30),
    "Manila": (121.00, 14.60), "Tokyo": (139.70, 35.70), "Paris": (2.35, 48.85),
    "Porto Alegre": (-51.20, -30.00),
}  # fmt: skip
SHIFTS = (wgs84_to_gcj02, gcj02_to_wgs84, wgs84_to_bd09, bd09_to_wgs84)


@pytest.mark.parametrize("place", TOWNS.values(), ids=TOWNS.keys())
def test_a_town_of_china_is_shifted(place: tuple[float, float]) -> None:
    assert in_china(*place)
    assert np.abs(np.subtract(wgs84_to_gcj02(*place), place)).max() > 1e-3


@pytest.mark.parametrize("place", ABROAD.values(), ids=ABROAD.keys())
def test_a_town_abroad_is_not(place: tuple[float, float]) -> None:
    assert not in_china(*place)
    for shift in SHIFTS:
        np.testing.assert_array_equal(shift(*place), place)


METRE = 1 / 111_320


@given(lon=st.floats(73, 135), lat=st.floats(16, 54))
def test_there_and_back_is_less_than_a_micrometre_everywhere(lon: float, lat: float) -> None:
    there = {
        "gcj02": (wgs84_to_gcj02, gcj02_to_wgs84), "bd09": (wgs84_to_bd09, bd09_to_wgs84),
    }
    for forward, back in there.values():
        shifted = forward(lon, lat)
        if in_china(lon, lat) != in_china(*shifted):
            continue  # across the outline, which runs outside the country
        again = back(*shifted)
        assert abs(again[0] - lon) < 1e-6 * METRE
        assert abs(again[1] - lat) < 1e-6 * METRE
