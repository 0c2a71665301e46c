"""Row: ten new sites with which the average walk of all people is least."""

from typing import Final

import numpy as np

from bench.contest import Agreement, Arrays, Contender, Contest, Job, Outcome, Task
from bench.contests.max_cover import GAP, SITES
from bench.reach import Reach, made_ready
from geo.language import say
from geo.streets.network import Floats, Ints

HORIZON_MM: Final = 3_240_000  # an hour at 0.9 m/s; charged to whom no site is in reach
SECONDS: Final = 60.0
MOST_WALKS: Final = 2_000_000  # a program of more has no answer in any time we wait, nor room
HAIR: Final = 1e-9


def ours(task: Task) -> Job:
    """Search with this project: greedy, exchanges, and a bound that tells how good it is."""
    from analysis.siting.solving.least_walk import compiled, least_walk
    from analysis.siting.solving.walks import WalksTo

    reach = _reach(task)
    today = np.full(len(reach.people), HORIZON_MM)  # nothing stands yet
    walks = WalksTo(reach.start, reach.place, reach.walk_mm, today)
    compiled()

    def run() -> Outcome:
        found = least_walk(
            walks, reach.people, count=SITES, penalty_mm=HORIZON_MM, seconds=SECONDS, within=GAP
        )
        return Outcome(
            lambda: {"chosen": found.chosen, "average_m": np.array([found.value]),
                     "bound": np.array([found.bound])}
        )  # fmt: skip

    return run


def highs(task: Task) -> Job:
    """Solve with HiGHS through scipy: one number a walk, nobody walks to a site not built."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    reach = _reach(task)
    sites, walks, places = reach.sites, len(reach.place), len(reach.people)
    if walks > MOST_WALKS:
        message = f"a program of {walks / 1e6:.0f} million walks"
        raise MemoryError(message)
    saved = (HORIZON_MM - reach.walk_mm) * reach.people[reach.place] / 1e6
    walk, one = np.arange(walks), np.ones(walks)
    # A row a walk: not without its site; a row a place: one walk at most; all sites together.
    row = np.concatenate([walk, walk, walks + reach.place, np.full(sites, walks + places)])
    column = np.concatenate([sites + walk, reach.site, sites + walk, np.arange(sites)])
    value = np.concatenate([one, -one, one, np.ones(sites)])
    rows = coo_array((value, (row, column)), shape=(walks + places + 1, sites + walks)).tocsc()
    most = np.concatenate([np.zeros(walks), np.ones(places), [SITES]])
    whole = np.arange(sites + walks) < sites

    def run() -> Outcome:
        found = milp(
            np.concatenate([np.zeros(sites), -saved]),
            constraints=LinearConstraint(rows, -np.inf, most), bounds=Bounds(0, 1),
            integrality=whole, options={"mip_rel_gap": GAP, "time_limit": SECONDS},
        )  # fmt: skip
        if found.x is None:
            message = f"no sites found in {SECONDS:.0f} s"
            raise TimeoutError(message)
        chosen = np.flatnonzero(found.x[:sites] > 0.5)  # noqa: PLR2004 - nought or one
        return Outcome(lambda: {"average_m": _average_m(reach, chosen)})

    return run


def spopt(task: Task) -> Job:
    """Solve with spopt's PMedian and CBC, which take the whole table of walks."""
    import pulp
    from spopt.locate import PMedian

    reach = _reach(task)
    table = reach.full(reach.walk_mm / 1000, beyond=HORIZON_MM / 1000)

    def run() -> Outcome:
        model = PMedian.from_cost_matrix(table, reach.people, p_facilities=SITES)
        model.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=GAP, timeLimit=SECONDS), results=False)
        built = [variable.value() or 0.0 for variable in model.fac_vars]
        chosen = np.flatnonzero(np.array(built) > 0.5)  # noqa: PLR2004 - nought or one
        return Outcome(lambda: {"average_m": _average_m(reach, chosen)})

    return run


def agree(one: Arrays, other: Arrays) -> Agreement:
    """Compare the average walk: nobody may beat our bound, or clearly beat us."""
    more = float(other["average_m"][0] / one["average_m"][0] - 1)
    kept = other["average_m"][0] >= one["bound"][0] * (1 - HAIR) and more >= -GAP
    return Agreement(same=bool(kept), how=say("平均步行距离比本项目 {more:+.2%}", more=more))


def check(task: Task, ours: Arrays) -> Agreement:
    """Walk again to the chosen sites, and hold the average against the bound."""
    average_m, bound = float(ours["average_m"][0]), float(ours["bound"][0])
    again = float(_average_m(_reach(task), ours["chosen"])[0])
    gap = (average_m - bound) / average_m
    return Agreement(
        same=abs(again - average_m) <= HAIR * again and -HAIR <= gap <= GAP,
        how=say(
            "平均步行 {average:,.0f} 米，已证明最多再短 {gap:.2%}；"
            "一小时走不到的人按 {horizon:,.0f} 米计",
            average=average_m,
            gap=gap,
            horizon=HORIZON_MM / 1000,
        ),
    )


def _reach(task: Task) -> Reach:
    return Reach.of(task, limit_mm=HORIZON_MM)


def _average_m(reach: Reach, chosen: Ints) -> Floats:
    walk_mm = reach.walks(chosen, else_mm=HORIZON_MM)
    return np.array([walk_mm @ reach.people / reach.people.sum() / 1000])


CONTEST = Contest(
    name="least_walk",
    title=lambda size: say(
        "选址：{candidates} 个备选点、{demand} 个人口点中选 {count} 处，平均步行最短",
        candidates=size.candidates,
        demand=size.demand,
        count=SITES,
    ),
    contenders=(
        Contender("ours", say("本项目"), ours, given="nothing"),
        Contender("highs", say("scipy milp（HiGHS）"), highs, given="nothing"),
        Contender(
            "spopt", say("spopt PMedian（CBC）"), spopt, given="nothing", needs=("spopt", "pulp")
        ),
    ),
    agree=agree,
    check=check,
    make_ready=made_ready(limit_mm=HORIZON_MM),
)
