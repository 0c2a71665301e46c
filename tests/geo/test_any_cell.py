"""Whatever a cell or a sheet holds: nothing is raised, made up, turned to zero, or lost."""

import csv
import datetime as dt
import io
import re
import tempfile
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import LayerError
from geo.ledgers.dates import read_dates
from geo.ledgers.ledger import read_ledger
from geo.ledgers.numbers import LIMIT, Cells, is_missing, read_number, read_numbers
from geo.ledgers.words import read_flags, read_texts, read_words
from geo.schema import SCHEMAS
from geo.vocabulary import UNITS

PIECES = st.sampled_from([
    *"0123456789０１２３.,，％%-~+/()（） \u00a0'’eE零〇一二百千万亿点两①²½٣", "约", "左右", "余",
    "近", "户", "㎡", "亩", "平方米", "年", "月", "日", "至", "以上", ">=", "套", "人", "张",
])
TEXTS = st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=12)
CELLS = (
    TEXTS | st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats()
    | st.dates() | st.datetimes() | st.times() | st.timedeltas()
)
PLAIN = re.compile(r"\s*-?[0-9]+(\.[0-9]+)?\s*")
MANY = settings(max_examples=300, deadline=None)


def column(*values: object) -> Cells:
    cells = np.empty(len(values), dtype=object)
    cells[:] = list(values)
    return Cells(cells, np.arange(2, 2 + len(values)), "户数", "residential", "小区.csv")


@MANY
@given(CELLS, st.booleans(), st.sampled_from(["", *UNITS]))
def test_a_cell_is_a_number_or_unknown_and_every_change_is_told(
    value: object, whole: bool, unit: str  # noqa: FBT001
) -> None:
    parsed = read_number(value, whole=whole, unit=unit)
    assert parsed.value is None or 0 <= parsed.value < LIMIT
    assert parsed.value is None or parsed.problem is None
    if isinstance(value, str) and parsed.value is not None:
        assert parsed.changed or PLAIN.fullmatch(value)
    if parsed.value is None and not is_missing(value):
        assert parsed.changed or parsed.problem is not None


@MANY
@given(TEXTS)
def test_only_a_zero_is_read_as_zero(text: str) -> None:
    if read_number(text).value == 0:
        figures = [c for c in unicodedata.normalize("NFKC", text) if c.isnumeric()]
        assert figures
        assert all(unicodedata.numeric(c) == 0 for c in figures if c not in "百千万亿")
        assert not set(text) & set("百千万亿")


@MANY
@given(st.lists(CELLS, max_size=6))
def test_a_column_tells_each_row_that_it_changed(values: list[object]) -> None:
    numbers, findings = read_numbers(column(*values))
    told = {finding.row for finding in findings}
    assert all(finding.column == "户数" for finding in findings)
    for at, value in enumerate(values):
        plain = isinstance(value, int | float) or (
            isinstance(value, str) and PLAIN.fullmatch(value)
        )
        if np.isnan(numbers[at]):
            assert is_missing(value) or at + 2 in told
        else:
            assert at + 2 in told or plain


@MANY
@given(st.lists(CELLS, max_size=6))
def test_a_column_of_dates_texts_and_words_never_fails(values: list[object]) -> None:
    days, findings = read_dates(column(*values))
    told = {finding.row for finding in findings}
    for at, value in enumerate(values):
        if np.isnat(days[at]):
            assert is_missing(value) or at + 2 in told
    facilities = SCHEMAS["facilities"]
    for read in (
        read_texts, read_flags, lambda cells: read_words(cells, facilities.column("status"))
    ):
        read(column(*values))


WORDS = st.sampled_from([
    "", "", "名称", "户数", "经度", "甲小区", "乙", "500", "约3", "合计", "小计", "注：",
    "填表人：某", "3", "2016", "东街道", "街道", "㎡", "示例", "一、东", "基本情况", "面积", "1",
    "2", "栏次", "第1页", "\n", '"', "a,b", "=1+1", "13812345678", "11010519491231002X",
])
GRIDS = st.lists(st.lists(WORDS, min_size=1, max_size=5), min_size=1, max_size=9)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(GRIDS)
def test_no_row_of_a_sheet_is_lost_silently(grid: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(grid)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(text.getvalue().encode())
        try:
            table = read_ledger(path, SCHEMAS["residential"])
        except LayerError as refusal:
            said = str(refusal)
            table = None
    if table is None:
        assert "13812345678" not in said
        return
    filled = {at for at, row in enumerate(grid, start=1) if any(not is_missing(c) for c in row)}
    told = {f.row for f in table.findings if "已排除" in str(f.message)}
    below = {row for row in filled if row > table.header_row}
    # A second table is told by its first row, and with it all that stands below.
    others = [f.row for f in table.findings if f.row and "另一个表" in str(f.message)]
    told |= {row for row in below if others and row >= min(others)}
    assert set(table.rows.tolist()) | told == below
    assert not set(table.rows.tolist()) & told
    if any(row < table.header_row for row in filled):
        assert any("表头" in str(f.message) for f in table.findings)
    said = "\n".join(f"{f.line()}{f.value}" for f in table.findings)
    assert "13812345678" not in said
    assert "11010519491231002X" not in said


@pytest.mark.parametrize("value", [dt.datetime(2016, 5, 1), np.datetime64("NaT"), b"1", [1]])  # noqa: DTZ001
def test_odd_cells_are_met(value: object) -> None:
    read_number(value)
    read_dates(column(value))
