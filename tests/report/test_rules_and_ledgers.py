"""Rules with their dates, all parameters, and outlines that a cell cannot hold, each told."""

from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.position.coordinates import WGS84
from geo.schema import SCHEMAS
from report.briefing.content import Briefing
from report.briefing.rule_texts import rules_table
from report.workbook.ledger_sheet import SHAPE_TOLD, ledger_columns, outlines


def round_place(corners: int) -> shapely.Polygon:
    """Return an outline of so many corners that none of them can be spared, 300 m wide."""
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    far = 0.003 * (1 + 0.15 * np.random.default_rng(1).random(corners))
    return shapely.Polygon(np.c_[118.9 + far * np.cos(angles), 42.2 + far * np.sin(angles)])


def test_rules_say_from_when_they_are_in_force(briefing: Briefing) -> None:
    evaluation = briefing.evaluation
    every = [rule for pack in evaluation.rulebook.packs for rule in pack.rules]
    rows = rules_table(evaluation).rows.set_index("id")
    assert rows.index.tolist() == [rule.id for rule in every]  # none is left out
    later = {rule.id for rule in every if rule.in_force_from > date(2025, 12, 31)}
    assert later  # 《…若干措施》 of January 2026 among them
    assert set(rows.index[rows["standing"].eq("尚未施行")]) == later
    # No text of Chifeng says 350 m² or 5 minutes: they are Anhui's.
    borrowed = rows.index[rows["standing"].eq("借用外地做法，只作提示，不是本地依据")]
    assert [key.split("/")[1] for key in borrowed] == ["pool_walk_min", "care_room_min_m2"]
    assert rows.loc[borrowed, "document"].str.startswith("安徽省").all()
    assert set(rows.drop([*later, *borrowed])["standing"]) == {"已施行"}
    described = evaluation.study.description.model_copy(update={"on": date(2023, 8, 25)})
    before = replace(evaluation, study=replace(evaluation.study, description=described))
    told = rules_table(before)
    own = [rule.id for rule in every if rule.in_force_from == date(2023, 8, 25)]
    assert set(told.rows.set_index("id").loc[own, "standing"]) == {"已施行"}  # on its very day
    assert "2023-08-25" in str(told.note)


def test_parameters_tell_what_the_check_takes_for_granted(briefing: Briefing) -> None:
    told = dict(briefing.tables["parameters"].texts())
    described = briefing.evaluation.study.description
    assert told["主要用房至少占应配面积"] == f"{described.provision.main_room_share:.0%}"
    assert told["服务关系存疑距离（米）"] == f"{described.provision.serves_within_m:g}"
    assert told["毗邻距离（米）"] == f"{described.nearby.next_door_m:g}"
    assert told["邻近距离（米）"] == f"{described.nearby.near_m:g}"
    assert told["缺面积口径时按"] == "不作假设"
    assert told["已确认的统筹组"] == "、".join(pool.name for pool in described.pools)
    assert told["情景"] == "无"


def test_outlines_that_no_cell_holds_are_told() -> None:
    shapes = [round_place(20), round_place(1500), round_place(4000), None]
    fitted = outlines(gpd.GeoSeries(shapes, crs=WGS84))
    kinds = [None if text is None else shapely.from_wkt(text) for text, _ in fitted]
    assert kinds[0] is not None
    assert len(shapely.get_coordinates(kinds[0])) == 21
    assert [str(told) for _, told in fitted] == [
        "None", "边界已简化（偏差不超过 1 米）", "边界过长，只写了一个点", "None",
    ]  # fmt: skip
    assert kinds[1] is not None
    assert len(shapely.get_coordinates(kinds[1])) < 1500
    assert kinds[2] is not None
    assert kinds[2].geom_type == "Point"
    frame = gpd.GeoDataFrame({"id": list("abcd")}, geometry=shapes, crs=WGS84)
    columns = {column.key: column for column in ledger_columns("residential", frame)}
    assert columns[SHAPE_TOLD].told  # a reader passes over it
    assert [each is not None for each in columns[SHAPE_TOLD].cells] == [False, True, True, False]
    whole = ledger_columns("residential", frame.iloc[:1])
    assert SHAPE_TOLD not in {column.key for column in whole}


@pytest.mark.parametrize("name", ["几何说明", "达标情况"])
def test_no_layer_knows_the_columns_that_were_worked_out(name: str) -> None:
    schema = SCHEMAS["residential"]
    assert not any(name in (column.chinese, column.name) for column in schema.columns)
