"""Which decisions of a filled form fit the study and one another, and why the others do not."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from analysis.columns import words
from analysis.matching.answering import rows_decided
from analysis.matching.kept import Asker, Confirmed, read_confirmed
from analysis.matching.links import Link, known_rows, reader, study_areas
from analysis.matching.settled_since import Told, settled_since
from analysis.study import Study
from geo.findings import Finding, Severity
from geo.language import Message, say

ANSWER: Final = "确认"
_AGAIN: Final = say("请改正后再读入。")


class Line(NamedTuple):
    """A line of a form: its number there, what its 确认 says, and what the file is called."""

    number: int | None
    answer: str = ""
    form: str = ""


def sound_decisions(
    told: Sequence[tuple[Line, Confirmed]], link: Link, study: Study
) -> tuple[list[Confirmed], list[Finding]]:
    """Return decisions that fit, and what is told: an error for each that is not taken.

    told
        Decisions with the line that says each.
    """
    every = [*dict.fromkeys(one for _, one in told)]
    fit = rows_decided(study.layers, link, every)
    misfits = {*every} if fit is None else {*fit.without_row, *fit.without_known}
    gone = set() if fit is None else {*fit.without_row}
    kept = read_confirmed(study.path) if gone else ()
    findings = []
    for line, one in told:
        if one in misfits:
            since = settled_since(one, link, study, kept) if one in gone else None
            findings.append(_misfit(one, line, since, known=one not in gone))
    by_asker: dict[Asker, list[tuple[Line, Confirmed]]] = {}
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
    lines: Sequence[tuple[Line, Confirmed]], link: Link, study: Study
) -> Finding | None:
    """Return what is told of the decisions about one name: nothing where they say one thing."""
    asked = lines[0][1].asked
    meant = {one.to_id: one for _, one in lines if one.decision == "same"}
    yes = [line for line, one in lines if one.decision == "same"]
    denied = {one.to_id for _, one in lines if one.decision == "different"}
    if meant and (denied & {*meant} or any(one.decision == "none" for _, one in lines)):
        every = "、".join(str(line.number) for line, _ in lines)
        message = say(
            "“{asked}”在第 {rows} 行的确认互相矛盾，未采用。", asked=asked, rows=every
        )
        return refused_line(message, lines[0][0])
    if len(meant) < 2:  # noqa: PLR2004 - one is one
        return None
    rows = "、".join(str(line.number) for line in yes)
    names = "、".join(one.to_name for one in meant.values())
    if _are_parts([*meant], link, study):
        message = say("“{asked}”在第 {rows} 行都填了“是”：各期（{names}）都计入。",
                      asked=asked, rows=rows, names=names)  # fmt: skip
        return _told("info", message, None, yes[0])
    message = say("“{asked}”在第 {rows} 行都填了“是”（{names}），只能是一处，未采用。",
                  asked=asked, rows=rows, names=names)  # fmt: skip
    return refused_line(message, yes[0])


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


def _misfit(one: Confirmed, line: Line, since: Told | None, *, known: bool) -> Finding:
    """Return that a decision fits nothing any more: for whom, or which is meant.

    since
        Why it is not taken, where the name waits no more.
    known
        Whether the name is still asked for, so that what it may mean is gone.
    """
    if since is not None:
        return _told(since[0], since[1], None, line)
    message = (
        say("“{asked}”可能指的“{name}”（编号 {id}）在研究中已经没有或已改名，未采用。",
            asked=one.asked, name=one.to_name, id=one.to_id)
        if known else
        say("所写的名称“{asked}”在研究中已经没有或已改名，未采用。", asked=one.asked)
    )  # fmt: skip
    return refused_line(message, line)


def refused_line(message: Message, line: Line | None = None) -> Finding:
    """Return that a line of a form is not taken."""
    return _told("error", message, _AGAIN, line)


def _told(
    severity: Severity, message: Message, remedy: Message | None, line: Line | None
) -> Finding:
    line = line or Line(None)
    return Finding(severity, "matches", message, remedy, line.form, line.number, ANSWER,
                   line.answer)  # fmt: skip
