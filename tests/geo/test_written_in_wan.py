"""Households written in 万 beside estates of a few hundred are to be checked."""

from pathlib import Path

import pytest

from geo.layers import read_layer

from .office_ledgers import said


@pytest.mark.parametrize(("others", "doubted"), [
    (("300", "499"), True), (("300", "500"), False), (("300", ""), True), (("", ""), False),
    # Two of them are no reason to trust either.
    (("300", "0.6万"), True),
])
def test_households_far_beyond_the_others(
    tmp_path: Path, others: tuple[str, ...], *, doubted: bool
) -> None:
    path = tmp_path / "台账.csv"
    lines = [f"苑{at},{value}" for at, value in enumerate(("0.5万", *others))]
    path.write_text("\n".join(["小区名称,户数", *lines]), encoding="utf-8")
    layer = read_layer(path, "residential", coordinates="wgs84")
    assert layer.frame["households"][0] == 5000
    told = "读作 5000，请核对。" if doubted else "读作 5000。"
    assert f"第 2 行 “户数”列 “0.5万”：{told}" in said(layer)
