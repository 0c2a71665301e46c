"""The queue of names as a workbook: sent to an office, answered there, taken in again."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import streamlit as st

from analysis.matching.queue import office_table
from analysis.study import Study
from geo.ingest import read_table
from geo.language import say, speak, translate
from geo.numbers import figure, is_missing
from geo.schema import ANSWERS
from report.data.sheets import file_name, workbook
from ui.data.downloads import XLSX, workbook_bytes
from ui.data.saving import Said, attempt
from ui.data.showing import upload_box
from ui.data.subject import Subject
from ui.data.uploads import Uploaded, brought

Keep = Callable[[Subject, Study, pd.DataFrame], Said]


def show_exchange(subject: Subject, study: Study, keep: Keep, *, off: bool) -> None:
    """Show where the names are downloaded as Excel, and taken in again once answered."""
    with st.expander(translate("用 Excel 核对：下载给同事填“确认”列，再放回来")):
        st.text(
            translate("每行一个候选；在“确认”列写 是、否、都不是，或另一个编号；不确定的留空。")
        )
        language = st.session_state["language"]

        def data() -> bytes:
            speak(language)
            return workbook_bytes(lambda path: write_names(subject.waiting, path))

        name = f"{file_name(study.title)}-{say('名称核对')}.xlsx"
        st.download_button(
            translate("下载名称核对表"), data, name, XLSX, on_click="ignore",
            key=f"download names ({language})",
        )
        with upload_box("names"):
            files = st.file_uploader(
                translate("把填好的名称核对表拖到这里"), type="xlsx", accept_multiple_files=True,
                key="names filled",
            )
        st.button(
            translate("采用表中的确认"), disabled=off or not files, key="keep table",
            on_click=_take, args=(subject, study, keep, files),
        )


def write_names(waiting: pd.DataFrame, path: Path) -> None:
    """Write the queue as a workbook to be answered."""
    table = office_table(waiting)
    rows = table.astype(object).where(table.notna(), None).itertuples(index=False)
    with workbook(path) as book:
        book.table(book.sheet(ANSWERS.chinese), [*map(str, table.columns)], rows)


def read_names(path: Path) -> pd.DataFrame:
    """Return an answered workbook as texts, read through the door. Errors: LayerError."""
    table = read_table(path, ANSWERS)
    columns = zip(table.headers, table.columns, strict=True)
    return pd.DataFrame({header: [*map(_text, cells)] for header, cells in columns}, dtype="str")


def _text(cell: object) -> str:
    if is_missing(cell):
        return ""
    number = isinstance(cell, int | float) and not isinstance(cell, bool)
    return figure(float(str(cell))) if number else str(cell).strip()


def _take(subject: Subject, study: Study, keep: Keep, files: list[Uploaded]) -> None:
    def take() -> Said:
        with brought(files) as tables:
            filled = pd.concat([read_names(table.path) for table in tables], ignore_index=True)
        return keep(subject, study, filled)

    attempt("names", take)
