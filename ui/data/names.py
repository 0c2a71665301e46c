"""Names that wait to be settled: one line a name, what it may mean to choose from."""
# ruff: noqa: TID251 - this is the browser face

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
import streamlit as st

from analysis.columns import words
from analysis.matching.answering import IN_STREET, LINKS, with_streets
from analysis.matching.kept import (
    Confirmed,
    confirm,
    matches_file,
    read_confirmed,
    unconfirm,
)
from analysis.matching.links import Link, known_rows
from analysis.matching.queue import decisions_in
from analysis.matching.told import WHY, called, told_first
from analysis.study import Study
from geo.errors import PlanningError, StudyError
from geo.language import Message, joined, say, translate
from report.data.tables import column_word, layer_word
from ui.data.name_tables import show_exchange
from ui.data.showing import nothing, show_lines, show_table
from ui.data.subject import ASKER, Subject
from ui.saving import Said, Seen, attempt, show_cannot_keep, show_said, show_taking_back
from ui.seen import plain
from ui.words import NOTHING, headed, layer_headed

PER_PAGE: Final = 8
OTHERS_MAX: Final = 2000  # names offered beside the candidates
NONE: Final = "none"


@dataclass(frozen=True)
class WaitingName:
    """One name as some row writes it, and what it may mean: id, name, street, score, metres."""

    layer: str
    column: str
    file: str
    row: int | None
    row_id: str
    row_name: str
    street: str
    asked: str
    reason: str
    candidates: tuple[tuple[str, str, str, float, float], ...]

    @property
    def key(self) -> str:
        """Return what tells it from other names."""
        return repr(tuple(getattr(self, name) for name in ASKER))


def show_names(subject: Subject) -> None:
    """Show the names that wait, then those that were confirmed."""
    study = subject.study
    if study is None:
        nothing(say("研究能读取之后，这里列出要核对的名称。"))
        return
    waiting = waiting_names(subject.waiting)
    with st.container(key="care-headline-names"):
        st.text(str(_summary(len(waiting))))
    show_said("names")
    cannot = show_cannot_keep(subject.path)
    if waiting:
        _show_waiting(subject, study, waiting, off=cannot)
        show_exchange(subject, study, keep_decisions, off=cannot)
    _show_confirmed(subject, off=cannot)


def _summary(count: int) -> Message:
    if not count:
        return say("没有要核对的名称：台账里写的名称都找到了。")
    return say(
        "有 {n} 个名称拿不准是谁。逐个选定，按“保存”；不确定的留着不选，暂按未知处理。", n=count
    )


def waiting_names(queue: pd.DataFrame) -> list[WaitingName]:
    """Return the queue as names, each with its candidates, likeliest first."""
    if queue.empty:
        return []
    names = []
    for _, rows in queue.groupby(ASKER, sort=False, dropna=False):
        first = rows.iloc[0]
        told = rows[rows["to_id"].ne("")].sort_values("rank", kind="stable")
        columns = ["to_id", "to_name", "to_street", "score", "metres"]
        candidates = told[columns].itertuples(index=False)
        names.append(
            WaitingName(
                **{name: str(first[name]) for name in (*ASKER, "reason")},
                row=None if pd.isna(first["row"]) else int(first["row"]),
                candidates=tuple(
                    (str(i), str(n), str(street), float(s), float(m))
                    for i, n, street, s, m in candidates
                ),
            )
        )
    return names


def _show_waiting(
    subject: Subject, study: Study, waiting: Sequence[WaitingName], *, off: bool
) -> None:
    pages = math.ceil(len(waiting) / PER_PAGE)
    page = 1
    if pages > 1:
        page = st.number_input(
            str(say("第几页（共 {n} 页）", n=pages)), 1, pages, key=f"page {pages}", width=160
        )
    shown = waiting[(page - 1) * PER_PAGE : page * PER_PAGE]
    others = {(link.layer, link.column): _others(study, link) for link in LINKS}
    state = f"{len(waiting)} {page}"
    with st.form(f"names {state}", border=False):
        for name in shown:
            _show_name(name, others.get((name.layer, name.column), {}), off=off)
        st.form_submit_button(
            translate("保存"), type="primary", disabled=off, on_click=_save,
            args=(subject, study, shown, Seen.now(matches_file(subject.path))),
        )


def _others(study: Study, link: Link) -> Mapping[str, str]:
    """Return everything a link may mean, by id; nothing where that is too much to choose from."""
    known = known_rows(study.layers, link)
    if known is None or len(known) > OTHERS_MAX:
        return {}
    known = with_streets(study.layers, known, link)
    names = map(called, words(known, "name").fillna(""), words(known, IN_STREET).fillna(""))
    return dict(zip(words(known, "id"), names, strict=True))


def _show_name(name: WaitingName, others: Mapping[str, str], *, off: bool) -> None:
    likely = {to_id: (called(to_name, street), score, metres)
              for to_id, to_name, street, score, metres in name.candidates}  # fmt: skip
    options = [*(f"={to_id}" for to_id in likely), NONE]
    options += [f"={to_id}" for to_id in others if to_id not in likely]

    def worded(option: str) -> str:
        if option == NONE:
            return translate("都不是（名单里没有）")
        to_id = option[1:]
        if to_id in likely:
            return plain(_candidate(to_id, *likely[to_id]))
        return plain(say("另选：{name}（{id}）", name=others[to_id], id=to_id))

    with st.container(border=True, key=f"care-name-{abs(hash(name.key))}"):
        left, right = st.columns([1, 1], vertical_alignment="center")
        with left:
            with st.container(key=f"care-asked-{abs(hash(name.key))}"):
                st.text(plain(name.asked))
            with st.container(key=f"care-where-{abs(hash(name.key))}"):
                st.text(plain(_where(name)))
                if name.candidates:
                    st.text(plain(_likely(name)))
        with right:
            st.selectbox(
                str(WHY[name.reason]), options, index=None, format_func=worded, disabled=off,
                key=f"name {name.key}", placeholder=_hint(name),
            )


def _hint(name: WaitingName) -> str:
    if name.candidates:
        return str(say("是哪一个？有 {n} 个候选，点开选择", n=len(name.candidates)))
    return translate("没有相近的；点开另选，或选“都不是”")


def _likely(name: WaitingName) -> Message:
    first = told_first(pd.Series([score for *_, score, _ in name.candidates]))
    names: list[Message | str] = [
        called(to_name or to_id, street) for to_id, to_name, street, *_ in name.candidates[:first]
    ]
    left = len(name.candidates) - first
    names += [say("另有 {count} 个", count=left)] if left > 0 else []
    return say("可能是：{names}", names=joined("、", *names))


def _candidate(to_id: str, to_name: str, score: float, metres: float) -> Message:
    far = say("，{m} 米", m=f"{metres:,.0f}") if not math.isnan(metres) else ""
    return say("是：{name}（{id}，相似 {score}{far}）",
               name=to_name, id=to_id, score=f"{score:.0f}", far=far)  # fmt: skip


def _where(name: WaitingName) -> Message:
    where = say("{layer}·{column}", layer=layer_word(name.layer),
                column=column_word(name.layer, name.column))  # fmt: skip
    told: list[Message | str] = [where, name.file]
    if name.row is not None:
        told.append(say("第 {row} 行", row=name.row))
    told += [name.row_name or name.street]
    return joined(" · ", *(part for part in told if str(part)))


def _save(subject: Subject, study: Study, shown: Sequence[WaitingName], seen: Seen) -> None:
    chosen = [(name, st.session_state.get(f"name {name.key}")) for name in shown]
    table = decided_table([(name, option) for name, option in chosen if option is not None])
    attempt("names", lambda: keep_decisions(subject, study, table), seen)


def decided_table(chosen: Sequence[tuple[WaitingName, str]]) -> pd.DataFrame:
    """Return what was chosen as the table in which offices answer."""
    rows = []
    for name, option in chosen:
        scores = {to_id: score for to_id, *_, score, _ in name.candidates}
        to_id = "" if option == NONE else option[1:]
        names = {each: text for each, text, *_ in name.candidates}
        rows.append(
            {
                **{each: getattr(name, each) for each in ASKER}, "row": str(name.row or ""),
                "to_id": to_id if to_id in names else "", "to_name": names.get(to_id, ""),
                "score": str(scores.get(to_id, "")), "metres": "",
                "answer": "都不是" if option == NONE else "是" if to_id in names else to_id,
            }
        )  # fmt: skip
    columns = [*ASKER, "row", "to_id", "to_name", "score", "metres", "answer"]
    return pd.DataFrame(rows, columns=columns, dtype="str")


def keep_decisions(subject: Subject, study: Study, table: pd.DataFrame) -> Said:
    """Keep what a table decides beside the study. Errors: StudyError where nothing was decided."""
    taken = decisions_in(study, table)
    refused = tuple(finding.line() for finding in taken.findings)
    if not taken.decisions:
        raise StudyError(*(refused or [say("还没有选定任何名称，没有保存。")]))
    before = read_confirmed(subject.path)
    after = confirm(subject.path, taken.decisions)
    new = [one for one in after if one not in before]
    gone = [one for one in before if one not in after]

    def undo() -> None:
        unconfirm(subject.path, new)
        if gone:
            confirm(subject.path, gone)

    done = say("已保存 {n} 个名称，记在 {file}；总览页会按新的对应重新测算。",
               n=len(taken.decisions), file=matches_file(subject.path).name)  # fmt: skip
    return Said((done, *refused), undo=undo)


def _show_confirmed(subject: Subject, *, off: bool) -> None:
    try:
        kept = read_confirmed(subject.path)
    except PlanningError as refusal:
        show_lines(refusal.messages, key="matches", bad=True)
        return
    if not kept:
        return
    with st.expander(str(say("已确认的名称（{n} 个）", n=len(kept))), expanded=False):
        show_table(confirmed_table(kept))
        labels = [plain(_told(one)) for one in kept]
        show_taking_back(
            "names", labels, lambda at: _dropping(subject, kept[at]), matches_file(subject.path),
            which=translate("撤销哪一个"), off=off,
        )  # fmt: skip


def _told(one: Confirmed) -> Message:
    meant = one.to_name or one.to_id or say("都不是")
    return say("{asked} → {meant}", asked=one.asked, meant=meant)


def confirmed_table(kept: Sequence[Confirmed]) -> pd.DataFrame:
    """Return decisions as a table."""
    said = {"same": say("是"), "different": say("不是"), "none": say("都不是")}
    return pd.DataFrame(
        {
            translate("图层"): [layer_headed(one.layer) for one in kept],
            translate("列"): [column_word(one.layer, one.column) for one in kept],
            translate("写在哪一行"): [
                one.row_name or one.row_id or one.street or one.file or NOTHING for one in kept
            ],
            translate("所写名称"): [one.asked for one in kept],
            translate("决定"): [str(said[one.decision]) for one in kept],
            translate("对应"): [one.to_name for one in kept],
            translate("编号"): [one.to_id for one in kept],
            translate("日期"): [str(one.on or "") for one in kept],
        }
    ).rename(columns=headed)


def _dropping(subject: Subject, one: Confirmed) -> Callable[[], Said]:
    def keep() -> Said:
        unconfirm(subject.path, [one])
        done = say("已撤销“{asked}”的确认。", asked=one.asked)
        return Said((done,), undo=lambda: _again(subject, one))

    return keep


def _again(subject: Subject, one: Confirmed) -> None:
    confirm(subject.path, [one])
