"""The people of a figure may be those of another year than the study: then their date is told."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.description import LayerSource
from analysis.evaluation import Evaluation, evaluate
from report.briefing.bases import key_bases
from report.briefing.figures import key_figures
from report.conclusions import headline
from report.people_date import dates_of_data
from tests.analysis.toy_study import box, facility, people, spot, toy_study

CENSUS = dt.date(2020, 11, 1)


def told_of(folder: Path, *, date: dt.date | None, years: tuple[int, ...] = ()) -> Evaluation:
    """Return a study of two places of people, whose layer or rows tell when they were counted."""
    rows = [people(f"p{n}", box(n * 40, 5, n * 40 + 30, 30), 100.0, 40.0) for n in range(2)]
    for row, year in zip(rows, years, strict=False):
        row["year"] = float(year)
    study = toy_study(folder, population=rows, facilities=[facility("f1", spot(0, 0))])
    assert study.on.year == 2025
    layers = dict(study.description.layers)
    layers["population"] = LayerSource(path="people.gpkg", date=date)
    described = study.description.model_copy(update={"layers": layers})
    return evaluate(replace(study, description=described), draw="when asked")


@pytest.mark.parametrize(
    ("date", "years", "told", "foot"),
    [
        (CENSUS, (), "（人口资料为2020年11月1日）", "人口资料时点：2020-11-01，其余资料时点："),
        (CENSUS, (2020, 2020), "（人口资料为2020年11月1日）", "人口资料时点：2020-11-01，"),
        # The rows know better than the date of the file.
        (dt.date(2025, 6, 1), (2020, 2020), "（人口资料为2020年）", "人口资料时点：2020，"),
        (None, (2020, 2020), "（人口资料为2020年）", "人口资料时点：2020，其余资料时点："),
        (dt.date(2025, 1, 1), (), "", "资料时点："),
        (None, (), "", "人口资料时点不明，其余资料时点："),
        (CENSUS, (2018, 2020), "", "人口资料时点不明，其余资料时点："),
    ],
)
def test_the_people_are_dated_where_they_are_of_another_year(
    tmp_path: Path, date: dt.date | None, years: tuple[int, ...], told: str, foot: str
) -> None:
    evaluation = told_of(tmp_path, date=date, years=years)
    assert f"80人{told}中80人可达" in str(headline(evaluation))
    share, left, *_ = key_bases(evaluation)
    assert f"老年人 80 人{told}，不是全部人口" in str(share.of)
    assert f"老年人 80 人{told}，本身是人数" in str(left.of)
    year = "（2020年人口）" if told else ""
    assert str(key_figures(evaluation)[0].of[0]) == f"80 人{year}中 80 人"
    assert str(dates_of_data(evaluation)).startswith(foot)
    assert str(dates_of_data(evaluation)).endswith(evaluation.study.on.isoformat())
