"""Headers that nobody could have known: a clerk points at what each stands for."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Callable, Iterator
from typing import Final

import streamlit as st

from geo.language import say, translate
from geo.schema import READ_POSITION, SCHEMAS, Column
from report.data.data_report import DataReport
from report.data.tables import column_word
from ui.chosen import worded
from ui.seen import plain

# How refusals and findings name the headers of a file, and what stands between them.
_NAMED: Final = ("headers", "unused")
_BETWEEN: Final = "、"


def pointed_at(layer: str) -> dict[str, str]:
    """Return what headers were said to stand for, for this layer, by header."""
    return dict(st.session_state.get(f"headers of {layer}", {}))


def show_mapping(layer: str, report: DataReport, again: Callable[[], None]) -> None:
    """Show where a header is said to be one of our columns; whatever is said is checked again.

    again
        Checks the files anew.
    """
    said, headers = pointed_at(layer), headers_left(report)
    if not said and not headers:
        return
    lacking = _lacking(layer, report)
    with st.expander(translate("列名认不出？指给它看"), expanded=bool(said) or report.all_refused):
        for known, name in said.items():
            _show_said(layer, known, name, again)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            state = len(said)  # what was said leaves the lists
            header = st.selectbox(
                translate("文件里的这一列"), [each for each in headers if each not in said],
                index=None, format_func=plain, accept_new_options=True, width=300,
                placeholder=translate("请选择"), key=f"header {layer} {state}",
            )
            column = st.selectbox(
                translate("就是"), list(lacking), index=None, width=300,
                format_func=lambda name: plain(lacking[name]), placeholder=translate("请选择"),
                key=worded(f"column {layer} {state}"),
            )
            if st.button(
                translate("就这样，再检查"), disabled=not (header and column), key="point at"
            ):
                _say(layer, str(header), str(column), again)
                st.rerun()


def headers_left(report: DataReport) -> list[str]:
    """Return the headers of the files that stand for nothing yet, each once."""
    return list(dict.fromkeys(name.strip() for name in _told(report) if name.strip(" —")))


def _told(report: DataReport) -> Iterator[str]:
    for message in (*report.refused, *(finding.message for finding in report.findings)):
        for key in _NAMED:
            if isinstance(named := message.values.get(key), str):
                yield from named.split(_BETWEEN)


def _lacking(layer: str, report: DataReport) -> dict[str, str]:
    """Return what each column is called that some file has not yet, the needed ones first."""
    found = set.intersection(
        *({use.name for use in each.columns if use.header} for each in report.layers)
    )
    columns = [*SCHEMAS[layer].columns, *READ_POSITION]
    wanted = [column for column in columns if column.name not in found]
    return {
        column.name: _words(layer, column)
        for column in sorted(wanted, key=lambda column: not column.needed)
    }


def _words(layer: str, column: Column) -> str:
    word = column_word(layer, column.name)
    return str(say("{column}（必需）", column=word)) if column.needed else word


def _show_said(layer: str, header: str, name: str, again: Callable[[], None]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        is_one = say("“{header}”就是“{column}”", header=header, column=column_word(layer, name))
        st.text(plain(is_one))
        if st.button(translate("去掉"), key=f"unsay {layer} {header}"):
            _unsay(layer, header, again)
            st.rerun()


def _say(layer: str, header: str, column: str, again: Callable[[], None]) -> None:
    st.session_state[f"headers of {layer}"] = {**pointed_at(layer), header: column}
    again()


def _unsay(layer: str, header: str, again: Callable[[], None]) -> None:
    left = {key: name for key, name in pointed_at(layer).items() if key != header}
    st.session_state[f"headers of {layer}"] = left
    again()
