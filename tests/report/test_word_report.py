"""The report for Word, read again by another library and as LibreOffice lays it out."""

import re
import struct
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import docx
import pandas as pd
import pytest
from docx.document import Document
from docx.oxml.ns import qn

from geo.language import say, speaking
from report.briefing.content import Briefing, Column, Kind, MapSheet, Shown, Table
from report.briefing.estates import SHORT, UNKNOWN
from report.briefing.guidance import GUIDANCE
from report.word.annexes import annexes_of
from report.word.markup import elements, written
from report.word.printed_table import grid, shares
from report.word.report import write_report

HOSTILE = "=1+1<b>&\x07\u202e𠮷㙍䶮院"


def blank_png(sheet: MapSheet, across: float, down: float) -> bytes:
    """Return a plain picture, ten dots a millimetre where a map would be drawn."""
    assert sheet.title
    width, height = round(across), round(down)

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\xdd" * width for _ in range(height)))
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


@pytest.fixture(scope="module")
def path(briefing: Briefing, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("word") / "汇报.docx"
    write_report(briefing, path, pictures=blank_png)
    return path


@pytest.fixture(scope="module")
def document(path: Path) -> Document:
    return docx.Document(str(path))


def small(briefing: Briefing, *, rows: int, name: str = "甲") -> Briefing:
    """Return the briefing with lists cut to so many rows, every name the same."""
    tables = {
        key: replace(table, rows=named(table.rows.head(rows), name), total=None)
        for key, table in briefing.tables.items()
    }
    return replace(briefing, tables=tables, title=name)


def named(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    texts = [each for each in ("name", "street", "value", "reasons") if each in rows]
    return rows.assign(**{each: name for each in texts if rows[each].dtype.kind not in "fiu"})


def cells_of(document: Document) -> list[list[list[str]]]:
    """Return the cells of all tables, by the XML itself: the library takes minutes for them."""
    return [
        [
            ["".join(text.text or "" for text in cell.iter(qn("w:t")))
             for cell in row.findall(qn("w:tc"))]
            for row in table.findall(qn("w:tr"))
        ]
        for table in document.element.body.findall(qn("w:tbl"))
    ]  # fmt: skip


def printed(table: Table, shown: Shown) -> list[list[str]]:
    return [[str(each.title) for each in table.only(shown.columns)],
            *table.texts(shown.columns, most=shown.most)]  # fmt: skip


def test_every_sentence_stands_in_the_text(document: Document, briefing: Briefing) -> None:
    texts = [each.text for each in document.paragraphs]
    everything = "\n".join(texts)
    assert len(briefing.headline) == 4
    at = [everything.index(str(each)) for each in briefing.headline]
    assert at == sorted(at)
    assert at[0] < everything.index("一、现状")  # the conclusions come first
    for sentence in (*briefing.steps, *briefing.caveats):  # the sources: in their annex
        assert str(sentence) in everything
    for chapter in briefing.chapters:
        for part in chapter.parts:
            assert isinstance(part, Shown) or str(part) in everything


def test_every_table_has_the_cells_of_the_briefing(document: Document, briefing: Briefing) -> None:
    found = cells_of(document)
    shown = [part for chapter in briefing.chapters for part in chapter.parts
             if isinstance(part, Shown) and part.key in briefing.tables
             and not part.apart]  # fmt: skip
    assert len(shown) == 4
    for part in shown:
        assert printed(briefing.tables[part.key], part) in found
    for annex in annexes_of(briefing):
        for part in annex.parts:  # the columns that fit
            assert printed(part.table, Shown(part.table.key, part.columns)) in found
    whole = {part.table.key for annex in annexes_of(briefing) for part in annex.parts}
    assert {SHORT, UNKNOWN, GUIDANCE, "rules", "communities", "pools", "streets", "targets",
            "parameters"} <= whole  # fmt: skip
    figures = found[0][1:]
    assert [row[:2] for row in figures] == [[str(f.label), f.text] for f in briefing.figures]
    for row, figure in zip(figures, briefing.figures, strict=True):
        assert row[2].split("；") == [each for of in figure.of for each in str(of).split("；")]


def test_the_shortened_lists_tell_where_the_rest_stands(document: Document) -> None:
    texts = [each.text for each in document.paragraphs]
    assert any("共 392 行，此处列前 5 行，另有 387 行见附件3。" in text for text in texts)
    # A table that nobody has to read on the way stands whole in its annex alone.
    (left,) = (text for text in texts if text.startswith("137个社区中有117个"))
    assert left.endswith("（见附件6）")
    assert any("增至2035年1,377,281人。（见附件8）" in text for text in texts)
    assert not any("尚有老年人未覆盖的社区" in text for text in texts if text.startswith("表"))
    at = texts.index("附件3")
    assert texts[at + 1] == "不达标小区清单"


def test_headings_captions_and_maps_are_numbered(document: Document) -> None:
    headed = [each.text for each in document.paragraphs if each.style.name == "Heading 1"]
    assert headed == ["主要结论", "一、现状", "二、需求", "三、差距", "四、布局建议",
                      "五、近期项目",
                      "六、分街道指引", "七、下一步工作", "八、需要说明的事项"]  # fmt: skip
    captions = [each.text for each in document.paragraphs if each.style.name == "Caption"]
    assert [text.split("\u3000")[0] for text in captions] == [
        *(f"表{number}" for number in range(1, 6)), *(f"图{number}" for number in range(1, 6)),
    ]  # fmt: skip
    everything = "\n".join(each.text for each in document.paragraphs)
    for number in range(1, 6):
        assert re.search(rf"（见[^）]*图{number}", everything)
    assert len(document.inline_shapes) == 5
    # A line of exact height would show a strip of the picture.
    style = document.styles["插图"]
    assert style.paragraph_format.line_spacing is None
    spots = document.element.body.xpath("w:p[.//w:drawing]/w:pPr/w:pStyle/@w:val")
    assert spots == [style.style_id] * 5


def test_pages_are_those_of_an_official_paper(document: Document, briefing: Briefing) -> None:
    first, across = document.sections
    margins = (first.top_margin, first.bottom_margin, first.left_margin, first.right_margin)
    assert [round(each.mm) for each in margins] == [37, 35, 28, 26]
    assert (round(first.page_width.mm), round(first.page_height.mm)) == (210, 297)
    assert (round(across.page_width.mm), round(across.page_height.mm)) == (297, 210)
    for head in (first.header, first.even_page_header):
        assert [each.text for each in head.paragraphs] == [briefing.notice]
    for foot in (first.footer, first.even_page_footer):
        assert [each.text for each in foot.paragraphs] == ["— 1 —"]
        (line,) = foot.paragraphs
        assert line._p.xpath(".//w:instrText")[0].text == " PAGE "  # noqa: SLF001
    assert across.header.is_linked_to_previous
    assert across.footer.is_linked_to_previous


def test_styles_name_chinese_typefaces(document: Document) -> None:
    faces = {
        "Normal": "仿宋_GB2312", "Title": "方正小标宋简体", "Heading 1": "黑体",
        "Heading 2": "楷体_GB2312",
    }  # fmt: skip
    for name, face in faces.items():
        fonts = document.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == face
        assert not [key for key in fonts.attrib if key.endswith("Theme")]
    body = document.styles["Body Text"]
    assert (body.font.size.pt, body.paragraph_format.line_spacing.pt) == (16, 28)
    assert body.element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"
    used = {each.get(qn("w:val")) for each in document.element.body.iter(qn("w:pStyle"))}
    assert used <= {style.style_id for style in document.styles}


def test_tables_repeat_their_heading_and_keep_rows_whole(document: Document) -> None:
    tables = document.element.body.findall(qn("w:tbl"))
    assert len(tables) == 19
    for table in tables:
        rows = table.findall(qn("w:tr"))
        headed = [row.find(f".//{qn('w:tblHeader')}") is not None for row in rows]
        assert headed == [True, *[False] * (len(rows) - 1)]
        assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in rows)


def test_properties_tell_the_study_and_its_day(document: Document, briefing: Briefing) -> None:
    told = document.core_properties
    assert told.title == "赤峰市中心城区养老服务圈评估汇报"
    assert told.created.date() == told.modified.date() == briefing.on
    assert told.language == "zh-CN"
    texts = [each.text for each in document.paragraphs]
    assert "2025年12月31日" in texts


def test_the_same_briefing_gives_the_same_bytes(briefing: Briefing, tmp_path: Path) -> None:
    short = small(briefing, rows=3)
    paths = [tmp_path / "one.docx", tmp_path / "two.docx"]
    for path in paths:
        write_report(short, path, pictures=blank_png)
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize("rows", [0, 1])
def test_few_rows_and_hostile_names(briefing: Briefing, tmp_path: Path, rows: int) -> None:
    path = tmp_path / "few.docx"
    write_report(small(briefing, rows=rows, name=HOSTILE), path, pictures=blank_png)
    document = docx.Document(str(path))
    assert document.paragraphs[0].text == "=1+1<b>&··𠮷㙍䶮院汇报"
    found = cells_of(document)
    lists = [table for table in found if table[0][0] == "序号" and "问题原因" in table[0]]
    assert len(lists) == 2
    for table in lists:
        assert len(table) == 2
        assert ("（无）" in table[1]) == (rows == 0)
        assert ("=1+1<b>&··𠮷㙍䶮院" in table[1]) == (rows == 1)
    with zipfile.ZipFile(path) as packed:
        assert not re.search(rb"<b>|\x07", packed.read("word/document.xml"))


def test_texts_hold_no_markup() -> None:
    assert written("a<w:b/>&\r\nb\x00\ud800") == "a&lt;w:b/&gt;&amp; b··"
    assert written("年\u3000月") == "年\u3000月"


def test_figures_stay_in_one_line_and_texts_share_the_rest() -> None:
    columns = (Column("n", "数", Kind.COUNT), Column("short", "短"), Column("long", "长"))
    rows = [["1,000", "甲乙", "一" * 90], ["10", "甲", "二" * 90]]
    number, short, long = shares(columns, rows, 100, em=4)
    # 4 digits of half a letter and a comma of a quarter: 2.25 letters, and the sides.
    assert number == pytest.approx(4 * (2.25 + 0.3) + 2.6)
    assert short == pytest.approx(4 * (2 + 0.3) + 2.6)
    assert number + short + long == pytest.approx(100)


def test_wide_tables_still_fit_the_page() -> None:
    columns = tuple(Column(f"n{at}", "很长的列名很长的列名", Kind.COUNT) for at in range(15))
    widths = shares(columns, [["1,234,567"] * 15], 156, em=3.7)
    assert sum(widths) == pytest.approx(156)


def test_english_is_set_for_english(briefing: Briefing, tmp_path: Path) -> None:
    path = tmp_path / "en.docx"
    with speaking("en"):
        write_report(small(briefing, rows=1), path, pictures=blank_png)
    document = docx.Document(str(path))
    assert document.core_properties.language == "en-GB"
    assert document.styles["Body Text"].font.size.pt == 11
    assert document.styles["Heading 1"].element.rPr.rFonts.get(qn("w:ascii")) == "Arial"


def test_a_chapter_that_begins_with_a_map_says_so(briefing: Briefing, tmp_path: Path) -> None:
    only = replace(briefing.chapters[0], title=say("甲"), parts=(Shown("standing"),))
    path = tmp_path / "map.docx"
    write_report(replace(small(briefing, rows=1), chapters=(only,)), path, pictures=blank_png)
    texts = [each.text for each in docx.Document(str(path)).paragraphs]
    assert texts[texts.index("一、甲") + 1] == "本章见所附地图。（见图1）"


def test_the_office_signs_over_the_date(briefing: Briefing, tmp_path: Path) -> None:
    path = tmp_path / "signed.docx"
    signed = replace(small(briefing, rows=1), maker="赤峰市民政局")
    write_report(signed, path, pictures=blank_png)
    closing = [each.text for each in docx.Document(str(path)).paragraphs
               if each.style.style_id == "Closing"]  # fmt: skip
    assert closing == ["赤峰市民政局", "2025年12月31日"]


def test_no_sum_stands_alone_on_a_page() -> None:
    table = elements(grid(
        (Column("name", "名称"), Column("number", "数", Kind.COUNT)),
        [[name, "1"] for name in "甲乙丙丁戊己"], 150, totals=1,
    ))[0]  # fmt: skip
    kept = [row.find(f".//{qn('w:keepNext')}") is not None for row in table.findall(qn("w:tr"))[1:]]
    assert kept == [True, False, False, False, True, True]


def test_no_word_is_broken_while_another_column_has_room() -> None:
    columns = (Column("task", "Task", weight=2.4), Column("value", "Figure", weight=0.5))
    rows = [["Care floor area per 100 households, all together " * 3, "20 m² per 100 households"]]
    wide = shares(columns, rows, 150, em=3.2)
    assert wide[1] >= 3.2 * 0.55 * len("households") + 2
    assert sum(wide) == pytest.approx(150)
