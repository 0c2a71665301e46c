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
import pandas as pd
import pytest

from analysis.evaluation import Evaluation, evaluate
from analysis.scenario import Scenario, apply
from analysis.siting.as_scenario import as_scenario
from analysis.siting.asked import Asked, Objective
from analysis.siting.choosing import Proposal, choose_sites, held_against
from analysis.siting.reasons import Reasoning
from analysis.siting.searches import why_none
from analysis.siting.solving.solution import Status
from analysis.siting.told import site_reasons, why_not_sentences
from analysis.siting.years.phased import means_of, phase
from analysis.what_if.live import Live
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
    # 3200 and 5000 lie outside: c2 gains 80 within, c3 130, and then everybody within is covered.
    inside = [area("s1", "street", box(-100, -100, 3000, 100))]
    evaluation = town(tmp_path, boundaries=inside)
    proposal = choose_sites(evaluation, Asked(count=2))
    assert ids(proposal) == ["c3"]
    assert proposal.outside_gain == 0
    assert (proposal.everybody, proposal.shares.tolist()) == (230, [1.0])
    assert choose_sites(evaluation, Asked(cover=1.0)).solution.value == 1
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


# The other questions --------------------------------------------------------------------------


def test_the_fewest_sites_for_a_share(tmp_path: Path) -> None:
    # 100 of 330 stand; 250 are 75.8 %, 300 are 90.9 %.
    evaluation = town(tmp_path)
    one = choose_sites(evaluation, Asked(cover=0.75))
    assert (ids(one), one.solution.value, one.solution.bound) == (["c2"], 1, 1)
    two = choose_sites(evaluation, Asked(cover=0.76))
    assert ids(two) == ["c2", "c1"]
    assert choose_sites(evaluation, Asked(cover=100 / 330)).chosen.tolist() == []


def test_a_share_that_cannot_be_is_told_with_what_would_make_it_so(tmp_path: Path) -> None:
    evaluation = town(tmp_path, plots={"c4": {"forbidden": True}})
    proposal = choose_sites(evaluation, Asked(cover=0.95))
    assert proposal.solution.status is Status.INFEASIBLE
    why, *hints = why_none(proposal.found)
    # 300 of 330 at most; 313.5 are wanted, so 14 (13.5) more.
    assert "300 / 330 人（90.9%）" in str(why)
    assert "至少再覆盖 14 人" in str(why)
    assert "最多可再覆盖 30 人；其中 0 个只缺电梯" in str(hints[0])
    assert "--generate" in str(hints[1])


def test_the_fewest_sites_for_every_street(tmp_path: Path) -> None:
    # s1 holds 500, 1500, 2500 (100 of 230 covered), s2 3200 and 5000 (none of 100). For half of
    # each, s2 needs 50: c2 gives 70. s1 then has 100 + 80 of 230 = 78 %.
    streets = [
        area("s1", "street", box(-100, -100, 2600, 100)),
        area("s2", "street", box(2600, -100, 6100, 100)),
    ]
    evaluation = town(tmp_path, boundaries=streets)
    assert ids(choose_sites(evaluation, Asked(cover_each=("street", 0.5)))) == ["c2"]
    # For 80 %: s1 184, s2 80: c2 alone gives 180 and 70; c1 and c4 are needed too.
    assert ids(choose_sites(evaluation, Asked(cover_each=("street", 0.8)))) == ["c2", "c1", "c4"]
    with pytest.raises(SitingError, match="county"):
        choose_sites(evaluation, Asked(cover_each=("county", 0.8)))


def test_the_most_people_for_a_budget(tmp_path: Path) -> None:
    # 60: c2 alone costs 70; c3 (130 people) for 50, then c4 (30) for 10.
    cost = {"c1": 40.0, "c2": 70.0, "c3": 50.0, "c4": 10.0}
    evaluation = town(tmp_path, plots={id_: {"cost_wan": wan} for id_, wan in cost.items()})
    proposal = choose_sites(evaluation, Asked(budget_wan=60.0))
    assert (ids(proposal), proposal.solution.value) == (["c3", "c4"], 160)
    assert choose_sites(evaluation, Asked(budget_wan=0.0)).chosen.tolist() == []


def test_what_has_no_cost_is_not_bought_and_told(tmp_path: Path) -> None:
    plots = {"c1": {"cost_wan": 40.0}, "c3": {"cost_wan": 50.0}, "c4": {"cost_wan": 10.0}}
    proposal = choose_sites(town(tmp_path, plots=plots), Asked(budget_wan=1000.0))
    assert "c2" not in ids(proposal)
    assert any("1 个备选点没有费用" in str(finding.message) for finding in proposal.findings)


def test_the_least_average_walk(tmp_path: Path) -> None:
    # As things stand: 100 x 500 + 50 x 1500 + 80 x 2500 + 70 x 3200 + 30 x 3240 (out of reach).
    # c2 spares 80 x 2150 + 70 x 2850 + 50 x 150 + 30 x 1090, more than c1, c3 or c4 alone.
    proposal = choose_sites(town(tmp_path), Asked(count=1, objective=Objective.P_MEDIAN))
    now = 100 * 500 + 50 * 1500 + 80 * 2500 + 70 * 3200 + 30 * 3240
    spared = 80 * 2150 + 70 * 2850 + 50 * 150 + 30 * 1090
    assert ids(proposal) == ["c2"]
    assert proposal.solution.value == pytest.approx((now - spared) / 330)
    assert proposal.found.figures["penalty_m"] == 3240


def test_the_shortest_worst_walk(tmp_path: Path) -> None:
    # c4 leaves 2500 with 2,500 m and 3200 with 1,800 m; c2 leaves 5000 with 2,150 m: c2 is better.
    proposal = choose_sites(town(tmp_path), Asked(count=1, objective=Objective.P_CENTER))
    assert (ids(proposal), proposal.solution.value) == (["c2"], 2150)


def test_rooms_hold_so_many_and_no_more(tmp_path: Path) -> None:
    # People are 5 for each of 60+: 20 m² for 100 households of 2.5 are 0.08 m² a head, so 0.4 m²
    # for one of 60+. c2 with 20 m² has room for 50 of 150, c3 with 40 m² for 100 of 130.
    plots = {id_: {"area_m2": m2} for id_, m2 in {"c1": 4.0, "c2": 20.0, "c3": 40.0}.items()}
    evaluation = town(tmp_path, plots=plots)
    proposal = choose_sites(evaluation, Asked(count=1, capacity="m2"))
    assert proposal.found.figures["per_person"] == pytest.approx(0.4)
    assert ids(proposal) == ["c3"]
    assert proposal.solution.value == pytest.approx(100)
    with pytest.raises(SitingError, match="床位"):
        choose_sites(evaluation, Asked(count=1, capacity="beds"))


def test_spots_are_made_up_along_streets_beside_homes(tmp_path: Path) -> None:
    # Homes at 1000 to 1100 only: spots within 50 m of them, about every 150 m.
    study = toy_study(
        tmp_path,
        streets=ROAD,
        facilities=[facility("f1", spot(5000, 0))],
        residential=[estate("r1", box(1000, 0, 1100, 100), elderly_60plus=40.0, population=200.0)],
    )
    evaluation = evaluate(study, draw="when asked")
    proposal = choose_sites(evaluation, Asked(count=1, generate=True))
    assert ids(proposal) == ["g1"]
    assert proposal.whole_gain.tolist() == [40]
    opened = evaluate(apply(as_scenario(proposal), evaluation.study), draw="when asked")
    assert opened.summary["coverage"]["covered_60plus"] == 40


def test_new_land_may_be_left_out(tmp_path: Path) -> None:
    evaluation = town(tmp_path, plots={"c2": {"kind": "新增用地"}})
    assert ids(choose_sites(evaluation, Asked(count=1, stock_only=True))) == ["c3"]
    assert ids(choose_sites(evaluation, Asked(count=1))) == ["c2"]


def test_sites_go_into_the_years_their_money_is_there(tmp_path: Path) -> None:
    # c2 150 people for 70, c1 50 for 40. 2026 has 40, 2027 has 70: c1 first, then c2.
    cost = {"c1": 40.0, "c2": 70.0, "c3": 500.0, "c4": 500.0}
    evaluation = town(tmp_path, plots={id_: {"cost_wan": wan} for id_, wan in cost.items()})
    proposal = choose_sites(evaluation, Asked(budget_wan=110.0))
    means = means_of("2026:40,2027：70", per_year=None, carry_over=False)
    phased = phase(proposal, means)
    assert phased.years["sites"].tolist() == [1, 1]
    assert phased.years["gain_60plus"].tolist() == [50, 150]
    assert phased.years["covered_60plus"].tolist() == [150, 300]
    assert phased.projects["项目名称"].tolist() == ["plot c1", "plot c2", ""]
    assert phased.projects["造价（万元）"].tolist() == [40, 70, 110]
    assert phased.projects["责任单位"].tolist() == ["待定", "待定", ""]


@pytest.mark.parametrize(
    "text", ["2026", "2026:inf", "2026:-1", "99999999999999999999:3", "-5:100", "2026:1,2026:2"]
)
def test_years_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(SitingError, match="年:万元"):
        means_of(text, per_year=None, carry_over=False)


def test_what_becoming_a_site_means_is_told(tmp_path: Path) -> None:
    plots = {"c1": {"kind": "新增用地"}, "c2": {"kind": "闲置商业"}}
    evaluation = town(tmp_path, plots=plots, more=[facility("f2", spot(2020, 0))])
    proposal = choose_sites(evaluation, Asked(count=1, may_close=("f1",)))
    told = proposal.eligible.table.set_index("candidate_id")["action"]
    assert told.to_dict() == {
        "f1": "keep", "c1": "build", "c2": "convert", "c3": "enlarge", "c4": "convert"
    }  # fmt: skip


def test_the_scenario_says_again_what_the_study_was_changed_by(tmp_path: Path) -> None:
    # With f1 closed nobody is covered. c2 covers 150, c1 or c3 another 50; 500 stays uncovered.
    study = town(tmp_path).study
    closed = apply(Scenario(title="关停", close=("f1",)), study)
    proposal = choose_sites(evaluate(closed, draw="when asked"), Asked(count=2))
    assert proposal.covered.tolist() == [150, 200]
    again = as_scenario(proposal, {"speed_m_per_s": 0.9})
    assert (again.close, again.walking) == (("f1",), {"speed_m_per_s": 0.9})
    opened = evaluate(apply(again, study), draw="when asked")
    assert opened.summary["coverage"]["covered_60plus"] == 200


def test_a_rebuilt_facility_is_not_counted_twice(tmp_path: Path) -> None:
    home = facility("f9", spot(2850, 0), category="care_home", beds=100.0)
    evaluation = town(tmp_path, plots={"c2": {"forbidden": True}}, more=[home])
    proposal = choose_sites(evaluation, Asked(count=1, may_upgrade=("f9",)))
    changed = apply(as_scenario(proposal), evaluation.study).layers["facilities"]
    assert changed["beds"].sum() == 100


def test_no_lack_is_made_good_before_a_pool_is_confirmed(tmp_path: Path) -> None:
    # The room of c1 lies in an estate that lacks 20 m²; opening it changes no verdict.
    block = estate(
        "r1", box(1450, -50, 1550, 50), households=100, care_floor_area_m2=0.0,
        care_area_basis="building", care_status="operating", elderly_60plus=0.0,
    )  # fmt: skip
    evaluation = town(tmp_path, plots={"c1": {"area_m2": 500.0}}, residential=[block])
    before = evaluation.provision[["verdict", "deficit_m2"]]
    proposal = choose_sites(evaluation, Asked(count=2))
    assert "c1" in ids(proposal)
    opened = evaluate(apply(as_scenario(proposal), evaluation.study), draw="when asked")
    pd.testing.assert_frame_equal(opened.provision[["verdict", "deficit_m2"]], before)


def test_more_sites_than_candidates_are_asked_for_in_vain(tmp_path: Path) -> None:
    asked = Asked(count=10**12, objective=Objective.P_MEDIAN)
    evaluation = town(tmp_path)
    few = choose_sites(evaluation, Asked(count=4, objective=Objective.P_MEDIAN))
    assert choose_sites(evaluation, asked).solution.value == few.solution.value


def test_a_share_missed_by_a_hair_is_no_answer(tmp_path: Path) -> None:
    evaluation = town(tmp_path, plots={"c4": {"forbidden": True}})
    proposal = choose_sites(evaluation, Asked(cover=300 / 330 + 1e-6))
    assert proposal.solution.status is Status.INFEASIBLE
    assert why_none(proposal.found)


def test_people_without_a_population_tell_no_ratio(tmp_path: Path) -> None:
    # Two of five tell both: 5 people for each of 60+, so 0.4 m² a head of 60+ still.
    rows = [
        people(f"p{x}", spot(x, 0), 5 * n if x < 2000 else float("nan"), n)
        for x, n in HOMES.items()
    ]
    study = toy_study(
        tmp_path, streets=ROAD, facilities=[facility("f1", spot(0, 0))], population=rows,
        candidates=[plot("c3", 2000, area_m2=40.0)],
    )  # fmt: skip
    proposal = choose_sites(evaluate(study, draw="when asked"), Asked(count=1, capacity="m2"))
    assert proposal.found.figures["per_person"] == pytest.approx(0.4)


def test_a_site_that_makes_a_lane_usable_is_told(tmp_path: Path) -> None:
    # A lane of 100 m, 100 m off the road: nobody steps onto it until a facility stands on it.
    streets = (*ROAD, ((2850.0, 290.0), (2950.0, 290.0)))
    study = toy_study(
        tmp_path,
        streets=streets,
        facilities=[facility("f1", spot(0, 0))],
        population=[people(f"p{x}", spot(x, 0), 5 * n, n) for x, n in HOMES.items()],
        candidates=[{"id": "c1", "name": "by the lane", "geometry": spot(2900, 190)}],
    )
    evaluation = evaluate(study, draw="when asked")
    proposal = choose_sites(evaluation, Asked(count=1))
    areas = Live(evaluation).to(as_scenario(proposal)).table
    assert proposal.whole_gain.tolist() == [150]
    assert any("整体复核" in str(f.message) for f in held_against(proposal, areas).findings)
