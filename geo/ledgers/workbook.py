"""Excel workbooks as grids of cells, with what a plain reading hides: errors, merged, hidden."""

import io
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from geo.errors import LayerError
from geo.findings import Severity
from geo.language import Message, joined, say
from geo.ledgers.hidden_parts import hidden_parts
from geo.ledgers.no_workbook import ZIP, ZIP_FAULTS, notes_on_content, unopened
from geo.ledgers.numbers import shown
from geo.ledgers.old_workbook import DamagedWorkbookError, read_old_sheets
from geo.ledgers.sheet_xml import SheetXml, read_sheets

Note = tuple[Severity, Message, int | None]
Grid = list[list[Any]]
# ((top, left), (bottom, right)), all within, from 0.
Area = tuple[tuple[int, int], tuple[int, int]]

# A street's ledger of 100,000 rows and 50 columns; far above it lies a slip or an attack: the
# cells between A1 and the last one are all made.
MOST_CELLS = 5_000_000
# Rows of a sheet in which its header is looked for, when one sheet has to be chosen.
_HEAD = 40
# Sheets that tell how to fill in the others.
EXPLANATIONS = frozenset({"说明", "填表说明", "填写说明"})
# Sheets named one by one in a message.
_NAMED = 20
# Refusals that a face answers by letting the user choose among `names`.
WHICH_SHEET: Final = say(
    '{file}：有多个工作表（{names}），请说明用哪一个（layer = "…"）；'
    "若都要，请各存为一个文件，path 用通配符。"
)
NO_SHEET_FITS: Final = say(
    '{file}：有多个工作表（{names}），都没有本图层需要的列。请说明用哪一个（layer = "…"）。'
)
NO_SUCH_SHEET: Final = say("{file}：没有工作表“{sheet}”，现有：{names}。")


@dataclass(frozen=True)
class Sheet:
    """One sheet: its cells from A1 on, its merged areas, and what was noticed.

    name
        Empty where the workbook has no other sheet.
    """

    grid: Grid
    merged: tuple[Area, ...]
    notes: list[Note]
    name: str = ""


@dataclass(frozen=True)
class _Book:
    """An open workbook: its sheets by name, and what their XML or records say."""

    file: str
    opened: CalamineWorkbook
    xml: Mapping[str, SheetXml]
    hidden: frozenset[str]
    loaded: dict[str, CalamineSheet] = field(default_factory=dict)

    def sheet(self, name: str, *, rows: int | None = None) -> tuple[Grid, tuple[Area, ...]]:
        """Return the cells and merged areas of a sheet, of the first rows if so asked."""
        said = self.xml.get(name, SheetXml())
        if self.is_too_large(name):
            raise LayerError(_too_large(self.file, name, said.height, said.width))
        sheet = self._load(name)
        height, width = _size(sheet)
        if height * width > MOST_CELLS:
            raise LayerError(_too_large(self.file, name, height, width))
        grid = [list(row) for row in sheet.to_python(skip_empty_area=False, nrows=rows)]
        if rows is None:
            _stretched(grid, said.uncounted)
        for (row, column), text in (said.errors | said.uncounted | said.percents).items():
            if row < len(grid) and column < len(grid[row]):
                grid[row][column] = text
        return grid, tuple(sheet.merged_cell_ranges or ())

    def is_too_large(self, name: str) -> bool:
        """Tell whether the XML of a sheet claims too many cells; such a sheet is never loaded."""
        said = self.xml.get(name, SheetXml())
        return said.height * said.width > MOST_CELLS

    def rows(self, name: str) -> int:
        """Return how many rows of a sheet are filled or stand above a filled one."""
        if self.is_too_large(name):
            return self.xml[name].height
        return _size(self._load(name))[0]

    def _load(self, name: str) -> CalamineSheet:
        if name not in self.loaded:
            self.loaded[name] = self.opened.get_sheet_by_name(name)
        return self.loaded[name]

    def listed(self, names: Sequence[str]) -> Message:
        """Return sheets with their rows: 甲区（120 行）、乙区（80 行，隐藏）."""
        parts = [
            say("{name}（{count} 行，隐藏）", name=shown(name), count=self.rows(name))
            if name in self.hidden
            else say("{name}（{count} 行）", name=shown(name), count=self.rows(name))
            for name in names[:_NAMED]
        ]
        return joined("、", *parts, *(["…"] if len(names) > _NAMED else []))


def read_workbook(
    path: Path,
    *,
    sheet: str | None = None,
    holds_layer: Callable[[Grid, Sequence[Area]], bool] = lambda _grid, _merged: True,
) -> Sheet:
    """Return one sheet of a workbook.

    sheet
        Its name; None takes the only sheet that holds cells, or the only one that holds the layer.
    holds_layer
        Tells from the first rows and the merged areas whether a sheet has the columns needed.

    Errors: LayerError for a file that is no workbook, is locked, claims more than `MOST_CELLS`
    cells, or whose sheet is not clear.
    """
    data = path.read_bytes()
    notes = notes_on_content(data, path)
    with _faults_told(data, path):
        book = _open(data, path)
        name, more = _choose(book, sheet, holds_layer)
        grid, merged = book.sheet(name)
    notes += more
    if name in book.hidden:
        notes.append(("warning", say("工作表“{name}”是隐藏的，已读入，请核对。", name=name), None))
    notes += hidden_parts(book.xml.get(name, SheetXml()), grid)
    return Sheet(grid, merged, notes, name if len(_sheets(book)) > 1 else "")


def sheet_names(path: Path) -> tuple[str, ...]:
    """Return the names of all sheets of cells, in their order. Errors: as `read_workbook`."""
    data = path.read_bytes()
    notes_on_content(data, path)
    with _faults_told(data, path):
        return tuple(_sheets(_open(data, path)))


@contextmanager
def _faults_told(data: bytes, path: Path) -> Iterator[None]:
    """Tell in one sentence of a workbook that the reader cannot open."""
    try:
        yield
    except CalamineError as error:
        raise LayerError(unopened(data, path.name, said=str(error))) from None
    except (*ZIP_FAULTS, DamagedWorkbookError):
        raise LayerError(unopened(data, path.name)) from None
    except BaseException as error:
        # A panic of the reader, which is made of Rust, is no Exception to Python.
        if type(error).__name__ != "PanicException":
            raise
        raise LayerError(unopened(data, path.name)) from None


def _open(data: bytes, path: Path) -> _Book:
    if data.startswith(ZIP):
        xml = read_sheets(data, path.name, most=MOST_CELLS)
    else:
        xml = read_old_sheets(data)
        # The reader makes every sheet of an old workbook at once.
        for name, sheet in xml.items():
            if sheet.height * sheet.width > MOST_CELLS:
                raise LayerError(_too_large(path.name, name, sheet.height, sheet.width))
    opened = CalamineWorkbook.from_filelike(io.BytesIO(data))
    # The parts of an odd layout have no names: what the largest claims is said of every sheet.
    if xml and not set(opened.sheet_names) & set(xml):
        largest = max(xml.values(), key=lambda sheet: sheet.height * sheet.width)
        xml = dict.fromkeys(opened.sheet_names, SheetXml(largest.height, largest.width))
    hidden = frozenset(
        sheet.name for sheet in opened.sheets_metadata if sheet.visible != SheetVisibleEnum.Visible
    )
    return _Book(path.name, opened, xml, hidden)


def _sheets(book: _Book) -> list[str]:
    return [
        sheet.name for sheet in book.opened.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet
    ]


def _choose(
    book: _Book, wanted: str | None, holds_layer: Callable[[Grid, Sequence[Area]], bool]
) -> tuple[str, list[Note]]:
    names = _sheets(book)
    if wanted is not None:
        alike = [name for name in names if name.strip() == wanted.strip()]
        named = [wanted] if wanted in names else alike
        if len(named) != 1:
            raise LayerError(
                replace(NO_SUCH_SHEET, values={
                    "file": book.file, "sheet": wanted, "names": book.listed(names),
                })
            )
        return named[0], []
    every = [name for name in names if book.rows(name) > 0]
    filled = [name for name in every if name.strip() not in EXPLANATIONS] or every
    if not filled:
        raise LayerError(say("{file}：是空文件，所有工作表都没有内容。", file=book.file))
    if len(filled) == 1:
        chosen = say("采用唯一有内容的工作表“{name}”。", name=filled[0])
        return filled[0], [] if len(names) == 1 else [("info", chosen, None)]
    return _only_one_with_the_layer(book, filled, every, holds_layer)


def _only_one_with_the_layer(
    book: _Book,
    filled: Sequence[str],
    every: Sequence[str],
    holds_layer: Callable[[Grid, Sequence[Area]], bool],
) -> tuple[str, list[Note]]:
    """Return the sheet of `filled` that holds the layer, telling which of `every` are not read."""
    fitting = [
        name for name in filled
        if not book.is_too_large(name) and holds_layer(*book.sheet(name, rows=_HEAD))
    ]
    if not fitting:
        raise LayerError(
            replace(NO_SHEET_FITS, values={"file": book.file, "names": book.listed(filled)})
        )
    if len(fitting) != 1:
        raise LayerError(
            replace(WHICH_SHEET, values={"file": book.file, "names": book.listed(fitting)})
        )
    others = [name for name in every if name != fitting[0]]
    message = say(
        "采用唯一含所需列的工作表：{name}；没有读的：{others}。",
        name=book.listed(fitting), others=book.listed(others),
    )
    return fitting[0], [("warning", message, None)]


def _stretched(grid: Grid, cells: Collection[tuple[int, int]]) -> None:
    """Make room, in place, for cells beyond the last one that has a value."""
    height = max((row for row, _ in cells), default=-1) + 1
    width = max((column for _, column in cells), default=-1) + 1
    if max(height, len(grid)) * max(width, *map(len, grid[:1]), 1) > MOST_CELLS:
        return
    grid += [[] for _ in range(height - len(grid))]
    for row, column in cells:
        grid[row] += [None] * (column + 1 - len(grid[row]))


def _size(sheet: CalamineSheet) -> tuple[int, int]:
    """Return the rows and columns from A1 to the last filled cell."""
    return (0, 0) if sheet.end is None else (sheet.end[0] + 1, sheet.end[1] + 1)


def _too_large(file: str, sheet: str, height: int, width: int) -> Message:
    return say(
        "{file}：工作表“{sheet}”号称有 {height} 行 × {width} 列（上限 {most} 个单元格），"
        "多半是远处有一个误填的单元格。请删去表格以外的行和列，再保存。",
        file=file, sheet=shown(sheet), height=height, width=width, most=MOST_CELLS,
    )
