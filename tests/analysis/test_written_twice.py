"""A study file that says one thing twice, and one table of addresses that serves two layers."""

from pathlib import Path

import pytest

from analysis.described_layers import read_described
from analysis.description import read_description
from analysis.placing.finding_places import read_addresses, with_places
from analysis.toml_text import NotToml, read_toml_text


@pytest.mark.parametrize(("text", "told"), [
    ('[layers]\nfacilities = { path = "a" }\n[layers.facilities]  # 地址\nplaces = "b"\n',
     "第 3 行的 [layers.facilities] 前面已经写过，请并作一处"),
    ('[layers.facilities]\npath = "a"\n[layers]\nfacilities = { path = "b" }\n',
     "第 4 行的 facilities 前面已经写过，请并作一处"),
    ('title = "甲"\ntitle = "乙"\n', "第 2 行的 title 前面已经写过，请并作一处"),
    ("[layers]\n[layers]\n", "第 2 行的 [layers] 前面已经写过，请并作一处"),
    ('[layers]\nf = { path = "a" }\nf.places = "b"\n', "第 3 行的 f.places 前面已经写过"),
    ("title = \n", "第 1 行第 9 列不合 TOML 格式"),
])  # fmt: skip
def test_what_is_written_twice_is_named_with_its_line(
    text: str, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.study.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NotToml) as error:
        read_toml_text(path)
    assert str(error.value.reason).startswith(told)




ESTATES = "编号,小区名称,户数\nr1,甲苑,10\nr2,乙苑,20\n"
CARE = "编号,名称,类别\nf1,甲站,日间照料中心\n"
TABLE = "编号,名称,经度,纬度\nr1,甲苑,118.91,42.21\nf1,甲站,118.92,42.22\nx9,无名,118.93,42.23\n"


def told_unused(folder: Path, *served: str) -> list[tuple[str, str]]:
    for name, text in {"residential": ESTATES, "facilities": CARE, "places": TABLE}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    lines = [
        f'{name} = {{ path = "{name}.csv"'
        + (', places = "places.csv", places_coordinates = "wgs84"' if name in served else "")
        + " }"
        for name in ("facilities", "residential")
    ]
    path = folder / "x.study.toml"
    head = ['title = "甲"', "on = 2025-12-31", "[streets]", 'path = "s.graphml"', "[layers]"]
    path.write_text("\n".join([*head, *lines]), encoding="utf-8")
    description = read_description(path)
    sources = description.layers
    read = {name: read_described(source, folder, name) for name, source in sources.items()}
    placed = with_places(read, read_addresses(description, path), sources)
    return [
        (name, str(finding.message)) for name, layer in placed.items()
        for finding in layer.findings if "没有用到：" in str(finding.message)
    ]  # fmt: skip


def test_rows_that_another_layer_used_are_not_told_as_unused(tmp_path: Path) -> None:
    ((_, message),) = told_unused(tmp_path, "facilities", "residential")
    assert message.startswith("有 1 行没有用到")  # x9 alone


def test_a_table_of_one_layer_tells_all_that_it_did_not_use(tmp_path: Path) -> None:
    ((_, message),) = told_unused(tmp_path, "residential")
    assert message.startswith("有 2 行没有用到")
