"""Row: one facility added, removed or moved, and everybody's nearest facility known again."""

import time
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

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
from bench.contests.nearest import BEYOND, whole_mm
from bench.given import as_matrix, at_crossings
from bench.settled import CHANGES, crossings, dice
from geo.language import say
from geo.streets.network import Flags, Ints
from geo.walks.places import Exits

CALLS: Final = 2_000
LOOKED_AT: Final = (20, 100, 500, 1_000, 1_500, 2_000)  # calls after which everything is compared
FEW: Final = 100  # calls of those who compute everything anew
ADD, REMOVE, MOVE = range(3)


class Change(NamedTuple):
    """What is done to which site; `to` is where a facility moves, else -1."""

    what: int
    site: int
    to: int = -1


def sites_of(task: Task) -> Ints:
    """Return crossings where facilities may stand, twice as many as stand there at first."""
    nodes = len(task.network.x)
    return task.here(crossings(nodes, 2 * task.size.facilities))


def first_open(sites: int) -> Flags:
    """Return which sites have a facility before the first change: every other."""
    every_other: Flags = np.arange(sites) % 2 == 0
    return every_other


def changes(sites: int, count: int) -> list[Change]:
    """Return random changes, each possible when its turn comes."""
    rng = dice(CHANGES)
    is_open = first_open(sites)
    planned = []
    for _ in range(count):
        here, free = np.flatnonzero(is_open), np.flatnonzero(~is_open)
        # There is always one to remove and a site to move to.
        possible: tuple[int, ...] = (ADD, REMOVE, MOVE)
        if min(len(here), len(free)) == 1:
            possible = (ADD,) if len(here) == 1 else (REMOVE,)
        what = int(rng.choice(possible))
        site = int(rng.choice(free if what == ADD else here))
        change = Change(what, site, int(rng.choice(free)) if what == MOVE else -1)
        is_open = after(change, is_open)
        planned.append(change)
    return planned


def after(change: Change, is_open: Flags) -> Flags:
    """Return which sites have a facility after a change."""
    known = is_open.copy()
    known[change.site] = change.what == ADD
    if change.what == MOVE:
        known[change.to] = True
    return known


def ours(task: Task) -> Job:
    """Change this project's what-if of all crossings, call by call."""
    return _ours(task, Exits.none())


def ours_with_places(task: Task) -> Job:
    """Change this project's what-if of all crossings and of places between them."""
    from geo.walks.nearest_street import StreetIndex
    from geo.walks.places import Points, put_on_streets

    places = task.spots("places")
    index = StreetIndex(task.network, np.ones(len(task.network), dtype=bool))
    return _ours(task, put_on_streets(index, Points.free(places.x, places.y), snap_max_m=200))


def _ours(task: Task, places: Exits) -> Job:
    from geo.walks.travel import FAR, WalkGraph, WhatIf

    graph = WalkGraph.of(task.network)
    sites = at_crossings(task.network, sites_of(task))
    in_order = task.here(np.arange(len(task.network.x)))
    planned, stand = changes(sites.count, CALLS), first_open(sites.count)

    def run() -> Outcome:
        what_if = WhatIf(graph, sites, places, horizon_mm=LIMIT_MM, open_=stand)
        seconds: list[float] = []
        at_work: list[float] = []
        seen: dict[str, NDArray[Any]] = {}
        for number, change in enumerate(planned, start=1):
            worked, began = time.thread_time(), time.perf_counter()
            if change.what == ADD:
                what_if.add(change.site)
            elif change.what == REMOVE:
                what_if.remove(change.site)
            else:
                what_if.move(change.site, change.to)
            # A move is one facility removed and one added.
            parts = 2 if change.what == MOVE else 1
            seconds += [(time.perf_counter() - began) / parts] * parts
            at_work += [(time.thread_time() - worked) / parts] * parts
            if number in LOOKED_AT:
                walk_mm = what_if.node_walk_mm()[in_order]
                seen[f"after_{number}"] = np.where(walk_mm == FAR, BEYOND, walk_mm)
        return Outcome(lambda: {**seen, "at_work_s": np.array(at_work)}, seconds)

    return run


def ours_anew(task: Task) -> Job:
    """Compute everything anew with this project's search after each change."""
    from geo.walks.travel import FAR, search
    from geo.walks.walk_graph import WalkGraph

    graph, sites = WalkGraph.of(task.network), at_crossings(task.network, sites_of(task))
    everywhere = at_crossings(task.network, task.here(np.arange(len(task.network.x))))

    def anew(is_open: Flags) -> Ints:
        found = search(graph, sites, horizon_mm=LIMIT_MM, only=is_open)
        walk_mm = found.walks(everywhere).walk_mm
        return np.where(walk_mm == FAR, BEYOND, walk_mm)

    return _anew(task, anew)


def scipy_anew(task: Task) -> Job:
    """Compute everything anew with scipy after each change."""
    from scipy.sparse.csgraph import dijkstra

    graph, sites = as_matrix(task.network), sites_of(task)
    in_order = task.here(np.arange(len(task.network.x)))

    def anew(is_open: Flags) -> Ints:
        source = sites[is_open]
        reached = dijkstra(graph, indices=source, min_only=True, limit=float(LIMIT_MM))
        return whole_mm(reached[in_order])

    return _anew(task, anew)


def scipy_added(task: Task) -> Job:
    """Add facilities with scipy: one source, then the lesser of old and new."""
    from scipy.sparse.csgraph import dijkstra

    graph, nodes = as_matrix(task.network), len(task.network.x)
    sources = task.here(crossings(nodes, min(task.size.facilities, FEW)))

    def run() -> Outcome:
        least = np.full(nodes, np.inf)
        seconds = []
        for source in sources:
            began = time.perf_counter()
            least = np.minimum(least, dijkstra(graph, indices=source, limit=float(LIMIT_MM)))
            seconds.append(time.perf_counter() - began)
        return Outcome(dict, seconds)

    return run


def agree(one: Arrays, other: Arrays) -> Agreement:
    """Compare every crossing after as many changes as both have seen."""
    both = [name for name in one if name in other and name.startswith("after_")]
    same = all(np.array_equal(one[name], other[name]) for name in both)
    how = say("逐节点比较 {count} 个时刻", count=len(both))
    return Agreement(same=same and bool(both), how=how)


def _anew(task: Task, search: Callable[[Flags], Ints]) -> Job:
    sites = 2 * task.size.facilities
    planned = changes(sites, FEW)

    def run() -> Outcome:
        is_open = first_open(sites)
        seconds: list[float] = []
        seen: dict[str, Ints] = {}
        for number, change in enumerate(planned, start=1):
            is_open = after(change, is_open)
            began = time.perf_counter()
            walk_mm = search(is_open)
            seconds.append(time.perf_counter() - began)
            if number in LOOKED_AT:
                seen[f"after_{number}"] = walk_mm
        return Outcome(lambda: seen, seconds)

    return run


def check(task: Task, ours: Arrays) -> Agreement:
    """Hold what stands after every look, the last call's included, against scipy."""
    from scipy.sparse.csgraph import dijkstra

    listed = Task(task.folder, task.size, "raw")
    graph, sites = as_matrix(listed.network), sites_of(listed)
    is_open, same = first_open(len(sites)), True
    for number, change in enumerate(changes(len(sites), CALLS), start=1):
        is_open = after(change, is_open)
        if number in LOOKED_AT:
            source = sites[is_open]
            reached = dijkstra(graph, indices=source, min_only=True, limit=float(LIMIT_MM))
            same &= np.array_equal(ours[f"after_{number}"], whole_mm(reached))
    # What the processor itself took: on a machine with other work the clock runs on meanwhile.
    half, most = np.quantile(ours["at_work_s"], (0.5, 0.99)) * 1e6
    how = say(
        "{calls} 次变动（移动算一减一增）中 {count} 个时刻与 scipy 全部重算逐节点比较；"
        "首轮处理器时间中位 {half:.0f} µs，p99 {most:.0f} µs",
        calls=CALLS,
        count=len(LOOKED_AT),
        half=half,
        most=most,
    )
    return Agreement(same=same, how=how)


CONTEST = Contest(
    name="what_if",
    title=lambda size: say("增减或移动一处设施：共 {count} 处", count=size.facilities),
    contenders=(
        Contender("ours", say("本项目"), ours, given="loaded"),
        Contender("ours_places", say("本项目，连同地点"), ours_with_places, given="loaded"),
        Contender("ours_anew", say("本项目，全部重算"), ours_anew, given="loaded"),
        Contender("scipy_anew", say("scipy，全部重算"), scipy_anew),
        Contender("scipy_added", say("scipy，单源取小（只能增加）"), scipy_added),
    ),
    agree=agree,
    check=check,
    targets={"M": Target(p99_s=100e-6), "L": Target(p99_s=100e-6)},
)
