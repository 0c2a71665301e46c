"""The list of estates of the provision check: filtered, summed, in words.

Everything is read from the evaluation's own tables; nothing is judged anew.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

import pandas as pd

from analysis.evaluation import Evaluation
from analysis.explaining.row_words import code_word
from analysis.provision.proposed_remedies import REMEDY
from analysis.provision.rates import rests_on_doubt
from analysis.provision.reasons import SEPARATOR
from analysis.provision.synchrony import STEPS
from geo.language import Message, say, translate
from report.estate_phases import projects_by_estate
from report.estate_reasons import reason_columns
from report.estate_remedies import Remedies
from report.figures import number
from report.provision_figures import doubted_note

OUT_OF_SCOPE: Final = "out_of_scope"
VERDICTS: Final = MappingProxyType(
    {
        "met": say("达标"), "met_pooled": say("统筹达标"), "short": say("不达标"),
        "unknown": say("无法判定"), OUT_OF_SCOPE: say("不在核查范围"),
    }
)  # fmt: skip
AREAS: Final = ("required_m2", "provided_m2", "deficit_m2")
ORDERS: Final = MappingProxyType(
    {
        "lacking": (say("缺口大的在前"), "deficit_m2", False),
        "households": (say("户数多的在前"), "households", False),
        "street": (say("按街道"), "street", True),
        "name": (say("按小区名"), "name", True),
    }
)
_REVIEW: Final = (
    "community", "in_review_by_completion", "review_date", "review_date_is", "steps_known",
    "handed_over", "first_broken_step", "warnings", *REMEDY,
)  # fmt: skip
_FOUR: Final = 4  # steps that are synchronised


@dataclass(frozen=True)
class Asked:
    """Which estates are asked for; nothing narrows by itself.

    verdicts
        Codes of `VERDICTS`; none for all.
    cohort
        Whether completed since the year the review begins, before, or nobody knows.
    scope
        In the scope of the check, outside of it, or both.
    """

    verdicts: tuple[str, ...] = ()
    street: str | None = None
    kind: str | None = None
    cohort: Literal["all", "since", "before", "unknown"] = "all"
    scope: Literal["in", "all", "out"] = "in"
    lacking: bool = False
    name: str = ""


def estate_rows(evaluation: Evaluation) -> pd.DataFrame:
    """Return one row an estate: its check with what the review says of it, the most lacking first.

    verdict is `out_of_scope` where there is none; an unknown deficit comes last. What is judged in
    several phases is called by all of them; own_name is what its own row says.
    """
    check = evaluation.provision.reset_index(drop=True)
    review = evaluation.detail.estates.reset_index(drop=True)[[*_REVIEW]].reindex(check.index)
    rows = check.assign(
        verdict=check["verdict"].where(check["in_scope"].astype(bool), OUT_OF_SCOPE), **review
    )
    told = projects_by_estate(evaluation)
    named = {each.stands: each.name for each in told.values()}
    rows = rows.assign(
        name=rows["residential_id"].replace(named).where(
            rows["residential_id"].isin(named), rows["name"]
        ),
        own_name=rows["name"],
    )  # fmt: skip
    return rows.sort_values("deficit_m2", ascending=False, kind="stable", ignore_index=True)


def matching(rows: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Return the rows asked for, in their order."""
    keep = pd.Series(data=True, index=rows.index)
    if asked.verdicts:
        keep &= rows["verdict"].isin(asked.verdicts)
    if asked.scope != "all":
        keep &= rows["in_scope"].astype(bool).eq(asked.scope == "in")
    for column, wanted in (("street", asked.street), ("kind", asked.kind)):
        if wanted is not None:
            keep &= rows[column].eq(wanted).fillna(value=False).astype(bool)
    if asked.cohort != "all":
        keep &= _in_cohort(rows["in_review_by_completion"], asked.cohort)
    if asked.lacking:
        keep &= rows["deficit_m2"].gt(0)
    if asked.name.strip():
        wanted = asked.name.strip().casefold()
        of_row = rows["own_name"].fillna(rows["residential_id"])
        names = [rows["name"].fillna(of_row), of_row]
        found = [each.astype(str).str.casefold().str.contains(wanted, regex=False)
                 for each in names]  # fmt: skip
        keep &= found[0] | found[1]
    return rows[keep.to_numpy(dtype=bool)].reset_index(drop=True)


def in_order(rows: pd.DataFrame, order: str) -> pd.DataFrame:
    """Return the rows in one of `ORDERS`: the unknown last, equal ones as they were."""
    column, ascending = ORDERS[order][1:]
    if column == "deficit_m2":  # as they come
        return rows
    return rows.sort_values(column, ascending=ascending, kind="stable", ignore_index=True)


def _in_cohort(since: "pd.Series[Any]", cohort: str) -> "pd.Series[Any]":
    if cohort == "unknown":
        return since.isna()
    return since.eq(cohort == "since").fillna(value=False).astype(bool)


def totals(rows: pd.DataFrame) -> list[Message]:
    """Return the sums of what is shown, each with how many estates it is of and who is left out."""
    labels = {
        "required_m2": say("应配"), "provided_m2": say("已配"), "deficit_m2": say("缺口"),
    }  # fmt: skip
    told = []
    for name, label in labels.items():
        known = rows[name].dropna()
        told.append(
            say("{label}合计 {sum} ㎡（{known} 个已知，{unknown} 个不明）",
                label=label, known=len(known),
                sum=number(known.sum() if len(known) else None, digits=1),
                unknown=len(rows) - len(known))
        )  # fmt: skip
    return told


def doubts(rows: pd.DataFrame) -> list[Message]:
    """Return how much of what is lacking rests on households in doubt; nothing where none does."""
    doubted = rests_on_doubt(rows)
    if not doubted.any():
        return []
    return [doubted_note(float(rows.loc[doubted, "deficit_m2"].sum()), int(doubted.sum()))]


def estate_words(evaluation: Evaluation, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows as they are read: headings and codes in words, areas as numbers."""
    problem, remark = reason_columns(rows)
    names = rows["name"].where(rows["name"].notna(), rows["residential_id"])
    return pd.DataFrame(
        {
            translate("结论"): _worded(rows["verdict"], VERDICTS),
            translate("小区"): names,
            translate("户数"): rows["households"],
            translate("应配㎡"): rows["required_m2"].round(2),
            translate("已配㎡"): rows["provided_m2"].round(2),
            translate("缺口㎡"): rows["deficit_m2"].round(2),
            translate("街道"): rows["street"],
            translate("问题原因"): problem,
            translate("整改建议"): [*Remedies(evaluation).words(rows)],
            translate("提示"): remark,
            translate("四同步"): _steps(rows),
            translate("移交"): _handed(rows),
            translate("社区"): rows["community"],
            translate("建设类型"): rows["kind"].map(
                lambda code: code_word("kind", str(code)), na_action="ignore"
            ),
            translate("编号"): rows["residential_id"],
        }
    )


def _worded(codes: "pd.Series[Any]", meaning: Any) -> "pd.Series[Any]":  # noqa: ANN401 - codes to messages
    """Return joined codes as joined words; nothing where there is none."""
    codes = codes.fillna("").astype(str)
    words = {
        each: "；".join(str(meaning[code]) for code in each.split(SEPARATOR) if code)
        for each in codes.unique()
    }
    return codes.map(words)


def _steps(rows: pd.DataFrame) -> "pd.Series[Any]":
    """Return the first broken step, else how many steps are known; nothing where none is asked."""
    broken = _worded(rows["first_broken_step"], STEPS)
    known = rows["steps_known"].map(
        lambda count: str(say("未见脱节（已知 {known}/{all} 步）", known=int(count), all=_FOUR)),
        na_action="ignore",
    )
    return broken.where(broken.ne(""), known.astype(object)).fillna("")


def _handed(rows: pd.DataFrame) -> "pd.Series[Any]":
    told = rows["handed_over"].astype(object).map(
        {True: translate("已移交"), False: translate("未移交")}
    )
    asked = rows["steps_known"].notna()
    return told.where(told.notna(), asked.map({True: translate("不明"), False: ""}))
