"""People told by community or street, without coordinates, put onto the boundaries they name."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import words
from analysis.coverage.areas import FINEST_FIRST, place_points, points_inside
from analysis.matching.kept import Confirmed
from analysis.matching.links import ON_AREA
from analysis.matching.told import CONFIRM
from analysis.people.official import level_word
from analysis.placing.area_names import area_keys, street_stems
from analysis.placing.lookup import without_place
from analysis.placing.other_names import OtherNames, Where, by_other_names
from geo.files.several_files import FILE
from geo.findings import Finding
from geo.language import joined, say

_ONE_BY_ONE: Final = 50

_UNKNOWN = say("在边界图层中找不到这个名称，其人口未能落到住处。")
_TWICE = say("边界图层中有 {count} 个同名区域，不能确定是哪一个，其人口未能落到住处。")
_ELSEWHERE = say("边界图层中同名的区域不在所写的街道，其人口未能落到住处。")


class Named(NamedTuple):
    """People put onto boundaries.

    people
        The layer, rows that were found now with the polygon of their area.
    findings
        How many were found, each that was not, and areas that several rows speak of.
    """

    people: gpd.GeoDataFrame
    findings: tuple[Finding, ...]


def onto_boundaries(
    people: gpd.GeoDataFrame,
    boundaries: gpd.GeoDataFrame,
    *,
    file: str,
    kept: Sequence[Confirmed] = (),
) -> Named:
    """Return people without a place put onto the area of their id, else of their name.

    people
        Columns `id`, `name`, `street`; a row without a name is called by its street.
    kept
        What the user confirmed of names.

    What a person said goes first, then the exact name: the finest level that knows it is meant;
    where it knows several, or one that lies in another street than the row says, the row stays
    without a place. Then names that are surely the same written otherwise. Rows that were put onto
    an area have its id in `on_area`.
    """
    rows = people[without_place(people)]
    called = _called(rows)
    if called.empty:
        return Named(people, ())
    areas = _areas(boundaries)
    other = by_other_names(people, boundaries, kept)
    free = called[~called.index.isin(other.settled)]
    found = _by_id(free, areas)
    named, doubts = _by_name(free[~free.index.isin(found.index)], areas)
    found = pd.concat([found, named])
    alike = other.area[~other.area.index.isin(found.index)]
    found = pd.concat([found, alike]).sort_index()
    doubts = doubts[~doubts.index.isin(found.index)]
    geometry = people.geometry.copy()
    geometry.loc[found.index] = areas["geometry"].loc[found].to_numpy()
    where = Where(file, words(people, FILE).dropna().to_dict())
    findings = [
        *_count(found, areas, called, file=file, all_nowhere=len(called) == len(people)),
        *other.told(alike.index, where),
        *_not_found(called, doubts, other, where),
        *_spoken_of_twice(found, people, where),
        *_streets_over_communities(found, areas, people, where),
    ]
    people = people.set_geometry(geometry)
    if len(found):
        column = areas["id"].loc[found].set_axis(found.index).reindex(people.index)
        people = people.assign(**{ON_AREA: column.astype("str")})
    return Named(people, tuple(findings))


def _called(rows: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return what rows call themselves: id, name as written, key, stem of the street, row."""
    name, street = words(rows, "name"), words(rows, "street")
    alone = name.isna()
    called = pd.DataFrame({"id": words(rows, "id"), "name": name.fillna(street)}, index=rows.index)
    called["key"] = area_keys(called, "name")
    called["street"] = street_stems(rows, "street").mask(alone)
    called["row"] = rows["row"]
    return called


def _areas(boundaries: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the areas with a polygon: id, key, level by rank, stems of it and its street."""
    there = boundaries[~without_place(boundaries)].reset_index(drop=True)
    rank = {level: number for number, level in enumerate(FINEST_FIRST)}
    areas = pd.DataFrame({"id": words(there, "id"), "key": area_keys(there, "name")})
    areas["stem"], areas["level"] = street_stems(there, "name"), words(there, "level")
    areas["rank"] = areas["level"].map(rank).fillna(len(rank))
    streets = there[words(there, "level").eq("street")]
    areas["said"] = _street_said(there, streets)
    areas["around"] = _street_around(there, streets)
    areas["geometry"] = there.geometry.to_numpy()
    return areas


def _street_said(areas: gpd.GeoDataFrame, streets: gpd.GeoDataFrame) -> pd.Series:
    """Return the stem of the street that each area names as its parent; a county is none."""
    parent, stems = words(areas, "parent"), street_stems(streets, "name")
    by_id = stems.set_axis(words(streets, "id").array)
    by_id = by_id[by_id.index.notna() & ~by_id.index.duplicated()]
    stem = street_stems(areas, "parent")
    is_street = stem.isin(stems.dropna()) | (stem != area_keys(areas, "parent"))
    return parent.map(by_id).astype("str").fillna(stem.where(is_street))


def _street_around(areas: gpd.GeoDataFrame, streets: gpd.GeoDataFrame) -> pd.Series:
    """Return the stem of the street in which the middle of each area lies."""
    inside = points_inside(place_points(areas.geometry), streets.geometry)
    first = inside.first(np.arange(inside.polygons))
    stems = street_stems(streets, "name").reset_index(drop=True)
    return stems.reindex(first).set_axis(areas.index)


def _by_id(called: pd.DataFrame, areas: pd.DataFrame) -> pd.Series:
    """Return the area with the id of each row, unless the two bear different names.

    Both tables may number their rows from one.
    """
    ids = areas.dropna(subset="id").drop_duplicates("id").reset_index().set_index("id")["index"]
    area = called["id"].map(ids).dropna().astype("int64")
    ours, theirs = called["key"].loc[area.index], areas["key"].loc[area].to_numpy()
    return area[(ours.isna() | (ours == theirs)).to_numpy(dtype=bool)]


def _by_name(
    called: pd.DataFrame, areas: pd.DataFrame
) -> tuple[pd.Series, pd.Series]:
    """Return the area of each row that one name means, and why each other has none: a message."""
    rows = called.drop(columns="row").dropna(subset="key").rename_axis("row").reset_index()
    pairs = rows.merge(areas.rename_axis("area").reset_index(), on="key", suffixes=("", "_area"))
    pairs = pairs[pairs["rank"].eq(pairs.groupby("row")["rank"].transform("min"))]
    street = pairs["street"]
    alike = (street.eq(pairs["said"]) | street.eq(pairs["around"])).fillna(value=False).astype(bool)
    silent = street.isna() | (pairs["said"].isna() & pairs["around"].isna())
    # Of namesakes, those in the street that the row says.
    sure = alike.groupby(pairs["row"]).transform("any")
    fitting = pairs[alike | (silent & ~sure)]
    times = fitting.groupby("row")["area"].transform("size")
    found = fitting[times.eq(1)].set_index("row")["area"]
    several = fitting[times.gt(1)].groupby("row").size()
    elsewhere = pairs.loc[~pairs["row"].isin(fitting["row"]), "row"].unique()
    why = pd.Series(_UNKNOWN, index=called.index.difference(found.index), dtype=object)
    why.loc[several.index] = [replace(_TWICE, values={"count": int(n)}) for n in several]
    why.loc[elsewhere] = _ELSEWHERE
    return found.rename_axis(None), why


def _count(
    found: pd.Series, areas: pd.DataFrame, called: pd.DataFrame, *, file: str, all_nowhere: bool
) -> Iterator[Finding]:
    """Yield how many rows were put onto areas of which level; that nobody was is an error."""
    if found.empty:
        if not all_nowhere:
            return
        message = say("没有一行的编号或名称与边界图层一致，全部人口未能落到住处。")
        remedy = say("请核对两个图层的名称。")
        yield Finding("error", "population", message, remedy, file)
        return
    levels = areas["level"].loc[found].value_counts(sort=False)
    parts = [
        say("{level} {count}", level=level_word(str(level)), count=n) for level, n in levels.items()
    ]
    message = say(
        "{all} 行没有坐标的人口，{count} 行按编号或名称落到边界上（{levels}）。",
        all=len(called), count=len(found), levels=joined("、", *parts),
    )  # fmt: skip
    yield Finding("info", "population", message, file=file)


def _not_found(
    called: pd.DataFrame, why: pd.Series, other: OtherNames, where: Where
) -> Iterator[Finding]:
    """Yield a finding for each row that stays without a place; only a count for many.

    why
        The message about each of them.
    """
    remedy = say("请核对名称与街道，或补上边界。")
    left = called.loc[why.index].fillna({"name": ""})
    if len(left) > _ONE_BY_ONE:
        names = "、".join(left["name"][left["name"].ne("")].head(_ONE_BY_ONE))
        message = say("{count} 行人口未能落到边界上（{names}等）。", count=len(left), names=names)
        yield Finding("warning", "population", message, remedy, where.file)
        return
    for at, name, row, reason in zip(left.index, left["name"], left["row"], why, strict=True):
        like = other.like.get(at)
        message = reason if like is None else joined("", reason, say("最像：{like}。", like=like))
        do = remedy if like is None else CONFIRM
        yield Finding("warning", "population", message, do, where.of(at), int(row), value=name)


def _spoken_of_twice(found: pd.Series, people: pd.DataFrame, where: Where) -> Iterator[Finding]:
    """Yield the areas of which several rows tell people of one basis and year: they add up."""
    same = [name for name in ("basis", "year") if name in people]
    told = people.loc[found.index, ["row", *same]].assign(area=found, at=found.index)
    first = told.groupby(["area", *same], dropna=False)["at"].transform("first")
    again = told["at"].ne(first)
    remedy = say("若是重复，请删去其中一行。")
    for at, before in zip(told["at"][again], first[again], strict=True):
        row, earlier = int(people["row"].loc[at]), int(people["row"].loc[before])
        message = (
            say("与第 {first} 行说的是同一区域，人口会相加。", first=earlier)
            if where.of(at) == where.of(before) else
            say("与“{file}”第 {first} 行说的是同一区域，人口会相加。",
                file=where.of(before), first=earlier)
        )  # fmt: skip
        yield Finding("warning", "population", message, remedy, where.of(at), row)


def _streets_over_communities(
    found: pd.Series, areas: pd.DataFrame, people: pd.DataFrame, where: Where
) -> Iterator[Finding]:
    """Yield the rows of streets of which other rows tell the communities: sums, most likely."""
    area = areas.loc[found].set_axis(found.index)
    street = area["level"].eq("street")
    below = area.loc[~street & area["rank"].lt(FINEST_FIRST.index("street"))]
    communities = below["said"].fillna(below["around"]).value_counts()
    counted = area.loc[street, "stem"].map(communities).dropna()
    remedy = say("若是小计，请删去这一行。")
    rows = people["row"].to_dict()
    for at, count in counted.items():
        message = say("同一街道的 {count} 个社区也各有一行，人口会重复。", count=int(count))
        row = int(rows[at])
        yield Finding("warning", "population", message, remedy, where.of(at), row)
