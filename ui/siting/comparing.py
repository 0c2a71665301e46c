"""Scenarios beside each other, by the whole and by street; the meeting page shows the same."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from analysis.coverage.table import OUTSIDE
from analysis.kept_scenarios import KeptScenario, kept_scenarios
from analysis.scenario import Scenario
from analysis.study import Progress, Study
from analysis.what_if.elders import whole_change
from analysis.what_if.side_by_side import BASELINE, SideBySide, compare_evaluations
from geo.errors import PlanningError
from geo.language import Message, say, translate
from report.data.sheets import file_name
from report.scenario_totals import is_best, scenario_totals
from report.tables import write_csv
from ui.data.showing import show_lines, show_table
from ui.kept import evaluated, is_kept
from ui.progress import silent, with_progress
from ui.scenarios.at_hand import AtHand
from ui.seen import plain
from ui.sidebar import Choice
from ui.siting.trying import Trying
from ui.words import NOTHING, at_least, headed, number, percent, signed

SHOWN_MAX: Final = 5
BEST: Final = "★"
BOUNDED: Final = ("covered_60plus", "share_60plus")  # at least so much where edges are unknown
OTHER_CHANGES: Final = ("move", "resize", "link", "gate", "block", "walking")
Print = Callable[[Any], str]


@dataclass(frozen=True, eq=False)
class Compared:
    """Scenarios of one study side by side.

    totals
        As `scenario_totals` has them, with the number of changes to each of `OTHER_CHANGES`.
    """

    title: str
    side: SideBySide
    totals: pd.DataFrame


def compared(choice: Choice, scenarios: Sequence[Scenario], *, progress: Progress) -> Compared:
    """Return things as they stand and some scenarios side by side, each evaluated once.

    choice
        Study and walking; its own scenario is not looked at.

    Errors: PlanningError where the study or a scenario is refused.
    """
    count = len(scenarios) + 1
    evaluations = []
    for done, scenario in enumerate([Scenario(), *scenarios]):

        def tell(what: Message, part: float, done: int = done) -> None:
            progress(what, (done + part) / count)

        shown = evaluated(replace(choice, scenario=scenario), progress=tell)
        evaluations.append(shown.evaluation)
    base, *others = evaluations
    titles = [scenario.title for scenario in scenarios]
    side = compare_evaluations(base, list(zip(titles, others, strict=True)))
    return beside(base.study, side, scenarios)


def beside(study: Study, side: SideBySide, scenarios: Sequence[Scenario]) -> Compared:
    """Return scenarios side by side with their totals, and how many changes each makes."""
    totals = scenario_totals(side, scenarios, study)
    told = [Scenario(), *scenarios]
    counts = {part: [len(getattr(each, part)) for each in told] for part in OTHER_CHANGES}
    return Compared(study.title, side, totals.assign(**counts))


def show_comparing(trying: Trying, hand: AtHand) -> None:
    """Show which scenarios to compare, and the comparison once it is asked for."""
    kept, _ = kept_scenarios(trying.study)
    if not kept:
        st.caption(translate("还没有情景。在地图上改一处，或从“找最优选址”存一个，再来对比。"))
        return
    chosen = _choose(kept, hand)
    scenarios = [each.scenario for each in chosen]
    place = st.empty()
    if not scenarios or not _wanted(trying, scenarios):
        return
    try:
        if _known(trying, scenarios):
            told = compared(trying.choice, scenarios, progress=silent)
        else:
            told = with_progress(
                place, lambda tell: compared(trying.choice, scenarios, progress=tell)
            )
    except PlanningError as refusal:
        show_lines(refusal.messages, key="compared", bad=True)
        return
    show_compared(told)


def _choose(kept: Sequence[KeptScenario], hand: AtHand) -> list[KeptScenario]:
    by_number = {each.number: each for each in kept}
    first = [number for number in by_number if number == hand.number]
    first += [number for number in by_number if number != hand.number]
    chosen = st.multiselect(
        translate("和现状一起对比的情景"), list(by_number), default=first[:3],
        max_selections=SHOWN_MAX, placeholder=translate("请选择"), key=f"compare {len(kept)}",
        format_func=lambda number: plain(by_number[number].title),
    )
    return [by_number[number] for number in chosen]


def _known(trying: Trying, scenarios: Sequence[Scenario]) -> bool:
    return all(is_kept(replace(trying.choice, scenario=each)) for each in scenarios)


def _wanted(trying: Trying, scenarios: Sequence[Scenario]) -> bool:
    """Return whether to go on: at once where all is known, else after a press."""
    if _known(trying, scenarios):
        return True
    return st.button(
        translate("开始对比"), type="primary", key="compare now",
        help=translate("每个情景整体评价一次，约数秒；评价过的不再算。"),
    )


def show_compared(told: Compared) -> None:
    """Show scenarios side by side: the whole first, then street by street; the best is marked."""
    st.caption(
        str(
            say(
                "{best} 为该行最好的；相差不足显示精度的不标。"
                "60岁以上，可达人数与占比以位置明确的人为分母。",
                best=BEST,
            )
        )
    )
    show_table(totals_table(told))
    show_table(streets_table(told))
    st.download_button(
        translate("下载对比表（CSV）"), comparison_csv(told),
        f"{file_name(told.title)}-{translate('多方案对比')}.csv", "text/csv", on_click="ignore",
        key="download comparison",
    )


def totals_table(told: Compared) -> pd.DataFrame:
    """Return a row a figure and a column a scenario, as texts; the best of each row is marked."""
    rows: dict[str, tuple[str, Print]] = {
        translate("60岁以上（人）"): ("elderly_60plus", number),
        translate("可达（人）"): ("covered_60plus", number),
        translate("可达率"): ("share_60plus", percent),
        translate("比现状增减（人）"): ("covered_change", signed),
        translate("比现状增减（百分点）"): ("share_change", _points),
        translate("养老用房缺口（㎡）"): ("deficit_m2", number),
        translate("新增设施（处）"): ("opened", number),
        translate("关闭设施（处）"): ("closed", number),
        translate("新增设施费用（万元）"): ("cost_wan", _cost),
        translate("移动设施（处）"): ("move", number),
        translate("改规模设施（处）"): ("resize", number),
        translate("新通道（条）"): ("link", number),
        translate("新出入口（处）"): ("gate", number),
        translate("阻断（条）"): ("block", number),
        translate("改动的步行设定（项）"): ("walking", number),
    }
    told_by = told.totals.set_index("label")
    table = {translate("项目"): list(rows)}
    columns = {label: [] for label in told.side.labels}  # type: dict[str, list[str]]
    for figure, show in rows.values():
        best = is_best(_compared_values(told_by[figure], figure), figure)
        for label, value, mark in zip(told.side.labels, told_by[figure], best, strict=True):
            bounded = figure in BOUNDED and told_by["lower_bound"][label]
            shown = at_least(show(value), bounded)
            columns[label].append(f"{shown} {BEST}" if mark else shown)
    headings = headings_of(told.side.labels)
    named = {headings[label]: values for label, values in columns.items()}
    return pd.DataFrame({**table, **named})


def _compared_values(values: "pd.Series[float]", figure: str) -> "pd.Series[float]":
    """Return the values among which one is best: what costs nothing changes nothing."""
    if figure == "cost_wan":
        return values.mask(values.eq(0))
    return values


def streets_table(told: Compared) -> pd.DataFrame:
    """Return a row a street: the share under each scenario, with the people gained or lost."""
    side = told.side
    parts = {label: side.rows[side.rows["label"].eq(label)] for label in side.labels}
    first = parts[side.labels[0]]
    streets = (first["level"].eq("street") & first["elderly_60plus"].fillna(0).gt(0)).to_numpy()
    outside = first.loc[streets, "area_id"].eq(OUTSIDE).to_numpy()
    names = first.loc[streets, "name"].map(plain).mask(outside, translate("界外"))
    shares = pd.DataFrame(
        {label: part.loc[streets, "share_60plus"].to_numpy() for label, part in parts.items()}
    )
    best = np.array([is_best(row, "share_60plus") for _, row in shares.iterrows()])
    table = {
        translate("街道"): names.to_list(),
        translate("60岁以上"): [number(each) for each in first.loc[streets, "elderly_60plus"]],
    }
    headings = headings_of(side.labels)
    for place, (label, part) in enumerate(parts.items()):
        change = whole_change(first.reset_index(drop=True), part.reset_index(drop=True))[streets]
        marks: list[bool] = best[:, place].tolist() if len(best) else []
        table[headings[label]] = [
            _street(share, people, is_base=label == BASELINE, mark=mark)
            for share, people, mark in zip(shares[label], change, marks, strict=True)
        ]
    return pd.DataFrame(table)


def comparison_csv(told: Compared) -> bytes:
    """Return the comparison by area, as `scenarios.csv` of the terminal has it."""
    with TemporaryDirectory(prefix="carecircle-") as folder:
        path = Path(folder) / "scenarios.csv"
        write_csv(told.side.table, path)
        return path.read_bytes()


def headings_of(labels: Sequence[str]) -> dict[str, str]:
    """Return how the column of each scenario is headed, told apart from all other columns.

    A title may be anything, so also what a column of the tables is headed, or what two look like
    once every sign is seen.
    """
    taken = {translate("项目"), translate("街道"), translate("60岁以上")}
    headings: dict[str, str] = {}
    for label in labels:
        called = headed(translate("现状")) if label == BASELINE else plain(label)
        numbered = (f"{called}（{at}）" for at in count(1))
        heading = next(each for each in chain([called], numbered) if each not in taken)
        taken.add(heading)
        headings[label] = heading
    return headings


def _street(share: float, people: float, *, is_base: bool, mark: bool) -> str:
    alike = is_base or np.isnan(people) or round(people) == 0
    change = "" if alike else say("（{change}）", change=f"{people:+,.0f}")
    return f"{percent(share)}{change}{f' {BEST}' if mark else ''}"


def _points(share: Any) -> str:  # noqa: ANN401
    return NOTHING if pd.isna(share) else f"{100 * share:+.1f}"


def _cost(wan: Any) -> str:  # noqa: ANN401
    return number(wan, digits=1)
