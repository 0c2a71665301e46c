"""What cannot all be true: dates in the wrong order, more delivered than planned, areas too large.

Each contradiction is a finding, and a flag for whoever draws on the figure: nothing is corrected.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.columns import dates, figures, not_before, words
from analysis.coverage.areas import Flags
from geo.files.several_files import Where, where_rows_stand
from geo.findings import Finding
from geo.language import Message, say
from geo.schema import SCHEMAS

IMPLAUSIBLE_M2_PER_HOUSEHOLD: Final = 100.0
"""An estate has about as much floor area as its homes: care rooms cannot be larger than those."""

# The earlier event of each pair first; the duty's own dates, then those of the building.
_DUTY_ORDER = (("conditions_on", "permitted_on"), ("land_granted_on", "permitted_on"))
_BUILDING_ORDER = (
    ("conditions_on", "completed_on"),
    ("land_granted_on", "completed_on"),
    ("permitted_on", "completed_on"),
)
_HANDOVER_ORDER = (("completed_on", "handed_over_on"),)
_FACILITY_ORDER = (("accepted_on", "handed_over_on"), ("opened_on", "closed_on"))


def in_estates(residential: pd.DataFrame, *, on: date) -> pd.DataFrame:
    """Return what cannot be true of each estate, one boolean column a kind.

    duty_doubtful, completion_doubtful
        A date that another date denies.
    dates_contradict
        Any two dates that cannot both be right.
    undelivered
        Completed, and fewer homes delivered than there are: no contradiction, but worth telling.
    """
    households = figures(residential, "households")
    area = figures(residential, "care_floor_area_m2")
    duty, building, handover = (
        _any(_out_of_order(residential, order))
        for order in (_DUTY_ORDER, _BUILDING_ORDER, _HANDOVER_ORDER)
    )
    future = _not_yet_built(residential, on=on)
    delivered = figures(residential, "delivered_households")
    completed = dates(residential, "completed_on").le(pd.Timestamp(on))
    return pd.DataFrame(
        {
            "duty_doubtful": duty,
            "completion_doubtful": building | future,
            "dates_contradict": duty | building | handover | future,
            "delivered_over_planned": delivered.gt(households),
            "undelivered": completed & ~(building | future) & delivered.lt(households),
            "area_implausible": households.gt(0)
            & area.gt(households * IMPLAUSIBLE_M2_PER_HOUSEHOLD),
        },
        index=residential.index,
    )


def estate_findings(
    residential: pd.DataFrame, flags: pd.DataFrame, *, on: date
) -> Iterator[Finding]:
    """Yield a finding for each contradiction of each estate.

    flags
        As `in_estates` gives them.
    """
    layer = "residential"
    order = _out_of_order(residential, (*_DUTY_ORDER, *_BUILDING_ORDER, *_HANDOVER_ORDER))
    yield from _order_findings(residential, layer, order)
    future = _not_yet_built(residential, on=on)
    yield from _future_findings(residential, future, layer, "completed_on", on)
    yield from _notes(
        residential,
        flags["delivered_over_planned"],
        layer,
        "delivered_households",
        say("已交付户数多于户数，竣工比例不作依据。"),
        say("请核对户数与已交付户数。"),
    )
    yield from _notes(
        residential,
        flags["area_implausible"],
        layer,
        "care_floor_area_m2",
        say(
            "养老用房面积超过每户 {most:.0f} ㎡，大于小区住宅可能的规模，未予认定。",
            most=IMPLAUSIBLE_M2_PER_HOUSEHOLD,
        ),
        say("请核对面积与户数的单位和小数点。"),
    )
    if count := int(flags["undelivered"].sum()):
        note = say("{count} 个小区已竣工而未全部交付，住宅按全部建成核查。", count=count)
        yield Finding("info", layer, note)


def in_facilities(facilities: pd.DataFrame, *, on: date) -> pd.DataFrame:
    """Return what cannot be true of each facility: dates_contradict."""
    order = _any(_out_of_order(facilities, _FACILITY_ORDER))
    future = _any(_operating_before(facilities, on=on))
    return pd.DataFrame(
        {"dates_contradict": order | future | _ended(facilities, on=on).to_numpy()},
        index=facilities.index,
    )


def facility_findings(facilities: pd.DataFrame, *, on: date) -> Iterator[Finding]:
    """Yield a finding for each contradiction of each facility."""
    layer = "facilities"
    yield from _order_findings(facilities, layer, _out_of_order(facilities, _FACILITY_ORDER))
    for name, flag in _operating_before(facilities, on=on).items():
        yield from _future_findings(facilities, flag, layer, name, on)
    yield from _notes(
        facilities,
        _ended(facilities, on=on),
        layer,
        "closed_on",
        say("停业日期已过，而运营状态为运营。"),
        say("请核对停业日期与运营状态。"),
    )
    nursing = figures(facilities, "nursing_beds").gt(figures(facilities, "beds"))
    yield from _notes(
        facilities,
        nursing,
        layer,
        "nursing_beds",
        say("护理型床位多于床位数。"),
        say("请核对两项床位数。"),
    )


def _not_yet_built(residential: pd.DataFrame, *, on: date) -> Flags:
    """Return which estates are called built and are to be completed later."""
    built = words(residential, "kind").eq("built").to_numpy(dtype=bool)
    return np.asarray(built & _after(residential, "completed_on", on))


def _operating_before(facilities: pd.DataFrame, *, on: date) -> dict[str, Flags]:
    """Return which facilities operate though they are to be accepted or opened later."""
    operating = words(facilities, "status").eq("operating").to_numpy(dtype=bool)
    return {name: operating & _after(facilities, name, on) for name in ("accepted_on", "opened_on")}


def _ended(facilities: pd.DataFrame, *, on: date) -> pd.Series:
    """Return which facilities operate though they have closed."""
    if "closed_on" not in facilities.columns:
        return pd.Series(np.zeros(len(facilities), dtype=bool), index=facilities.index)
    operating = words(facilities, "status").eq("operating")
    return operating & dates(facilities, "closed_on").le(pd.Timestamp(on))


def _out_of_order(
    frame: pd.DataFrame, order: tuple[tuple[str, str], ...]
) -> dict[tuple[str, str], Flags]:
    """Return which rows certainly have the later event of a pair first, pair by pair."""
    told = {name for name in chain.from_iterable(order) if name in frame.columns}
    day = {name: dates(frame, name) for name in told}
    never = np.zeros(len(frame), dtype=bool)
    return {
        (earlier, later): day[later].to_numpy() < not_before(day[earlier]).to_numpy()
        if earlier in day and later in day else never
        for earlier, later in order
    }  # fmt: skip


def _after(frame: pd.DataFrame, name: str, on: date) -> Flags:
    """Return which dates certainly lie after a day."""
    if name not in frame.columns:
        return np.zeros(len(frame), dtype=bool)
    return not_before(dates(frame, name)).gt(pd.Timestamp(on)).to_numpy(dtype=bool)


def _any(flags: Mapping[Any, Flags]) -> Flags:
    """Return the rows for which any flag holds."""
    return np.asarray(np.column_stack([*flags.values()]).any(axis=1))


def _order_findings(
    frame: pd.DataFrame, layer: str, order: Mapping[tuple[str, str], Flags]
) -> Iterator[Finding]:
    """Yield a finding for each row and each pair of dates in the wrong order."""
    for (earlier, later), flag in order.items():
        if not flag.any():
            continue
        days = dates(frame[flag], earlier).dt.strftime("%Y-%m-%d")
        for (where, value), day in zip(_told(frame[flag], later), days, strict=True):
            message = say(
                "日期早于“{earlier}”（{day}）。", earlier=_header(layer, earlier), day=day
            )
            yield _note(layer, later, where, value, message, say("请核对这两个日期。"))


def _future_findings(
    frame: pd.DataFrame, here: Flags, layer: str, name: str, on: date
) -> Iterator[Finding]:
    message = say("日期晚于评价日期 {on}，与所填状态不符。", on=on.isoformat())
    yield from _notes(frame, here, layer, name, message, say("请核对日期与状态。"))


def _notes(
    frame: pd.DataFrame,
    here: Flags | pd.Series,
    layer: str,
    name: str,
    message: Message,
    remedy: Message,
) -> Iterator[Finding]:
    """Yield a finding for each row that is meant, about the value of one of its columns."""
    if not here.any():
        return
    for where, value in _told(frame[here], name):
        yield _note(layer, name, where, value, message, remedy)


def _told(frame: pd.DataFrame, name: str) -> Iterator[tuple[Where, str]]:
    """Yield where every row stands and its value, as an office would write it."""
    for where, value in zip(where_rows_stand(frame), frame[name], strict=True):
        day = value.date().isoformat() if isinstance(value, pd.Timestamp) else f"{value:g}"
        yield where, day


def _note(
    layer: str, name: str, where: Where, value: str, message: Message, remedy: Message
) -> Finding:
    return Finding("warning", layer, message, remedy, *where, _header(layer, name), value)


def _header(layer: str, name: str) -> str:
    return SCHEMAS[layer].column(name).chinese
