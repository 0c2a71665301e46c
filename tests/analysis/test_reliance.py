"""Who relies on one facility alone, by hand; what a closing costs, as an evaluation has it."""

from pathlib import Path

import pytest

from analysis.evaluation import evaluate
from analysis.scenario import Scenario, apply
from analysis.what_if.live import Live
from analysis.what_if.reliance import Reliance, reliance
from geo.walks.travel import FAR
from tests.analysis.what_if_city import FACILITIES, ON_LANE, city, full_city


def told(tmp_path: Path, **layers: object) -> Reliance:
    return reliance(Live(evaluate(city(tmp_path, **layers), draw="when asked")))


def test_by_hand(tmp_path: Path) -> None:
    result = told(tmp_path)
    # f1: A 0 m, 100 m, beside the lane 190 m; f2: 100 m (500 m off), E 300 m.
    assert (result.covered_60plus, result.relying_60plus) == (63, 43)
    assert result.share_relying == pytest.approx(43 / 63)
    table = result.facilities
    assert [*table.columns] == [
        "facility_id", "name", "within_60plus", "relying_60plus", "share_relying", "lost_60plus",
        "without_any_60plus",
    ]  # fmt: skip
    assert table.to_numpy().tolist() == [
        ["f2", "care f2", 50, 30, 0.6, 30, 0],
        ["f1", "care f1", 33, 13, pytest.approx(13 / 33), 13, 0],
    ]
    assert result.streets.to_numpy().tolist()[:2] == [
        ["s1", "area s1", 33, 13, pytest.approx(13 / 33)], ["s2", "area s2", 30, 30, 1],
    ]  # fmt: skip
    assert result.streets["area_id"].tolist() == ["s1", "s2", "OUTSIDE"]
    assert result.streets["share_relying"].isna().tolist() == [False, False, True]


def test_whom_no_facility_within_the_horizon_is_left(tmp_path: Path) -> None:
    # Twelve minutes are 648 m: E has 900 m to f1, A 600 m to f2, beside the lane 690 m.
    table = told(tmp_path, walking={"horizon_min": 12.0}).facilities
    assert table.set_index("facility_id")["without_any_60plus"].to_dict() == {"f2": 30, "f1": 8}


def test_who_would_step_onto_another_street_is_not_lost(tmp_path: Path) -> None:
    result = told(tmp_path, facilities=(*FACILITIES, ON_LANE))
    row = result.facilities.set_index("facility_id").loc["f3"]
    # On the lane f3 alone is reached; without it one steps onto A-B, and has 190 m to f1.
    assert (row["relying_60plus"], row["lost_60plus"], row["without_any_60plus"]) == (8, 0, 0)


def test_without_facilities_or_people(tmp_path: Path) -> None:
    nobody = told(tmp_path, population=(), boundaries=())
    assert nobody.share_relying is None
    assert nobody.facilities["share_relying"].isna().all()
    assert told(tmp_path, facilities=()).facilities.empty


def test_every_closing_is_as_an_evaluation_has_it(tmp_path: Path) -> None:
    study = full_city(tmp_path)
    before = evaluate(study, draw="when asked")
    live = Live(before)
    table = reliance(live).facilities
    people, covered = live.elders.at_points(), live.now.reached.within
    assert set(table["facility_id"]) == {"f1", "f2", "f3"}
    for row in table.itertuples():
        after = evaluate(apply(Scenario(close=(row.facility_id,)), study), draw="when asked")
        shares = [each.summary["coverage"]["share_60plus"] for each in (before, after)]
        lost = (shares[0] - shares[1]) * people.sum()
        assert lost == pytest.approx(row.lost_60plus, abs=1e-9)
        nowhere = after.reach.walks.walk_mm == FAR
        assert people[covered & nowhere].sum() == pytest.approx(row.without_any_60plus)
    assert (table["lost_60plus"] > 0).any()


def test_parts_add_up(tmp_path: Path) -> None:
    result = reliance(Live(evaluate(full_city(tmp_path), draw="when asked")))
    assert result.facilities["relying_60plus"].sum() == pytest.approx(result.relying_60plus)
    for name in ("covered_60plus", "relying_60plus"):
        assert result.streets[name].sum() == pytest.approx(getattr(result, name))
    assert result.facilities["lost_60plus"].is_monotonic_decreasing
