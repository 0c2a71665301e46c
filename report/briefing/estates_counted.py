"""Which estates a figure counts: those of the ledger, those checked, the new, the reviewed."""

from typing import Final

import pandas as pd

from analysis.evaluation import Evaluation
from analysis.explaining.explanation import explain
from analysis.provision.rates import DECIDED, PASSED, household_weights
from analysis.provision.reasons import SCOPE_REASONS
from geo.language import Message, joined, say
from report.figures import measure, number, percent

_REVIEWED: Final = "rate_2014"
_MERGED: Final = "merged_into_project"


def not_checked(evaluation: Evaluation) -> Message | None:
    """Return why estates of the ledger are not among those checked; None where all are."""
    check = evaluation.provision
    reasons = check.loc[~check["in_scope"].astype(bool), "scope_reason"].astype("str")
    if reasons.empty:
        return None
    counts = reasons.value_counts()
    codes = dict.fromkeys((_MERGED, *SCOPE_REASONS))
    told = [_why(code, int(counts[code])) for code in codes if code in counts]
    return say(
        "小区台账{all}条，单独核查{in_scope}个；其余{out}条不单独核查：{why}。",
        all=number(len(check)), in_scope=number(len(check) - len(reasons)),
        out=number(len(reasons)), why=joined("、", *told),
    )  # fmt: skip


def _why(code: str, count: int) -> Message:
    if code == _MERGED:
        return say("分期项目中由另一期代表整个项目核查的{count}条", count=count)
    return say("{reason}{count}条", reason=SCOPE_REASONS[code], count=count)


def undecided(evaluation: Evaluation) -> Message | None:
    """Return how many estates have no verdict, of how many and with how many homes; None for none.

    Estates of unknown households weigh as the median of the others, as the share does.
    """
    check = evaluation.provision
    scope = check[check["in_scope"].astype(bool)]
    unknown = scope["verdict"].eq("unknown")
    if not unknown.any():
        return None
    weight = household_weights(scope["households"])
    silent = int(scope["households"].isna().sum())
    guessed: Message | str = ""
    if silent:
        guessed = say("，其中户数不明的{count}个按其余小区的中位数{median}户计", count=silent,
                      median=measure(scope["households"].median()))  # fmt: skip
    return say(
        "无法判定的小区{count}个，占应核查{in_scope}个的{part}；按户数占{share}"
        "（{homes}户÷{all}户{guessed}）；不计入达标率，也不计入缺口。",
        count=int(unknown.sum()), in_scope=number(len(scope)), part=percent(unknown.mean()),
        share=percent(evaluation.summary["provision"]["unknown_share"]),
        homes=number(weight[unknown].sum()), all=number(weight.sum()), guessed=guessed,
    )  # fmt: skip


def reviewed(evaluation: Evaluation) -> tuple[Message, ...]:
    """Return how the estates built since 2014 stand, whom the clearing asks for; none without.

    They are not the new ones: a second sentence says who is among the one and not the other.
    """
    told = explain(evaluation, _REVIEWED, None)
    if told.value is None or not told.denominator:
        return ()
    stand = say(
        "2014年以来竣工交付的小区（清查范围）有结论的{all}个，达标{part}个，达标率{share}。",
        all=number(told.denominator), part=number(told.numerator), share=percent(float(told.value)),
    )  # fmt: skip
    apart = _apart(evaluation, {*told.rows["residential_id"].astype("str")})
    return (stand,) if apart is None else (stand, apart)


def _apart(evaluation: Evaluation, reviewed_: set[str]) -> Message | None:
    """Return who of the estates reviewed is not new, and who of the new is not reviewed."""
    check = evaluation.provision
    check = check.assign(id=check["residential_id"].astype("str"), whole=_several(evaluation))
    decided = check[check["in_scope"].astype(bool) & check["verdict"].isin(DECIDED)]
    is_new = decided["kind"].eq("new").fillna(value=False).astype(bool)
    within = decided["id"].isin(reviewed_)
    more, fewer = decided[within & ~is_new], int((is_new & ~within).sum())
    if not is_new.any() or (more.empty and not fewer):
        return None
    told = [say("多{kinds}", kinds=_kinds(more))] if len(more) else []
    if fewer:
        told.append(say("少竣工交付更早或日期不明的新建小区{count}个", count=fewer))
    return say(
        "清查范围的{reviewed}个比有结论的新建居住区{new}个{apart}。",
        reviewed=number(within.sum()), new=number(is_new.sum()), apart=joined("，", *told),
    )  # fmt: skip


def _kinds(rows: pd.DataFrame) -> Message:
    """Return of which kinds estates are that are not new, with how many pass."""
    passed, blank = rows["verdict"].isin(PASSED), rows["kind"].isna()
    parts = (
        (say("各期新建、已建成不一而整体核查的项目"), blank & rows["whole"]),
        (say("没有写明新建还是已建成的小区"), blank & ~rows["whole"]),
        (say("登记为已建成的小区"), ~blank),
    )
    return joined("、", *(
        say("{kind}{count}个（达标{met}个）", kind=kind, count=int(which.sum()),
            met=int((passed & which).sum()))
        for kind, which in parts if which.any()
    ))  # fmt: skip


def _several(evaluation: Evaluation) -> "pd.Series[bool]":
    """Return which rows stand for a project whose phases are not all of one kind."""
    layer = evaluation.study.layer("residential")
    check = evaluation.detail.check
    if layer is None or "kind" not in layer:
        return pd.Series(data=False, index=evaluation.provision.index)
    kinds = layer["kind"].reset_index(drop=True).groupby(check.project.to_numpy()).nunique()
    own = pd.Series(check.project.to_numpy()).map(kinds).gt(1)
    return pd.Series(own.to_numpy(), index=evaluation.provision.index)
