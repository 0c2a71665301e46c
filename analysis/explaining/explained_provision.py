"""Why a figure of the provision check is what it is: the estates behind it."""

from typing import Any, Final

import pandas as pd

from analysis.evaluation import Evaluation
from analysis.explaining.explained import Explanation, amount, number
from analysis.explaining.figure_names import figure_name
from analysis.explaining.rate_names import rate_names, verdicts_counted
from analysis.provision.projects import duty_date, project_of
from analysis.provision.rates import (
    DECIDED,
    PASSED,
    REVIEW_SINCE,
    SAME_M2,
    UNKNOWN_MAX,
    household_weights,
    latest_of_project,
    rests_on_doubt,
    review_date,
    unknown_share,
    verdicts_in_scope,
)
from analysis.provision.reasons import SEPARATOR
from analysis.rule_keys import FLOOR_AREA
from analysis.rulebook import Rule
from geo.language import Message, say

VERDICTS: Final = ("met", "met_pooled", "short", "unknown")
SHOWN: Final = (
    "residential_id", "name", "street", "kind", "households", "required_m2", "provided_m2",
    "deficit_m2", "verdict", "rule",
)  # fmt: skip
# The larger first: by the lower figure of two that contradict, and by the higher.
DEFICITS: Final = ("deficit_m2", "deficit_least_m2")
DOUBTED: Final = ("deficit_doubted_m2", "deficit_doubted_areas")
APART: Final = "deficit_apart_areas"
PASSED_FOR: Final = {"rate_own": ("met",)}
_TARGETS: Final = {"rate_new": ("provision_rate_target", "new")}


def explain_provision(
    evaluation: Evaluation, key: str, *, value: Any, which: pd.Series, area: str | None  # noqa: ANN401
) -> Explanation:
    """Return why a figure of the provision check is what it is.

    which
        Of each row of the provision table whether it belongs to the area.
    """
    table = evaluation.provision[which.to_numpy()]
    scope = table[table["in_scope"]]
    if key.startswith("rate"):
        return _rate(evaluation, key, value, scope, area)
    if key == "unknown_share":
        return _unknown_share(evaluation, value, scope, area)
    rows = _rows_of(key, table)
    if key == APART:
        rows = rows[_apart(rows, evaluation.detail.check.deficit_least_m2.reindex(rows.index))]
    name = figure_name(key, "provision")
    lacking = key in (*DEFICITS, DOUBTED[0])
    notes: tuple[Message, ...] = ()
    total, formula = float(len(rows)), say("符合条件的小区 {count} 个", count=len(rows))
    if lacking:
        least = evaluation.detail.check.deficit_least_m2.reindex(rows.index)
        rows = rows.assign(deficit_least_m2=least)
        summed = key if key in DEFICITS else DEFICITS[1]
        total = float(rows[summed].sum())
        formula = say("{count} 个不达标小区的缺口相加 = {total} 平方米",
                      count=len(rows), total=number(total, 1))  # fmt: skip
        notes = (*_doubted(rows, summed), *_contradicted(rows), *_left_out(scope, rows))
    return Explanation(
        key=key,
        title=name.name,
        value=value,
        unit=name.unit,
        area=area,
        formula=formula,
        numerator=total,
        numerator_name=name.name,
        parameters=provision_parameters(evaluation),
        rule=floor_area_rule(evaluation),
        rows=shown(rows, "deficit_least_m2") if lacking else shown(rows),
        notes=notes,
    )


def _contradicted(rows: pd.DataFrame) -> tuple[Message, ...]:
    """Return that of some estates less may be lacking, as two figures tell of their rooms."""
    apart = _apart(rows, rows["deficit_least_m2"])
    if not apart.any():
        return ()
    most, least = (float(rows[name].sum()) for name in DEFICITS)
    return (
        say(
            "其中 {count} 个小区的面积说法不一（如两本台账矛盾）：按较低面积，缺口合计 {most} "
            "平方米；按较高面积，缺口合计 {least} 平方米。",
            count=int(apart.sum()), most=number(most, 1), least=number(least, 1),
        ),
    )  # fmt: skip


def _apart(rows: pd.DataFrame, least: pd.Series) -> "pd.Series[bool]":
    return (rows["deficit_m2"] - least).gt(SAME_M2)


def _doubted(rows: pd.DataFrame, key: str) -> tuple[Message, ...]:
    """Return how much of a sum of deficits rests on households that can hardly be right."""
    doubted = rows.loc[rests_on_doubt(rows), key]
    if doubted.empty:
        return ()
    return (
        say(
            "其中 {doubted} 平方米来自户数存疑的 {count} 个小区（户数远大于其他小区，疑似有误），"
            "核实后可能变小。",
            doubted=number(float(doubted.sum()), 1), count=len(doubted),
        ),
    )  # fmt: skip


def _left_out(scope: pd.DataFrame, rows: pd.DataFrame) -> tuple[Message, ...]:
    """Return how many estates a sum of deficits says nothing of.

    rows
        Those that make the sum: where their households are in doubt it is no lower bound.
    """
    unknown = int(scope["verdict"].eq("unknown").sum())
    if not unknown:
        return ()
    if rests_on_doubt(rows).any():
        return (say("另有 {count} 个小区无法判定，其缺口不在其中。", count=unknown),)
    return (say("另有 {count} 个小区无法判定，其缺口不在其中，合计只会更大。", count=unknown),)


def _unknown_share(
    evaluation: Evaluation,
    value: Any,  # noqa: ANN401 - a figure as printed
    scope: pd.DataFrame,
    area: str | None,
) -> Explanation:
    """Return which part of the households has no verdict, and why that bears on the rates."""
    weight = household_weights(scope["households"])
    undecided = weight.where(scope["verdict"].eq("unknown"), 0.0)
    part, whole = float(undecided.sum()), float(weight.sum())
    return Explanation(
        key="unknown_share",
        title=figure_name("unknown_share").name,
        value=value,
        unit="share",
        area=area,
        formula=say(
            "{part_name} {part} ÷ {whole_name} {whole} = {value}",
            part_name=say("无法判定小区的户数"),
            part=number(part),
            whole_name=say("核查范围内小区的户数"),
            whole=number(whole),
            value=amount(value, "share"),
        ),
        numerator=part,
        numerator_name=say("无法判定小区的户数"),
        denominator=whole,
        denominator_name=say("核查范围内小区的户数"),
        parameters=provision_parameters(evaluation),
        rule=floor_area_rule(evaluation),
        rows=shown(
            scope.assign(weight_households=weight, undecided_households=undecided),
            "weight_households", "undecided_households",
        ),
        notes=(
            say("户数不明的小区按其余小区的中位数计；超过 {most:.0%} 即不给达标率。",
                most=UNKNOWN_MAX),
        ),
    )  # fmt: skip


def _rows_of(key: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return the estates that a count or sum is made of."""
    scope = table[table["in_scope"]]
    if key == "areas":
        return table
    if key == "assumed":
        return scope[_assumed(scope)]
    if key in DOUBTED:
        return scope[rests_on_doubt(scope)]
    if key in DEFICITS:
        return scope[scope["deficit_m2"].gt(0)]
    return scope[scope["verdict"].eq(key)] if key in VERDICTS else scope


def _rate(
    evaluation: Evaluation,
    key: str,
    value: Any,  # noqa: ANN401 - a figure as printed
    scope: pd.DataFrame,
    area: str | None,
) -> Explanation:
    """Return why a pass rate is what it is: 1 for each row that passes, over the rows."""
    scope = scope[_cohort(evaluation, key, scope)]
    unknown = unknown_share(verdicts_in_scope(scope))
    rows = scope if key == "rate_floor" else scope[scope["verdict"].isin(DECIDED)]
    passed = rows["verdict"].isin(PASSED_FOR.get(key, PASSED))
    part, whole = float(passed.sum()), float(len(rows))
    names = rate_names(key, _review_year(evaluation))
    untold = say("按户数计有 {share:.1%} 无法判定，超过 {most:.0%}，不给比率。",
                 share=unknown, most=UNKNOWN_MAX)  # fmt: skip
    return Explanation(
        key=key,
        title=figure_name(key).name,
        value=value,
        unit="share",
        area=area,
        formula=say(
            "{part_name} {part} ÷ {whole_name} {whole} = {value}",
            part_name=names[0],
            part=number(part),
            whole_name=names[1],
            whole=number(whole),
            value=amount(value, "share"),
        ),
        numerator=part,
        numerator_name=names[0],
        denominator=whole,
        denominator_name=names[1],
        parameters={**provision_parameters(evaluation), "unknown_share": round(unknown, 6)},
        rule=_rule_of(evaluation, key),
        rows=shown(rows.assign(passed=passed.astype("int64")), "passed"),
        notes=(*((untold,) if value is None and whole else ()), verdicts_counted(key, scope)),
    )


def _review_year(evaluation: Evaluation) -> int | None:
    """Return the year in which the review begins; None where no rule tells one."""
    rule = evaluation.rulebook.find(REVIEW_SINCE, "all", evaluation.study.on)
    return None if rule is None else int(rule.value)


def _rule_of(evaluation: Evaluation, key: str) -> Rule | None:
    """Return the rule that a pass rate is held against, else that of the square metres."""
    asked = (REVIEW_SINCE, "all") if key.startswith("rate_2014") else _TARGETS.get(key)
    rule = None if asked is None else evaluation.rulebook.find(*asked, evaluation.study.on)
    return rule or floor_area_rule(evaluation)


def provision_parameters(evaluation: Evaluation) -> dict[str, object]:
    """Return the parameters that the provision check depends on."""
    description = evaluation.study.description
    return {
        "on": evaluation.study.on.isoformat(),
        "rules": list(description.rules),
        "assume": description.assume.model_dump(mode="json", exclude_none=True),
        "provision": description.provision.model_dump(mode="json"),
        "pools": [pool.name for pool in description.pools],
    }


def floor_area_rule(evaluation: Evaluation) -> Rule | None:
    """Return the rule of square metres per 100 households for what is built, else for new."""
    book, on = evaluation.rulebook, evaluation.study.on
    return book.find(FLOOR_AREA, "built", on) or book.find(FLOOR_AREA, "new", on)


def _cohort(evaluation: Evaluation, key: str, scope: pd.DataFrame) -> pd.Series:
    """Return which rows in scope a rate is about."""
    if key == "rate_new":
        return scope["kind"].eq("new").fillna(value=False).astype(bool)
    if not key.startswith("rate_2014"):
        return pd.Series(data=True, index=scope.index)
    residential = evaluation.study.layer("residential")
    rule = evaluation.rulebook.find(REVIEW_SINCE, "all", evaluation.study.on)
    if residential is None or rule is None:
        return pd.Series(data=False, index=scope.index)
    residential = residential.reset_index(drop=True)
    day = (duty_date if key == "rate_2014_duty" else review_date)(residential)
    latest = latest_of_project(day, project_of(residential))
    since = latest.ge(pd.Timestamp(int(rule.value), 1, 1)).to_numpy()
    return pd.Series(since, index=evaluation.provision.index).loc[scope.index]


def _assumed(scope: pd.DataFrame) -> pd.Series:
    return scope["reasons"].map(lambda codes: "assumed" in str(codes).split(SEPARATOR)).astype(bool)


def shown(rows: pd.DataFrame, *more: str) -> pd.DataFrame:
    """Return rows of the provision table with the columns that are shown."""
    return rows[[*SHOWN, *more]].reset_index(drop=True)
