"""What closing a facility costs besides the walk.

The road of `test_choosing`. f9 at 5900 covers nobody, has 60 m² and 12 beds, and serves r1 (100
households, who owe 20); a confirmed pool adds r2 (100 households, 5 m² of their own).
"""

from pathlib import Path

import pytest

from analysis.evaluation import evaluate
from analysis.siting.asked import Asked
from analysis.siting.choosing import Proposal, choose_sites
from analysis.siting.closing_costs import closing_costs
from report.siting_files import solution_content
from report.siting_terminal import closing_sentences
from tests.analysis.test_choosing import HOMES, PLOTS, ROAD, plot
from tests.analysis.toy_study import estate, facility, people, spot, toy_study

POOL = {
    "name": "统筹", "estates": ["r1", "r2"], "facilities": ["f9"], "document": "文",
    "date": "2025-05-01",
}  # fmt: skip
OWN = {"care_area_basis": "building", "care_status": "operating", "elderly_60plus": 0.0}


def proposal(folder: Path, may_close: tuple[str, ...]) -> Proposal:
    room = {"status": "operating", "floor_area_m2": 60.0, "beds": 12.0, "serves": "r1"}
    study = toy_study(
        folder,
        streets=ROAD,
        pools=[POOL],
        facilities=[
            facility("f1", spot(0, 0), status="operating"), facility("f9", spot(5900, 0), **room)
        ],
        residential=[
            estate("r1", spot(5850, 0), elderly_60plus=0.0),
            estate("r2", spot(5800, 0), care_floor_area_m2=5.0, **OWN),
        ],
        population=[people(f"p{x}", spot(x, 0), 5 * n, n) for x, n in HOMES.items()],
        candidates=[plot(id_, x) for id_, x in PLOTS.items()],
    )  # fmt: skip
    return choose_sites(evaluate(study, draw="when asked"), Asked(count=1, may_close=may_close))


def test_verdicts_area_beds_and_pools_that_go(tmp_path: Path) -> None:
    found = proposal(tmp_path, ("f9",))
    before = found.evaluation.provision.set_index("residential_id")["verdict"]
    assert before.to_dict() == {"r1": "met", "r2": "met_pooled"}
    costs = closing_costs(found)
    assert costs is not None
    assert costs.facilities == ("f9",)
    assert (costs.floor_area_m2, costs.beds) == (60.0, 12.0)
    assert costs.worse[["residential_id", "before", "after"]].to_numpy().tolist() == [
        ["r1", "met", "unknown"], ["r2", "met_pooled", "short"]
    ]  # fmt: skip
    assert costs.other.empty
    assert costs.pools == ("统筹",)
    content = solution_content(found, costs)["closing"]
    assert content["estates_no_longer_met"] == ["r1", "r2"]
    assert (content["deficit_before"], content["deficit_after"]) == ("0", "15")
    said = "".join(str(each) for each in closing_sentences(costs))
    assert "建筑面积 60 ㎡，床位 12 张；配建缺口由 0 ㎡变为 15 ㎡" in said
    assert "2 个小区由达标变为不达标或无法判定：estate r1、estate r2" in said
    assert "已确认的统筹被打破：统筹" in said


@pytest.mark.parametrize("may_close", [(), ("f1",)])
def test_nothing_that_goes_costs_nothing(tmp_path: Path, may_close: tuple[str, ...]) -> None:
    found = proposal(tmp_path, may_close)
    assert closing_costs(found) is None
    assert solution_content(found)["closing"] is None
