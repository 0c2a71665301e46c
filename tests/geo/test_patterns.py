"""Which files a path of a study means, whatever brackets and links stand in its folders."""

from pathlib import Path

import pytest

from geo.errors import LayerError
from geo.files.patterns import files_meant, fitting, is_pattern, names_of, would_fit


def put(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("小区名称,户数\n甲,1\n", encoding="utf-8")


def meant(folder: Path, pattern: str) -> list[str]:
    return [file.relative_to(folder).as_posix() for file in files_meant(folder, pattern)]


def test_a_linked_folder_is_not_walked_through(tmp_path: Path) -> None:
    put(tmp_path / "台账" / "a.csv")
    (tmp_path / "台账" / "上").symlink_to("..")
    (tmp_path / "最新").symlink_to("台账")
    for pattern in ("**/*.csv", "**/**/*.csv", "*/*.csv"):
        assert meant(tmp_path, pattern) == ["台账/a.csv"]
    links = fitting(tmp_path, "**/*.csv").passed_over
    assert [link.relative_to(tmp_path).as_posix() for link in links] == ["台账/上", "最新"]
    # The one that the study names itself is no part of the pattern.
    assert meant(tmp_path, "最新/*.csv") == ["最新/a.csv"]


def test_a_file_and_its_links_are_one(tmp_path: Path) -> None:
    put(tmp_path / "街道" / "乙.csv")
    (tmp_path / "街道" / "甲.csv").symlink_to("乙.csv")
    assert meant(tmp_path, "街道/*.csv") == ["街道/乙.csv"]
    assert [link.name for link in fitting(tmp_path, "街道/*.csv").passed_over] == ["甲.csv"]
    # A link to a file elsewhere may lead to anything.
    put(tmp_path / "别处" / "丙.csv")
    (tmp_path / "街道" / "丙.csv").symlink_to("../别处/丙.csv")
    with pytest.raises(LayerError, match="指向所在文件夹之外"):
        files_meant(tmp_path, "街道/*.csv")


def test_a_pattern_that_only_a_link_fits_says_why_nothing_is_read(tmp_path: Path) -> None:
    put(tmp_path / "别处" / "丙.csv")
    (tmp_path / "街道").mkdir()
    (tmp_path / "街道" / "桥北").symlink_to("../别处")
    with pytest.raises(LayerError) as refused:
        files_meant(tmp_path, "街道/*/*.csv")
    assert "1 个链接没有读（首个：桥北）" in str(refused.value)


def test_a_bracket_in_the_name_of_a_folder_is_no_pattern(tmp_path: Path) -> None:
    folder = tmp_path / "数据[2024]"
    put(folder / "b.csv")
    put(tmp_path / "数据2" / "c.csv")
    assert meant(tmp_path, "数据[2024]/*.csv") == ["数据[2024]/b.csv"]
    assert names_of([folder / "b.csv"], tmp_path, "数据[2024]/*.csv") == ["b.csv"]
    assert meant(tmp_path, str(tmp_path / "数据[2024]" / "*.csv")) == ["数据[2024]/b.csv"]
    # Where no such folder stands it is a pattern still.
    assert meant(tmp_path, "数据[2-3]/*.csv") == ["数据2/c.csv"]
    assert meant(tmp_path, "数据2/[b-d].csv") == ["数据2/c.csv"]


def test_a_missing_file_with_a_bracket_is_a_missing_file(tmp_path: Path) -> None:
    put(tmp_path / "数据[2024]" / "b.csv")
    for path in ("数据[2024]/c.csv", "数据[2024]/小区[终稿].csv", "小区[终稿].csv"):
        assert not is_pattern(tmp_path, path)
        assert files_meant(tmp_path, path) == [tmp_path / path]
    with pytest.raises(LayerError, match=r"没有符合“数据\[2024\]/\*\.xlsx”"):
        files_meant(tmp_path, "数据[2024]/*.xlsx")


def test_two_stars_mean_any_depth_and_no_hidden_folder(tmp_path: Path) -> None:
    for name in ("a.csv", "甲/a.csv", "甲/乙/a.csv", ".旧/a.csv", "甲/~$a.csv"):
        put(tmp_path / name)
    assert sorted(meant(tmp_path, "**/*.csv")) == ["a.csv", "甲/a.csv", "甲/乙/a.csv"]
    assert sorted(meant(tmp_path, "**")) == ["a.csv", "甲/a.csv", "甲/乙/a.csv"]


@pytest.mark.parametrize("pattern", [
    "*.csv", "台账/*.csv", "**", "**/*.csv", "台账/**/*.csv", "*/*/*.csv", "台账/?.xlsx",
    "**/乙/*.csv", "台账/**", "别处/*.csv", "台账/../*.csv", "台账",
    "台账/甲.csv", "[台乙]账/*.csv",
])  # fmt: skip
def test_a_file_would_fit_where_it_does_once_it_is_there(tmp_path: Path, pattern: str) -> None:
    names = ("甲.csv", "台账/甲.csv", "台账/甲.docx", "台账/~$甲.csv", "台账/.甲.csv",
             "台账/.乙/甲.csv", "台账/乙/甲.csv", "台账/乙/丙/甲.csv",
             "台账/乙/甲.txt")  # fmt: skip
    (tmp_path / "台账").mkdir()
    before = {name: would_fit(tmp_path, pattern, tmp_path / name) for name in names}
    for name in names:
        put(tmp_path / name)
    if (tmp_path / pattern).exists():  # a file, or a folder whose files are one data set
        read = {name for name in names if (tmp_path / name).is_relative_to(tmp_path / pattern)}
    else:
        found = {file.resolve() for file in fitting(tmp_path, pattern).files}
        read = {name for name in names if tmp_path / name in found}
    assert {name for name, fits in before.items() if fits} == read
    assert {name for name in names if would_fit(tmp_path, pattern, tmp_path / name)} == read
