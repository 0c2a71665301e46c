"""A town of three estates and two facilities with names that mean something to programs."""

from pathlib import Path

import pandas as pd

from analysis.evaluation import Evaluation, evaluate
from tests.analysis.toy_study import area, box, estate, facility, people, spot, toy_study

HOSTILE = ('=HYPERLINK("http://x","点")', "@SUM(1)", "<b>甲</b>&", "𠮷㙍䶮", "长" * 400)


def toy_evaluation(folder: Path) -> Evaluation:
    """Return a town in which one estate is an outline, one a point, one has no place."""
    study = toy_study(
        folder,
        facilities=[
            facility("f1", spot(0, 0), floor_area_m2=50.0, serves="r1", status="operating"),
            facility("f2", None, name=HOSTILE[1], status="closed"),
        ],
        residential=[
            estate("r1", box(0, 0, 90, 90), 200, name=HOSTILE[0], care_floor_area_m2=None),
            estate("r2", spot(600, 10), 100, name=HOSTILE[3], care_floor_area_m2=0.0),
            estate("r3", None, float("nan"), name=HOSTILE[4], care_floor_area_m2=30.0,
                   completed_on=pd.Timestamp("1900-01-15")),
        ],
        population=[people("p1", box(0, 0, 900, 400), 300, 60)],
        boundaries=[area("s1", "street", box(-10, -10, 1000, 500), name=HOSTILE[2])],
    )  # fmt: skip
    return evaluate(study, draw="when asked")
