"""A study whose files change while they are read is not kept as what they were before."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from geo.errors import StudyError
from tests.analysis.what_if_city import city
from ui import kept
from ui.progress import silent
from ui.studies import fingerprint


def test_what_is_read_while_somebody_writes_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = city(tmp_path)
    path, layer = tmp_path / "x.study.toml", tmp_path / "l.csv"
    path.write_text('title = "x"\n[layers]\nfacilities = { path = "l.csv" }\n', encoding="utf-8")
    layer.write_text("before", encoding="utf-8")
    reads: list[str] = []

    def read(_path: Path, **_: Any) -> Any:  # noqa: ANN401
        reads.append(layer.read_text(encoding="utf-8"))
        if len(reads) == 1:
            layer.write_text("meanwhile", encoding="utf-8")
        return study

    monkeypatch.setattr(kept, "load_study", read)
    before = fingerprint(path)
    with pytest.raises(StudyError, match="正好被改动"):
        kept.read_study(path, progress=silent)
    assert kept.read_study(path, progress=silent).key == fingerprint(path)[:16] != before[:16]
    assert reads == ["before", "meanwhile"]
    shutil.copy(layer, tmp_path / "other.csv")  # what no study names changes nothing
    kept.read_study(path, progress=silent)
    assert len(reads) == 2
