"""No command writes over what it reads, nor over a file that is somebody's own."""

from pathlib import Path

import openpyxl
import pytest

from tests.acceptance.terminal import carecircle_here
from tests.test_cli_names import cells, study  # noqa: F401 - a fixture

LEDGER = (("编号", "小区名称", "地址", "户数", "经度", "纬度"),
          ("r1", "锦绣家园", "红旗路1号", 300, None, None),
          ("r2", "阳光小区", "红旗路2号", None, None, None))  # fmt: skip
HERE = cells(0, 5)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in LEDGER:
        book.worksheets[0].append(row)
    path = tmp_path / "台账.xlsx"
    book.save(path)
    return path


def refused(*words: object, kept: Path) -> str:
    before = kept.read_bytes()
    done = carecircle_here(*words)
    assert done.returncode == 1, done.stdout + done.stderr
    assert kept.read_bytes() == before
    assert len(done.stderr.strip().splitlines()) == 1
    return done.stderr


@pytest.mark.parametrize("command", ["form", "inspect"])
def test_a_ledger_is_not_written_over_by_what_is_said_of_it(ledger: Path, command: str) -> None:
    words = (command, ledger, "--as", "residential", "--out", ledger)
    assert "这是要读的文件" in refused(*words, kept=ledger)


@pytest.mark.parametrize("command", ["form", "inspect"])
def test_nor_is_another_ledger(ledger: Path, command: str) -> None:
    other = ledger.with_name("另一本.xlsx")
    other.write_bytes(ledger.read_bytes())
    words = (command, ledger, "--as", "residential", "--out", other)
    assert "没有覆盖" in refused(*words, kept=other)


def test_a_form_in_a_folder_of_ledgers_is_none_of_them(ledger: Path) -> None:
    words = ("form", ledger.parent, "--as", "residential", "--per-street", "--out", ledger.parent)
    own = ledger.rename(ledger.with_name("待补_未写街道.xlsx"))
    assert "这是要读的文件" in refused(*words, kept=own)


@pytest.mark.parametrize("words", [
    ("place", "{study}", "--out"), ("match", "{study}", "--out"), ("form", "{study}", "--out"),
    ("inspect", "{study}", "--out"), ("explain", "{study}", "share_60plus", "--out"),
    ("isochrone", "{study}", "--at", HERE, "--out"),
])  # fmt: skip
def test_no_file_of_a_study_is_written_over(
    study: Path,  # noqa: F811
    words: tuple[str, ...],
) -> None:
    told = [word.format(study=study) for word in words]
    for file in ("设施.csv", study.name):
        assert "没有覆盖" in refused(*told, study.parent / file, kept=study.parent / file)


def test_what_an_earlier_run_wrote_is_written_again(study: Path) -> None:  # noqa: F811
    for words, name in (
        (("inspect", study), "报告.xlsx"),
        (("isochrone", study, "--at", HERE), "圈.gpkg"),
        (("isochrone", study, "--at", HERE), "圈.geojson"),
    ):
        out = study.parent / name
        for _ in range(2):
            done = carecircle_here(*words, "--out", out)
            assert out.exists(), done.stdout + done.stderr
            assert "没有覆盖" not in done.stderr
        out.write_bytes(b"somebody's own")
        refused(*words, "--out", out, kept=out)
