"""Row: the program started and the bundled study evaluated, as a user at a terminal does."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from bench.contest import Agreement, Arrays, Contender, Contest, Job, Outcome, Target, Task
from geo.language import say

ROOT: Final = Path(__file__).resolve().parent.parent.parent
STUDY: Final = ROOT / "data" / "chifeng.study.toml"
# The program as it is, which says at its end how much memory it took at most.
PROGRAM: Final = """
import atexit, sys
from bench.peak import peak_mb
atexit.register(lambda: print(peak_mb(), file=sys.stderr))
from cli import main
main(sys.argv[1:])
"""


def ours(_task: Task) -> Job:
    """Evaluate in a new process; the first run leaves compiled kernels behind."""

    def run() -> Outcome:
        with tempfile.TemporaryDirectory() as out:
            command = [sys.executable, "-c", PROGRAM, "evaluate", str(STUDY), "--out", out]
            began = time.perf_counter()
            done = subprocess.run(  # noqa: S603
                command, cwd=ROOT, check=True, capture_output=True, text=True, encoding="utf-8"
            )
            seconds = time.perf_counter() - began
        return Outcome(dict, [seconds], peak_mb=float(done.stderr.split()[-1]))

    return run


def agree(_one: Arrays, _other: Arrays) -> Agreement:
    """Nobody else does this."""
    return Agreement(same=None, how=say("无可比较"))


CONTEST = Contest(
    name="first_answer",
    title=lambda _size: say("启动并评价自带的赤峰研究（内核已编译）"),
    contenders=(Contender("ours", say("本项目"), ours, given="nothing"),),
    agree=agree,
    targets=dict.fromkeys(("S", "M", "L"), Target(seconds=5.0)),
)
