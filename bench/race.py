"""A contest run: answers compared first, then everybody timed in turn."""

import math
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import Any, Final

from bench.contender_process import ContenderProcess, GoneError, TooSlowError
from bench.contest import Agreement, Arrays, Contender, Contest, Task
from bench.result import Measured, Row
from geo.language import Message, say

PEER_LIMIT_S: Final = 120.0
OWN_LIMIT_S: Final = 900.0
ROUNDS: Final = 5
PATIENCE_S: Final = 10.0  # nobody is timed again whose runs would take longer together

Tell = Callable[[Message], None]


class _Runner:
    """One contender through a contest: what was measured so far, and its process."""

    def __init__(self, contender: Contender, *, limit_s: float) -> None:
        self.limit_s = limit_s
        self.process: ContenderProcess | None = None
        self.measured = Measured(contender.name, contender.label)
        self.answer: Arrays = {}
        self.runs = 0

    @property
    def has_run_once(self) -> bool:
        """Return whether there is but the first run, which warmed up."""
        return self.runs == 1

    def begin(self, process: ContenderProcess, task: Task) -> None:
        """Prepare, run once and fetch the answer, all within the limit."""
        self.process = process
        told = self._try(lambda: process.ready(within_s=self.limit_s))
        if "prepare_s" not in told:
            self._out(_why(told))
            return
        self.measured = replace(self.measured, prepare_s=told["prepare_s"])
        self.run(within_s=self.limit_s - told["prepare_s"])
        path = task.folder / f"answer_{self.measured.name}.npz"
        if self.process is not None:
            try:
                self.answer = process.answer(path, within_s=self.limit_s)
            except (TooSlowError, GoneError) as error:
                self._out(_why({"gone": str(error)}))

    def run(self, *, within_s: float) -> None:
        """Run once more."""
        process = self.process
        if process is None:
            return
        told = self._try(lambda: process.ask("run", within_s=max(within_s, 0.0)))
        if "seconds" not in told:
            self._out(_why(told))
            return
        seconds = (*self.measured.seconds, *told["seconds"])
        self.measured = replace(self.measured, seconds=seconds, share=told["share"])
        self.runs += 1

    def forget_first(self, runs: int) -> None:
        """Drop the times of the first run, which also warmed up, where there are others.

        runs
            How many times that run gave.
        """
        if len(self.measured.seconds) > runs:
            self.measured = replace(self.measured, seconds=self.measured.seconds[runs:])

    def end(self) -> None:
        """Ask for the peak of memory."""
        process = self.process
        if process is not None:
            told = self._try(lambda: process.ask("peak", within_s=self.limit_s))
            self.measured = replace(self.measured, peak_mb=told.get("peak_mb", math.nan))

    def _try(self, ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        try:
            return ask()
        except TooSlowError:
            return {"slow": self.limit_s}
        except GoneError as error:
            return {"gone": str(error)}

    def _out(self, why: Message) -> None:
        self.process = None
        self.measured = replace(self.measured, why=why)


def _why(told: dict[str, Any]) -> Message:
    if "not_installed" in told:
        return say("未安装 {library}", library=told["not_installed"])
    if "missing" in told:
        return say("尚无此功能：{what}", what=told["missing"])
    if "slow" in told:
        return say("超过 {limit:.0f} s", limit=told["slow"])
    return say("出错：{what}", what=told["gone"])


def run_contest(
    module: str,
    contest: Contest,
    task: Task,
    *,
    size: str,
    tell: Tell,
    peer_limit_s: float = PEER_LIMIT_S,
) -> Row:
    """Return the row of one contest: prepared, compared, then timed in turn."""
    title = contest.title(task.size)
    if contest.make_ready is not None:
        tell(say("{row}：准备数据", row=title))
        try:
            contest.make_ready(task)
        except (ImportError, AttributeError) as error:
            return _not_ready(contest, task, size, _why({"missing": str(error).split(" (")[0]}))
    runners = [
        _Runner(each, limit_s=peer_limit_s if number else OWN_LIMIT_S)
        for number, each in enumerate(contest.contenders)
    ]
    with ExitStack() as stack:
        for runner in runners:
            tell(say("{row}：{who}", row=title, who=runner.measured.label))
            process = ContenderProcess(module, runner.measured.name, task)
            runner.begin(stack.enter_context(process), task)
            if runner.process is None:  # whoever is out leaves the machine to the others
                process.__exit__(None, None, None)
        check = _compared(contest, task, runners)
        tell(say("{row}：轮流计时", row=title))
        _take_turns(runners)
        for runner in runners:
            runner.end()
    return Row(contest, title, size, tuple(runner.measured for runner in runners), check)


def _not_ready(contest: Contest, task: Task, size: str, why: Message) -> Row:
    nobody = tuple(Measured(each.name, each.label, why=why) for each in contest.contenders)
    return Row(contest, contest.title(task.size), size, nobody)


def _compared(contest: Contest, task: Task, runners: list[_Runner]) -> Agreement | None:
    """Compare every answer with ours, and ours with the truth; returns the latter."""
    ours = runners[0]
    if not ours.answer:
        return None
    for peer in runners[1:]:
        if peer.answer:
            agreement = contest.agree(ours.answer, peer.answer)
            peer.measured = replace(peer.measured, agreement=agreement)
    return contest.check(task, ours.answer) if contest.check is not None else None


def _take_turns(runners: list[_Runner]) -> None:
    """Time ours, a peer, ours, the next peer and so on, as often as patience allows."""
    runs = [len(each.measured.seconds) for each in runners]
    once_s = [sum(each.measured.seconds) for each in runners]
    ours, peers = runners[0], runners[1:]
    for turn in range(ROUNDS):
        for peer, each_s in zip(peers, once_s[1:], strict=True):
            if peer.process is not None and (turn + 1) * each_s <= PATIENCE_S:
                _again(ours, (turn + 1) * len(peers) * once_s[0])
                peer.run(within_s=peer.limit_s)
        _again(ours, (turn + 1) * (len(peers) + 1) * once_s[0])
    for runner, first in zip(runners, runs, strict=True):
        runner.forget_first(first)


def _again(ours: _Runner, together_s: float) -> None:
    """Time ours once more, unless all its runs together would try our patience."""
    if ours.process is not None and (together_s <= PATIENCE_S or ours.has_run_once):
        ours.run(within_s=ours.limit_s)
