"""People told by community: no longitude and latitude is asked of a community that has a name."""

import geopandas as gpd
import pytest

from geo.layers import Layer
from report.data.effects import Counting
from report.data.layer_report import report_on_layer

NAMES = ("第1社区", None, None)
STREETS = (None, "桥北街道", None)


@pytest.mark.parametrize(("named_areas", "asked"), [(False, [2, 3, 4]), (True, [4])])
def test_only_who_names_no_area_is_asked_for_a_position(
    asked: list[int], *, named_areas: bool
) -> None:
    frame = gpd.GeoDataFrame(
        {"id": ["p1", "p2", "p3"], "row": [2, 3, 4], "name": NAMES, "street": STREETS,
         "population": [10.0, 20.0, 30.0], "elderly_60plus": [1.0, 2.0, 3.0]},
        geometry=[None] * 3, crs=4326,
    )  # fmt: skip
    layer = Layer(frame, (), headers={"name": "名称", "population": "人口"})
    counting = Counting(named_areas=named_areas)
    report = report_on_layer(layer, "population", file="人口.csv", counting=counting)
    missing = report.missing
    assert missing.loc[missing["column"].eq("geometry"), "row"].tolist() == asked
    # All three are still told: nobody of them counts.
    (effect,) = (each for each in report.effects if each.column == "geometry")
    assert effect.rows == (2, 3, 4)
