"""Documents made by a process of its own: whoever looks at the page meanwhile waits for nobody.

The order comes as one line of JSON on standard input; each step, then the end, go out as one line.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from analysis.scenario import Scenario
from analysis.study import Progress
from geo.errors import PlanningError
from geo.language import Message, say, speak, spoken
from report.ordering import Order, fulfil

PART: Final = 0.005  # steps smaller than this are not told


@dataclass
class Apart:
    """Documents being made elsewhere.

    part, what
        How far it is, and what is being done, in the language it was ordered in.
    refused
        Why nothing was made; empty while it goes well.
    """

    process: "subprocess.Popen[str]"
    folder: Path
    part: float = 0.0
    what: str = ""
    files: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    ended: bool = False

    def follow(self) -> None:
        """Take in what is told until the end; to be run beside the page."""
        with self.process:
            for line in self.process.stdout or ():
                self._take(json.loads(line))
        if not self.ended and not self.refused:
            self.refused = (str(say("没有做完就停了。请再试一次；内存不足时请少选几种格式。")),)
        self.ended = True

    def stop(self) -> None:
        """Give it up."""
        self.process.terminate()

    def _take(self, told: dict[str, Any]) -> None:
        if "part" in told:
            self.part, self.what = float(told["part"]), str(told["what"])
        if "refused" in told:
            self.refused = tuple(told["refused"])
        if "files" in told:
            self.files, self.ended = tuple(told["files"]), True


def make_apart(order: Order, folder: Path) -> Apart:
    """Start making documents into a folder in a process of its own."""
    told = {
        "study": str(order.study.resolve()),
        "scenario": None
        if order.scenario is None
        else order.scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        "walking": [list(each) for each in order.walking],
        "formats": list(order.formats),
        "count": order.count,
        "maker": order.maker,
        "folder": str(folder),
        "language": spoken(),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "report.apart"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip
    if process.stdin is not None:
        with process.stdin as line:
            line.write(json.dumps(told) + "\n")
    return Apart(process, folder)


def main() -> None:
    """Make what standard input orders, and tell of it line by line."""
    told = json.loads(sys.stdin.readline())
    speak(told["language"])
    try:
        files, _ = fulfil(_order(told), Path(told["folder"]), progress=_teller())
    except PlanningError as refusal:
        _out({"refused": [str(message) for message in refusal.messages]})
        return
    _out({"files": [file.relative_to(told["folder"]).as_posix() for file in files]})


def _order(told: dict[str, Any]) -> Order:
    return Order(
        study=Path(told["study"]),
        scenario=None if told["scenario"] is None else Scenario.model_validate(told["scenario"]),
        walking=tuple((str(name), value) for name, value in told["walking"]),
        formats=tuple(told["formats"]),
        count=int(told["count"]),
        maker=str(told["maker"]),
    )


def _teller() -> Progress:
    last = -1.0

    def tell(what: Message, part: float) -> None:
        nonlocal last
        if part - last >= PART:
            last = part
            _out({"part": round(part, 3), "what": str(what)})

    return tell


def _out(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
