"""Row: ten new sites that cover the most people."""

from typing import Final

import numpy as np

from bench.contest import (
    LIMIT_MM,
    Agreement,
    Arrays,
    Contender,
    Contest,
    Job,
    Outcome,
    Target,
    Task,
)
from bench.reach import Reach, made_ready
from geo.language import say

SITES: Final = 10
GAP: Final = 0.005  # part of the bound that may be missing


def ours(task: Task) -> Job:
    """Search with this project: greedy, swaps, and a bound that tells how good it is."""
    from analysis.siting.solving.candidates import Candidates
    from analysis.siting.solving.max_cover import max_cover

    reach = _reach(task)
    candidates = Candidates(reach.start, reach.place)
    few = Candidates(np.array([0, 1]), np.array([0]))
    max_cover(few, np.array([1.0]), count=1)  # compiled

    def run() -> Outcome:
        found = max_cover(candidates, reach.people, count=SITES, within=GAP, seconds=60.0)
        return Outcome(
            lambda: {"chosen": found.chosen, "covered": np.array([found.value]),
                     "bound": np.array([found.bound])}
        )  # fmt: skip

    return run


def highs(task: Task) -> Job:
    """Solve with HiGHS through scipy, places covered from the same sites taken as one."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array, eye_array, hstack, vstack

    reach = _reach(task)
    sites = reach.sites
    near, weight = reach.merged()
    groups = len(weight)
    rows = vstack([hstack([near, -eye_array(groups)]), hstack(
        [csr_array(np.ones((1, sites))), csr_array((1, groups))])]).tocsc()  # fmt: skip
    least = np.concatenate([np.zeros(groups), [0.0]])
    most = np.concatenate([np.full(groups, np.inf), [SITES]])
    whole = np.concatenate([np.ones(sites), np.zeros(groups)])

    def run() -> Outcome:
        found = milp(
            np.concatenate([np.zeros(sites), -weight]),
            constraints=LinearConstraint(rows, least, most), bounds=Bounds(0, 1),
            integrality=whole, options={"mip_rel_gap": GAP},
        )  # fmt: skip
        chosen = np.flatnonzero(found.x[:sites] > 0.5)  # noqa: PLR2004 - nought or one
        return Outcome(lambda: {"covered": reach.covered(chosen)})

    return run


def spopt(task: Task) -> Job:
    """Solve with spopt's MCLP and CBC, which take the whole table of walks."""
    import pulp
    from spopt.locate import MCLP

    reach = _reach(task)
    table = reach.full(0.0, beyond=2.0)

    def run() -> Outcome:
        model = MCLP.from_cost_matrix(table, reach.people, service_radius=1.0, p_facilities=SITES)
        model.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=GAP))
        chosen = np.array([site for site, served in enumerate(model.fac2cli) if served])
        return Outcome(lambda: {"covered": reach.covered(chosen)})

    return run


def agree(one: Arrays, other: Arrays) -> Agreement:
    """Compare the people covered: nobody may find more than our bound, or clearly more than us."""
    more = float(other["covered"][0] / one["covered"][0] - 1)
    kept = other["covered"][0] <= one["bound"][0] * (1 + 1e-9) and more <= GAP
    return Agreement(same=bool(kept), how=say("覆盖人数比本项目 {more:+.2%}", more=more))


def check(task: Task, ours: Arrays) -> Agreement:
    """Count the covered people again, and hold them against the bound."""
    covered, bound = float(ours["covered"][0]), float(ours["bound"][0])
    again = float(_reach(task).covered(ours["chosen"])[0])
    gap = (bound - covered) / bound
    return Agreement(
        same=abs(again - covered) <= 1e-6 * bound and gap <= GAP,
        how=say("覆盖 {covered:.0f} 人，已证明最多再差 {gap:.2%}", covered=covered, gap=gap),
    )


def _reach(task: Task) -> Reach:
    return Reach.of(task, limit_mm=LIMIT_MM)


CONTEST = Contest(
    name="max_cover",
    title=lambda size: say(
        "选址：{candidates} 个备选点、{demand} 个人口点中选 {count} 处",
        candidates=size.candidates,
        demand=size.demand,
        count=SITES,
    ),
    contenders=(
        Contender("ours", say("本项目"), ours, given="nothing"),
        Contender("highs", say("scipy milp（HiGHS），合并相同的人口点"), highs, given="nothing"),
        Contender(
            "spopt", say("spopt MCLP（CBC）"), spopt, given="nothing", needs=("spopt", "pulp")
        ),
    ),
    agree=agree,
    check=check,
    make_ready=made_ready(limit_mm=LIMIT_MM),
    targets={"M": Target(seconds=3.0), "L": Target(seconds=3.0)},
)
