"""Sites asked of a study that knows of nobody: refused with what is wanting, never a crash."""

from pathlib import Path

import pytest

from analysis.evaluation import evaluate
from analysis.siting.asked import Asked
from analysis.siting.choosing import choose_sites
from geo.errors import SitingError
from tests.analysis.toy_study import box, estate, facility, spot, toy_study


def test_a_study_without_population_is_told_what_it_lacks(tmp_path: Path) -> None:
    study = toy_study(
        tmp_path,
        facilities=[facility("f1", spot(0, 0), status="operating")],
        residential=[estate("r1", box(0, 0, 60, 60)), estate("r2", None)],
        candidates=[{"id": "c1", "name": "备1", "area_m2": 300.0, "geometry": spot(900, 0)}],
    )
    with pytest.raises(SitingError, match="60 岁以上人口"):
        choose_sites(evaluate(study, draw="when asked"), Asked(count=1))
