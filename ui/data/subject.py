"""The study that the page 数据 is about, as far as it can be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.matching import queue as names
from analysis.placing.by_hand import LAYERS
from analysis.placing.unplaced import unplaced
from analysis.study import Progress, Study
from geo.errors import PlanningError, StudyError
from geo.language import Message
from report.data.data_report import DataReport
from ui.kept import Read, made_once, read_study, report_on

ASKER = [*names.ASKER]


@dataclass(frozen=True, eq=False)
class Subject:
    """A study and what waits in it.

    report
        None where not even the study file can be read.
    read
        None where the study is refused, for `refused` reasons.
    waiting
        The queue of names; see `analysis.matching.queue`.
    nowhere
        Rows without a place that can be placed by hand.
    """

    path: Path
    report: DataReport | None
    read: Read | None
    refused: tuple[Message, ...]
    waiting: pd.DataFrame
    nowhere: pd.DataFrame

    @property
    def study(self) -> Study | None:
        """Return the study itself; None where it is refused."""
        return None if self.read is None else self.read.study

    def counts(self) -> Mapping[str, int]:
        """Return how much there is to do, by part of the page."""
        report = self.report
        return {
            "report": 0 if report is None else sum(each.cells for each in report.layers),
            "errors": 0 if report is None else report.errors,
            "names": len(self.waiting[ASKER].drop_duplicates()) if len(self.waiting) else 0,
            "places": int(self.nowhere["effect"].ne("by_name").sum()) if len(self.nowhere) else 0,
        }


def subject_of(path: Path, *, progress: Progress) -> Subject:
    """Return the study of a file, read once per content."""
    refused: tuple[Message, ...] = made_once(
        path, "refusal", lambda tell: _refusal(path, tell), progress=progress
    )
    read, waiting, nowhere = None, pd.DataFrame(), pd.DataFrame()
    if not refused:
        read = read_study(path, progress=progress)
        study = read.study
        waiting = made_once(path, "queue", lambda _tell: names.queue(study), progress=progress)
        rows = made_once(path, "unplaced", lambda _tell: unplaced(study), progress=progress)
        nowhere = rows[rows["layer"].isin(LAYERS)].reset_index(drop=True)
    try:
        report = report_on(path, progress=progress)
    except StudyError as refusal:
        return Subject(path, None, None, refusal.messages, waiting, nowhere)
    return Subject(path, report, read, refused, waiting, nowhere)


def _refusal(path: Path, progress: Progress) -> tuple[Message, ...]:
    """Return why a study is refused; a reason is kept as well as a study is."""
    try:
        read_study(path, progress=progress)
    except PlanningError as refusal:
        return refusal.messages
    return ()
