"""Documents asked for on the page: in turn, for everybody, given up, forgotten, never stale."""
# ruff: noqa: TID251 - this is the browser face

import shutil
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from analysis.kept_scenarios import keep_scenario
from analysis.scenario import Scenario
from report.apart import Apart
from report.ordering import Order
from ui.meeting import documents
from ui.meeting.documents import _key, packed
from ui.meeting.makers import KEPT_MAX, Makers

ORDER = Order(Path("a.study.toml"))
PATIENCE_S = 20.0


class Kitchen:
    """Makes nothing until it is told how an order ends."""

    def __init__(self) -> None:
        """Begin with nothing ordered."""
        self.asked: list[Order] = []
        self.begun: list[Apart] = []
        self.makers = Makers(make=self.make)

    def make(self, order: Order, folder: Path) -> Apart:
        """Return what ends as soon as a file says how."""
        self.asked.append(order)
        folder.mkdir()
        wait = ("import sys, time\nfrom pathlib import Path\nwhile not Path('end').exists():\n"
                "    time.sleep(0.01)\nprint(Path('end').read_text())")  # fmt: skip
        code = f"import os; os.chdir({str(folder)!r})\n{wait}"
        apart = Apart({"language": "zh"}, folder, (sys.executable, "-S", "-c", code))
        self.begun.append(apart)
        return apart

    def order(self, key: str, asker: str = "me") -> Apart:
        """Order for somebody."""
        return self.makers.order((key,), ORDER, asker=asker)

    def end(self, apart: Apart, said: str = '{"files": ["a.docx"]}') -> None:
        """Let one end, telling this."""
        (apart.folder / "a.docx").write_text("made", encoding="utf-8")
        (apart.folder / "end").write_text(said, encoding="utf-8")
        apart.wait(PATIENCE_S)
        assert apart.ended

    def running(self) -> list[bool]:
        """Return which are being made, once one is."""
        until = time.monotonic() + PATIENCE_S
        while not self.begun or sum(map(goes, self.begun)) == 0:
            assert time.monotonic() < until
            time.sleep(0.01)
        return [goes(apart) for apart in self.begun]


def goes(apart: Apart) -> bool:
    process = apart._process  # noqa: SLF001 - whether there is one
    return process is not None and process.poll() is None


@pytest.fixture
def kitchen() -> Iterator[Kitchen]:
    made = Kitchen()
    yield made
    made.makers.forget_all()
    assert not [apart for apart in made.begun if apart.folder.parent.exists()]


def test_orders_are_made_in_turn_and_none_is_thrown_out(kitchen: Kitchen) -> None:
    ordered = [kitchen.order(str(number)) for number in range(KEPT_MAX + 2)]
    assert kitchen.running() == [True, *[False] * (KEPT_MAX + 1)]
    assert [kitchen.makers.ahead(each) for each in ordered] == list(range(KEPT_MAX + 2))
    kitchen.end(ordered[0])
    assert kitchen.running()[:3] == [False, True, False]
    assert kitchen.makers.ahead(ordered[2]) == 1
    for each in ordered[1:]:
        kitchen.running()
        kitchen.end(each)
    assert all(each.files for each in ordered)
    kitchen.order("another")  # only what ended goes, the oldest first
    kept = [each.folder.exists() for each in ordered]
    assert kept == [False, False, *[True] * KEPT_MAX]


def test_the_same_order_is_made_once_and_goes_on_while_somebody_waits(kitchen: Kitchen) -> None:
    mine, theirs = kitchen.order("a", "me"), kitchen.order("a", "you")
    assert mine is theirs
    kitchen.running()
    kitchen.makers.give_up(("a",), asker="me")
    assert not mine.refused
    kitchen.makers.give_up(("a",), asker="you")
    assert mine.refused == ("已取消。",)
    anew = kitchen.order("a")  # while the other still ends
    assert anew is not mine
    mine.wait(PATIENCE_S)
    kitchen.running()
    kitchen.end(anew)
    assert not mine.folder.parent.exists()


def test_what_waits_is_given_up_without_ever_beginning(kitchen: Kitchen) -> None:
    first, second = kitchen.order("a"), kitchen.order("b")
    kitchen.running()
    kitchen.makers.give_up(("b",), asker="me")
    assert second.ended
    assert not second.folder.parent.exists()
    kitchen.end(first)
    assert not goes(second)


def test_the_folder_of_a_refused_order_goes(kitchen: Kitchen) -> None:
    first = kitchen.order("a")
    kitchen.running()
    kitchen.end(first, '{"refused": ["no"]}')
    second = kitchen.order("b")
    kitchen.running()
    assert not first.folder.parent.exists()
    assert first.refused == ("no",)
    assert kitchen.order("a") not in (first, second)


def test_what_was_cleared_away_is_made_again_and_not_handed_out_in_part(kitchen: Kitchen) -> None:
    made = kitchen.order("a")
    kitchen.running()
    kitchen.end(made)
    assert kitchen.order("a") is made
    assert zipfile.ZipFile(BytesIO(packed(made.folder, made.files))).namelist() == ["a.docx"]
    (made.folder / "a.docx").unlink()  # as the system does with what lies there for days
    assert made.gone
    with pytest.raises(FileNotFoundError):
        packed(made.folder, made.files)
    assert kitchen.order("a") is not made


def choice(study: Path) -> SimpleNamespace:
    nothing = Scenario()
    return SimpleNamespace(study=study, scenario=nothing, walking={},
                           baseline=SimpleNamespace(scenario=nothing))  # fmt: skip


def test_a_scenario_that_is_kept_or_changed_makes_another_order(tmp_path: Path) -> None:
    study = tmp_path / "a.study.toml"
    study.write_text("title = 'a'", encoding="utf-8")
    order = Order(study, formats=("xlsx",))
    seen = [_key(choice(study), order)]  # type: ignore[arg-type]
    for scenario in (Scenario(title="甲"), Scenario(title="乙")):
        keep_scenario(study, scenario, number=1)
        seen.append(_key(choice(study), order))  # type: ignore[arg-type]
    keep_scenario(study, Scenario(title="丙"))
    seen.append(_key(choice(study), order))  # type: ignore[arg-type]
    seen.append(_key(choice(study), replace(order, maker="某局")))  # type: ignore[arg-type]
    assert len(set(seen)) == 5


@pytest.fixture
def page(kitchen: Kitchen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """Return the part of the page where documents are ordered."""
    study = tmp_path / "a.study.toml"
    study.write_text("title = 'a'", encoding="utf-8")
    monkeypatch.setattr(documents, "_makers", lambda: kitchen.makers)
    monkeypatch.setattr(documents, "asked_by", choice(study), raising=False)
    return AppTest.from_string(
        "import streamlit as st\nst.session_state.setdefault('language', 'zh')\n"
        "from ui.meeting import documents\ndocuments.show_documents(documents.asked_by)\n"
    )


@pytest.mark.parametrize("how", ["the system", "others"])
def test_the_page_says_that_files_are_gone_and_makes_them_again(
    kitchen: Kitchen, page: AppTest, how: str
) -> None:
    page.run().button(key="make documents").click().run()
    kitchen.running()
    kitchen.end(kitchen.begun[0])
    page.run()
    assert len(page.get("download_button")) == 2
    if how == "others":
        for number in range(KEPT_MAX):
            other = kitchen.order(str(number))
            kitchen.running()
            kitchen.end(other)
        kitchen.order("one more")
    else:
        shutil.rmtree(kitchen.begun[0].folder)
    page.run()
    assert not page.exception
    assert page.get("download_button") == []
    assert "先前生成的文件已清理，请重新生成。" in [each.value for each in page.caption]
    count = len(kitchen.begun)
    page.button(key="make documents").click().run()
    assert not page.exception
    assert len(kitchen.begun) == count + 1


def test_the_page_tells_the_turn_and_gives_up(kitchen: Kitchen, page: AppTest) -> None:
    before = kitchen.order("of another")
    page.run()
    page.text_input[0].input("  测绘<b>一</b>院 ")
    page.button(key="make documents").click().run()
    assert not page.exception
    assert kitchen.asked[-1].maker == "测绘<b>一</b>院"
    assert [each.value for each in page.caption if "排队中：前面还有1份" in each.value]
    assert page.button(key="make documents").disabled
    kitchen.end(before)
    assert kitchen.running()[1]
    kitchen.begun[1].what = "绘制红![x](http://127.0.0.1:9/leak.png)庙子"
    page.run()
    (bar,) = page.get("progress")
    assert bar.proto.text.startswith("绘制红\\!\\[x\\]\\(http")  # a name, not an image
    page.button(key="give documents up").click().run()
    assert not page.exception
    assert not page.button(key="make documents").disabled
    kitchen.begun[1].wait(PATIENCE_S)
    assert kitchen.begun[1].ended
