"""A folder that papers cannot go to is told before the long work, and nothing is touched."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from geo.errors import PlanningError
from report import ordering
from report.drafts import drafting
from report.ordering import Order, fulfil
from report.papers import DIGESTS, MANIFEST, digest
from tests.analysis.toy_study import write_study
from tests.analysis.what_if_city import city


class LongWorkError(Exception):
    """What must not begin."""


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a study whose facilities are all that lies in a folder of ledgers."""

    def begun(*_: object, **__: object) -> None:
        raise LongWorkError

    monkeypatch.setattr(ordering, "load_study", begun)
    file = write_study(city(tmp_path), tmp_path / "study")
    (file.parent / "led").mkdir()
    shutil.move(file.parent / "facilities.gpkg", file.parent / "led" / "a.gpkg")
    return file


def layer(study: Path, path: str) -> None:
    text = study.read_text(encoding="utf-8")
    study.write_text(text.replace("facilities.gpkg", path), encoding="utf-8")


@pytest.mark.parametrize(("path", "out", "formats", "file"), [
    ("led/*.gpkg", "led/数据", ("docx", "xlsx", "gpkg"), None),
    ("led/*/*.gpkg", "led", ("docx", "gpkg"), r"数据/养老服务圈\.gpkg"),
    ("led/*.xlsx", "led", ("docx", "xlsx"), r"附表\.xlsx"),
    ("led/*.xlsx", "led", ("docx", "html"), None),
    ("led", "led/new/out", ("html",), r"养老服务圈\.html"),
    ("**/*.shp", ".", ("gpkg",), r"数据/shp/EPSG4490/estates\.shp"),
    ("附表.xlsx", ".", ("xlsx",), r"附表\.xlsx"),
    ("led/*.gpkg", "out", ("xlsx", "gpkg"), None),
])  # fmt: skip
def test_papers_do_not_become_data(
    study: Path, path: str, out: str, formats: tuple[str, ...], file: str | None
) -> None:
    layer(study, path)
    before = sorted(study.parent.rglob("*"))
    with pytest.raises(LongWorkError if file is None else PlanningError, match=file):
        fulfil(Order(study, formats=formats), study.parent / out)
    assert sorted(study.parent.rglob("*")) == before


@pytest.mark.parametrize(("name", "formats"), [
    ("汇报.docx", ("docx",)), ("附表.xlsx", ("html", "xlsx")), ("数据/字段说明.txt", ("gpkg",)),
    (MANIFEST, ("html",)),
])  # fmt: skip
def test_a_file_of_somebody_is_told_of_at_once(
    study: Path, tmp_path: Path, name: str, formats: tuple[str, ...]
) -> None:
    file = tmp_path / "out" / name
    file.parent.mkdir(parents=True)
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(PlanningError, match=f"已有 {name}，认不出"):
        fulfil(Order(study, formats=formats), tmp_path / "out")
    with pytest.raises(LongWorkError):  # which is in nobody's way
        fulfil(Order(study, formats=("pptx",)), tmp_path / ("out" if name != MANIFEST else "new"))
    assert file.read_text(encoding="utf-8") == "mine"


def test_a_paper_that_a_program_holds_is_told_of_at_once(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "汇报.docx").write_text("made", encoding="utf-8")
    listed = {"files": ["汇报.docx"], "headline": [], "figures": [],
              DIGESTS: {"汇报.docx": digest(tmp_path / "汇报.docx")}}  # fmt: skip
    (tmp_path / MANIFEST).write_text(json.dumps(listed), encoding="utf-8")
    with pytest.raises(LongWorkError):
        fulfil(Order(study, formats=("docx",)), tmp_path)
    opened = Path.open

    def held(self: Path, mode: str = "r", *more: Any, **how: Any) -> Any:  # noqa: ANN401
        if self.name == "汇报.docx" and "+" in mode:
            raise PermissionError(13, "Permission denied")
        return opened(self, mode, *more, **how)

    monkeypatch.setattr(Path, "open", held)
    with pytest.raises(PlanningError, match=r"汇报\.docx：无法写入.*请关闭正在使用它的程序"):
        fulfil(Order(study, formats=("html",)), tmp_path)


def test_a_folder_that_another_run_writes_into_is_told_of_at_once(
    study: Path, tmp_path: Path
) -> None:
    with drafting(tmp_path), pytest.raises(PlanningError, match="正由另一次运行写入"):
        fulfil(Order(study, formats=("html",)), tmp_path)
