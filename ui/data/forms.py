"""Forms that came back from streets: what they change is shown before it is kept."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st

from analysis.filled_cells import (
    FilledCell,
    filled_file,
    keep_filled,
    marked,
    put_back_filled,
    read_filled,
)
from analysis.study import Progress
from geo.errors import PlanningError
from geo.findings import Finding
from geo.language import Message, say, translate
from report.data.data_report import report_on_study_file
from report.data.filling import answers_in
from report.data.tables import column_word
from ui.chosen import worded
from ui.data.showing import show_lines, show_table, upload_box
from ui.data.subject import Subject
from ui.data.uploads import Uploaded, brought
from ui.kept import made_once
from ui.progress import with_progress
from ui.saving import (
    Said,
    Seen,
    attempt,
    forget,
    show_cannot_keep,
    show_said,
    show_taking_back,
)
from ui.seen import plain
from ui.words import headed, layer_headed

_TOLD_ROWS: Final = 3  # by which forms of one name are told apart


@dataclass(frozen=True)
class Taken:
    """What forms answer, before it is kept."""

    study: Path
    names: tuple[str, ...]
    cells: tuple[FilledCell, ...]
    findings: tuple[Finding, ...]
    refused: tuple[Message, ...]
    told: tuple[Finding, ...] = ()


def show_forms(subject: Subject) -> None:
    """Show where forms are taken in, what they change, and what was taken before."""
    with st.container(key="care-card-title-forms"):
        st.text(translate("收回的待补数据表"))
    st.caption(translate("放入街道填好的待补数据表；先看会改哪些格，再保存。原台账不动，随时可以撤销。"))
    if subject.report is None:
        return
    with upload_box("forms"):
        files = st.file_uploader(
            translate("把填好的待补数据表拖到这里，可以一次放几份"), type="xlsx",
            accept_multiple_files=True, key="forms",
        )
    systems = {"": translate("WGS84（表里要求的）"), "gcj02": translate("GCJ-02（高德、腾讯）"),
               "bd09": translate("BD-09（百度）")}  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom"):
        system = st.selectbox(
            translate("表里的经纬度取自"), list(systems), format_func=lambda code: systems[code],
            key=worded("system of forms"), width=330, placeholder=translate("请选择"),
        )
        if st.button(translate("读入，看会改什么"), disabled=not files):
            forget("forms")
            st.session_state["taken"] = with_progress(
                st.empty(), lambda tell: take(subject.path, files, system, tell)
            )
    taken: Taken | None = st.session_state.get("taken")
    if taken is not None and taken.study == subject.path:
        _show_taken(subject, taken)
    show_said("forms")
    _show_kept(subject.path)


def take(study: Path, files: Sequence[Uploaded], system: str, tell: Progress) -> Taken:
    """Return what forms answer of the cells that the study's ledgers lack."""
    # An answer may correct an earlier one: the ledgers alone are asked.
    def unfilled(inner: Progress) -> object:
        return report_on_study_file(study, tell=inner, filled=())

    report = made_once(study, "unfilled", unfilled, progress=tell)
    cells: list[FilledCell] = []
    findings: list[Finding] = []
    refused: list[Message] = []
    told: list[Finding] = []
    with brought(files) as forms:
        for form in forms:
            try:
                answers = answers_in(form.path, report, coordinates=system)
            except PlanningError as refusal:
                refused += refusal.messages
                continue
            cells += marked(answers.cells, form.path)
            findings += answers.findings
            told += answers.told
    names = tuple(file.name for file in files)
    return Taken(study, names, tuple(cells), tuple(findings), tuple(refused), tuple(told))


def _show_taken(subject: Subject, taken: Taken) -> None:
    if taken.refused:
        show_lines(taken.refused, key="forms-refused", bad=True)
    if taken.findings:
        lines = [finding.line() for finding in taken.findings]
        told = [say("没有采用的：{n} 处", n=len(lines)), *lines[:20]]
        show_lines(told, key="not-taken", bad=True)
    if taken.told:
        lines = [finding.line() for finding in taken.told]
        show_lines([say("采用了，请核对：{n} 处", n=len(lines)), *lines[:20]], key="read-otherwise",
                   bad=False)  # fmt: skip
    if not taken.cells:
        show_lines([say("没有可采用的单元格。")], key="no-cells", bad=False)
        return
    try:
        before = {cell.key: cell for cell in read_filled(subject.path)}
    except PlanningError as refusal:
        show_lines(refusal.messages, key="filled-unreadable", bad=True)
        return
    st.text(str(say("将补上 {n} 格，请看一遍再保存：", n=len(taken.cells))))
    show_table(cells_table(taken.cells, before=before))
    if show_cannot_keep(subject.path):
        return
    st.button(
        str(say("保存这 {n} 格", n=len(taken.cells))), type="primary", key="keep forms",
        on_click=attempt,
        args=("forms", _keeping(subject.path, taken.cells),
              Seen.now(filled_file(subject.path))),
    )


def cells_table(
    cells: Sequence[FilledCell], *, before: dict[tuple[str, ...], FilledCell]
) -> pd.DataFrame:
    """Return cells as a table: which, what stood there, what was filled in before, what now."""
    earlier = [before.get(cell.key) for cell in cells]
    return pd.DataFrame(
        {
            translate("图层"): [layer_headed(cell.layer) for cell in cells],
            translate("编号"): [cell.id for cell in cells],
            translate("列"): [_column(cell) for cell in cells],
            translate("台账原文"): [cell.was for cell in cells],
            translate("以前补的"): ["" if one is None else one.value for one in earlier],
            translate("现在补为"): [cell.value for cell in cells],
            translate("来自"): [cell.form for cell in cells],
        }
    ).rename(columns=headed)


def _column(cell: FilledCell) -> str:
    places = {"longitude": say("经度"), "latitude": say("纬度")}
    return str(places.get(cell.column) or column_word(cell.layer, cell.column))


def _keeping(study: Path, cells: Sequence[FilledCell]) -> Callable[[], Said]:
    def keep() -> Said:
        before = read_filled(study)
        keep_filled(study, cells)
        st.session_state.pop("taken", None)
        done = say("已保存 {n} 格，记在 {file}；总览页会按新的数据重新测算。",
                   n=len(cells), file=filled_file(study).name)  # fmt: skip
        return Said((done,), undo=lambda: put_back_filled(study, before))

    return keep


def _show_kept(study: Path) -> None:
    """Show the cells that were taken before, each of which can be taken back."""
    try:
        kept = read_filled(study)
    except PlanningError as refusal:
        show_lines(refusal.messages, key="filled", bad=True)
        return
    if not kept:
        return
    with st.expander(str(say("已经补填的单元格（{n} 格）", n=len(kept)))):
        show_table(cells_table(kept, before={}).drop(columns=[headed(translate("以前补的"))]))
        forms = list(dict.fromkeys((cell.form, cell.form_mark) for cell in kept))
        show_taking_back(
            "forms", forms_told(forms, kept), lambda at: _dropping(study, *forms[at]),
            filled_file(study), which=translate("撤销哪一份表补的"),
        )  # fmt: skip


def forms_told(forms: Sequence[tuple[str, str]], kept: Sequence[FilledCell]) -> list[str]:
    """Return what forms are called; those of one name with rows that each of them answered."""
    names = [name for name, _ in forms]
    told: list[str] = []
    for form in forms:
        own = [cell for cell in kept if (cell.form, cell.form_mark) == form]
        rows = list(dict.fromkeys(cell.name or cell.id for cell in own))
        first = "、".join(rows[:_TOLD_ROWS]) + ("…" if len(rows) > _TOLD_ROWS else "")
        which = say("{form}（{n} 格：{rows}）", form=form[0], n=len(own), rows=first)
        told.append(plain(form[0] if names.count(form[0]) == 1 else which))
    return told


def _dropping(study: Path, form: str, mark: str) -> Callable[[], Said]:
    def keep() -> Said:
        before = read_filled(study)
        left = [cell for cell in before if (cell.form, cell.form_mark) != (form, mark)]
        put_back_filled(study, left)
        done = say("已撤销 {form} 补的 {n} 格。", form=form, n=len(before) - len(left))
        return Said((done,), undo=lambda: put_back_filled(study, before))

    return keep
