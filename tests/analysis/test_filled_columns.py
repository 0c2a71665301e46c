"""What a form says is doubted where the ledger would be: beside the other cells of its column."""

from pathlib import Path

from analysis.filled_cells import FilledCell
from analysis.filling import with_filled
from geo.findings import Finding
from geo.layers import Layer, read_layer
from geo.schema import SCHEMAS
from report.data.noticed import sort_findings

HEAD = "编号,小区名称,户数,建成年份,建设类型\n"
OTHERS = "".join(f"A{at},{at}苑,{300 + at},20{at},已建成\n" for at in range(10, 16))


def read(folder: Path, row: str) -> Layer:
    path = folder / "台账.csv"
    path.write_text(f"{HEAD}{OTHERS}A9,甲,{row}\n", encoding="utf-8")
    return read_layer(path, "residential")


def filled(folder: Path, *typed: tuple[str, str], was: str = "") -> Layer:
    cells = [
        FilledCell(layer="residential", id="A9", name="甲", row=8, column=column, value=value,
                   form="补.xlsx", was=was)
        for column, value in typed
    ]  # fmt: skip
    return with_filled({"residential": read(folder, f"{was},,")}, cells)["residential"]


def doubts(layer: Layer) -> list[tuple[str, str, str]]:
    def told(each: Finding) -> tuple[str, str, str]:
        return each.column, each.value, str(each.message)

    return sorted(told(each) for each in layer.findings
                  if each.row == 8 and each.severity == "warning" and each.value)  # fmt: skip


def test_a_filled_cell_is_doubted_as_it_would_be_in_the_ledger(tmp_path: Path) -> None:
    ledger = read(tmp_path, "3.5万,15,已建成")
    form = filled(tmp_path, ("households", "3.5万"), ("completed_on", "15"), ("kind", "已建成"))
    # Six others of 310 to 315 homes: 35,000 is more than ten times the greatest.
    assert ("户数", "3.5万", "读作 35000，请核对。") in doubts(form)
    assert ("建成年份", "15", "年份只写了两位，读作 2015-12-31，请核对。") in doubts(form)
    assert doubts(form) == doubts(ledger)
    assert form.frame["households"].equals(ledger.frame["households"])
    assert form.frame["completed_on"].equals(ledger.frame["completed_on"])


def test_what_is_plain_is_not_doubted(tmp_path: Path) -> None:
    form = filled(tmp_path, ("households", "0.03万"), ("completed_on", "2015"))
    assert doubts(form) == []
    assert form.frame["households"].iloc[-1] == 300


def test_what_is_confirmed_is_doubted_no_more(tmp_path: Path) -> None:
    layer = filled(tmp_path, ("households", "3.5万"), was="35000")
    assert [told for told in doubts(layer) if "读作" in told[2]] == []
    assert layer.frame["households"].iloc[-1] == 35000


def test_a_doubt_about_a_column_that_the_ledger_lacks_is_told_of_that_column(
    tmp_path: Path,
) -> None:
    path = tmp_path / "台账.csv"
    path.write_text("编号,小区名称,户数\nA9,甲,300\n", encoding="utf-8")
    cell = FilledCell(layer="residential", id="A9", name="甲", row=2, column="completed_on",
                      value="15", form="补.xlsx")  # fmt: skip
    layer = with_filled({"residential": read_layer(path, "residential")}, [cell])["residential"]
    noticed = sort_findings(layer, SCHEMAS["residential"])
    (told,) = [each for each in noticed if "两位" in str(each.finding.message)]
    assert (told.kind, told.column) == ("doubtful", "completed_on")
