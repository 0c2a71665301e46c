"""Headings of the list of estates: whole in either language."""

import pandas as pd

from ui.provision.estates import _WIDTHS, _columns


def test_no_heading_is_wider_than_its_column() -> None:
    names = ["Verdict", "estates", "Households", "应配㎡", *map(str, range(len(_WIDTHS) - 4))]
    shown = _columns(pd.DataFrame({name: ["x"] for name in names}))
    assert [shown[name]["label"] for name in names[:4]] == [
        "Verdict", "Estates", "Households", "应配㎡",
    ]  # fmt: skip
    # Ten letters of 7.5 pixels and a margin of 18; of the others the width that fits their cells.
    assert [shown[name]["width"] for name in names[:4]] == [80, 140, 93, 64]
