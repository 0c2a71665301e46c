"""Documents to take along: made beside the page, told while they are made, then downloaded."""
# ruff: noqa: TID251 - this is the browser face

import atexit
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from types import MappingProxyType
from typing import Final
from uuid import uuid4

import streamlit as st

from analysis.kept_scenarios import kept_numbers, scenario_file
from analysis.scenario_text import scenario_text
from geo.language import say, speak, spoken, translate
from report.apart import Apart
from report.data.sheets import file_name
from report.documents import FORMATS
from report.ordering import Order
from report.papers import MANIFEST
from ui.chosen import worded
from ui.meeting.makers import Key, Makers
from ui.seen import plain, unmarked
from ui.sidebar import Choice
from ui.studies import fingerprint, fingerprint_of

LOOK_S: Final = 1.0
ASKED, MAKER = "documents asked", "maker of the maps"
LONGEST_MAKER: Final = 40  # what the foot of a map has room for
KINDS: Final = MappingProxyType(
    {
        "docx": say("Word 汇报、核查单、待补数据"), "pptx": say("PPT"), "xlsx": say("Excel 附表"),
        "pdf": say("图集 PDF"), "png": say("地图图片"), "html": say("单文件网页"),
        "gpkg": say("交换数据"),
    }
)  # fmt: skip


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
        maker = st.text_input(
            translate("编制单位（报告落款、幻灯封面和地图，可不填）"),
            st.session_state.get(MAKER, ""),
            key=worded("maker of maps"), max_chars=LONGEST_MAKER, width=460,
        ).strip()
        st.session_state[MAKER] = maker
        shown: Key | None = st.session_state.get(ASKED)
        made = None if shown is None else _makers().made.get(shown)
        going = made is not None and not made.ended  # one at a time for everybody
        asked = st.button(
            translate("生成"), type="primary", disabled=not formats or going, key="make documents"
        )
        if asked:
            order = _order(choice, tuple(formats), maker)
            key = st.session_state[ASKED] = _key(choice, order)
            _makers().order(key, order, asker=_asker())
            st.rerun()
        if shown is not None:
            _show_made(shown, choice.study.stem.removesuffix(".study"), going=going)


def _asker() -> str:
    """Return what tells this session from others."""
    return str(st.session_state.setdefault("documents asker", uuid4().hex))


def _key(choice: Choice, order: Order) -> Key:
    """Return what tells an order from others: all that is read for it, and what is asked."""
    walking = str(sorted(choice.walking.items()))
    kept = [scenario_file(choice.study, number) for number in kept_numbers(choice.study)]
    return (str(choice.study), fingerprint(choice.study), scenario_text(choice.scenario),
            walking, ",".join(order.formats), order.maker, spoken(),
            fingerprint_of(kept))  # fmt: skip


def _order(choice: Choice, formats: tuple[str, ...], maker: str) -> Order:
    return Order(
        study=choice.study,
        scenario=None if choice.scenario == choice.baseline.scenario else choice.scenario,
        walking=tuple(choice.walking.items()),
        formats=formats,
        maker=maker,
    )


def _show_made(key: Key, name: str, *, going: bool) -> None:
    """Show how far it is, looking again until it is done; only this part runs again."""
    st.fragment(_show_state, run_every=LOOK_S if going else None)(key, name, going=going)


def _show_state(key: Key, name: str, *, going: bool) -> None:
    speak(st.session_state["language"])  # a fragment runs in a context of its own
    apart = _makers().made.get(key)
    if going and (apart is None or apart.ended):
        st.rerun()  # nothing is to be looked at again
    if apart is None or apart.gone:
        st.caption(translate("先前生成的文件已清理，请重新生成。"))
    elif apart.refused:
        for line in apart.refused:
            st.text(plain(line))
    elif not apart.ended:
        _show_going(key, apart)
    else:
        _show_files(apart, name)


def _show_going(key: Key, apart: Apart) -> None:
    """Show how far it is or how many are before it, and the way out."""
    ahead = _makers().ahead(apart)
    if ahead:
        st.caption(str(say("排队中：前面还有{count}份在做，轮到后自动开始。", count=ahead)))
    else:
        st.progress(min(max(apart.part, 0.0), 1.0), text=unmarked(apart.what or translate("开始…")))
    if st.button(translate("取消"), key="give documents up"):
        _makers().give_up(key, asker=_asker())
        del st.session_state[ASKED]
        st.rerun()


def _show_files(apart: Apart, name: str) -> None:
    """Show a button a file, and one for all of them in an archive.

    Pressing one runs nothing anew: what is fetched when it is pressed is known to this run alone.
    """
    count = len(apart.files)
    st.caption(str(say("共 {count} 个文件；下面逐个下载，或一次全部下载。", count=count)))
    single = [file for file in apart.files if "/" not in file and file != MANIFEST]
    with st.container(horizontal=True):
        st.download_button(
            translate("全部下载（zip）"), lambda: packed(apart.folder, apart.files),
            file_name=_archive(name), mime="application/zip", on_click="ignore",
            key="download all documents", type="primary",
        )  # fmt: skip
        for file in single:
            st.download_button(
                file, (apart.folder / file).read_bytes, file_name=f"{file_name(name)}-{file}",
                on_click="ignore", key=f"download document {file}",
            )  # fmt: skip


def _archive(name: str) -> str:
    documents = translate("汇报材料")
    return f"{file_name(name)}-{documents}.zip"


def packed(folder: Path, files: Iterable[str]) -> bytes:
    """Return files of a folder in one archive: all of them, or none.

    Errors: OSError where one is not there any more.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in files:
            archive.write(folder / name, name)
    return content.getvalue()
