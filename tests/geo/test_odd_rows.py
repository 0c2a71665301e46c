"""Rows whose figures cannot go together, and one facility under two names."""

from pathlib import Path

import pytest

from geo.errors import LayerError

from .office_ledgers import HEADER, layer_of

FACILITIES = ("名称", "类别", "建筑面积", "床位数", "经度", "纬度")
PLACE = (118.9514, 42.2613)


@pytest.mark.parametrize(("people", "told"), [(65, True), (0.14, True), (9000, True), (1350, False),
                                              (None, False)])
def test_persons_a_household(tmp_path: Path, *, people: float | None, told: bool) -> None:
    # 65 / 480 is 0.14 persons a household, 9000 / 480 is 18.75.
    layer = layer_of(tmp_path, ((*HEADER, "人口"), ("甲", 480, *PLACE, people)))
    rows = [f.row for f in layer.findings if "不相称" in str(f.message)]
    assert rows == ([2] if told else [])


def test_one_facility_under_two_names_is_told(tmp_path: Path) -> None:
    rows = (FACILITIES, ("锦绣站", "养老驿站", 310, 12, *PLACE),
            ("锦绣站（原托老所）", "养老驿站", 310, 12, *PLACE),
            ("锦绣食堂", "助餐点", 310, 12, *PLACE), ("锦绣二站", "养老驿站", 90, 12, *PLACE))
    layer = layer_of(tmp_path, rows, layer="facilities")
    (told,) = (f for f in layer.findings if "只有名称不同" in str(f.message))
    assert (told.severity, told.row) == ("warning", 3)
    assert "第 2 行“锦绣站”" in str(told.message)


def test_several_missing_columns_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match="缺少 2 列：“名称”（name）、“类别”（category）") as caught:
        layer_of(tmp_path, (("床位数", "经度", "纬度"), (12, *PLACE)), layer="facilities")
    assert "\n" not in str(caught.value)
