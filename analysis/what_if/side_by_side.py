"""Scenarios side by side: who is covered, and what is lacking, street by street.

The baseline stands first. Everything comes from whole evaluations, or from their output folders,
so a folder shows the printed decimals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.coverage.table import OUTSIDE
from analysis.evaluation import Evaluation, evaluate
from analysis.periods.snapshot import Snapshot
from analysis.rounding import largest_remainder, nearest_whole
from analysis.scenario import Scenario, apply
from analysis.study import Progress, Study
from geo.errors import PlanningError
from geo.language import say
from geo.streets.network import Floats

BASELINE: Final = "baseline"
LEVELS: Final = ("study", "street")
CENTS: Final = 100
_AREA: Final = ["level", "area_id", "name"]
_FIGURES: Final = ("covered_60plus", "share_60plus", "deficit_m2")
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
        share_60plus, deficit_m2, covered_change, share_change, deficit_change`. The study first,
        then its streets and their outside, which add up to it. `deficit_m2` is the floor area that
        estates in scope lack, empty where no estate knows.
    """

    labels: tuple[str, ...]
    rows: pd.DataFrame

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


def compare_scenarios(
    study: Study, scenarios: Sequence[Scenario], *, progress: Progress | None = None
) -> SideBySide:
    """Return the study as it is and under each scenario, all evaluated in full.

    Errors: ScenarioError before anything is evaluated; those of `evaluate`.
    """
    tell = progress or (lambda _what, _part: None)
    studies = [study, *(apply(scenario, study) for scenario in scenarios)]
    sides = []
    for number, each in enumerate(studies):
        tell(say("评价情景 {number}/{count}", number=number + 1, count=len(studies)),
             number / len(studies))  # fmt: skip
        evaluation = evaluate(each, draw="when asked")
        sides.append(_Side(evaluation.coverage, evaluation.provision))
    tell(say("完成"), 1.0)
    return _side_by_side([BASELINE, *(scenario.title for scenario in scenarios)], sides)


def compare_evaluations(
    base: Evaluation, others: Sequence[tuple[str, Evaluation]]
) -> SideBySide:
    """Return evaluations of one study side by side, as `compare_scenarios` tells them.

    others
        Each with what it is called.
    """
    evaluations = [base, *(evaluation for _, evaluation in others)]
    sides = [_Side(each.coverage, each.provision) for each in evaluations]
    return _side_by_side([BASELINE, *(title for title, _ in others)], sides)


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
    labels = [_called(each) if _scenarios(each) else BASELINE for each in in_order]
    return _side_by_side(labels, [_Side(each.coverage, each.provision) for each in in_order])


def are_scenarios(before: Snapshot, after: Snapshot) -> bool:
    """Return whether two folders are scenarios of one study rather than two periods.

    They are where both read the same files, differ in nothing but what scenarios say, and at
    least one has a scenario.
    """
    told = [_scenarios(each) for each in (before, after)]
    return told[0] != told[1] and not _apart(before, after)


def _scenarios(snapshot: Snapshot) -> list[dict[str, Any]]:
    return list(snapshot.parameters["scenarios"])


def _called(snapshot: Snapshot) -> str:
    """Return the titles of a folder's scenarios; the folder's name where they have none."""
    titles = [str(scenario.get("title", "")) for scenario in _scenarios(snapshot)]
    return " + ".join(title for title in titles if title) or snapshot.folder.resolve().name


def _apart(one: Snapshot, other: Snapshot) -> str:
    """Return what sets two folders apart besides their scenarios; empty for nothing."""
    for name in ("inputs_sha256", "rules"):
        if one.parameters[name] != other.parameters[name]:
            return name
    overridden = {
        key
        for each in (one, other)
        for scenario in _scenarios(each)
        for key in scenario.get("walking", {})
    }
    told = []
    for each in (one, other):
        description = each.description.model_dump(mode="json")
        walking = description.pop("walking")
        told.append((description, {k: v for k, v in walking.items() if k not in overridden}))
    names = ("description", "walking")
    different = (name for name, a, b in zip(names, *told, strict=True) if a != b)
    return next(different, "")


def _side_by_side(titles: Sequence[str], sides: Sequence[_Side]) -> SideBySide:
    labels = _distinct(titles)
    base = _figures(sides[0])
    parts = []
    for label, side in zip(labels, sides, strict=True):
        part = _figures(side)
        changes = {change: part[name] - base[name] for name, change in _CHANGES.items()}
        parts.append(part.assign(label=label, **changes))
    rows = pd.concat(parts, ignore_index=True)
    columns = ["label", *_AREA, "elderly_60plus", *_FIGURES, *_CHANGES.values()]
    return SideBySide(tuple(labels), rows[columns])


def _distinct(titles: Sequence[str]) -> list[str]:
    """Return each title once: numbered where it stands before or is empty."""
    labels: list[str] = []
    for number, title in enumerate(titles):
        label = title or f"scenario {number}"
        labels.append(f"{label} ({number})" if label in labels else label)
    return labels


def _figures(side: _Side) -> pd.DataFrame:
    """Return the figures of the study and of every street."""
    areas = side.coverage[side.coverage["level"].isin(LEVELS)].reset_index(drop=True)
    figures = areas[[*_AREA, "elderly_60plus", "covered_60plus", "share_60plus"]]
    return figures.assign(deficit_m2=_deficits(side.provision, areas))


def _deficits(provision: pd.DataFrame, areas: pd.DataFrame) -> Floats:
    """Return the floor area lacking in each area: whole hundredths that add up to the study's.

    Estates name their street; one that names none of the streets is outside. Where no estate names
    any, or streets share a name, only the study's is known.
    """
    deficits = np.full(len(areas), np.nan)
    estates = provision[provision["in_scope"].to_numpy(dtype=bool)]
    lacking = estates["deficit_m2"].to_numpy(dtype=np.float64, na_value=np.nan)
    known = ~np.isnan(lacking)
    if not known.any():
        return deficits
    total = nearest_whole(float(lacking[known].sum()) * CENTS)
    deficits[0] = total / CENTS
    streets = areas[1:]
    own = streets["area_id"].ne(OUTSIDE)
    names = pd.Index(streets.loc[own, "name"])
    if own.all() or not names.is_unique:
        return deficits
    row = names.get_indexer(estates["street"])
    if (row < 0).all():  # streets are not told, or by other names
        return deficits
    row = np.where(row < 0, len(names), row)
    sums: Floats = np.zeros(len(streets))
    np.add.at(sums, row[known], lacking[known])
    silent = np.bincount(row, ~known, minlength=len(streets)) > 0
    silent &= np.bincount(row[known], minlength=len(streets)) == 0
    whole = largest_remainder(sums * CENTS, total) / CENTS
    deficits[1:] = np.where(silent, np.nan, whole)
    return deficits
