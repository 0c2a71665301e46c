"""The table of projects to build in the years ahead (近期建设项目表), and of those left over."""

import numpy as np
import pandas as pd

from analysis.siting.years.phasing import LEFT_OVER, LeftOver, Means, Phases
from geo.streets.network import Ints

NAME, PLACE, KIND = "项目名称", "位置", "建设类型"
AREA, COST, YEAR = "建筑面积（平方米）", "造价（万元）", "建设年份"
WHO, CLAUSE, CHECK, NOTE = "责任单位", "依据", "须核实", "备注"
ID = "备选点编号"
GAIN, COVERED, SHARE = "新增覆盖60岁以上（人）", "累计覆盖60岁以上（人）", "累计覆盖率"
NUMBER, REASON = "序号", "未排入原因"
TOTAL, OPEN = "合计", "待定"

GIVEN = {
    "id": ID,
    "name": NAME,
    "place": PLACE,
    "kind": KIND,
    "floor_area_m2": AREA,
    "cost_wan": COST,
    "responsible": WHO,
    "clause": CLAUSE,
    "check": CHECK,
    "note": NOTE,
}
COLUMNS = [
    NUMBER, ID, NAME, PLACE, KIND, AREA, COST, YEAR, WHO, CLAUSE, GAIN, COVERED, SHARE, CHECK, NOTE,
]  # fmt: skip


def project_table(
    projects: pd.DataFrame, phases: Phases, means: Means, *, elderly: float, covered: float
) -> pd.DataFrame:
    """Return the projects in the order built, what each gains, and a sum in the last row.

    projects
        A row for each site of `phases`, with the columns of `GIVEN`: id, name, place (street), kind
        (新建, 改建, 扩建), floor_area_m2, cost_wan, responsible, clause, check (what is to be
        looked at), note. Who is responsible is 待定 where not given; other texts stay empty,
        figures NaN.
    elderly, covered
        People aged 60+ of the study, and those whom existing facilities cover.

    Texts are plain values as given; a sum is empty (NaN) where one of its figures is unknown.
    The share is NaN where there are no elderly. Errors: ValueError for a column that is missing,
    or another number of rows.
    """
    given = _given(projects, len(phases.year))
    order = built_in_order(phases)
    table = given.iloc[order].reset_index(drop=True)
    table[NUMBER] = np.arange(1, len(order) + 1).astype(object)
    table[YEAR] = np.asarray(means.years)[phases.year[order]].astype(object)
    table[WHO] = table[WHO].where(table[WHO].str.strip() != "", OPEN)
    table[GAIN] = phases.gain[order]
    table[COVERED] = covered + np.cumsum(phases.gain[order])
    table[SHARE] = table[COVERED] / elderly if elderly > 0 else np.nan
    end = covered + phases.gain[order].sum()
    total = {
        NUMBER: TOTAL,
        AREA: table[AREA].sum(skipna=False),
        COST: table[COST].sum(skipna=False),
        GAIN: table[GAIN].sum(),
        COVERED: end,
        SHARE: end / elderly if elderly > 0 else np.nan,
    }
    blank = dict.fromkeys([ID, NAME, PLACE, KIND, YEAR, WHO, CLAUSE, CHECK, NOTE], "")
    last = pd.DataFrame([blank | total], columns=COLUMNS)
    return pd.concat([table[COLUMNS], last], ignore_index=True) if len(table) else last


def left_over_table(projects: pd.DataFrame, phases: Phases) -> pd.DataFrame:
    """Return the sites built in no year, in the order given, and why, in the language spoken."""
    given = _given(projects, len(phases.year))
    reasons = pd.Series(phases.left_over)
    left = (reasons != LeftOver.BUILT).to_numpy()
    table = given.loc[left, [ID, NAME, PLACE, COST]].reset_index(drop=True)
    table[REASON] = reasons[left].map(lambda why: str(LEFT_OVER[why])).to_numpy(dtype=object)
    return table


def _given(projects: pd.DataFrame, size: int) -> pd.DataFrame:
    """Return the columns given under their Chinese names, texts never missing."""
    missing = [name for name in GIVEN if name not in projects]
    if missing or len(projects) != size:
        msg = f"{size} projects are needed; columns missing: {missing}."
        raise ValueError(msg)
    table = projects[list(GIVEN)].rename(columns=GIVEN).reset_index(drop=True)
    for text in (ID, NAME, PLACE, KIND, WHO, CLAUSE, CHECK, NOTE):
        table[text] = table[text].astype(object).where(table[text].notna(), "").map(str)
    return table.astype({AREA: float, COST: float})


def built_in_order(phases: Phases) -> Ints:
    """Return the sites built: by year, in each the one first that gains most; ties to the first."""
    site = np.arange(len(phases.year))
    order = np.lexsort((site, -phases.gain, phases.year))
    return order[phases.year[order] >= 0]
