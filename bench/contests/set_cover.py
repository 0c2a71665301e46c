"""Row: the fewest sites that cover everybody whom any candidate reaches."""

from typing import Final

import numpy as np

from bench.contest import LIMIT_MM, Agreement, Arrays, Contender, Contest, Job, Outcome, Task
from bench.reach import Reach, made_ready
from geo.language import say
from geo.streets.network import Ints

SECONDS: Final = 30.0  # everybody may search so long
HAIR: Final = 1e-6  # of a site, by which a bound may miss a whole number


def ours(task: Task) -> Job:
    """Search with this project, which proves how few there can be."""
    from analysis.siting.solving.candidates import Candidates
    from analysis.siting.solving.fewest_sites import fewest_sites, most_possible

    reach = _reach(task)
    candidates = Candidates(reach.start, reach.place)
    wanted = most_possible(candidates, reach.people)
    few = Candidates(np.array([0, 1, 2]), np.array([0, 1]))
    fewest_sites(few, np.ones(2), wanted=2.0)  # compiled

    def run() -> Outcome:
        found = fewest_sites(candidates, reach.people, wanted=wanted, seconds=SECONDS)
        return Outcome(lambda: {**_answer(reach, found.chosen), "bound": np.array([found.bound])})

    return run


def highs(task: Task) -> Job:
    """Solve with HiGHS through scipy, places covered from the same sites taken as one."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    reach = _reach(task)
    near, _ = reach.merged()
    near = near[np.diff(near.indptr) > 0]  # whom nobody reaches nobody can cover

    def run() -> Outcome:
        found = milp(
            np.ones(reach.sites), constraints=LinearConstraint(near, 1.0, np.inf),
            bounds=Bounds(0, 1), integrality=np.ones(reach.sites),
            options={"time_limit": SECONDS},
        )  # fmt: skip
        if found.x is None:
            message = f"no sites found in {SECONDS:.0f} s"
            raise TimeoutError(message)
        chosen = np.flatnonzero(found.x > 0.5)  # noqa: PLR2004 - nought or one
        return Outcome(lambda: _answer(reach, chosen))

    return run


def spopt(task: Task) -> Job:
    """Solve with spopt's LSCP and CBC, which take the whole table of walks."""
    import pulp
    from spopt.locate import LSCP

    reach = _reach(task)
    table = reach.full(0.0, beyond=2.0)[np.unique(reach.place)]

    def run() -> Outcome:
        model = LSCP.from_cost_matrix(table, service_radius=1.0)
        model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=SECONDS))
        chosen = np.array([site for site, served in enumerate(model.fac2cli) if served])
        return Outcome(lambda: _answer(reach, chosen))

    return run


def agree(one: Arrays, other: Arrays) -> Agreement:
    """Everybody covers the same people, and nobody with fewer sites than our bound."""
    sites, fewer = len(other["chosen"]), len(other["chosen"]) - len(one["chosen"])
    enough = sites >= one["bound"][0] - HAIR
    covered = bool(np.array_equal(one["covered"], other["covered"]))
    how = say("{sites} 处，比本项目 {fewer:+.0f} 处", sites=sites, fewer=fewer)
    return Agreement(same=bool(enough) and covered, how=how)


def check(task: Task, ours: Arrays) -> Agreement:
    """Count the covered people again: everybody whom any candidate reaches."""
    reach = _reach(task)
    sites, bound = len(ours["chosen"]), float(ours["bound"][0])
    everybody = reach.covered(np.arange(reach.sites))
    return Agreement(
        same=bool(np.array_equal(reach.covered(ours["chosen"]), everybody)) and bound <= sites,
        how=say(
            "{sites} 处覆盖走得到的全部 {people:.0f} 人，已证明至少要 {bound:.0f} 处",
            sites=sites,
            people=everybody[0],
            bound=np.ceil(bound - HAIR),
        ),
    )


def _reach(task: Task) -> Reach:
    return Reach.of(task, limit_mm=LIMIT_MM)


def _answer(reach: Reach, chosen: Ints) -> Arrays:
    return {"chosen": chosen, "covered": reach.covered(chosen)}


CONTEST = Contest(
    name="set_cover",
    title=lambda size: say(
        "选址：{candidates} 个备选点中最少几处能覆盖走得到的全部人口（{demand} 个人口点，"
        "限时 {seconds:.0f} s）",
        candidates=size.candidates,
        demand=size.demand,
        seconds=SECONDS,
    ),
    contenders=(
        Contender("ours", say("本项目"), ours, given="nothing"),
        Contender("highs", say("scipy milp（HiGHS），合并相同的人口点"), highs, given="nothing"),
        Contender(
            "spopt", say("spopt LSCP（CBC）"), spopt, given="nothing", needs=("spopt", "pulp")
        ),
    ),
    agree=agree,
    check=check,
    make_ready=made_ready(limit_mm=LIMIT_MM),
)
