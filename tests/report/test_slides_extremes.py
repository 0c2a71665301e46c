"""Slides of studies that are empty, tiny, huge, or named by somebody with other ends."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest
from pptx import Presentation
from pptx.util import Pt

from geo.language import speaking
from report.briefing.content import Briefing, Kind, Table
from report.briefing.estates import SHORT, VERDICT_COUNTS
from report.briefing.making import brief
from report.briefing.material import Material
from report.briefing.sites import OPTIONS, PROJECTS
from report.briefing.streets import STREETS
from report.slides.measure import lines
from report.slides.writing import write_slides
from tests.report.reread_slides import A, cells, notes, plain, shape, slide_with

HOSTILE = (
    "=1+1", "@SUM(A1)", "-2+3", "<b>粗</b>&amp;", "𠮷㙍䶮街道" * 9, "\u202eabc\u2066街道\x07\x0b",
    "A street whose name in Latin letters does not end anywhere soon", "a" * 90, "一\n二\t三",
    "'引号", "_x0041_街道", "{name}",
)  # fmt: skip
Write = Callable[[Briefing], Any]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def made(briefing: Briefing) -> Any:  # noqa: ANN401
        path = tmp_path / "made.pptx"
        write_slides(briefing, path, pictures=plain)
        return Presentation(str(path))

    return made


def renamed(table: Table, rows: int) -> Table:
    """Return a table of so many rows, every text of which is hostile."""
    many = pd.concat([table.rows] * (rows // len(table) + 1), ignore_index=True).head(rows).copy()
    for column in table.columns:
        if column.kind is Kind.TEXT:
            many[column.key] = [f"{HOSTILE[row % len(HOSTILE)]}{row}" for row in range(rows)]
    return replace(table, rows=many)


@pytest.fixture(scope="module")
def hostile(briefing: Briefing) -> Briefing:
    sizes = {STREETS: 45, SHORT: 1_000, PROJECTS: 20, OPTIONS: 9}
    tables = {key: renamed(table, sizes[key]) if key in sizes else table
              for key, table in briefing.tables.items()}  # fmt: skip
    name = "<script>\ud800" + "名" * 200
    return replace(
        briefing, title=name, place=name, notice="模拟" * 80, tables=tables,
        headline=briefing.headline * 6, steps=briefing.steps * 4, caveats=briefing.caveats * 6,
        sources=("来源" * 300,),
        figures=tuple(replace(each, of=each.of * 4) for each in briefing.figures),
        maps={key: replace(each, title=name, told=each.told * 9)
              for key, each in briefing.maps.items()},
    )  # fmt: skip


@pytest.fixture(scope="module")
def hostile_path(hostile: Briefing, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("slides") / "hostile.pptx"
    write_slides(hostile, path, pictures=plain)
    return path


@pytest.fixture(scope="module")
def worst(hostile_path: Path) -> Any:  # noqa: ANN401
    return Presentation(str(hostile_path))


def high(frame: Any) -> float:  # noqa: ANN401
    """Return how high the paragraphs of a frame stand, in points."""
    total = 0.0
    for paragraph in frame.paragraphs:
        size = paragraph.runs[0].font.size.pt
        stand = lines(paragraph.text, size, frame._parent.width.pt)  # noqa: SLF001
        total += stand * paragraph.line_spacing.pt + (paragraph.space_before or Pt(0)).pt
    return total


def test_nothing_runs_over_whatever_the_names_are(worst: Any) -> None:  # noqa: ANN401
    assert len(worst.slides) == 15
    boxes = tables = 0
    for slide in worst.slides:
        for each in slide.shapes:
            assert min(each.left, each.top) >= 0
            assert each.left + each.width <= worst.slide_width
            if each.has_table:
                tables += 1
                rows = sum(row.height for row in each.table.rows)
                assert each.top + rows <= worst.slide_height * 0.93  # above the foot
                assert sum(column.width for column in each.table.columns) <= each.width + 20
            elif each.has_text_frame and not each.is_placeholder and each.text_frame.text:
                boxes += 1
                assert high(each.text_frame) <= each.height.pt + 0.5, each.name
    assert (boxes, tables) > (30, 6)


def test_cut_names_stand_whole_in_the_notes_and_left_out_rows_are_counted(
    worst: Any, hostile: Briefing  # noqa: ANN401
) -> None:
    slide = slide_with(worst, "streets")
    shown = [row[0] for row in cells(shape(slide, "streets").table)]
    cut = [name for name in shown if name.endswith("…")]
    assert cut
    for name in cut:
        assert name.removesuffix("…") in notes(slide)
    assert "另有 34 行见附表" in shape(slide, "note").text_frame.text  # 45 - 11
    assert "其余 992 个" in shape(slide_with(worst, "largest gaps"), "note").text_frame.text
    assert "另有 9 行" in shape(slide_with(worst, "projects"), "note").text_frame.text  # 20 - 11
    steps = cells(shape(slide_with(worst, "steps"), "steps").table)
    assert steps[-1][1] == "另有 12 条，见备注。"  # 4 x 5 - 8
    assert shape(worst.slides[14], "caveats").text_frame.text.endswith("条，见备注。")
    assert all(str(each) in notes(worst.slides[14]) for each in hostile.caveats)


def test_streets_with_most_people_left_out_are_those_that_stay(
    worst: Any, hostile: Briefing  # noqa: ANN401
) -> None:
    told = cells(shape(slide_with(worst, "streets"), "streets").table)[1:]
    left = [int(row[3].replace(",", "")) for row in told if row[0] != "合计"]
    assert sorted(left) == sorted(hostile.tables[STREETS].rows["uncovered_60plus"].nlargest(11))


def test_a_name_is_never_a_formula_nor_markup_nor_turned_round(
    worst: Any, hostile_path: Path  # noqa: ANN401
) -> None:
    texts = "".join(run.text or "" for slide in worst.slides for run in slide.element.iter(f"{A}t"))
    assert "<b>粗</b>&amp;" in texts
    assert "一 二 三" in texts
    assert not {*"\u202e\u2066\x07\x0b\ud800"} & {*texts}
    names = []
    with ZipFile(hostile_path) as packed:
        for part in packed.namelist():
            if part.endswith(".xlsx"):
                content = packed.read(part)
                with ZipFile(io.BytesIO(content)) as book:
                    assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
                [page] = openpyxl.load_workbook(io.BytesIO(content)).worksheets
                names += [row[0].value for row in page.iter_rows(min_row=2)]
    assert any(name.startswith("=1+1") for name in names)


@pytest.mark.parametrize("rows", [0, 1])
def test_one_street_and_no_estate_at_all(write: Write, briefing: Briefing, rows: int) -> None:
    tables = dict(briefing.tables)
    for key in (STREETS, SHORT):
        tables[key] = replace(tables[key], rows=tables[key].rows.head(rows))
    verdicts = tables[VERDICT_COUNTS]
    tables[VERDICT_COUNTS] = replace(
        verdicts, rows=verdicts.rows.assign(estates=[0, 0, rows, 0]), total={"estates": rows}
    )
    deck = write(replace(briefing, tables=tables, assertions={}, notice="", figures=tuple(
        replace(each, value=None, text="–", of=()) for each in briefing.figures)))  # fmt: skip
    names = {each.name for slide in deck.slides for each in slide.shapes}
    assert ("verdicts" in names) == bool(rows)
    assert ("shares 1" in names) == bool(rows)
    assert shape(deck.slides[1], "rate value").text_frame.text == "–"  # unknown is no zero
    assert deck.slides[2].shapes.title.text == str(briefing.maps["standing"].title)
    assert all("这个数的分母是" in notes(slide) for slide in deck.slides)
    assert "模拟" not in deck.slides[0].placeholders[1].text_frame.text
    foot = [each.text_frame.text for each in deck.slides[3].placeholders]
    assert foot[1:] == [f"{briefing.place}，2025年12月31日", "", "4"]


def test_english_slides_say_so_and_fit(write: Write, material: Material) -> None:
    with speaking("en"):
        deck = write(brief(material))
    languages = {run.get("lang") for slide in deck.slides for run in slide.element.iter(f"{A}rPr")}
    assert languages == {"en-US"}
    for slide in deck.slides:
        for each in slide.shapes:
            if each.has_text_frame and not each.is_placeholder and each.text_frame.text:
                assert high(each.text_frame) <= each.height.pt + 0.5, each.name
