"""One contender in a process of its own: prepares, runs when told, tells its time and memory.

usage: python -m bench.worker MODULE CONTENDER FOLDER SIZE. One word a line comes in (`run`, an
answer's path to write it to, `peak`), one JSON object a line goes out.
"""

import importlib
import importlib.util
import json
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from bench.contest import Contender, Contest, Outcome, Task
from bench.peak import peak_mb
from bench.settled import Size


def main(arguments: list[str]) -> None:
    """Serve one contender until nothing more comes in."""
    module, name, folder, size = arguments
    out = _own_voice()
    contest: Contest = importlib.import_module(module).CONTEST
    contender = next(each for each in contest.contenders if each.name == name)
    task = Task(Path(folder), Size(**json.loads(size)), contender.given)
    serve(contender, task, (line.strip() for line in sys.stdin), out)


def serve(contender: Contender, task: Task, words: Iterable[str], out: TextIO) -> None:
    """Prepare, then do what each word says."""

    def tell(**what: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
        out.write(json.dumps(what) + "\n")
        out.flush()

    for module in contender.needs:
        if importlib.util.find_spec(module) is None:
            tell(not_installed=module)
            return
    if contender.given != "nothing":
        len(task.network)  # reading the city is nobody's work
    began = time.perf_counter()
    try:
        job = contender.prepare(task)
    except (ImportError, AttributeError, NotImplementedError) as error:
        tell(missing=str(error).split(" (")[0])  # without the path of the module
        return
    tell(prepare_s=time.perf_counter() - began)
    outcome = Outcome()
    for word in words:
        if word == "run":
            began = time.perf_counter()
            outcome = job()
            whole = time.perf_counter() - began
            seconds = [whole] if outcome.seconds is None else outcome.seconds
            tell(seconds=[each / outcome.share for each in seconds], share=outcome.share)
        elif word == "peak":
            tell(peak_mb=peak_mb() if outcome.peak_mb is None else outcome.peak_mb)
        else:
            arrays: dict[str, Any] = dict(outcome.answer())
            np.savez(word, **arrays)
            tell(answer=word)


def _own_voice() -> TextIO:
    """Return standard output for ourselves; what libraries print goes to standard error."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return out


if __name__ == "__main__":
    main(sys.argv[1:])
