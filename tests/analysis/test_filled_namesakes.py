"""Estates of one name in several files, of which nobody tells the street: each has its answer."""

from pathlib import Path

from analysis.described_layers import read_described
from analysis.description import LayerSource
from analysis.filled_cells import FilledCell, keep_filled, read_filled
from analysis.filling import with_filled
from geo.layers import Layer

ROWS = "小区名称,户数\n幸福小区,\n某,5\n"
WITH_STREET = "小区名称,街道,户数\n幸福小区,东街,\n某,东街,5\n"


def cell(file: str, value: str, street: str = "") -> FilledCell:
    return FilledCell(
        layer="residential", id=f"{file}·r1", name="幸福小区", street=street, row=2,
        file=f"{file}.csv", column="households", value=value, form="待补.xlsx",
    )  # fmt: skip


def kept(folder: Path, *cells: FilledCell) -> tuple[FilledCell, ...]:
    for each in cells:
        keep_filled(folder / "x.study.toml", [each])
    return read_filled(folder / "x.study.toml")


def after(folder: Path, cells: tuple[FilledCell, ...], text: str, *files: str) -> Layer:
    for old in folder.glob("*.csv"):
        old.unlink()
    for name in files:
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    layer = read_described(LayerSource(path="*.csv"), folder, "residential")
    return with_filled({"residential": layer}, cells)["residential"]


def homes(layer: Layer) -> dict[str, float]:
    return dict(zip(layer.frame["id"], layer.frame["households"].fillna(-1), strict=True))


def test_the_answers_of_both_files_are_kept_and_put_in(tmp_path: Path) -> None:
    cells = kept(tmp_path, cell("东", "1000"), cell("西", "2000"))
    assert [(each.file, each.value) for each in cells] == [("东.csv", "1000"), ("西.csv", "2000")]
    assert homes(after(tmp_path, cells, ROWS, "东", "西")) == {
        "东·r1": 1000, "东·r2": 5, "西·r1": 2000, "西·r2": 5,
    }  # fmt: skip


def test_a_cell_told_again_is_kept_once_and_stands_last(tmp_path: Path) -> None:
    cells = kept(tmp_path, cell("东", "1000"), cell("西", "2000"), cell("东", "1100"))
    assert [each.value for each in cells] == ["2000", "1100"]


def test_of_answers_before_and_after_a_file_was_renamed_the_later_counts(tmp_path: Path) -> None:
    # The ids of the file are in the other order than the answers.
    before, later = cell("东新", "1000", "东街"), cell("东", "1100", "东街")
    cells = kept(tmp_path, before, later)
    layer = after(tmp_path, cells, WITH_STREET, "东2025")
    assert homes(layer) == {"东2025·r1": 1100, "东2025·r2": 5}
    told = [str(f.message) for f in layer.findings if "待补.xlsx" in str(f.message)]
    assert told == ["“东新·r1”的这一格另有补填的“1100”，待补.xlsx 补填的“1000”没有采用。",
                    "按 待补.xlsx 补为“1100”。"]  # fmt: skip


def test_an_answer_of_the_file_itself_yields_to_none_of_a_file_that_is_gone(
    tmp_path: Path,
) -> None:
    cells = kept(tmp_path, cell("东", "1000", "东街"), cell("西", "2000", "东街"))
    assert homes(after(tmp_path, cells, WITH_STREET, "东", "西"))["西·r1"] == 2000
    assert homes(after(tmp_path, cells, WITH_STREET, "东")) == {"东·r1": 1000, "东·r2": 5}
