"""All documents of one briefing, reopened by other readers: every one tells the same numbers."""

import html
import json
import math
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from zipfile import ZipFile

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

from geo.errors import PlanningError
from geo.schema import SCHEMAS
from report import documents
from report.briefing.content import Briefing
from report.briefing.streets import STREETS
from report.documents import FORMATS, write_documents
from report.papers import DIGESTS, MANIFEST, digest
from tests.report.reread_slides import plain
from tests.report.reread_tables import (
    by_title,
    found_in,
    of_sheet,
    of_slides,
    of_word,
    wrong_rows,
)
from tests.report.reread_tables import of_web_page as content_of_web_page
from tests.report.reread_tables import plain as close

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?%?")


@pytest.fixture(scope="module")
def folder(briefing: Briefing, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the documents without maps, which others look at: these stand in Word and slides."""
    made = tmp_path_factory.mktemp("documents") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "picture", plain)
        write_documents(briefing, made, formats=("docx", "pptx", "xlsx", "html"))
    return made


def of_package(path: Path, part: str) -> str:
    """Return the words of the parts of a packed document whose names match."""
    with ZipFile(path) as packed:
        parts = [packed.read(name).decode() for name in packed.namelist() if re.search(part, name)]
    # Paragraphs, cells and values of charts end lines, runs do not.
    ended = re.sub(r"</(?:w:p|a:p|w:tc|a:tc|c:v)>", "\n", "\n".join(parts))
    return html.unescape(re.sub(r"<[^>]+>", "", ended))


def of_workbook(path: Path) -> str:
    book = CalamineWorkbook.from_path(path)
    rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    return "\n".join("\t".join(map(str, row)) for row in rows)


def of_web_page(path: Path) -> str:
    page = path.read_text(encoding="utf-8")
    (block,) = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    return json.dumps(json.loads(block), ensure_ascii=False)


READERS: MappingProxyType[str, Callable[[Path], str]] = MappingProxyType(
    {
        "汇报.docx": lambda path: of_package(path, r"word/document\.xml"),
        "汇报.pptx": lambda path: of_package(path, r"(slides|notesSlides|charts)/\w+\d+\.xml"),
        "附表.xlsx": of_workbook,
        "养老服务圈.html": of_web_page,
    }
)


@pytest.mark.parametrize("name", READERS)
def test_every_agreed_figure_stands_in_every_document(
    folder: Path, briefing: Briefing, name: str
) -> None:
    told = READERS[name](folder / name)
    for figure in briefing.figures:
        assert figure.text.removesuffix(" ㎡") in told, figure.key
    for number in NUMBER.findall(str(briefing.headline[0])):
        assert number in told
    for number in NUMBER.findall(str(briefing.headline[-1])):
        assert number in told


@pytest.mark.parametrize("name", READERS)
def test_every_street_stands_in_every_document_with_its_people(
    folder: Path, briefing: Briefing, name: str
) -> None:
    told = READERS[name](folder / name)
    for street, uncovered, share in briefing.tables[STREETS].texts(
        ["name", "uncovered_60plus", "share_60plus"]
    ):
        if uncovered in ("0", "–"):  # nobody is left there; a page has such rows in no table
            continue
        assert street in told
        plainly = uncovered.replace(",", "")
        assert uncovered in told or f"{plainly}.0" in told, street
        known = float(share.rstrip("%")) / 100
        written = [float(each) for each in re.findall(r"0\.\d{3,}", told)]
        assert share in told or any(abs(each - known) < 5e-4 for each in written), street


def test_tables_of_word_are_those_of_the_briefing_cell_by_cell(
    folder: Path, briefing: Briefing
) -> None:
    seen = set()
    for heads, *rows in of_word(folder / "汇报.docx"):
        found = found_in(briefing, heads)
        if heads == ["指标", "数值", "口径"]:  # the agreed figures
            assert [row[:2] for row in rows] == [
                [close(figure.label), close(figure.text)] for figure in briefing.figures
            ]
            continue
        assert found, heads
        assert any(not wrong_rows(table, keys, rows) for table, keys in found), heads
        seen |= {table.key for table, keys in found if not wrong_rows(table, keys, rows)}
    assert seen >= {"streets", "short_estates", "unknown_estates", "communities", "projects",
                    "indicators", "forecast", "targets", "guidance"}  # fmt: skip


def test_tables_of_slides_are_those_of_the_briefing_cell_by_cell(
    folder: Path, briefing: Briefing
) -> None:
    seen = set()
    for name, (heads, *rows) in of_slides(folder / "汇报.pptx"):
        if name == "steps":
            continue
        told = [row for row in rows if "见备注" not in row[0]]
        found = found_in(briefing, heads)
        assert any(not wrong_rows(table, keys, told) for table, keys in found), (name, heads)
        seen |= {table.key for table, keys in found if not wrong_rows(table, keys, told)}
    assert seen >= {"streets", "short_estates", "projects", "options"}


def test_tables_of_the_page_are_those_of_the_briefing_cell_by_cell(
    folder: Path, briefing: Briefing
) -> None:
    seen = set()
    for section in content_of_web_page(folder / "养老服务圈.html")["sections"]:
        for part in section["parts"]:
            if "table" not in part:
                continue
            shown = part["table"]
            table = briefing.tables[shown["key"]]
            heads = [close(title) for title, _ in shown["columns"]]
            keys = next(keys for each, keys in found_in(briefing, heads) if each is table)
            total = [] if shown["total"] is None else [shown["total"]]
            rows = [[close(cell) for cell in row] for row in (*shown["rows"], *total)]
            assert not wrong_rows(table, keys, rows)
            assert len(rows) == len(table.texts(keys))
            seen.add(table.key)
    assert seen >= {"communities", "short_estates", "projects", "guidance", "parameters"}


def test_cards_of_the_sites_on_the_page_are_their_rows(folder: Path, briefing: Briefing) -> None:
    sites = content_of_web_page(folder / "养老服务圈.html")["map"]["sites"]
    table = briefing.tables["projects"]
    assert len(sites) == len(table) == 5
    titles = {column.key: str(column.title) for column in table.columns}
    for site, row in zip(sites, table.texts(), strict=False):
        printed = dict(zip(titles, row, strict=True))
        card = by_title(site["card"])
        assert {"gain_60plus", "cost_wan", "covered_60plus", "share_60plus", "reason"} <= {
            key for key, title in titles.items() if title in card
        }
        for key, title in titles.items():
            assert card.get(title, printed[key] or "–") == (printed[key] or "–"), key


def test_the_ledger_of_estates_tells_what_the_check_and_the_walks_found(
    folder: Path, briefing: Briefing
) -> None:
    evaluation = briefing.evaluation
    rows = of_sheet(folder / "附表.xlsx", "小区台账")
    id_ = SCHEMAS["residential"].column("id").chinese
    check = evaluation.provision.set_index("residential_id")
    places = evaluation.places.loc[evaluation.places["layer"].eq("residential")]
    walks = places.set_index("place_id")
    assert len(rows) == len(check) == 600
    columns = {"应配（㎡）": check["required_m2"], "缺口（㎡）": check["deficit_m2"],
               "步行时间（分钟）": walks["minutes"], "时限内比例": walks["share"]}  # fmt: skip
    for head, found in columns.items():
        told = [math.nan if row[head] == "" else float(row[head]) for row in rows]
        wanted = found.loc[[str(row[id_]) for row in rows]].astype("float64")
        assert told == pytest.approx(wanted.tolist(), nan_ok=True), head
        assert not math.isnan(np.nanmax(told))


def test_what_estates_owe_is_added_up_from_their_households(briefing: Briefing) -> None:
    # By hand: 20 m² for every 100 households of each estate in scope whose households are known.
    check = briefing.evaluation.provision
    scope = check.loc[check["in_scope"].astype(bool)]
    owed = (0.2 * scope["households"].astype("float64")).dropna()
    (need,) = (chapter for chapter in briefing.chapters if chapter.key == "need")
    told = " ".join(str(part) for part in need.parts)
    assert f"应核查住宅小区{len(scope)}个" in told
    assert f"合计{owed.sum():,.0f}平方米（{len(owed)}个小区" in told


def test_the_list_of_files_tells_the_figures_of_the_evaluation(
    folder: Path, briefing: Briefing
) -> None:
    told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    coverage = briefing.evaluation.summary["coverage"]
    values = {each["key"]: each["value"] for each in told["figures"]}
    assert values["share_60plus"] == coverage["share_60plus"]
    assert values["uncovered_60plus"] == coverage["elderly_60plus"] - coverage["covered_60plus"]
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {*told["files"], MANIFEST} == there


def test_a_second_run_leaves_no_paper_of_the_first(briefing: Briefing, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_documents(briefing, out, formats=("xlsx",))
    first = (out / "附表.xlsx").read_bytes()
    listed = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    (out / "汇报.pptx").write_bytes(b"of an earlier run")
    digests = {**listed[DIGESTS], "汇报.pptx": digest(out / "汇报.pptx")}
    told = json.dumps({**listed, "files": [*listed["files"], "汇报.pptx"], DIGESTS: digests})
    (out / MANIFEST).write_text(told, encoding="utf-8")
    (out / "会议纪要.txt").write_text("的", encoding="utf-8")
    write_documents(briefing, out, formats=("xlsx",))
    assert {path.name for path in out.iterdir()} == {"附表.xlsx", "会议纪要.txt", MANIFEST}
    assert (out / "附表.xlsx").read_bytes() == first  # the same study, the same bytes


def test_a_changed_list_leads_nowhere_else(briefing: Briefing, tmp_path: Path) -> None:
    out, other = tmp_path / "out", tmp_path / "other.txt"
    other.write_text("stays", encoding="utf-8")
    write_documents(briefing, out, formats=("xlsx",))
    listed = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    for name in ("../other.txt", str(other)):
        listed["files"].append(name)
        listed[DIGESTS][name] = digest(other)
    (out / MANIFEST).write_text(json.dumps(listed), encoding="utf-8")
    write_documents(briefing, out, formats=("xlsx",))
    assert other.read_text(encoding="utf-8") == "stays"


def test_strangers_are_not_written_over(briefing: Briefing, tmp_path: Path) -> None:
    (tmp_path / "附表.xlsx").write_text("a colleague's", encoding="utf-8")
    with pytest.raises(PlanningError, match=r"附表\.xlsx"):
        write_documents(briefing, tmp_path, formats=("xlsx",))
    assert (tmp_path / "附表.xlsx").read_text(encoding="utf-8") == "a colleague's"


def test_a_format_that_is_none_is_refused(briefing: Briefing, tmp_path: Path) -> None:
    with pytest.raises(PlanningError, match="doc"):
        write_documents(briefing, tmp_path, formats=("doc",))
    with pytest.raises(PlanningError):
        write_documents(briefing, tmp_path, formats=())
    assert {*FORMATS} == {"docx", "pptx", "xlsx", "pdf", "png", "html", "gpkg"}


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not there")
def test_maps_tell_the_figures_too(briefing: Briefing, tmp_path: Path) -> None:
    from report.maps.sheet import as_pdf, draw_sheet  # noqa: PLC0415 - drawing takes a while

    sheet = briefing.maps["coverage"]
    path = tmp_path / "map.pdf"
    path.write_bytes(as_pdf([draw_sheet(sheet)], title=sheet.title, on=briefing.on))
    command = ["pdftotext", "-layout", str(path), "-"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    for number in ("68.5%", "152,560", "104,544", "48,016"):
        assert number in told
