"""Linear programs with whole numbers, solved by HiGHS: exact answers, and bounds that prove others.

One thread and one seed: the same program has the same answer, unless time runs out.
"""

from dataclasses import dataclass
from time import perf_counter

import highspy
import numpy as np
from scipy.sparse import csr_array

from analysis.siting.solving.solution import Status
from geo.streets.network import Flags, Floats

WHOLE = 1e-6  # how far from a whole number a whole one may be found


@dataclass(frozen=True, eq=False)
class Program:
    """What is to be as little as can be: `cost @ x`, with `least <= rows @ x <= most`.

    x lies between 0 and `upper`, in whole numbers where `whole` says so.
    """

    cost: Floats
    rows: csr_array
    least: Floats
    most: Floats
    upper: Floats
    whole: Flags


@dataclass(frozen=True, eq=False)
class Answer:
    """The best x found; `value` is its cost, and no x costs less than `bound`.

    Where nothing is found, x is empty and the value infinite.
    """

    x: Floats
    value: float
    bound: float
    status: Status
    seconds: float


def solve(program: Program, *, seconds: float, within: float = 0.0) -> Answer:
    """Return the cheapest x of a program.

    seconds, within
        The search ends after this time, or when the gap is this small.

    HiGHS is told no x that is known to do: with one it has called answers optimal that were not.
    """
    began = perf_counter()
    highs = _loaded(program)
    for option, value in {
        "output_flag": False,
        "threads": 1,
        "random_seed": 0,
        "time_limit": max(seconds, 0.0),
        "mip_rel_gap": within,
        "mip_abs_gap": WHOLE,
    }.items():
        highs.setOptionValue(option, value)
    highs.run()
    return _answer(highs, program, perf_counter() - began)


def _loaded(program: Program) -> highspy.Highs:
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)  # noqa: FBT003 - HiGHS names its options so
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(program.cost), len(program.least)
    model.col_cost_ = program.cost
    model.col_lower_, model.col_upper_ = np.zeros(len(program.cost)), program.upper
    model.row_lower_, model.row_upper_ = program.least, program.most
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_ = program.rows.indptr
    matrix.index_ = program.rows.indices
    matrix.value_ = program.rows.data
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    model.integrality_ = [kinds[int(whole)] for whole in program.whole]
    highs.passModel(model)
    return highs


def _answer(highs: highspy.Highs, program: Program, seconds: float) -> Answer:
    status, info = highs.getModelStatus(), highs.getInfo()
    ended = highspy.HighsModelStatus
    if status in (ended.kInfeasible, ended.kUnboundedOrInfeasible):
        return Answer(np.zeros(0), np.inf, np.inf, Status.INFEASIBLE, seconds)
    bound = info.mip_dual_bound if program.whole.any() else info.objective_function_value
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Answer(np.zeros(0), np.inf, bound, Status.TIME_LIMIT, seconds)
    x = np.array(highs.getSolution().col_value)
    x[program.whole] = np.rint(x[program.whole]) + 0.0  # no zero below zero
    value = float(program.cost @ x)
    bound = min(bound, value)
    if status == ended.kTimeLimit:
        return Answer(x, value, bound, Status.TIME_LIMIT, seconds)
    same = value - bound <= WHOLE * max(1.0, abs(value))
    return Answer(x, value, bound, Status.OPTIMAL if same else Status.FEASIBLE, seconds)
