"""What is told of a search that could not do more, and of costs and cells that are unknown.

The road of `test_choosing`: c1 adds 50 people, c2 150, c3 130 and c4 30.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from analysis.evaluation import evaluate
from analysis.siting.asked import Asked, Objective
from analysis.siting.choosing import Proposal, choose_sites
from analysis.siting.reasons import Reasoning
from analysis.siting.searches import why_none
from analysis.siting.solving.solution import Status
from analysis.siting.told import site_reasons, why_not_sentences
from analysis.study import load_study
from geo.errors import SitingError
from tests.analysis.test_choosing import HOMES, PLOTS, ROAD, ids, plot, town
from tests.analysis.toy_study import facility, people, spot, toy_study, write_study

COSTS = {"c1": 40.0, "c2": 70.0, "c3": 500.0, "c4": 10.0}


def why_not(proposal: Proposal) -> dict[str, str]:
    """Return why each candidate was not chosen, by its id."""
    told = why_not_sentences(proposal, Reasoning(proposal).why_not())
    names = proposal.eligible.table["candidate_id"]
    return dict(zip(names, (str(each) for each in told), strict=True))


def reasons(proposal: Proposal) -> list[str]:
    """Return why each site was chosen."""
    return [str(each) for each in site_reasons(proposal, Reasoning(proposal).reasons())]


def test_sites_at_the_time_limit_are_told_by_their_own_worst_walk(tmp_path: Path) -> None:
    # c2 and c1: 5000 walks 2,150 to c2, farther than 500 to f1, 1500 to c1, 2500 and 3200 to c2.
    # At best 500 walks 500, whatever is built.
    evaluation = town(tmp_path, plots={"c1": {"mandatory": True}})
    asked = Asked(count=2, objective=Objective.P_CENTER, seconds=0)
    proposal = choose_sites(evaluation, asked)
    assert ids(proposal) == ["c2", "c1"]
    assert (proposal.solution.value, proposal.solution.bound) == (2150, 500)
    assert proposal.solution.status is Status.TIME_LIMIT
    assert why_none(proposal.found) == ()


def test_how_many_sites_would_reach_everybody_is_told(tmp_path: Path) -> None:
    # The horizon is 3,240 m: 5000 is out of reach of f1 and in reach of c2, c3 and c4.
    evaluation = town(tmp_path)
    none = choose_sites(evaluation, Asked(count=0, objective=Objective.P_CENTER))
    assert none.solution.status is Status.INFEASIBLE
    assert "请增加处数：1 处就够" in str(why_none(none.found)[0])
    assert why_not(none)["c2"] == "单独建可新增覆盖 150 人；所问无解，未选任何点"
    # With c1 mandatory, which does not reach it, two are needed.
    evaluation = town(tmp_path, plots={"c1": {"mandatory": True}})
    one = choose_sites(evaluation, Asked(count=1, objective=Objective.P_CENTER))
    assert "请增加处数：2 处就够" in str(why_none(one.found)[0])


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), -1.0])
def test_a_time_that_is_none_is_refused(seconds: float) -> None:
    with pytest.raises(SitingError, match="--seconds"):
        Asked(count=1, seconds=seconds)


def test_what_rebuilding_costs_is_read_of_the_facility(tmp_path: Path) -> None:
    canteen = {"id_": "f9", "geometry": spot(2850, 0), "category": "canteen"}
    plots: dict[str, dict[str, object]] = {id_: {"cost_wan": wan} for id_, wan in COSTS.items()}
    plots["c2"]["forbidden"] = True
    asked = Asked(budget_wan=40.0, may_upgrade=("f9",))
    # Unknown: c1 alone, 50 people for 40. The remedy names the column of the facilities.
    unknown = choose_sites(
        town(tmp_path, plots=plots, more=[facility(**canteen)]), asked
    )
    assert ids(unknown) == ["c1"]
    assert why_not(unknown)["f9"] == "单独建可新增覆盖 150 人；费用未知"
    (told,) = (each for each in unknown.findings if "没有费用" in str(each.message))
    assert str(told.remedy) == "改建现有设施的费用写在设施表的“改建费用（万元）”列。"
    # 30: 150 people, and c4 beside it for 10.
    known = choose_sites(
        town(tmp_path, plots=plots, more=[facility(**canteen, cost_wan=30.0)]),
        asked,
    )
    assert ids(known) == ["f9", "c4"]
    assert known.solution.value == 180
    # c1 in the place of c4 would add 20 more people, and cost 40 beside the 30 of f9.
    assert why_not(known)["c1"].endswith("合计多 20 人，但连同其余各处共 70 万元，超出预算")
    assert why_not(known)["c3"].endswith("但费用 500 万元，超出预算")


def test_a_better_exchange_that_time_left_is_told_as_such(tmp_path: Path) -> None:
    # The sites of c1, as a search might hand them back that had no time for c2.
    evaluation = town(tmp_path, plots={"c2": {"forbidden": True}, "c3": {"forbidden": True}})
    late = choose_sites(evaluation, Asked(count=1))
    assert ids(late) == ["c1"]
    late.eligible.table["reasons"] = ""
    for status, words in (
        (Status.TIME_LIMIT, "但求解到时限为止，没有比较到；可用 --seconds 延长"),
        (Status.FEASIBLE, "但求解在允许的误差内停止，没有比较到"),
    ):
        solution = replace(late.solution, status=status)
        told = why_not(replace(late, found=replace(late.found, solution=solution)))
        assert told["c2"].endswith("换下 c1 合计多 100 人，" + words)


def test_another_aim_is_told_as_such(tmp_path: Path) -> None:
    # c3 leaves 5000 with 3,000 m; c4 leaves 2500 with 2,500 m to either side, which is shorter.
    evaluation = town(tmp_path, plots={"c2": {"forbidden": True}})
    proposal = choose_sites(evaluation, Asked(count=1, objective=Objective.P_CENTER))
    assert (ids(proposal), proposal.solution.value) == (["c4"], 2500)
    assert why_not(proposal)["c3"].endswith("换下 c4 合计多 100 人，但不是所求的目标")


def test_with_closing_allowed_the_second_best_is_of_one_exchange(tmp_path: Path) -> None:
    # f2 is given up for c1: beside c2's 150 c1 adds 50. c4 in its place adds 30.
    evaluation = town(tmp_path, more=[facility("f2", spot(100, 0))])
    proposal = choose_sites(evaluation, Asked(count=1, may_close=("f2",)))
    assert ids(proposal) == ["c2", "c1"]
    told = reasons(proposal)
    assert "单独换下这一处，换成 c3“plot c3”，新增覆盖合计少 70 人" in told[0]
    assert not any("次优" in each for each in told)


def test_a_cost_below_nothing_is_told_with_its_cell(tmp_path: Path) -> None:
    study = toy_study(
        tmp_path, streets=ROAD, facilities=[facility("f1", spot(0, 0), status="operating")],
        population=[people(f"p{x}", spot(x, 0), 5 * n, n) for x, n in HOMES.items()],
        candidates=[
            plot(id_, x, cost_wan=-5.0 if id_ == "c2" else 10.0) for id_, x in PLOTS.items()
        ],
    )  # fmt: skip
    read = load_study(write_study(study, tmp_path / "files"))
    proposal = choose_sites(evaluate(read, draw="when asked"), Asked(budget_wan=10.0))
    assert ids(proposal) == ["c3"]
    (told,) = (each for each in proposal.findings if each.value == "-5")
    assert told.layer == "candidates"
    assert told.row is not None
    assert "小于 0" in str(told.message)
