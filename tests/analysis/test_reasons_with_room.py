"""Reasons where facilities hold so many only: all figures are people served with room.

The road of `test_choosing`; a bed has room for 20 people (50 beds for a thousand of 60+).
"""

from pathlib import Path

import numpy as np
import pytest

from analysis.siting.asked import Asked
from analysis.siting.choosing import Proposal, choose_sites
from analysis.siting.reasons import Reasoning
from analysis.siting.rooms.exchanges import exchanges
from analysis.siting.rooms.room import Supply
from analysis.siting.rooms.with_capacity import with_capacity
from analysis.siting.solving.candidates import Candidates
from analysis.siting.told import site_reasons, why_not_sentences
from tests.analysis.test_choosing import PLOTS, ids, town
from tests.analysis.toy_study import facility, spot


def told_of(proposal: Proposal) -> tuple[list[str], list[str]]:
    """Return why each site was chosen, and why each candidate was not."""
    reasoning = Reasoning(proposal)
    sites = site_reasons(proposal, reasoning.reasons())
    others = why_not_sentences(proposal, reasoning.why_not())
    return [str(each) for each in sites], [str(each) for each in others]


def test_a_mandatory_site_is_compared_by_people_served(tmp_path: Path) -> None:
    # Two beds each are room for 40: c1 serves 40 of the 50 at 1500, c2 40 of 150, c4 all 30.
    plots = {id_: {"beds": 2, "mandatory": id_ == "c1"} for id_ in PLOTS}
    proposal = choose_sites(town(tmp_path, plots=plots), Asked(count=1, capacity="beds"))
    assert ids(proposal) == ["c1"]
    (site,), why_not = told_of(proposal)
    assert "本处服务 40 人" in site
    assert "不计容量，200 人离设施更近" in site  # 50, 80 and 70, far more than it has room for
    # c3 reaches all 50 of them, and has room for 40.
    assert "没有本处时，其服务圈内的人也可由 c3（40 人） 服务" in site
    assert why_not[1:] == [
        "单独建可新增服务 40 人；必选点已用满 1 处",
        "单独建可新增服务 40 人；必选点已用满 1 处",
        "单独建可新增服务 30 人；必选点已用满 1 处",
    ]


def test_people_covered_without_room_can_still_be_served(tmp_path: Path) -> None:
    # f2 stands at 5000 with room for 20 of the 30 there: c4 beside it serves the other 10. c1 and
    # c2 serve 20 each; c3 would do as much as either.
    evaluation = town(
        tmp_path,
        plots={id_: {"beds": 1} for id_ in PLOTS},
        more=[facility("f2", spot(5000, 0), beds=1)],
    )
    proposal = choose_sites(evaluation, Asked(count=2, capacity="beds"))
    assert ids(proposal) == ["c1", "c2"]
    why_not = Reasoning(proposal).why_not()
    assert why_not.alone.tolist() == pytest.approx([20, 20, 20, 10])
    assert why_not.added.tolist()[2:] == pytest.approx([20, 10])
    assert why_not.loss.tolist()[2:] == pytest.approx([0, 10])
    assert told_of(proposal)[1][2:] == [
        "单独建可新增服务 20 人，在已选之外再建也是这么多；与 c1 不相上下",
        "单独建可新增服务 10 人，在已选之外再建也是这么多；换下 c1 合计少 10 人",
    ]


def test_unknown_room_is_no_figure(tmp_path: Path) -> None:
    plots: dict[str, dict[str, object]] = {id_: {"beds": 1} for id_ in ("c1", "c2", "c4")}
    proposal = choose_sites(town(tmp_path, plots=plots), Asked(count=1, capacity="beds"))
    assert np.isnan(Reasoning(proposal).why_not().alone[2])
    assert told_of(proposal)[1][2] == "容量未知，不选"


def test_full_facilities_have_nobody_left_to_serve(tmp_path: Path) -> None:
    # f2 at 5000 has room for all 30.
    evaluation = town(
        tmp_path,
        plots={id_: {"beds": 1} for id_ in PLOTS},
        more=[facility("f2", spot(5000, 0), beds=5)],
    )
    proposal = choose_sites(evaluation, Asked(count=1, capacity="beds"))
    assert told_of(proposal)[1][3] == "服务圈内没有缺容量的老年人，或本处没有容量"


@pytest.mark.parametrize("seed", range(20))
def test_exchanges_are_what_the_search_itself_serves(seed: int) -> None:
    # The second way: the search with these very sites mandatory and nothing else allowed.
    dice = np.random.default_rng(seed)
    people = dice.integers(0, 30, 25).astype(float)
    supply = Supply(
        candidates=_strewn(dice, 8, 25), existing=_strewn(dice, 2, 25), people=people,
        room=dice.integers(0, 90, 8).astype(float), existing_room=np.array([40.0, 60.0]),
        outside=dice.random(25) < 0.2,
    )  # fmt: skip
    sites = np.array([1, 4, 6])
    found = exchanges(supply, sites)
    every = _served(supply, sites)
    for c in range(8):
        assert found.alone[c] == pytest.approx(_served(supply, [c]))
        assert found.added[c] == pytest.approx(_served(supply, {*sites.tolist(), c}) - every)
        for rank, site in enumerate(sites.tolist()):
            others = {*sites.tolist()} - {site}
            without = _served(supply, others)
            assert found.lost[rank] == pytest.approx(every - without)
            assert found.adds[rank, c] == pytest.approx(_served(supply, others | {c}) - without)
            assert found.same[rank, c] <= found.adds[rank, c]


def _strewn(dice: np.random.Generator, rows: int, places: int) -> Candidates:
    near = [np.flatnonzero(dice.random(places) < 0.4) for _ in range(rows)]
    start = np.append(0, np.cumsum([len(row) for row in near]))
    return Candidates(start, np.concatenate(near))


def _served(supply: Supply, sites: object) -> float:
    chosen = np.zeros(len(supply.candidates), dtype=bool)
    chosen[[*sites]] = True  # type: ignore[call-overload]
    table = supply.candidates
    only = Candidates(table.start, table.place, mandatory=chosen, forbidden=~chosen)
    asked = Supply(
        only, supply.existing, supply.people, supply.room, supply.existing_room, supply.outside
    )
    return with_capacity(asked, count=int(chosen.sum())).solution.value
