"""The file of ages: what is read, and what is refused naming file, row, column and value."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from analysis.future.ages import Ages, read_ages
from analysis.study import load_study
from geo.errors import StudyError

from .toy_study import facility, people, spot, toy_study, write_study

HEADER = "代码,名称,性别,年龄组,人口,年份,口径"
ROW = "1,甲县,男,60至64岁,100,2020,常住"


def written(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "ages.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8-sig")
    return path


def read(folder: Path, *rows: str, header: str = HEADER) -> Ages:
    return read_ages(written(folder, *rows, header=header))


def refused(folder: Path, *rows: str, header: str = HEADER) -> str:
    with pytest.raises(StudyError) as error:
        read(folder, *rows, header=header)
    return str(error.value)


def test_rows_find_their_place_whatever_their_order(tmp_path: Path) -> None:
    ages = read(
        tmp_path, "2,乙县,女,85岁及以上,7,2020,常住", ROW, "1,甲县,女,0至4岁,9,2020,常住",
        "1,甲县,男,80至84岁,4,2020,常住",
    )  # fmt: skip
    assert (ages.county_ids, ages.counties) == (("2", "1"), ("乙县", "甲县"))
    assert (ages.year, ages.basis) == (2020, "resident")
    assert ages.people.shape == (2, 2, 18)
    assert ages.people[0, 1, 17] == 7
    assert ages.people[1, 0, 12] == 100
    assert ages.people[1, 1, 0] == 9
    assert ages.people[1, 0, 16] == 4
    assert np.isnan(ages.people).sum() == 2 * 2 * 18 - 4  # no row is unknown, not nobody
    assert [ages.position("1"), ages.position(None, "乙县"), ages.position("3")] == [1, 0, -1]


@pytest.mark.parametrize(
    ("band", "at"),
    [("60-64", 12), ("60～64岁", 12), ("60 — 64 周岁", 12), ("６０到６４岁", 12), ("0-4", 0),
     ("85+", 17), ("85岁以上", 17), ("85及以上", 17)],
)  # fmt: skip
def test_bands_as_offices_spell_them(tmp_path: Path, band: str, at: int) -> None:
    ages = read(tmp_path, f"1,甲县,女,{band},100,2020,常住")
    assert ages.people[0, 1, at] == 100


def test_figures_as_offices_write_them(tmp_path: Path) -> None:
    ages = read(tmp_path, "1,甲县,男,60至64岁,１２００人,2020年,常住", header=HEADER)
    assert ages.people[0, 0, 12] == 1200
    assert any("1200" in str(finding.message) for finding in ages.findings)
    blank = read(tmp_path, ROW, "1,甲县,女,60至64岁,,2020,常住")
    assert np.isnan(blank.people[0, 1, 12])


def test_english_headers(tmp_path: Path) -> None:
    ages = read(tmp_path, "1,f,60-64,5,2020", header="code,sex,age,population,year")
    assert (ages.people[0, 1, 12], ages.counties, ages.basis) == (5, ("1",), "")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([ROW, "1,甲县,女,60至64岁,一些,2020,常住"], ["第 3 行", "“人口”列", "“一些”", "请改为"]),
        ([ROW, "1,甲县,女,60至64岁,-3,2020,常住"], ["第 3 行", "“人口”列", "“-3”", "小于 0"]),
        ([ROW, "1,甲县,女,60至65岁,3,2020,常住"], ["第 3 行", "“年龄组”列", "60至65岁"]),
        ([ROW, "1,甲县,女,90岁以上,3,2020,常住"], ["第 3 行", "“年龄组”列", "90岁以上"]),
        ([ROW, "1,甲县,女,,3,2020,常住"], ["第 3 行", "“年龄组”列"]),
        ([ROW, "1,甲县,不分,65至69岁,3,2020,常住"], ["第 3 行", "“性别”列", "“不分”", "男"]),
        ([ROW, ",甲县,女,65至69岁,3,2020,常住"], ["第 3 行", "“代码”列"]),
        ([ROW, "1,甲县,女,65至69岁,3,,常住"], ["第 3 行", "“年份”列"]),
        ([ROW, "1,甲县,女,65至69岁,3,2010,常住"], ["第 3 行", "“年份”列", "2010", "2020"]),
        ([ROW, ROW], ["第 3 行", "前面已有一行"]),
        ([ROW, "1,乙县,女,65至69岁,3,2020,常住"], ["第 3 行", "“名称”列", "乙县"]),
        ([ROW, "1,甲县,女,65至69岁,3,2020,户籍"], ["口径", "常住", "户籍", "只留一种"]),
        ([], ["没有数据行"]),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(
    tmp_path: Path, rows: Sequence[str], told: list[str]
) -> None:
    line = refused(tmp_path, *rows)
    assert all(word in line for word in ("ages.csv", *told)), line
    assert "\n" not in line


def test_every_fault_is_told_up_to_a_number(tmp_path: Path) -> None:
    rows = [f"{n},某县{n},男,60至64岁,不详{n},2020,常住" for n in range(30)]
    lines = refused(tmp_path, *rows).splitlines()
    assert len(lines) == 21
    assert "10" in lines[-1]


def test_a_row_of_totals_is_not_another_county(tmp_path: Path) -> None:
    rows = ["1,甲县,男,60至64岁,100,2020,常住", "2,乙县,男,60至64岁,50,2020,常住"]
    assert "“0”" in refused(tmp_path, *rows, "0,全市,男,60至64岁,150,2020,常住")
    assert len(read(tmp_path, *rows, "3,丙县,男,60至64岁,151,2020,常住").county_ids) == 3
    # Two alike are no total of each other; a total that calls itself one is left out, and said.
    assert len(read(tmp_path, rows[0], "2,乙县,男,60至64岁,100,2020,常住").county_ids) == 2
    ages = read(tmp_path, *rows, "合计,,男,60至64岁,150,2020,常住")
    assert ages.county_ids == ("1", "2")
    assert any("合计" in str(finding.message) for finding in ages.findings)


@pytest.mark.parametrize("column", ["代码", "性别", "年龄组", "人口", "年份"])
def test_a_missing_column_is_named(tmp_path: Path, column: str) -> None:
    line = refused(tmp_path, ROW, header=HEADER.replace(column, "别的"))
    assert all(word in line for word in ("ages.csv", column, "请补上")), line


def test_a_missing_file_is_a_clear_refusal_of_the_study(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"ages\.csv"):
        read_ages(tmp_path / "ages.csv")
    study = toy_study(
        tmp_path,
        facilities=[facility("f1", spot(0, 0))],
        population=[people("p", spot(0, 0), 9, 3)],
    )
    path = write_study(study, tmp_path)
    text = path.read_text(encoding="utf-8").replace(
        "[walking]", '[forecast]\nages = "nowhere/ages.csv"\n[walking]'
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError) as error:
        load_study(path)
    assert "nowhere/ages.csv" in str(error.value)
    assert "[forecast]" in str(error.value)
    (tmp_path / "nowhere").mkdir()
    written(tmp_path / "nowhere", ROW)
    assert "nowhere/ages.csv" in load_study(path).inputs
