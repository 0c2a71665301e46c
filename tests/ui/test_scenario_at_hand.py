"""One scenario for all pages: chosen, changed, taken back, kept beside the study."""

# ruff: noqa: TID251 - the page under test

import inspect
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import analysis.kept_scenarios as kept_module
from analysis.kept_scenarios import (
    drop_scenario,
    keep_scenario,
    kept_scenarios,
    scenario_file,
)
from analysis.scenario import Scenario
from analysis.scenario_text import read_scenario
from ui.scenarios import at_hand

ROOT = Path(__file__).resolve().parents[2]
FIRST = Scenario(title="关一处", close=("f1",))
BEGUN = Scenario(title="上传的", close=("u1",))


def page(study: str) -> None:
    """Show what the sidebar and the siting page do with a scenario, and nothing else."""
    import streamlit as st  # noqa: PLC0415

    from analysis.scenario import Scenario  # noqa: PLC0415
    from ui.saving import show_said  # noqa: PLC0415
    from ui.scenarios.at_hand import PART, begin, change, drop, redo, undo  # noqa: PLC0415
    from ui.scenarios.choosing import choose_scenario  # noqa: PLC0415

    hand = choose_scenario(Path(study))
    st.text(",".join(hand.scenario.close) or "as it stands")
    closed = hand.scenario.close
    more = Scenario(title=hand.scenario.title, close=(*closed, f"f{len(closed) + 1}"))
    st.button("more", on_click=change, args=(hand, more))
    st.button("undo", on_click=undo, args=(hand,))
    st.button("redo", on_click=redo, args=(hand,))
    st.button("begin", on_click=begin, args=(Path(study), Scenario(title="上传的", close=("u1",))))
    st.button("drop", on_click=drop, args=(hand,))
    show_said(PART)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    path = tmp_path / "city.study.toml"
    shutil.copy(ROOT / "data" / "chifeng.study.toml", path)
    return path


def opened(study: Path) -> AppTest:
    source = f"from pathlib import Path\n{inspect.getsource(page)}\npage({str(study)!r})\n"
    shown = AppTest.from_string(source).run()
    assert not shown.exception
    return shown


def press(shown: AppTest, label: str) -> AppTest:
    next(button for button in shown.button if button.label == label).click()
    shown.run()
    assert not shown.exception
    return shown


def test_the_first_change_makes_a_scenario_and_every_change_is_kept(study: Path) -> None:
    shown = press(press(opened(study), "more"), "more")
    assert shown.text[0].value == "f1,f2"
    assert read_scenario(scenario_file(study, 1)) == Scenario(title="方案1", close=("f1", "f2"))


def test_a_kept_scenario_is_chosen_and_changes_go_back_step_by_step(study: Path) -> None:
    keep_scenario(study, FIRST)
    shown = opened(study)
    assert shown.text[0].value == "as it stands"
    shown.selectbox[0].select(1).run()
    shown = press(press(shown, "more"), "more")
    assert shown.text[0].value == "f1,f2,f3"
    shown = press(shown, "undo")
    assert shown.text[0].value == "f1,f2"
    shown = press(press(press(shown, "undo"), "undo"), "undo")
    assert shown.text[0].value == "f1"
    assert read_scenario(scenario_file(study, 1)) == FIRST


def test_things_as_they_stand_are_a_choice_that_nobody_can_clear(study: Path) -> None:
    keep_scenario(study, FIRST)
    shown = opened(study)
    for _ in range(2):  # a box whose value is none offers a cross that empties it
        assert shown.selectbox[0].proto.HasField("default")
        assert shown.selectbox[0].value is not None
        shown.run()
    shown.selectbox[0].select(1).run()
    shown.selectbox[0].select_index(0).run()
    assert shown.text[0].value == "as it stands"


def test_what_another_window_wrote_is_not_written_over(study: Path) -> None:
    keep_scenario(study, FIRST)
    shown = opened(study)
    shown.selectbox[0].select(1).run()
    theirs = FIRST.model_copy(update={"close": ("f9",)})
    keep_scenario(study, theirs, number=1)
    shown = press(shown, "more")
    assert any("另一个窗口" in text.value for text in shown.text)
    assert read_scenario(scenario_file(study, 1)) == theirs
    assert shown.text[0].value == "f9"


def test_a_scenario_taken_away_comes_back_with_one_press(study: Path) -> None:
    keep_scenario(study, FIRST)
    shown = opened(study)
    shown.selectbox[0].select(1).run()
    shown = press(shown, "drop")
    assert kept_scenarios(study) == ([], ())
    shown = press(shown, "撤销刚才的保存")
    assert kept_scenarios(study)[0][0].scenario == FIRST


def test_a_file_gone_meanwhile_is_things_as_they_stand(study: Path) -> None:
    keep_scenario(study, FIRST)
    shown = opened(study)
    shown.selectbox[0].select(1).run()
    scenario_file(study, 1).unlink()
    assert shown.run().text[0].value == "as it stands"


def test_what_cannot_be_read_is_not_written_over(study: Path) -> None:
    keep_scenario(study, FIRST)
    file = scenario_file(study, 1)
    file.write_text(file.read_text(encoding="utf-8") + '\n[[opne]]\nname = "typo"\n', "utf-8")
    before = file.read_text(encoding="utf-8")
    shown = opened(study)
    shown.session_state[f"scenario of {study}"] = 1
    shown = shown.run()
    for label in ("more", "undo", "drop"):
        shown = press(shown, label)
        assert file.read_text(encoding="utf-8") == before
    said = "\n".join(text.value for text in shown.text)
    assert "city.scenario-1.toml 读不出来" in said
    assert "opne" in said


def test_steps_of_a_scenario_taken_away_are_not_those_of_the_next(study: Path) -> None:
    shown = opened(study)
    for label in ("more", "more", "drop", "begin"):
        shown = press(shown, label)
    assert shown.text[0].value == "u1"
    shown = press(shown, "undo")
    assert read_scenario(scenario_file(study, 1)) == BEGUN


def test_steps_do_not_outlive_that_another_took_the_scenario_away(study: Path) -> None:
    shown = press(press(opened(study), "more"), "more")
    drop_scenario(study, 1)
    keep_scenario(study, BEGUN)
    shown = press(shown.run(), "undo")
    assert read_scenario(scenario_file(study, 1)) == BEGUN
    assert shown.text[0].value == "u1"


def test_nothing_is_taken_back_that_another_wrote_since(study: Path) -> None:
    shown = press(press(opened(study), "more"), "more")
    theirs = Scenario(title="方案1", close=("f1", "f2", "f9"))
    keep_scenario(study, theirs, number=1)
    shown = press(shown.run(), "undo")
    assert read_scenario(scenario_file(study, 1)) == theirs
    assert any("别的窗口或别人" in text.value for text in shown.text)
    # What is changed after theirs can be taken back; what was before it cannot.
    shown = press(press(shown, "more"), "undo")
    assert read_scenario(scenario_file(study, 1)) == theirs
    press(shown, "undo")
    assert read_scenario(scenario_file(study, 1)) == theirs


def test_steps_go_back_and_forth(study: Path) -> None:
    shown = opened(study)
    for label in ("more", "more", "more", "undo", "undo", "redo", "undo", "redo", "redo"):
        shown = press(shown, label)
    assert shown.text[0].value == "f1,f2,f3"


def test_another_who_began_meanwhile_is_no_conflict(study: Path) -> None:
    shown = opened(study)
    keep_scenario(study, BEGUN)
    shown = press(shown, "more")
    assert not any("另一个窗口" in text.value for text in shown.text)
    assert [each.scenario.close for each in kept_scenarios(study)[0]] == [("u1",), ("f1",)]
    assert shown.text[0].value == "f1"


def test_where_nothing_can_be_written_a_kept_scenario_is_changed_for_the_session(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_scenario(study, FIRST)
    shown = opened(study)
    shown.selectbox[0].select(1).run()
    monkeypatch.setattr(at_hand, "can_keep", lambda _study: False)
    shown = press(shown, "more")
    assert shown.text[0].value == "f1,f2"
    assert press(shown, "undo").text[0].value == "f1"
    assert read_scenario(scenario_file(study, 1)) == FIRST


def test_two_who_begin_at_once_have_titles_of_their_own(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = opened(study), opened(study)
    press(one, "more")
    # The other looked at the folder before the first had written.
    looked = iter([(), ()])
    look = kept_module.kept_numbers
    monkeypatch.setattr(kept_module, "kept_numbers", lambda path: next(looked, look(path)))
    monkeypatch.setattr(at_hand, "kept_numbers", lambda path: next(looked, look(path)))
    press(other, "more")
    monkeypatch.undo()
    assert [each.title for each in kept_scenarios(study)[0]] == ["方案1", "方案2"]


def test_a_scenario_called_otherwise_elsewhere_is_chosen_anew_under_its_new_name(
    study: Path,
) -> None:
    for title in "甲乙丙":
        keep_scenario(study, Scenario(title=title, close=("f1",)))
    shown = opened(study)
    shown.selectbox[0].select(2).run()
    before = shown.selectbox[0].key
    keep_scenario(study, Scenario(title="改名后", close=("f1",)), number=2)
    shown.run()
    assert shown.selectbox[0].value == 2
    assert "改名后" in shown.selectbox[0].options
    # The browser goes on writing the old name under the old key.
    assert shown.selectbox[0].key != before
