"""Estates of several phases that are judged as one project: what they are called, their homes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from analysis.columns import figures, words
from analysis.evaluation import Evaluation
from geo.language import Message, joined, say, spoken
from report.figures import number

_NUMERALS: Final = "一二三四五六七八九十"
_PHASE: Final = re.compile(rf"(.*?)[（(]?(?:第)?([{_NUMERALS}]|\d{{1,2}})期[）)]?")
_RANGE: Final = 3  # phases in a row that are told by the first and the last


@dataclass(frozen=True)
class Project:
    """One project of several phases.

    stands
        Id of the estate on whose row it is judged.
    members
        Ids of all phases, in the order of their numbers.
    homes
        Planned households of each; NaN where it does not say.
    """

    name: str
    stands: str
    members: tuple[str, ...]
    homes: tuple[float, ...]

    @property
    def terms(self) -> Message:
        """Return the households of the phases and their sum, as it is worked out by hand."""
        told = " + ".join(number(each) for each in self.homes)
        whole = sum(self.homes)  # NaN where one is not known
        if whole != whole:  # noqa: PLR0124 - NaN
            return say("各期户数 {terms}，有的不明，合计不明", terms=told)
        return say("各期合计 {terms} = {whole} 户", terms=told, whole=number(whole))

    @property
    def merged(self) -> Message:
        """Return what is said of a phase that another one stands for."""
        return say("并入{name}核查（编号 {id}），本期不单独下结论", name=self.name, id=self.stands)


def projects_by_estate(evaluation: Evaluation) -> Mapping[str, Project]:
    """Return the projects of several phases, by the id of every one of their estates."""
    layer = evaluation.study.layer("residential")
    return {} if layer is None else projects_of(layer, evaluation.detail.check.project)


def projects_of(layer: pd.DataFrame, project: "pd.Series[int]") -> Mapping[str, Project]:
    """Return the projects of several phases, by the id of every one of their estates.

    project
        Of each row the position of the one that stands for it, as the check has them.
    """
    layer = layer.reset_index(drop=True)
    several = project[project.duplicated(keep=False)]
    ids, names = words(layer, "id"), words(layer, "name")
    rows = pd.DataFrame(
        {"id": ids, "name": names.where(names.notna(), ids), "homes": figures(layer, "households")}
    ).loc[several.index]
    found = (_project(str(layer.loc[stands, "id"]), rows.loc[group.index])
             for stands, group in several.groupby(several, sort=False))  # fmt: skip
    return {member: each for each in found for member in each.members}


def _project(stands: str, phases: pd.DataFrame) -> Project:
    phases = phases.assign(order=[_numbered(str(name))[1] for name in phases["name"]])
    phases = phases.sort_values("order", kind="stable")
    own = str(phases.loc[phases["id"].eq(stands), "name"].iloc[0])
    return Project(
        name=project_name(phases["name"].astype(str).tolist(), own=own),
        stands=stands, members=tuple(phases["id"].astype(str)), homes=tuple(phases["homes"]),
    )  # fmt: skip


def project_name(names: Sequence[str], *, own: str) -> str:
    """Return what phases are called together: 百柳公馆（一至三期）.

    own
        The name of the phase that stands for all; kept with how many phases there are, where their
        names have nothing in common.
    """
    told = [_numbered(name) for name in names]
    stems, numbers = {stem for stem, _ in told}, sorted(number for _, number in told)
    if len(stems) > 1 or not all(stems) or numbers[0] < 1 or len({*numbers}) < len(numbers):
        return str(say("{name}（含{count}期）", name=own, count=len(names)))
    stem, figures_ = stems.pop(), [_numeral(each) for each in numbers]
    in_a_row = numbers[-1] - numbers[0] == len(numbers) - 1
    if in_a_row and len(numbers) >= _RANGE:
        return str(say("{name}（{first}至{last}期）", name=stem, first=figures_[0],
                       last=figures_[-1]))  # fmt: skip
    return str(say("{name}（{phases}期）", name=stem, phases=joined("、", *figures_)))


def _numbered(name: str) -> tuple[str, int]:
    """Return the name without its phase, and the phase; 0 where it tells none."""
    told = _PHASE.fullmatch(name.strip())
    if told is None:
        return name, 0
    stem, phase = told.groups()
    return stem.strip(), _NUMERALS.find(phase) + 1 or int(phase)


def _numeral(phase: int) -> str:
    chinese = spoken() == "zh" and phase <= len(_NUMERALS)
    return _NUMERALS[phase - 1] if chinese else str(phase)
