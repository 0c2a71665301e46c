"""Native bar charts, with the numbers they draw beside them in a workbook that can be edited."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

import xlsxwriter
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Pt

from report.same_bytes import repacked
from report.slides.look import BAR, EMU, INK, LINE, SMALLEST, Box
from report.slides.measure import elided, width
from report.slides.sheet import Sheet, told_of
from report.slides.words import dress, printable, rgb

_LABEL: Final = 11.0  # characters of a bar's name, at most


@dataclass(frozen=True)
class Bars:
    """Bars to draw, from the top down.

    values
        None where unknown: no bar.
    marked
        Colour of fill and line of single bars, by their place.
    beside
        Names of other bars to compare with: the same length then means the same number.
    """

    title: str
    names: Sequence[str]
    values: Sequence[float | None]
    format: str
    most: float | None = None
    marked: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    beside: Sequence[str] = ()


def add_bars(sheet: Sheet, box: Box, bars: Bars, *, name: str, alt: str, on: date) -> None:
    """Put a chart of lying bars into a box, each with its number; long names stand in the notes."""
    names = [printable(each) for each in bars.names]
    shown = [_short(each) for each in names]
    cut = [each for each, short in zip(names, shown, strict=True) if each != short]
    if cut:
        sheet.note("；".join(dict.fromkeys(cut)))
    make: Any = CategoryChartData  # the library tells no types of it
    data = make(number_format=bars.format)
    data.categories = shown
    data.add_series(printable(bars.title), bars.values)
    frame = sheet.slide.shapes.add_chart(
        XL_CHART_TYPE.BAR_CLUSTERED,
        *(Emu(round(each * EMU)) for each in (box.left, box.top, box.wide, box.high)), data,
    )  # fmt: skip
    told_of(frame, name, alt)
    chart = frame.chart
    _lay_out(chart, box, [*shown, *map(_short, bars.beside)])
    _axes(chart, bars)
    _series(chart, bars)
    dress(chart.element)
    chart.part.chart_workbook.update_from_xlsx_blob(_workbook(shown, bars, on))


def _short(name: str) -> str:
    return elided(printable(name), SMALLEST, _LABEL * SMALLEST)


def _lay_out(chart: Any, box: Box, names: Sequence[str]) -> None:  # noqa: ANN401
    """Give the names the room they need, and the bars all the rest."""
    room = (max((width(each, SMALLEST) for each in names), default=0.0) + 14) / box.wide
    place = "".join(f'<c:{what} val="{value:.4f}"/>' for what, value in
                    (("x", room), ("y", 0.02), ("w", 0.98 - room), ("h", 0.96)))  # fmt: skip
    area = chart.element.find(f".//{qn('c:plotArea')}")
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    area.insert(0, parse_xml(
        f'<c:layout {nsdecls("c")}><c:manualLayout><c:layoutTarget val="inner"/>'
        f'<c:xMode val="edge"/><c:yMode val="edge"/>{place}</c:manualLayout></c:layout>'
    ))  # fmt: skip


def _axes(chart: Any, bars: Bars) -> None:  # noqa: ANN401 - the library's charts tell no types
    chart.has_legend = False
    chart.has_title = False
    chart.font.size = Pt(SMALLEST)
    chart.font.color.rgb = rgb(INK)
    names, values = chart.category_axis, chart.value_axis
    names.reverse_order = True  # else the first bar lies at the foot
    names.major_tick_mark = XL_TICK_MARK.NONE
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.format.line.color.rgb = rgb(LINE)
    names.tick_labels.font.size = Pt(SMALLEST)
    every = names._element.makeelement(qn("c:tickLblSkip"), {"val": "1"})  # noqa: SLF001
    names._element.find(qn("c:lblOffset")).addnext(every)  # noqa: SLF001 - else names are left out
    values.visible = False
    values.has_major_gridlines = False
    values.minimum_scale = 0
    if bars.most is not None:
        values.maximum_scale = bars.most


def _series(chart: Any, bars: Bars) -> None:  # noqa: ANN401
    plot = chart.plots[0]
    plot.gap_width = 45
    plot.vary_by_categories = False
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = bars.format, False
    labels.position = XL_LABEL_POSITION.OUTSIDE_END
    labels.font.size = Pt(SMALLEST)
    labels.font.bold = True
    series = plot.series[0]
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = rgb(BAR)
    for place, (fill, line) in sorted(bars.marked.items()):
        point = series.points[place].format
        point.fill.solid()
        point.fill.fore_color.rgb = rgb(fill)
        point.line.color.rgb = rgb(line)
        point.line.width = Pt(1)


def _workbook(names: Sequence[str], bars: Bars, on: date) -> bytes:
    """Return the workbook behind a chart: texts stay texts, whatever they begin with."""
    held = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False}  # fmt: skip
    book = xlsxwriter.Workbook(held, options)
    book.set_properties({"created": datetime(on.year, on.month, on.day)})  # noqa: DTZ001 - a date
    page = book.add_worksheet("Sheet1")  # as the chart refers to it
    how = book.add_format({"num_format": bars.format})
    page.write_string(0, 1, printable(bars.title))
    for row, (name, value) in enumerate(zip(names, bars.values, strict=True), start=1):
        page.write_string(row, 0, name)
        if value is not None:
            page.write_number(row, 1, value, how)
    book.close()
    return repacked(held.getvalue())
