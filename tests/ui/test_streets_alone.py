"""A study of streets and nothing else: its map has no places, and no error."""

import json
from pathlib import Path

from analysis.evaluation import evaluate
from tests.analysis.toy_study import toy_study
from ui.map.layer_store import Later
from ui.map.scene import draw_evaluation, draw_study


def test_streets_alone_make_a_map(tmp_path: Path) -> None:
    evaluation = evaluate(toy_study(tmp_path), draw="when asked")
    assert evaluation.study.layers == {}
    assert evaluation.homes.crs == evaluation.study.crs
    drawn = {**draw_study(evaluation.study), **draw_evaluation(evaluation)}
    for name, document in drawn.items():
        told = json.loads(document.draw() if isinstance(document, Later) else document)
        assert bool(told.get("features")) == (name == "streets"), name
