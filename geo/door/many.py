"""Findings by the hundred thousand: so many of a kind are told one by one, the rest are counted.

Three hundred thousand would take half a minute and a gigabyte to hand over, and nobody reads them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from geo.findings import Finding
from geo.language import say

NAMED: Final = 5_000
"""Findings of one kind, of one column, that are told one by one."""


@dataclass
class _Rest:
    """What of a kind is only counted."""

    first: Finding
    named: int = 0
    rows: list[int] = field(default_factory=list)
    count: int = 0


def counted_beyond(findings: Sequence[Finding], *, named: int = NAMED) -> tuple[Finding, ...]:
    """Return the first findings of each kind, and one that says how many more there are, and where.

    A kind is the severity, the file, the column and what is said, whatever the row and the value.
    """
    if len(findings) <= named:
        return tuple(findings)
    kinds: dict[tuple[str, str, str, str], _Rest] = {}
    kept = []
    for finding in findings:
        key = (finding.severity, finding.file, finding.column, finding.message.template)
        kind = kinds.setdefault(key, _Rest(finding))
        if kind.named < named:
            kind.named += 1
            kept.append(finding)
            continue
        kind.count += 1
        if finding.row is not None:
            kind.rows.append(finding.row)
    return (*kept, *(_summary(kind) for kind in kinds.values() if kind.count))


def _summary(kind: _Rest) -> Finding:
    first = kind.first
    message = say(
        "另有 {count} 处同类的问题（第 {start} 至 {end} 行）不再逐一列出：{what}",
        count=kind.count, start=min(kind.rows), end=max(kind.rows), what=first.message,
    ) if kind.rows else say(
        "另有 {count} 处同类的问题不再逐一列出：{what}", count=kind.count, what=first.message
    )
    return Finding(first.severity, first.layer, message, first.remedy, first.file,
                   column=first.column)
