"""Gestures of the map make scenarios; what makes no sense changes nothing."""


import pytest

from analysis.evaluation import evaluate
from analysis.scenario import Scenario
from analysis.what_if.live import Live
from geo.errors import ScenarioError
from tests.analysis.what_if_city import city, degrees
from ui.siting.gestures import NewCare, after, is_gesture

NEW = NewCare("community_station", 120.0)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Live:
    return Live(evaluate(city(tmp_path_factory.mktemp("city")), draw="when asked"))


def spot(x: float, y: float) -> list[float]:
    return [degrees(x, y)["lon"], degrees(x, y)["lat"]]


def told(gesture: str, *spots: list[float], **more: object) -> dict[str, object]:
    return {"layer": "gesture", "gesture": gesture, "spots": list(spots), **more}


def test_a_click_opens_a_facility_of_the_chosen_category(live: Live) -> None:
    here = spot(300, 200)
    scenario = after(told("open", here), Scenario(), live, new=NEW)
    opened = scenario.open[0]
    assert (opened.lon, opened.lat) == tuple(here)
    assert (opened.category, opened.floor_area_m2) == ("community_station", 120)
    assert live.outcome(scenario).summary["covered_60plus"] == 73


def test_a_drag_moves_what_stands_and_what_was_opened(live: Live) -> None:
    scenario = after(told("open", spot(0, 0)), Scenario(), live, new=NEW)
    scenario = after(told("move", spot(300, 200), facility="s1"), scenario, live, new=NEW)
    assert scenario.open[0].lon == spot(300, 200)[0]
    scenario = after(told("move", spot(400, 0), facility="f2"), scenario, live, new=NEW)
    assert [move.facility_id for move in scenario.move] == ["f2"]


def test_clicks_draw_links_gates_and_blocks(live: Live) -> None:
    a, b = spot(0, 0), spot(100, 100)
    scenario = after(told("link", a, b), Scenario(), live, new=NEW)
    scenario = after(told("gate", a, estate="r1"), scenario, live, new=NEW)
    scenario = after(told("block", a, b, spot(200, 0)), scenario, live, new=NEW)
    assert scenario.link[0].end == tuple(b)
    assert scenario.gate[0].residential_id == "r1"
    assert len(scenario.block[0].line) == 3


@pytest.mark.parametrize(
    "nonsense",
    [
        told("open"), told("open", ["x", 1]), told("open", [1]), told("open", [500, 42]),
        told("open", [float("nan"), 42.0]), told("link", [118.0, 42.0]), told("fly", [118.0, 42.0]),
        {"layer": "gesture", "gesture": "open", "spots": "118"},
        {"layer": "gesture", "gesture": "open", "spots": [None]},
        told("block", [118.0, 42.0]), told("link", [118.0, 42.0], [118.0, "y"]),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_one_sentence(
    live: Live, nonsense: dict[str, object]
) -> None:
    with pytest.raises(ScenarioError) as refused:
        after(nonsense, Scenario(), live, new=NEW)
    assert len(refused.value.messages) == 1


def test_a_chosen_place_is_no_gesture() -> None:
    assert is_gesture(told("open", [1, 2]))
    assert not is_gesture({"layer": "estates", "id": "r1"})
    assert not is_gesture(None)


def test_the_second_click_on_one_spot_opens_nothing_more(live: Live) -> None:
    here, near, apart = spot(300, 200), spot(300, 200.9), spot(300, 201.2)
    once = after(told("open", here), Scenario(), live, new=NEW)
    for again in (here, near):
        with pytest.raises(ScenarioError, match=r"刚刚新增过“新增1”"):
            after(told("open", again), once, live, new=NEW)
    assert len(after(told("open", apart), once, live, new=NEW).open) == 2
