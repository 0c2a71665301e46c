"""Equity: who is left out, by hand on the toy city, and columns that add up."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from analysis.coverage.equity import COLUMNS, Equity, equity
from analysis.evaluation import Evaluation, evaluate
from analysis.study import Study

from .toy_study import Row, area, box, facility, people, spot, toy_study

AT_A = [facility("f1", spot(0, 0))]


def aged(id_: str, x: float, y: float, elderly: float, oldest: float | None) -> Row:
    return {**people(id_, spot(x, y), 500, elderly), "elderly_80plus": oldest}


# At 810 m p1, p2 and p3 are covered (100, 600, 700 m); p4 and p5 are not (850, 900 m).
CROWD = [
    aged("p1", 100, 0, 100, 10), aged("p2", 600, 0, 60, 30), aged("p3", 300, 400, 40, 0),
    aged("p4", 850, 0, 30, 5), aged("p5", 900, 0, 70, 55),
]  # fmt: skip
STREETS = [
    area("west", "street", box(-10, -10, 450, 500)),  # p1, p3
    area("east", "street", box(450, -10, 870, 500)),  # p2, p4
    area("c1", "community", box(-10, -10, 200, 500)),  # p1
]


def found(study: Study) -> tuple[Equity, Evaluation]:
    evaluation = evaluate(study, draw="when asked")
    result = equity(evaluation.homes, evaluation.coverage, study.layer("boundaries"))
    return result, evaluation


def test_the_uncovered_by_hand(tmp_path: Path) -> None:
    study = toy_study(tmp_path, facilities=AT_A, population=CROWD, boundaries=STREETS)
    table = found(study)[0].table
    rows = [
        ("ALL", 100, 60, 0.6, 300, 100, 1 / 3),
        ("OUTSIDE", 55, 55, 1.0, 70, 70, 1.0),
        ("east", 35, 5, 1 / 7, 90, 30, 1 / 3),
        ("west", 10, 0, 0.0, 140, 0, 0.0),
        ("OUTSIDE", 90, 60, 2 / 3, 200, 100, 0.5),
        ("c1", 10, 0, 0.0, 100, 0, 0.0),
    ]
    expected = pd.DataFrame(rows, columns=["area_id", *COLUMNS[3:]])
    assert table["level"].tolist() == ["study", *["street"] * 3, *["community"] * 2]
    assert_frame_equal(
        table[["area_id", *COLUMNS[3:]]], expected, check_dtype=False, check_names=False
    )


def test_the_best_street_beside_the_worst_and_the_oldest_beside_all(tmp_path: Path) -> None:
    study = toy_study(tmp_path, facilities=AT_A, population=CROWD, boundaries=STREETS)
    summary = found(study)[0].summary
    assert summary["share_covered_80plus"] == pytest.approx(0.4)
    assert summary["share_covered_60plus"] == pytest.approx(2 / 3)
    assert summary["oldest_less_sixties"] == pytest.approx(0.4 - 2 / 3)
    oldest, sixties = summary["streets_80plus"], summary["streets_60plus"]
    assert (oldest["best"]["area_id"], oldest["worst"]["area_id"]) == ("west", "east")
    assert oldest["ratio"] == pytest.approx(7 / 6)  # 1 against 30 of 35
    assert sixties["ratio"] == pytest.approx(3 / 2)  # 1 against 60 of 90


def test_no_ratio_to_a_street_where_nobody_is_covered(tmp_path: Path) -> None:
    far = [*STREETS[:1], area("far", "street", box(840, -10, 910, 10))]
    study = toy_study(tmp_path, facilities=AT_A, population=CROWD, boundaries=far)
    streets = found(study)[0].summary["streets_60plus"]
    assert streets["worst"] == {"area_id": "far", "name": "area far", "share": 0.0}
    assert streets["ratio"] is None
    alone = toy_study(tmp_path, facilities=AT_A, population=CROWD, boundaries=STREETS[:1])
    assert found(alone)[0].summary["streets_60plus"] is None


def test_the_oldest_are_never_borrowed_from_others(tmp_path: Path) -> None:
    crowd = [people("p1", spot(100, 0), 9, 9), people("p4", spot(850, 0), 9, 4)]
    study = toy_study(tmp_path, facilities=AT_A, population=crowd, boundaries=STREETS)
    result, _ = found(study)
    oldest = [name for name in COLUMNS if "80plus" in name]
    assert result.table[oldest].isna().all(axis=None)
    assert result.table["area_id"].tolist() == ["ALL", "east", "west", "OUTSIDE", "c1"]
    assert result.summary["share_covered_80plus"] is None
    assert result.summary["oldest_less_sixties"] is None
    # Where some state it, a street whose homes do not is unknown, not without old people.
    crowd = [aged("p1", 100, 0, 9, 2), aged("p4", 850, 0, 4, None)]
    study = toy_study(tmp_path, facilities=AT_A, population=crowd, boundaries=STREETS)
    table = found(study)[0].table.set_index("area_id")
    assert table.loc["ALL", "elderly_80plus"] == 2
    assert pd.isna(table.loc["east", "elderly_80plus"])
    assert np.isnan(table.loc["east", "share_uncovered_80plus"])
    assert table.loc["west", "elderly_80plus"] == 2


def test_nobody_known_is_nobody_told(tmp_path: Path) -> None:
    result, _ = found(toy_study(tmp_path, facilities=AT_A, boundaries=STREETS))
    assert result.table[list(COLUMNS[3:])].isna().all(axis=None)
    assert result.summary["share_covered_60plus"] is None
    assert result.summary["streets_60plus"] is None


def test_parts_of_people_add_up_to_whole_ones(tmp_path: Path) -> None:
    # Three streets of 1.4 old people, none covered: 4.2 in all are 4; the tie goes by id.
    crowd = [aged(f"p{n}", 820 + n * 30, 0, 4.4, 1.4) for n in range(3)]
    streets = [
        area(id_, "street", box(810 + n * 30, -9, 830 + n * 30, 9))
        for n, id_ in enumerate(["s3", "s1", "s2"])
    ]
    table = found(toy_study(tmp_path, facilities=AT_A, population=crowd, boundaries=streets))[
        0
    ].table
    counts = table.set_index("area_id")["uncovered_80plus"]
    assert counts.to_dict() == {"ALL": 4, "s1": 2, "s2": 1, "s3": 1}
    assert table["uncovered_60plus"].tolist() == [13, 5, 4, 4]
    assert table["area_id"].tolist() == ["ALL", "s1", "s2", "s3"]


def test_every_level_adds_up_and_60plus_are_those_of_the_coverage(bundled: Evaluation) -> None:
    table = equity(bundled.homes, bundled.coverage, bundled.study.layer("boundaries")).table
    whole = [name for name in COLUMNS if name.startswith(("elderly", "uncovered"))]
    for level in ("street", "community"):
        rows = table[table["level"] == level]
        assert (rows[whole].sum() == table.loc[0, whole]).all()
        assert rows["uncovered_80plus"].is_monotonic_decreasing
    coverage = bundled.coverage.set_index(["level", "area_id"])
    here = table.set_index(["level", "area_id"])
    left = coverage["elderly_60plus"] - coverage["covered_60plus"]
    assert (here["uncovered_60plus"] == left.loc[here.index]).all()
    # The census of both counties has 17,811 of 80+ in towns; 34 found no home.
    assert table.loc[0, "elderly_80plus"] == 17_777
    homes = bundled.homes
    left_out = float((homes["elderly_80plus"] * (1 - homes["share"])).sum())
    assert table.loc[0, "uncovered_80plus"] == pytest.approx(left_out, abs=1)
