"""Threads that need the same heavy libraries import them one after the other."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Ways into the project's modules from different ends, as a server and its first visitors take them.
AT_ONCE = """
import threading
from ui.importing import alone, view
wrong = []
def enter(name):
    try:
        if name == "kept":
            with alone():
                import ui.kept, ui.sidebar
        else:
            view(name)
    except BaseException as error:
        wrong.append(repr(error))
threads = [threading.Thread(target=enter, args=(name,)) for name in ("kept", "overview", "siting")]
[each.start() for each in threads]
[each.join() for each in threads]
print(wrong)
"""


def test_a_page_and_the_warm_up_do_not_break_each_others_imports() -> None:
    told = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", AT_ONCE], cwd=ROOT, capture_output=True, text=True, check=True,
        encoding="utf-8",
    )  # fmt: skip
    assert told.stdout.strip().splitlines()[-1] == "[]"
