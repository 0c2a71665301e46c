"""The study of a snapshot, found and checked, so that another stock can be evaluated in it.

A study is the one of the snapshot when its file says the same (walking options apart, which are
taken from the snapshot), its inputs and rules are the same, and the snapshot's own stock evaluated
in it gives the snapshot's own figures.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from analysis.columns import words
from analysis.description import read_description
from analysis.evaluation import Evaluation, evaluate
from analysis.periods.snapshot import STOCK_LAYERS, Snapshot
from analysis.periods.steps import GROUPS
from analysis.pooling.kept import with_kept_pools
from analysis.rulebook import Rulebook
from analysis.study import Progress, Study, load_study
from geo.errors import PlanningError
from geo.language import Message, say

SAME: Final = 1e-9  # figures of two machines may differ by float noise
PRINTED: Final = 0.001  # tables are printed to three decimals
# What is compared of each table: the ids of its rows, and its columns. Names are in a language.
_COMPARED: Final = {
    "coverage": ("area_id", ("level", "elderly_60plus", "covered_60plus", "share_60plus")),
    "provision": ("residential_id", ("in_scope", "verdict", "provided_m2", "deficit_m2")),
    "indicators": ("key", ("value", "target", "met")),
}
_CODES: Final = ("level", "in_scope", "verdict", "met")
Stock = Mapping[str, gpd.GeoDataFrame | None]


class NotTheStudy(Exception):  # noqa: N818 - it is told, never raised at anybody
    """The study of a snapshot is gone or has changed; `reason` says how."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


def require_facts(snapshot: Snapshot) -> None:
    """Refuse a snapshot of a scenario. Errors: NotTheStudy."""
    if snapshot.parameters["scenarios"]:
        raise NotTheStudy(say("结果含情景，情景不是已建成的事实"))


def study_of(snapshot: Snapshot, *, progress: Progress | None = None) -> Study:
    """Return the study of a snapshot as it was evaluated. Errors: NotTheStudy."""
    path = snapshot.study_file
    require_facts(snapshot)
    if not path.is_file():
        raise NotTheStudy(say("找不到研究文件 {path}", path=str(path)))
    try:
        description = with_kept_pools(read_description(path), path)
    except PlanningError:  # its text may quote the file, which need not be a study
        raise NotTheStudy(say("研究文件 {path} 读不成研究", path=str(path))) from None
    try:
        walking = snapshot.description.walking
        walked = description.model_copy(update={"walking": walking})
        # As it is printed: in print a pool does not say whether it was kept beside the study.
        if walked.model_dump() != snapshot.description.model_dump():
            raise NotTheStudy(say("研究文件 {path} 此后改动过", path=str(path)))
        study = load_study(path, progress=progress)
        rulebook = Rulebook.load(description.rules, folder=path.parent)
    except PlanningError as error:
        raise NotTheStudy(error.messages[0]) from None
    changed = sorted(
        name
        for name, digest in snapshot.parameters["inputs_sha256"].items()
        if study.inputs.get(name) != digest
    )
    if changed:
        raise NotTheStudy(say("数据文件此后改动过：{files}", files="、".join(changed)))
    if _plain(rulebook.rules_used(study.on)) != _plain(snapshot.parameters["rules"]):
        raise NotTheStudy(say("规则包此后改动过"))
    return study.with_walking(**walking.model_dump())


def same_stock(one: Stock, other: Stock) -> bool:
    """Return whether two stocks are the same to the last cell, so that one evaluation is both."""
    ours, theirs = _told(one), _told(other)
    return ours.keys() == theirs.keys() and all(
        frame.crs == theirs[name].crs and frame.equals(theirs[name])
        for name, frame in ours.items()
    )


def _told(stock: Stock) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a stock that have any rows."""
    return {name: frame for name, frame in stock.items() if frame is not None and len(frame)}


def evaluated(study: Study, stock: Stock) -> Evaluation:
    """Return the evaluation of a study with another stock; a layer of None is left out."""
    layers = {name: frame for name, frame in study.layers.items() if name not in STOCK_LAYERS}
    given = {name: frame.to_crs(study.crs) for name, frame in _told(stock).items()}
    return evaluate(replace(study, layers={**layers, **given}), draw="when asked")


def evaluated_as_told(snapshot: Snapshot, study: Study) -> Evaluation:
    """Return a snapshot's own stock evaluated anew.

    Errors: NotTheStudy where a figure of its summary or a cell of its tables is another one.
    """
    again = evaluated(study, snapshot.stock)
    for group in GROUPS:
        for key, told in snapshot.summary[group].items():
            found = again.summary[group].get(key, told)
            if not _same(told, found):
                figure = f"{group}.{key}"
                raise _other(figure, found, told)
    for name, (ids, columns) in _COMPARED.items():
        _require_same_table(name, getattr(snapshot, name), getattr(again, name), ids, columns)
    return again


def _require_same_table(
    name: str, told: pd.DataFrame, found: pd.DataFrame, ids: str, columns: tuple[str, ...]
) -> None:
    """Refuse a table whose rows or cells are not those of the evaluation. Errors: NotTheStudy."""
    if [*words(told, ids)] != [*words(found, ids)]:
        rows = f"{name}.csv {ids}"
        raise _other(rows, len(found), len(told))
    for column in columns:
        was, now = (frame[column].reset_index(drop=True) for frame in (told, found))
        other = _differing_codes(was, now) if column in _CODES else _differing_numbers(was, now)
        if other.any():
            at = int(other.to_numpy().argmax())
            cell = f"{name}.csv {words(told, ids).iloc[at]} {column}"
            raise _other(cell, now.iloc[at], was.iloc[at])


def _differing_codes(was: pd.Series, now: pd.Series) -> pd.Series:
    plain = [side.astype("object").where(side.notna(), "").map(str) for side in (was, now)]
    return plain[0].ne(plain[1])


def _differing_numbers(was: pd.Series, now: pd.Series) -> pd.Series:
    known, found = was.astype("float64"), now.astype("float64")
    return ~((known - found).abs().le(PRINTED) | (known.isna() & found.isna()))


def _other(key: str, found: object, told: object) -> NotTheStudy:
    return NotTheStudy(
        say(
            "重算本期得到的 {key} 是 {found}，结果文件中是 {told}",
            key=key,
            found=found,
            told=told,
        )
    )


def _same(told: object, found: object) -> bool:
    if isinstance(told, (int, float)) and isinstance(found, (int, float)):
        return math.isclose(told, found, rel_tol=SAME, abs_tol=SAME)
    return told == found


def _plain(rows: Any) -> str:  # noqa: ANN401 - JSON
    return json.dumps(rows, sort_keys=True, ensure_ascii=False)
