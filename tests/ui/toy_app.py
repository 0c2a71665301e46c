"""The browser face on the toy city: `streamlit run tests/ui/toy_app.py`."""
# ruff: noqa: E402, TID251 - this is the browser face, started outside pytest

import dataclasses
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "ui")]

import streamlit as st
from toy import toy_evaluation

from analysis.evaluation import Evaluation
from analysis.study import Progress, Study
from ui import kept
from ui.map import script
from ui.map.layer_store import ROUTES


def load(path: Path, *, progress: Progress | None = None) -> Study:  # noqa: ARG001
    return toy_evaluation().study


def evaluate(study: Study, **how: object) -> Evaluation:  # noqa: ARG001
    return dataclasses.replace(toy_evaluation(), study=study)


kept.load_study, kept.evaluate = load, evaluate
app = st.App(str(ROOT / "ui" / "home.py"), routes=[*ROUTES, *script.ROUTES])
