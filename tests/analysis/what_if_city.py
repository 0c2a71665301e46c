"""A toy city to try changes on: two streets, two facilities that count, five homes, ten minutes.

        D (300,400)
        |
A ----- B ----- C ----- E        and a lane of 100 m north of A-B that meets no other street
0,0    300     600     900

Ten minutes at 0.9 m/s are 540 m. f1 stands at A, f2 at C. People aged 60+: 5 at A, 20 at 100 m,
10 at D, 30 at E, 8 beside the lane.
"""

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from pandas.testing import assert_frame_equal

from analysis.evaluation import Evaluation, evaluate
from analysis.scenario import apply
from analysis.study import Study
from analysis.what_if.live import Live, Outcome
from geo.position.coordinates import WGS84
from tests.analysis.toy_study import area, box, estate, facility, people, spot, toy_study
from tests.conftest import METRIC, TOY_STREETS

LANE = ((0.0, 150.0), (100.0, 150.0))
PEOPLE = (
    people("a", spot(0, 0), 50, 5), people("b", spot(100, 0), 100, 20),
    people("d", spot(300, 400), 40, 10), people("e", spot(900, 0), 90, 30),
    people("lane", spot(50, 140), 20, 8),
)  # fmt: skip
FACILITIES = (facility("f1", spot(0, 0)), facility("f2", spot(600, 0)))
ON_LANE = facility("f3", spot(60, 150))
HOME_FOR_OLD = facility("f4", spot(900, 0), category="care_home")
STREETS = (
    area("s1", "street", box(-100, -500, 450, 500)), area("s2", "street", box(450, -500, 1000, 500))
)  # fmt: skip
PLOT = {"id": "c1", "name": "plot", "geometry": box(290, 390, 310, 410)}
ESTATES = (
    estate("r1", box(400, 10, 500, 110), gated=True),
    estate("r2", box(700, 10, 850, 60)), estate("r3", spot(250, 20)),
)  # fmt: skip
GATES = ({"id": "e1", "residential_id": "r1", "geometry": spot(500, 60)},)


def city(folder: Path, **layers: Any) -> Study:  # noqa: ANN401 - rows, by layer
    """Return the city; layers may be told otherwise, `walking` too."""
    rows = {"facilities": FACILITIES, "population": PEOPLE, "boundaries": STREETS, **layers}
    walking = {"limit_min": 10.0, **rows.pop("walking", {})}
    return toy_study(folder, streets=(*TOY_STREETS, LANE), walking=walking, **rows)


def full_city(folder: Path) -> Study:
    """Return the city with estates of cells and gates, people spread over them, a rural street."""
    everybody = people("all", box(380, -20, 860, 120), 900, 300)
    return city(
        folder,
        facilities=(*FACILITIES, ON_LANE, HOME_FOR_OLD),
        population=(*PEOPLE, everybody, people("rural", spot(300, 590), 60, 7)),
        residential=ESTATES,
        entrances=GATES,
        candidates=(PLOT,),
        barriers=({"geometry": box(600, 5, 800, 6).boundary},),
        boundaries=(
            {**STREETS[0], "setting": "urban"}, STREETS[1],
            area("s3", "street", box(-100, 550, 900, 900), setting="rural"),
            area("k1", "county", box(-100, -500, 450, 500)),
        ),
    )  # fmt: skip


def degrees(x: float, y: float) -> dict[str, float]:
    """Return a toy position as WGS84 degrees."""
    here = gpd.GeoSeries([spot(x, y)], crs=METRIC).to_crs(WGS84).iloc[0]
    return {"lon": here.x, "lat": here.y}


def pair(x: float, y: float) -> tuple[float, float]:
    """Return a toy position as a pair of degrees."""
    here = degrees(x, y)
    return here["lon"], here["lat"]


def covered(outcome: Outcome) -> dict[str, int]:
    """Return the covered people by area."""
    return dict(zip(outcome.areas["area_id"], outcome.areas["covered_60plus"], strict=True))


def printed(evaluation: Evaluation) -> pd.DataFrame:
    """Return the rows and columns of coverage.csv that a live outcome tells."""
    told = evaluation.coverage["level"].isin(["study", "street"])
    columns = ["level", "area_id", "name", "elderly_60plus", "covered_60plus", "share_60plus"]
    return evaluation.coverage.loc[told, columns].reset_index(drop=True)


def require_as_evaluated(live: Live, study: Study) -> Evaluation:
    """Require the present figures to be those of a whole evaluation, to the last bit."""
    full = evaluate(apply(live.scenario, study), draw="when asked")
    assert_frame_equal(live.now.areas.reset_index(drop=True), printed(full), check_exact=True)
    summary = full.summary["coverage"]
    assert live.now.summary == {key: summary[key] for key in live.now.summary}
    assert tuple(live.now.reached.facilities["id"]) == full.counted
    return full
