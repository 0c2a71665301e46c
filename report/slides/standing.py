"""The slides of how things stand: maps, streets, verdicts and the largest gaps."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from geo.language import Message, joined, say, spoken, translate
from report.briefing.content import MAP_MM, Kind, Table
from report.briefing.estates import SHORT, VERDICT_COUNTS
from report.briefing.periods import SINCE
from report.briefing.street_assertions import SHARES
from report.briefing.streets import STREETS
from report.briefing.targets import TARGETS
from report.figures import unknown
from report.slides.charts import Bars, add_bars
from report.slides.look import BODY, SMALLEST, SOURCE, VERDICTS, WHOLE, Box
from report.slides.making import Making
from report.slides.measure import LEADING, lines
from report.slides.sheet import Sheet
from report.slides.tables import Printed, add_table

AS_IT_IS: Final = ("standing", "coverage", "gaps")
PROPOSED: Final = ("sites", "change")
ROWS: Final = 12  # so many a slide, without its heading, in type that is read from afar
_SIDES: Final = 2  # charts beside each other
_BARS: Final = 14  # so many beside each other, each with its name
_GAPS: Final = 8
_STREET: Final = ("name", "elderly_60plus", "covered_60plus", "uncovered_60plus", "share_60plus",
                  "in_scope", "met", "short", "unknown", "deficit_m2", "facilities")  # fmt: skip
_TARGET: Final = ("name", "value", "of", "target", "gap", "met")
_GAP: Final = ("number", "name", "street", "households", "required_m2", "provided_m2",
               "deficit_m2")  # fmt: skip
_TARGETS: Final = {"zh": 9, "en": 5}  # names of tasks in English take three lines
_NOTE: Final = 34.0  # two lines that say what a table's figures are of


def maps(making: Making, keys: Sequence[str]) -> None:
    """Make a slide a map: what it proves, the map, and what its sheet says."""
    for key in keys:
        sheet = making.briefing.maps.get(key)
        if sheet is None:
            continue
        made = making.titled(key, sheet.title)
        left, right = BODY.columns(626, 244)
        png = making.pictures(sheet, *MAP_MM)
        made.picture(left, png, name=f"map {key}",
                     alt=f"{sheet.title}。{'；'.join(map(str, sheet.told))}")  # fmt: skip
        said, source = right.above(92)
        made.text(said, [sheet.title, *sheet.told], name=f"map {key} told",
                  sizes=(18, 16, SMALLEST))  # fmt: skip
        made.note(*sheet.told)
        made.line(source, "；".join(map(str, making.briefing.sources)), name="source")
        made.finish()


def streets(making: Making) -> None:
    """Make the table of streets, most people left first; those there is no room for are counted."""
    table = making.briefing.tables[STREETS]
    ranked = table.rows.sort_values("uncovered_60plus", ascending=False, kind="stable")
    most = ROWS - (table.total is not None)
    rows = replace(table, rows=ranked.head(most))
    made = making.titled(STREETS, table.title)
    room, note = BODY.above(_NOTE)
    printed = Printed(table.only(_STREET), rows.texts(_STREET), table.total is not None)
    add_table(made, room, printed, name="streets", alt=str(table.title))
    noted = replace(table, note=table.told(_STREET))
    told_below(made, note, noted, max(0, len(table) - most))
    rest = replace(table, rows=ranked.iloc[most:], total=None)
    for name, everyone, left, share in rest.texts(
        ["name", "elderly_60plus", "uncovered_60plus", "share_60plus"]
    ):
        made.note(say("{name}：{all} 人中未覆盖 {left} 人，可达率 {share}", name=name, all=everyone,
                      left=left, share=share))  # fmt: skip
    made.finish()


def targets(making: Making) -> None:
    """Make the table of tasks against their targets; no slide where none has a value."""
    if len(making.briefing.tables[TARGETS]):
        tabled(making, TARGETS, most=_TARGETS[spoken()], columns=_TARGET, wrap=3)


def since(making: Making) -> None:
    """Make the table of what changed since the earlier period; no slide without one."""
    if SINCE in making.briefing.tables:
        tabled(making, SINCE, most=ROWS)


def tabled(
    making: Making, key: str, *, most: int, columns: Sequence[str] | None = None, wrap: int = 2,
    **how: Any,  # noqa: ANN401
) -> None:  # fmt: skip
    """Make a slide of one table, what its figures are of below it.

    most
        So many rows at most; how many more there are is told.
    wrap
        So many lines a text may take; a longer one is cut.
    how
        More of `Printed`.
    """
    table = making.briefing.tables[key]
    shown, left_out = replace(table, note=table.told(columns)), max(0, len(table) - most)
    made = making.titled(key, table.title)
    room, note = BODY.above(_high(_below(shown, left_out)))
    printed = Printed(table.only(columns), table.texts(columns, most=most),
                      table.total is not None, wrap=wrap, **how)  # fmt: skip
    add_table(made, room, printed, name=key, alt=str(table.title))
    told_below(made, note, shown, left_out)
    made.finish()


def shares(making: Making) -> None:
    """Make the chart of the share within reach by street, the lowest last; two where many."""
    table = making.briefing.tables[STREETS]
    known = table.rows["share_60plus"].notna()
    ranked = table.rows.loc[known].sort_values("share_60plus", ascending=False, kind="stable")
    if ranked.empty:
        return
    made = making.titled(SHARES, say("各街道可达率"))
    shown = ranked.tail(_BARS * _SIDES - 1)
    bars, place = _ranked(table, shown)
    room, note = BODY.above(_NOTE)
    parts = 1 if len(bars) <= _BARS else _SIDES
    each = -(-len(bars) // parts)
    for number, box in enumerate(room.columns(*[1] * parts, gap=30)):
        some = bars[number * each : (number + 1) * each]
        marked = {} if place is None else {place - number * each: (WHOLE, WHOLE)}
        at = {place: how for place, how in marked.items() if 0 <= place < len(some)}
        add_bars(made, box, Bars(str(table.only(["share_60plus"])[0].title),
                 [name for name, _ in some], [value for _, value in some], "0.0%", 1.2,
                 at, [name for name, _ in bars]),
                 name=f"shares {number + 1}", alt=str(say("各街道可达率")),
                 on=making.briefing.on)  # fmt: skip
    told_below(made, note, table, len(ranked) - len(shown))
    _each_denominator(made, table, table.rows.loc[~known])
    made.finish()


def _ranked(table: Table, rows: pd.DataFrame) -> tuple[list[tuple[str, float]], int | None]:
    """Return names and shares with the whole where it belongs, and its place; none without."""
    bars = list(zip(map(str, rows["name"]), map(float, rows["share_60plus"]), strict=True))
    whole: Any = (table.total or {}).get("share_60plus")
    if unknown(whole) or len(rows) < 2:  # noqa: PLR2004 - one street is the whole
        return bars, None
    place = sum(value >= whole for _, value in bars)
    bars.insert(place, (translate("合计"), float(whole)))
    return bars, place


def _each_denominator(sheet: Sheet, table: Table, without: pd.DataFrame) -> None:
    """Note what the share of every street is of, and which streets have none, and why."""
    sheet.note(say("各街道的分母和分子："))
    for name, everyone, covered, share in table.texts(
        ["name", "elderly_60plus", "covered_60plus", "share_60plus"]
    ):
        sheet.note(say("{name}：{all} 人中 {covered} 人，{share}", name=name, all=everyone,
                      covered=covered, share=share))  # fmt: skip
    nobody = without["elderly_60plus"].eq(0)
    for which, told in (
        (nobody, say("没有 60 岁以上老年人而无可达率的，不画条：")),
        (~nobody, say("60 岁以上人口数或设施不明而无可达率的，不画条：")),
    ):
        if which.any():
            sheet.note(joined("", told, joined("、", *map(str, without.loc[which, "name"]))))


def verdicts(making: Making) -> None:
    """Make the chart of verdicts beside the table of the largest gaps."""
    table, short = making.briefing.tables[VERDICT_COUNTS], making.briefing.tables[SHORT]
    if not (table.total or {}).get("estates"):
        return
    made = making.titled(VERDICT_COUNTS, table.title)
    room, note = BODY.above(_NOTE)
    left, right = room.columns(300, 570)
    rows, counted = table.rows, table.only(["estates"])[0]
    left = headed(made, left, counted.title, name="verdicts")
    add_bars(made, left, Bars(str(counted.title), list(rows["verdict"]),
             [float(count) for count in rows["estates"]], "#,##0",
             1.25 * max(float(rows["estates"].max()), 1.0),
             {place: VERDICTS[code] for place, code in enumerate(rows["code"])}),
             name="verdicts", alt=str(table.title), on=making.briefing.on)  # fmt: skip
    if len(short):
        shown = short.texts(_GAP, most=_GAPS)[: min(_GAPS, len(short))]
        below = headed(made, right, say("缺口最大的小区"), name="largest gaps")
        add_table(made, below, Printed(short.only(_GAP), shown), name="largest gaps",
                  alt=str(say("缺口最大的小区")))  # fmt: skip
    else:
        made.text(right, [say("没有不达标小区。")], name="largest gaps", sizes=(18,))
    left_out = max(0, len(short) - _GAPS)
    told_below(made, note, table, left_out,
               say("其余 {count} 个不达标小区见附表。", count=left_out))  # fmt: skip
    made.finish()


def headed(sheet: Sheet, box: Box, said: object, *, name: str) -> Box:
    """Write a heading at the top of a box, and return the room below it."""
    sheet.text(Box(box.left, box.top, box.wide, 22), [said], name=f"{name} heading",
               sizes=(16, SMALLEST), bold=True)  # fmt: skip
    return Box(box.left, box.top + 28, box.wide, box.high - 28)


def told_below(
    sheet: Sheet, box: Box, table: Table, left_out: int, told: Message | None = None
) -> None:
    """Say below a table what its figures are of, and how many rows are not there."""
    said = _below(table, left_out, told)
    sheet.line(box, ("" if spoken() == "zh" else " ").join(said), name="note")
    sheet.note(*said)
    for column in table.columns:
        if column.meaning is not None and column.kind is not Kind.TEXT:
            sheet.note(say("{column}：{meaning}。", column=column.title, meaning=column.meaning))


def _below(table: Table, left_out: int, told: Message | None = None) -> list[str]:
    said = [] if table.note is None else [str(table.note)]
    if left_out:
        said.append(str(told or say("另有 {count} 行见附表。", count=left_out)))
    return said


def _high(said: Sequence[str]) -> float:
    """Return how much room a note takes: two lines, more where it is longer."""
    needed = lines("".join(said), SOURCE, BODY.wide) * SOURCE * LEADING
    return max(_NOTE, needed + 1)
