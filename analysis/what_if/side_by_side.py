"""Scenarios side by side: who is covered, and what is lacking, street by street.

The baseline stands first. Everything comes from whole evaluations, or from their output folders,
so a folder shows the printed decimals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count, pairwise
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.coverage.table import OUTSIDE
from analysis.description import StudyDescription
from analysis.evaluation import Evaluation, evaluate
from analysis.periods.snapshot import Snapshot
from analysis.rounding import largest_remainder, nearest_whole
from analysis.scenario import Scenario, apply
from analysis.study import Progress, Study
from analysis.what_if.elders import share_change
from analysis.what_if.lacking import Lacking, lacking
from geo.errors import PlanningError
from geo.language import say, translate
from geo.streets.network import Floats, Ints

BASELINE: Final = "baseline"
LEVELS: Final = ("study", "street")
CENTS: Final = 100
_AREA: Final = ["level", "area_id", "name"]
_FIGURES: Final = ("covered_60plus", "share_60plus", "deficit_m2", "unknown_estates")
_HEADLINE: Final = ("elderly_60plus", "covered_60plus", "share_60plus", "lower_bound")
_CHANGES: Final = {
    "covered_60plus": "covered_change", "share_60plus": "share_change",
    "deficit_m2": "deficit_change",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class SideBySide:
    """Scenarios of one study, area by area.

    labels
        What each is called, each name once; the first is what the others differ from.
    rows
        A row an area and scenario: `label, level, area_id, name, elderly_60plus, covered_60plus,
        share_60plus, deficit_m2, unknown_estates, covered_change, share_change, deficit_change`.
        The study first, then its streets and their outside, which add up to it. `deficit_m2` is
        the floor area that estates in scope lack, empty where no estate knows; `unknown_estates`
        are those in scope without a verdict, of whom it knows nothing.
    lacking
        Of each scenario the figures of its provision check, and whose lack is told no more.
    headline
        Of each `elderly_60plus, covered_60plus, share_60plus, lower_bound` as its headline tells
        them: without rural places, which `rows` hold.
    walked
        How each is walked, as `name=value`, where they differ in it; empty where they do not.
    """

    labels: tuple[str, ...]
    rows: pd.DataFrame
    lacking: tuple[Lacking, ...]
    headline: tuple[Mapping[str, Any], ...]
    walked: tuple[str, ...] = ()

    @property
    def table(self) -> pd.DataFrame:
        """Return a row an area: `level, area_id, name, elderly_60plus`, then by scenario.

        Columns bear the figure's name and the scenario's, with a blank between.
        """
        first, *_ = parts = [self.rows[self.rows["label"] == label] for label in self.labels]
        table = first[[*_AREA, "elderly_60plus"]].reset_index(drop=True)
        for label, part in zip(self.labels, parts, strict=True):
            told = _FIGURES if part is first else (*_FIGURES, *_CHANGES.values())
            columns = {f"{name} {label}": part[name].array for name in told}
            table = table.assign(**columns)
        return table


@dataclass(frozen=True, eq=False)
class _Side:
    """One scenario as evaluated."""

    coverage: pd.DataFrame
    provision: pd.DataFrame
    summary: Mapping[str, Any]
    description: StudyDescription


def compare_scenarios(
    study: Study, scenarios: Sequence[Scenario], *, progress: Progress | None = None
) -> SideBySide:
    """Return the study as it is and under each scenario, all evaluated in full.

    Errors: ScenarioError before anything is evaluated; those of `evaluate`.
    """
    tell = progress or (lambda _what, _part: None)
    studies = [study, *(apply(scenario, study) for scenario in scenarios)]
    evaluations = []
    for number, each in enumerate(studies):
        tell(say("评价情景 {number}/{count}", number=number + 1, count=len(studies)),
             number / len(studies))  # fmt: skip
        evaluations.append(evaluate(each, draw="when asked"))
    tell(say("完成"), 1.0)
    titles = (scenario.title for scenario in scenarios)
    return compare_evaluations(evaluations[0], [*zip(titles, evaluations[1:], strict=True)])


def compare_evaluations(
    base: Evaluation, others: Sequence[tuple[str, Evaluation]]
) -> SideBySide:
    """Return evaluations of one study side by side, as `compare_scenarios` tells them.

    others
        Each with what it is called.
    """
    evaluations = [base, *(evaluation for _, evaluation in others)]
    sides = [
        _Side(each.coverage, each.provision, each.summary, each.study.description)
        for each in evaluations
    ]
    return _side_by_side([None, *(title for title, _ in others)], sides)


def compare_folders(snapshots: Sequence[Snapshot]) -> SideBySide:
    """Return the scenarios of several output folders; one without a scenario goes first.

    Errors: PlanningError where they are not of one study.
    """
    first = min(range(len(snapshots)), key=lambda number: bool(_scenarios(snapshots[number])))
    others = (each for number, each in enumerate(snapshots) if number != first)
    in_order = [snapshots[first], *others]
    for one, other in pairwise(in_order):
        why = _apart(one, other)
        if why:
            raise PlanningError(
                say(
                    "{one} 与 {other} 不是同一研究的情景（{why} 不同）。"
                    "请用同一研究文件和数据重新 evaluate。",
                    one=str(one.folder),
                    other=str(other.folder),
                    why=why,
                )
            )
    sides = [
        _Side(each.coverage, each.provision, each.summary, each.description)
        for each in in_order
    ]
    titles = [
        None if label == BASELINE and not _scenarios(each) else label
        for label, each in zip(_labels(in_order), in_order, strict=True)
    ]
    return _side_by_side(titles, sides)


def are_scenarios(before: Snapshot, after: Snapshot) -> bool:
    """Return whether two folders are scenarios of one study rather than two periods.

    They are where both read the same files and differ in nothing but what scenarios say, or how
    people walk: then they are two readings of one study.
    """
    told = [(_scenarios(each), each.description.walking) for each in (before, after)]
    return told[0] != told[1] and not _apart(before, after)


def _scenarios(snapshot: Snapshot) -> list[dict[str, Any]]:
    return list(snapshot.parameters["scenarios"])


def _called(snapshot: Snapshot) -> str:
    """Return the titles of a folder's scenarios; the folder's name where they have none."""
    titles = [str(scenario.get("title", "")) for scenario in _scenarios(snapshot)]
    return " + ".join(title for title in titles if title) or snapshot.folder.resolve().name


def _labels(snapshots: Sequence[Snapshot]) -> list[str]:
    """Return what each folder is called: its scenarios, and what else it is walked by.

    Where nothing but the walking differs, the first is called by it too.
    """
    walked = _walked_otherwise(snapshots)
    plain = not any(_scenarios(each) for each in snapshots)
    labels = []
    for number, (each, words) in enumerate(zip(snapshots, walked, strict=True)):
        name = _called(each) if _scenarios(each) else BASELINE if not number else ""
        shown = words if number or (plain and words) else ()
        parts = [*(() if plain and words else (name,)), *shown]
        labels.append(" + ".join(part for part in parts if part) or BASELINE)
    return labels


def _walked_otherwise(snapshots: Sequence[Snapshot]) -> list[list[str]]:
    """Return by folder how it is walked, as `name=value`, where no scenario of its own says so."""
    walking = [each.description.walking.model_dump(mode="json") for each in snapshots]
    told = [
        {key for scenario in _scenarios(each) for key in scenario.get("walking", {})}
        for each in snapshots
    ]
    free = [
        {key: value for key, value in walked.items() if key not in own}
        for walked, own in zip(walking, told, strict=True)
    ]
    differing = [
        key for key in walking[0]
        if any(own.get(key, walking[0][key]) != walking[0][key] for own in free)
    ]  # fmt: skip
    return [
        [f"{key}={_short(own[key])}" for key in differing
         if key in own and (not number or own[key] != walking[0][key])]
        for number, own in enumerate(free)
    ]  # fmt: skip


def _short(value: object) -> str:
    if isinstance(value, list):
        return ",".join(str(each) for each in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _apart(one: Snapshot, other: Snapshot) -> str:
    """Return what sets two folders apart besides scenarios and walking; empty for nothing."""
    for name in ("inputs_sha256", "rules"):
        if one.parameters[name] != other.parameters[name]:
            return name
    told = [each.description.model_dump(mode="json", exclude={"walking"}) for each in (one, other)]
    return "description" if told[0] != told[1] else ""


def _side_by_side(titles: Sequence[str | None], sides: Sequence[_Side]) -> SideBySide:
    labels = _distinct(titles)
    base = _figures(sides[0])
    parts = []
    for label, side in zip(labels, sides, strict=True):
        part = _figures(side)
        parts.append(part.assign(label=label, **_changes(part, base)))
    rows = pd.concat(parts, ignore_index=True)
    columns = ["label", *_AREA, "elderly_60plus", *_FIGURES, *_CHANGES.values()]
    checked = [side.summary["provision"] for side in sides]
    headline = [
        {name: side.summary["coverage"].get(name) for name in _HEADLINE} for side in sides
    ]
    return SideBySide(
        tuple(labels), rows[columns], lacking(checked, [side.provision for side in sides]),
        tuple(headline), _walked(sides),
    )  # fmt: skip


def _walked(sides: Sequence[_Side]) -> tuple[str, ...]:
    """Return how each is walked where they differ in it, whatever made them differ."""
    walking = [side.description.walking.model_dump(mode="json") for side in sides]
    differing = [key for key in walking[0] if any(own[key] != walking[0][key] for own in walking)]
    if not differing:
        return ()
    return tuple(", ".join(f"{key}={_short(own[key])}" for key in differing) for own in walking)


def _changes(now: pd.DataFrame, base: pd.DataFrame) -> dict[str, pd.Series]:
    """Return what each figure differs by from the baseline."""
    told = {change: now[name] - base[name] for name, change in _CHANGES.items()}
    # Shares are printed rounded: their difference is taken from the people.
    told["share_change"] = share_change(told["covered_change"], now["elderly_60plus"])
    return told


def _distinct(titles: Sequence[str | None]) -> list[str]:
    """Return what each scenario is called, each name once; None is the study as it is.

    A title is numbered where it stands before, is empty, or is what the study as it is is called,
    and never so that it becomes another's title.
    """
    as_it_is = {BASELINE, "现状", translate("现状")}  # what files and the terminal call it
    labels: list[str] = []
    for number, title in enumerate(titles):
        name = BASELINE if title is None else title or f"scenario {number}"
        taken = {*labels} if title is None else {*labels, *as_it_is}
        numbered = (f"{name} ({n})" for n in count(number) if f"{name} ({n})" not in titles)
        names = chain([name], numbered)
        labels.append(next(each for each in names if each not in taken))
    return labels


def _figures(side: _Side) -> pd.DataFrame:
    """Return the figures of the study and of every street."""
    areas = side.coverage[side.coverage["level"].isin(LEVELS)].reset_index(drop=True)
    figures = areas[[*_AREA, "elderly_60plus", "covered_60plus", "share_60plus"]]
    deficits, unknown = _lacking_by_area(side.provision, areas)
    return figures.assign(deficit_m2=deficits, unknown_estates=unknown)


def _lacking_by_area(provision: pd.DataFrame, areas: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return the floor area lacking in each area, and how many estates are unknown there.

    Whole hundredths that add up to the study's. Estates name their street; one that names none of
    the streets is outside. Where no estate names any, or streets share a name, only the study's is
    known.
    """
    deficits, unknown = np.full(len(areas), np.nan), np.full(len(areas), np.nan)
    estates = provision[provision["in_scope"].to_numpy(dtype=bool)]
    lacking = estates["deficit_m2"].to_numpy(dtype=np.float64, na_value=np.nan)
    known = ~np.isnan(lacking)
    if len(estates):
        unknown[0] = (~known).sum()
    if not known.any():
        return deficits, unknown
    total = nearest_whole(float(lacking[known].sum()) * CENTS)
    deficits[0] = total / CENTS
    row = _rows_of(estates, areas)
    if row is None:
        return deficits, unknown
    streets = len(areas) - 1
    sums: Floats = np.zeros(streets)
    np.add.at(sums, row[known], lacking[known])
    unknown[1:] = np.bincount(row, ~known, minlength=streets)
    silent = (unknown[1:] > 0) & (np.bincount(row[known], minlength=streets) == 0)
    whole = largest_remainder(sums * CENTS, total) / CENTS
    deficits[1:] = np.where(silent, np.nan, whole)
    return deficits, unknown


def _rows_of(estates: pd.DataFrame, areas: pd.DataFrame) -> Ints | None:
    """Return the street of each estate among the areas behind the study's; None: not told."""
    streets = areas[1:]
    own = streets["area_id"].ne(OUTSIDE)
    names = pd.Index(streets.loc[own, "name"])
    if own.all() or not names.is_unique:
        return None
    row: Ints = names.get_indexer(estates["street"]).astype(np.int64)
    if (row < 0).all():  # streets are not told, or by other names
        return None
    return np.where(row < 0, len(names), row)
