"""Documents made by a process of its own: whoever looks at the page meanwhile waits for nobody.

The order comes as one line of JSON on standard input; each step, then the end, go out as one line.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from analysis.scenario import Scenario
from analysis.study import Progress
from geo.errors import PlanningError
from geo.language import Message, say, speak, speaking, spoken
from geo.reasons import unusable, why
from report.drafts import tidy_when_terminated
from report.ordering import Order, fulfil, named

PART: Final = 0.005  # steps smaller than this are not told
LONGEST_S: Final = 3600.0  # many times what the largest bundled study takes
_GRACE_S: Final = 5.0  # to tidy up in, once it is told to stop
_PROGRAM: Final = (sys.executable, "-m", "report.apart")
# Python looks for modules in the current folder first, and a user's may hold any.
_HOME: Final = Path(__file__).resolve().parents[1]
_UNDONE: Final = say("没有做完就停了。请再试一次；内存不足时请少选几种格式。")
_TOO_LONG: Final = say("过了{minutes:.0f}分钟还没有做完，已停止。请少选几种格式再试一次。",
                       minutes=LONGEST_S / 60)  # fmt: skip


@dataclass(eq=False)
class Apart:
    """Documents made elsewhere: first waiting, then being made, then ended.

    told
        The order, as the process is told it.
    part, what
        How far it is, and what is being done, in the language it was ordered in.
    refused
        Why nothing was made; empty while it goes well.
    """

    told: Mapping[str, Any]
    folder: Path
    program: Sequence[str] = _PROGRAM
    longest_s: float = LONGEST_S
    part: float = 0.0
    what: str = ""
    files: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    ended: bool = False
    _process: "subprocess.Popen[str] | None" = field(default=None, repr=False)
    _stopped: Message | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _over: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def gone(self) -> bool:
        """Tell whether some of what was written is not there any more: systems clear up, too."""
        return not all((self.folder / file).is_file() for file in self.files)

    def follow(self) -> None:
        """Begin, and take in what is told until the end; to be run beside the page."""
        with speaking(self.told["language"]):
            try:
                process = self._begun()
                if process is not None:
                    self._listen(process)
            except OSError as error:
                self.refused = (str(say("无法开始（{reason}）。", reason=why(error))),)
            finally:
                if not self.files and not self.refused:
                    self.refused = (str(self._stopped or _UNDONE),)
                self.ended = True
                self._over.set()

    def wait(self, seconds: float) -> None:
        """Wait until it has ended, or so long."""
        self._over.wait(seconds)

    def stop(self, reason: Message = _UNDONE) -> None:
        """Give it up, begun or not."""
        with self._lock:
            self._stopped = reason
            process = self._process
        if process is not None and not self.ended:
            process.terminate()
            hard = threading.Timer(_GRACE_S, process.kill)  # what computes may not listen
            hard.daemon = True
            hard.start()

    def _begun(self) -> "subprocess.Popen[str] | None":
        """Return the process, told what to do; None where it was given up before."""
        with self._lock:
            if self._stopped is not None:
                return None
            process = self._process = subprocess.Popen(  # noqa: S603 - our own program
                self.program, cwd=_HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                text=True, encoding="utf-8", errors="replace",
            )  # fmt: skip
        if process.stdin is not None:
            with suppress(OSError), process.stdin as line:  # one that is dead already says so below
                line.write(json.dumps(self.told) + "\n")
        return process

    def _listen(self, process: "subprocess.Popen[str]") -> None:
        late = threading.Timer(self.longest_s, self.stop, (_TOO_LONG,))
        late.daemon = True
        with process:
            late.start()
            try:
                for line in process.stdout or ():
                    self._take(line)
            finally:
                late.cancel()

    def _take(self, line: str) -> None:
        """Take in one line; what a library prints is none of ours."""
        try:
            told = json.loads(line)
        except (ValueError, RecursionError):
            return
        match told:
            case {"part": float() | int() as part, "what": str() as what}:
                self.part, self.what = float(part), what
            case {"refused": [*lines]}:
                self.refused = tuple(map(str, lines))
            case {"files": [*files]}:
                self.files = tuple(map(str, files))


def make_apart(order: Order, folder: Path) -> Apart:
    """Return documents to be made into a folder by a process of its own, once it is followed."""
    scenario = named(order.scenario)  # its file's name does not come along
    told = {
        "study": str(order.study.resolve()),
        "scenario": None
        if scenario is None
        else scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        "walking": [list(each) for each in order.walking],
        "formats": list(order.formats),
        "count": order.count,
        "maker": order.maker,
        "folder": str(folder.resolve()),
        "language": spoken(),
    }
    return Apart(told, folder)


def main() -> None:
    """Make what standard input orders, and tell of it line by line."""
    told = json.loads(sys.stdin.readline())
    speak(told["language"])
    tell = _line_by_line()
    try:
        with tidy_when_terminated():
            files, _ = fulfil(_order(told), Path(told["folder"]), progress=_steps(tell))
    except PlanningError as refusal:
        tell({"refused": [str(message) for message in refusal.messages]})
    except OSError as error:
        tell({"refused": [str(unusable(error))]})
    else:
        tell({"files": [file.relative_to(told["folder"]).as_posix() for file in files]})


def _order(told: dict[str, Any]) -> Order:
    return Order(
        study=Path(told["study"]),
        scenario=None if told["scenario"] is None else Scenario.model_validate(told["scenario"]),
        walking=tuple((str(name), value) for name, value in told["walking"]),
        formats=tuple(told["formats"]),
        count=int(told["count"]),
        maker=str(told["maker"]),
    )


def _line_by_line() -> Callable[[Mapping[str, Any]], None]:
    """Return what tells the page a line; whatever else is printed goes to the log instead."""
    lines = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # libraries in C print there too

    def tell(told: Mapping[str, Any]) -> None:
        lines.write(json.dumps(told) + "\n")
        lines.flush()

    return tell


def _steps(out: Callable[[Mapping[str, Any]], None]) -> Progress:
    last = -1.0

    def tell(what: Message, part: float) -> None:
        nonlocal last
        if part - last >= PART:
            last = part
            out({"part": round(part, 3), "what": str(what)})

    return tell


if __name__ == "__main__":
    main()
