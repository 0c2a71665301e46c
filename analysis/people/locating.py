"""People: who lives where, from one source, with totals kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analysis.columns import words
from analysis.coverage.areas import Geometries, Indices, place_points
from analysis.people.official import (
    FIGURES,
    Official,
    figure_word,
    figures_of,
    gap_findings,
    level_word,
    official_totals,
    persons_of,
    scaled_to,
    unscaled_finding,
)
from analysis.people.source import (
    Source,
    choose_source,
    figure_findings,
    finding_about,
    one_basis,
)
from analysis.people.spreading import Estates, Spread, Units, filled_households, spread
from geo.files.several_files import where_rows_stand
from geo.findings import Finding, Severity
from geo.language import say

Floats = npt.NDArray[np.float64]

HOME_COLUMNS = ("home_id", "place_layer", "place_id", "unit_id", *FIGURES, "geometry")
# Neighbouring outlines drawn apart by a hair overlap by slivers; this part of the smaller is more.
OVERLAP = 0.01
UNLOCATED_WORTH_A_WARNING = 0.05


class People(Protocol):
    """The study's settings about people."""

    @property
    def household_size(self) -> float | None:
        """People per household at most; None: the rule pack's."""

    @property
    def control(self) -> bool:
        """Whether people are scaled to official totals."""


@dataclass(frozen=True)
class Located:
    """Who lives where.

    homes
        One row per place where people live; figures NaN = unknown.
    estate
        Of each home the position of the estate it is in the residential layer; -1: it is none.
    unlocated
        People by figure who found no place; NaN where the figure is unknown everywhere.
    source
        The layer the people came from: population, residential, boundaries; empty for none.
    """

    homes: gpd.GeoDataFrame
    estate: Indices
    unlocated: Mapping[str, float]
    source: str
    findings: tuple[Finding, ...]


class Homes(NamedTuple):
    """People by place, and the people of each row of the source left without one."""

    places: pd.DataFrame
    figures: Floats
    left: Floats


def locate_people(
    layers: Mapping[str, gpd.GeoDataFrame],
    *,
    people: People,
    household_size: float,
    crs: object = None,
) -> Located:
    """Return the homes of the study: one source, spread over places, totals kept.

    layers
        The study's layers in its metric CRS. People come from the first of population,
        residential and boundaries (their finest level) that has a known figure; never summed.
    household_size
        The most people an estate receives per household, where `people` does not say.
    crs
        Of no homes at all, where the study has no layer that tells it.

    What cannot be placed is `unlocated`; no source gives no homes and a finding.
    """
    source, findings = choose_source(layers)
    if source is None:
        crs = next((layer.crs for layer in layers.values()), crs)
        nobody, unknown = _as_homes(None, crs), dict.fromkeys(FIGURES, np.nan)
        return Located(nobody, np.zeros(0, dtype=np.int64), unknown, "", tuple(findings))
    source, mixed = one_basis(source)
    size = household_size if people.household_size is None else people.household_size
    homes, noticed = _house(source, layers, household_size=size)
    findings += [*mixed, *figure_findings(source), *noticed]
    scaled, compared = _beside_official(source, homes, layers.get("boundaries"), people=people)
    findings += compared
    if scaled is not None:
        # Housed anew: nobody is scaled past what an estate takes in, and room that is left fills.
        source, (homes, _) = scaled, _house(scaled, layers, household_size=size)
        findings += _gaps_left(source, homes, layers.get("boundaries"))
    unlocated = _totals(homes.left, figures_of(source.rows))
    findings += _unlocated_findings(source, homes, unlocated)
    frame = _as_homes(homes, source.rows.crs)
    estate = homes.places["estate"].to_numpy(dtype=np.int64)
    return Located(frame, estate, unlocated, source.layer, tuple(findings))


# --- places --------------------------------------------------------------------------------------


def _house(
    source: Source, layers: Mapping[str, gpd.GeoDataFrame], *, household_size: float
) -> tuple[Homes, list[Finding]]:
    """Return the people of each row of the source at their places: points stay, polygons spread."""
    rows, figures = source.rows, figures_of(source.rows)
    ids = words(rows, "id").array
    outlines = np.asarray(rows.geometry, dtype=object)
    absent = shapely.is_missing(outlines) | shapely.is_empty(outlines)
    polygon = (shapely.get_dimensions(outlines) == 2) & ~absent  # noqa: PLR2004 (a surface)
    if source.layer == "residential":
        polygon[:] = False
    pieces, left = [_own_pieces(source, ~polygon & ~absent)], absent.astype(np.float64)
    findings = [*_absent_findings(source, absent)]
    if polygon.any():
        units = Units(ids[polygon], outlines[polygon], persons_of(figures)[polygon])
        estates, land = _estates(layers.get("residential")), _land(layers.get("residential_land"))
        result = spread(units, estates, land, household_size=household_size)
        at = np.flatnonzero(polygon)
        pieces.append(result.pieces.assign(unit=at[result.pieces["unit"].to_numpy(dtype=np.int64)]))
        left[polygon] = result.left
        findings += _spread_findings(source, units, estates, result)
    places = pd.concat(pieces, ignore_index=True)
    unit = places["unit"].to_numpy(dtype=np.int64)
    fraction = places["fraction"].to_numpy(dtype=np.float64)
    places["unit_id"] = ids[unit]
    return Homes(places, figures[unit] * fraction[:, None], figures * left[:, None]), findings


def _own_pieces(source: Source, own: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Return rows that are places themselves, with all their people at their point."""
    rows, position = source.rows[own], np.flatnonzero(own)
    estates = source.layer == "residential"
    return pd.DataFrame(
        {
            "unit": position,
            "fraction": 1.0,
            "place_layer": "residential" if estates else "population",
            "place_id": words(rows, "id").array,
            "geometry": place_points(rows.geometry),
            "estate": position if estates else -1,
        }
    )


def _estates(residential: gpd.GeoDataFrame | None) -> Estates:
    if residential is None:
        nowhere = np.empty(0, dtype=object)
        return Estates(pd.array([], dtype="str"), nowhere, nowhere, np.empty(0))
    households = (
        residential["households"].to_numpy(dtype=np.float64, na_value=np.nan)
        if "households" in residential
        else np.full(len(residential), np.nan)
    )
    return Estates(
        words(residential, "id").array,
        np.asarray(residential.geometry, dtype=object),
        place_points(residential.geometry),
        households,
    )


def _land(residential_land: gpd.GeoDataFrame | None) -> Geometries:
    geometry = [] if residential_land is None else residential_land.geometry
    return np.asarray(geometry, dtype=object)


def _as_homes(homes: Homes | None, crs: object) -> gpd.GeoDataFrame:
    """Return homes as a layer of points; without any, an empty one with the same columns."""
    if homes is None:
        empty: dict[str, object] = {name: np.empty(0, dtype=object) for name in HOME_COLUMNS}
        empty |= {name: np.empty(0) for name in FIGURES}
        return gpd.GeoDataFrame(empty, geometry="geometry", crs=crs)
    table = homes.places.assign(**dict(zip(FIGURES, homes.figures.T, strict=True)))
    # An estate and a population row may bear the same id.
    table["home_id"] = table["place_layer"] + ":" + table["place_id"]
    return gpd.GeoDataFrame(table[list(HOME_COLUMNS)], geometry="geometry", crs=crs)


def _totals(left: Floats, figures: Floats) -> dict[str, float]:
    """Return the people left without a place, by figure; NaN where no row knows the figure."""
    unknown = np.isnan(figures).all(axis=0)
    totals = np.where(unknown, np.nan, np.nansum(left, axis=0))
    return dict(zip(FIGURES, totals.tolist(), strict=True))


# --- beside official totals ----------------------------------------------------------------------


def _official(
    source: Source, homes: Homes, boundaries: gpd.GeoDataFrame | None
) -> tuple[Official | None, Floats]:
    """Return the official totals, and everybody they count: at home, then left without a place.

    Who is left counts where the middle of the unit lies: the official figure has them too.
    """
    points = np.concatenate(
        [np.asarray(homes.places["geometry"]), place_points(source.rows.geometry)]
    )
    everybody = np.vstack([homes.figures, homes.left])
    persons = persons_of(everybody)
    return official_totals(boundaries, points, persons, not_level=source.level), everybody


def _beside_official(
    source: Source, homes: Homes, boundaries: gpd.GeoDataFrame | None, *, people: People
) -> tuple[Source | None, list[Finding]]:
    """Return the source scaled to official totals; None where the study does not ask or cannot."""
    official, everybody = _official(source, homes, boundaries)
    if official is None:
        return None, _no_official(source) if people.control else []
    if not people.control:
        return None, [*gap_findings(official, everybody, layer=source.layer)]
    scaled = scaled_to(official, everybody)
    unscaled = unscaled_finding(official, everybody, layer=source.layer)
    findings = [_scaled_finding(source, official, everybody, scaled)]
    findings += [] if unscaled is None else [unscaled]
    return _of_scaled_units(source, homes, scaled), findings


def _of_scaled_units(source: Source, homes: Homes, scaled: Floats) -> Source:
    """Return the source with the scaled people of each unit, at home and left, added up again.

    A unit in several official areas receives the sum of its parts.
    """
    own = homes.places["unit"].to_numpy(dtype=np.int64)
    unit = np.concatenate([own, np.arange(len(source.rows))])
    figures = pd.DataFrame(scaled, columns=list(FIGURES)).groupby(unit).sum(min_count=1)
    columns = {name: figures[name].to_numpy() for name in FIGURES}
    return source._replace(rows=source.rows.assign(**columns))


def _gaps_left(
    source: Source, homes: Homes, boundaries: gpd.GeoDataFrame | None
) -> Iterator[Finding]:
    """Yield the gaps to official figures that scaling whole units leaves."""
    official, everybody = _official(source, homes, boundaries)
    if official is None:
        return
    remedy = say(
        "校正后仍有差距：人口单元跨越该级边界，或那里没有可校正的人口。请按该级边界拆分或补充。"
    )
    for finding in gap_findings(official, everybody, layer=source.layer):
        yield replace(finding, remedy=remedy)


def _no_official(source: Source) -> list[Finding]:
    message = say("要求按官方数校正，但没有一级边界的官方人口覆盖全部人口；未校正。")
    remedy = say("在边界图层中补齐某一级的人口列。")
    return [Finding("warning", source.layer, message, remedy)]


def _scaled_finding(source: Source, official: Official, before: Floats, after: Floats) -> Finding:
    message = say(
        "已按{level}官方人口校正：{before} 人校正为 {after} 人。",
        level=level_word(official.level),
        before=f"{np.nansum(persons_of(before)):.0f}",
        after=f"{np.nansum(persons_of(after)):.0f}",
    )
    return finding_about(source.layer, "info", message)


# --- what was noticed ----------------------------------------------------------------------------


def _absent_findings(source: Source, absent: npt.NDArray[np.bool_]) -> Iterator[Finding]:
    if absent.any():
        message = say("{count} 行没有位置，其人口未能落到地块。", count=int(absent.sum()))
        ((file, row),) = where_rows_stand(source.rows.iloc[[int(absent.argmax())]])
        yield Finding("warning", source.layer, message, file=file, row=row)


def _spread_findings(
    source: Source, units: Units, estates: Estates, result: Spread
) -> Iterator[Finding]:
    """Yield what was noticed while sharing polygons out over estates."""
    overlapping = _overlapping_pairs(units.polygons)
    if overlapping:
        message = say("{count} 对人口单元相互重叠，人口可能重复。", count=overlapping)
        remedy = say("检查人口单元的边界。")
        yield Finding("warning", source.layer, message, remedy)
    outside = int((result.membership.hits == 0).sum())
    if outside:
        message = say("{count} 个小区不在任何人口单元内，没有分到人口。", count=outside)
        yield finding_about("residential", "warning", message)
    twice = int((result.membership.hits > 1).sum())
    if twice:
        message = say("{count} 个小区落在两个以上人口单元内，取文件中靠前的单元。", count=twice)
        yield finding_about("residential", "warning", message)
    yield from _household_findings(estates, result)


def _household_findings(estates: Estates, result: Spread) -> Iterator[Finding]:
    unknown = np.isnan(estates.households) & (result.membership.first >= 0)
    if not unknown.any():
        return
    filled = filled_households(estates.households)
    message = (
        say("小区户数全部未知，人口在小区间平均分配，不设上限。")
        if np.isnan(filled).all()
        else say(
            "{count} 个小区户数未知，分配人口时取中位数 {median} 户。",
            count=int(unknown.sum()),
            median=f"{filled[unknown][0]:g}",
        )
    )
    yield finding_about("residential", "warning", message, column="households")


def _overlapping_pairs(polygons: Geometries) -> int:
    """Return how many pairs of polygons share more than slivers."""
    one, other = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    one, other = one[one < other], other[one < other]
    shared = shapely.area(shapely.intersection(polygons[one], polygons[other]))
    smaller = np.minimum(shapely.area(polygons[one]), shapely.area(polygons[other]))
    return int((shared > OVERLAP * smaller).sum())


def _unlocated_findings(
    source: Source, homes: Homes, unlocated: Mapping[str, float]
) -> Iterator[Finding]:
    figure = next((name for name in FIGURES if unlocated[name] > 0), None)
    if figure is None:
        return
    total = np.nansum(homes.figures[:, FIGURES.index(figure)]) + unlocated[figure]
    part = unlocated[figure] / total
    message = say(
        "{figure}中有 {people} 人（{part}）未能落到住处，不计入覆盖也不计入未覆盖。",
        figure=figure_word(figure),
        people=f"{unlocated[figure]:.0f}",
        part=f"{part:.1%}",
    )
    remedy = say("补充居住用地或小区户数。")
    severity: Severity = "warning" if part > UNLOCATED_WORTH_A_WARNING else "info"
    yield Finding(severity, source.layer, message, remedy)
