"""The sentences of a half-year report: by how much, and what of it was built."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from analysis.explaining.figure_names import figure_name
from analysis.periods.steps import PARTS
from analysis.periods.stock import BUILT, CLOSED, OPENED
from geo.language import Message, joined, say

PART_NAMES: Mapping[str, Message] = MappingProxyType(
    {
        "built": say("实际建设"),
        "late_records": say("补登更正"),
        "data_and_method": say("口径与数据"),
        "unchanged": say("不变"),
    }
)
CHANGE_NAMES: Mapping[str, Message] = MappingProxyType(
    {
        "opened": say("投用"),
        "closed": say("停用"),
        "listed": say("新列入台账"),
        "removed": say("不再列入台账"),
        "moved": say("位置改动"),
        "resized": say("规模改动"),
        "renamed": say("更名"),
        "category_changed": say("类别改动"),
        "status_changed": say("状态改动"),
    }
)
# Told in the report, in this order; of a figure that neither period knows nothing is said.
HEADLINES: Final = (
    ("coverage", "share_60plus"),
    ("coverage", "covered_60plus"),
    ("coverage", "share_areas"),
    ("provision", "rate"),
    ("provision", "deficit_m2"),
)
# Categories that a ledger lists beside care facilities: neighbours of them, none themselves.
NOT_CARE: Final = ("health", "rehab", "childcare", "elder_university")
MINUS: Final = "−"


def sentences(
    figures: pd.DataFrame, changes: pd.DataFrame, estates: pd.DataFrame, *, parted: bool
) -> tuple[Message, ...]:
    """Return the sentences: each headline figure, who became undecided, what was built."""
    rows: Mapping[Any, Mapping[Any, Any]] = figures.set_index(["group", "key"]).to_dict("index")
    told = [_sentence(key, rows[key], parted=parted) for key in HEADLINES if key in rows]
    built = list(_built(rows, changes)) if parted else []
    return (*(one for one in told if one is not None), *_undecided(rows, estates), *built)


def _undecided(
    rows: Mapping[Any, Mapping[Any, Any]], estates: pd.DataFrame
) -> Iterator[Message]:
    """Yield how many estates have no verdict: a deficit that cannot be told is none made good."""
    row = rows.get(("provision", "unknown"))
    if row is None or pd.isna(row["before"]) or pd.isna(row["after"]):
        return
    was, now = (estates[f"verdict_{when}"] for when in ("before", "after"))
    lost = was.eq("short") & now.eq("unknown")
    if row["before"] == row["after"] == 0:
        return
    told = say(
        "配建缺口按两本台账中较低的面积计，不含无法判定的小区"
        "（上期 {before:.0f} 个、本期 {after:.0f} 个）",
        before=row["before"], after=row["after"],
    )  # fmt: skip
    if not lost.any():
        yield joined("", told, say("。"))
        return
    yield joined(
        "", told,
        say(
            "；有 {count} 个小区由不达标转为无法判定，缺口因此少计 {area} 平方米，并非补齐。",
            count=int(lost.sum()),
            area=f"{estates.loc[lost, 'deficit_before_m2'].sum():,.2f}",
        ),
    )  # fmt: skip


def _sentence(key: tuple[str, str], row: Mapping[Any, Any], *, parted: bool) -> Message | None:
    """Return how one figure changed; None where a period does not know it."""
    if pd.isna(row["change"]):
        return None
    name = figure_name(key[1], key[0])
    share = name.unit == "share"
    scale = 100.0 if share else 1.0
    decimals = 1 if share else 2 if name.unit == "m2" else 0
    value = _number(row["after"] * scale, decimals)
    head = {"name": name.name, "value": f"{value}%" if share else _with_unit(value, name.unit)}
    change = row["change"]
    parts = [row[part] for part in PARTS]
    if change == 0:
        how = say("{name}为{value}，较上期不变", **head)
    else:
        amount = _with_unit(_number(abs(change) * scale, decimals), name.unit)
        before = _number(row["before"] * scale, decimals)
        told = {**head, "amount": amount,
                "before": f"{before}%" if share else _with_unit(before, name.unit)}  # fmt: skip
        how = _moved(share=share, up=change > 0, told=told)
    if not parted:
        return joined("", how, say("（未能区分原因，不能称为新增）。"))
    if any(pd.isna(part) for part in parts):
        return joined("", how, say("（各部分无法计算）。"))
    if all(part == 0 for part in parts):
        return joined("", how, say("。"))
    data, late, new = (
        _with_unit(_signed(part * scale, decimals), name.unit) if part else "0" for part in parts
    )
    return joined(
        "", how,
        say("，其中实际建设{built}、补登更正{late}、口径与数据{data}。",
            built=new, late=late, data=data),
    )  # fmt: skip


def _moved(*, share: bool, up: bool, told: Mapping[str, Any]) -> Message:
    """Return a figure with that of the period before: shares rise and fall, counts grow."""
    if share and up:
        return say("{name}为{value}，较上期（{before}）提高{amount}", **told)
    if share:
        return say("{name}为{value}，较上期（{before}）下降{amount}", **told)
    if up:
        return say("{name}为{value}，较上期（{before}）增加{amount}", **told)
    return say("{name}为{value}，较上期（{before}）减少{amount}", **told)


def _built(rows: Mapping[Any, Mapping[Any, Any]], changes: pd.DataFrame) -> Iterator[Message]:
    """Yield how many care facilities opened and closed in the period, and what came of them."""
    dated = changes[changes["counts_as"].eq(BUILT) & ~changes["category"].isin(NOT_CARE)]
    opened, closed = (int(dated["change"].eq(word).sum()) for word in (OPENED, CLOSED))
    yield say(
        "本期实际建成投用养老服务设施 {opened} 处，停用 {closed} 处。", opened=opened, closed=closed
    )
    people = rows.get(("coverage", "covered_60plus"), {}).get("built", 0.0)
    if people > 0:
        yield say("因本期建设，新增步行可达的60岁以上老年人 {people} 人。", people=f"{people:,.0f}")


def _number(value: float, decimals: int) -> str:
    return f"{value:,.{decimals}f}"


def _signed(value: float, decimals: int) -> str:
    if value == 0:
        return "0"
    return ("+" if value > 0 else MINUS) + _number(abs(value), decimals)


def _with_unit(amount: str, unit: str) -> Message | str:
    named = {
        "share": say("{amount}个百分点", amount=amount),
        "people": say("{amount}人", amount=amount),
        "m2": say("{amount}平方米", amount=amount),
        "estates": say("{amount}个小区", amount=amount),
    }
    return named.get(unit, amount)
