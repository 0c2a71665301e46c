"""How the figures of the provision check are printed: what they do not know stands with them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.provision.rates import UNKNOWN_MAX
from geo.language import Message, joined, say
from report.estate_reasons import missing
from report.figures import measure


def printed_deficit(provision: Mapping[str, Any]) -> str | None:
    """Return the square metres that are lacking; None where no estate has a verdict.

    The sum of the rows of every list and every street. `deficit_note` tells who is not among them
    and what may change it.

    provision
        As `provision_summary` gives it.
    """
    if provision["unknown"] == provision["in_scope"]:
        return None
    return measure(provision["deficit_m2"])


def deficit_note(provision: Mapping[str, Any]) -> Message | None:
    """Return what is to be known beside the deficit; None where there is nothing.

    Who is not among them; how much of it rests on households in doubt; what it is by the other of
    two ledgers.
    """
    notes = (left_open(provision), _contradicted(provision))
    told = [note for note in notes if note is not None]
    return joined("；", *told) if told else None


def left_open(provision: Mapping[str, Any]) -> Message | None:
    """Return who is not among the deficit and what of it is in doubt; None where nothing is."""
    notes = (_untold(provision), _doubted(provision))
    told = [note for note in notes if note is not None]
    return joined("；", *told) if told else None


def summed_note(provision: Mapping[str, Any]) -> Message:
    """Return what is to be known of a column of deficits that are summed."""
    told, note = say("缺口为能算出的小区之和"), deficit_note(provision)
    return joined("", told if note is None else joined("；", told, note), say("。"))


def _untold(provision: Mapping[str, Any]) -> Message | None:
    if not 0 < provision["unknown"] < provision["in_scope"]:
        return None
    return say("无法判定的 {unknown} 个小区不在内", unknown=provision["unknown"])


def _doubted(provision: Mapping[str, Any]) -> Message | None:
    doubted = provision.get("deficit_doubted_m2")
    if not doubted:
        return None
    return doubted_note(doubted, provision["deficit_doubted_areas"])


def doubted_note(doubted_m2: float, count: int) -> Message:
    """Return how much of a deficit rests on households that can hardly be right."""
    return say(
        "其中 {doubted} 平方米来自户数存疑的 {count} 个小区，核实后可能变小",
        doubted=measure(doubted_m2), count=count,
    )  # fmt: skip


def _contradicted(provision: Mapping[str, Any]) -> Message | None:
    most, least = measure(provision["deficit_m2"]), measure(least_deficit(provision))
    if most == least or not provision.get("deficit_apart_areas"):  # an earlier summary counts none
        return None
    return say(
        "{count} 个不达标小区的养老用房面积说法不一（如小区台账与设施台账不一致），取较低的计；"
        "取较高的，缺口合计为 {least} 平方米",
        count=provision["deficit_apart_areas"], least=least,
    )  # fmt: skip


def rate_basis(provision: Mapping[str, Any]) -> Message:
    """Return how many of the estates with a verdict pass, and why there is no rate."""
    passed = provision["met"] + provision["met_pooled"]
    counted = f"{passed} / {passed + provision['short']}"
    share = provision.get("unknown_share")
    if provision["rate"] is not None or share is None or share <= UNKNOWN_MAX:
        return say("{text}", text=counted)
    untold = say(
        "按户数计 {share:.1%} 无法判定，超过 {most:.0%}，不给比率", share=share, most=UNKNOWN_MAX
    )
    return joined("；", counted, untold)


def calculation(check: Mapping[str, Any]) -> Message:
    """Return the check as it would be written by hand, with what is known of it."""
    if check.get("verdict") == "unknown":
        return _undecided(check)
    households, required = check["households"], check["required_m2"]
    if pd.isna(households) or pd.isna(required) or not households:
        return say("户数或标准不明，无法计算")
    needed = _needed(households, required)
    if pd.isna(check["provided_m2"]):
        return say("{needed}；已配面积不明", needed=needed)
    if not check["deficit_m2"] > 0:
        return say("{needed}；已配{have}㎡", needed=needed, have=figure(check["provided_m2"]))
    return say(
        "{needed}；已配{have}㎡；缺{gap}㎡",
        needed=needed, have=figure(check["provided_m2"]), gap=figure(check["deficit_m2"]),
    )


def _needed(households: float, required: float) -> Message:
    return say(
        "{households}户×{each}={required}㎡",
        households=figure(households),
        each=f"{required / households:.4f}".rstrip("0"),
        required=figure(required),
    )


def _undecided(check: Mapping[str, Any]) -> Message:
    """Return what is known of an estate that cannot be judged, and what is missing."""
    households, required = check["households"], check["required_m2"]
    unknown = pd.isna(households) or pd.isna(required) or not households
    needed = say("应配面积算不出") if unknown else _needed(households, required)
    lacking = [what for what, _ in missing(check)]
    if not lacking:
        return say("{needed}；数据不足以判定", needed=needed)
    return say("{needed}；无法判定，待补：{lacking}", needed=needed, lacking=joined("、", *lacking))


def figure(value: float) -> str:
    """Return a figure without needless zeros, as it stands in a calculation."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def least_deficit(provision: Mapping[str, Any]) -> float:
    """Return the square metres that are lacking at least: of two ledgers, by the higher area."""
    # A summary that another period wrote may tell no more than the one sum.
    return float(provision.get("deficit_least_m2", provision["deficit_m2"]))
