"""What is said above the table of tasks: as many as can be counted in its own cells."""

from collections import Counter

from report.briefing.content import Briefing
from report.briefing.targets import TARGETS
from tests.report.sentences import texts


def test_the_title_counts_the_cells(briefing: Briefing) -> None:
    cells = Counter(briefing.tables[TARGETS].rows["met"])
    assert cells == {"未达到": 6, "全市目标，不作结论": 4, "全国目标，不作结论": 1,
                     "下限，不作结论": 1}  # fmt: skip
    assert str(briefing.assertions[TARGETS].said) == (
        "有数据的12项任务指标：达到0项，未达到6项，不作结论6项"
    )
    assert (
        "有数据的任务指标12项：达到0项，未达到6项，不作结论6项（目标是对全市、全国的5项，现状数仅供对照；"
        "只知上限或下限的1项）。"
    ) in texts(briefing)["gaps"]


def test_what_is_not_judged_has_no_gap(briefing: Briefing) -> None:
    rows = briefing.tables[TARGETS].rows
    open_ = rows["met"].str.contains("不作结论")
    assert set(rows.loc[open_, "gap"]) == {"–"}
    assert not rows.loc[~open_, "gap"].eq("–").any()
