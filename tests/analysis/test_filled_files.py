"""Filled cells of a layer out of several files stay in their file."""

from pathlib import Path

from analysis.described_layers import read_described
from analysis.description import LayerSource
from analysis.filled_cells import FilledCell
from analysis.filling import with_filled
from geo.layers import Layer

EMPTY = "小区名称,户数\n幸福小区,\n某,5\n"


def cell(**told: str | int) -> FilledCell:
    known = {"layer": "residential", "id": "东街·r1", "name": "幸福小区", "file": "东街.csv",
             "row": 2, "column": "households", "value": "1200", "form": "待补.xlsx"}  # fmt: skip
    return FilledCell.model_validate({**known, **told})


def put(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")


def filled(folder: Path, one: FilledCell, pattern: str = "*.csv") -> Layer:
    layer = read_described(LayerSource(path=pattern), folder, "residential")
    return with_filled({"residential": layer}, [one])["residential"]


def took(layer: Layer) -> list[str]:
    return [*layer.frame["id"][layer.frame["households"].eq(1200)]]


def test_a_cell_of_a_file_that_is_gone_goes_into_no_namesake(tmp_path: Path) -> None:
    put(tmp_path, 东街=EMPTY, 西街=EMPTY)
    assert took(filled(tmp_path, cell())) == ["东街·r1"]
    (tmp_path / "东街.csv").unlink()
    layer = filled(tmp_path, cell())
    assert took(layer) == []
    told = [str(f.message) for f in layer.findings if f.severity == "warning" and f.value == "1200"]
    assert told == ["补填的编号“东街·r1”不在图层里，没有采用（待补.xlsx）。"]


def test_a_real_id_and_name_in_another_file_are_not_the_row(tmp_path: Path) -> None:
    put(tmp_path, 西街="编号,小区名称,户数\n1,幸福小区,\n3,某,5\n")
    layer = filled(tmp_path, cell(id="1"))
    assert took(layer) == []
    assert any("“1”不在图层里" in str(f.message) for f in layer.findings)


def test_the_street_tells_the_row_when_its_file_was_renamed(tmp_path: Path) -> None:
    rows = "小区名称,街道,户数\n幸福小区,{},\n某,{},5\n"
    put(tmp_path, 东街2025=rows.format("东街", "东街"), 西街=rows.format("西街", "西街"))
    assert took(filled(tmp_path, cell(street="东街"))) == ["东街2025·r1"]
    assert took(filled(tmp_path, cell(street="南街"))) == []
    assert took(filled(tmp_path, cell())) == []
    # A row that tells no street may be any street's.
    put(tmp_path, 东街2025=EMPTY, 西街=rows.format("西街", "西街"))
    assert took(filled(tmp_path, cell(street="东街"))) == []


def test_a_layer_of_one_file_takes_its_cells_by_name(tmp_path: Path) -> None:
    put(tmp_path, 全区=EMPTY)
    assert took(filled(tmp_path, cell(), "全区.csv")) == ["r1"]
