"""Why a number is what it is: `explain(evaluation, key, area)`.

It answers for every figure of summary.json, for coverage and provision of an area, for an estate
and for a facility. The value is the printed one; numerator and denominator are unrounded, and the
rows add up to them.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

from analysis.columns import words
from analysis.coverage.areas import place_points, whereabouts
from analysis.coverage.table import STUDY
from analysis.evaluation import Evaluation
from analysis.explaining.explained import (
    GROUPS,
    Explanation,
    area_called,
    unknown_key,
    unknown_key_of,
)
from analysis.explaining.explained_coverage import (
    Coverage,
    explain_band,
    explain_bound,
    explain_count,
    explain_share,
    ratio_explained,
    sum_explained,
)
from analysis.explaining.explained_indicators import explain_indicator
from analysis.explaining.explained_place import (
    ESTATE_KEYS,
    FACILITY_KEYS,
    explain_estate,
    explain_facility,
)
from analysis.explaining.explained_provision import explain_provision
from analysis.explaining.figure_names import figure_name
from analysis.provision.rates import provision_summary
from geo.language import Message, say

__all__ = ["Explanation", "explain", "known_keys"]

COUNTS: Final = (
    "elderly_60plus", "covered_60plus", "areas", "covered_areas", "areas_without_households",
    "unreachable_60plus", "unlocated_60plus",
)  # fmt: skip
BOUNDS: Final = ("share_60plus_low", "share_60plus_high")
AREA_COUNTS: Final = {
    "elderly_60plus": "elderly_60plus", "covered_60plus": "elderly_60plus",
    "population": "population", "covered_population": "population",
    "residential_m2": "residential_m2", "covered_residential_m2": "residential_m2",
    "areas": "areas", "covered_areas": "areas", "partly_areas": "areas",
    "households": "households", "covered_households": "households",
}  # fmt: skip
AREA_SHARES: Final = {"share_60plus": "elderly_60plus", "share_population": "population"}
PROVISION: Final = (
    "in_scope", "met", "met_pooled", "short", "unknown", "unknown_share", "assumed", "deficit_m2",
    "deficit_least_m2", "deficit_apart_areas", "deficit_doubted_m2", "deficit_doubted_areas",
    "rate", "rate_own", "rate_floor", "rate_new", "rate_2014", "rate_2014_duty",
)  # fmt: skip


def explain(evaluation: Evaluation, key: str, area: str | None = None) -> Explanation:
    """Return why a figure is what it is.

    key
        As summary.json and the tables spell it; `coverage.areas` or `provision.areas` where a key
        stands in several places.
    area
        Id or name of a boundary, an estate or a facility; `ALL` is the whole study.

    Errors: PlanningError in one line, with the nearest known keys or ids.
    """
    if area is not None:
        return _of_area(evaluation, key, area)
    group, _, name = key.partition(".")
    if group not in GROUPS or not name:
        group, name = "", key
    for kind in GROUPS:
        if group in ("", kind):
            found = _of_study(evaluation, kind, name)
            if found is not None:
                return found
    raise unknown_key(key, [one for one, _ in known_keys(evaluation)])


def known_keys(evaluation: Evaluation) -> list[tuple[str, Message]]:
    """Return every key of the whole study with what it is called, in the order of the summary."""
    keys: list[tuple[str, Message]] = []
    for group in ("coverage", "band", "provision"):
        for key, value in evaluation.summary[group].items():
            if not _is_figure(value):
                continue
            plain = key not in {one for one, _ in keys}
            keys.append((key if plain else f"{group}.{key}", figure_name(key, group).name))
    named = {one for one, _ in keys}
    for figure in evaluation.figures:
        name = figure.name if isinstance(figure.name, Message) else say("{text}", text=figure.name)
        keys.append((figure.key if figure.key not in named else f"indicator.{figure.key}", name))
    return list(dict(keys).items())


def _of_study(evaluation: Evaluation, group: str, key: str) -> Explanation | None:
    """Return a figure of the whole study explained; None where the group has no such figure."""
    if group == "indicator":
        figure = next((one for one in evaluation.figures if one.key == key), None)
        return None if figure is None else explain_indicator(evaluation, figure)
    figures = evaluation.summary[group]
    if key not in figures or not _is_figure(figures[key]):
        return None
    coverage = Coverage(evaluation)
    if group == "band":
        return explain_band(coverage, key)
    if group == "provision":
        if key not in (*PROVISION, "areas"):
            return _plain(key, group, figures[key])
        everywhere = pd.Series(data=True, index=evaluation.provision.index)
        value = figures[key]
        return explain_provision(evaluation, key, value=value, which=everywhere, area=None)
    how: Callable[[Coverage, str], Explanation] | None = (
        explain_bound if key in BOUNDS
        else explain_count if key in COUNTS
        else explain_share if key.startswith("share_")
        else None
    )  # fmt: skip
    return _plain(key, group, figures[key]) if how is None else how(coverage, key)


def _is_figure(value: object) -> bool:
    return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))


def _plain(key: str, group: str, value: float | None) -> Explanation:
    """Return a figure of which nothing more is told than itself."""
    name = figure_name(key, group)
    told = say("直接计数，没有逐行明细")
    return Explanation(key=key, title=name.name, value=value, unit=name.unit, formula=told)


def _of_area(evaluation: Evaluation, key: str, area: str) -> Explanation:
    """Return a figure of one boundary, estate or facility explained."""
    study = evaluation.study
    ids = {
        layer: [] if (frame := study.layer(layer)) is None else [*frame["id"].astype("str")]
        for layer in ("boundaries", "residential", "facilities")
    }
    holders = [layer for layer, own in ids.items() if area in own]
    if area == STUDY:
        holders = ["boundaries"]
    if not holders:
        return _of_area(evaluation, key, area_called(area, _names(evaluation)))
    known = {
        "boundaries": [*AREA_COUNTS, *AREA_SHARES, *PROVISION],
        "residential": [*ESTATE_KEYS],
        "facilities": [*FACILITY_KEYS],
    }
    layer = next((one for one in holders if key in known[one]), None)
    if layer is None:
        raise unknown_key_of(key, area, [one for holder in holders for one in known[holder]])
    if layer == "residential":
        return explain_estate(evaluation, key, area)
    if layer == "facilities":
        return explain_facility(evaluation, key, area)
    return _of_boundary(evaluation, key, area)


def _names(evaluation: Evaluation) -> dict[str, str]:
    """Return what every boundary, estate and facility is called, by id; empty where unnamed."""
    frames = [evaluation.study.layer(one) for one in ("boundaries", "residential", "facilities")]
    return {
        str(one): name
        for frame in frames if frame is not None
        for one, name in zip(frame["id"], words(frame, "name").fillna(""), strict=True)
    }  # fmt: skip


def _of_boundary(evaluation: Evaluation, key: str, area: str) -> Explanation:
    if key in PROVISION:
        which = _estates_in(evaluation, area)
        residential = evaluation.study.layer("residential")
        figures = provision_summary(
            evaluation.provision[which.to_numpy()],
            None if residential is None else residential[which.to_numpy()],
            evaluation.rulebook,
            on=evaluation.study.on,
            least=evaluation.detail.check.deficit_least_m2[which.to_numpy()],
        )
        return explain_provision(evaluation, key, value=figures[key], which=which, area=area)
    table = evaluation.coverage
    row = table[table["area_id"].eq(area)].iloc[0]
    value = None if pd.isna(row[key]) else row[key].item()
    coverage = Coverage(evaluation)
    where = _where(evaluation, area)
    if key in AREA_SHARES:
        behind = coverage.behind(AREA_SHARES[key], area=where)
        return ratio_explained(evaluation, key, value, behind, area=area)
    behind = coverage.behind(AREA_COUNTS[key], area=where)
    return sum_explained(evaluation, key, value, behind, key, area=area)


def _where(evaluation: Evaluation, area: str) -> tuple[str, int]:
    """Return the level of an area and its position there; -1 for the whole study."""
    boundaries = evaluation.study.layer("boundaries")
    if boundaries is None or area == STUDY:
        return "", -1
    level = str(boundaries.loc[boundaries["id"].astype("str").eq(area), "level"].iloc[0])
    own = boundaries.loc[boundaries["level"].eq(level), "id"].astype("str")
    return level, [*own].index(area)


def _estates_in(evaluation: Evaluation, area: str) -> pd.Series:
    """Return which rows of the provision table lie in an area."""
    residential = evaluation.study.layer("residential")
    index = evaluation.provision.index
    level, position = _where(evaluation, area)
    if residential is None or position < 0:
        return pd.Series(data=True, index=index)
    spots = place_points(residential.geometry)
    found = whereabouts(spots, evaluation.study.layer("boundaries")).area[level]
    return pd.Series(np.asarray(found == position), index=index)
