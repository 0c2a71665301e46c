"""Which decisions of a filled form fit the study and one another, and why the others do not."""

from collections.abc import Sequence
from typing import Final

from analysis.columns import words
from analysis.matching.answering import rows_decided
from analysis.matching.kept import Asker, Confirmed
from analysis.matching.links import Link, known_rows, reader, study_areas
from analysis.study import Study
from geo.findings import Finding, Severity
from geo.language import Message, say

ANSWER: Final = "确认"
_AGAIN: Final = say("请改正后再读入。")


def sound_decisions(
    told: Sequence[tuple[int, Confirmed]], link: Link, study: Study
) -> tuple[list[Confirmed], list[Finding]]:
    """Return decisions that fit, and what is told: an error for each that is not taken.

    told
        Decisions with the line that says each.
    """
    every = [*dict.fromkeys(one for _, one in told)]
    fit = rows_decided(study.layers, link, every)
    misfits = {*every} if fit is None else {*fit.without_row, *fit.without_known}
    findings = [_misfit(one, line) for line, one in told if one in misfits]
    by_asker: dict[Asker, list[tuple[int, Confirmed]]] = {}
    for line, one in told:
        if one not in misfits:
            by_asker.setdefault(one.asker, []).append((line, one))
    sound: list[Confirmed] = []
    for lines in by_asker.values():
        doubt = _doubt(lines, link, study)
        findings += [] if doubt is None else [doubt]
        if doubt is None or doubt.severity == "info":
            sound += dict.fromkeys(one for _, one in lines)
    return sound, findings


def _doubt(
    lines: Sequence[tuple[int, Confirmed]], link: Link, study: Study
) -> Finding | None:
    """Return what is told of the decisions about one name: nothing where they say one thing."""
    asked = lines[0][1].asked
    meant = {one.to_id: one for _, one in lines if one.decision == "same"}
    yes = [line for line, one in lines if one.decision == "same"]
    denied = {one.to_id for _, one in lines if one.decision == "different"}
    if meant and (denied & {*meant} or any(one.decision == "none" for _, one in lines)):
        every = "、".join(str(line) for line, _ in lines)
        message = say(
            "“{asked}”在第 {rows} 行的确认互相矛盾，未采用。", asked=asked, rows=every
        )
        return refused_line(message, lines[0][0], asked)
    if len(meant) < 2:  # noqa: PLR2004 - one is one
        return None
    rows = "、".join(str(line) for line in yes)
    names = "、".join(one.to_name for one in meant.values())
    if _are_parts([*meant], link, study):
        message = say("“{asked}”在第 {rows} 行都填了“是”：各期（{names}）都计入。",
                      asked=asked, rows=rows, names=names)  # fmt: skip
        return _told("info", message, None, yes[0], asked)
    message = say("“{asked}”在第 {rows} 行都填了“是”（{names}），只能是一处，未采用。",
                  asked=asked, rows=rows, names=names)  # fmt: skip
    return refused_line(message, yes[0], asked)


def _are_parts(ids: list[str], link: Link, study: Study) -> bool:
    """Tell whether rows are parts of one whole: of one project, or phases of one name."""
    known = known_rows(study.layers, link)
    if known is None or link.level:
        return False
    rows = known[words(known, "id").isin(ids)]
    project = words(rows, "project_id")
    if project.notna().all() and project.nunique() == 1:
        return True
    read = reader(link, study_areas(study.layers))
    names = [read(name) for name in words(rows, "name").fillna("")]
    phases = [
        name.phases or phase for name, phase in zip(names, words(rows, "phase"), strict=True)
    ]
    return len({name.stem for name in names}) == 1 and len({*map(str, phases)}) == len(names)


def _misfit(one: Confirmed, line: int) -> Finding:
    message = say(
        "“{asked}”或“{name}”在研究中已经没有或已改名，未采用。", asked=one.asked, name=one.to_name
    )
    return refused_line(message, line, one.asked)


def refused_line(message: Message, line: object = None, value: str = "") -> Finding:
    """Return that a line of a form is not taken."""
    return _told("error", message, _AGAIN, line, value)


def _told(
    severity: Severity, message: Message, remedy: Message | None, line: object, value: str
) -> Finding:
    row = None if line is None else int(str(line))
    return Finding(severity, "matches", message, remedy, row=row, column=ANSWER, value=value)
