"""What is somebody's own in a folder of papers stays, whatever happens to a run in the midst."""

import datetime as dt
import json
import shutil
import signal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from geo.errors import PlanningError
from geo.language import say
from report import documents, moving, tables
from report.documents import Desk, write_documents
from report.drafts import drafting, left_behind, tidy_when_terminated
from report.moving import files_below
from report.papers import MANIFEST
from report.tables import all_or_none

BRIEFING: Any = SimpleNamespace(title="t", on=dt.date(2025, 12, 31), notice="", headline=(),
                                figures=())  # fmt: skip


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Let the formats write texts; give what each says, by path."""
    said: dict[str, str] = {}

    def turn(*names: str) -> documents.Turn:
        def write(desk: Desk) -> None:
            for name in names:
                path = desk.folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(said.get(name, "made"), encoding="utf-8")

        return write, say("写 Excel"), 1.0

    turns = {"docx": turn("汇报.docx", "核查单/街.docx"), "xlsx": turn("附表.xlsx"),
             "html": turn("页.html"), "gpkg": turn("数据/shp/a.shp", "数据/a.gpkg")}  # fmt: skip
    monkeypatch.setattr(documents, "WRITERS", {**documents.WRITERS, **turns})
    return said


def texts(folder: Path) -> dict[str, str]:
    return {name: (folder / name).read_text(encoding="utf-8")
            for name in files_below(folder) if name != MANIFEST}  # fmt: skip


@pytest.mark.usefixtures("run")
def test_a_list_that_is_not_ours_makes_no_file_ours(tmp_path: Path) -> None:
    for listed in ({"mine": 1}, {"files": ["附表.xlsx"]}, [1], {"files": 5, "sha256": {}}):
        mark = json.dumps(listed)
        (tmp_path / MANIFEST).write_text(mark, encoding="utf-8")
        (tmp_path / "附表.xlsx").write_text("mine", encoding="utf-8")
        with pytest.raises(PlanningError, match=r"附表\.xlsx|report\.json"):
            write_documents(BRIEFING, tmp_path, formats=("xlsx",))
        with pytest.raises(PlanningError, match=r"report\.json"):
            write_documents(BRIEFING, tmp_path, formats=("html",))
        assert texts(tmp_path) == {"附表.xlsx": "mine"}
        assert (tmp_path / MANIFEST).read_text(encoding="utf-8") == mark


@pytest.mark.usefixtures("run")
def test_a_file_put_beside_our_papers_is_not_ours(tmp_path: Path) -> None:
    write_documents(BRIEFING, tmp_path, formats=("html",))
    (tmp_path / "附表.xlsx").write_text("mine", encoding="utf-8")
    with pytest.raises(PlanningError, match=r"附表\.xlsx"):
        write_documents(BRIEFING, tmp_path, formats=("xlsx",))
    assert texts(tmp_path) == {"附表.xlsx": "mine", "页.html": "made"}


@pytest.mark.parametrize("formats", [("docx",), ("xlsx",)])
@pytest.mark.usefixtures("run")
def test_a_paper_that_was_worked_on_is_neither_replaced_nor_taken_away(
    tmp_path: Path, formats: tuple[str, ...]
) -> None:
    write_documents(BRIEFING, tmp_path, formats=("docx",))
    (tmp_path / "汇报.docx").write_text("worked on", encoding="utf-8")
    with pytest.raises(PlanningError, match=r"1 个文件生成后改过（汇报\.docx）"):
        write_documents(BRIEFING, tmp_path, formats=formats)
    (tmp_path / "汇报.docx").rename(tmp_path / "汇报（改）.docx")
    write_documents(BRIEFING, tmp_path, formats=formats)
    assert texts(tmp_path)["汇报（改）.docx"] == "worked on"


@pytest.mark.usefixtures("run")
def test_a_paper_worked_on_while_others_are_made_stays(tmp_path: Path) -> None:
    write_documents(BRIEFING, tmp_path, formats=("html",))

    def meanwhile(_: object, __: float) -> None:
        (tmp_path / "页.html").write_text("worked on", encoding="utf-8")

    with pytest.raises(PlanningError, match=r"页\.html"):
        write_documents(BRIEFING, tmp_path, formats=("html",), progress=meanwhile)
    assert texts(tmp_path) == {"页.html": "worked on"}


@pytest.mark.usefixtures("run")
def test_folders_of_papers_that_go_do_not_stay_empty(tmp_path: Path) -> None:
    write_documents(BRIEFING, tmp_path, formats=("gpkg", "docx"))
    (tmp_path / "核查单" / "记.txt").write_text("mine", encoding="utf-8")
    write_documents(BRIEFING, tmp_path, formats=("xlsx",))
    assert sorted(path.name for path in tmp_path.iterdir()) == [MANIFEST, "核查单", "附表.xlsx"]
    assert sorted(texts(tmp_path)) == ["核查单/记.txt", "附表.xlsx"]


@pytest.mark.parametrize("last", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_while_files_move_puts_all_back(
    tmp_path: Path, run: dict[str, str], monkeypatch: pytest.MonkeyPatch, last: type[BaseException]
) -> None:
    write_documents(BRIEFING, tmp_path, formats=("xlsx", "html"))
    before = {name: (tmp_path / name).read_bytes() for name in files_below(tmp_path)}
    run.update({"附表.xlsx": "new", "页.html": "new", "汇报.docx": "new"})
    move = moving._move_one  # noqa: SLF001 - what is interrupted

    def interrupted(aside: Path, folder: Path, name: str) -> None:
        move(aside, folder, name)
        if name == "页.html":
            raise last

    monkeypatch.setattr(moving, "_move_one", interrupted)
    with pytest.raises(last):
        write_documents(BRIEFING, tmp_path, formats=("docx", "xlsx", "html"))
    assert {name: (tmp_path / name).read_bytes() for name in files_below(tmp_path)} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(before)


def kill(run: dict[str, str], folder: Path, last: str, *formats: str) -> None:
    """Leave a folder as a run does that is killed before its last file moves."""

    class Killed(BaseException):
        pass

    move = moving._move_one  # noqa: SLF001 - what is interrupted

    def killed(aside: Path, folder: Path, name: str) -> None:
        if name == last:
            raise Killed
        move(aside, folder, name)

    run.update({"附表.xlsx": "newer", "汇报.docx": "newer"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moving, "_move_one", killed)
        patch.setattr(moving, "_move_back", lambda *_: None)  # nobody puts back or tidies
        patch.setattr(shutil, "rmtree", lambda *_, **__: None)
        with pytest.raises(Killed):
            write_documents(BRIEFING, folder, formats=formats or ("docx", "xlsx"))
    run.clear()


@pytest.mark.parametrize("first", [True, False])
def test_after_a_kill_the_list_never_lies_and_the_next_run_mends(
    tmp_path: Path, run: dict[str, str], *, first: bool
) -> None:
    out = tmp_path / "out"
    if not first:
        write_documents(BRIEFING, out, formats=("docx", "xlsx"))
    kill(run, out, MANIFEST)
    assert len(left_behind(out)) == 1
    assert (out / "汇报.docx").read_text(encoding="utf-8") == "newer"
    assert not (out / MANIFEST).exists()  # a folder in the midst does not look whole
    with all_or_none(out):  # what only tries the folder leaves what tells which files are ours
        pass
    write_documents(BRIEFING, out, formats=("xlsx",))
    assert sorted(path.name for path in out.iterdir()) == [MANIFEST, "附表.xlsx"]
    assert texts(out) == {"附表.xlsx": "made"}


def test_after_a_kill_what_never_moved_is_not_ours(tmp_path: Path, run: dict[str, str]) -> None:
    kill(run, tmp_path, "汇报.docx")
    (tmp_path / "汇报.docx").write_text("mine", encoding="utf-8")
    with pytest.raises(PlanningError, match=r"汇报\.docx"):
        write_documents(BRIEFING, tmp_path, formats=("docx",))
    assert (tmp_path / "汇报.docx").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("last", ["汇报.docx", "附表.xlsx", "页.html"])
def test_a_folder_of_two_runs_has_no_list_and_what_either_wrote_is_ours(
    tmp_path: Path, run: dict[str, str], last: str
) -> None:
    write_documents(BRIEFING, tmp_path, formats=("xlsx", "html", "docx"))
    kill(run, tmp_path, last, "docx", "xlsx")  # the page is to go
    assert not (tmp_path / MANIFEST).exists()
    kill(run, tmp_path, "附表.xlsx", "xlsx")  # the one that is to mend it is killed too
    assert not (tmp_path / MANIFEST).exists()
    worked_on = tmp_path / "附表.xlsx"
    made = worked_on.read_bytes()
    worked_on.write_text("worked on", encoding="utf-8")
    with pytest.raises(PlanningError, match=r"改过（附表\.xlsx）"):
        write_documents(BRIEFING, tmp_path, formats=("docx",))
    worked_on.write_bytes(made)
    write_documents(BRIEFING, tmp_path, formats=("docx",))
    assert texts(tmp_path) == {"汇报.docx": "made", "核查单/街.docx": "made"}
    assert sorted(path.name for path in tmp_path.iterdir()) == [MANIFEST, "核查单", "汇报.docx"]


def test_of_two_runs_at_once_no_paper_stays_outside_the_list(
    tmp_path: Path, run: dict[str, str]
) -> None:
    run["附表.xlsx"] = "one"
    write_documents(BRIEFING, tmp_path, formats=("html",))
    turn = documents.WRITERS["xlsx"][0]

    def while_another_begins_and_ends(desk: Desk) -> None:
        turn(desk)
        with pytest.raises(PlanningError, match="正由另一次运行写入"):
            write_documents(BRIEFING, tmp_path, formats=("html", "docx"))
        with pytest.MonkeyPatch.context() as patch:  # where the other looks before there is a draft
            patch.setattr(tables, "refuse_second", lambda *_: None)
            write_documents(BRIEFING, tmp_path, formats=("html", "docx"))

    with pytest.MonkeyPatch.context() as patch:
        slow = (while_another_begins_and_ends, say("写 Excel"), 1.0)
        patch.setattr(documents, "WRITERS", {**documents.WRITERS, "xlsx": slow})
        write_documents(BRIEFING, tmp_path, formats=("xlsx",))
    listed = json.loads((tmp_path / MANIFEST).read_text(encoding="utf-8"))["files"]
    assert listed == ["附表.xlsx"]
    assert texts(tmp_path) == {"附表.xlsx": "one"}


def test_a_draft_somebody_writes_in_is_left_alone(tmp_path: Path) -> None:
    with drafting(tmp_path) as aside:
        assert left_behind(tmp_path) == []
        with all_or_none(tmp_path) as draft:
            (draft / "a.txt").write_text("a", encoding="utf-8")
        assert aside.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_who_is_told_to_stop_tidies(tmp_path: Path) -> None:
    def stopped() -> None:
        with tidy_when_terminated(), all_or_none(tmp_path) as draft:
            (draft / "a.txt").write_text("a", encoding="utf-8")
            signal.raise_signal(signal.SIGTERM)

    with pytest.raises(SystemExit):
        stopped()
    assert list(tmp_path.iterdir()) == []
