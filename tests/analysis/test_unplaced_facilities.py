"""Coverage beside facilities that stand nobody knows where: a lower bound, and said to be one."""

from pathlib import Path

import pytest

from analysis.evaluation import evaluate
from analysis.placing.unplaced import unplaced_facilities

from .toy_study import Row, box, facility, people, spot, toy_study

# The streets and facilities reach far beyond the one home, so that nothing else is unknown.
FAR = (((-3000.0, 0.0), (3000.0, 0.0)), ((0.0, -3000.0), (0.0, 3000.0)))
KNOWN = [
    facility("f1", spot(0, 10), status="operating"),
    facility("f2", spot(1200, 0), status="operating"),
]


@pytest.mark.parametrize(
    ("more", "count"),
    [
        pytest.param([], 0, id="all have a place"),
        pytest.param([facility("f3", None, status="operating")], 1, id="one without"),
        pytest.param([facility("f3", None, status="closed")], 0, id="closed"),
        pytest.param([facility("f3", None, status=None)], 0, id="status unknown"),
        pytest.param([facility("f3", None, "care_home", status="operating")], 0, id="no circle"),
    ],
)
def test_only_facilities_that_would_count_make_a_lower_bound(
    tmp_path: Path, more: list[Row], count: int
) -> None:
    study = toy_study(
        tmp_path, streets=FAR, facilities=[*KNOWN, *more],
        population=[people("p1", box(-60, -60, 60, 60), 10, 4)],
    )  # fmt: skip
    assert unplaced_facilities(study) == count
    coverage = evaluate(study, draw="when asked").summary["coverage"]
    assert (coverage["lower_bound"], coverage["edge_60plus"]) == (count > 0, 0)
    assert coverage["share_60plus"] == 1
