"""Streets in one table: who reaches care, which estates have their rooms; columns add up."""

from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.coverage.table import OUTSIDE, STUDY
from analysis.evaluation import Evaluation
from analysis.people.told import people_unknown
from geo.language import Message, joined, say, translate
from report.areas import area_of, street_names, street_of_estates
from report.briefing.content import Column, Kind, Table
from report.provision_figures import printed_deficit, summed_note

STREETS: Final = "streets"
_PEOPLE: Final = ("elderly_60plus", "covered_60plus")
_COLUMNS: Final = (
    Column("name", say("街道"), meaning=say("街道、镇、乡、苏木；界外：不在其内的"), weight=2),
    Column("elderly_60plus", say("60岁以上（人）"), Kind.COUNT, say("位置明确的 60 岁以上老年人")),
    Column("covered_60plus", say("可达（人）"), Kind.COUNT, say("步行时限内可达的 60 岁以上")),
    Column("uncovered_60plus", say("未覆盖（人）"), Kind.COUNT,
           say("60 岁以上老年人减去可达的")),
    Column("share_60plus", say("可达率"), Kind.SHARE, say("可达人数 ÷ 60 岁以上人数")),
    Column("areas", say("小区（个）"), Kind.COUNT,
           say("台账全部小区，含不在核查范围的、位置不明的和农村的；"
               "按台账写明的街道，没有写的按位置，以下各列同")),
    Column("in_scope", say("应核查（个）"), Kind.COUNT, say("在配建核查范围内的小区")),
    Column("met", say("达标（个）"), Kind.COUNT, say("达标与统筹达标")),
    Column("short", say("不达标（个）"), Kind.COUNT),
    Column("unknown", say("无法判定（个）"), Kind.COUNT, say("资料不全，既不算达标也不算不达标")),
    Column("deficit_m2", say("缺口（㎡）"), Kind.AREA,
           say("能算出缺口的小区的缺口之和，建筑面积；没有一个小区有结论的为“–”")),
    Column("facilities", say("计入设施（处）"), Kind.COUNT,
           say("位于街道内、运营中、计入服务圈的设施；没有设施资料的为“–”")),
)  # fmt: skip


def streets_table(evaluation: Evaluation) -> Table:
    """Return a row a street in file order, what lies in none, and the sum.

    People are those whom the headline counts; estates stand in the street that their own row names,
    facilities in the one in which they stand.
    """
    coverage = evaluation.headline_coverage
    rows = coverage.loc[coverage["level"].eq("street")].reset_index(drop=True)
    if rows.empty:
        rows = coverage.loc[coverage["area_id"].eq(STUDY)].reset_index(drop=True)
    at = _rows_of(evaluation, rows)
    # Unknown as NaN, which may be compared.
    people = {name: rows[name].astype("float64") for name in (*_PEOPLE, "share_60plus")}
    table = pd.DataFrame(
        {
            "area_id": rows["area_id"],
            "name": _names(evaluation, rows),
            **people,
            "uncovered_60plus": people["elderly_60plus"] - people["covered_60plus"],
            "share_60plus": people["share_60plus"],
            **_estates(evaluation, at["estates"], len(rows)),
            "facilities": _facilities(evaluation, at["facilities"], len(rows)),
        }
    )[["area_id", *(column.key for column in _COLUMNS)]]
    lived = table[["elderly_60plus", "areas", "in_scope", "facilities"]].fillna(0).gt(0)
    kept = table.loc[table["area_id"].ne(OUTSIDE) | lived.any(axis=1)].reset_index(drop=True)
    return Table(
        STREETS, say("分街道汇总"), _COLUMNS, kept, _total(evaluation, kept),
        _note(evaluation), {"deficit_m2": summed_note(evaluation.summary["provision"])},
    )  # fmt: skip


def _names(evaluation: Evaluation, rows: pd.DataFrame) -> pd.Series:
    called = {**street_names(evaluation), OUTSIDE: translate("界外")}
    return rows["area_id"].map(called).fillna(rows["name"])  # the study itself where it has none


def _note(evaluation: Evaluation) -> Message:
    told = say("可达率的分母为该街道位置明确的 60 岁以上老年人")
    if evaluation.summary["coverage"]["lower_bound"]:
        told = joined("", told, say("；可达人数和可达率是下限，未覆盖人数是上限"))
    if evaluation.walked is not None:
        told = joined("", told, say("；农村地区不按步行衡量，其人口不在内，其小区在内"))
    if people_unknown(evaluation.located).places:
        told = joined("", told, say("；人数不明的地方不在分母内，合计不含它们"))
    return joined("", told, say("。"))


def _rows_of(evaluation: Evaluation, rows: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return of each estate and counted facility the row of its street; the last where in none."""
    position = {id_: row for row, id_ in enumerate(rows["area_id"])}
    last = position.get(OUTSIDE, 0)
    layer = evaluation.study.layer("facilities")
    spots = [] if layer is None else area_of(
        evaluation, layer.loc[layer["id"].isin(evaluation.counted)].geometry, "street", column="id"
    )  # fmt: skip
    streets = street_of_estates(evaluation)
    estates = evaluation.provision["residential_id"].map(streets)
    return {
        "estates": np.array([position.get(id_, last) for id_ in estates], dtype=np.int64),
        "facilities": np.array([position.get(id_, last) for id_ in spots], dtype=np.int64),
    }


def _estates(evaluation: Evaluation, at: np.ndarray, rows: int) -> dict[str, Any]:
    """Return how the estates of each row stand: counts by verdict, and what they lack."""
    check = evaluation.provision
    scope = check["in_scope"].to_numpy(dtype=bool)
    verdict = check["verdict"].to_numpy(dtype=object)
    lacking = check["deficit_m2"].to_numpy(dtype=np.float64, na_value=np.nan)

    def count(which: np.ndarray) -> np.ndarray:
        return np.bincount(at[which], minlength=rows)

    known = scope & ~np.isnan(lacking)
    deficit = np.bincount(at[known], weights=lacking[known], minlength=rows).astype(np.float64)
    undecided = count(scope & (verdict == "unknown"))
    # As of the whole: where no estate has a verdict nobody knows what is lacking.
    deficit[count(scope) == undecided] = np.nan
    return {
        "areas": count(np.ones(len(scope), dtype=bool)),
        "in_scope": count(scope),
        "met": count(scope & np.isin(verdict, ("met", "met_pooled"))),
        "short": count(scope & (verdict == "short")),
        "unknown": undecided,
        "deficit_m2": deficit,
    }


def _facilities(evaluation: Evaluation, at: np.ndarray, rows: int) -> np.ndarray:
    if evaluation.study.layer("facilities") is None:
        return np.full(rows, np.nan)
    return np.bincount(at, minlength=rows)


def _total(evaluation: Evaluation, rows: pd.DataFrame) -> dict[str, Any]:
    """Return the sum row: of the evaluation itself, which the rows add up to."""
    people = evaluation.headline_coverage.iloc[0]
    check = evaluation.summary["provision"]
    return {
        "name": translate("合计"),
        **{name: people[name] for name in _PEOPLE},
        "uncovered_60plus": people["elderly_60plus"] - people["covered_60plus"],
        "share_60plus": people["share_60plus"],
        "areas": check["areas"],
        "in_scope": check["in_scope"],
        "met": check["met"] + check["met_pooled"],
        "short": check["short"],
        "unknown": check["unknown"],
        "deficit_m2": np.nan if printed_deficit(check) is None else check["deficit_m2"],
        "facilities": rows["facilities"].sum(skipna=False),
    }
