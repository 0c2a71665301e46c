"""What can be measured on a map: its bar, its circles, its north, held against paper and pencil."""

import io
import math
import re
from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from PIL import Image
from pyproj import CRS
from shapely import Point

from analysis.evaluation import Evaluation, evaluate
from report.briefing.content import Briefing
from report.briefing.making import brief
from report.briefing.material import gather
from report.maps import page as pages
from report.maps.north import bar_m, crs_line, draw_north_and_scale
from report.maps.page import Page
from report.maps.paper import A4, Box
from report.maps.proposed import sites_of
from report.maps.sheet import as_png, draw_sheet
from report.maps.window import Window
from tests.analysis.toy_study import area, box, facility, people, spot, toy_study

DPI = 254  # ten pixels a millimetre
FOOT = Box(10, 10, 120, 30)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    """Give a town in which 160 old people of one community are left, and 40 of another."""
    places = [area("s", "street", box(-100, -200, 2600, 200), name="街")]
    places += [area(f"k{at}", "community", box(at * 800 - 50, -100, at * 800 + 700, 100),
                    name=f"社{at}") for at in range(3)]  # fmt: skip
    study = toy_study(
        tmp_path_factory.mktemp("town"), boundaries=places, streets=(((0, 0), (2500, 0)),),
        facilities=[facility("f", spot(0, 0), status="operating")], walking={"limit_min": 5},
        population=[people("p0", spot(100, 0), 100, 30), people("p1", spot(1100, 0), 300, 160),
                    people("p2", spot(1900, 0), 100, 40)],
    )  # fmt: skip
    return evaluate(study, draw="when asked")


def dark_and_light_mm(image: np.ndarray, row: int, left: int) -> list[float]:
    """Return how wide the dark and light parts are along a row of pixels, in mm."""
    dark = image[row, left:, :].max(axis=1) < 110
    turns = np.flatnonzero(np.diff(dark.astype(int)))
    return [float(each) / DPI * 25.4 for each in np.diff(turns)]


@pytest.mark.parametrize("metres_per_mm", [2.5, 35.0, 140.0])
def test_the_bar_is_as_long_as_it_says(metres_per_mm: float) -> None:
    page = Page(A4)
    window = Window(Box(10, 50, 200, 120), 500_000.0, 4_600_000.0, metres_per_mm)
    draw_north_and_scale(page, FOOT, window, ratio=True)
    told = [word for word in page.words if re.fullmatch(r"[\d,.]+", word)]
    unit = 1000 if "公里" in page.words else 1
    metres = max(float(word.replace(",", "")) for word in told) * unit
    image = np.asarray(Image.open(io.BytesIO(as_png(page, dpi=DPI))).convert("RGB")).astype(int)
    bars = [
        sum(parts[:4])
        for row in range(image.shape[0])
        if (parts := _four_alike(dark_and_light_mm(image, row, 200)))
    ]
    assert len(bars) > 5  # rows of pixels through the bar
    assert np.median(bars) == pytest.approx(metres / metres_per_mm, rel=0.02)
    assert metres == bar_m(metres)  # 1, 2 or 5 times a power of ten
    assert f"比例尺 1:{metres_per_mm * 1000:,.0f}" in page.words


def _four_alike(parts: list[float]) -> list[float]:
    """Return a row's four parts of one width, dark, light, dark; else nothing.

    The last part is light and ends in the frame of its box, which is a line.
    """
    for at in range(len(parts) - 3):
        four = parts[at : at + 4]
        if min(four) > 2 and max(four) - min(four) < 0.5:  # mm
            return four
    return []


@pytest.mark.parametrize(("degrees", "side"), [(118.93, "东"), (121.2, "西"), (120.0, "")])
def test_true_north_is_said_on_the_side_on_which_it_lies(degrees: float, side: str) -> None:
    # North of the equator meridians lean towards the central one, 120°: west of it to the east.
    crs = CRS.from_epsg(4549)
    spot_m = gpd.GeoSeries([Point(degrees, 42.27)], crs="EPSG:4326").to_crs(crs).iloc[0]
    window = Window(Box(0, 0, 2, 2), spot_m.x - 1, spot_m.y - 1, 1.0)
    by_hand = abs(120 - degrees) * math.sin(math.radians(42.27))
    told = f"，真北在其{side}{by_hand:.1f}°" if side else ""
    assert str(crs_line(crs, window)) == (
        f"坐标系：CGCS2000 3度带高斯-克吕格投影，中央经线120°（EPSG:4549）；指北针为坐标北{told}"
    )


def test_circles_and_their_legend_have_one_measure(
    town: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[tuple[float, float]] = []  # size, and where it stands across
    signs = pages.Page.signs

    def noted(self: Page, placed: Any, *, shape: str, size_mm: float, **how: Any) -> None:  # noqa: ANN401
        if shape == "o":
            drawn.extend((size_mm, float(x)) for x, _ in placed)
        signs(self, placed, shape=shape, size_mm=size_mm, **how)

    monkeypatch.setattr(pages.Page, "signs", noted)
    page = draw_sheet(brief(gather(town)).maps["gaps"])
    plain = {word for word in page.words if re.fullmatch(r"[\d,]+", word)}
    assert {"160", "40"} <= plain  # each circle has its number
    largest = max(size for size, _ in drawn)
    # The area is the number: 160 people have the largest, 40 half its width; so has the legend.
    assert largest / 2 in [pytest.approx(size) for size, _ in drawn]
    for sample in (100, 20):
        assert f"{sample}" in plain
        assert any(size == pytest.approx(largest * math.sqrt(sample / 160)) for size, _ in drawn)
    assert not {"320", "80"} & plain


def test_the_sites_on_a_map_tell_the_gains_of_the_table(briefing: Briefing) -> None:
    sheet = briefing.maps["sites"]
    scene: Any = SimpleNamespace(
        window=Window(Box(0, 0, 100, 100), 0.0, 0.0, 1.0), evaluation=briefing.evaluation
    )
    sites = sites_of(scene, sheet)
    told = [row[0] for row in briefing.tables["projects"].texts(["gain_60plus"])]
    assert list(sites.gains) == told[:-1]
    table = sites.told().table
    assert table is not None
    assert [row[2] for row in table] == told[:-1]
