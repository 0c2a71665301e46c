"""Places by hand taken back, and put back exactly as they were."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import streamlit as st  # noqa: TID251 - what the page remembers
from clerk import clerk_study

from analysis.placing.by_hand import hand_file, place_by_hand, read_hand_places
from analysis.placing.lookup import without_place
from analysis.study import load_study
from ui.data import places


def renamed(study: Path, now: str) -> None:
    ledger = study.parent / "facilities.csv"
    text = ledger.read_text(encoding="utf-8")
    assert "五号助餐点" in text
    ledger.write_text(text.replace("五号助餐点", now), encoding="utf-8")


def test_a_stale_place_comes_back_as_it_was_and_onto_no_other_row(tmp_path: Path) -> None:
    study = clerk_study(tmp_path)
    place_by_hand(study, "facilities", "f4", 118.9512, 42.2834, by="张")
    renamed(study, "完全另一处养老院")
    kept, text = read_hand_places(study), hand_file(study).read_bytes()
    subject: Any = SimpleNamespace(path=study)
    said = places._dropping(subject, kept[0])()  # noqa: SLF001 - what the button does
    assert not hand_file(study).exists()
    assert said.undo is not None
    said.undo()
    assert hand_file(study).read_bytes() == text
    facilities = load_study(study).layers["facilities"]
    assert without_place(facilities[facilities["id"].eq("f4")]).all()


def test_a_place_is_put_back_whose_row_is_gone(tmp_path: Path) -> None:
    study = clerk_study(tmp_path)
    place_by_hand(study, "facilities", "f4", 118.9512, 42.2834)
    ledger = study.parent / "facilities.csv"
    lines = ledger.read_text(encoding="utf-8").splitlines()
    ledger.write_text("\n".join(line for line in lines if not line.startswith("f4")) + "\n",
                      encoding="utf-8")  # fmt: skip
    kept = read_hand_places(study)
    subject: Any = SimpleNamespace(path=study)
    said = places._dropping(subject, kept[0])()  # noqa: SLF001
    assert said.undo is not None
    said.undo()
    assert read_hand_places(study) == kept


def test_undoing_a_place_brings_the_one_before_it_back(tmp_path: Path) -> None:
    study = clerk_study(tmp_path)
    place_by_hand(study, "facilities", "f4", 118.9512, 42.2834)
    renamed(study, "五号助餐点（新名）")
    before = read_hand_places(study)
    subject: Any = SimpleNamespace(path=study, study=load_study(study))
    said = places._placing(subject, "facilities", "f4", (118.952, 42.284))()  # noqa: SLF001
    assert [one.name for one in read_hand_places(study)] == ["五号助餐点（新名）"]
    assert said.undo is not None
    said.undo()
    assert read_hand_places(study) == before


def test_a_click_for_one_row_is_none_for_another(tmp_path: Path) -> None:
    subject: Any = SimpleNamespace(path=tmp_path / "x.study.toml")
    one, other = (pd.Series({"layer": "facilities", "id": id_}) for id_ in ("f4", "f5"))
    assert places._picked(subject, one) is None  # noqa: SLF001
    st.session_state[f"picked {subject.path}"] = (118.95, 42.28)
    assert places._picked(subject, one) == (118.95, 42.28)  # noqa: SLF001
    assert places._picked(subject, other) is None  # noqa: SLF001
    assert places._picked(subject, one) is None  # noqa: SLF001
