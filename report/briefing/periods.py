"""What changed since an earlier period, in tables: figures, streets, facilities."""

from typing import Any, Final

import pandas as pd

from analysis.explaining.parameter_words import CATEGORY_NAMES
from analysis.periods.comparison import Comparison
from analysis.periods.words import CHANGE_NAMES, HEADLINES, PART_NAMES
from geo.language import Message, headed, say
from report.briefing.content import Column, Kind, Shown, Table
from report.figures import NOTHING, measure, percent, unknown

SINCE: Final = "since"
SINCE_STREETS: Final = "since streets"
SINCE_FACILITIES: Final = "since facilities"
_MORE: Final = (
    *HEADLINES, ("provision", "met"), ("provision", "met_pooled"), ("provision", "short"),
    ("provision", "unknown"),
)  # fmt: skip
_UNITS: Final = {"people": say("人"), "m2": say("㎡"), "estates": say("个")}


def since_tables(comparison: Comparison) -> list[Table]:
    """Return the tables of what changed; those without rows are left out."""
    made = [_figures(comparison), since_streets(comparison), _facilities(comparison)]
    return [table for table in made if len(table)]


def _dated(comparison: Comparison) -> Message:
    return say("上期为{before}，本期为{after}。", before=comparison.before.on.isoformat(),
               after=comparison.after.on.isoformat())  # fmt: skip


def _figures(comparison: Comparison) -> Table:
    columns = (
        Column("name", say("指标"), weight=2.2),
        Column("before", say("上期（{day}）", day=comparison.before.on.isoformat()), weight=1.2),
        Column("after", say("本期（{day}）", day=comparison.after.on.isoformat()), weight=1.2),
        Column("change", say("增减"), weight=1.1),
        Column("built", say("其中实际建设"), weight=1.1),
        Column("late_records", say("补登更正"), weight=1.1),
        Column("data_and_method", say("口径与数据"), weight=1.1),
    )  # fmt: skip
    told = {(each["group"], each["key"]): each for each in comparison.figures.to_dict("records")}
    rows = [_figure(told[key], columns) for key in _MORE if key in told]
    note = _dated(comparison)
    return Table(SINCE, say("与上期相比"), columns, pd.DataFrame(rows), None, note)


def _figure(told: dict[Any, Any], columns: tuple[Column, ...]) -> dict[str, str]:
    unit = str(told["unit"])
    cells = {"name": str(told["name"])}
    for column in columns[1:]:
        value = told[column.key]
        change = column.key not in ("before", "after")
        cells[column.key] = NOTHING if unknown(value) else _printed(value, unit, change=change)
    return cells


def _printed(value: float, unit: str, *, change: bool) -> str:
    sign = "+" if change and value > 0 else "−" if value < 0 else ""
    if unit == "share" and change:
        return str(say("{points} 个百分点", points=f"{sign}{abs(value) * 100:.1f}"))
    if unit == "share":
        return percent(value)
    return f"{sign}{measure(abs(value))} {_UNITS.get(unit, '')}".strip()


def since_streets(comparison: Comparison) -> Table:
    """Return the streets, those first whose people within reach changed most either way."""
    columns = (
        Column("name", say("街道"), weight=1.6),
        Column("before", say("上期可达（人）"), Kind.COUNT),
        Column("after", say("本期可达（人）"), Kind.COUNT),
        Column("change", say("增减（人）"), Kind.COUNT),
        Column("share_before", say("上期可达率"), Kind.SHARE),
        Column("share_after", say("本期可达率"), Kind.SHARE),
    )  # fmt: skip
    areas = comparison.areas
    if areas.empty:
        return Table(SINCE_STREETS, say("分街道与上期相比"), columns, pd.DataFrame())
    rows = areas.loc[areas["level"].eq("street") & areas["name"].ne("")]
    told = pd.DataFrame(
        {
            "name": rows["name"].astype("str"),
            **{each: rows[f"covered_60plus_{each}"] for each in ("before", "after", "change")},
            "share_before": rows["share_60plus_before"],
            "share_after": rows["share_60plus_after"],
        }
    )
    most = told["change"].abs().sort_values(ascending=False, kind="stable")  # unknown ones last
    moved = told.loc[most.index].reset_index(drop=True)
    note = say("只计60岁以上老年人；可达率的分母为各期该街道位置明确的60岁以上老年人。")
    return Table(SINCE_STREETS, say("分街道与上期相比"), columns, moved, None, note)


def streets_told(comparison: Comparison, most: int) -> tuple[Message | Shown, ...]:
    """Return what a chapter says of the streets: those that changed most, or that none did."""
    change = since_streets(comparison).rows.get("change", pd.Series(dtype="float64"))
    moved = int(change.fillna(0).ne(0).sum())
    if len(change) and change.notna().all() and not moved:
        said = say("与上期相比，{count}个街道（乡镇）可达的60岁以上老年人数都没有变化。",
                   count=len(change))  # fmt: skip
        return said, Shown(SINCE_STREETS, apart=True)
    title = say("分街道与上期相比（增减最大的）")
    return (Shown(SINCE_STREETS, most=min(most, moved or most), title=title),)


def _facilities(comparison: Comparison) -> Table:
    columns = (
        Column("name", say("设施"), weight=2.4),
        Column("category", say("类别"), words=headed, weight=1.4),
        Column("change", say("变化"), words=headed),
        Column("event_on", say("日期")),
        Column("counts_as", say("算作"), words=headed, weight=1.2),
    )  # fmt: skip
    changes = comparison.changes
    rows = [
        {
            "name": str(each["name"]),
            "category": str(CATEGORY_NAMES.get(each["category"], say("其他设施"))),
            "change": str(CHANGE_NAMES.get(each["change"], each["change"])),
            "event_on": "" if pd.isna(each["event_on"]) else f"{each['event_on']:%Y-%m-%d}",
            "counts_as": str(PART_NAMES.get(each["counts_as"], each["counts_as"])),
        }
        for each in changes.to_dict("records")
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=[column.key for column in columns])
    return Table(SINCE_FACILITIES, say("本期变化的设施"), columns, frame, None, _dated(comparison))
