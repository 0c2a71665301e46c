"""The data report on files made by hand: every count can be checked with a finger on the rows."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.study import load_study
from geo.findings import Finding
from geo.language import say
from geo.layers import read_layer
from geo.schema import SCHEMAS
from report.data.data_report import (
    gathered,
    report_on_file,
    report_on_study,
    report_on_study_file,
)
from report.data.layer_report import LayerReport
from report.data.noticed import BY_TEMPLATE, KINDS, sort_findings
from report.data.tables import (
    changes_table,
    effects_table,
    findings_table,
    missing_table,
    overview_table,
    report_content,
    uses_table,
)
from tests.analysis.toy_study import (
    area,
    box,
    estate,
    facility,
    people,
    spot,
    toy_study,
    write_study,
)

ROOT = Path(__file__).resolve().parents[2]

LEDGER = """街道小区台账,,,,,,,,,
编号,小区名称,户数,街道,建设类型,养老用房面积,养老用房状态,电话,经度,纬度
1,甲,约500户,新城,已建成,200,已投用,1,118.91234,42.21234
2,乙,待核实,新城,已建成,,,2,118.92345,42.22345
3,丙,,桥北,老旧,—,,3,118.93456,42.23456
4,丁,300,桥北,已建成,100㎡,不知道,4,,
,戊,300,桥北,已建成,50,挪用,4,118.94567,42.24567
合计,,1100,,,,,,,
注：以上为年底数,,,,,,,,,
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "台账.csv"
    path.write_text(LEDGER, encoding="utf-8")
    return path


@pytest.fixture
def report(ledger: Path) -> LayerReport:
    return report_on_file(ledger, "residential")


def rows_of(report: LayerReport, kind: str) -> list[tuple[int | None, str]]:
    found = [each for each in report.noticed if each.kind == kind]
    return [(each.finding.row, each.column) for each in found]


def test_what_came_in(report: LayerReport) -> None:
    assert (report.file, report.rows, report.coordinates) == ("台账.csv", 5, "")
    assert rows_of(report, "left_out") == [(8, ""), (9, "")]
    read = " ".join(str(each.finding.message) for each in report.of_kind("read"))
    assert "UTF-8" in read
    assert "表头在第 2 行" in read
    assert "没有用到的列：电话" in read


def test_which_columns_came_in(report: LayerReport) -> None:
    uses = {use.name: use for use in report.columns}
    assert (uses["households"].header, uses["households"].needed) == ("户数", True)
    assert uses["households"].blank == 2
    assert uses["care_floor_area_m2"].blank == 2
    assert uses["gated"].header == ""
    assert uses["gated"].blank == 5
    assert [use.name for use in report.lacking(needed=True)] == []
    assert "care_area_basis" in [use.name for use in report.lacking(needed=False)]


def test_what_was_changed_old_and_new(report: LayerReport) -> None:
    table = changes_table(gathered("", [report]))
    told = [*zip(table["row"], table["column"], table["old"], table["new"], strict=True)]
    assert told[:3] == [
        (3, "户数", "约500户", "500"), (5, "建设类型", "老旧", "已建成"),
        (6, "养老用房面积", "100㎡", "100"),
    ]  # fmt: skip
    # 已投用 is another word for 运营; the id of row 7 was made.
    assert told[3] == (3, "养老用房状态", "已投用", "运营")
    assert [*table["row"]] == [3, 5, 6, 3, 7]


def test_a_cell_is_missing_or_unread_as_the_layer_holds_it(report: LayerReport) -> None:
    assert rows_of(report, "missing") == [
        (6, "geometry"), (5, "households"), (5, "care_floor_area_m2"),
    ]  # fmt: skip
    assert rows_of(report, "unread") == [(4, "households"), (6, "care_status")]


def test_missing_cells_are_those_that_matter(report: LayerReport) -> None:
    table = missing_table(gathered("", [report]))
    cells = {(int(row), column): was for row, column, was in
             zip(table["row"], table["column"], table["was"], strict=True)}  # fmt: skip
    assert cells[4, "households"] == "待核实"
    assert cells[6, "care_status"] == "不知道"
    assert cells[5, "households"] == ""
    asked = {column: [row for row, of in cells if of == column] for _, column in cells}
    assert asked["households"] == [4, 5]
    assert asked["care_floor_area_m2"] == [4, 5]
    # Row 4 and 5 are asked for an area, which says nothing alone; the rooms of row 7 are misused.
    assert asked["care_area_basis"] == [3, 4, 5, 6]
    assert asked["longitude"] == asked["latitude"] == [6]
    assert "gated" not in asked
    assert "phase" not in asked
    named = table.set_index("row")
    assert {*named.loc[[5], "name"]} == {"丙"}
    assert {*named.loc[[5], "street"]} == {"桥北"}
    assert {*named.loc[[5], "id"]} == {"3"}


def test_what_it_does_to_the_results(report: LayerReport) -> None:
    effects = {effect.column: effect for effect in report.effects}
    assert effects["households"].rows == (4, 5)
    assert str(effects["households"].message).startswith("2 个小区户数缺失：")
    assert effects["geometry"].rows == (6,)
    assert "street" not in effects
    table = effects_table(gathered("", [report]))
    assert table.set_index("column").loc["households", "count"] == 2


def test_counts_of_every_kind_add_up_to_the_findings(report: LayerReport) -> None:
    counts = report.counts()
    assert counts == {"read": 3, "left_out": 2, "changed": 5, "filled": 0, "missing": 3,
                      "unread": 2, "doubtful": 2}  # fmt: skip
    assert sum(counts.values()) == len(report.findings)
    assert report.errors == 1
    assert report.others == len(report.findings) - 1
    first = overview_table(gathered("", [report])).iloc[0]
    # The position of row 6 is two cells to be filled in.
    assert (first["rows"], first["left_out"], first["changed"], first["missing"]) == (
        5, 2, 5, len(report.missing) + 1,
    )  # fmt: skip
    assert first["errors"] + first["warnings"] + first["notes"] == len(report.findings)
    assert first["notes"] == sum(f.severity == "info" for f in report.findings) > 0


def test_a_figure_of_a_position_is_about_the_position(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "名称,类别,经度,纬度\n甲,养老院,东边,42.21234\n,养老院,118.92345°E,42.22345\n",
        encoding="utf-8",
    )
    found = report_on_file(path, "facilities")
    # The figure, and that the row has no place without it.
    assert rows_of(found, "unread") == [(2, "geometry"), (2, "")]
    # 养老院 is another word for 养老机构, told once for both rows.
    assert rows_of(found, "changed") == [(3, "geometry"), (None, "category")]
    asked = {(int(row), column): was for row, column, was in
             zip(found.missing["row"], found.missing["column"], found.missing["was"],
                 strict=True)}  # fmt: skip
    assert asked[2, "geometry"] == "东边"
    # A name that is needed is asked for, whatever it does to the results.
    assert (3, "name") in asked
    assert (2, "name") not in asked


def test_a_whole_row_repeated_is_doubtful(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("小区名称,户数,经度,纬度\n甲,5,118.91234,42.21234\n甲,5,118.91234,42.21234\n",
                    encoding="utf-8")  # fmt: skip
    found = report_on_file(path, "residential")
    assert (3, "") in rows_of(found, "doubtful")


def test_many_empty_cells_told_in_one_line_are_missing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = [f"小区{n},,118.9{n:04},42.21234" for n in range(60)]
    path.write_text("小区名称,户数,经度,纬度\n" + "\n".join(lines) + "\n", encoding="utf-8")
    found = report_on_file(path, "residential")
    assert rows_of(found, "missing") == [(None, "households")]
    assert len(found.missing.query("column == 'households'")) == 60
    effects = {effect.column: effect for effect in found.effects}
    assert len(effects["households"].rows) == 60


def test_a_date_and_a_word_are_shown_as_people_write_them(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "名称,类别,验收日期,电梯,经度,纬度\n"
        "甲,向阳社区养老服务站,二〇一六年五月,有,118.91234,42.21234\n",
        encoding="utf-8",
    )
    changed = {
        each.column: each.read_as
        for each in report_on_file(path, "facilities").of_kind("changed")
    }
    assert changed["category"] == "社区养老服务站"
    assert changed["accepted_on"] == "2016-05-31"


def test_a_file_that_is_refused_is_told_beside_those_that_are_not(
    ledger: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "坏.csv"
    bad.write_text("什么\n1\n", encoding="utf-8")
    both = gathered("", [report_on_file(path, "residential") for path in (ledger, bad)])
    assert (both.rows, both.errors, both.all_refused) == (5, 2, False)
    assert all("坏.csv" in str(message) for message in both.refused)
    assert overview_table(both).loc[1, "refused"] != ""
    assert len(findings_table(both)) == len(both.layers[0].findings)
    assert {*uses_table(both)["layer"]} == {"residential"}


def test_every_template_told_apart_is_said_somewhere() -> None:
    """A template that the code no longer says would leave its findings to their shape unseen."""
    files = [*(ROOT / "geo").rglob("*.py"), *(ROOT / "analysis").rglob("*.py")]
    said = "".join(path.read_text(encoding="utf-8") for path in files)
    assert [template for template in BY_TEMPLATE if template not in said] == []
    assert {*BY_TEMPLATE.values()} <= {*KINDS}


def test_a_finding_about_no_cell_of_the_layer_goes_by_its_shape(ledger: Path) -> None:
    layer = read_layer(ledger, "residential")
    odd = [
        Finding("warning", "residential", say("奇怪"), row=3, column="电话", value="1"),
        Finding("info", "residential", say("顺便")),
        Finding("error", "residential", say("奇怪")),
        Finding("warning", "residential", say("不知哪行"), row=99, column="户数", value="9"),
    ]
    found = sort_findings(replace(layer, findings=tuple(odd)), SCHEMAS["residential"])
    assert [each.kind for each in found] == ["doubtful", "read", "doubtful", "left_out"]


# --- a whole study -------------------------------------------------------------------------------


def study_file(folder: Path) -> Path:
    homes = [estate("r1", spot(100, 0)), estate("r2", spot(890, 0), float("nan"))]
    care = [facility("f1", spot(0, 0), status="operating"),
            facility("f2", spot(600, 0), "care_home", status="operating", beds=None)]  # fmt: skip
    streets = [area("b1", "street", box(-100, -500, 500, 500)),
               area("b2", "street", box(500, -500, 1000, 500))]  # fmt: skip
    layers = {"facilities": care, "residential": homes, "boundaries": streets,
              "population": [people("p1", spot(100, 0), 100, 20)]}  # fmt: skip
    return write_study(toy_study(folder, **layers), folder / "files")


def test_a_study_is_told_layer_by_layer(tmp_path: Path) -> None:
    path = study_file(tmp_path)
    from_files, loaded = report_on_study_file(path), report_on_study(load_study(path))
    names = ["facilities", "residential", "boundaries", "population", "streets"]
    for found in (from_files, loaded):
        assert [layer.layer for layer in found.layers] == names
        assert [layer.rows for layer in found.layers] == [2, 2, 2, 1, 4]
        told = [(e.column, e.rows) for layer in found.layers[:2] for e in layer.effects]
        assert ("households", (2,)) in told
        assert ("beds", (1, 2)) in told  # of communities too: they are added up
    assert effects_table(from_files).equals(effects_table(loaded))
    assert missing_table(from_files).equals(missing_table(loaded))


def test_a_row_without_a_street_has_the_one_it_lies_in(tmp_path: Path) -> None:
    table = missing_table(report_on_study_file(study_file(tmp_path)))
    where = dict(zip(table["id"], table["street"], strict=True))
    assert (where["r1"], where["r2"], where["f2"]) == ("area b1", "area b2", "area b2")


def test_what_a_row_says_of_its_street_stands_above_where_it_lies(tmp_path: Path) -> None:
    homes = [estate("r1", spot(100, 0), float("nan"), street="新城")]
    streets = [area("b1", "street", box(-100, -500, 500, 500))]
    layers = {"residential": homes, "boundaries": streets}
    path = write_study(toy_study(tmp_path, **layers), tmp_path / "files")
    assert {*missing_table(report_on_study_file(path))["street"]} == {"新城"}


def test_a_layer_that_a_study_lacks_is_missing(tmp_path: Path) -> None:
    path = write_study(toy_study(tmp_path, facilities=[facility("f1", spot(0, 0))]),
                       tmp_path / "files")  # fmt: skip
    found = report_on_study_file(path)
    assert [each.finding.layer for each in found.others] == [
        "residential", "population", "boundaries",
    ]  # fmt: skip
    assert {each.kind for each in found.others} == {"missing"}


def test_one_refused_layer_stops_no_other(tmp_path: Path) -> None:
    path = study_file(tmp_path)
    (path.parent / "residential.gpkg").unlink()
    found = report_on_study_file(path)
    assert [bool(layer.refused) for layer in found.layers] == [False, True, False, False, False]
    assert found.errors >= 1


def test_what_a_study_assumes_is_not_asked_for(tmp_path: Path) -> None:
    homes = [estate("r1", spot(0, 0), care_floor_area_m2=90.0, care_status="operating")]
    path = write_study(toy_study(tmp_path, residential=homes), tmp_path / "files")
    assert "care_area_basis" in [*missing_table(report_on_study_file(path))["column"]]
    text = path.read_text(encoding="utf-8")
    path.write_text(text + '[assume]\ncare_area_basis = "building"\n', encoding="utf-8")
    found = report_on_study_file(path)
    assert "care_area_basis" not in [*missing_table(found)["column"]]
    assert "[assume]" in str([*effects_table(found)["message"]])


def test_machines_get_the_same_counts(report: LayerReport) -> None:
    (told,) = report_content(gathered("x", [report]))["layers"]
    assert told["counts"]["changed"] == 5
    assert len(told["missing"]) == len(report.missing)
    assert told["counts"]["missing_cells"] == report.cells == len(report.missing) + 1
    assert told["changed"][0]["new"] == "500"
    assert pd.DataFrame(told["columns"])["header"].ne("").sum() == 7


def test_a_layer_of_several_files_is_reported_as_one_and_file_by_file(tmp_path: Path) -> None:
    path = study_file(tmp_path)
    for name in ("备选甲", "备选乙"):
        (path.parent / f"{name}.csv").write_text(
            "名称,经度,纬度\n某处,118.9,42.2\n", encoding="utf-8"
        )
    text = path.read_text(encoding="utf-8")
    assert "candidates" not in text
    path.write_text(text + '\n[layers.candidates]\npath = "备选*.csv"\n', encoding="utf-8")
    for report in (report_on_study_file(path), report_on_study(load_study(path))):
        (told,) = [layer for layer in report.layers if layer.layer == "candidates"]
        assert (told.file, told.rows, told.refused) == ("备选*.csv", 2, ())
        assert [(part.file, part.rows) for part in told.by_file()] == [
            ("备选乙.csv", 1), ("备选甲.csv", 1),
        ]  # fmt: skip
        assert told.missing[["file", "row"]].drop_duplicates().to_numpy().tolist() == [
            ["备选乙.csv", 2], ["备选甲.csv", 2],
        ]  # fmt: skip
