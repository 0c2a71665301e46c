"""Rows without a place as a table of addresses to be filled in, which a study names as `places`."""

from pathlib import Path
from typing import Final

import pandas as pd

from analysis.placing.by_hand import LAYERS
from geo.errors import LayerError
from geo.language import say
from geo.schema import PLACES
from report.data.asked import EXPLANATION
from report.data.sheets import workbook
from report.tables import write_csv

# Canonical headings: the table is read again.
HEADINGS: Final = ("编号", "名称", "地址", "经度", "纬度")


def write_place_form(rows: pd.DataFrame, path: Path) -> int:
    """Write the rows that can be placed, longitude and latitude empty; return how many they are.

    rows
        As `analysis.placing.unplaced.unplaced` gives them.

    Errors: LayerError for another ending than .xlsx or .csv.
    """
    placeable = rows[rows["layer"].isin(LAYERS)]
    told = placeable[["id", "name", "address"]].astype(object)
    told = told.where(told.notna(), None).assign(lon=None, lat=None)
    table = told.set_axis([*HEADINGS], axis=1)
    if path.suffix.lower() == ".csv":
        write_csv(table, path)
        return len(table)
    if path.suffix.lower() != ".xlsx":
        raise LayerError(say("{file}：请写成 .xlsx 或 .csv。", file=path.name))
    with workbook(path) as book:
        book.table(book.sheet(PLACES.chinese), HEADINGS, table.itertuples(index=False, name=None))
        page = book.sheet(EXPLANATION)
        lines = (
            say("请填经度和纬度（十进制度）；不知道的留空，这一行仍没有位置。"),
            say('填好后在研究文件各图层写 places = "本文件名"，并写明 places_coordinates。'),
        )
        for at, line in enumerate(lines):
            book.write(page, at, 0, str(line))
        page.set_column(0, 0, 100)
    return len(table)
