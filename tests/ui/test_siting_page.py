"""The page of siting on a toy city: what it shows is what a whole evaluation says."""
# ruff: noqa: TID251, SLF001 - the browser face; what other tests kept is cleared

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Event
from typing import Any, Final

import pytest
from streamlit.testing.v1 import AppTest

from analysis.evaluation import evaluate
from analysis.kept_scenarios import keep_scenario, kept_numbers, scenario_file
from analysis.scenario import Opened, Scenario, apply
from analysis.scenario_text import read_scenario
from analysis.study import Study
from geo.language import speak
from tests.analysis.toy_study import box, estate, people, spot
from tests.analysis.what_if_city import PEOPLE, PLOT, city, degrees, pair
from ui import kept
from ui.siting import answers, finding, trying
from ui.studies import ENVIRONMENT, fingerprint

STUDY = (
    'title = "测试城"\non = 2025-12-31\n[walking]\nlimit_min = 10\n[streets]\npath = "s.geojson"\n'
)
STATION: Final = "community_station"
D = degrees(300, 390)
AT_D = Scenario(
    title="在D", open=(Opened(name="新站", category=STATION, lon=D["lon"], lat=D["lat"]),)
)
WITHOUT = Scenario(title="关f2", close=("f2",))
State = Mapping[str, Any] | None
SLOTS = (kept._study_slot, kept._evaluation_slot, kept._live_slot, trying._slot, answers._slot)


def page() -> None:
    """Open the page itself; Streamlit runs the text of this function alone."""
    import streamlit  # noqa: PLC0415

    from geo.language import speak  # noqa: PLC0415
    from ui.views import siting  # noqa: PLC0415

    streamlit.session_state.setdefault("language", "zh")
    speak(streamlit.session_state["language"])
    siting.show()


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Study:
    plot = {**PLOT, "cost_wan": 20.0, "area_m2": 300.0, "category": STATION, "floor": "1"}
    home = estate("r1", box(280, 300, 320, 380))
    far = people("far", spot(900, 450), 30, 9)  # from there no street can be stepped onto
    return city(
        tmp_path_factory.mktemp("toy"), candidates=(plot,), residential=(home,),
        population=(*PEOPLE, far),
    )


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory, toy: Study) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("beside") / "toy.study.toml"
    path.write_text(STUDY, encoding="utf-8")
    for slot in SLOTS:
        slot.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ENVIRONMENT, str(path))
        patch.setattr(kept, "load_study", lambda _path, **_: toy)
        patch.setattr(finding, "PATIENCE_S", 60.0)  # a browser would look again by itself
        yield path
    for slot in SLOTS:
        slot.clear()
    speak("zh")


@pytest.fixture
def study(beside: Path) -> Path:
    for number in kept_numbers(beside):
        scenario_file(beside, number).unlink()
    return beside


def opened(study: Path, scenario: Scenario | None = None, state: State = None) -> AppTest:
    """Open the page, looking at a scenario kept beside the study."""
    shown = AppTest.from_function(page, default_timeout=60)
    if scenario is not None:
        shown.session_state[f"scenario of {study}"] = keep_scenario(study, scenario)
    for name, value in (state or {}).items():
        shown.session_state[name] = value
    return calm(shown.run())


def calm(shown: AppTest) -> AppTest:
    assert not shown.exception
    assert not any("没有料到" in each.value for each in shown.text)
    return shown


def press(shown: AppTest, label: str) -> AppTest:
    next(button for button in shown.button if button.label == label).click()
    return calm(shown.run())


def texts(shown: AppTest) -> str:
    return "\n".join(str(each.value) for each in shown.text)


def captions(shown: AppTest) -> str:
    return "\n".join(str(each.value) for each in shown.caption)


def outcome(shown: AppTest) -> str:
    told = "".join(str(element.proto.body) for element in shown.get("html"))
    return re.sub(r"<[^>]+>", " ", told)


def covered(study: Study, scenario: Scenario) -> tuple[float, float]:
    """Return the people covered and all of them, by a whole evaluation."""
    whole = evaluate(apply(scenario, study), draw="when asked").summary["coverage"]
    return whole["covered_60plus"], whole["elderly_60plus"]


@pytest.mark.parametrize("scenario", [AT_D, WITHOUT], ids=["opened", "closed"])
def test_figures_are_those_of_a_whole_evaluation(
    study: Path, toy: Study, scenario: Scenario
) -> None:
    after, everybody = covered(toy, scenario)
    before, _ = covered(toy, Scenario())
    assert after != before
    said = outcome(opened(study, scenario, state={"siting part": "rely"}))
    assert f"{everybody:,.0f} 人中 {after:,.0f} 人" in said
    assert f"{after - before:+,.0f}" in said


def test_a_press_at_the_best_spot_opens_there_and_goes_back_and_forth(study: Path) -> None:
    shown = press(opened(study, state={"gains shown": True}), "在此新增")
    first = read_scenario(scenario_file(study, 1))
    assert [each.category for each in first.open] == ["community_station"]
    assert first.open[0].lon is not None
    shown = press(shown, "撤销")
    assert read_scenario(scenario_file(study, 1)).open == ()
    shown = press(shown, "重做")
    assert read_scenario(scenario_file(study, 1)).open == first.open
    copied = press(shown, "复制为新情景")
    assert read_scenario(scenario_file(study, 2)).title == "方案1 副本"
    press(copied, "删除情景")
    assert list(kept_numbers(study)) == [1]


def test_what_another_window_wrote_stays(study: Path) -> None:
    shown = opened(study, WITHOUT, state={"gains shown": True})
    theirs = WITHOUT.model_copy(update={"close": ("f1",)})
    keep_scenario(study, theirs, number=1)
    shown = press(shown, "在此新增")
    assert "另一个窗口" in texts(shown)
    assert read_scenario(scenario_file(study, 1)) == theirs


def test_what_is_opened_has_a_card_and_another_size(study: Path) -> None:
    chosen = {"layer": "facilities", "id": "s1"}
    key = f"chosen for siting {fingerprint(study)[:16]}"
    shown = opened(study, AT_D, {key: chosen})
    assert "新站\n" in texts(shown)
    assert "情景新增" in texts(shown)
    next(each for each in shown.number_input if "area of" in str(each.key)).set_value(350.0)
    press(calm(shown.run()), "改规模")
    assert read_scenario(scenario_file(study, 1)).open[0].floor_area_m2 == 350.0


def test_every_change_is_listed_and_can_be_taken_out(study: Path) -> None:
    scenario = WITHOUT.model_copy(update={"walking": {"limit_min": 8.0}})
    shown = opened(study, scenario)
    assert "关闭：care f2（f2）" in texts(shown)
    assert "时限（分钟） = 8" in texts(shown)
    shown = press(shown, "去掉")
    assert read_scenario(scenario_file(study, 1)).close == ()
    press(shown, "去掉")
    assert read_scenario(scenario_file(study, 1)).walking == {}


def test_another_title_is_kept_and_none_is_refused(study: Path) -> None:
    shown = opened(study, AT_D)
    calm(shown.text_input[0].set_value("领导小组方案").run())
    assert read_scenario(scenario_file(study, 1)).title == "领导小组方案"
    calm(shown.text_input[0].set_value("  ").run())
    assert "情景要有名称" in texts(shown)
    assert read_scenario(scenario_file(study, 1)).title == "领导小组方案"


def test_the_best_site_is_found_proved_and_put_on_the_map(study: Path, toy: Study) -> None:
    shown = press(opened(study, state={"siting part": "find"}), "开始找")
    said = texts(shown)
    assert "已证明最优" in said
    before, everybody = covered(toy, Scenario())
    press(shown, "放到地图上（成为新情景）")
    proposed = read_scenario(scenario_file(study, 1))
    assert [each.candidate_id for each in proposed.open] == ["c1"]
    after, _ = covered(toy, proposed)
    assert f"60岁以上 {everybody:,.0f} 人中，可达由 {before:,.0f} 人" in said
    assert f"变为 {after:,.0f} 人" in said
    assert "费用合计 20.0 万元" in said


def test_a_share_out_of_reach_is_told_with_its_reason(study: Path) -> None:
    shown = opened(study, state={"siting part": "find", "siting question": "share"})
    next(one for one in shown.number_input if one.label == "可达率（%）").set_value(100.0)
    shown = press(calm(shown.run()), "开始找")
    assert "无解" in texts(shown)


def test_scenarios_stand_beside_each_other_as_evaluated(study: Path, toy: Study) -> None:
    keep_scenario(study, AT_D)
    keep_scenario(study, WITHOUT)
    shown = opened(study, state={"siting part": "compare"})
    if any(button.label == "开始对比" for button in shown.button):
        shown = press(shown, "开始对比")
    table = next(one.value for one in shown.dataframe if "项目" in one.value.columns)
    row = table.set_index("项目").loc["可达（人）"]
    told = [row["现状"], row["在D"].removesuffix(" ★"), row["关f2"]]
    asked = (Scenario(), AT_D, WITHOUT)
    # Streets do not reach beyond the toy: covered people are at least so many.
    assert told == [f"≥{covered(toy, each)[0]:,.0f}" for each in asked]
    assert row["在D"].endswith("★")


def test_scenarios_that_alter_ways_alone_are_told_apart(study: Path) -> None:
    ends = {"from": pair(0, 0), "to": pair(300, 400)}
    ways = {"title": "修路", "link": [ends], "block": [{"line": [pair(750, -9), pair(750, 9)]}]}
    away = {"title": "搬走", "move": [{"facility_id": "f2", **degrees(500, 0)}],
            "gate": [{"residential_id": "r1", **degrees(300, 340)}]}  # fmt: skip
    for each in (ways, away):
        keep_scenario(study, Scenario.model_validate(each))
    shown = opened(study, state={"siting part": "compare"})
    if any(button.label == "开始对比" for button in shown.button):
        shown = press(shown, "开始对比")
    table = next(one.value for one in shown.dataframe if "项目" in one.value.columns)
    rows = table.set_index("项目")
    counted = ("移动设施（处）", "改规模设施（处）", "新通道（条）", "新出入口（处）", "阻断（条）")
    assert [rows.loc[each].to_list() for each in counted] == [
        ["0", "0", "1"], ["0", "0", "0"], ["0", "1", "0"], ["0", "0", "1"], ["0", "1", "0"]
    ]  # fmt: skip


def test_closing_costs_what_an_evaluation_says(study: Path, toy: Study) -> None:
    shown = opened(study, state={"siting part": "rely"})
    table = next(one.value for one in shown.dataframe if "关闭后失去覆盖" in one.value.columns)
    lost = table.set_index("编号")["关闭后失去覆盖"]
    before, _ = covered(toy, Scenario())
    for facility in ("f1", "f2"):
        assert lost[facility] == before - covered(toy, Scenario(close=(facility,)))[0]
    first = table["编号"].iloc[0]
    press(shown, "在情景中试关这一处")
    assert read_scenario(scenario_file(study, 1)).close == (first,)


def test_a_scenario_that_cannot_be_read_is_said_and_nothing_can_be_changed(study: Path) -> None:
    file = scenario_file(study, keep_scenario(study, WITHOUT))
    file.write_text(file.read_text(encoding="utf-8") + '\n[[opne]]\nname = "x"\n', "utf-8")
    state = {f"scenario of {study}": 1, "siting part": "rely", "gains shown": True}
    shown = opened(study, state=state)
    assert f"情景文件 {file.name} 读不出来" in texts(shown)
    assert "opne" in texts(shown)
    still_on = {button.label for button in shown.button if not button.disabled}
    assert not still_on & {"撤销", "重做", "在此新增", "在情景中试关这一处", "删除情景"}
    shown = opened(study, state={**state, "siting part": "edit"})
    still_on = {button.label for button in shown.button if not button.disabled}
    assert not still_on & {"复制为新情景", "删除情景"}
    assert "新建空情景" in still_on


def test_a_change_that_helps_nobody_is_said_to_be_made_and_why(study: Path) -> None:
    beside_the_street = {"from": pair(300, 0), "to": pair(300, 300)}  # as long as the street
    link = Scenario.model_validate({"title": "并行", "link": [beside_the_street]})
    state = {"gains shown": False}
    shown = press(opened(study, link, state), "去掉")
    assert "通道的改动已记入情景，但没有一处的步行分钟因此改变，覆盖人数不变。" in texts(shown)
    shown = press(opened(study, WITHOUT, state), "去掉")
    assert "已记入情景" not in texts(shown)  # figures tell it


def test_a_search_tells_its_time_and_need_not_be_waited_for(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, search = Event(), answers._search
    monkeypatch.setattr(finding, "PATIENCE_S", 0.0)
    monkeypatch.setattr(
        answers, "_search", lambda question, tell: (go_on.wait(30), search(question, tell))[1]
    )
    answers._slot.clear()
    shown = opened(study, state={"siting part": "find"})
    assert "最多约 30 秒，等的时候可以取消" in captions(shown)
    shown = press(shown, "开始找")
    assert "最多约 30 秒" in shown.get("progress")[0].proto.text
    shown = press(shown, "取消")
    assert not shown.get("progress")
    assert "等的时候可以取消" in captions(shown)
    go_on.set()
    monkeypatch.setattr(finding, "PATIENCE_S", 60.0)
    assert "已证明最优" in texts(press(shown, "开始找"))


def test_who_waits_is_shown_the_answer_once_it_is_there(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, is_done = iter([False]), answers.Sought.is_done
    monkeypatch.setattr(
        answers.Sought, "is_done", lambda self, **_: next(done, is_done(self, within_s=60))
    )
    assert "已证明最优" in texts(press(opened(study, state={"siting part": "find"}), "开始找"))
