"""Names of a form that wait no more: confirmed before, or settled by what came in since."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from analysis.columns import words
from analysis.matching.answering import Answer, answer_of
from analysis.matching.kept import Confirmed
from analysis.matching.links import Link
from analysis.study import Study
from geo.findings import Severity
from geo.language import Message, say

Told = tuple[Severity, Message]
_NAMED: Final = 3  # of several that are meant


def settled_since(
    one: Confirmed, link: Link, study: Study, kept: Sequence[Confirmed]
) -> Told | None:
    """Return why a decision that fits nothing asked now is not taken; None: nobody writes it.

    It is no error where it says what is settled already.

    kept
        What was confirmed before.
    """
    before = [other for other in kept if _same_name(one, other)]
    meant = next((other for other in before if other.decision == "same"), None)
    agrees = any((other.to_id, other.decision) == (one.to_id, one.decision) for other in before)
    if agrees or (meant is not None and one.decision == "different" and meant.to_id != one.to_id):
        return "info", say("“{asked}”以前已这样确认过，不用再确认。", asked=one.asked)
    if meant is not None:
        return "error", say(
            "“{asked}”以前已确认为“{name}”（{id}），这一行没有采用；要改请先撤销。",
            asked=one.asked, name=meant.to_name, id=meant.to_id,
        )
    within_m = study.description.provision.serves_within_m
    answer = answer_of(study.layers, link, kept=kept, within_m=within_m)
    said = None if answer is None else _since(one, answer)
    return None if said is None else ("info", said)


def _same_name(one: Confirmed, other: Confirmed) -> bool:
    """Tell whether two decisions are about one name of one row, file or street.

    A file whose rows say their street by now is asked by that street.
    """
    same = (one.layer, one.column, one.row_id, one.asked) == (
        other.layer, other.column, other.row_id, other.asked
    )  # fmt: skip
    there = one.file == other.file or not other.file
    return same and there and (one.street == other.street or not one.street)


def _since(one: Confirmed, answer: Answer) -> Message | None:
    rows = answer.rows[answer.rows["name"].eq(one.asked)]
    if one.row_id:
        rows = rows[rows["row_id"].eq(one.row_id)]
    if one.file:
        rows = rows[rows["file"].eq(one.file)]
    if rows.empty:
        return None
    wanted = pd.Index(rows["wanted"].unique())
    status = answer.matches.table["status"]
    open_ = [at for at in wanted if at >= 0 and status.iloc[at] != "matched"]
    streets = "、".join(street for street in rows["street"].unique() if street)
    if open_ and (one.street or not streets):
        return None
    if open_:
        return say("“{asked}”所在的行现在写明了街道（{street}），请重新导出名单再确认。",
                   asked=one.asked, street=streets)  # fmt: skip
    pairs = answer.matches.pairs
    known = answer.known.iloc[pairs.loc[pairs["wanted"].isin(wanted), "known"].unique()]
    if known.empty:
        return say("“{asked}”已按所在位置认定，不用再确认。", asked=one.asked)
    called = zip(words(known, "name").fillna(""), words(known, "id"), strict=True)
    told = "、".join(f"{name}（{id_}）" for name, id_ in [*called][:_NAMED])
    if streets:
        return say("“{asked}”已按街道（{street}）认定为 {meant}，不用再确认。",
                   asked=one.asked, street=streets, meant=told)  # fmt: skip
    return say("“{asked}”已认定为 {meant}，不用再确认。", asked=one.asked, meant=told)
