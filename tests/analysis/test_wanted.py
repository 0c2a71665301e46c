"""Wrong values in a study are told in the writer's language, whatever is wrong with them."""

import re
from pathlib import Path

import pytest

from analysis.description import read_description
from geo.errors import PlanningError
from geo.language import speaking

GOOD = {
    "title": '"某市"', "on": "2025-12-31", "rules": '["chifeng"]',
    "layers": '{ facilities = { path = "a.csv" } }', "streets": '{ path = "x.osm" }',
}  # fmt: skip


def refusal(tmp_path: Path, **wrong: str) -> str:
    path = tmp_path / "某市.study.toml"
    text = "\n".join(f"{key} = {value}" for key, value in {**GOOD, **wrong}.items())
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PlanningError) as refused:
        read_description(path)
    return str(refused.value)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"on": '"2025-13-01"'}, "“on”的值“2025-13-01”不合要求（应为日期"),
        ({"rules": '"chifeng"'}, "“rules”的值“chifeng”不合要求（应为列表"),
        ({"title": "5"}, "“title”的值“5”不合要求（应为文字，放在引号里）"),
        ({"walking": "{ speed_m_per_s = -1 }"}, "不合要求（应大于 0.1）"),
        ({"walking": '{ limit_min = "abc" }'}, "“abc”不合要求（应为一个数"),
        ({"walking": '{ through_estates = "maybe" }'}, "不合要求（应为 true 或 false"),
        ({"layers": '{ facilities = "a.csv" }'}, "不合要求（应为成对的名和值"),
        ({"people": '{ control = "county" }'}, "应为"),
    ],
)
def test_a_wrong_value_is_told_in_chinese(
    tmp_path: Path, wrong: dict[str, str], told: str
) -> None:
    message = refusal(tmp_path, **wrong)
    assert told in message
    assert not re.search(r"Input|should|valid", message)
    with speaking("en"):
        assert not re.search(r"Input should", refusal(tmp_path, **wrong))
