"""Key figures and the headline: lower bounds and unknowns are never shown as plain figures."""

from copy import deepcopy
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from toy import toy_evaluation

from analysis.evaluation import Evaluation
from geo.language import say
from report.conclusions import headline
from ui.figures import card, figures
from ui.siting import outcome


def with_summary(part: str, **changes: Any) -> Evaluation:  # noqa: ANN401 - any figure
    evaluation = toy_evaluation()
    summary = deepcopy(evaluation.summary)
    summary[part] |= changes
    return replace(evaluation, summary=summary)


def test_a_lower_bound_is_marked_and_explained() -> None:
    evaluation = with_summary(
        "coverage", share_60plus=0.434, lower_bound=True, edge_60plus=1730
    )
    reach = figures(evaluation)[0]
    assert reach.value == "≥43.4%"
    assert "1,730" in " ".join(str(line) for line in reach.lines)
    assert "占≥43.4%" in str(headline(evaluation))


def test_a_lower_bound_for_want_of_coordinates_is_explained_so() -> None:
    evaluation = with_summary("coverage", share_60plus=0.434, lower_bound=True, edge_60plus=0)
    reach = figures(evaluation)[0]
    assert reach.value == "≥43.4%"
    assert "没有坐标" in " ".join(str(line) for line in reach.lines)


def test_a_deficit_is_the_sum_of_the_rows_and_says_who_is_not_among_them() -> None:
    some = with_summary("provision", unknown=5, in_scope=6, short=1, deficit_m2=100.0)
    every = with_summary("provision", unknown=6, in_scope=6, short=0, deficit_m2=0.0)
    none = with_summary("provision", unknown=0, in_scope=6, short=1, deficit_m2=100.0)
    values = [figures(evaluation)[-1].value for evaluation in (some, every, none)]
    assert values == ["100 ㎡", "–", "100 ㎡"]
    lines = [" ".join(map(str, figures(each)[-1].lines)) for each in (some, none)]
    assert ["无法判定的 5 个小区不在内" in line for line in lines] == [True, False]


def test_the_band_is_told_only_beside_an_ordinary_speed() -> None:
    evaluation = toy_evaluation()
    assert "0.8–1.0" in str(headline(evaluation))
    slow = replace(evaluation, study=evaluation.study.with_walking(speed_m_per_s=0.6))
    assert "0.8–1.0" not in str(headline(slow))


def test_the_sign_of_a_bound_stays_on_the_line_of_its_figure() -> None:
    shown = card(say("达标率"), "20.8%", say("计入无法判定 63 个：{bound}", bound="≥18.5%"))
    assert "：≥\u206018.5%</small>" in shown


def test_a_bound_keeps_its_sign_under_a_scenario() -> None:
    def side(covered: int) -> Any:  # noqa: ANN401
        return SimpleNamespace(
            summary={"elderly_60plus": 1000.0, "covered_60plus": covered,
                     "share_60plus": covered / 1000}
        )  # fmt: skip

    changed: Any = SimpleNamespace(before=side(500), after=side(600))
    told = outcome.figures(changed, lower_bound=True)
    values = [each.value.replace("\u2060", "") for each in told]
    assert values == ["≥60.0%", "+100", "≤400"]
    assert [each.value for each in outcome.figures(changed)] == ["60.0%", "+100", "400"]
