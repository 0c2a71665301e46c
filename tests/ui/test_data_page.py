"""The page 数据 without a browser: what it shows of a study, and what a clerk does there."""
# ruff: noqa: TID251 - this is the browser face

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from clerk import HOSTILE, bad_ledger, clerk_study
from streamlit.testing.v1 import AppTest

from analysis.matching.kept import matches_file
from analysis.placing.by_hand import hand_file
from geo.language import speak
from ui import kept, saving
from ui.studies import ENVIRONMENT, fingerprint


def page() -> None:
    """Open the page itself; Streamlit runs the text of this function alone."""
    import streamlit  # noqa: PLC0415

    from geo.language import speak  # noqa: PLC0415
    from ui.views import data  # noqa: PLC0415

    streamlit.session_state.setdefault("language", "zh")
    speak(streamlit.session_state["language"])
    data.show()


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = clerk_study(tmp_path)
    monkeypatch.setenv(ENVIRONMENT, str(file))
    return file


@pytest.fixture
def opened(study: Path) -> Iterator[AppTest]:  # noqa: ARG001 - it names the study
    for slot in (kept._study_slot, kept._made_slot):  # noqa: SLF001 - what other tests kept
        slot.clear()
    yield AppTest.from_function(page, default_timeout=60)
    speak("zh")


def texts(opened: AppTest) -> list[str]:
    return [element.value for element in opened.text]


def at_part(opened: AppTest, part: str) -> AppTest:
    parts = [each for each in opened.get("button_group") if "part (" in str(each.key)]
    if parts:
        parts[0].set_value(part).run()
    else:
        opened.session_state["part"] = part
        opened.run()
    assert not opened.exception
    return opened


def button(opened: AppTest, label: str):  # noqa: ANN201 - AppTest's own
    return next(each for each in opened.button if each.label == label)


def choose(opened: AppTest, start: str):  # noqa: ANN201
    return next(each for each in opened.main.selectbox if each.label.startswith(start))


def test_the_report_counts_what_came_in_layer_by_layer(opened: AppTest) -> None:
    opened.run()
    assert not opened.exception
    table = opened.dataframe[0].value.set_index("图层")
    # Four facilities without beds, two of them without a place, which is two cells each; four
    # estates, one without households.
    assert table.loc["设施", "读入行数"] == 4
    assert table.loc["设施", "待补"] == 4 + 2 * 2
    assert table.loc["小区", "读入行数"] == 4
    # '约800户' under the header 总户数 was read as 800: that is a change, not a doubt.
    assert table.loc["小区", "改动"] == 1
    assert table.loc["设施", "改动"] == 0
    # Households of one, and of all four the area, the kind, the dates of the duty and completion.
    assert str(table.loc["小区", "对结果的影响"]).replace("\xa0", " ") == "5 项，见下"
    assert any("户数缺失" in text for text in texts(opened))


def test_the_parts_say_how_much_waits(opened: AppTest) -> None:
    opened.run()
    proto = opened.main.get("button_group")[0].proto
    options = " ".join(option.content for option in proto.options)
    assert "③ 名称核对 · 2 个待定" in options
    assert "④ 补坐标 · 2 行待补" in options


def test_a_name_is_settled_and_taken_back(opened: AppTest, study: Path) -> None:
    at_part(opened, "names")
    before = fingerprint(study)
    choice = next(each for each in opened.main.selectbox if "f2" in str(each.key))
    assert choice.options[0] == "是：桥北街道 阳光嘉园（r2，相似 88，0 米）"
    choice.select("=r2")
    button(opened, "保存").click().run()
    assert not opened.exception
    kept_now = tomllib.loads(matches_file(study).read_text(encoding="utf-8"))["match"]
    assert [(one["asked"], one["to_id"], one["decision"]) for one in kept_now] == [
        ("阳光佳园", "r2", "same")
    ]
    assert fingerprint(study) != before
    assert any("已保存 1 个名称" in text for text in texts(opened))
    assert not any("f2" in str(each.key) for each in opened.main.selectbox if each.key)
    button(opened, "撤销刚才的保存").click().run()
    assert not matches_file(study).exists()
    assert fingerprint(study) == before
    assert any("f2" in str(each.key) for each in opened.main.selectbox if each.key)


def test_a_name_may_mean_none_or_another(opened: AppTest, study: Path) -> None:
    at_part(opened, "names")
    first, second = (each for each in opened.main.selectbox if str(each.key).startswith("name "))
    first.select("none")
    second.select("=r4")  # no candidate: chosen among all estates
    button(opened, "保存").click().run()
    kept_now = tomllib.loads(matches_file(study).read_text(encoding="utf-8"))["match"]
    assert {(one["asked"], one["decision"], one.get("to_id", "")) for one in kept_now} == {
        ("阳光佳园", "none", ""), ("锦绣家圆", "same", "r4"),
    }  # fmt: skip
    take_back_first(opened, "撤销哪一个")
    left = tomllib.loads(matches_file(study).read_text(encoding="utf-8"))["match"]
    assert len(left) == 1


def take_back_first(window: AppTest, question: str) -> None:
    choose(window, question).select(0).run()
    button(window, "撤销选中的").click().run()


def test_a_second_window_is_told_what_the_first_has_kept(opened: AppTest, study: Path) -> None:
    other = AppTest.from_function(page, default_timeout=60)
    for window, option in ((opened, "=r2"), (other, "=r3")):
        at_part(window, "names")
        next(each for each in window.main.selectbox if "f2" in str(each.key)).select(option)
    button(opened, "保存").click().run()
    button(other, "保存").click().run()
    assert any("另一个窗口刚才改过 clerk.matches.toml" in text for text in texts(other))
    kept_now = tomllib.loads(matches_file(study).read_text(encoding="utf-8"))["match"]
    assert [(one["asked"], one["to_id"]) for one in kept_now] == [("阳光佳园", "r2")]
    # The other window sees it now, and takes it back; the first can no longer undo it.
    take_back_first(other, "撤销哪一个")
    assert not matches_file(study).exists()
    button(opened, "撤销刚才的保存").click().run()
    assert any("另一个窗口刚才改过" in text for text in texts(opened))
    assert not matches_file(study).exists()


def test_what_was_kept_is_taken_back_after_a_reload(opened: AppTest, study: Path) -> None:
    at_part(opened, "names")
    next(each for each in opened.main.selectbox if "f2" in str(each.key)).select("=r2")
    button(opened, "保存").click().run()
    assert matches_file(study).exists()
    again = AppTest.from_function(page, default_timeout=60)
    at_part(again, "names")
    take_back_first(again, "撤销哪一个")
    assert not matches_file(study).exists()
    at_part(again, "places")
    again.session_state[f"picked {study}"] = (118.9512, 42.2834)
    again.run()
    button(again, "3 放在这里").click().run()
    assert hand_file(study).exists()
    later = AppTest.from_function(page, default_timeout=60)
    at_part(later, "places")
    take_back_first(later, "撤销哪一处")
    assert not hand_file(study).exists()


def test_nothing_chosen_is_nothing_kept(opened: AppTest, study: Path) -> None:
    at_part(opened, "names")
    button(opened, "保存").click().run()
    assert "还没有选定任何名称，没有保存。" in texts(opened)
    assert not matches_file(study).exists()


def test_a_row_is_placed_by_a_click_and_taken_back(opened: AppTest, study: Path) -> None:
    at_part(opened, "places")
    opened.session_state[f"picked {study}"] = (118.95, 42.28)
    opened.run()
    assert any("东经 118.95000" in text for text in texts(opened))
    choose(opened, "1 选一行").select(1).run()
    assert "还没有点。" in texts(opened)  # that click was for the row above
    opened.session_state[f"picked {study}"] = (118.9512, 42.2834)
    opened.run()
    assert any("东经 118.95120" in text for text in texts(opened))
    button(opened, "3 放在这里").click().run()
    assert not opened.exception
    place = tomllib.loads(hand_file(study).read_text(encoding="utf-8"))["place"]
    assert [(one["id"], one["lon"], one["lat"]) for one in place] == [("f4", 118.9512, 42.2834)]
    assert any("有 1 行没有坐标" in text for text in texts(opened))
    take_back_first(opened, "撤销哪一处")
    assert not hand_file(study).exists()
    assert any("有 2 行没有坐标" in text for text in texts(opened))


def test_a_click_far_from_the_study_places_nothing(opened: AppTest, study: Path) -> None:
    at_part(opened, "places")
    opened.session_state[f"picked {study}"] = (18.9512, 42.2834)  # the 1 of 118 forgotten
    opened.run()
    button(opened, "3 放在这里").click().run()
    assert any("公里" in text for text in texts(opened))
    assert not hand_file(study).exists()


def test_a_folder_that_cannot_be_written_is_said_in_one_sentence(
    opened: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "can_keep", lambda _study: False)
    for part in ("names", "places"):
        at_part(opened, part)
        assert sum("不能写入" in text for text in texts(opened)) == 1
    assert button(opened, "3 放在这里").disabled


def test_a_bad_ledger_is_told_row_by_row(opened: AppTest) -> None:
    opened.session_state["layer to check"] = "residential"
    at_part(opened, "files")
    opened.file_uploader[0].upload("../../con.csv", bad_ledger()).run()
    button(opened, "检查").click().run()
    assert not opened.exception
    assert any("第 3 行" in text and "不详待查" in text for text in texts(opened))
    table = next(each.value for each in opened.dataframe if "读入行数" in each.value.columns)
    assert table["读入行数"].to_list() == [2]
    assert table["错误"].to_list() == [1]


def test_a_refused_file_is_a_sentence(opened: AppTest) -> None:
    opened.session_state["layer to check"] = "residential"
    at_part(opened, "files")
    opened.file_uploader[0].upload("x.csv", b"\x00\x01\x02").run()
    button(opened, "检查").click().run()
    assert not opened.exception
    assert "不能读取：" in texts(opened)


@pytest.mark.parametrize("hostile", [*HOSTILE[:4], "".join(HOSTILE)])
def test_names_reach_neither_markdown_nor_html(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hostile: str
) -> None:
    monkeypatch.setenv(ENVIRONMENT, str(clerk_study(tmp_path, hostile=hostile)))
    opened = AppTest.from_function(page, default_timeout=60)
    for part in ("report", "files", "names", "places"):
        at_part(opened, part)
        said = [str(each.value) for each in (*opened.markdown, *opened.caption)]
        said += [str(each.proto.body) for each in opened.get("html")]
        said += [str(each.label) for each in (*opened.button, *opened.expander)]
        assert not any(hostile in text for text in said)


def test_a_study_that_is_refused_still_tells_of_its_files(opened: AppTest, study: Path) -> None:
    (study.parent / "facilities.csv").write_bytes(b"\x00\x01\x02")
    opened.run()
    assert not opened.exception
    assert any("现在不能测算" in text for text in texts(opened))
    table = opened.dataframe[0].value.set_index("图层")
    assert table.loc["小区", "读入行数"] == 4
    for part in ("names", "places", "files"):
        at_part(opened, part)


def test_the_page_speaks_english(opened: AppTest) -> None:
    opened.session_state["language"] = "en"
    opened.run()
    assert not opened.exception


