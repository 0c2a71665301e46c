"""Documents to take along: made beside the page, told while they are made, then downloaded."""
# ruff: noqa: TID251 - this is the browser face

import atexit
import io
import shutil
import threading
import zipfile
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from types import MappingProxyType
from typing import Final

import streamlit as st

from analysis.scenario_text import scenario_text
from geo.language import say, speak, spoken, translate
from report.apart import Apart, make_apart
from report.data.sheets import file_name
from report.documents import FORMATS, MANIFEST
from report.ordering import Order
from report.tables import files_below
from ui.chosen import worded
from ui.seen import plain
from ui.sidebar import Choice
from ui.studies import fingerprint

KEPT_MAX: Final = 4
LOOK_S: Final = 1.0
KINDS: Final = MappingProxyType(
    {
        "docx": say("Word 汇报、核查单、待补数据"), "pptx": say("PPT"), "xlsx": say("Excel 附表"),
        "pdf": say("图集 PDF"), "png": say("地图图片"), "html": say("单文件网页"),
        "gpkg": say("交换数据"),
    }
)  # fmt: skip
Key = tuple[str, ...]


@dataclass
class Makers:
    """Documents made or being made, for all sessions: the same order is made once.

    At most so many folders are kept; the oldest goes.
    """

    made: "OrderedDict[Key, Apart]" = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def order(self, key: Key, order: Order) -> Apart:
        """Return what is made of an order; another process begins where there is none yet."""
        with self.lock:
            known = self.made.get(key)
            if known is not None and not known.refused:
                self.made.move_to_end(key)
                return known
            apart = make_apart(order, Path(mkdtemp(prefix="carecircle-")) / "out")
            threading.Thread(target=apart.follow, daemon=True).start()
            self.made[key] = apart
            while len(self.made) > KEPT_MAX:
                _, oldest = self.made.popitem(last=False)
                _forget(oldest)
            return apart

    def forget_all(self) -> None:
        """Take every folder away."""
        for apart in self.made.values():
            _forget(apart)


def _forget(apart: Apart) -> None:
    apart.stop()
    shutil.rmtree(apart.folder.parent, ignore_errors=True)


@st.cache_resource(show_spinner=False)
def _makers() -> Makers:
    makers = Makers()
    atexit.register(makers.forget_all)
    return makers


def show_documents(choice: Choice) -> None:
    """Show which documents can be made, and those that are."""
    with st.expander(translate("汇报材料（Word、PPT、Excel、地图、网页）")):
        st.caption(
            translate("与本页同一次测算的数字；在后台生成，约一分钟，其间可以继续看别的页。")
        )
        formats = st.pills(
            translate("要哪些"), FORMATS, selection_mode="multi", default=("docx", "pptx", "xlsx"),
            format_func=lambda name: str(KINDS[name]), key=worded("documents wanted"),
        )
        key = _key(choice, tuple(formats))
        asked = st.button(
            translate("生成"), type="primary", disabled=not formats, key="make documents"
        )
        if asked:
            st.session_state["documents asked"] = key
            _makers().order(key, _order(choice, tuple(formats)))
        shown = st.session_state.get("documents asked")
        if shown is not None and shown in _makers().made:
            _show_made(shown, choice.study.stem.removesuffix(".study"))


def _key(choice: Choice, formats: tuple[str, ...]) -> Key:
    walking = str(sorted(choice.walking.items()))
    return (str(choice.study), fingerprint(choice.study), scenario_text(choice.scenario),
            walking, ",".join(formats), spoken())  # fmt: skip


def _order(choice: Choice, formats: tuple[str, ...]) -> Order:
    return Order(
        study=choice.study,
        scenario=None if choice.scenario == choice.baseline.scenario else choice.scenario,
        walking=tuple(choice.walking.items()),
        formats=formats,
    )


def _show_made(key: Key, name: str) -> None:
    """Show how far it is, looking again until it is done; only this part runs again."""
    going = not _makers().made[key].ended
    st.fragment(_show_state, run_every=LOOK_S if going else None)(key, name, going=going)


def _show_state(key: Key, name: str, *, going: bool) -> None:
    speak(st.session_state["language"])  # a fragment runs in a context of its own
    apart = _makers().made.get(key)
    if apart is None:
        return
    if going and apart.ended:
        st.rerun()  # nothing is to be looked at again
    if apart.refused:
        for line in apart.refused:
            st.text(plain(line))
    elif not apart.ended:
        st.progress(min(max(apart.part, 0.0), 1.0), text=apart.what or translate("开始…"))
    else:
        _show_files(apart, name)


def _show_files(apart: Apart, name: str) -> None:
    """Show a button a file, and one for all of them in an archive."""
    count = len(apart.files)
    st.caption(str(say("共 {count} 个文件；下面逐个下载，或一次全部下载。", count=count)))
    single = [file for file in apart.files if "/" not in file and file != MANIFEST]
    with st.container(horizontal=True):
        st.download_button(
            translate("全部下载（zip）"), lambda: packed(apart.folder), file_name=_archive(name),
            mime="application/zip", on_click="ignore", key="download all documents", type="primary",
        )  # fmt: skip
        for file in single:
            st.download_button(
                file, (apart.folder / file).read_bytes, file_name=f"{file_name(name)}-{file}",
                on_click="ignore", key=f"download document {file}",
            )  # fmt: skip


def _archive(name: str) -> str:
    documents = translate("汇报材料")
    return f"{file_name(name)}-{documents}.zip"


def packed(folder: Path) -> bytes:
    """Return all files of a folder and its folders in one archive."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in files_below(folder):
            archive.write(folder / name, name)
    return content.getvalue()
