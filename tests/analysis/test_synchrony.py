"""The four synchronisations and the handover, told by dates a civil servant can check."""

import tomllib
from typing import Any

import pandas as pd
import pytest

from analysis.description import ProvisionSettings
from analysis.provision.check import check_provision
from analysis.provision.synchrony import COLUMNS, STEPS, synchrony
from tests.analysis.told_situations import ON, SITUATIONS, estates, facilities, rulebook_of, run

TOLD = tomllib.loads((SITUATIONS / "建议与核查" / "四同步.toml").read_text(encoding="utf-8"))
ALL = [pytest.param(s, id=s["title"]) for s in TOLD["situation"]]
NEW = {"性质": "新建", "规划条件": pd.Timestamp(2024, 1, 1).date()}
HEADERS = {
    "规划": "planned", "建设": "built", "验收": "accepted", "交付": "delivered",
    "移交": "handed_over", "完成": "steps_done", "已知": "steps_known", "首断": "first_broken_step",
}  # fmt: skip
ANSWERS = {"是": True, "否": False, "不明": pd.NA}


def steps(situation: dict[str, Any]) -> pd.DataFrame:
    rows = [{**NEW, **row} for row in situation["estates"]]
    homes = estates(rows)
    rooms = facilities(situation["facilities"], homes) if "facilities" in situation else None
    check = run({**situation, "estates": rows})
    return synchrony(
        check, homes, rooms, rulebook_of(situation.get("rules", "chifeng")), on=ON,
        settings=ProvisionSettings(late_days=situation.get("late_days", 0)),
    )  # fmt: skip


@pytest.mark.parametrize("situation", ALL)
def test_steps(situation: dict[str, Any]) -> None:
    found = steps(situation)
    assert tuple(found.columns) == COLUMNS
    found = found.set_index("residential_id")
    for expected in situation["expect"]:
        row = found.loc[expected["小区"]]
        for word, value in expected.items():
            if word in HEADERS:
                told, said = row[HEADERS[word]], ANSWERS.get(value, value)
                assert pd.isna(told) if said is pd.NA else told == said, (word, told)
    assert not {*situation.get("absent", [])} & {*found.index}


@pytest.mark.parametrize("situation", ALL)
def test_order_of_rows_changes_no_step(situation: dict[str, Any]) -> None:
    turned = {
        name: value[::-1] if isinstance(value, list) else value for name, value in situation.items()
    }
    expected = steps(situation).set_index("residential_id").sort_index()
    pd.testing.assert_frame_equal(steps(turned).set_index("residential_id").sort_index(), expected)


def test_without_estates_there_are_no_steps() -> None:
    homes = estates([{"小区": "甲", "户数": 100}]).head(0)
    rulebook = rulebook_of("chifeng")
    check = check_provision(homes, None, rulebook, on=ON, assume=None)
    found = synchrony(check, homes, None, rulebook, on=ON, settings=ProvisionSettings())
    assert found.empty
    assert tuple(found.columns) == COLUMNS


def test_every_step_has_words() -> None:
    assert [str(words) for words in STEPS.values()] == [
        "同步规划", "同步建设", "同步验收", "同步交付", "移交民政"
    ]  # fmt: skip
