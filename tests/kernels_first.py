"""Compile the kernels once for all processes of a run, and write the file that is told.

Three workers that begin together would each compile the same, half a minute of work each.
"""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def compile_kernels(folder: Path) -> None:
    """Let a toy city be evaluated, changed and given sites, so that each kernel is asked for."""
    from analysis.evaluation import evaluate  # noqa: PLC0415 - found once ROOT is on the path
    from analysis.siting.asked import Asked, Objective  # noqa: PLC0415
    from analysis.siting.choosing import choose_sites  # noqa: PLC0415
    from analysis.what_if.live import Live  # noqa: PLC0415
    from tests.analysis.what_if_city import degrees, full_city  # noqa: PLC0415

    evaluation = evaluate(full_city(folder), draw="when asked")
    _ = evaluation.isochrones
    live = Live(evaluation)
    live.open(**degrees(300, 200))
    live.undo()
    for objective in (None, Objective.P_MEDIAN, Objective.P_CENTER):
        choose_sites(evaluation, Asked(count=1, objective=objective))
    choose_sites(evaluation, Asked(cover=0.5))


def main(done: Path) -> None:
    """Compile, and write the file whatever happens: nobody shall wait for what has failed."""
    sys.path.insert(0, str(ROOT))
    try:
        with tempfile.TemporaryDirectory() as folder:
            compile_kernels(Path(folder))
    finally:
        done.touch()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
