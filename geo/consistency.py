"""A layer looked at as a whole: no rows, repeated rows, parts larger than their whole."""

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd
import shapely

from geo.findings import Finding
from geo.language import say
from geo.numbers import figure, true_at
from geo.schema import Schema
from geo.topology import polygon_findings

# The first cannot exceed the second.
_PARTS = (
    ("nursing_beds", "beds"),
    ("delivered_households", "households"),
    ("elderly_60plus", "population"),
    ("elderly_65plus", "elderly_60plus"),
    ("elderly_80plus", "elderly_65plus"),
)


def whole_layer(
    frame: gpd.GeoDataFrame, schema: Schema, file: str, *, headers: Mapping[str, str]
) -> list[Finding]:
    """Return findings that look at several cells: no rows, repeated rows, parts above wholes.

    headers
        Canonical column -> header as the file spells it.
    """
    if len(frame) == 0:
        message = say("图层没有数据行（没有数据）。")
        return [Finding("error", schema.layer, message, say("请补上数据。"), file)]
    # Rows with ids of their own are different on purpose.
    findings = [] if "id" in headers else _repeated_rows(frame, schema, file)
    for part, whole in _PARTS:
        if part in frame and whole in frame:
            findings += _part_above_whole(frame, schema, file, headers, (part, whole))
    findings += polygon_findings(frame, schema, file)
    if schema.layer == "population" and (frame["population"] == 0).all():
        message = say("人口全部为 0，无法计算覆盖率。")
        findings.append(Finding("error", schema.layer, message, say("请核对这一列。"), file,
                                column=headers["population"], value="0"))
    return findings


def _part_above_whole(
    frame: gpd.GeoDataFrame,
    schema: Schema,
    file: str,
    headers: Mapping[str, str],
    names: tuple[str, str],
) -> list[Finding]:
    part, whole = names
    return [
        Finding(
            "warning", schema.layer,
            say(
                "“{part}” {a} 大于“{whole}” {b}。", part=headers[part], whole=headers[whole],
                a=figure(frame[part][at]), b=figure(frame[whole][at]),
            ),
            say("请核对两列。"), file, int(frame["row"][at]), headers[part],
        )
        for at in true_at(frame[part] > frame[whole])
    ]


def _repeated_rows(frame: gpd.GeoDataFrame, schema: Schema, file: str) -> list[Finding]:
    cells = pd.DataFrame(frame.drop(columns=["id", "geometry"]))
    cells["place"] = shapely.to_wkb(frame.geometry.to_numpy(), hex=True)
    cells = cells[cells["place"].notna()]
    alike = [name for name in cells.columns if name != "row"]
    again = cells[cells.duplicated(alike)]
    if again.empty:
        return []
    first = cells.groupby(alike, dropna=False)["row"].transform("first")
    return [
        Finding(
            "warning", schema.layer,
            say("与第 {first} 行完全相同，疑似重复。", first=int(first[at])),
            say("请删去其中一行。"), file, int(cells["row"][at]),
        )
        for at in again.index
    ]
