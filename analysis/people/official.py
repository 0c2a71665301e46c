"""Official totals: people by the boundaries' own figures, for comparison or for scaling."""

from collections.abc import Iterator
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.coverage.areas import FINEST_FIRST, Geometries, Indices, by_level, members
from geo.findings import Finding
from geo.language import Message, say

Floats = npt.NDArray[np.float64]

FIGURES = ("population", "elderly_60plus", "elderly_65plus", "elderly_80plus")
# Where there is no official figure of an age, its people are scaled like these.
SCALED_LIKE = {
    "elderly_60plus": "population",
    "elderly_65plus": "elderly_60plus",
    "elderly_80plus": "elderly_60plus",
}
GAP = 0.05
# A level speaks for the study when its areas with figures hold this part of the people.
COVERING = 0.95


class Official(NamedTuple):
    """Official figures of the areas of one level, and the area each home lies in (-1: none)."""

    level: str
    names: list[str]
    figures: Floats
    area: Indices


class Comparison(NamedTuple):
    """One figure, ours beside the official one, by area."""

    figure: str
    names: list[str]
    ours: Floats
    stated: Floats


def figures_of(frame: pd.DataFrame) -> Floats:
    """Return the people columns as an array, in the order of FIGURES; absent columns are NaN."""
    columns = [
        frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
        if name in frame
        else np.full(len(frame), np.nan)
        for name in FIGURES
    ]
    return np.column_stack(columns)


def persons_of(figures: Floats) -> Floats:
    """Return how many people each row is: the population, else the widest age group known."""
    persons = np.full(len(figures), np.nan)
    for figure in figures.T:
        persons = np.where(np.isnan(persons), figure, persons)
    return persons


def level_word(level: str) -> Message:
    """Return the word for a level of boundaries."""
    return {
        "city": say("市"),
        "county": say("旗县区"),
        "street": say("街道（乡镇）"),
        "community": say("社区（村）"),
        "planning_unit": say("控规单元"),
    }.get(level, say("{text}", text=level))


def figure_word(name: str) -> Message:
    """Return the word for a people column."""
    return {
        "population": say("总人口"),
        "elderly_60plus": say("60 岁以上人口"),
        "elderly_65plus": say("65 岁以上人口"),
        "elderly_80plus": say("80 岁以上人口"),
    }[name]


def official_totals(
    boundaries: gpd.GeoDataFrame | None, points: Geometries, persons: Floats, *, not_level: str = ""
) -> Official | None:
    """Return the official figures of the finest level that covers the people; None if none does.

    not_level
        The level the people were taken from, which cannot check itself.
    """
    for level, areas in by_level(boundaries, FINEST_FIRST):
        stated = areas[~np.isnan(figures_of(areas)).all(axis=1)]
        if level == not_level or stated.empty:
            continue
        area = members(points, stated.geometry).first
        if np.nansum(persons[area >= 0]) >= COVERING * np.nansum(persons):
            return Official(level, [*stated["name"].astype(str)], figures_of(stated), area)
    return None


def scaled_to(official: Official, figures: Floats) -> Floats:
    """Return people scaled, area by area, to the official figures; outside all areas unchanged.

    An area where nobody lives in our figures cannot be scaled and is left as it is.
    """
    ours = _by_area(official, figures)
    factor = np.full(ours.shape, np.nan)
    np.divide(official.figures, ours, out=factor, where=ours > 0)
    for name, like in SCALED_LIKE.items():
        k, fallback = FIGURES.index(name), FIGURES.index(like)
        factor[:, k] = np.where(np.isnan(factor[:, k]), factor[:, fallback], factor[:, k])
    factor = np.vstack([np.where(np.isnan(factor), 1.0, factor), np.ones(len(FIGURES))])
    return np.asarray(figures * factor[official.area])


def gap_findings(official: Official, figures: Floats, *, layer: str) -> Iterator[Finding]:
    """Yield a finding for each figure that differs by over 5 % from the official total.

    Only areas where somebody lives in our figures are compared: the boundaries may reach farther
    than the study.
    """
    ours = _by_area(official, figures)
    lived_in = (np.nan_to_num(ours) > 0).any(axis=1)
    for k, name in enumerate(FIGURES):
        both = np.flatnonzero(lived_in & ~np.isnan(official.figures[:, k]) & ~np.isnan(ours[:, k]))
        names = [official.names[area] for area in both]
        pair = Comparison(name, names, ours[both, k], official.figures[both, k])
        for message in (_total_gap(official.level, pair), _area_gap(official.level, pair)):
            if message is not None:
                yield Finding("warning", layer, message, _remedy(), column=name)


def unscaled_finding(official: Official, figures: Floats, *, layer: str) -> Finding | None:
    """Return a finding on official areas where nobody lives in our figures, if there are any."""
    ours = np.nan_to_num(_by_area(official, figures)).sum(axis=1)
    empty = (ours == 0) & (np.nan_to_num(persons_of(official.figures)) > 0)
    if not empty.any():
        return None
    return Finding(
        "info",
        layer,
        say(
            "{count} 个{level}有官方人口（共 {people} 人）而没有可校正的人口，未计入。",
            count=int(empty.sum()),
            level=level_word(official.level),
            people=f"{np.nansum(persons_of(official.figures)[empty]):.0f}",
        ),
    )


def _by_area(official: Official, figures: Floats) -> Floats:
    """Return our figures added up by official area; NaN where no home there knows the figure."""
    sums = pd.DataFrame(figures).groupby(official.area).sum(min_count=1)
    return sums.reindex(range(len(official.names))).to_numpy(dtype=np.float64)


def _far(ours: npt.ArrayLike, official: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    mine, theirs = np.asarray(ours, dtype=np.float64), np.asarray(official, dtype=np.float64)
    return np.asarray(np.abs(mine - theirs) > GAP * theirs)


def _total_gap(level: str, pair: Comparison) -> Message | None:
    if not _far(pair.ours.sum(), pair.stated.sum()):
        return None
    return say(
        "{figure}合计 {ours}，与{level}官方合计 {official} 相差超过 5%。",
        figure=figure_word(pair.figure),
        ours=f"{pair.ours.sum():.0f}",
        level=level_word(level),
        official=f"{pair.stated.sum():.0f}",
    )


def _area_gap(level: str, pair: Comparison) -> Message | None:
    """Return the gaps of single areas; None where there is one area, whose gap is the total's."""
    apart = np.flatnonzero(_far(pair.ours, pair.stated))
    if not len(apart) or len(pair.names) == 1:
        return None
    worst = apart[np.argmax(np.abs(pair.ours - pair.stated)[apart])]
    return say(
        "{count} 个{level}的{figure}与官方数相差超过 5%，最大的是{area}：{ours}，官方 {official}。",
        count=len(apart),
        level=level_word(level),
        figure=figure_word(pair.figure),
        area=pair.names[worst],
        ours=f"{pair.ours[worst]:.0f}",
        official=f"{pair.stated[worst]:.0f}",
    )


def _remedy() -> Message:
    return say("核对口径与年份；确认以官方数为准时，设 [people] control = true。")
