"""The slides of what is to come: sites, options, next steps; then how it was worked out."""

from dataclasses import replace
from typing import Final

from geo.language import Message, say, translate
from report.briefing.assertions import FIGURES
from report.briefing.content import Column, Kind
from report.briefing.estates import VERDICT_COUNTS
from report.briefing.method import PARAMETERS
from report.briefing.sites import OPTIONS, PROJECTS
from report.slides.charts import Bars, add_bars
from report.slides.look import BODY, SMALLEST, WHOLE, Box
from report.slides.making import Making
from report.slides.standing import ROWS, headed, tabled, told_below
from report.slides.tables import Printed, add_table

_PROJECT: Final = ("rank", "name", "street", "area_m2", "cost_wan", "gain_60plus", "share_60plus",
                   "to_check")  # fmt: skip
_STEP: Final = (
    Column("number", say("序号"), Kind.COUNT),
    Column("step", say("下一步工作")),
    Column("bureau", say("责任单位")),
    Column("until", say("完成时限")),
)
_STEP_SHARES: Final = (0.6, 6.0, 2.6, 1.9)
_NOTE: Final = 34.0
_CHARTED: Final = 6  # options beside which there is room for a chart
_STEPS: Final = 8
_PARAMETERS: Final = 12


def _more(count: int) -> Message:
    return say("另有 {count} 条，见备注。", count=count)


def projects(making: Making) -> None:
    """Make the table of proposed sites with their cost; no slide where none are proposed."""
    if PROJECTS in making.briefing.tables:
        tabled(making, PROJECTS, most=ROWS - 1, columns=_PROJECT, airy=2.6)


def options(making: Making) -> None:
    """Make the table of options side by side, a chart of their shares below."""
    table = making.briefing.tables.get(OPTIONS)
    if table is None:
        return
    made = making.titled(OPTIONS, table.title)
    room, note = BODY.above(_NOTE)
    rows = table.rows
    charted = len(table) <= _CHARTED and rows["share_60plus"].notna().all()
    high = 44.0 + 34.0 * len(table) if charted else room.high
    add_table(made, Box(room.left, room.top, room.wide, high),
              Printed(table.columns, table.texts(most=ROWS), wrap=1 if charted else 2),
              name="options", alt=str(table.title))  # fmt: skip
    if charted:
        below = Box(room.left, room.top + high + 12, room.wide, room.high - high - 12)
        below = headed(made, below, table.only(["share_60plus"])[0].title, name="options shares")
        add_bars(made, below, Bars(str(table.only(["share_60plus"])[0].title),
                 list(map(str, rows["label"])), list(map(float, rows["share_60plus"])), "0.0%",
                 1.1, {0: (WHOLE, WHOLE)}), name="options shares", alt=str(table.title),
                 on=making.briefing.on)  # fmt: skip
    told_below(made, note, replace(table, note=table.told()), max(0, len(table) - ROWS))
    made.finish()


def steps(making: Making) -> None:
    """Make the list of next steps, with room for who does them and until when."""
    briefing = making.briefing
    made = making.sheet(say("下一步工作：请会上明确责任单位和完成时限"))
    made.answer(briefing.assertions.get(VERDICT_COUNTS))
    rows = [[str(number), str(step), "", ""]
            for number, step in enumerate(briefing.steps[:_STEPS], start=1)]  # fmt: skip
    if len(briefing.steps) > _STEPS:
        rows.append(["", str(_more(len(briefing.steps) - _STEPS)), "", ""])
    printed = Printed(_STEP, rows, wrap=2, airy=2.6, shares=_STEP_SHARES)
    add_table(made, BODY, printed, name="steps", alt=translate("下一步工作"))
    made.note(*briefing.steps)
    made.finish()


def method(making: Making) -> None:
    """Make the last slide: parameters, caveats, sources."""
    briefing = making.briefing
    made = making.sheet(say("口径与数据说明"))
    made.answer(briefing.assertions.get(FIGURES))
    room, source = BODY.above(32)
    left, right = room.columns(400, 470)
    made.text(left, briefing.caveats, name="caveats", sizes=(18, 16, SMALLEST))
    table = briefing.tables[PARAMETERS]
    shown = table.texts(most=_PARAMETERS)
    if len(table) > _PARAMETERS:
        shown.append([str(_more(len(table) - _PARAMETERS)), ""])
    add_table(made, right, Printed(table.columns, shown, shares=(6, 5)), name="parameters",
              alt=str(table.title))  # fmt: skip
    made.note(*briefing.caveats, *(f"{name}：{value}" for name, value in table.texts()))
    made.line(source, "；".join(map(str, briefing.sources)), name="source")
    made.finish()
