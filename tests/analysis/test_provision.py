"""The provision check: situations a civil servant can read, and what must hold for all of them."""

import tomllib
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from shapely import Point, box

from analysis.description import ProvisionSettings
from analysis.provision.check import COLUMNS, check_provision, provision_summary
from analysis.provision.reasons import REASONS, SCOPE_REASONS, WARNINGS, reason_text, reasons_text
from analysis.rulebook import Rulebook
from geo.findings import Finding
from tests.analysis.told_situations import (
    METRIC,
    ON,
    SITUATIONS,
    VERDICTS,
    Assumed,
    estates,
    facilities,
    rulebook_of,
    run,
    situations,
)


@pytest.mark.parametrize("situation", list(situations()))
def test_situation(situation: dict[str, Any]) -> None:
    provision = run(situation)
    table = provision.table.set_index("residential_id")
    for expected in situation["expect"]:
        row = table.loc[expected["小区"]]
        assert row["verdict"] == VERDICTS.get(expected.get("结论"), "")
        assert row["scope_reason"] == expected.get("范围外", "")
        assert row["in_scope"] == ("范围外" not in expected)
        for word, column in {
            "应配": "required_m2",
            "已配": "provided_m2",
            "缺口": "deficit_m2",
        }.items():
            if word in expected:
                assert row[column] == pytest.approx(expected[word], abs=1e-6), word
        reasons = set(filter(None, row["reasons"].split(";")))
        if "原因" in expected:
            assert reasons - {*WARNINGS} == set(expected["原因"])
        if "提示" in expected:
            assert reasons & {*WARNINGS} == set(expected["提示"])
        if "规则" in expected:
            assert row["rule"] == expected["规则"]
    told = [*provision.findings]
    for expected in situation.get("findings", []):
        assert any(says(finding, expected) for finding in told), [str(f.line()) for f in told]


def says(finding: Finding, expected: str | dict[str, Any]) -> bool:
    """Tell whether a finding holds some words, or stands at a row and column with a value."""
    if isinstance(expected, str):
        return expected in str(finding.message)
    assert finding.remedy is not None
    return (finding.row, finding.column, finding.value) == (
        expected["行"], expected["列"], expected["值"]
    ) and expected["说"] in str(finding.message)  # fmt: skip


def several(*of: str) -> list[Any]:
    """Give the situations in which there are rows to be put in another order."""
    return [
        each for each in situations(*of)
        if len(told_by(each)["estates"]) > 1 or len(told_by(each).get("facilities", [])) > 1
    ]  # fmt: skip


def told_by(situation: Any) -> dict[str, Any]:  # noqa: ANN401 - a set of parameters
    told: dict[str, Any] = situation.values[0]  # noqa: PD011 - no pandas
    return told


@pytest.mark.parametrize(
    "situation",
    several("分期", "统筹", "统筹范围", "用房条件", "户数进位与免配", "各地标准"),
)
def test_order_of_rows_changes_no_verdict(situation: dict[str, Any]) -> None:
    turned = {**situation, "estates": situation["estates"][::-1]}
    if "facilities" in situation:
        turned["facilities"] = situation["facilities"][::-1]
    columns = ["verdict", "scope_reason", "deficit_m2", "reasons"]
    expected = run(situation).table.set_index("residential_id")[columns].sort_index()
    pd.testing.assert_frame_equal(
        run(turned).table.set_index("residential_id")[columns].sort_index(), expected
    )


def test_table_has_the_columns_of_the_contract_and_the_input_stays() -> None:
    homes = estates([{"小区": "甲", "户数": 1000, "养老用房面积": 250}])
    before = homes.copy()
    provision = check_provision(homes, None, rulebook_of("chifeng"), on=ON, assume=None)
    assert tuple(provision.table.columns) == COLUMNS
    pd.testing.assert_frame_equal(pd.DataFrame(homes), pd.DataFrame(before))


def test_no_estates_is_an_empty_table() -> None:
    provision = check_provision(None, None, Rulebook.load([]), on=ON, assume=None)
    assert provision.table.empty
    assert tuple(provision.table.columns) == COLUMNS
    assert provision_summary(provision.table)["rate"] is None


def test_without_a_status_column_every_facility_operates() -> None:
    homes = estates([{"小区": "甲", "户数": 1000}])
    rooms = facilities([{"设施": "站", "类别": "day_care", "建筑面积": 200, "位于": "甲"}], homes)
    provision = check_provision(
        homes, rooms.drop(columns="status"), rulebook_of("chifeng"), on=ON, assume=None
    )
    assert provision.table["verdict"].tolist() == ["met"]


def test_missing_columns_are_told_once_and_settled_by_assumption() -> None:
    homes = estates([{"小区": "甲", "户数": 1000, "养老用房面积": 250}]).drop(
        columns=["care_area_basis", "care_status"]
    )
    rulebook = rulebook_of("chifeng")
    silent = check_provision(homes, None, rulebook, on=ON, assume=None)
    assert silent.table["verdict"].tolist() == ["unknown"]
    assert {f.column for f in silent.findings} == {"养老用房面积口径", "养老用房状态"}
    settled = check_provision(homes, None, rulebook, on=ON, assume=Assumed("building", "operating"))
    assert settled.table["verdict"].tolist() == ["met"]
    assert settled.table["reasons"].tolist() == ["assumed;small_room"]
    assert not settled.findings


def test_facility_in_two_overlapping_estates_is_nobodys_for_certain() -> None:
    homes = estates([{"小区": "甲", "户数": 1000}, {"小区": "乙", "户数": 1000}])
    homes = homes.set_geometry([box(0, 0, 100, 100), box(50, 0, 150, 100)], crs=METRIC)
    rooms = facilities([{"设施": "站", "类别": "day_care", "建筑面积": 500}], homes)
    rooms = rooms.set_geometry([Point(75, 50)], crs=METRIC)
    provision = check_provision(homes, rooms, rulebook_of("chifeng"), on=ON, assume=None)
    assert provision.table["verdict"].tolist() == ["unknown", "unknown"]
    assert any("同时落在" in str(finding.message) for finding in provision.findings)


def test_unknown_households_of_one_estate_leave_the_share_of_the_other_open() -> None:
    homes = estates([{"小区": "甲", "户数": 1000}, {"小区": "乙"}])
    rooms = facilities(
        [{"设施": "站", "类别": "day_care", "建筑面积": 300, "服务小区": "甲;乙"}], homes
    )
    table = check_provision(homes, rooms, rulebook_of("chifeng"), on=ON, assume=None).table
    assert table["verdict"].tolist() == ["unknown", "unknown"]
    assert "facility_link_unclear" in table["reasons"][0]


def test_same_name_twice_does_not_count_a_facility_twice() -> None:
    homes = estates([{"小区": "幸福", "户数": 1000}, {"小区": "幸福", "户数": 1000}])
    homes["id"] = ["r1", "r2"]
    rooms = facilities(
        [{"设施": "站", "类别": "day_care", "建筑面积": 300, "服务小区": "幸福"}], homes.head(1)
    )
    by_name = check_provision(homes, rooms, rulebook_of("chifeng"), on=ON, assume=None)
    assert by_name.table["verdict"].tolist() == ["unknown", "unknown"]
    by_id = check_provision(
        homes, rooms.assign(serves="r2"), rulebook_of("chifeng"), on=ON, assume=None
    )
    assert by_id.table["verdict"].tolist() == ["unknown", "met"]


def test_summary_counts_and_rates() -> None:
    rows = [
        {"小区": "a", "户数": 1000, "养老用房面积": 250, "性质": "新建", "竣工": date(2015, 1, 1),
         "规划条件": date(2013, 1, 1)},
        {"小区": "b", "户数": 1000, "养老用房面积": 100, "竣工": date(2014, 1, 1)},
        {"小区": "c", "户数": 1000, "养老用房面积": 100, "竣工": date(2013, 12, 31)},
        {"小区": "d", "户数": 500},
        {"小区": "e", "户数": 0},
    ]  # fmt: skip
    homes, rulebook = estates(rows), rulebook_of("chifeng")
    table = check_provision(homes, None, rulebook, on=ON, assume=None).table
    summary = provision_summary(table, homes, rulebook, on=ON)
    counts = ("areas", "in_scope", "met", "met_pooled", "short", "unknown", "assumed")
    assert [summary[key] for key in counts] == [5, 4, 1, 0, 2, 1, 0]
    assert summary["deficit_m2"] == pytest.approx(200)
    # 500 of 3,500 households are without a verdict: 14 %.
    assert summary["rate"] == summary["rate_own"] == pytest.approx(1 / 3)
    assert summary["rate_floor"] == pytest.approx(1 / 4)
    assert summary["rate_new"] == 1
    assert summary["rate_2014"] == pytest.approx(1 / 2)
    assert summary["rate_2014_duty"] is None


def test_no_headline_rate_above_a_fifth_unknown_by_households() -> None:
    rows = [
        {"小区": "a", "户数": 790, "养老用房面积": 250},
        {"小区": "b", "户数": 210},
    ]
    table = check_provision(estates(rows), None, rulebook_of("chifeng"), on=ON, assume=None).table
    summary = provision_summary(table)
    assert summary["rate"] is None
    assert summary["rate_floor"] == 0.5
    exactly = [{**rows[0], "户数": 800}, {**rows[1], "户数": 200}]
    table = check_provision(
        estates(exactly), None, rulebook_of("chifeng"), on=ON, assume=None
    ).table
    assert provision_summary(table)["rate"] == 1.0


def test_pooled_estates_count_in_the_rate_but_not_in_the_rate_of_their_own() -> None:
    table = pd.DataFrame(
        {
            "in_scope": True,
            "households": [800.0, 1200.0, 500.0],
            "verdict": ["met_pooled", "met", "short"],
            "deficit_m2": [0.0, 0.0, 100.0],
            "reasons": ["pool_confirmed", "", "assumed"],
            "kind": ["built", "built", "built"],
        }
    )
    summary = provision_summary(table)
    assert summary["rate"] == pytest.approx(2 / 3)
    assert summary["rate_own"] == pytest.approx(1 / 3)
    assert summary["assumed"] == 1
    assert summary["rate_new"] is None


def test_every_reason_has_words() -> None:
    assert all(str(reason_text(code)) for code in [*REASONS, *SCOPE_REASONS])
    assert str(reason_text("area_from_facilities")) == "由设施台账推得"
    assert reasons_text("area_conflict;assumed") == "面积矛盾;含研究设定的假设"
    assert reasons_text("") == ""


def test_places_without_polygons_or_geometry_are_judged_by_what_is_said() -> None:
    homes = estates([{"小区": "甲", "户数": 1000}, {"小区": "乙", "户数": 1000}])
    rooms = facilities(
        [
            {"设施": "站一", "类别": "day_care", "建筑面积": 300, "服务小区": "甲"},
            {"设施": "站二", "类别": "day_care", "建筑面积": 300},
        ],
        homes,
    )
    homes = homes.set_geometry([Point(0, 0), None], crs=METRIC)
    rooms = rooms.set_geometry([None, None], crs=METRIC)
    table = check_provision(homes, rooms, rulebook_of("chifeng"), on=ON, assume=None).table
    assert table["verdict"].tolist() == ["met", "unknown"]


def test_floor_area_is_never_counted_twice() -> None:
    random = np.random.default_rng(7)
    homes = estates([{"小区": f"r{i}", "户数": int(random.integers(1, 900))} for i in range(40)])
    served = [
        "；".join(random.choice(homes["name"], size=random.integers(0, 5), replace=False))
        for _ in range(60)
    ]
    rooms = facilities(
        [
            {
                "设施": f"f{i}", "类别": "day_care", "建筑面积": 100, "服务小区": names,
                "位于": str(random.choice(homes["name"])),
                "分摊面积": [None, 40][int(random.integers(0, 2))],
            }
            for i, names in enumerate(served)
        ],
        homes,
    )  # fmt: skip
    anywhere = ProvisionSettings(serves_within_m=1e6)
    table = check_provision(
        homes, rooms, rulebook_of("chifeng"), on=ON, assume=None, settings=anywhere
    ).table
    area = rooms["allocated_m2"].fillna(100.0)
    assert table["provided_m2"].sum() == pytest.approx(area.sum())


def test_a_thousand_estates_are_judged_like_one() -> None:
    homes = estates(
        [{"小区": f"r{i}", "户数": 100 + i, "养老用房面积": 20 + i / 5} for i in range(1000)]
    )
    table = check_provision(homes, None, rulebook_of("chifeng"), on=ON, assume=None).table
    assert table["verdict"].eq("met").all()
    assert table["required_m2"].sum() == pytest.approx(0.2 * sum(range(100, 1100)))


def test_the_thirteen_cases_are_all_there() -> None:
    told = tomllib.loads((SITUATIONS / "算例.toml").read_text(encoding="utf-8"))["situation"]
    assert [situation["case"] for situation in told] == [
        "exact", "just short", "tiny", "tiny, step mode", "none", "unknown households",
        "usable area only", "planned only", "misused", "pool confirmed", "pool not confirmed",
        "three estates claim one facility", "phases",
    ]  # fmt: skip


WARNED = ("电梯", "停业", "投用")


def warned(*of: str) -> list[Any]:
    """Give the situations that tell floors, lifts or closing dates of their facilities."""
    return [
        each for each in situations(*of)
        if any(name in row for row in told_by(each).get("facilities", []) for name in WARNED)
    ]  # fmt: skip


@pytest.mark.parametrize("situation", warned("用房条件", "矛盾数据"))
def test_warnings_change_no_verdict(situation: dict[str, Any]) -> None:
    """Without floors, lifts and the closing dates nothing but what packs forbid may change."""
    rows = [
        {name: value for name, value in row.items() if name not in WARNED}
        for row in situation.get("facilities", [])
    ]
    plain = {**situation, "facilities": rows}
    assert run(plain).table["verdict"].tolist() == run(situation).table["verdict"].tolist()


def test_plain_data_gives_no_finding() -> None:
    row = {
        "小区": "甲", "户数": 1000, "养老用房面积": 400, "已交付户数": 1000,
        "规划条件": date(2018, 1, 1), "出让": date(2018, 2, 1), "许可": date(2018, 3, 1),
        "竣工": date(2020, 5, 1), "交付": date(2020, 6, 1),
    }  # fmt: skip
    room = {
        "设施": "站", "类别": "day_care", "建筑面积": 400, "服务小区": "甲", "楼层": "1",
        "验收": date(2020, 4, 1), "移交日期": date(2020, 5, 1), "投用": date(2020, 7, 1),
        "床位": 20, "护理型床位": 20,
    }  # fmt: skip
    provision = run({"estates": [row], "facilities": [room]})
    assert provision.findings == ()
    assert provision.table["reasons"].tolist() == [""]
