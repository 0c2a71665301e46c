"""What the pass rates are parts of: each names the estates that it counts, and those it is of."""

from typing import Final

import pandas as pd

from geo.language import Message, say

_NO_YEAR: Final = "—"


def rate_names(key: str, since: int | None) -> tuple[Message, Message]:
    """Return what numerator and denominator of a pass rate are.

    since
        The year in which the review begins; None where no rule tells one.
    """
    year = _NO_YEAR if since is None else since
    passed = say("达标小区（含统筹达标）")
    decided = say("有结论的小区（达标、统筹达标与不达标）")
    named = {
        "rate_own": (say("自身达标的小区（不含统筹达标）"), decided),
        "rate_floor": (passed, say("核查范围内的全部小区（含无法判定）")),
        "rate_new": (
            say("新建小区中达标的（含统筹达标）"),
            say("新建小区中有结论的（达标、统筹达标与不达标）"),
        ),
        "rate_2014": (
            say("{year}年以来竣工、交付的小区中达标的（含统筹达标）", year=year),
            say("{year}年以来竣工、交付的小区中有结论的（达标、统筹达标与不达标）", year=year),
        ),
        "rate_2014_duty": (
            say("{year}年以来产生配建义务的小区中达标的（含统筹达标）", year=year),
            say("{year}年以来产生配建义务的小区中有结论的（达标、统筹达标与不达标）", year=year),
        ),
    }
    return named.get(key, (passed, decided))


def verdicts_counted(key: str, scope: pd.DataFrame) -> Message:
    """Return how many of the estates that a rate is about have each verdict.

    scope
        Its estates in scope, those without a verdict too.
    """
    counts = scope["verdict"].value_counts()
    told = {one: int(counts.get(one, 0)) for one in ("met", "met_pooled", "short", "unknown")}
    if key == "rate_floor":
        return say(
            "达标 {met} 个、统筹达标 {met_pooled} 个、不达标 {short} 个、无法判定 {unknown} 个，"
            "都在分母里。", **told,
        )  # fmt: skip
    return say(
        "达标 {met} 个、统筹达标 {met_pooled} 个、不达标 {short} 个；无法判定 {unknown} 个，"
        "不在分母里。", **told,
    )  # fmt: skip
