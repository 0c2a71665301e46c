"""All documents of a study in one folder: the same numbers in every form that an office sends."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from analysis.study import Progress
from geo.errors import PlanningError
from geo.language import Message, say
from report.briefing.content import Briefing, MapSheet, Pictures
from report.exchange.field_list import FIELDS, GEOPACKAGE, NOTE
from report.exchange.writing import write_exchange
from report.maps.atlas import write_maps
from report.maps.sheet import picture
from report.moving import files_below
from report.papers import DIGESTS, MANIFEST, digest, papers_of_ours
from report.slides.writing import write_slides
from report.tables import all_or_none, write_json
from report.web_page.page import write_web_page
from report.word.estate_sheets import write_sheets_by_street
from report.word.missing_data import write_missing_data
from report.word.report import write_report
from report.workbook.writing import write_workbook


@dataclass(frozen=True)
class Desk:
    """What a writer works with.

    pictures
        Draws a map for a place of so many millimetres; one that is drawn is not drawn again.
    """

    briefing: Briefing
    folder: Path
    pictures: Pictures
    tell: Progress


Writer = Callable[[Desk], None]


def _words(desk: Desk) -> None:
    write_report(desk.briefing, desk.folder / "汇报.docx", pictures=desk.pictures)
    write_sheets_by_street(desk.briefing, desk.folder / "核查单")
    write_missing_data(desk.briefing.evaluation, desk.folder / "待补数据.docx")


def _slides(desk: Desk) -> None:
    write_slides(desk.briefing, desk.folder / "汇报.pptx", pictures=desk.pictures)


def _workbook(desk: Desk) -> None:
    write_workbook(desk.briefing, desk.folder / "附表.xlsx")


def _atlas(desk: Desk) -> None:
    write_maps(desk.briefing, desk.folder / "地图", forms=("pdf",), progress=desk.tell)


def _images(desk: Desk) -> None:
    write_maps(desk.briefing, desk.folder / "地图", forms=("png",), progress=desk.tell)


def _all_maps(desk: Desk) -> None:
    write_maps(desk.briefing, desk.folder / "地图", progress=desk.tell)


def _web_page(desk: Desk) -> None:
    write_web_page(desk.briefing, desk.folder / "养老服务圈.html")


def _exchange(desk: Desk) -> None:
    write_exchange(desk.briefing, desk.folder / "数据")


Turn = tuple[Writer, Message, float]
# What each takes of the whole, by trial on Chifeng, so that the bar moves evenly.
WRITERS: Final[Mapping[str, Turn]] = MappingProxyType(
    {
        "docx": (_words, say("写 Word"), 10.0),
        "pptx": (_slides, say("写 PowerPoint"), 2.0),
        "xlsx": (_workbook, say("写 Excel"), 1.0),
        "pdf": (_atlas, say("绘制图集"), 20.0),
        "png": (_images, say("绘制地图"), 10.0),
        "html": (_web_page, say("写单文件网页"), 4.0),
        "gpkg": (_exchange, say("写交换数据"), 4.0),
    }
)
FORMATS: Final = tuple(WRITERS)
# The papers that each always writes; those of streets, maps and layers are called after them.
ALWAYS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "docx": ("汇报.docx", "待补数据.docx"),
        "pptx": ("汇报.pptx",),
        "xlsx": ("附表.xlsx",),
        "pdf": (),
        "png": (),
        "html": ("养老服务圈.html",),
        "gpkg": tuple(f"数据/{name}" for name in (GEOPACKAGE, FIELDS, NOTE)),
    }
)
# One of those called after layers for each folder of them: a study may read what lies there.
LIKE: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"gpkg": ("数据/shp/EPSG4490/estates.shp", "数据/geojson/小区.geojson")}
)


def write_documents(
    briefing: Briefing,
    folder: Path,
    *,
    formats: Collection[str] = FORMATS,
    progress: Progress | None = None,
) -> list[Path]:
    """Write the documents asked for into `folder`, all or none, and return them.

    Those of an earlier run go, so that no two papers in a folder tell different numbers; nothing
    else is written over.

    Errors: PlanningError for a format that is none, a folder that cannot be written, or a paper of
    an earlier run that somebody has changed.
    """
    tell = progress or (lambda _what, _part: None)
    asked = require_formats(formats)
    turns = _turns(asked)
    whole, done = sum(share for _, _, share in turns), 0.0
    own: set[str] = set()
    with all_or_none(folder, without=own, mark=MANIFEST, ours=own) as draft:
        pictures = drawn_once()
        for write, what, share in turns:
            tell(what, done / whole)
            write(Desk(briefing, draft, pictures, _within(tell, done / whole, share / whole)))
            done += share
        write_json(_manifest(briefing, draft), draft / MANIFEST)
        written = files_below(draft)
        # Last of all: meanwhile another run may have ended, or somebody worked on a paper.
        own |= papers_of_ours(folder)
    tell(say("完成"), 1.0)
    return [folder / name for name in written]


def _turns(asked: list[str]) -> list[Turn]:
    """Return the writers in their turn; a sheet wanted in both of its forms is drawn once."""
    maps = {"pdf", "png"}
    if not maps.issubset(asked):
        return [WRITERS[name] for name in asked]
    both = (_all_maps, WRITERS["pdf"][1], WRITERS["pdf"][2] + WRITERS["png"][2] / 2)
    return [both if name == "pdf" else WRITERS[name] for name in asked if name != "png"]


def require_formats(formats: Collection[str]) -> list[str]:
    """Return the formats in the order of writing. Errors: PlanningError for one that is none."""
    unknown = [name for name in formats if name not in WRITERS]
    if unknown or not formats:
        raise PlanningError(
            say("格式“{name}”不认识。可用：{known}。",
                name=", ".join(unknown), known=", ".join(FORMATS))
        )  # fmt: skip
    return [name for name in FORMATS if name in formats]


def drawn_once() -> Pictures:
    """Return a drawer of maps that remembers what it has drawn: Word and slides share some."""
    drawn: dict[tuple[str, float, float], bytes] = {}

    def pictures(sheet: MapSheet, width_mm: float, height_mm: float) -> bytes:
        key = (sheet.key, width_mm, height_mm)
        if key not in drawn:
            drawn[key] = picture(sheet, width_mm, height_mm)
        return drawn[key]

    return pictures


def _within(tell: Progress, start: float, share: float) -> Progress:
    return lambda what, part: tell(what, start + share * part)


def _manifest(briefing: Briefing, folder: Path) -> dict[str, Any]:
    """Return what the folder holds and the figures that all of it tells."""
    files = files_below(folder)
    return {
        "title": str(briefing.title),
        "on": briefing.on.isoformat(),
        "notice": briefing.notice,
        "files": files,
        DIGESTS: {name: digest(folder / name) for name in files},
        "headline": [str(sentence) for sentence in briefing.headline],
        "figures": [
            {"key": each.key, "label": str(each.label), "value": each.value, "text": each.text,
             "of": [str(line) for line in each.of]}
            for each in briefing.figures
        ],
    }  # fmt: skip
