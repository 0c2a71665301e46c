"""The report on the data of a study: one line a layer, what it does, what to send out."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import streamlit as st

from geo.language import Message, joined, say, translate
from report.data.data_report import DataReport
from report.data.layer_report import LayerReport
from report.data.tables import (
    HEADINGS,
    changes_table,
    effects_table,
    findings_table,
    missing_table,
)
from report.data.workbook import in_words
from ui.data.downloads import show_downloads
from ui.data.showing import nothing, show_lines, show_table
from ui.data.subject import Subject
from ui.seen import plain
from ui.words import headed, layer_headed, number

EFFECTS_SHOWN = 12


def show_report(subject: Subject) -> None:
    """Show the report on the study."""
    if subject.report is None:
        return
    show_told(subject.report)
    show_downloads(subject.report)
    show_details(subject.report)


def show_told(report: DataReport) -> None:
    """Show one line a layer, then what the gaps do to the results."""
    with st.container(key="care-headline-report"):
        st.text(str(_summary(report)))
    table = layers_table(report)
    counts = table.select_dtypes("number").columns
    show_table(table, widest=headed(translate("对结果的影响")), counted=map(str, counts))
    if report.refused:
        show_lines([say("不能读取的文件："), *report.refused], key="layers", bad=True)


def _summary(report: DataReport) -> Message:
    """Return the sentence that says what there is to do."""
    missing = sum(layer.cells for layer in report.layers)
    changed = sum(layer.counts()["changed"] for layer in report.layers)
    rows = number(report.rows)
    if _of_several_files(report):
        came = say("{files} 个文件共读入 {rows} 行。", files=len(report.layers), rows=rows)
    else:
        came = say("{layers} 个图层共读入 {rows} 行。", layers=len(report.layers), rows=rows)
    if changed:
        came = joined(" ", came, say("自动改读 {changed} 处，请核对。", changed=number(changed)))
    if report.errors:
        to_do = say("有 {errors} 处错误要改：见下面“存疑与错误”。", errors=number(report.errors))
    elif missing:
        to_do = say("没有错误。")
    else:
        to_do = say("没有错误，也没有要补的单元格。")
    form = say("还缺 {missing} 格：下载“待补数据表”发给街道填。", missing=number(missing))
    return joined(" ", came, to_do, form) if missing else joined(" ", came, to_do)


def layers_table(report: DataReport) -> pd.DataFrame:
    """Return one line a layer: what came in, was changed, is missing, is doubtful, what it does.

    The last is of the study as a whole, if anything was noticed of it.
    """
    return pd.DataFrame([_line(layer) for layer in report.lines]).rename(columns=headed)


def _line(layer: LayerReport) -> dict[str, object]:
    counts = layer.counts()
    return {
        translate("图层"): layer_headed(layer.layer),
        translate("文件"): layer.file,
        translate("读入行数"): layer.rows,
        translate("未计入"): counts["left_out"],
        translate("改动"): counts["changed"],
        translate("已补填"): counts["filled"],
        translate("待补"): layer.cells,
        translate("无法读取"): counts["unread"],
        translate("存疑"): counts["doubtful"],
        translate("错误"): layer.errors,
        translate("对结果的影响"): _effect(layer),
    }


def _effect(layer: LayerReport) -> str:
    if layer.refused:
        return str(say("不能读取，这一图层没有使用。"))
    # Each stands below in full: told here too, long ones would make every line of the table tall.
    told = say("{n} 项，见下", n=len(layer.effects)) if layer.effects else say("无")
    if not layer.unread:
        return str(told)
    return str(joined("；", say("{n} 个文件不能读取，没有使用", n=len(layer.unread)), told))


def show_details(report: DataReport) -> None:
    """Show the tables behind the report, each under its heading."""
    effects = _with_files(report, effects_table)
    missing = _with_files(report, missing_table)
    changes, findings = changes_table(report), findings_table(report)
    doubtful = findings[~findings["severity"].eq("info")]
    told = str(say("对结果的影响（{n} 项）", n=number(len(effects))))
    with st.expander(told, expanded=bool(len(effects))):
        _show_effects(effects)
    with st.expander(str(say("待补的单元格（{n} 格）", n=number(len(missing))))):
        _show(missing, say("没有要补的单元格。"))
    with st.expander(str(say("自动改读的单元格（{n} 处）", n=number(len(changes))))):
        _show(changes, say("没有改读。"))
    with st.expander(str(say("存疑与错误（{n} 条）", n=number(len(doubtful))))):
        _show(doubtful, say("没有存疑。"))
    with st.expander(str(say("全部说明（{n} 条）", n=number(len(findings))))):
        _show(findings, say("没有说明。"))


def _with_files(
    report: DataReport, table_of: Callable[[DataReport], pd.DataFrame]
) -> pd.DataFrame:
    """Return a table with the file of each row, where one layer stands in several files."""
    whole = table_of(report)
    if "file" in whole.columns or not _of_several_files(report):
        return whole
    tables = []
    for layer in report.layers:
        own = table_of(replace(report, layers=(layer,)))
        own.insert(1, "file", layer.file)
        tables.append(own)
    return pd.concat(tables, ignore_index=True)


def _of_several_files(report: DataReport) -> bool:
    """Tell whether one layer of a report stands in several files."""
    return len({layer.layer for layer in report.layers}) < len(report.layers)


def _show_effects(effects: pd.DataFrame) -> None:
    if effects.empty:
        nothing(say("没有影响结果的缺失。"))
        return
    if len(effects) > EFFECTS_SHOWN:
        _show(effects, say("没有影响结果的缺失。"))
        return
    several = "file" in effects.columns
    for effect in effects.to_dict("records"):
        what = layer_headed(str(effect["layer"]))
        where = say("{layer}（{file}）", layer=what, file=effect["file"]) if several else what
        st.text(plain(say("• {where}：{message}", where=where, message=effect["message"])))


def _show(table: pd.DataFrame, none: Message) -> None:
    if table.empty:
        st.caption(str(none))
        return
    shown = in_words(table)
    if "layer" in shown:
        shown["layer"] = [layer_headed(code) for code in table["layer"]]
    headings = {name: headed(HEADINGS[str(name)]) for name in shown.columns}
    if "count" in headings:
        headings["rows"] = headed(translate("在哪些行"))
    wide = [headings[name] for name in ("message", "remedy") if name in headings]
    show_table(shown.rename(columns=headings), wide=wide)
