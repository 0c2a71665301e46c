"""The table of parameters says what was computed."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.evaluation import evaluate
from tests.analysis.toy_study import estate, facility, spot, toy_study
from ui import parameters


@pytest.mark.parametrize(("through", "word"), [(True, "是"), (False, "否")])
def test_whether_estates_may_be_walked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, through: bool, word: str
) -> None:
    study = toy_study(
        tmp_path, walking={"through_estates": through}, residential=[estate("r1", spot(9, 0))],
        facilities=[facility("f1", spot(0, 0))],
    )  # fmt: skip
    shown: list[pd.DataFrame] = []
    monkeypatch.setattr(parameters.st, "dataframe", lambda table, **_: shown.append(table))
    monkeypatch.setattr(parameters.st, "caption", lambda _: None)
    parameters.show_parameters(evaluate(study, draw="when asked"))
    table = shown[0].set_index("参数")["取值"]
    assert table["可穿行封闭小区"] == word
