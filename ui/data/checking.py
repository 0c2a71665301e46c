"""Files checked before they are used: what is wrong with them, row by row; forms that came back."""
# ruff: noqa: TID251 - this is the browser face

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import streamlit as st

from analysis.own_study import BroughtLayer
from geo.errors import PlanningError
from geo.files.archives import NO_SUCH_LAYER, WHICH_LAYER
from geo.language import Message, say, translate
from geo.ledgers.column_check import NO_SUCH_HEADER
from geo.ledgers.workbook import NO_SHEET_FITS, NO_SUCH_SHEET, WHICH_SHEET
from geo.schema import SCHEMAS
from report.data.data_report import DataReport, gathered, report_on_file
from report.data.effects import Counting
from report.data.layer_report import LayerReport, refused_layer
from report.data.tables import layer_word
from ui.chosen import remembered, worded
from ui.data.downloads import show_downloads
from ui.data.forms import show_forms
from ui.data.mapping import pointed_at, show_mapping
from ui.data.report import show_details, show_told
from ui.data.showing import show_lines, upload_box
from ui.data.subject import Subject
from ui.data.uploads import Brought, Uploaded, brought, unlike_names
from ui.data.using import ONE_FILE, show_used, show_using
from ui.progress import with_progress
from ui.seen import plain
from ui.words import layer_headed

FILE, EPSG = "file", "epsg"
MORE: Final = "…"  # ends a list of which not every name is told
SYSTEMS: Final = (FILE, "wgs84", "cgcs2000", "gcj02", "bd09", EPSG)
# The questions a file of several layers or sheets is refused with.
_WHICH: Final = frozenset(
    question.template
    for question in (WHICH_LAYER, NO_SUCH_LAYER, WHICH_SHEET, NO_SHEET_FITS, NO_SUCH_SHEET)
)


@dataclass(frozen=True)
class Asked:
    """As what files are to be read."""

    layer: str
    coordinates: str | None
    sheet: str | None = None
    columns: tuple[tuple[str, str], ...] = ()


def show_checking(subject: Subject) -> None:
    """Show where files are checked, and where forms that came back are taken in."""
    with st.container(key="care-headline-check"):
        st.text(
            translate("先选这些文件是什么，再放入文件，按“检查”。检查不改动研究；检查过的可以用来做研究。")
        )
    asked = _choose()
    with upload_box("check"):
        files = st.file_uploader(
            translate(
                "把文件拖到这里，或点击选择：Excel、CSV、shapefile（zip 或全套）、GeoPackage、KML…"
            ),
            accept_multiple_files=True, key="files to check",
        )
    ready = bool(files) and bool(asked.layer)
    if st.button(translate("检查"), type="primary", disabled=not ready):
        _check(files, asked)
    _show_checked(subject.path, files, asked)
    st.divider()
    show_forms(subject)


def _choose() -> Asked:
    words = _systems()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer = st.selectbox(
            translate("这些文件是"), list(SCHEMAS), format_func=layer_headed, width=220,
            index=_chosen_before(), key=worded("layer to check"),
            placeholder=translate("请选择"),
        )
        system = st.selectbox(
            translate("坐标取自"), SYSTEMS, format_func=lambda code: str(words[code]), width=330,
            index=remembered("system to check", SYSTEMS), key=worded("system to check"),
            placeholder=translate("请选择"),
        )
        code = None
        if system == EPSG:
            code = st.number_input(
                "EPSG", min_value=1024, max_value=32767, value=4549, step=1, width=140,
                key="epsg to check",
            )
    st.session_state["layer to check"] = layer
    st.session_state["system to check"] = system
    coordinates = {FILE: None, EPSG: f"EPSG:{code}"}.get(system, system)
    return Asked(layer or "", coordinates, columns=tuple(pointed_at(layer or "").items()))


def _chosen_before() -> int | None:
    """Return the position of the layer chosen before; None: nobody has, and none is guessed."""
    layer = str(st.session_state.get("layer to check"))
    return list(SCHEMAS).index(layer) if layer in SCHEMAS else None


def _systems() -> dict[str, Message]:
    return {
        FILE: say("不清楚／文件里写明了"),
        "wgs84": say("WGS84（GPS、天地图）"),
        "cgcs2000": say("CGCS2000（国家2000）"),
        "gcj02": say("GCJ-02（高德、腾讯）"),
        "bd09": say("BD-09（百度）"),
        EPSG: say("其他，填 EPSG 编号"),
    }


def _check(files: Sequence[Uploaded], asked: Asked) -> None:
    """Read the files and remember what there is to say of them."""
    started = time.monotonic()

    def read(tell: object) -> DataReport:
        with brought(files) as paths:
            reports = []
            for number, file in enumerate(paths):
                what = say("正在检查第 {n} 个文件，共 {all} 个", n=number + 1, all=len(paths))
                tell(what, number / len(paths))  # type: ignore[operator]
                reports.append(report_one(file, asked))
            reports = _each_by_its_headers(reports, paths, asked)
            named = [_named(report, file) for report, file in zip(reports, paths, strict=True)]
            return gathered(translate("检查结果"), named)

    report = with_progress(st.empty(), read)
    st.session_state["checked"] = (_names(files), asked, report, time.monotonic() - started)


def report_one(file: Brought, asked: Asked, *, counting: Counting | None = None) -> LayerReport:
    """Return the report on one file; whatever is wrong with it is part of that."""
    try:
        return report_on_file(
            file.path, asked.layer, sheet=asked.sheet, coordinates=asked.coordinates,
            columns=dict(asked.columns), counting=counting,
        )
    except PlanningError as refusal:
        return refused_layer(asked.layer, file.name, refusal.messages)


def _each_by_its_headers(
    reports: Sequence[LayerReport], files: Sequence[Brought], asked: Asked
) -> list[LayerReport]:
    """Return the reports, files anew that lack a header which others have: as a study reads them.

    A header that no file has is told as the slip that it is.
    """
    absent = [_absent_headers(report) for report in reports]
    nowhere = set.intersection(*absent) if absent else set()
    return [
        report_one(file, replace(asked, columns=_without(asked, lacking - nowhere)))
        if lacking - nowhere else report
        for report, file, lacking in zip(reports, files, absent, strict=True)
    ]


def _absent_headers(report: LayerReport) -> set[str]:
    return {
        str(message.values["header"]) for message in report.refused
        if message.template == NO_SUCH_HEADER.template
    }


def _without(asked: Asked, headers: set[str]) -> tuple[tuple[str, str], ...]:
    return tuple((header, name) for header, name in asked.columns if header not in headers)


def _named(report: LayerReport, file: Brought) -> LayerReport:
    """Return a report under the name that the user knows."""
    return replace(report, file=plain(file.name))


def _names(files: Sequence[Uploaded]) -> tuple[str, ...]:
    return tuple(file.name for file in files)


def _show_checked(study: Path, files: Sequence[Uploaded], asked: Asked) -> None:
    checked = st.session_state.get("checked")
    if checked is None:
        show_used()
        return
    names, then, report, _seconds = checked
    if files and names != _names(files):
        st.caption(translate("文件换过了，请再按“检查”。"))
        show_used()
        return
    st.text(str(say("检查结果：作为“{layer}”读入", layer=layer_word(then.layer))))
    if report.all_refused:
        show_lines([say("不能读取："), *report.refused], key="checked", bad=True)
    now = replace(then, coordinates=asked.coordinates, columns=asked.columns)
    _offer_layers(files, now, report)
    if not report.all_refused:
        _show_verdict(report)
    if files and then.layer not in ONE_FILE:
        show_mapping(then.layer, report, lambda: _check_again(files, now))
    if files and not report.all_refused:
        show_using(study, files, report, lambda: _as_layer(files, then))
    else:
        show_used()
    if not report.all_refused:
        show_told(report)
        show_downloads(report)
        show_details(report)


def _check_again(files: Sequence[Uploaded], asked: Asked) -> None:
    """Check files anew with what headers are now said to stand for."""
    _check(files, replace(asked, columns=tuple(pointed_at(asked.layer).items())))


def _as_layer(files: Sequence[Uploaded], asked: Asked) -> BroughtLayer:
    """Return files as the layer of a study, read as they were checked."""
    return BroughtLayer(
        asked.layer, unlike_names(files) or {}, asked.coordinates, asked.sheet, dict(asked.columns)
    )


def _show_verdict(report: DataReport) -> None:
    if report.errors:
        line = say("有 {n} 处错误，逐行列在“存疑与错误”里：改好后再放入检查。", n=report.errors)
        rows = [
            each.finding.line() for layer in report.layers for each in layer.noticed
            if each.finding.severity == "error"
        ]
        show_lines([line, *rows[:10]], key="verdict", bad=True)
    else:
        show_lines([say("没有错误，可以使用。")], key="verdict", bad=False)


def _offer_layers(files: Sequence[Uploaded], then: Asked, report: DataReport) -> None:
    """Offer the layers or sheets of a file that has several."""
    told = layers_named(report)
    if not told or not files:
        return
    names = [name for name in told if name != MORE]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        sheet = st.selectbox(
            translate("文件里有几个图层或工作表，用哪一个？"), names, index=None, width=420,
            format_func=plain, accept_new_options=MORE in told, key="sheet to check",
            placeholder=translate("请选择"),
        )
        if st.button(translate("用这一个再检查"), disabled=sheet is None):
            _check(files, replace(then, sheet=sheet))
            st.rerun()


def layers_named(report: DataReport) -> list[str]:
    """Return the layers or sheets among which a refusal asks to choose."""
    found: list[str] = []
    for message in report.refused:
        if message.template in _WHICH:
            names = message.values["names"]
            found += _names_in(names) if isinstance(names, Message) else [str(names)]
    return list(dict.fromkeys(name for name in found if name))


def _names_in(told: Message) -> list[str]:
    """Return the names in a list that is told, each a message that knows it whole."""
    parts = told.values.values()
    return [str(part.values["name"]) if isinstance(part, Message) else str(part) for part in parts]
