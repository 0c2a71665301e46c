"""Programs in whole numbers: worked by hand, and against every possible answer."""

import itertools

import numpy as np
import pytest
from scipy.sparse import csr_array

from analysis.siting.solving.exact import Program, solve
from analysis.siting.solving.solution import Status


def program(cost: list[float], rows: list[list[float]], least: list[float]) -> Program:
    """Return: as cheap as can be, every row at least so much, each x 0 or 1."""
    size = len(cost)
    most = np.full(len(least), np.inf)
    matrix = csr_array(np.array(rows, dtype=float).reshape(len(least), size))
    return Program(
        np.array(cost), matrix, np.array(least), most, np.ones(size), np.ones(size, dtype=bool)
    )


def test_the_cheapest_pair_is_found() -> None:
    # 1 and 2 together give 5 for 5; 0 alone gives 5 for 6.
    answer = solve(program([6, 2, 3], [[5, 2, 3]], [5]), seconds=10)
    assert answer.x.tolist() == [0, 1, 1]
    assert (answer.value, answer.bound, answer.status) == (5, 5, Status.OPTIMAL)


def test_what_cannot_be_is_told() -> None:
    answer = solve(program([1, 1], [[1, 1]], [3]), seconds=10)
    assert answer.status is Status.INFEASIBLE
    assert len(answer.x) == 0


def test_without_time_nothing_better_than_the_truth_is_told() -> None:
    dice = np.random.default_rng(3)
    rows = (dice.random((150, 100)) < 0.04).astype(float)
    rows[np.arange(150), dice.integers(0, 100, 150)] = 1
    task = program(dice.integers(5, 9, 100).tolist(), rows.tolist(), [1.0] * 150)
    hurried, patient = solve(task, seconds=0.0), solve(task, seconds=60.0)
    assert patient.status is Status.OPTIMAL
    assert hurried.bound <= patient.value <= hurried.value


@pytest.mark.parametrize("seed", range(30))
def test_no_other_answer_is_cheaper(seed: int) -> None:
    dice = np.random.default_rng(seed)
    cost, rows = dice.integers(1, 9, 7), dice.integers(0, 3, (4, 7))
    least = dice.integers(0, 6, 4)
    every = np.array(list(itertools.product((0, 1), repeat=7)))
    doing = every[(every @ rows.T >= least).all(axis=1)]
    answer = solve(program(cost.tolist(), rows.tolist(), least.tolist()), seconds=10)
    if not len(doing):
        assert answer.status is Status.INFEASIBLE
    else:
        assert answer.value == pytest.approx((doing @ cost).min())
        assert answer.bound == pytest.approx(answer.value)


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    solve(program([6, 2, 3], [[5, 2, 3]], [5]), seconds=10)
    assert capfd.readouterr() == ("", "")
