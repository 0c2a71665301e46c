"""A folder that papers cannot go to is told before the long work, and nothing is touched."""

import shutil
from pathlib import Path

import pytest

from geo.errors import PlanningError
from report import ordering
from report.ordering import Order, fulfil
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
