"""The slides of Chifeng, reopened: the same numbers, native, whole and in Chinese type."""

import io
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.util import Emu

from report.briefing.assertions import FIGURES
from report.briefing.content import Briefing
from report.briefing.estates import SHORT, VERDICT_COUNTS
from report.briefing.material import Material
from report.briefing.sites import OPTIONS, PROJECTS
from report.briefing.street_assertions import SHARES
from report.briefing.streets import STREETS
from report.briefing.targets import TARGETS
from report.slides.writing import write_slides
from tests.report.reread_slides import A, C, cells, notes, parts, plain, shape, slide_with

FACE = "微软雅黑"


@pytest.fixture(scope="module")
def path(briefing: Briefing, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("slides") / "汇报.pptx"
    write_slides(replace(briefing, maker="赤峰市民政局"), made, pictures=plain)
    return made


@pytest.fixture(scope="module")
def deck(path: Path) -> Any:  # noqa: ANN401
    return Presentation(str(path))


def test_fifteen_slides_of_16_to_9_in_the_order_of_the_story(
    deck: Any, briefing: Briefing  # noqa: ANN401
) -> None:
    assert (deck.slide_width, deck.slide_height) == (12_192_000, 6_858_000)
    order = [FIGURES, "standing", "coverage", "gaps", TARGETS, STREETS, SHARES, VERDICT_COUNTS,
             "sites", "change", PROJECTS, OPTIONS]  # fmt: skip
    said = [str(briefing.assertions[key].said) for key in order]
    titles = [each.shapes.title.text for each in deck.slides]
    assert titles == [
        str(briefing.title), *said, "下一步工作：请会上明确责任单位和完成时限", "口径与数据说明"
    ]
    assert len(titles) == 15
    assert all(each.shapes.title.is_placeholder for each in deck.slides)


def test_layouts_and_masters_have_the_shape_of_the_slides(deck: Any) -> None:  # noqa: ANN401
    assert [each.name for each in deck.slide_layouts] == ["封面", "标题与内容"]
    holders = [deck.slide_master, *deck.slide_layouts, *deck.slides]
    held = [each for holder in holders for each in holder.shapes]
    assert len(held) > 100
    for each in held:
        assert min(each.left, each.top) >= 0
        assert each.left + each.width <= deck.slide_width
        assert each.top + each.height <= deck.slide_height
    foot = max(each.top for each in deck.slide_master.placeholders)
    assert foot > 0.9 * deck.slide_height  # the template's own are of a slide of 4:3


def test_each_agreed_figure_stands_large_with_what_it_is_of(
    deck: Any, briefing: Briefing, material: Material  # noqa: ANN401
) -> None:
    slide = deck.slides[1]
    for figure in briefing.figures:
        value = shape(slide, f"{figure.key} value").text_frame
        assert value.text == figure.text
        assert value.paragraphs[0].runs[0].font.size.pt >= 32
        of = shape(slide, f"{figure.key} of").text_frame.text
        assert of == "；".join(map(str, figure.of))
    coverage = material.evaluation.summary["coverage"]
    told = shape(slide, "share_60plus of").text_frame.text
    assert re.findall(r"[\d,]+ 人", told) == [
        f"{coverage['elderly_60plus']:,.0f} 人", f"{coverage['covered_60plus']:,.0f} 人"
    ]
    said = [each.text for each in shape(slide, "headline").text_frame.paragraphs]
    assert said == [str(each) for each in briefing.headline]


def test_the_streets_with_most_people_left_stand_on_one_slide(
    deck: Any, material: Material  # noqa: ANN401
) -> None:
    told = cells(shape(slide_with(deck, "streets"), "streets").table)
    assert len(told) == 13  # headings, eleven of 19 streets, the sum
    coverage = material.evaluation.coverage
    streets = coverage.loc[coverage["level"].eq("street")].set_index("name")
    left = (streets["elderly_60plus"] - streets["covered_60plus"]).nlargest(11)
    assert [row[0] for row in told[1:-1]] == left.index.tolist()
    for name, *row in told[1:-1]:
        of = streets.loc[name]
        assert row[:2] == [f"{of[each]:,.0f}" for each in ("elderly_60plus", "covered_60plus")]
        assert row[3] == f"{of['share_60plus']:.1%}"
    check = material.evaluation.summary["provision"]
    assert told[-1][0] == "合计"
    assert told[-1][5:9] == [
        str(check["in_scope"]), str(check["met"] + check["met_pooled"]), str(check["short"]),
        str(check["unknown"]),
    ]


@pytest.mark.parametrize(("name", "key"), [("projects", PROJECTS), ("options", OPTIONS)])
def test_projects_and_options_are_native_tables(
    deck: Any, briefing: Briefing, name: str, key: str  # noqa: ANN401
) -> None:
    table = briefing.tables[key]
    told = cells(shape(slide_with(deck, name), name).table)
    titles = {str(column.title): column.key for column in table.columns}
    assert told[1:] == table.texts([titles[title] for title in told[0]])


def test_the_largest_gaps_lead_the_list_and_the_rest_is_told(
    deck: Any, briefing: Briefing  # noqa: ANN401
) -> None:
    slide = slide_with(deck, "largest gaps")
    told = cells(shape(slide, "largest gaps").table)[1:]
    lacking = briefing.tables[SHORT].rows["deficit_m2"].nlargest(8)
    assert [float(row[-1]) for row in told] == pytest.approx(lacking.to_numpy(), abs=0.005)
    assert "其余 384 个不达标小区" in shape(slide, "note").text_frame.text  # 392 - 8


def charted(frame: Any) -> list[tuple[str, float]]:  # noqa: ANN401
    """Return what a chart draws, by its own XML and by the workbook behind it."""
    root = frame.chart.element
    [names] = root.findall(f".//{C}cat//{C}strCache")
    [values] = root.findall(f".//{C}val//{C}numCache")
    drawn = [(name.text, float(value.text)) for name, value in
             zip(names.iter(f"{C}v"), values.iter(f"{C}v"), strict=True)]  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(frame.chart.part.chart_workbook.xlsx_part.blob))
    rows = list(book["Sheet1"].iter_rows(min_row=2, values_only=True))
    assert rows == drawn
    return drawn


def test_the_chart_of_shares_draws_the_evaluation_in_order(
    deck: Any, material: Material  # noqa: ANN401
) -> None:
    slide = slide_with(deck, "shares 1")
    drawn = charted(shape(slide, "shares 1")) + charted(shape(slide, "shares 2"))
    coverage = material.evaluation.coverage
    streets = coverage.loc[coverage["level"].eq("street") & coverage["share_60plus"].notna()]
    expected = dict(zip(streets["name"], streets["share_60plus"], strict=True))
    expected["合计"] = material.evaluation.summary["coverage"]["share_60plus"]
    assert dict(drawn) == pytest.approx(expected)
    assert [share for _, share in drawn] == sorted((share for _, share in drawn), reverse=True)
    for frame in (shape(slide, "shares 1"), shape(slide, "shares 2")):
        root = frame.chart.element
        assert root.find(f".//{C}dLbls/{C}showVal").get("val") == "1"
        assert {each.get("val") for each in root.iter(f"{C}max")} == {"1.2"}  # alike, to compare
        assert root.find(f".//{C}tickLblSkip").get("val") == "1"
    told = notes(slide)
    for name, row in streets.set_index("name").iterrows():
        everyone, covered = (f"{row[each]:,.0f}" for each in ("elderly_60plus", "covered_60plus"))
        assert f"{name}：{everyone} 人中 {covered} 人" in told


def test_a_street_without_old_people_has_no_bar_of_nought(deck: Any) -> None:  # noqa: ANN401
    slide = slide_with(deck, "shares 1")
    assert "不画条：界外" in notes(slide)
    drawn = [name for frame in ("shares 1", "shares 2") for name, _ in charted(shape(slide, frame))]
    assert len(drawn) == 20  # 19 streets and the whole
    assert "界外" not in drawn


def test_the_chart_of_verdicts_counts_every_estate_once(
    deck: Any, material: Material  # noqa: ANN401
) -> None:
    drawn = charted(shape(slide_with(deck, "verdicts"), "verdicts"))
    check = material.evaluation.provision
    counted = check.loc[check["in_scope"].astype(bool), "verdict"].value_counts()
    words = {"达标": "met", "统筹达标": "met_pooled", "不达标": "short", "无法判定": "unknown"}
    assert {words[name]: count for name, count in drawn} == counted.to_dict()
    assert sum(count for _, count in drawn) == 558


def test_every_text_has_the_chinese_typeface_whatever_its_script(path: Path) -> None:
    seen = 0
    for name, root in parts(path, "ppt/slide", "ppt/notes", "ppt/charts/", "ppt/presentation"):
        for tag in ("r", "fld", "br"):
            for run in root.iter(f"{A}{tag}"):
                assert run.find(f"{A}rPr") is not None, name
        for tag in ("rPr", "endParaRPr", "defRPr"):
            for properties in root.iter(f"{A}{tag}"):
                faces = [properties.find(f"{A}{script}") for script in ("latin", "ea", "cs")]
                assert [each.get("typeface") for each in faces if each is not None] == [FACE] * 3
                seen += 1
    assert seen > 800
    themes = list(parts(path, "ppt/theme/"))
    assert len(themes) == 2  # of the slides, of the notes
    for _, theme in themes:
        for fonts in ("majorFont", "minorFont"):
            held = list(theme.find(f".//{A}{fonts}") or ())
            assert [each.get("typeface") for each in held] == [FACE] * 3


def test_nothing_is_smaller_than_is_read_from_the_last_row(deck: Any) -> None:  # noqa: ANN401
    sizes = set()
    for slide in deck.slides:
        for each in slide.shapes:
            least = 12 if each.name in ("note", "source") else 14
            for run in each.element.iter(f"{A}rPr"):
                size = run.get("sz")
                if size is None:  # the number of the slide has the layout's
                    assert each.is_placeholder
                    continue
                assert int(size) >= 100 * least, (each.name, size)
                sizes.add(int(size))
            if each.has_chart:
                for run in each.chart.element.iter(f"{A}defRPr"):
                    assert int(run.get("sz") or 1400) >= 1400
    assert min(sizes) == 1200


def test_the_notes_answer_for_the_denominator_of_every_slide(
    deck: Any, briefing: Briefing  # noqa: ANN401
) -> None:
    told = [notes(slide) for slide in deck.slides]
    assert all("这个数的分母是" in each for each in told)
    assert "104,544 人 ÷ 152,560 人 = 68.5%" in told[1]
    assert "103 个（含统筹达标 1 个）÷ 可判定 495 个 = 20.8%" in told[1]
    for basis in briefing.assertions["change"].bases:
        assert str(basis.formula) in told[10]
    assert all(slide.shapes.title.text in each
               for slide, each in zip(deck.slides, told, strict=True))  # fmt: skip


def test_notice_date_and_number_stand_at_the_foot_of_every_slide_with_data(
    deck: Any, briefing: Briefing  # noqa: ANN401
) -> None:
    for number, slide in enumerate(deck.slides, start=1):
        words = [each.text_frame.text for each in slide.placeholders]
        if number == 1:
            lines = [f"范围：{briefing.place}", "赤峰市民政局", "2025年12月31日", briefing.notice]
            assert words[1].split("\n") == lines
            continue
        assert words[1:] == [f"{briefing.place}，2025年12月31日", briefing.notice, str(number)]
        assert slide.element.find(f".//{A}fld").get("type") == "slidenum"


def test_pictures_charts_and_tables_are_told_to_whoever_cannot_see_them(
    deck: Any, briefing: Briefing  # noqa: ANN401
) -> None:
    pictures = 0
    for slide in deck.slides:
        for each in slide.shapes:
            if each.shape_type == MSO_SHAPE_TYPE.PICTURE:
                pictures += 1
                assert each.width / each.height == pytest.approx(
                    each.image.size[0] / each.image.size[1], rel=1e-3
                )  # not stretched
                told = each.element.xpath("./p:nvPicPr/p:cNvPr/@descr")[0]
                key = each.name.removeprefix("map ")
                assert str(briefing.maps[key].title) in told
            elif each.has_chart or each.has_table:
                assert each.element.xpath("./p:nvGraphicFramePr/p:cNvPr/@descr")[0]
    assert pictures == 5


def test_steps_leave_room_for_who_and_until_when(deck: Any, briefing: Briefing) -> None:  # noqa: ANN401
    table = shape(slide_with(deck, "steps"), "steps").table
    told = cells(table)
    assert told[0] == ["序号", "下一步工作", "责任单位", "完成时限"]
    assert [row[1] for row in told[1:]] == [str(each) for each in briefing.steps]
    assert {(row[2], row[3]) for row in told[1:]} == {("", "")}
    assert min(table.columns[2].width, table.columns[3].width) > Emu(4 * 360_000)  # 4 cm


def test_the_last_slide_tells_parameters_caveats_and_sources(
    deck: Any, briefing: Briefing  # noqa: ANN401
) -> None:
    slide = deck.slides[14]
    assert [each.text for each in shape(slide, "caveats").text_frame.paragraphs] == [
        str(each) for each in briefing.caveats
    ]
    rows = cells(shape(slide, "parameters").table)[1:]
    every = briefing.tables["parameters"].texts()
    assert rows[-1][0] == f"另有 {len(every) - 12} 条，见备注。"
    for name, value in every[12:]:
        assert f"{name}：{value}" in notes(slide)
    for told, (name, value) in zip(rows[:-1], every[:12], strict=True):
        assert told[0] == name
        assert told[1] == value or (value.startswith(told[1].rstrip("…")) and value in notes(slide))
    assert shape(slide, "source").text_frame.text == str(briefing.sources[0])


def test_the_same_study_gives_the_same_bytes(
    path: Path, briefing: Briefing, tmp_path: Path
) -> None:
    again = tmp_path / "again.pptx"
    write_slides(replace(briefing, maker="赤峰市民政局"), again, pictures=plain)
    assert again.read_bytes() == path.read_bytes()
    with ZipFile(again) as packed:
        assert {each.date_time[0] for each in packed.infolist()} == {1980}
        books = [name for name in packed.namelist() if name.endswith(".xlsx")]
        assert len(books) == 4
        for name in books:
            with ZipFile(io.BytesIO(packed.read(name))) as book:
                assert {each.date_time[0] for each in book.infolist()} == {1980}
                assert b"2025-12-31T00:00:00Z" in book.read("docProps/core.xml")
    told = Presentation(str(again)).core_properties
    assert told.created == told.modified == datetime(2025, 12, 31)  # noqa: DTZ001
    assert told.title == str(briefing.title)


def test_what_there_is_none_of_has_no_slide(briefing: Briefing, tmp_path: Path) -> None:
    gone = {PROJECTS, OPTIONS, "sites", "change"}
    without = replace(
        briefing,
        tables={key: table for key, table in briefing.tables.items() if key not in gone},
        maps={key: sheet for key, sheet in briefing.maps.items() if key not in gone},
    )
    made = tmp_path / "without.pptx"
    write_slides(without, made, pictures=plain)
    slides = Presentation(str(made)).slides
    assert len(slides) == 11
    told = "".join(each.shapes.title.text for each in slides)
    for key in gone:
        assert str(briefing.assertions[key].said) not in told
