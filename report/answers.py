"""Answers in the terminal: what changed, why a number is what it is, what a parcel owes."""
# ruff: noqa: T201 - printing is what this is for

from pathlib import Path

from analysis.comparison import Comparison
from geo.language import say
from report.terminal import print_findings


def print_comparison(comparison: Comparison, out: Path) -> None:
    """Print the sentences of a comparison, what could not be told apart, and where it stands."""
    days = [snapshot.on.isoformat() for snapshot in (comparison.before, comparison.after)]
    print(f"{comparison.after.title}  {days[0]} → {days[1]}")
    for sentence in comparison.sentences:
        print(sentence)
    print_findings(comparison.findings)
    file = str(out / "changes.csv")
    print(say("设施变动 {count} 条，见 {file}。", count=len(comparison.changes), file=file))
