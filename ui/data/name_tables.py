"""The queue of names as a workbook: sent to an office, answered there, taken in again."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Callable
from typing import Final

import pandas as pd
import streamlit as st

from analysis.matching.kept import matches_file
from analysis.study import Study
from geo.language import say, speak, translate
from report.data.name_form import read_name_form, write_name_form
from report.data.sheets import file_name
from ui.data.downloads import XLSX, workbook_bytes
from ui.data.showing import upload_box
from ui.data.subject import Subject
from ui.data.uploads import Uploaded, brought
from ui.saving import Said, Seen, attempt

NAMES: Final = say("名称核对")  # what the file is called, in the language then spoken
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
            return workbook_bytes(lambda path: write_name_form(subject.waiting, path))

        name = f"{file_name(study.title)}-{NAMES}.xlsx"
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
            on_click=_take,
            args=(subject, study, keep, files, Seen.now(matches_file(subject.path))),
        )


def _take(
    subject: Subject, study: Study, keep: Keep, files: list[Uploaded], seen: Seen
) -> None:
    def take() -> Said:
        with brought(files) as tables:
            filled = pd.concat([read_name_form(table.path) for table in tables], ignore_index=True)
        return keep(subject, study, filled)

    attempt("names", take, seen)
