"""Files that were checked made part of a study: a new one, or one that was begun here."""
# ruff: noqa: TID251 - this is the browser face

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import streamlit as st

from analysis.description import StudyDescription, read_description
from analysis.own_study import BroughtLayer, Written, begin_study, data_files, is_own, put_into
from geo.errors import StudyError
from geo.language import Message, say, spoken, translate
from geo.schema import SCHEMAS, layer_word
from report.data.data_report import DataReport
from report.data.sheets import file_name
from report.data.tables import column_word
from ui.chosen import worded
from ui.data.showing import show_lines
from ui.data.uploads import Uploaded, stem_of, unlike_names
from ui.saving import Said, Seen, attempt, show_cannot_keep, show_said
from ui.seen import plain, seen_only, unmarked
from ui.sidebar import BEGUN
from ui.words import layer_headed

PART: Final = "using"
NAME_LONGEST: Final = 60
NEW, OWN = "new", "own"
ONE_FILE: Final = ("streets", "places")  # what a study takes from one file only
_SETTLED: Final = ("care_area_basis", "care_status")


@dataclass(frozen=True)
class Wish:
    """What is asked of a study besides its files."""

    title: str = ""
    on: dt.date | None = None
    without: tuple[str, ...] = ()
    source: str = ""
    date: dt.date | None = None
    assume: Mapping[str, str] = field(default_factory=dict)


def show_used() -> None:
    """Show what became of the last files that were put into a study."""
    show_said(PART)


def show_using(
    study: Path, files: Sequence[Uploaded], report: DataReport,
    reading: Callable[[], BroughtLayer],
) -> None:
    """Show how files that were checked become part of a study.

    reading
        Gives the files as a layer, read as they were checked.
    """  # fmt: skip
    with st.container(key="care-using", border=True):
        st.subheader(translate("用这些文件做研究"), anchor=False)
        why_not = _why_not(files, report)
        if why_not is not None:
            st.text(plain(why_not))
        elif not show_cannot_keep(study):
            _offer(study, files, report, reading)
        show_used()  # where the button was pressed


def _offer(
    study: Path, files: Sequence[Uploaded], report: DataReport,
    reading: Callable[[], BroughtLayer],
) -> None:
    try:
        description = read_description(study)
    except StudyError as refusal:
        show_lines(refusal.messages, key="base", bad=True)
        return
    if report.errors:
        known = say("有 {n} 处错误：这些格按未知计，改好再放入就会重算。", n=report.errors)
        st.text(str(known))
    _ask(study, description, files, report, reading)


def _why_not(files: Sequence[Uploaded], report: DataReport) -> Message | None:
    """Return why files cannot be used as they are; None where they can."""
    layer = report.layers[0].layer
    if report.refused:
        return say("有的文件不能读取，改好或去掉后再按“检查”，就可以用它们做研究。")
    if layer in ONE_FILE and len(data_files([file.name for file in files])) > 1:
        return say("“{layer}”只能用一个文件，请合成一个再放入。", layer=layer_word(layer))
    if unlike_names(files) is None:
        return say("有两个文件同名，请改名后再放入。")
    return None


def _ask(
    study: Path, description: StudyDescription, files: Sequence[Uploaded], report: DataReport,
    reading: Callable[[], BroughtLayer],
) -> None:
    layer = report.layers[0].layer
    where = _where(study, description)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wish = _new_study(description, files, layer) if where == NEW else Wish()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        source = st.text_input(
            translate("数据来源（可不填）"), key="source to use", max_chars=100, width=330,
            placeholder=translate("例如：民政局 2026 年台账"),
        )
        date = st.date_input(
            translate("数据日期（可不填）"), value=None, key="date to use", width=200,
            min_value=dt.date(1980, 1, 1), format="YYYY-MM-DD",
        )
        assume = _settled(report) if layer == "residential" else {}
    asked = Wish(wish.title, wish.on, wish.without, source.strip(), _day(date), assume)
    missing = where == NEW and not wish.title
    # No callback: it would be handed the answers of the run before, without the last one typed.
    if st.button(
        translate("建立研究") if where == NEW else translate("放进这项研究"), type="primary",
        disabled=missing, key="use the files",
        help=translate("先写研究名称。") if missing else None,
    ):
        _use(study, reading, asked, where)
        st.rerun()


def _day(value: object) -> dt.date | None:
    return value if isinstance(value, dt.date) else None


def _where(study: Path, description: StudyDescription) -> str:
    """Return whether a new study is begun; only one that was begun here can be gone on with."""
    if not is_own(study):
        st.text(plain(say(
            "新建一项研究：这一图层用这些文件，其余图层、道路和规则沿用“{title}”，原研究不改动。",
            title=description.title,
        )))
        return NEW
    words = {
        OWN: plain(say("放进“{title}”", title=description.title)),
        NEW: translate("另建一项研究"),
    }
    chosen = st.radio(
        translate("放到哪里"), [OWN, NEW], format_func=words.__getitem__, horizontal=True,
        key=worded(f"where to use {study}"),
    )
    return str(chosen)


def _new_study(description: StudyDescription, files: Sequence[Uploaded], layer: str) -> Wish:
    first = stem_of(files[0].name)
    title = st.text_input(
        translate("研究名称"), value=seen_only(first)[:NAME_LONGEST], max_chars=NAME_LONGEST,
        key=f"title to use {first}", width=330,
    )
    on = st.date_input(
        translate("按哪一天的规定核查"), value=description.on, key="day to use", width=200,
        min_value=dt.date(1980, 1, 1), format="YYYY-MM-DD",
    )
    others = [name for name in description.layers if name in SCHEMAS and name != layer]
    without = st.multiselect(
        translate("不沿用的图层"), others, format_func=layer_headed, key=worded("without to use"),
        placeholder=translate("都沿用"), width=300,
        help=unmarked(plain(
            say("不选就都沿用“{title}”的。沿用的模拟数据仍是模拟数据，页面上会写明。",
                title=description.title)
        )),
    )  # fmt: skip
    return Wish(seen_only(title).strip(), _day(on), tuple(without))


def _settled(report: DataReport) -> dict[str, str]:
    """Return what whole missing columns are taken to be; nothing unless somebody says so."""
    lacking = {
        use.name for each in report.layers for use in each.columns if not use.header
    } & set(_SETTLED)
    found: dict[str, str] = {}
    for name in (each for each in _SETTLED if each in lacking):
        column = SCHEMAS["residential"].column(name)
        # The codes of words are their English.
        words = {
            code: code if spoken() == "en" else spelled[0]
            for code, spelled in column.words.items()
        }
        answer = st.selectbox(
            str(say("表里没有“{column}”一列，一律按", column=column_word("residential", name))),
            list(words),
            index=None, format_func=words.__getitem__,
            placeholder=translate("不清楚（算无法判定）"), key=worded(f"assumed {name}"), width=330,
        )
        if answer is not None:
            found[name] = answer
    return found


def _use(study: Path, reading: Callable[[], BroughtLayer], wish: Wish, where: str) -> None:
    """Write the study and look at it."""
    before = str(st.session_state.get("study") or study)

    def keep() -> Said:
        written = _written(study, reading(), wish, where)
        st.session_state[BEGUN] = str(written.path)

        def undo() -> None:
            written.take_back()
            st.session_state[BEGUN] = before

        lines = (_told(written, wish, where), *written.left_out)
        return Said(lines, undo=undo, left=Seen.now(written.path))

    attempt(PART, keep, Seen.now(study.resolve()) if where == OWN else None)


def _written(study: Path, brought: BroughtLayer, wish: Wish, where: str) -> Written:
    layer = BroughtLayer(
        brought.layer, brought.files, brought.coordinates, brought.sheet, brought.columns,
        wish.source, wish.date,
    )
    if where == OWN:
        return put_into(study, layer, assume=wish.assume)
    on = wish.on or read_description(study).on
    return begin_study(
        study, layer, title=wish.title, name=file_name(wish.title)[:NAME_LONGEST], on=on,
        without=wish.without, assume=wish.assume,
    )


def _told(written: Written, wish: Wish, where: str) -> Message:
    if where == OWN:
        return say("已放进研究（{file}），各页都按新的文件算。", file=written.path.name)
    return say(
        "已建立研究“{title}”，左侧已换成它，各页都按它算；文件是 {file}，放在“{folder}”文件夹里。",
        title=wish.title, file=written.path.name, folder=str(written.path.parent),
    )

