"""All documents of one briefing, reopened by other readers: every one tells the same numbers."""

import html
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from geo.errors import PlanningError
from report import documents
from report.briefing.content import Briefing
from report.briefing.streets import STREETS
from report.documents import FORMATS, write_documents
from report.papers import DIGESTS, MANIFEST, digest
from tests.report.reread_slides import plain

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
    # Paragraphs end lines, cells and runs do not.
    ended = re.sub(r"</(?:w:p|a:p|w:tc|a:tc)>", "\n", "\n".join(parts))
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
        "汇报.pptx": lambda path: of_package(path, r"slides/slide\d+\.xml"),
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
        assert street in told
        plainly = uncovered.replace(",", "")
        assert uncovered in told or f"{plainly}.0" in told, street
        if share == "–":  # nobody lives there
            continue
        known = float(share.rstrip("%")) / 100
        written = [float(each) for each in re.findall(r"0\.\d{3,}", told)]
        assert share in told or any(abs(each - known) < 5e-4 for each in written), street


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
