"""What a scenario changes, as the map of the scenario and the card of a street tell it."""

import json
from pathlib import Path

from analysis.evaluation import Evaluation, evaluate
from analysis.scenario import Moved, Opened, Scenario, apply
from analysis.study import Study
from report.conclusions import headline
from report.street_change import change_lines
from tests.analysis.toy_study import estate, spot
from tests.analysis.what_if_city import city, degrees
from ui.map.layers import swiped
from ui.map.marks_layer import draw_marks
from ui.map.scene import caption, draw_evaluation

HOMES = (estate("r1", spot(300, 400)), estate("r2", spot(900, 0)), estate("r3", spot(100, 0)))


def both(folder: Path, scenario: Scenario) -> tuple[Evaluation, Evaluation]:
    study: Study = city(folder, residential=HOMES)
    return evaluate(study, draw="when asked"), evaluate(apply(scenario, study), draw="when asked")


def opened_at_d() -> Opened:
    return Opened(name="新站", category="community_station", **degrees(300, 400))


def texts(before: Evaluation, after: Evaluation, street: str) -> list[str]:
    return [text for _, text in change_lines(after, before, street)]


def test_new_facilities_are_named_closed_ones_brought_and_estates_gained_or_lost(
    tmp_path: Path,
) -> None:
    # D is 700 m from the nearest facility: one there reaches r1. Without f2 r2 is 900 m from f1.
    told = Scenario(title="方案1", open=(opened_at_d(),), close=("f2",))
    before, after = both(tmp_path, told)
    marks = json.loads(draw_marks(before, after))
    assert marks["opened"] == ["s1"]
    assert marks["moved"] == []
    assert marks["closed"] == 1
    assert marks["estates"] == {"r1": "gained", "r2": "lost"}
    [struck] = marks["features"]
    assert struck["properties"]["kind"] == "closed"
    assert struck["properties"]["id"] == "f2"
    assert struck["geometry"]["coordinates"] == [
        round(degrees(600, 0)["lon"], 6), round(degrees(600, 0)["lat"], 6),
    ]  # fmt: skip


def test_a_facility_that_moves_is_struck_out_where_it_stood(tmp_path: Path) -> None:
    told = Scenario(move=(Moved(facility_id="f2", **degrees(700, 0)),))
    marks = json.loads(draw_marks(*both(tmp_path, told)))
    assert (marks["opened"], marks["moved"], marks["closed"]) == ([], ["f2"], 1)
    assert marks["estates"] == {}
    assert marks["features"][0]["geometry"]["coordinates"][0] == round(degrees(600, 0)["lon"], 6)


def test_nothing_is_marked_where_nothing_changes(tmp_path: Path) -> None:
    same, _ = both(tmp_path, Scenario())
    marks = json.loads(draw_marks(same, same))
    assert (marks["features"], marks["estates"], marks["closed"]) == ([], {}, 0)


def test_a_street_tells_people_before_and_after(tmp_path: Path) -> None:
    # s1: 5 at A, 20, 8 beside the lane are reached, 10 at D are not; s2: 30 at E by f2 alone.
    before, after = both(tmp_path, Scenario(open=(opened_at_d(),), close=("f2",)))
    assert texts(before, after, "s1") == ["33 → 43 人（+10）", "76.7% → 100.0%"]
    assert texts(before, after, "s2") == ["30 → 0 人（-30）", "100.0% → 0.0%"]
    assert texts(before, after, "none") == []


def test_a_street_in_which_nobody_walks_otherwise_says_so(tmp_path: Path) -> None:
    before, after = both(tmp_path, Scenario(open=(opened_at_d(),)))
    assert texts(before, after, "s2") == ["30 → 30 人（没有变化）", "100.0% → 100.0%"]


def test_caption_and_sentence_say_whose_the_map_is(tmp_path: Path) -> None:
    before, after = both(tmp_path, Scenario(title="方案1", open=(opened_at_d(),)))
    assert json.loads(caption(before.study))["scenario"] == ""
    assert json.loads(caption(after.study))["scenario"] == "方案1"
    assert "caption" in draw_evaluation(after)
    assert "caption" not in draw_evaluation(before)  # the study's own names no scenario
    divided = swiped({"caption": "a", "estates": "b"}, {"caption": "c", "marks": "d"})
    assert (divided["caption"], divided["marks"]) == ("c", "d")
    assert "1处运营中的社区级设施" in str(headline(before))
    assert "1处运营中及情景新增的社区级设施" in str(headline(after))
    # One that only closes brings none.
    closing = evaluate(apply(Scenario(close=("f2",)), before.study), draw="when asked")
    assert "1处运营中的社区级设施" in str(headline(closing))
