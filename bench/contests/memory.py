"""Row: the most memory held while minutes and coverage of a whole city are computed."""

import numpy as np

from bench.contest import (
    SPEED_M_PER_S,
    Agreement,
    Arrays,
    Contender,
    Contest,
    Job,
    Outcome,
    Target,
    Task,
)
from bench.contests.evaluate import HORIZON_MM, LIMIT_MIN
from bench.contests.evaluate import ours as evaluated
from bench.given import on_streets
from bench.settled import residents
from geo.language import say


def ours(task: Task) -> Job:
    """Put facilities and places on the streets, walk, and weigh people by the limit."""
    from geo.walks.travel import in_minutes, nearest_facility
    from geo.walks.walk_graph import WalkGraph

    people = residents(task.size.places)

    def run() -> Outcome:
        graph = WalkGraph.of(task.network)
        facilities = on_streets(task.network, task.spots("facilities"))
        places = on_streets(task.network, task.spots("places"))
        walks = nearest_facility(graph, facilities, places, horizon_mm=HORIZON_MM)
        minutes = in_minutes(walks.walk_mm, speed_m_per_s=SPEED_M_PER_S)
        share = people[minutes <= LIMIT_MIN].sum() / people.sum()
        return Outcome(lambda: {"minutes": minutes, "share": np.array([share])})

    return run


def agree(one: Arrays, other: Arrays) -> Agreement:
    """Compare the minutes of every place."""
    same = np.allclose(one["minutes"], other["minutes"], atol=1e-4, equal_nan=True)
    return Agreement(same=same, how=say("{count} 个地点的分钟数", count=len(one["minutes"])))


CONTEST = Contest(
    name="memory",
    title=lambda size: say(
        "内存：{places} 个地点的分钟数与覆盖率，约 {nodes} 个节点",
        places=size.places,
        nodes=size.nodes,
    ),
    contenders=(
        Contender("ours", say("本项目，分钟数与覆盖率"), ours, given="loaded"),
        Contender("evaluated", say("本项目，全程评价"), evaluated, given="loaded"),
    ),
    agree=agree,
    targets={"L": Target(peak_mb=1000.0)},
)
