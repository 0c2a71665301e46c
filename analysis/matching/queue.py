"""Names that wait to be confirmed: as a table on the screen, or as one that a clerk fills in."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from analysis.columns import words
from analysis.matching.answering import IN_STREET, LINKS, Answer, answer_of, noticed
from analysis.matching.kept import Confirmed, confirm, read_confirmed
from analysis.matching.links import Link, known_rows
from analysis.matching.sound import Line, refused_line, sound_decisions
from analysis.study import Study
from geo.findings import Finding
from geo.language import Message, say
from geo.ledgers.headers import fold
from geo.schema import SCHEMAS

COLUMNS: Final = (
    "layer", "column", "file", "row", "row_id", "row_name", "street", "asked", "status", "reason",
    "rank", "to_id", "to_name", "to_street", "score", "metres", "inside",
)  # fmt: skip
"""Of the queue, one row a candidate; a name without any has one row with an empty `to_id`.

layer, column
    Where the name is written, by code.
file, row, row_id, row_name, street
    Who writes it; `row_id` and `row_name` are empty where one answer serves all rows: those of
    `street`, else those of `file`. `file` is empty where the layer is of one file.
status, reason, score, metres, inside
    As `Matches` has them.
to_id, to_name, to_street
    What it may mean and in which street that is, likeliest first (`rank` from 1).
"""

ASKER: Final = ("layer", "column", "file", "row_id", "row_name", "street", "asked")
"""What tells one name of the queue from another."""

OFFICE: Final[Mapping[str, str]] = {
    "layer": "图层", "column": "列名", "file": "文件", "row": "行", "row_id": "行编号",
    "row_name": "行名称", "street": "街道", "asked": "所写名称", "to_id": "可能是（编号）",
    "to_name": "可能是（名称）", "to_street": "可能是（街道）",
    "score": "相似度", "metres": "距离（米）", "answer": "确认",
}  # fmt: skip
"""Headings of the table that goes to an office.

In 确认 stands 是, 否, 都不是, or another id or name.
"""
SPARE: Final = ("file", "street", "to_street")  # columns that stand there only where rows have some

_YES = frozenset({"是", "对", "同一个", "√", "✓", "yes", "y", "same"})
_NO = frozenset({"否", "不是", "×", "✗", "no", "n", "different"})
_NONE = frozenset({"都不是", "无", "没有", "不在表中", "none"})


_FULL: Final = 100.0  # the score of two names that are the same
TWICE: Final = say("确认表有几列“{columns}”，请只留一列。")


class Taken(NamedTuple):
    """What was taken from a filled table, and what could not be."""

    decisions: tuple[Confirmed, ...]
    findings: tuple[Finding, ...]


def queue(study: Study) -> pd.DataFrame:
    """Return every name that is doubtful or unmatched, with what it may mean; see `COLUMNS`.

    What was confirmed since the study was read is taken into account. Errors: StudyError.
    """
    kept = read_confirmed(study.path)
    within_m = study.description.provision.serves_within_m
    parts = []
    for link in LINKS:
        answer = answer_of(study.layers, link, kept=kept, within_m=within_m)
        if answer is not None:
            parts.append(_waiting(study, answer))
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*COLUMNS])
    return rows[[*COLUMNS]]


def _waiting(study: Study, answer: Answer) -> pd.DataFrame:
    table = answer.matches.table
    open_ = table["status"].ne("matched") & table["reason"].ne("said_none")
    open_ &= noticed(study.layers, answer)
    asked = pd.DataFrame(answer.asked[["file", "row", "row_id", "row_name", "street"]]).assign(
        asked=answer.asked["name"], wanted=range(len(answer.asked))
    )
    asked = asked[open_.to_numpy(dtype=bool)].join(table[["status", "reason"]])
    likely = answer.matches.candidates
    named = likely.assign(
        to_id=words(answer.known, "id").to_numpy(dtype=object)[likely["known"]],
        to_name=words(answer.known, "name").to_numpy(dtype=object)[likely["known"]],
        to_street=words(answer.known, IN_STREET).to_numpy(dtype=object)[likely["known"]],
    )
    rows = asked.merge(
        named[["wanted", "rank", "to_id", "to_name", "to_street", "score", "metres", "inside"]],
        on="wanted",
        how="left",
    )
    kinds = {"row": "Int64", "rank": "Int64", "inside": "boolean"}
    rows = rows.assign(layer=answer.link.layer, column=answer.link.column).astype(kinds)
    return rows.fillna({"to_id": "", "to_name": "", "to_street": ""})


def office_table(waiting: pd.DataFrame) -> pd.DataFrame:
    """Return the queue as a table to be filled in: see `OFFICE`.

    文件 and the streets stand in it where some row has one.
    """
    told = waiting.assign(
        layer=[SCHEMAS[layer].chinese for layer in waiting["layer"]],
        column=[
            SCHEMAS[layer].column(column).chinese
            for layer, column in zip(waiting["layer"], waiting["column"], strict=True)
        ],
        score=waiting["score"].round(),
        metres=waiting["metres"].round(),
        answer="",
    )
    spare = [name for name in SPARE if told[name].eq("").all()]
    return told[[*OFFICE]].drop(columns=spare).rename(columns=dict(OFFICE))


def confirm_from_table(study: Study, filled: pd.DataFrame, *, by: str = "") -> Taken:
    """Keep what a filled table says beside the study; an empty 确认 leaves a name waiting.

    A line that cannot be taken is an error among the findings, and the others are kept.

    Errors: StudyError where the file of confirmed matches cannot be read or written.
    """
    taken = decisions_in(study, filled, by=by)
    if taken.decisions:
        confirm(study.path, taken.decisions)
    return taken


def decisions_in(study: Study, filled: pd.DataFrame, *, by: str = "") -> Taken:
    """Return what a filled table says, without keeping it.

    filled
        Columns as in `OFFICE`, or the codes before them; all texts. `line`, where a line stands in
        its file; by default the first is line 2. `form`, what the file is called.
    """
    codes = {heading: code for code, heading in OFFICE.items()}
    table = filled.rename(columns=lambda heading: codes.get(str(heading).strip(), heading))
    wrong = _wrong_columns(table.columns)
    if wrong is not None:
        return Taken((), (refused_line(wrong),))
    by_position = pd.Series(range(2, len(table) + 2), index=table.index)
    shown_at = table.get("line", by_position)
    table = table.reindex(columns=[*OFFICE, "form"])
    table = table.astype("str").apply(lambda column: column.str.strip()).fillna("")
    table = table.assign(line=shown_at)
    # Several forms may come back at once: their lines bear the same numbers.
    table = table[table["answer"].ne("")].reset_index(drop=True)
    decisions: list[Confirmed] = []
    findings: list[Finding] = []
    for link in LINKS:
        own = table[_of(table, link)]
        lines = [_decision(line, link, study, by) for line in own.to_dict("records")]
        findings += [line for line in lines if isinstance(line, Finding)]
        told = [(at, line) for at, line in zip(_lines(own), lines, strict=True)
                if isinstance(line, Confirmed)]  # fmt: skip
        sound, refused = sound_decisions(told, link, study)
        decisions += sound
        findings += refused
        table = table.drop(index=own.index)
    findings += [
        refused_line(say("不认识的图层或列“{layer} {column}”。", layer=layer, column=column), line)
        for layer, column, line in zip(
            table["layer"], table["column"], _lines(table), strict=True
        )
    ]
    return Taken(tuple(decisions), tuple(findings))


def _lines(table: pd.DataFrame) -> list[Line]:
    """Return where each line of a filled table stands, and what it answers."""
    where = zip(table["line"], table["answer"], table["form"], strict=True)
    return [Line(int(number), str(answer), str(form)) for number, answer, form in where]


def _wrong_columns(found: "pd.Index[str]") -> Message | None:
    """Return what is wrong with the columns of a filled table, by code."""
    missing = [OFFICE[name] for name in ("layer", "column", "asked", "answer") if name not in found]
    if missing:
        return say("确认表缺少“{columns}”列。", columns="、".join(missing))
    twice = [OFFICE[name] for name in dict.fromkeys(found[found.duplicated()]) if name in OFFICE]
    if twice:
        return replace(TWICE, values={"columns": "、".join(twice)})
    return None


def _of(table: pd.DataFrame, link: Link) -> "pd.Series[bool]":
    schema = SCHEMAS[link.layer]
    layer = table["layer"].isin([link.layer, schema.chinese])
    column = table["column"].isin([link.column, schema.column(link.column).chinese])
    return layer & column


def _decision(
    line: Mapping[str, object], link: Link, study: Study, by: str
) -> Confirmed | Finding:
    """Return what one line says, or why it cannot be taken."""
    answer, to_id = str(line["answer"]), str(line["to_id"])
    to_name, score = str(line["to_name"]), _score(str(line["score"]))
    word, at = fold(answer), Line(int(str(line["line"])), answer, str(line["form"]))
    decision = "same"
    known = known_rows(study.layers, link)
    meant = None if known is None else _meant(known, answer)
    if meant is not None:
        (to_id, to_name), score = meant, float("nan")
    elif word in _NONE:
        decision, to_id, to_name, score = "none", "", "", float("nan")
    elif word in _NO:
        decision = "different"
    elif word not in _YES:
        message = say("“{asked}”：“确认”列的“{text}”看不懂，也不是表中的编号。",
                      asked=line["asked"], text=answer)  # fmt: skip
        return refused_line(message, at)
    if decision != "none" and not to_id:
        message = say("“{asked}”这一行没有候选，请在“确认”列填写编号或“都不是”。",
                      asked=line["asked"])  # fmt: skip
        return refused_line(message, at)
    return Confirmed.model_validate(
        {
            **{name: line[name] for name in ("row_id", "row_name", "asked")},
            "street": line["street"] if link.by_street else "",
            "file": line["file"] if link.by_street and not line["street"] else "",
            "layer": link.layer, "column": link.column, "to_id": to_id, "to_name": to_name,
            "decision": decision, "score": None if pd.isna(score) else score, "by": by,
        }
    )  # fmt: skip


def _score(text: str) -> float:
    """Return a score from 0 to 100; missing for whatever else an office wrote there."""
    score = float(pd.to_numeric(text, errors="coerce"))
    return score if 0 <= score <= _FULL else float("nan")


def _meant(known: pd.DataFrame, answer: str) -> tuple[str, str] | None:
    """Return id and name of the row that an answer names: by id, else by the name of it alone."""
    ids, names = words(known, "id"), words(known, "name").fillna("")
    found = np.flatnonzero(ids.eq(answer))
    if not len(found):
        found = np.flatnonzero(names.eq(answer))
    if len(found) != 1:
        return None
    return str(ids.iloc[found[0]]), str(names.iloc[found[0]])
