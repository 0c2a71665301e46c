"""A layer of the study as a ledger: every row and column of it, to be read in again without loss.

The headers are those that the reader knows. What was worked out stands behind, under headers that
it passes over. Unknown is an empty cell, numbers have all their digits, days are days.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from geo.columns import Column
from geo.language import Message, joined, say, spoken
from geo.position.coordinates import WGS84
from geo.schema import SCHEMAS
from report.briefing.content import Briefing
from report.data.sheets import A3, LONGEST, MOST_ROWS, Workbook
from report.workbook.colours import colours_of
from report.workbook.layout import places
from report.workbook.printed_sheet import FONT, HEADING, Printed, dress

_DIGITS: Final = 10  # of degrees: a hundredth of a millimetre
_COARSE: Final = 7  # where an outline is too long for a cell: a centimetre
_WIDE: Final = {"text": 26, "word": 20, "date": 12}
_NARROW: Final = 17
_PAGES_ACROSS: Final = 2
SHAPE_TOLD: Final = "shape_told"
_SHAPE_HEAD: Final = say("几何说明")
_SIMPLER: Final = say("边界已简化（偏差不超过 1 米）")
_POINT: Final = say("边界过长，只写了一个点")
_AXES: Final = ("longitude", "latitude")
_WORKED_OUT: Final = {"bg_color": "#DCEBF5"}


@dataclass(frozen=True)
class LedgerColumn:
    """One column of a ledger.

    kind
        As a column of the schema has it.
    told
        Whether it was worked out, so that a reader passes over it.
    """

    key: str
    header: str
    kind: str
    cells: Sequence[Any]
    meaning: str = ""
    told: bool = False


def add_ledger(
    book: Workbook, briefing: Briefing, layer: str, *, name: str, told: Sequence[LedgerColumn] = ()
) -> Printed | None:
    """Write a layer as a sheet, what was worked out of each row behind; None where it has none.

    layer
        Key of `geo.schema.SCHEMAS`.
    """
    frame = briefing.evaluation.study.layer(layer)
    if frame is None:
        return None
    columns = [*ledger_columns(layer, frame), *told]
    sheet = book.sheet(name, paper=A3)
    for at, column in enumerate(columns):
        more = _WORKED_OUT if column.told else {}
        book.write(sheet, 0, at, column.header, **{**HEADING, **more})
        sheet.set_column(at, at, min(_WIDE.get(column.kind, _NARROW),
                                     max(places(column.header) + 3, _longest(column))))  # fmt: skip
        _put(book, sheet, at, column)
    sheet.freeze_panes(1, 2)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0, 1)
    sheet.fit_to_pages(_PAGES_ACROSS, 0)
    sheet.autofilter(0, 0, min(len(frame), MOST_ROWS), len(columns) - 1)
    note = str(_note(columns))
    dress(sheet, briefing, title=name, note=note)
    return Printed(sheet.get_name(), len(frame), note)


def _longest(column: LedgerColumn) -> int:
    shown = (places(str(value)) for value in column.cells[:200] if value is not None)
    return max(shown, default=0) + 2


def _put(book: Workbook, sheet: Any, at: int, column: LedgerColumn) -> None:  # noqa: ANN401 - xlsxwriter's
    colours = colours_of("verdict") if column.told and column.kind == "text" else {}
    for row, value in enumerate(column.cells[:MOST_ROWS], start=1):
        if column.kind == "date":
            book.write_day(sheet, row, at, value, **FONT)
        else:
            how: dict[str, object] = {"num_format": "0.0%"} if column.kind == "share" else {}
            how |= {"indent": 1} if isinstance(value, str) else {}
            book.write(sheet, row, at, value, **{**FONT, **how, **colours.get(str(value), {})})


def ledger_columns(layer: str, frame: gpd.GeoDataFrame) -> Iterator[LedgerColumn]:
    """Yield the columns that a layer has, in the order of the schema, then where its rows are.

    A column that the layer does not have stays away: a reader takes an empty one as unknown.
    """
    schema = SCHEMAS[layer]
    english = spoken() == "en"
    for column in schema.columns:
        if column.name in frame.columns:
            header = column.name if english else column.chinese
            cells = _as_written(frame[column.name], column, english)
            yield LedgerColumn(column.name, header, column.kind, cells, _meaning(column))
    yield from _places(frame, english)


def _meaning(column: Column) -> str:
    if not column.words:
        return ""
    return "、".join(words[0] for words in column.words.values())


def _as_written(values: "pd.Series[Any]", column: Column, english: bool) -> list[Any]:  # noqa: FBT001
    """Return cells as an office writes them: words for codes, yes and no; None where unknown."""
    cells = [None if pd.isna(value) else value for value in values.tolist()]
    if column.kind == "flag":
        yes, no = ("yes", "no") if english else ("是", "否")
        return [None if cell is None else (yes if cell else no) for cell in cells]
    if column.kind == "word" and not english:
        return [None if cell is None else column.words[cell][0] if cell in column.words else cell
                for cell in cells]  # fmt: skip
    return cells


def _places(frame: gpd.GeoDataFrame, english: bool) -> Iterator[LedgerColumn]:  # noqa: FBT001
    """Yield longitude and latitude of points; of outlines their points, and a middle to look at."""
    shapes = frame.geometry.to_crs(WGS84)
    middle = shapes.representative_point()
    lon, lat = (
        [None if pd.isna(value) else round(value, _DIGITS) for value in axis]
        for axis in (middle.x, middle.y)
    )
    if shapes.dropna().geom_type.eq("Point").all():
        heads = ("longitude", "latitude") if english else ("经度", "纬度")
        for key, head, axis in zip(_AXES, heads, (lon, lat), strict=True):
            yield LedgerColumn(key, head, "number", axis, "WGS84")
        return
    fitted = outlines(shapes)
    texts, wanting = ([each[part] for each in fitted] for part in (0, 1))
    yield LedgerColumn("wkt", "wkt" if english else "几何", "text", texts, "WKT, WGS84")
    heads = (str(say("中心经度")), str(say("中心纬度")))
    for key, head, axis in zip(_AXES, heads, (lon, lat), strict=True):
        yield LedgerColumn(f"middle_{key}", head, "number", axis, "WGS84", told=True)
    if any(wanting):
        told = [None if each is None else str(each) for each in wanting]
        yield LedgerColumn(SHAPE_TOLD, str(_SHAPE_HEAD), "text", told, told=True)


def outlines(shapes: gpd.GeoSeries) -> list[tuple[str | None, Message | None]]:
    """Return shapes as text, None where there is none, and what is wanting in it, if anything is.

    What is too long for a cell has fewer digits, then fewer points, to a decimetre and a metre;
    what is too long even so is a point.
    """
    return [(None, None) if shape is None or shape.is_empty else _outline(shape)
            for shape in shapes]  # fmt: skip


def _outline(shape: shapely.Geometry) -> tuple[str, Message | None]:
    for digits, slack in ((_DIGITS, 0.0), (_COARSE, 0.0), (_COARSE, 1e-6), (_COARSE, 1e-5)):
        simpler = shape if slack == 0 else shape.simplify(slack)
        text: str = shapely.to_wkt(simpler, rounding_precision=digits)
        if len(text) < LONGEST:
            return text, _SIMPLER if slack else None
    point = shape.representative_point()
    return str(shapely.to_wkt(point, rounding_precision=_DIGITS)), _POINT


def _note(columns: Sequence[LedgerColumn]) -> Message:
    """Return what a ledger is for, and how many of its outlines are not whole."""
    note = say("可原样再导入；蓝色表头的列是测算结果，导入时略过；空白为不明。")
    told = next((each.cells for each in columns if each.key == SHAPE_TOLD), ())
    wanting = sum(each is not None for each in told)
    if not wanting:
        return note
    return joined("", note, say(
        "有{count}个边界顶点过多，单元格放不下，不是原样，见“{column}”列；原样的边界在地图交换数据中。",
        count=wanting, column=_SHAPE_HEAD,
    ))  # fmt: skip
