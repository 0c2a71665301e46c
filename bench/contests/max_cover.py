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
from bench.given import on_streets
from bench.settled import residents
from geo.language import say
from geo.streets.network import Floats, Ints, WalkNetwork

SITES: Final = 10
GAP: Final = 0.005  # part of the bound that may be missing
DENSE_GB: Final = 4.0  # no table larger than this is made full for a library that needs it so
COVER = "cover.npz"


def make_ready(task: Task) -> None:
    """Write who would be covered from where: within a quarter of an hour's walk."""
    from geo.walks.walk_graph import WalkGraph
    from geo.walks.walk_table import walk_table

    network = WalkNetwork.load(task.folder / "loaded.npz")
    candidates = on_streets(network, task.spots("candidates"))
    demand = on_streets(network, task.spots("demand"))
    table = walk_table(WalkGraph.of(network), candidates, demand, limit_mm=LIMIT_MM)
    people = residents(task.size.demand)
    np.savez(task.folder / COVER, start=table.start, place=table.place, people=people)


def ours(task: Task) -> Job:
    """Search with this project: greedy, swaps, and a bound that tells how good it is."""
    from analysis.siting.solving.candidates import Candidates
    from analysis.siting.solving.max_cover import max_cover

    start, place, people = _cover(task)
    candidates = Candidates(start, place.astype(np.int64))
    few = Candidates(np.array([0, 1]), np.array([0]))
    max_cover(few, np.array([1.0]), count=1)  # compiled

    def run() -> Outcome:
        found = max_cover(candidates, people, count=SITES, within=GAP, seconds=60.0)
        return Outcome(
            lambda: {"chosen": found.chosen, "covered": np.array([found.value]),
                     "bound": np.array([found.bound])}
        )  # fmt: skip

    return run


def highs(task: Task) -> Job:
    """Solve with HiGHS through scipy, places covered from the same sites taken as one."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array, eye_array, hstack, vstack

    start, place, people = _cover(task)
    sites = len(start) - 1
    by_place = csr_array((np.ones(len(place)), place, start), shape=(sites, len(people))).T.tocsr()
    by_place.sort_indices()
    ends = zip(by_place.indptr[:-1], by_place.indptr[1:], strict=True)
    sets = np.array([by_place.indices[a:b].tobytes() for a, b in ends], dtype=object)
    _, first, group = np.unique(sets, return_index=True, return_inverse=True)
    weight = np.bincount(group, weights=people)
    near = by_place[first]
    rows = vstack([hstack([near, -eye_array(len(first))]), hstack(
        [csr_array(np.ones((1, sites))), csr_array((1, len(first)))])]).tocsc()  # fmt: skip
    least = np.concatenate([np.zeros(len(first)), [0.0]])
    most = np.concatenate([np.full(len(first), np.inf), [SITES]])
    whole = np.concatenate([np.ones(sites), np.zeros(len(first))])

    def run() -> Outcome:
        found = milp(
            np.concatenate([np.zeros(sites), -weight]),
            constraints=LinearConstraint(rows, least, most), bounds=Bounds(0, 1),
            integrality=whole, options={"mip_rel_gap": GAP},
        )  # fmt: skip
        chosen = np.flatnonzero(found.x[:sites] > 0.5)  # noqa: PLR2004 - nought or one
        return Outcome(
            lambda: {"covered": _covered(start, place, people, chosen)}
        )

    return run


def spopt(task: Task) -> Job:
    """Solve with spopt's MCLP and CBC, which take the whole table of walks."""
    import pulp
    from spopt.locate import MCLP

    start, place, people = _cover(task)
    sites = len(start) - 1
    gigabytes = len(people) * sites * 8 / 1e9
    if gigabytes > DENSE_GB:
        message = f"a full table of {gigabytes:.0f} GB"
        raise MemoryError(message)
    table = np.full((len(people), sites), 2.0)
    table[place, np.repeat(np.arange(sites), np.diff(start))] = 0.0

    def run() -> Outcome:
        model = MCLP.from_cost_matrix(table, people, service_radius=1.0, p_facilities=SITES)
        model.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=GAP))
        chosen = np.array([site for site, served in enumerate(model.fac2cli) if served])
        return Outcome(
            lambda: {"covered": _covered(start, place, people, chosen)}
        )

    return run


def agree(one: Arrays, other: Arrays) -> Agreement:
    """Compare the people covered: nobody may find more than our bound, or clearly more than us."""
    more = float(other["covered"][0] / one["covered"][0] - 1)
    kept = other["covered"][0] <= one["bound"][0] * (1 + 1e-9) and more <= GAP
    return Agreement(same=bool(kept), how=say("覆盖人数比本项目 {more:+.2%}", more=more))


def check(task: Task, ours: Arrays) -> Agreement:
    """Count the covered people again, and hold them against the bound."""
    start, place, people = _cover(task)
    covered, bound = float(ours["covered"][0]), float(ours["bound"][0])
    again = float(_covered(start, place, people, ours["chosen"])[0])
    gap = (bound - covered) / bound
    return Agreement(
        same=abs(again - covered) <= 1e-6 * bound and gap <= GAP,
        how=say("覆盖 {covered:.0f} 人，已证明最多再差 {gap:.2%}", covered=covered, gap=gap),
    )


def _cover(task: Task) -> tuple[Ints, Ints, Floats]:
    with np.load(task.folder / COVER) as saved:
        return saved["start"], saved["place"], saved["people"]


def _covered(start: Ints, place: Ints, people: Floats, chosen: Ints) -> Floats:
    reached = np.zeros(len(people), dtype=bool)
    for site in chosen:
        reached[place[start[site] : start[site + 1]]] = True
    return np.array([people[reached].sum()])


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
    make_ready=make_ready,
    targets={"M": Target(seconds=3.0), "L": Target(seconds=3.0)},
)
