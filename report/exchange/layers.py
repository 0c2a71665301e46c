"""The layers of a briefing: tables that every document prints, upon the shapes of the study."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.columns import words
from analysis.evaluation import Evaluation
from geo.language import Message, say, translate
from report.areas import area_of
from report.briefing.content import Briefing, Column, Kind, Table
from report.briefing.estates import SHORT
from report.briefing.places import COMMUNITIES, FACILITIES, community_rows
from report.briefing.sites import PROJECTS
from report.briefing.streets import STREETS
from report.data.sheets import clean
from report.estate_list import estate_rows, estate_words
from report.exchange.fields import Field, fields_of
from report.exchange.styles import (
    Style,
    of_facilities,
    of_reach,
    of_shares,
    of_sites,
    of_verdicts,
)

_MINUTES: Final = Column("minutes", say("步行时间（分钟）"), Kind.MINUTES,
                         say("到最近一处计入服务圈的设施"))  # fmt: skip
_ESTATE: Final = (
    Column("kind", say("建设类型")),
    _MINUTES,
    Column("share", say("时限内比例"), Kind.SHARE, say("小区内时限内走得到的部分")),
    Column("nearest_facility_id", say("最近设施编号")),
)
_STREET: Final = (
    "name", "elderly_60plus", "covered_60plus", "uncovered_60plus", "share_60plus", "areas",
    "in_scope", "met", "short", "unknown", "deficit_m2", "facilities",
)  # fmt: skip
_COMMUNITY: Final = (
    "area_id", "county", "street", "name", "elderly_60plus", "covered_60plus", "uncovered_60plus",
    "share_60plus", "stations",
)  # fmt: skip
_PLACE: Final = (
    "facility_id", "name", "category", "status", "counted", "street", "floor_area_m2", "beds",
    "elders_in_reach",
)  # fmt: skip
_SITE: Final = (
    "rank", "name", "street", "action", "area_m2", "cost_wan", "gain_60plus", "covered_60plus",
    "share_60plus", "to_check", "cured_m2", "reason", "candidate_id",
)  # fmt: skip
_ID: Final = Column("area_id", say("编号"))
_SHAPES: Final = {"Point": "Point", "MultiPoint": "Point", "Polygon": "MultiPolygon",
                  "MultiPolygon": "MultiPolygon"}  # fmt: skip


@dataclass(frozen=True, eq=False)
class MapLayer:
    """A layer as other programs get it.

    stem
        Name of its files where names have to be Latin.
    frame
        One column a field, in the study's CRS; geometry None where nobody knows the place.
    shape
        The one kind of geometry it has: Point or MultiPolygon.
    """

    stem: str
    title: str
    fields: tuple[Field, ...]
    frame: gpd.GeoDataFrame
    shape: str
    style: Style


def layers_of(briefing: Briefing) -> list[MapLayer]:
    """Return the layers of a briefing, from the lowest to the uppermost on a map.

    One that the study does not have is left out; one of points and outlines becomes two.
    """
    made = [*_areas(briefing), *_reach(briefing), *_estates(briefing), *_places(briefing),
            *_sites(briefing)]  # fmt: skip
    return [part for layer in made for part in _of_one_shape(layer)]


def _estates(briefing: Briefing) -> Iterator[MapLayer]:
    evaluation = briefing.evaluation
    layer = evaluation.study.layer("residential")
    if layer is None:
        return
    rows = _estate_table(evaluation, layer, briefing.tables[SHORT])
    known = (*briefing.tables[SHORT].columns, *_ESTATE)
    keys = (
        "residential_id", "name", "county", "street", "community", "kind", "households",
        "required_m2", "provided_m2", "deficit_m2", "verdict", "reasons", "remedy", "minutes",
        "share", "nearest_facility_id",
    )  # fmt: skip
    yield _layer("estates", say("小区"), fields_of(known, *keys), rows, layer, of_verdicts())


def _estate_table(
    evaluation: Evaluation, layer: gpd.GeoDataFrame, short: Table
) -> pd.DataFrame:
    """Return the check of each estate in words, its walk beside it, in file order."""
    rows = estate_rows(evaluation)
    told = estate_words(evaluation, rows)
    remedies = short.rows.set_index("residential_id")["remedy"]
    rows = rows.assign(
        verdict=told[translate("结论")], reasons=told[translate("问题原因")],
        kind=told[translate("建设类型")],
        name=told[translate("小区")],
        remedy=[remedies.get(estate, "") for estate in rows["residential_id"]],
    ).set_index("residential_id", drop=False).reindex(layer["id"])  # fmt: skip
    walks = evaluation.places
    walks = walks.loc[walks["layer"].eq("residential")].set_index("place_id").reindex(layer["id"])
    return rows.assign(
        county=area_of(evaluation, layer.geometry, "county"),
        **{name: walks[name].to_numpy() for name in ("minutes", "share", "nearest_facility_id")},
    )


def _places(briefing: Briefing) -> Iterator[MapLayer]:
    layer, table = briefing.evaluation.study.layer("facilities"), briefing.tables[FACILITIES]
    if layer is not None:
        fields = fields_of(table.columns, *_PLACE)
        style = of_facilities(table.rows["category"].tolist())
        yield _layer("facilities", say("设施"), fields, table.rows, layer, style)


def _areas(briefing: Briefing) -> Iterator[MapLayer]:
    evaluation = briefing.evaluation
    boundaries = evaluation.study.layer("boundaries")
    if boundaries is None:
        return
    streets, communities = briefing.tables[STREETS], briefing.tables[COMMUNITIES]
    told: tuple[tuple[str, str, Message, pd.DataFrame, tuple[Field, ...]], ...] = (
        ("community", "communities", say("社区覆盖"), community_rows(evaluation),
         fields_of(communities.columns, *_COMMUNITY)),
        ("street", "streets", say("街道覆盖"), streets.rows,
         (*fields_of((_ID,), "area_id"), *fields_of(streets.columns, *_STREET))),
    )  # fmt: skip
    for level, stem, title, rows, fields in told:
        shapes = boundaries.loc[words(boundaries, "level").eq(level).to_numpy(dtype=bool)]
        shapes = shapes.loc[shapes["id"].isin(rows["area_id"])]
        if len(shapes):
            kept = rows.set_index("area_id", drop=False).reindex(shapes["id"])
            yield _layer(stem, title, fields, kept, shapes, of_shares(named=level == "street"))


def _reach(briefing: Briefing) -> Iterator[MapLayer]:
    """Yield the land within each limit, the widest first so that it lies below."""
    drawn = briefing.evaluation.isochrones
    drawn = drawn.loc[~drawn.geometry.is_empty].sort_values("minutes", ascending=False)
    if len(drawn):
        minutes = Column("minutes", say("步行时限（分钟）"), Kind.MINUTES,
                         say("到任一处计入服务圈的设施"))  # fmt: skip
        shapes = drawn.to_crs(briefing.evaluation.study.crs)
        yield _layer("reach", say("服务圈范围"), fields_of((minutes,), "minutes"), drawn, shapes,
                     of_reach(drawn["minutes"].tolist()))  # fmt: skip


def _sites(briefing: Briefing) -> Iterator[MapLayer]:
    table, sheet = briefing.tables.get(PROJECTS), briefing.maps.get("sites")
    if table is not None and sheet is not None and sheet.spots is not None:
        shapes = sheet.spots.set_index("rank").loc[table.rows["rank"]]
        shapes = shapes.to_crs(briefing.evaluation.study.crs)
        fields = fields_of(table.columns, *_SITE)
        yield _layer("sites", say("建议选址"), fields, table.rows, shapes, of_sites())


def _layer(
    stem: str, title: Message, fields: tuple[Field, ...], rows: pd.DataFrame,
    shapes: gpd.GeoDataFrame, style: Style,
) -> MapLayer:  # fmt: skip
    columns = {field.key: _values(rows[field.key], field.kind) for field in fields}
    frame = gpd.GeoDataFrame(columns, geometry=shapes.geometry.to_numpy(), crs=shapes.crs)
    return MapLayer(stem, str(title), fields, frame, "", style)


def _values(column: "pd.Series[Any]", kind: Kind) -> Any:  # noqa: ANN401 - an array
    """Return the cells of a field: texts, whole numbers where all are, else numbers."""
    if kind is Kind.TEXT:
        texts = column.astype(object).where(column.notna(), None)
        told = [None if text is None else clean(str(text)) for text in texts]
        return np.array(told, dtype=object)
    numbers = column.astype("Float64").to_numpy(dtype="float64", na_value=np.nan)
    known = numbers[~np.isnan(numbers)]
    if kind is Kind.COUNT and (known == known.round()).all():
        return pd.array(numbers, dtype="Float64").astype("Int64")
    return numbers


def _of_one_shape(layer: MapLayer) -> Iterator[MapLayer]:
    """Yield a layer by kind of geometry; rows without a place go with the more common kind."""
    shapes = layer.frame.geometry
    kinds = shapes.geom_type.map(_SHAPES)
    found = kinds.value_counts()
    usual = str(found.index[0]) if len(found) else "Point"
    for number, kind in enumerate([usual, *(str(each) for each in found.index[1:])]):
        rows = kinds.fillna(usual).eq(kind)
        part = layer.frame.loc[rows.to_numpy(dtype=bool)].reset_index(drop=True)
        part = part.set_geometry([_plain(shape, kind) for shape in part.geometry], crs=shapes.crs)
        told = translate("（点）") if kind == "Point" else translate("（面）")
        title, stem = (
            (layer.title, layer.stem) if number == 0
            else (f"{layer.title}{told}", f"{layer.stem}_{'pt' if kind == 'Point' else 'pg'}")
        )  # fmt: skip
        yield MapLayer(stem, title, layer.fields, part, kind, layer.style.on(kind))


def _plain(shape: shapely.Geometry | None, kind: str) -> shapely.Geometry | None:
    if shape is None or shape.is_empty:
        return None
    if kind == "Point":
        return shape if shape.geom_type == "Point" else shape.representative_point()
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)
