"""What changed since an earlier period, for a briefing of the later one."""

from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.evaluation import Evaluation
from analysis.periods.comparison import Comparison, compare
from analysis.periods.snapshot import read_snapshot
from analysis.study import Progress
from report.tables import write_tables


def since(before: Path, evaluation: Evaluation, *, progress: Progress | None = None) -> Comparison:
    """Return the comparison of an earlier output folder with an evaluation of today.

    Errors: PlanningError where the folder is none, of another study, or not the earlier one.
    """
    earlier = read_snapshot(before)
    # A comparison works from folders, so that it says what whoever keeps them can check.
    with TemporaryDirectory() as folder:
        write_tables(evaluation, Path(folder) / "now")
        return compare(earlier, read_snapshot(Path(folder) / "now"), progress=progress)
