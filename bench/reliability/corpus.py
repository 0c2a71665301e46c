"""A collection of files with what is expected of each, brought through the door one by one.

`manifest.csv` of the collection says: file, kind (a layer, `network` or `any`), expected (accept,
accept-with-warning, reject-…), must_name (what the messages must name, parted by |).
"""

import csv
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from geo.errors import PlanningError
from geo.findings import Finding, errors_in
from geo.ingest import Door
from geo.language import speaking

_LAYERS = frozenset({"facilities", "residential", "population", "boundaries", "candidates"})


@dataclass(frozen=True)
class Outcome:
    """How one file of a collection ended.

    ended
        accept, accept-with-warning or reject.
    unnamed
        What the messages should have named and did not.
    failure
        Not empty where the reading neither gave a result nor refused.
    peak_mb
        Most memory the reading process had used by then; None where the system does not say.
    """

    file: str
    expected: str
    ended: str
    unnamed: tuple[str, ...]
    failure: str
    seconds: float
    peak_mb: float | None

    @property
    def as_documented(self) -> bool:
        """Tell whether it was taken or refused as the manifest says."""
        return self.ended.startswith("reject") == self.expected.startswith("reject")


def outcomes(folder: Path) -> Iterator[Outcome]:
    """Yield how each file of a collection ends."""
    with (folder / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with Door() as door:
        for row in rows:
            yield _outcome(door, folder / row["file"], row)


def _outcome(door: Door, file: Path, row: dict[str, str]) -> Outcome:
    began = time.perf_counter()
    try:
        findings = _brought(door, file, row["kind"])
        ended, said = _accepted(findings), _in_both_languages(findings)
    except PlanningError as refusal:
        ended, said = "reject", _in_both_languages(refusal.messages)
    said += re.sub(r"第 (\d+) 行", r"row \1", said)
    wanted = [name for name in row["must_name"].split("|") if name]
    return Outcome(
        row["file"], row["expected"], ended, tuple(name for name in wanted if name not in said),
        door.last_failure, time.perf_counter() - began, door.peak_mb,
    )


def _brought(door: Door, file: Path, kind: str) -> Sequence[Finding]:
    if kind == "network":
        return door.streets(file)[1]
    return door.layer(file, kind if kind in _LAYERS else "residential").findings


def _accepted(findings: Sequence[Finding]) -> str:
    if errors_in(findings):
        return "reject"
    warned = any(finding.severity == "warning" for finding in findings)
    return "accept-with-warning" if warned else "accept"


def _in_both_languages(told: Sequence[object]) -> str:
    lines = [each.line() if isinstance(each, Finding) else each for each in told]
    chinese = "\n".join(str(line) for line in lines)
    with speaking("en"):
        return chinese + "\n" + "\n".join(str(line) for line in lines)
