"""The page of the data: what came in, what to correct, which names and places to settle."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Callable, Mapping

import streamlit as st

from geo.language import say, spoken, translate
from ui.chosen import remembered
from ui.data.checking import show_checking
from ui.data.names import show_names
from ui.data.places import show_places
from ui.data.report import show_report
from ui.data.showing import show_lines
from ui.data.subject import Subject, subject_of
from ui.progress import with_progress
from ui.seen import plain
from ui.sidebar import choose_study

PARTS: Mapping[str, Callable[[Subject], None]] = {
    "report": show_report, "files": show_checking, "names": show_names, "places": show_places,
}  # fmt: skip


def show() -> None:
    """Show the page for the study chosen in the sidebar."""
    with st.sidebar:
        chosen = choose_study()
    if chosen is None:
        st.error(translate("没有找到研究区描述文件（data/*.study.toml）。"))
        return
    subject = with_progress(st.empty(), lambda tell: subject_of(chosen.path, progress=tell))
    _show_heading(chosen.title, subject)
    if subject.refused:
        lines = [say("这项研究现在不能测算，原因如下；改好文件后刷新本页。"), *subject.refused]
        show_lines(lines, key="study", bad=True)
    PARTS[_choose_part(subject)](subject)


def _show_heading(title: str, subject: Subject) -> None:
    with st.container(key="care-title", horizontal=True):
        with st.container(key="care-study", width="content"):
            st.text(plain(say("数据 · {title}", title=title)))
        notice = subject.study.notice if subject.study else ""
        if notice:
            with st.container(key="care-notice", width="content"):
                st.text(plain(notice))


def _choose_part(subject: Subject) -> str:
    """Return which part is looked at; each says how much waits there."""
    counts = subject.counts()
    words = {
        "report": _with_count(say("① 数据报告"), say("{n} 格待补", n=f"{counts['report']:,}"),
                              counts["report"]),
        "files": str(say("② 检查文件")),
        "names": _with_count(say("③ 名称核对"), say("{n} 个待定", n=f"{counts['names']:,}"),
                             counts["names"]),
        "places": _with_count(say("④ 补坐标"), say("{n} 行待补", n=f"{counts['places']:,}"),
                              counts["places"]),
    }  # fmt: skip
    # Other counts are other words, and those are another control to Streamlit.
    key = f"part ({spoken()} {sorted(counts.items())} {subject.path})"
    chosen = st.segmented_control(
        translate("步骤"), list(PARTS), key=key, required=True, label_visibility="collapsed",
        default=[*PARTS][remembered("part", [*PARTS])], format_func=lambda part: words[part],
    )
    part = str(chosen or "report")
    st.session_state["part"] = part
    return part


def _with_count(title: object, words: object, count: int) -> str:
    return f"{title} · {words}" if count else str(title)
