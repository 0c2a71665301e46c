"""Sites for a study on one straight road: every figure worked out on paper.

A road of 6 km along which everybody lives and every facility stands; 15 minutes at 0.9 m/s are
810 m, so a facility at x covers from x - 810 to x + 810.

    x        500   1500   2500   3200   5000
    60+      100     50     80     70     30      together 330
    f at 0: covers 500 alone, so 100 of 330 are covered to begin with

    c1 at 1500 covers 1500                50
    c2 at 2850 covers 2500, 3200         150
    c3 at 2000 covers 1500, 2500         130
    c4 at 5000 covers 5000                30
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from analysis.evaluation import Evaluation, evaluate
from analysis.scenario import apply
from analysis.siting.as_scenario import as_scenario
from analysis.siting.asked import Asked, Objective
from analysis.siting.choosing import Proposal, choose_sites
from analysis.siting.reasons import Reasoning
from analysis.siting.solution import Status
from analysis.siting.told import site_reasons, why_not_sentences
from geo.errors import SitingError
from tests.analysis.toy_study import Row, area, box, estate, facility, people, spot, toy_study

ROAD = (((0.0, 0.0), (6000.0, 0.0)),)
HOMES = {500: 100, 1500: 50, 2500: 80, 3200: 70, 5000: 30}
PLOTS = {"c1": 1500, "c2": 2850, "c3": 2000, "c4": 5000}


def plot(id_: str, x: float, **more: object) -> Row:
    return {"id": id_, "name": f"plot {id_}", "geometry": spot(x, 0), **more}


def town(
    folder: Path,
    *,
    plots: Mapping[str, Mapping[str, object]] | None = None,
    more: Sequence[Row] = (),
    **layers: list[Row],
) -> Evaluation:
    told = plots or {}
    study = toy_study(
        folder,
        streets=ROAD,
        facilities=[facility("f1", spot(0, 0)), *more],
        population=[people(f"p{x}", spot(x, 0), 5 * n, n) for x, n in HOMES.items()],
        candidates=[plot(id_, x, **told.get(id_, {})) for id_, x in PLOTS.items()],
        **layers,
    )
    return evaluate(study, draw="when asked")


def ids(proposal: Proposal) -> list[str]:
    return [*proposal.eligible.table["candidate_id"].iloc[proposal.chosen]]


def test_one_site_is_the_one_that_adds_most(tmp_path: Path) -> None:
    proposal = choose_sites(town(tmp_path), Asked(count=1))
    assert ids(proposal) == ["c2"]
    assert proposal.whole_gain.tolist() == [150]
    assert proposal.covered.tolist() == [250]
    assert proposal.shares.tolist() == pytest.approx([250 / 330])
    assert (proposal.solution.value, proposal.solution.bound) == (150, 150)
    assert proposal.solution.status is Status.OPTIMAL


def test_gains_are_marginal_and_cover_is_cumulative_with_what_stands(tmp_path: Path) -> None:
    proposal = choose_sites(town(tmp_path), Asked(count=3))
    assert ids(proposal) == ["c2", "c1", "c4"]  # c3 would add 50 as c1 does: the first is taken
    assert proposal.whole_gain.tolist() == [150, 50, 30]
    assert proposal.covered.tolist() == [250, 300, 330]
    assert (proposal.baseline, proposal.everybody) == (100, 330)


def test_sites_beyond_those_that_add_somebody_are_not_proposed(tmp_path: Path) -> None:
    assert len(choose_sites(town(tmp_path), Asked(count=9)).chosen) == 3


def test_opening_the_sites_covers_what_was_promised(tmp_path: Path) -> None:
    evaluation = town(tmp_path)
    proposal = choose_sites(evaluation, Asked(count=2))
    opened = evaluate(apply(as_scenario(proposal), evaluation.study), draw="when asked")
    assert opened.summary["coverage"]["covered_60plus"] == proposal.covered[-1] == 300
    assert opened.summary["coverage"]["share_60plus"] == pytest.approx(proposal.shares[-1])


def test_a_cellar_is_out_and_its_reason_is_kept(tmp_path: Path) -> None:
    evaluation = town(tmp_path, plots={"c2": {"floor": "地下一层"}})
    proposal = choose_sites(evaluation, Asked(count=1))
    assert ids(proposal) == ["c3"]
    table = proposal.eligible.table.set_index("candidate_id")
    assert table.loc["c2", "reasons"] == "unfit_floor"
    told = why_not_sentences(proposal, Reasoning(proposal).why_not())
    assert str(told[1]).startswith("不能用：设在地下室")


def test_a_mandatory_cellar_is_told_and_left_out(tmp_path: Path) -> None:
    evaluation = town(tmp_path, plots={"c4": {"floor": "地下一层", "mandatory": True}})
    proposal = choose_sites(evaluation, Asked(count=1))
    assert ids(proposal) == ["c2"]
    assert "c4" in str(proposal.findings[0].message)


def test_a_mandatory_site_is_kept_and_a_forbidden_one_never_taken(tmp_path: Path) -> None:
    plots = {"c4": {"mandatory": True}, "c2": {"forbidden": True}}
    proposal = choose_sites(town(tmp_path, plots=plots), Asked(count=2))
    assert ids(proposal) == ["c3", "c4"]


def test_a_category_that_does_not_count_for_the_circle_is_out(tmp_path: Path) -> None:
    proposal = choose_sites(
        town(tmp_path, plots={"c2": {"category": "care_home"}}), Asked(count=1)
    )
    assert ids(proposal) == ["c3"]
    assert proposal.eligible.table["reasons"].tolist() == ["", "category_not_counted", "", ""]


def test_stock_comes_before_new_land_where_both_do_the_same(tmp_path: Path) -> None:
    # c1 and c3 both add 50 beside c2; c1 is new land, c3 is a room that stands.
    evaluation = town(tmp_path, plots={"c1": {"kind": "新增用地"}, "c3": {"kind": "闲置商业"}})
    proposal = choose_sites(evaluation, Asked(count=2))
    assert ids(proposal) == ["c2", "c3"]


def test_the_runner_up_is_told_with_what_it_would_lose(tmp_path: Path) -> None:
    # Beside c1, c3 in the place of c2 covers 2500 alone of 2500 and 3200: 80, so 70 fewer.
    proposal = choose_sites(town(tmp_path), Asked(count=2))
    reasons = Reasoning(proposal).reasons()
    assert proposal.eligible.table["candidate_id"].iloc[reasons.runner_up[0]] == "c3"
    assert reasons.runner_up_less[0] == pytest.approx(70)
    assert "换成次优的 c3“plot c3”，新增覆盖合计少 70 人" in str(site_reasons(proposal, reasons)[0])


def test_the_walk_saved_is_told(tmp_path: Path) -> None:
    # To c2 from 2500 and 3200: 350 m each instead of 2,500 and 3,200 m. 1500 walks 1,350 m instead
    # of 1,500 (150 less), and 5000 walks 2,150 m instead of what the horizon of 3,240 m tells.
    proposal = choose_sites(town(tmp_path), Asked(count=1))
    reasons = Reasoning(proposal).reasons()
    assert reasons.nearer.tolist() == [80 + 70 + 50 + 30]
    saved = 80 * 2150 + 70 * 2850 + 50 * 150 + 30 * 1090
    assert reasons.saved_m[0] == pytest.approx(saved / 230)


def test_why_not_tells_alone_beside_and_instead(tmp_path: Path) -> None:
    proposal = choose_sites(town(tmp_path), Asked(count=1))
    told = Reasoning(proposal).why_not()
    assert told.alone.tolist() == [50, 150, 130, 30]
    assert told.added.tolist() == [50, 0, 50, 30]
    assert told.loss.tolist() == [100, 0, 20, 120]


def test_people_by_street_add_up_to_the_gain(tmp_path: Path) -> None:
    streets = [
        area("s1", "street", box(-100, -100, 2600, 100)),
        area("s2", "street", box(2600, -100, 6100, 100)),
    ]
    proposal = choose_sites(town(tmp_path, boundaries=streets), Asked(count=1))
    reasons = Reasoning(proposal).reasons()
    told = reasons.by_street
    assert told["street"].tolist() == [0, 1]
    assert told["gain_60plus"].tolist() == [80, 70]
    assert "150 人（area s1 80 人、area s2 70 人）" in str(site_reasons(proposal, reasons)[0])


def test_people_outside_the_study_are_no_gain_and_are_told_apart(tmp_path: Path) -> None:
    # 3200 and 5000 lie outside: c2 gains 80 within, c3 130.
    inside = [area("s1", "street", box(-100, -100, 3000, 100))]
    proposal = choose_sites(town(tmp_path, boundaries=inside), Asked(count=2))
    assert ids(proposal) == ["c3"]
    assert proposal.outside_gain == 0
    both = choose_sites(
        town(tmp_path, plots={"c3": {"forbidden": True}}, boundaries=inside), Asked(count=1)
    )
    assert (ids(both), both.whole_gain.tolist(), both.outside_gain) == (["c2"], [80], 70)


def test_the_oldest_may_be_counted_instead(tmp_path: Path) -> None:
    oldest = {500: 1, 1500: 1, 2500: 2, 3200: 3, 5000: 25}
    rows = [
        {**people(f"p{x}", spot(x, 0), 5 * n, n), "elderly_80plus": oldest[x]}
        for x, n in HOMES.items()
    ]
    study = toy_study(
        tmp_path, streets=ROAD, facilities=[facility("f1", spot(0, 0))], population=rows,
        candidates=[plot(id_, x) for id_, x in PLOTS.items()],
    )  # fmt: skip
    evaluation = evaluate(study, draw="when asked")
    proposal = choose_sites(evaluation, Asked(count=1, weighting="80plus"))
    assert (ids(proposal), proposal.solution.value) == (["c4"], 25)
    assert proposal.whole_gain.tolist() == [30]  # of 60+


def test_streets_behind_may_count_for_more(tmp_path: Path) -> None:
    # s1 has 100 of 230 covered: 130 / 230 of each gain counts, and all of it in s2 and s3.
    # c2: 80 x 130 / 230 + 70 = 115.2; c3: 130 x 130 / 230 = 73.5; c4: 30.
    streets = [
        area("s1", "street", box(-100, -100, 2600, 100)),
        area("s2", "street", box(2600, -100, 4000, 100)),
        area("s3", "street", box(4000, -100, 6100, 100)),
    ]
    proposal = choose_sites(
        town(tmp_path, boundaries=streets), Asked(count=1, weighting="behind")
    )
    assert ids(proposal) == ["c2"]
    assert proposal.solution.value == pytest.approx(80 * 130 / 230 + 70)


def test_an_estate_counts_by_the_part_of_it_that_is_covered(tmp_path: Path) -> None:
    # The estate lies along the road from 1000 to 1100, its four cells at 1012.5, 1037.5, 1062.5 and
    # 1087.5, each 12.5 m off the road: a plot at 1850 covers those from 1052.5, half of 40 people.
    block = estate("r1", box(1000, 0, 1100, 25), elderly_60plus=40.0, population=200.0)
    study = toy_study(
        tmp_path, streets=ROAD, facilities=[facility("f1", spot(0, 0))], residential=[block],
        candidates=[plot("c1", 1850)],
    )  # fmt: skip
    evaluation = evaluate(study, draw="when asked")
    proposal = choose_sites(evaluation, Asked(count=1))
    assert proposal.whole_gain.tolist() == [20]
    opened = evaluate(apply(as_scenario(proposal), evaluation.study), draw="when asked")
    assert opened.summary["coverage"]["covered_60plus"] == 20


def test_a_facility_that_covers_nobody_alone_may_make_room_for_a_better_site(
    tmp_path: Path,
) -> None:
    # f2 at 100 covers 500, as f1 does. One new site, and one in its place: c2 and c1.
    evaluation = town(tmp_path, more=[facility("f2", spot(100, 0))])
    proposal = choose_sites(evaluation, Asked(count=1, may_close=("f2",)))
    table = proposal.eligible.table
    assert [*table["candidate_id"].iloc[proposal.closed]] == ["f2"]
    assert ids(proposal) == ["c2", "c1"]
    assert proposal.covered.tolist() == [250, 300]
    opened = evaluate(apply(as_scenario(proposal), evaluation.study), draw="when asked")
    assert opened.summary["coverage"]["covered_60plus"] == 300


def test_a_facility_that_many_rely_on_is_kept(tmp_path: Path) -> None:
    # f1 kept and c2: 100 + 150. c2 and c1 without it: 150 + 50.
    proposal = choose_sites(town(tmp_path), Asked(count=1, may_close=("all",)))
    assert [*proposal.eligible.table["candidate_id"].iloc[proposal.kept]] == ["f1"]
    assert (ids(proposal), proposal.covered.tolist()) == (["c2"], [250])
    assert (proposal.solution.value, proposal.solution.bound) == (150, 150)


def test_a_facility_that_does_not_count_may_be_rebuilt(tmp_path: Path) -> None:
    canteen = facility("f9", spot(2850, 0), category="canteen")
    evaluation = town(tmp_path, plots={"c2": {"forbidden": True}}, more=[canteen])
    proposal = choose_sites(evaluation, Asked(count=1, may_upgrade=("f9",)))
    assert (ids(proposal), proposal.whole_gain.tolist()) == (["f9"], [150])
    opened = evaluate(apply(as_scenario(proposal), evaluation.study), draw="when asked")
    assert opened.summary["coverage"]["covered_60plus"] == 250
    with pytest.raises(SitingError, match="f1"):
        choose_sites(evaluation, Asked(count=1, may_upgrade=("f1",)))


def test_the_same_question_has_the_same_answer(tmp_path: Path) -> None:
    evaluation = town(tmp_path)
    first, second = (choose_sites(evaluation, Asked(count=2)) for _ in range(2))
    assert np.array_equal(first.chosen, second.chosen)
    assert np.array_equal(first.gain, second.gain)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"count": 1, "cover": 0.5},
        {"count": -1},
        {"cover": 1.5},
        {"cover_each": ("village", 0.5)},
        {"count": 1, "objective": Objective.SET_COVER},
        {"cover": 0.5, "objective": Objective.MAX_COVER},
        {"budget_wan": 100.0, "objective": Objective.P_MEDIAN},
        {"count": 1, "capacity": "beds", "objective": Objective.P_CENTER},
        {"cover": 0.5, "weighting": "80plus"},
    ],
)
def test_what_cannot_be_asked_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(SitingError):
        Asked(**asked)  # type: ignore[arg-type]


def test_without_people_or_plots_nothing_is_sought(tmp_path: Path) -> None:
    study = toy_study(tmp_path, streets=ROAD, facilities=[facility("f1", spot(0, 0))])
    with pytest.raises(SitingError, match="备选点"):
        choose_sites(evaluate(study, draw="when asked"), Asked(count=1))
