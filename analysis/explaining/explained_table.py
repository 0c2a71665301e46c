"""Why a cell of the table by area is what it is: what lies outside, and who is not covered, too.

`explain` answers for the areas of the boundaries; a table of one level also has a row of all that
lies in none of them, and a column of the people who are left.
"""

from typing import Any, Final

import pandas as pd

from analysis.coverage.by_area import CELLS, SHARES, area_table
from analysis.coverage.table import OUTSIDE, STUDY
from analysis.evaluation import Evaluation
from analysis.explaining.explained import Explanation, number, unknown_key_of
from analysis.explaining.explained_coverage import (
    Behind,
    Coverage,
    ratio_explained,
    scope_notes,
    sum_explained,
    walking_parameters,
)
from analysis.rounding import nearest_whole
from geo.language import say

UNCOVERED: Final = "uncovered_60plus"
UNCOVERED_NAME: Final = say("未覆盖的60岁以上老年人")
_ESTATES: Final = {
    "full_areas": say("全部覆盖的小区"), "untouched_areas": say("完全未覆盖的小区"),
}  # fmt: skip


def explain_uncovered(evaluation: Evaluation) -> Explanation:
    """Return why as many people of the headline are left as are: without rural places."""
    told = evaluation.summary["coverage"]
    people, covered = told["elderly_60plus"], told["covered_60plus"]
    value = None if people is None or covered is None else people - covered
    behind = Coverage(evaluation).behind("elderly_60plus")
    return _left(evaluation, behind, (people, covered, value), area=None)


def explain_cell(evaluation: Evaluation, key: str, *, area: str, level: str) -> Explanation:
    """Return why a cell of the table by area is what it is.

    area, level
        As the table has them; `OUTSIDE` is what lies in no area of the level.

    Errors: PlanningError where the table has no such column.
    """
    if key not in CELLS:
        raise unknown_key_of(key, area, list(CELLS))
    table = area_table(evaluation, level)
    row = table[table["area_id"].eq(area)].iloc[0]
    value = None if pd.isna(row[key]) else row[key].item()
    whole = CELLS[key]
    behind = _behind(Coverage(evaluation), whole, area=area, level=level)
    if key == UNCOVERED:
        people, covered = (row[name] for name in ("elderly_60plus", "covered_60plus"))
        return _left(evaluation, behind, (people, covered, value), area=area)
    if key in SHARES:
        return ratio_explained(evaluation, key, value, behind, area=area)
    if key in _ESTATES:
        return _estates(evaluation, key, value, behind, area)
    return sum_explained(evaluation, key, value, behind, key, area=area)


def _behind(coverage: Coverage, whole: str, *, area: str, level: str) -> Behind:
    """Return the places of a row: those of an area, of all, or of none of the level's."""
    everywhere = coverage.behind(whole, area=("", -1))
    if area == STUDY:
        return everywhere
    counted = {
        "elderly_60plus": coverage.tally.homes, "population": coverage.tally.homes,
        "residential_m2": coverage.tally.land,
    }.get(whole, coverage.tally.estates)  # fmt: skip
    position = counted.where.area[level][everywhere.rows.index.to_numpy()]
    return everywhere._replace(rows=everywhere.rows[position == _position(coverage, area, level)])


def _position(coverage: Coverage, area: str, level: str) -> int:
    boundaries = coverage.evaluation.study.layer("boundaries")
    if boundaries is None or area == OUTSIDE:
        return -1
    return [*boundaries.loc[boundaries["level"].eq(level), "id"].astype("str")].index(area)


def _left(
    evaluation: Evaluation,
    behind: Behind,
    printed: tuple[Any, Any, Any],
    *,
    area: str | None,
) -> Explanation:
    """Return the people who are left; `printed` are all, those covered, and the difference."""
    rows = behind.rows.assign(
        **{UNCOVERED: behind.rows[behind.whole] - behind.rows[behind.part]}
    )
    people, covered, value = (number(each, 0) for each in printed)
    return Explanation(
        key=UNCOVERED,
        title=UNCOVERED_NAME,
        value=printed[2],
        unit="people",
        area=area,
        formula=say(
            "60岁以上老年人（位置明确的） {people} − 其中步行可达者 {covered} = {value}",
            people=people, covered=covered, value=value,
        ),
        numerator=float(rows[UNCOVERED].sum()),
        numerator_name=UNCOVERED_NAME,
        parameters=walking_parameters(evaluation),
        rows=rows[rows[UNCOVERED].gt(0)].reset_index(drop=True),
        notes=(
            say("位置不明的老年人不知住在哪里，既不算覆盖，也不算未覆盖。"),
            *scope_notes(evaluation, area),
        ),
    )  # fmt: skip


def _estates(
    evaluation: Evaluation,
    key: str,
    value: Any,  # noqa: ANN401 - a figure as printed
    behind: Behind,
    area: str,
) -> Explanation:
    """Return which estates are covered throughout, or nowhere."""
    share = behind.rows["share"]
    rows = behind.rows[share.ge(1) if key == "full_areas" else share.le(0)]
    formula = (
        say("全部面积可达的小区 {count} 个", count=len(rows)) if key == "full_areas"
        else say("没有一处可达的小区 {count} 个", count=len(rows))
    )  # fmt: skip
    return Explanation(
        key=key,
        title=_ESTATES[key],
        value=None if value is None else nearest_whole(float(value)),
        unit="estates",
        area=area,
        formula=formula,
        numerator=float(len(rows)),
        numerator_name=_ESTATES[key],
        parameters=walking_parameters(evaluation),
        rows=rows.reset_index(drop=True),
    )
