"""Findings on estates whose two ledgers contradict: what each says, and what of it counts."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from analysis.columns import figures, words
from analysis.provision.facility_links import Links
from geo.files.several_files import where_rows_stand
from geo.findings import Finding
from geo.language import Message, joined, say

# Why rooms that a ledger tells of do not count, in the order of the flags of both sides.
_WHY = {
    "misused": say("挪作他用"),
    "closed": say("已停用"),
    "not_handed_over": say("已验收未移交"),
    "basement_room": say("位于地下、半地下、夹层等处"),
    "planned": say("仅为规划或在建"),
}
_LESS_M2 = 0.005


def conflict_findings(
    residential: pd.DataFrame,
    project: pd.Series,
    ledger: pd.DataFrame,
    linked: pd.DataFrame,
    told_by_facilities: Callable[[], pd.Series],
    *,
    conflict: pd.Series,
) -> Iterator[Finding]:
    """Yield a finding for each project whose two figures contradict.

    ledger, linked
        The ranges of both sides by project, with their flags.
    told_by_facilities
        Gives the area that the facilities' ledger states, by project, whether it counts or not, m².
    """
    about = conflict.index[conflict]
    if about.empty:
        return
    rows = residential.loc[about]
    own = figures(residential, "care_floor_area_m2").groupby(project).sum(min_count=1)
    # Area that is planned beside rooms takes nothing from them: their own status does.
    unfinished = words(residential, "care_status").isin(["planned", "building"])
    ledger = ledger.assign(planned=unfinished.groupby(project).any().reindex(ledger.index))
    sides = (
        _side(own.reindex(about), _counting(ledger.loc[about], "high", "low"), ledger.loc[about]),
        _side(
            told_by_facilities().reindex(about),
            _counting(linked.loc[about], "fit_high", "fit_low"),
            linked.loc[about],
        ),
    )
    for name, (file, row), ours, theirs in zip(
        words(rows, "name"), where_rows_stand(rows), *sides, strict=True
    ):
        message = say(
            "{name}：小区台账的养老用房面积为 {ledger}，设施台账为 {linked}，"
            "两者矛盾，按可计的较低值列示。",
            name=name, ledger=ours, linked=theirs,
        )  # fmt: skip
        yield Finding(
            "warning", "residential", message, say("请核对两本台账。"),
            file=file, row=row, column="养老用房面积",
        )  # fmt: skip


def stated_of_links(area: pd.Series, links: Links) -> pd.Series:
    """Return the area that facilities have for each project, by its part of them, m².

    area
        Of each facility, whether it counts or not; a part that nobody knows is all of it.
    """
    shares = links.shares
    whole = area.loc[shares["facility"]].set_axis(shares.index)
    return (whole * shares["share"].fillna(1.0)).groupby(shares["project"]).sum(min_count=1)


def _counting(side: pd.DataFrame, most: str, least: str) -> pd.Series:
    """Return what of a side may count; what certainly does where there is no end to it."""
    return side[most].where(np.isfinite(side[most]), side[least])


def _side(stated: pd.Series, counts: pd.Series, flags: pd.DataFrame) -> list[Message]:
    """Return what one ledger says of each project, and why less of it counts where less does."""
    why = {code: flags[code].to_numpy(dtype=bool) for code in _WHY if code in flags}
    reasons = [
        [_WHY[code] for code, here in zip(why, told, strict=True) if here]
        for told in zip(*why.values(), strict=True)
    ]
    return [
        say("{area:.2f} ㎡", area=counting)
        if not because or not said - counting > _LESS_M2
        else say(
            "{area:.2f} ㎡（因{why}可计 {counts:.2f} ㎡）",
            area=said, why=joined("、", *because), counts=counting,
        )
        for said, counting, because in zip(stated, counts, reasons, strict=True)
    ]  # fmt: skip
