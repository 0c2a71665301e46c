"""A contest of sums: somebody adds in an instant, others are slow, absent, wrong or broken."""

import time

import numpy as np

from bench.contest import Agreement, Arrays, Contender, Contest, Job, Outcome, Target, Task
from geo.language import say

NUMBERS = np.arange(10)


def adds(_task: Task) -> Job:
    return lambda: Outcome(lambda: {"sum": np.array([NUMBERS.sum()])}, seconds=[1.0, 2.0, 3.0])


def adds_half(_task: Task) -> Job:
    return lambda: Outcome(lambda: {"sum": np.array([45])}, seconds=[2.0], share=0.5)


def adds_wrong(_task: Task) -> Job:
    return lambda: Outcome(lambda: {"sum": np.array([44])}, seconds=[8.0])


def sleeps(_task: Task) -> Job:
    def run() -> Outcome:
        time.sleep(60)
        return Outcome()

    return run


def breaks(_task: Task) -> Job:
    message = "no such sum"
    raise ValueError(message)


def waits_for_a_function(_task: Task) -> Job:
    from geo.language import sums_by_magic  # type: ignore[attr-defined]  # noqa: PLC0415

    return sums_by_magic  # type: ignore[no-any-return]


def prints(_task: Task) -> Job:
    print("chatter of a library")  # noqa: T201
    return adds(_task)


def agree(one: Arrays, other: Arrays) -> Agreement:
    return Agreement(same=bool(one["sum"] == other["sum"]), how=say("和"))


def _contender(name: str, prepare: object, needs: tuple[str, ...] = ()) -> Contender:
    return Contender(name, say(name), prepare, "nothing", needs)  # type: ignore[arg-type]


CONTEST = Contest(
    name="sums",
    title=lambda _size: say("求和"),
    contenders=(
        _contender("ours", adds),
        _contender("half", adds_half),
        _contender("wrong", adds_wrong),
        _contender("slow", sleeps),
        _contender("absent", adds, needs=("no_such_library",)),
        _contender("broken", breaks),
        _contender("later", waits_for_a_function),
        _contender("chatty", prints),
    ),
    agree=agree,
    targets={"S": Target(times=1.5, against="half")},
)
