"""The browser face where a first reading and every keeping of names fail: `streamlit run …`."""
# ruff: noqa: E402, TID251 - this is the browser face, started outside pytest

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]

import streamlit as st

from analysis.study import Study, load_study
from ui import kept
from ui.data import names
from ui.map import script
from ui.map.layer_store import ROUTES
from ui.unforeseen import take_over

WHERE = "SECRET in /srv/secret.csv"
asked: list[Path] = []


def load_at_the_second_try(path: Path, **how: object) -> Study:
    asked.append(path)
    if len(asked) == 1:
        raise RuntimeError(WHERE)
    return load_study(path, **how)  # type: ignore[arg-type]


def keep_nothing(*_: object, **__: object) -> None:
    raise RuntimeError(WHERE)


kept.load_study = load_at_the_second_try
names.confirm = keep_nothing
app = st.App(
    str(ROOT / "ui" / "home.py"), routes=[*ROUTES, *script.ROUTES], on_script_error=take_over
)
