"""Of equally few sites for a share the cheapest are proposed: against every choice there is."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from analysis.siting.asked import Asked
from analysis.siting.choosing import choose_sites
from analysis.siting.solving.candidates import Candidates
from analysis.siting.solving.fewest_sites import fewest_sites
from analysis.siting.solving.solution import Status
from tests.analysis.test_choosing import ids, town


def test_the_cheaper_of_two_that_do(tmp_path: Path) -> None:
    # 60 % of 330 are 198: f1 covers 100, so c2 (150) and c3 (130) each do alone. c3 costs less.
    costs = {"c1": 5.0, "c2": 80.0, "c3": 20.0, "c4": 5.0}
    plots = {id_: {"cost_wan": cost} for id_, cost in costs.items()}
    proposal = choose_sites(town(tmp_path, plots=plots), Asked(cover=0.6))
    assert ids(proposal) == ["c3"]
    unknown = {**plots, "c4": {"cost_wan": None}}
    assert ids(choose_sites(town(tmp_path, plots=unknown), Asked(cover=0.6))) == ["c2"]


@pytest.mark.parametrize("seed", range(20))
def test_against_every_choice(seed: int) -> None:
    random = np.random.default_rng(seed)
    sites, places = 8, 14
    near = random.random((sites, places)) < 0.3
    people = random.integers(1, 9, places).astype(float)
    cost = random.integers(1, 30, sites).astype(float)
    start = np.append(0, np.cumsum(near.sum(axis=1)))
    candidates = Candidates(start, np.nonzero(near)[1])
    wanted = 0.75 * people[near.any(axis=0)].sum()
    choices = [
        (size, cost[[*some]].sum())
        for size in range(sites + 1)
        for some in combinations(range(sites), size)
        if people[near[[*some]].any(axis=0)].sum() >= wanted - 1e-6
    ]
    found = fewest_sites(candidates, people, wanted=[wanted], cost=cost)
    assert found.status is Status.OPTIMAL
    assert (len(found.chosen), cost[found.chosen].sum()) == min(choices)
    assert people[near[found.chosen].any(axis=0)].sum() >= wanted - 1e-6
