"""Sites by year: worked by hand, and against every possible order."""

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.siting.solving.candidates import Candidates
from analysis.siting.solving.solution import Status
from analysis.siting.years.phasing import LEFT_OVER, LeftOver, Means, Phases, phases
from analysis.siting.years.project_table import left_over_table, project_table
from geo.errors import SitingError

Rows = list[list[int]]
NAN = float("nan")


def table(rows: Rows, *mandatory: int) -> Candidates:
    start = np.cumsum([0, *(len(row) for row in rows)])
    place = np.array(list(itertools.chain(*rows)), dtype=np.int64)
    return Candidates(start, place, np.isin(np.arange(len(rows)), mandatory))


def means(*budgets: float, most: int | None = None, carry_over: bool = False) -> Means:
    years = 2026 + np.arange(len(budgets))
    return Means(years, np.array(budgets, dtype=float), most, carry_over)


# Worked by hand --------------------------------------------------------------------------------


def test_whoever_helps_most_people_comes_first() -> None:
    # One a year: 50 covered for three years, 30 for two, 20 for one: 150 + 60 + 20 = 230.
    found = phases(table([[0], [1], [2]]), [20, 50, 30], [5, 5, 5], means(5, 5, 5))
    assert found.year.tolist() == [2, 0, 1]
    assert (found.newly.tolist(), found.covered.tolist()) == ([50, 30, 20], [50, 80, 100])
    assert (found.value, found.bound, found.status) == (230, 230, Status.OPTIMAL)
    assert (found.cost.tolist(), found.count.tolist()) == ([5, 5, 5], [1, 1, 1])
    assert found.gain.tolist() == [20, 50, 30]


def test_greedy_alone_would_spend_the_first_year_wrongly() -> None:
    # For its price 0 comes first (11 for 1), and then nothing else fits into the 10 of year one;
    # 1 (100 for 10) at once and 0 next year make 100 + 111 = 211, not 11 + 111 = 122.
    found = phases(table([[0], [1]]), [11, 100], [1, 10], means(10, 10))
    assert found.year.tolist() == [1, 0]
    assert (found.value, found.bound) == (211, 211)


def test_money_not_spent_is_lost_unless_it_is_carried_over() -> None:
    # 4 + 4 pay for a site of 8 only where the first 4 are kept.
    sites, people, cost = table([[0]]), [10], [8]
    lost = phases(sites, people, cost, means(4, 4))
    kept = phases(sites, people, cost, means(4, 4, carry_over=True))
    assert (lost.year.tolist(), lost.value) == ([-1], 0)
    assert lost.left_over == [LeftOver.TOO_DEAR]
    assert (kept.year.tolist(), kept.value, kept.left_over) == ([1], 10, [LeftOver.BUILT])


def test_money_is_never_spent_before_it_is_there() -> None:
    found = phases(table([[0], [1]]), [10, 9], [3, 3], means(1, 5, 1, carry_over=True))
    # 1, 6, 7 by the end of each year: two sites in the second.
    assert found.year.tolist() == [1, 1]
    assert found.cost.tolist() == [0, 6, 0]


def test_no_more_sites_a_year_than_are_allowed() -> None:
    found = phases(table([[0], [1], [2]]), [3, 2, 1], [1, 1, 1], means(9, 9, most=1))
    assert found.year.tolist() == [0, 1, -1]
    assert found.left_over == ["", "", LeftOver.NO_PLACE]


def test_what_is_left_over_has_its_reason() -> None:
    # 3 covers the 9 people of 0 for 1 instead of 6, and 4 goes with it: 13 for 6. The 4 left do not
    # pay for 5.
    rows = [[0], [1], [2], [0], [3], [4]]
    found = phases(table(rows), [9, 5, 50, 4, 3], [6, NAN, 11, 1, 5, 5], means(10))
    assert found.left_over == [
        LeftOver.NOBODY_MORE, LeftOver.COST_UNKNOWN, LeftOver.TOO_DEAR, LeftOver.BUILT,
        LeftOver.BUILT, LeftOver.NO_MONEY,
    ]  # fmt: skip
    assert found.value == 13


def test_people_covered_already_are_no_gain() -> None:
    found = phases(
        table([[0], [1]]), [100, 5], [1, 1], means(1), covered=np.array([True, False])
    )
    assert (found.year.tolist(), found.value) == ([-1, 0], 5)
    assert found.left_over[0] == LeftOver.NOBODY_MORE


def test_a_mandatory_site_is_built_even_where_others_gain_more() -> None:
    found = phases(table([[0], [1]], 0), [1, 100], [10, 10], means(10))
    assert (found.year.tolist(), found.value, found.bound) == ([0, -1], 1, 1)
    # With a second year the other one goes first: 100 + 101, not 1 + 101.
    found = phases(table([[0], [1]], 0), [1, 100], [10, 10], means(10, 10))
    assert (found.year.tolist(), found.value) == ([1, 0], 201)


def test_a_mandatory_site_that_covers_nobody_is_built() -> None:
    found = phases(table([[], [0]], 0), [7], [2, 2], means(4))
    assert (found.year.tolist(), found.gain.tolist()) == ([0, 0], [0, 7])


def test_mandatory_sites_that_do_not_fit_are_refused() -> None:
    with pytest.raises(SitingError, match=r"必建的 2 处在 1 年内排不下（预算合计 11 万元）"):
        phases(table([[0], [1]], 0, 1), [1, 1], [6, 6], means(11))
    with pytest.raises(SitingError, match="必建的 1 处"):
        phases(table([[0]], 0), [1], [NAN], means(11))
    with pytest.raises(SitingError, match="必建的 1 处在 0 年内"):
        phases(table([[0]], 0), [1], [1], means())


@pytest.mark.parametrize(
    ("rows", "budgets"), [([], [5.0]), ([[0]], []), ([[0]], [0.0]), ([[]], [5.0])]
)
def test_nothing_to_build_is_an_answer(rows: Rows, budgets: list[float]) -> None:
    found = phases(table(rows), [3], [1.0] * len(rows), means(*budgets))
    assert (found.value, found.bound, found.status) == (0, 0, Status.OPTIMAL)
    assert (found.year == -1).all()


@pytest.mark.parametrize("cost", [[-1.0], [1.0, 2.0]])
def test_costs_that_cannot_be_are_refused(cost: list[float]) -> None:
    with pytest.raises(ValueError, match="costs"):
        phases(table([[0]]), [1], cost, means(1))


@pytest.mark.parametrize(
    ("years", "budgets"), [([2027, 2026], [1, 1]), ([2026], [NAN]), ([2026], [-1]), ([2026], [])]
)
def test_years_that_cannot_be_are_refused(years: list[int], budgets: list[float]) -> None:
    with pytest.raises(ValueError, match="Years"):
        phases(table([[0]]), [1], [1], Means(np.array(years), np.array(budgets, dtype=float)))


# Against every order ---------------------------------------------------------------------------


class Plan:
    """A small question drawn by chance, and every answer to it."""

    def __init__(self, seed: int) -> None:
        dice = np.random.default_rng(seed)
        places, size, years = int(dice.integers(1, 8)), int(dice.integers(1, 6)), seed % 3 + 1
        self.near = dice.random((size, places)) < 0.4
        self.people = dice.integers(0, 20, places)
        self.covered = dice.random(places) < 0.1
        self.cost = dice.integers(1, 9, size)
        self.must = dice.random(size) < 0.15
        self.means = means(
            *dice.integers(0, 12, years),
            most=None if seed % 2 else int(dice.integers(1, 3)),
            carry_over=bool(seed % 4 > 1),
        )

    def found(self, given: Means | None = None) -> Phases:
        """Return the answer, for these means or others."""
        rows = table([np.flatnonzero(row).tolist() for row in self.near])
        sites = replace(rows, mandatory=self.must)
        return phases(
            sites, self.people, self.cost, given or self.means, covered=self.covered
        )

    def kept(self, year: np.ndarray) -> bool:
        """Return whether an order keeps to the means."""
        size = len(self.means.budgets)
        spent = [self.cost[year == t].sum() for t in range(size)]
        built = [(year == t).sum() for t in range(size)]
        if self.means.sites_per_year is not None and max(built) > self.means.sites_per_year:
            return False
        rest = self.means.budgets - spent
        rest = np.cumsum(rest) if self.means.carry_over else rest
        return bool((rest >= 0).all() and (year[self.must] >= 0).all())

    def worth(self, year: np.ndarray) -> int:
        """Return the person-years of an order."""
        there = [
            self.near[(year >= 0) & (year <= t)].any(axis=0) & ~self.covered
            for t in range(len(self.means.budgets))
        ]
        return sum(int(self.people[reached].sum()) for reached in there)

    def best(self) -> int | None:
        """Return the most person-years of any order, None where the mandatory sites do not fit."""
        every = itertools.product(range(-1, len(self.means.budgets)), repeat=len(self.cost))
        kept = (year for year in map(np.array, every) if self.kept(year))
        return max((self.worth(year) for year in kept), default=None)


@pytest.mark.parametrize("seeds", [range(i, i + 50) for i in range(0, 250, 50)], ids=str)
def test_no_order_is_better(seeds: range) -> None:
    refused = 0
    for seed in seeds:
        plan = Plan(seed)
        best = plan.best()
        if best is None:
            refused += 1
            with pytest.raises(SitingError, match="排不下"):
                plan.found()
            continue
        found = plan.found()
        assert (found.value, found.bound, found.status) == (best, best, Status.OPTIMAL)
        assert plan.kept(found.year)
        assert plan.worth(found.year) == best
        assert found.gain.sum() == found.newly.sum() == found.covered[-1]
        assert found.covered.sum() == best
        built = found.year >= 0
        assert found.cost.sum() == plan.cost[built].sum()
        assert [why == LeftOver.BUILT for why in found.left_over] == built.tolist()
        assert (found.gain[built & ~plan.must] > 0).all()
    assert 0 < refused < len(seeds) / 2


def test_more_money_or_a_further_year_is_never_worse() -> None:
    for seed in range(300, 320):
        plan = Plan(seed)
        if plan.best() is None:
            continue
        value = plan.found().value
        budgets = plan.means.budgets
        for t in range(len(budgets)):
            more = budgets + 3.0 * (np.arange(len(budgets)) == t)
            assert plan.found(replace(plan.means, budgets=more)).value >= value
        years = np.append(plan.means.years, 2050)
        longer = replace(plan.means, years=years, budgets=np.append(budgets, 0.0))
        assert plan.found(longer).value >= value + plan.found().covered[-1]
        assert plan.found(replace(plan.means, carry_over=True)).value >= value


def forty() -> tuple[Candidates, np.ndarray, np.ndarray]:
    dice = np.random.default_rng(4)
    home, site = dice.uniform(0, 5, (1500, 2)), dice.uniform(0, 5, (40, 2))
    near = ((site[:, None] - home) ** 2).sum(axis=2) <= 0.8**2
    rows = table([np.flatnonzero(row).tolist() for row in near])
    return rows, dice.integers(0, 40, 1500), dice.integers(80, 900, 40)


def test_the_same_question_has_the_same_answer_and_the_bound_is_close() -> None:
    rows, people, cost = forty()
    first, second = (
        phases(rows, people, cost, means(2000, 3000, 2500), seconds=4) for _ in range(2)
    )
    assert first.bound >= first.value >= 0.95 * first.bound
    assert (first.cost <= [2000, 3000, 2500]).all()
    if first.status is second.status is Status.OPTIMAL:
        assert first.year.tolist() == second.year.tolist()


def test_without_time_the_sites_are_still_built() -> None:
    rows, people, cost = forty()
    found = phases(rows, people, cost, means(2000, 3000), seconds=0)
    assert found.status is Status.TIME_LIMIT
    assert 0 < found.value < found.bound
    assert (found.cost <= [2000, 3000]).all()


# The table -------------------------------------------------------------------------------------


def projects() -> pd.DataFrame:
    return pd.DataFrame({
        "id": ["c1", "c2", "c3"],
        "name": ["甲站", "乙站", "=丙站"],
        "place": ["一街道", "二街道", None],
        "kind": ["新建", "改建", "扩建"],
        "floor_area_m2": [750.0, 350.0, 100.0],
        "cost_wan": [300.0, 120.0, 50.0],
        "responsible": ["区民政局", None, " "],
        "clause": ["条文甲", "条文乙", "条文丙"],
        "check": ["", "楼层未知", ""],
        "note": "模拟",
    })  # fmt: skip


def test_the_table_of_projects_by_hand() -> None:
    # 300 a year pay for 甲 (60 people) first, then 乙 (30); of 200 elders 50 are covered already.
    found = phases(table([[0], [1], []]), [60, 30], [300, 120, 50], means(300, 300))
    out = project_table(projects(), found, means(300, 300), elderly=200, covered=50)
    assert out.columns.tolist() == [
        "序号", "备选点编号", "项目名称", "位置", "建设类型", "建筑面积（平方米）", "造价（万元）",
        "建设年份", "责任单位", "依据", "新增覆盖60岁以上（人）", "累计覆盖60岁以上（人）",
        "累计覆盖率", "须核实", "备注",
    ]  # fmt: skip
    assert out.to_numpy().tolist() == [
        [
            1, "c1", "甲站", "一街道", "新建", 750, 300, 2026, "区民政局", "条文甲", 60, 110, 0.55,
            "", "模拟",
        ],
        [
            2, "c2", "乙站", "二街道", "改建", 350, 120, 2027, "待定", "条文乙", 30, 140, 0.7,
            "楼层未知", "模拟",
        ],
        ["合计", "", "", "", "", 1100, 420, "", "", "", 90, 140, 0.7, "", ""],
    ]  # fmt: skip
    left = left_over_table(projects(), found)
    assert left.to_numpy().tolist() == [
        ["c3", "=丙站", "", 50, "建成的各处已覆盖其全部人口，未排入"]
    ]


def test_an_unknown_area_leaves_the_sum_unknown() -> None:
    found = phases(table([[0], [1], []]), [60, 30], [300, 120, 50], means(300, 300))
    given = projects().assign(floor_area_m2=[750.0, NAN, 100.0])
    out = project_table(given, found, means(300, 300), elderly=0, covered=0)
    assert out["建筑面积（平方米）"].isna().tolist() == [False, True, True]
    assert out["造价（万元）"].iloc[-1] == 420
    assert out["累计覆盖率"].isna().all()


def test_an_empty_table_still_has_its_sum() -> None:
    found = phases(table([[0]]), [60], [300], means(1))
    out = project_table(projects()[:1], found, means(1), elderly=60, covered=6)
    assert out["序号"].tolist() == ["合计"]
    assert out["累计覆盖率"].tolist() == [0.1]


def test_columns_that_are_missing_are_named() -> None:
    found = phases(table([[0]]), [60], [300], means(1))
    with pytest.raises(ValueError, match="clause"):
        project_table(projects()[:1].drop(columns="clause"), found, means(1), elderly=1, covered=0)


def test_every_reason_has_its_words() -> None:
    assert set(LEFT_OVER) == set(LeftOver) - {LeftOver.BUILT}
