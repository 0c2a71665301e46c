"""Row: how many more people one more facility would cover, asked all along the streets."""

from typing import Any, Final

import numpy as np

from bench.contest import Agreement, Arrays, Contender, Contest, Job, Outcome, Target, Task
from geo.language import say
from geo.streets.network import Floats

EVERY: Final = 10  # others search from one of so many spots
HAIR: Final = 1e-6  # of a person: sums in another order
GIVEN: Final = "gains.npz"


def make_ready(task: Task) -> None:
    """Write the bundled study's streets, spots and uncovered people for other libraries."""
    from bench.bundled import given, live

    np.savez(task.folder / GIVEN, **dict[str, Any](given(live())))


def ours(_task: Task) -> Job:
    """Find the spots of the bundled study, put them on streets and search from each."""
    from analysis.what_if.gain_surface import gain_surface
    from bench.bundled import live

    study = live()
    gain_surface(study)  # compiled

    def run() -> Outcome:
        surface = gain_surface(study)
        return Outcome(lambda: {"gain": surface.gain})

    return run


def scipy_searches(task: Task) -> Job:
    """Search with scipy from spots that are on the streets already, one after another."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    with np.load(task.folder / GIVEN) as saved:
        told = {name: saved[name] for name in saved.files}
    nodes, limit_mm = len(told["start"]) - 1, float(told["limit_mm"])
    graph = csr_array((told["mm"], told["node"], told["start"]), shape=(nodes, nodes))
    first = np.searchsorted(told["spot_point"], np.arange(told["spot_point"].max() + 2))
    spots = np.arange(0, len(first) - 1, EVERY)

    def gain(spot: int) -> float:
        ways = slice(first[spot], first[spot + 1])
        ends, to_end = told["spot_node"][ways].ravel(), told["spot_mm"][ways].ravel()
        known = ends >= 0
        reached = dijkstra(graph, indices=ends[known], limit=limit_mm) + to_end[known, None]
        # Whoever steps onto a street that is not walked that way finds infinity at node -1.
        least = np.append(reached.min(axis=0, initial=np.inf), np.inf)
        walk_mm = (least[told["place_node"]] + told["place_mm"]).min(axis=1)
        for way in range(ways.start, ways.stop):
            walk_mm = np.minimum(walk_mm, _along_the_street(told, way))
        near = np.unique(told["place_point"][walk_mm <= limit_mm])
        return float(told["people"][near].sum())

    def run() -> Outcome:
        gains = np.array([gain(spot) for spot in spots.tolist()])
        return Outcome(lambda: {"spot": spots, "gain": gains}, share=len(spots) / (len(first) - 1))

    return run


def _along_the_street(told: Arrays, way: int) -> Floats:
    """Return what places on a spot's own street walk along it; infinite for all others."""
    street, walk_mm = told["spot_street"][way], np.full(len(told["place_street"]), np.inf)
    here = np.flatnonzero(told["place_street"] == street)
    ahead = told["spot_along_mm"][way] - told["place_along_mm"][here]
    off_mm = told["spot_off_mm"][way] + told["place_off_mm"][here]
    walk_mm[here] = np.where(told["oneway"][street] * ahead >= 0, np.abs(ahead) + off_mm, np.inf)
    return walk_mm


def agree(one: Arrays, other: Arrays) -> Agreement:
    """Compare the gains at every spot that the other has searched from."""
    gap = np.abs(one["gain"][other["spot"]] - other["gain"])
    how = say(
        "{count} 个点，新增人数最多差 {most:.1g} 人", count=len(gap), most=gap.max(initial=0.0)
    )
    return Agreement(same=bool((gap <= HAIR).all()), how=how)


CONTEST = Contest(
    name="gains",
    title=lambda _size: say(
        "再增一处设施在沿街各点能新增覆盖多少人（自带的赤峰研究，约每 50 米一点）"
    ),
    contenders=(
        Contender("ours", say("本项目"), ours, given="nothing"),
        Contender("scipy", say("scipy dijkstra(limit)，逐点"), scipy_searches, given="nothing"),
    ),
    agree=agree,
    make_ready=make_ready,
    targets=dict.fromkeys(("S", "M", "L"), Target(seconds=2.0)),
)
