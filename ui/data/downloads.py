"""What can be taken along: the report, the forms for the streets, empty tables of every layer."""
# ruff: noqa: TID251 - this is the browser face

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import streamlit as st

from geo.language import say, speak, translate
from geo.schema import SCHEMAS
from report.data.data_report import DataReport
from report.data.form import streets_asked, write_form, write_forms_by_street
from report.data.sheets import file_name
from report.data.template import write_template
from report.data.workbook import write_report
from ui.chosen import worded
from ui.words import layer_headed

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP: Final = "application/zip"
# What the files are called, in the language then spoken.
REPORT: Final = say("数据报告")
FORM: Final = say("待补数据表")
TEMPLATES: Final = say("空白数据表")


def show_downloads(report: DataReport) -> None:
    """Show the buttons; a file is written when its button is pressed."""
    title, asked = file_name(report.title), any(len(each.missing) for each in report.layers)
    with st.container(horizontal=True, key="care-downloads", vertical_alignment="bottom"):
        _button(say("下载数据报告"), f"{title}-{REPORT}.xlsx",
                lambda: workbook_bytes(lambda path: write_report(report, path)))  # fmt: skip
        _button(say("下载待补数据表"), f"{title}-{FORM}.xlsx",
                lambda: workbook_bytes(lambda path: write_form(report, path)),
                off=not asked)  # fmt: skip
        streets = len(streets_asked(report)) if asked else 0
        _button(say("按街道分开（{n} 份，zip）", n=streets), f"{title}-{FORM}.zip",
                lambda: forms_zip(report), off=not asked)  # fmt: skip
        _show_templates()


def _show_templates() -> None:
    every = ["all", *SCHEMAS]
    words = {name: layer_headed(name) for name in SCHEMAS} | {"all": translate("全部图层（zip）")}
    layer = st.selectbox(
        translate("空白数据表"), every, format_func=lambda name: words[name], width=200,
        key=worded("template"), placeholder=translate("请选择"),
    )
    if layer == "all":
        _button(say("下载空白表"), f"{TEMPLATES}.zip", templates_zip)
    else:
        _button(say("下载空白表"), f"{file_name(words[layer])}.xlsx",
                lambda: workbook_bytes(lambda path: write_template(layer, path)))  # fmt: skip


def _button(label: object, name: str, write: Callable[[], bytes], *, off: bool = False) -> None:
    language = st.session_state["language"]

    def data() -> bytes:
        speak(language)  # the file is written in a context of its own
        return write()

    st.download_button(
        str(label), data, name, XLSX if name.endswith(".xlsx") else ZIP, on_click="ignore",
        disabled=off, key=f"download {name} ({language})",
    )


def workbook_bytes(write: Callable[[Path], object]) -> bytes:
    """Return what is written as one workbook."""
    with TemporaryDirectory(prefix="carecircle-") as folder:
        path = Path(folder) / "workbook.xlsx"
        write(path)
        return path.read_bytes()


def forms_zip(report: DataReport) -> bytes:
    """Return the forms of all streets, one workbook each."""
    return _zip(lambda folder: write_forms_by_street(report, folder))


def templates_zip() -> bytes:
    """Return the empty tables of all layers, one workbook each."""

    def write(folder: Path) -> None:
        for name, schema in SCHEMAS.items():
            write_template(name, folder / f"{schema.chinese}.xlsx")

    return _zip(write)


def _zip(write: Callable[[Path], object]) -> bytes:
    with TemporaryDirectory(prefix="carecircle-") as folder:
        write(Path(folder))
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(Path(folder).iterdir()):
                archive.write(path, path.name)
        return packed.getvalue()
