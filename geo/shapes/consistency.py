"""A layer looked at as a whole: no rows, repeated rows, cells that can hardly be right."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geo.findings import Finding
from geo.language import say
from geo.ledgers.numbers import figure
from geo.schema import Schema
from geo.shapes.doubtful_cells import Ledger, doubtful_cells, named_or_counted
from geo.shapes.topology import polygon_findings

_OF_PLACES = ("facilities", "residential")
# One house may hold several facilities; so many on one point are what a geocoder gives for a
# street or a town whose number it does not know.
_TOGETHER = 5
# Named one by one up to here, then counted.
_NAMED = 50
# Fewer elderly than this share of everybody, where none is more than one: no count of persons.
_LEAST_SHARE = 0.01


def shares_made_unknown(
    values: dict[str, Any], schema: Schema, file: str, *, headers: Mapping[str, str]
) -> list[Finding]:
    """Make columns of elderly unknown, in place, that hold shares (0.235), and tell it.

    Excel shows a share as 23.5% and keeps 0.235. A column holds shares where none is above 1, some
    lie between 0 and 1, and their sum is less than a hundredth of the population of those rows.
    """
    if "population" not in values:
        return []
    people, findings = values["population"], []
    for name in [name for name in values if name.startswith("elderly_")]:
        known = values[name].notna() & people.notna()
        told, all_ = values[name][known], people[known]
        between = told.gt(0) & told.lt(1)
        if not between.any() or told.gt(1).any() or told.sum() >= _LEAST_SHARE * all_.sum():
            continue
        message = say("整列不超过 1，像是比例，不是人数，按未知处理。")
        remedy = say("请改填人数。")
        findings.append(Finding("error", schema.layer, message, remedy, file,
                                column=headers[name], value=figure(told[between].iloc[0])))
        values[name] = values[name].mask(values[name].notna())
    return findings


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
    repeats = frame.iloc[:0] if "id" in headers else _repeats(frame)
    findings = _repeated_rows(repeats, schema, file)
    findings += doubtful_cells(Ledger(frame, schema, file, headers))
    findings += polygon_findings(frame, schema, file)
    if schema.layer in _OF_PLACES:
        findings += _on_one_point(frame, schema, file)
        findings += _registered_twice(frame, repeats.index, schema, file)
    if schema.layer == "facilities":
        findings += _under_two_names(frame, repeats.index, schema, file)
    if schema.layer == "boundaries" and {"name", "level"} <= {*frame.columns}:
        findings += _called_alike(frame, file)
    if schema.layer == "population" and (frame["population"] == 0).all():
        message = say("人口全部为 0，无法计算覆盖率。")
        findings.append(Finding("error", schema.layer, message, say("请核对这一列。"), file,
                                column=headers["population"], value="0"))
    return findings


def _repeats(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the rows that stood before in all cells, with the first row each repeats."""
    cells = pd.DataFrame(frame.drop(columns=["id", "geometry"]))
    cells["place"] = shapely.to_wkb(frame.geometry.to_numpy(), hex=True)
    cells = cells[cells["place"].notna()]
    alike = [name for name in cells.columns if name != "row"]
    cells["first"] = cells.groupby(alike, dropna=False)["row"].transform("first")
    return cells[cells.duplicated(alike)]


def _repeated_rows(repeats: pd.DataFrame, schema: Schema, file: str) -> list[Finding]:
    def about(at: int) -> Finding:
        return Finding(
            "warning", schema.layer,
            say("与第 {first} 行完全相同，疑似重复。", first=int(repeats["first"][at])),
            say("请删去其中一行。"), file, int(repeats["row"][at]),
        )

    return named_or_counted([int(at) for at in repeats.index], about, schema, file)


def _on_one_point(frame: gpd.GeoDataFrame, schema: Schema, file: str) -> list[Finding]:
    geometry = frame.geometry.to_numpy()
    points = frame.loc[shapely.get_type_id(geometry) == shapely.GeometryType.POINT, "row"]
    places = shapely.get_coordinates(frame.geometry.loc[points.index].to_numpy())
    groups = points.groupby([places[:, 0], places[:, 1]], sort=False)
    crowds = [(x, y, rows) for (x, y), rows in groups if len(rows) >= _TOGETHER]
    found = [
        Finding(
            "warning", schema.layer,
            say(
                "{count} 行重合在同一个点上（{x}, {y}；第 {rows} 行），像是地址解析的默认位置。",
                count=len(rows), x=figure(round(x, 6)), y=figure(round(y, 6)),
                rows="、".join(str(row) for row in rows[:_NAMED]),
            ),
            say("请核对这些行的坐标。"), file, int(rows.iloc[0]),
        )
        for x, y, rows in crowds[:_NAMED]
    ]  # fmt: skip
    return [*found, *_counted(len(crowds) - len(found), schema.layer, file)]


def _registered_twice(
    frame: gpd.GeoDataFrame, repeats: pd.Index, schema: Schema, file: str
) -> list[Finding]:
    """Return findings on places of one name, and of one street and phase where these are told.

    repeats
        Rows that are another row's in all cells, and are told as that.
    """
    keys = [name for name in ("name", "street", "phase") if name in frame]
    if "name" not in keys:
        return []
    who = pd.DataFrame({name: frame[name].astype("str") for name in keys})
    again = who[who["name"].notna() & who.duplicated(keys) & ~who.index.isin(repeats)]
    first = frame["row"].groupby([who[name] for name in keys], dropna=False).transform("first")
    found = [
        Finding(
            "warning", schema.layer,
            say("与第 {first} 行“{name}”同名，疑似重复登记。", first=int(first[at]),
                name=who["name"][at]),
            say("若是同一处，请删去一行；若是两处，请写出区别（如期数、街道）。"),
            file, int(frame["row"][at]), value=str(who["name"][at]),
        )
        for at in again.index[:_NAMED]
    ]  # fmt: skip
    return [*found, *_counted(len(again) - len(found), schema.layer, file)]


def _under_two_names(
    frame: gpd.GeoDataFrame, repeats: pd.Index, schema: Schema, file: str
) -> list[Finding]:
    """Return findings on facilities on one point that are alike but for their names.

    Two facilities in one house are not of one class and one size to the square metre.
    """
    keys = [name for name in ("category", "floor_area_m2", "beds") if name in frame]
    if not {"name", "category", "floor_area_m2"} <= {*frame.columns}:
        return []
    cells = pd.DataFrame(frame[["name", "row", *keys]])
    cells["place"] = shapely.to_wkb(frame.geometry.to_numpy(), hex=True)
    sized = cells["place"].notna() & cells["category"].notna() & cells["floor_area_m2"].gt(0)
    cells = cells[sized & ~cells.index.isin(repeats)]
    groups = cells.groupby([*keys, "place"], dropna=False)
    again = cells[cells.duplicated([*keys, "place"])]
    first, called = groups["row"].transform("first"), groups["name"].transform("first")
    again = again[again["name"].fillna("") != called[again.index].fillna("")]
    found = [
        Finding(
            "warning", schema.layer,
            say("与第 {first} 行“{name}”在同一点，类别和面积都相同，只有名称不同，"
                "疑似同一处登记了两次。", first=int(first[at]), name=called[at]),
            say("若是同一处，请删去一行；若不是，请核对坐标和面积。"),
            file, int(again["row"][at]), value=str(again["name"][at]),
        )
        for at in again.index[:_NAMED]
    ]  # fmt: skip
    return [*found, *_counted(len(again) - len(found), schema.layer, file)]


def _called_alike(frame: gpd.GeoDataFrame, file: str) -> list[Finding]:
    """Return findings on boundaries of one name and level in one parent, or without parents."""
    who = pd.DataFrame({name: frame[name].astype("str") for name in ("name", "level")})
    who["parent"] = frame["parent"].astype("str").fillna("") if "parent" in frame else ""
    who["row"] = frame["row"]
    who = who[who["name"].notna()]
    keys = ["name", "level", "parent"]
    again = who[who.duplicated(keys)]
    first = who.groupby(keys, dropna=False)["row"].transform("first")
    found = [
        Finding(
            "warning", "boundaries",
            say("与第 {first} 行重复：同名、同级、同属一个上级，按名称对应时分不清是哪一个。",
                first=int(first[at])),
            say("请核对；若属于不同的上级，请写明“上级”。"), file, int(who["row"][at]),
            value=str(who["name"][at]),
        )
        for at in again.index[:_NAMED]
    ]  # fmt: skip
    return [*found, *_counted(len(again) - len(found), "boundaries", file)]


def _counted(more: int, layer: str, file: str) -> list[Finding]:
    if more <= 0:
        return []
    message = say("另有 {count} 处与上面同类的问题，不再逐一列出。", count=more)
    return [Finding("warning", layer, message, file=file)]
