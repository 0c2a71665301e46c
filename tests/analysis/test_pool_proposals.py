"""Proposed pools: what is proposed, that nothing changes before it is confirmed, that it holds."""

import tomllib
from typing import Any, Literal

import numpy as np
import pandas as pd
import pytest

from analysis.pooling.proposals import COLUMNS, CareLayers, NearWalks, propose_pools
from analysis.provision.check import Provision, check_provision
from geo.language import speaking
from tests.analysis.told_situations import (
    ON,
    SITUATIONS,
    VERDICTS,
    Confirmed,
    candidates,
    estates,
    facilities,
    positions,
    rulebook_of,
    run,
)

TOLD = tomllib.loads((SITUATIONS / "建议与核查" / "统筹建议.toml").read_text(encoding="utf-8"))
ALL = [pytest.param(s, id=s["title"]) for s in TOLD["situation"]]
HEADERS = {
    "小区": "estates", "设施": "facilities", "户数": "households", "应配": "required_m2",
    "已配": "provided_m2", "富余": "surplus_m2", "补足小区": "members_cured",
    "补足面积": "deficit_cured_m2", "最远分钟": "longest_walk_min", "方式": "remedy",
    "备选点": "candidate_id", "费用": "cost_wan",
}  # fmt: skip
Among = Literal["street", "study"]


PROPOSED: dict[str, tuple[Provision, pd.DataFrame]] = {}


def proposed(
    situation: dict[str, Any], *, among: Among = "street"
) -> tuple[Provision, pd.DataFrame]:
    """Return the check of a situation and what is proposed, worked out once; none may change it."""
    told = repr((situation, among))
    if told not in PROPOSED:
        PROPOSED[told] = worked_out(situation, among=among)
    return PROPOSED[told]


def worked_out(situation: dict[str, Any], *, among: Among) -> tuple[Provision, pd.DataFrame]:
    homes = estates(situation["estates"])
    rooms = facilities(situation["facilities"], homes) if "facilities" in situation else None
    spots = candidates(situation["candidates"]) if "candidates" in situation else None
    told, nothing = situation["walks"], pd.Series(dtype="str")
    near = NearWalks(
        positions(told, "facility", homes["id"], nothing if rooms is None else rooms["id"]),
        positions(told, "candidate", homes["id"], nothing if spots is None else spots["id"]),
    )
    check = run({**situation, "walks": [walk for walk in told if "设施" in walk]})
    pools = [Confirmed(tuple(p["小区"]), tuple(p["设施"])) for p in situation.get("pools", [])]
    return check, propose_pools(
        check,
        CareLayers(homes, rooms, spots),
        near,
        rulebook_of(situation.get("rules", "chifeng")),
        on=ON,
        pools=pools,
        among=among,
    )


def agrees(found: pd.DataFrame, expected: list[dict[str, Any]]) -> None:
    assert found["estates"].tolist() == [row["小区"] for row in expected]
    for (_, row), told in zip(found.iterrows(), expected, strict=True):
        for word, value in told.items():
            same = value if isinstance(value, str) else pytest.approx(value)
            assert row[HEADERS[word]] == same, word


@pytest.mark.parametrize("situation", ALL)
def test_proposals(situation: dict[str, Any]) -> None:
    check, found = proposed(situation)
    assert tuple(found.columns) == COLUMNS
    agrees(found, situation["expect"])
    verdict = check.table.set_index("residential_id")["verdict"]
    for estate, told in situation.get("verdicts", {}).items():
        assert verdict[estate] == VERDICTS[told]
    if "expect_among_all" in situation:
        agrees(proposed(situation, among="study")[1], situation["expect_among_all"])


@pytest.mark.parametrize("situation", ALL)
def test_order_of_rows_changes_no_proposal(situation: dict[str, Any]) -> None:
    turned = {
        name: value[::-1] if isinstance(value, list) else value for name, value in situation.items()
    }
    columns = [name for name in COLUMNS if name != "note"]
    pd.testing.assert_frame_equal(proposed(turned)[1][columns], proposed(situation)[1][columns])


def test_a_note_says_that_it_must_be_confirmed_in_both_languages() -> None:
    _, found = proposed(TOLD["situation"][0])
    assert "若经统筹确认" in str(found["note"][0])
    assert "[[pools]]" in str(found["note"][0])
    with speaking("en"):
        assert "[[pools]]" in str(found["note"][0])


def town(seed: int) -> dict[str, Any]:
    """Return a made-up town: estates with and without rooms, shared and free stations."""
    random = np.random.default_rng(seed)
    names = [f"r{k:02}" for k in range(24)]
    homes = [
        {
            "小区": name, "户数": int(random.integers(50, 900)),
            "街道": str(random.choice(["东城", "西城"])),
            **({"养老用房面积": float(random.integers(0, 90))} if random.random() < 0.6 else {}),
        }
        for name in names
    ]  # fmt: skip
    stations = [
        {
            "设施": f"f{k:02}", "类别": "community_station",
            "建筑面积": float(random.integers(60, 700)),
            "服务小区": ";".join(random.choice(names, size=random.integers(0, 3), replace=False)),
        }
        for k in range(12)
    ]  # fmt: skip
    walks = [
        {"小区": name, "设施": station["设施"], "分钟": float(random.uniform(1, 9))}
        for name in names
        for station in stations
    ]
    return {
        "estates": homes, "facilities": stations, "walks": walks,
        "parameters": {"服务距离上限": 1e6},
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_what_is_proposed_holds_once_it_is_confirmed(seed: int) -> None:
    """Confirmed word for word, every proposal that needs nothing new cures all its members."""
    situation = town(seed)
    check, found = proposed(situation)
    before = check.table.set_index("residential_id")
    confirmed = [
        {"小区": row["estates"].split(";"), "设施": row["facilities"].split(";")}
        for _, row in found.iterrows()
    ]
    after = run({**situation, "pools": confirmed}).table.set_index("residential_id")
    cured = [e for p in confirmed for e in p["小区"] if before.loc[e, "verdict"] == "short"]
    assert after.loc[cured, "verdict"].eq("met_pooled").all()
    assert len(cured) == found["members_cured"].sum()
    assert before.loc[cured, "deficit_m2"].sum() == pytest.approx(found["deficit_cured_m2"].sum())
    rest = before.index.difference(cured)
    assert after.loc[rest, "verdict"].equals(before.loc[rest, "verdict"])
    for column in ("estates", "facilities"):
        named = [name for joined in found[column] for name in joined.split(";")]
        assert len(named) == len({*named})


def test_the_made_up_towns_do_propose() -> None:
    assert sum(len(proposed(town(seed))[1]) for seed in range(8)) > 8


def test_without_estates_nothing_is_proposed() -> None:
    homes = estates([{"小区": "甲", "户数": 100}]).head(0)
    check = check_provision(homes, None, rulebook_of("chifeng"), on=ON, assume=None)
    nobody = positions([], "facility", homes["id"], homes["id"])
    found = propose_pools(
        check, CareLayers(homes, None), NearWalks(nobody, nobody), rulebook_of("chifeng"), on=ON
    )
    assert found.empty
    assert tuple(found.columns) == COLUMNS
