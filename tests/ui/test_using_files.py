"""Files that a clerk brought become a study, without a browser, and are taken back."""
# ruff: noqa: TID251 - this is the browser face

import tomllib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.test_data_page import at_part, button, choose, opened, study, texts

__all__ = ["opened", "study"]

LEDGER = """小区名称,户数,经度,纬度,街道
甲小区,500,118.951,42.281,桥北街道
乙小区,120,118.952,42.282,桥北街道
""".encode()
ODD = LEDGER.replace("户数".encode(), "住的人家".encode())


@pytest.fixture(autouse=True)
def _at_the_files(opened: AppTest) -> None:
    """Let every test begin where estates in WGS84 are to be checked."""
    opened.session_state["layer to check"] = "residential"
    opened.session_state["system to check"] = "wgs84"
    at_part(opened, "files")


def check(opened: AppTest, *files: tuple[str, bytes]) -> None:
    for name, content in files:
        opened.file_uploader[0].upload(name, content)
    opened.run()
    button(opened, "检查").click().run()
    assert not opened.exception


def test_a_ledger_becomes_a_study_and_is_taken_back(opened: AppTest, study: Path) -> None:
    check(opened, ("../红旗<b>小区.csv", LEDGER))
    title = next(each for each in opened.text_input if each.label == "研究名称")
    assert title.value == "红旗<b>小区"
    title.set_value("红旗旗").run()
    choose(opened, "表里没有“养老用房状态”").select("运营")
    button(opened, "建立研究").click().run()
    assert not opened.exception
    assert any("已建立研究“红旗旗”" in text for text in texts(opened))
    written = study.parent / "红旗旗.study.toml"
    told = tomllib.loads(written.read_text(encoding="utf-8"))
    assert told["assume"] == {"care_status": "operating"}
    assert [path.name for path in (study.parent / "红旗旗" / "小区").iterdir()] == [
        "红旗_b_小区.csv"
    ]
    assert opened.session_state["study"] == str(written)
    assert choose_study(opened) == str(written)
    at_part(opened, "report")
    table = next(each.value for each in opened.dataframe if "读入行数" in each.value.columns)
    assert table.set_index("图层").loc["小区", "读入行数"] == 2

    at_part(opened, "files")
    button(opened, "撤销刚才的保存").click().run()
    assert not opened.exception
    assert not written.exists()
    assert choose_study(opened) == str(study)


def choose_study(opened: AppTest) -> str:
    return str(next(each for each in opened.sidebar.selectbox if each.label == "研究区").value)


def test_a_header_nobody_knows_is_pointed_at(opened: AppTest, study: Path) -> None:
    check(opened, ("小区.csv", ODD))
    assert "不能读取：" in texts(opened)
    header = choose(opened, "文件里的这一列")
    assert "住的人家" in header.options
    header.set_value("住的人家")
    choose(opened, "就是").select("户数（必需）").run()
    button(opened, "就这样，再检查").click().run()
    assert not opened.exception
    assert "“住的人家”就是“户数”" in texts(opened)
    assert not any("不能读取" in text for text in texts(opened))
    button(opened, "建立研究").click().run()
    told = tomllib.loads((study.parent / "小区.study.toml").read_text(encoding="utf-8"))
    assert told["layers"]["residential"]["columns"] == {"住的人家": "households"}


def test_of_several_files_each_is_read_by_its_own_headers(opened: AppTest) -> None:
    other = LEDGER.replace("甲".encode(), "丙".encode()).replace("乙".encode(), "丁".encode())
    check(opened, ("一.csv", ODD), ("二.csv", other))
    choose(opened, "文件里的这一列").set_value("住的人家")
    choose(opened, "就是").select("户数（必需）").run()
    button(opened, "就这样，再检查").click().run()
    assert not any("不能读取" in text for text in texts(opened))
    table = next(each.value for each in opened.dataframe if "读入行数" in each.value.columns)
    assert table["读入行数"].tolist() == [2, 2]
    # A header that no file has is a slip, and told as one.
    button(opened, "去掉").click().run()
    assert any("不能读取" in text for text in texts(opened))


def test_what_cannot_be_read_begins_no_study(opened: AppTest) -> None:
    check(opened, ("x.csv", b"\x00\x01\x02"))
    assert not any(each.label == "建立研究" for each in opened.button)
