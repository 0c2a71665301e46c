"""The tables of a comparison: figures, areas, estates and indicators before and after.

Steps S1 and S2 are None where the later study could not be evaluated again; then the parts are
empty.
"""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from analysis.columns import words
from analysis.coverage.table import OUTSIDE, STUDY
from analysis.explaining.figure_names import figure_name
from analysis.periods.matched import Matched
from analysis.periods.steps import DECIMALS, PARTS, Step, figure_columns, levels

Steps = Sequence[Step | None]
UNCHANGED: Final = "unchanged"
LEVELS: Final = ("study", "street", "community")
_AREA_FIGURES: Final = ("elderly_60plus", "covered_60plus", "share_60plus")
_AREA_ID_OF_ROW: Final = r"^b\d+$"


def figure_table(steps: Steps) -> pd.DataFrame:
    """Return the figures: group, key, name, unit, before, after, change, and the three parts."""
    table = levels(figure_columns(steps)).reset_index()
    names = [figure_name(key, group) for group, key in zip(table["group"], table["key"],
                                                          strict=True)]
    table.insert(2, "name", [one.name for one in names])  # in words when it is written
    table.insert(3, "unit", [one.unit for one in names])
    return table


def area_table(steps: Steps) -> pd.DataFrame:
    """Return the study, streets and communities, and what lies outside each level.

    Columns: area_id, level, name; elderly_60plus_before and _after; of covered_60plus and
    share_60plus each _before, _after, _change and the three parts.
    """
    by_name = any(_ids_are_rows(step.coverage) for step in steps if step is not None)
    tables = [None if step is None else _areas(step.coverage, by_name=by_name) for step in steps]
    last, first = tables[-1], tables[0]
    if last is None or first is None:
        return pd.DataFrame()
    index = last.index.append(first.index.difference(last.index, sort=False))
    named = last[["area_id", "level", "name"]].reindex(index)
    named = named.fillna(first[["area_id", "level", "name"]].reindex(index))
    parts = [named]
    for figure in _AREA_FIGURES:
        columns = [None if one is None else one[figure].reindex(index) for one in tables]
        told = levels(columns)
        kept = ["before", "after"] if figure == "elderly_60plus" else list(told.columns)
        parts.append(told[kept].add_prefix(f"{figure}_"))
    return pd.concat(parts, axis=1).reset_index(drop=True)


def estate_table(steps: Steps, matched: Matched) -> pd.DataFrame:
    """Return the estates of either period: verdict, area and deficit before and after, and why.

    why
        Parts of the change joined by `;`: `built`, `late_records`, `data_and_method`; `unchanged`
        where verdict and deficit are the same; empty where the parts are not known.
    """
    first, last = steps[0], steps[-1]
    if first is None or last is None:
        return pd.DataFrame()
    tables = [None if step is None else _verdicts(step.provision) for step in steps]
    old, new = _verdicts(first.provision), _verdicts(last.provision)
    ids = [*new.index, *(f"{name}@" for name in old.index[matched.only_before])]
    partner = pd.Series(matched.before_of(len(new))).reindex(range(len(ids)), fill_value=-1)
    partner.iloc[len(new) :] = matched.only_before
    old = old.reset_index(drop=True).reindex(partner.to_numpy()).set_axis(ids)  # -1: nobody
    sides = [old, *(None if one is None else one.reindex(ids) for one in tables[1:])]
    now = new.reindex(ids)
    names = now[["residential_id", "name", "street"]].fillna(
        old[["residential_id", "name", "street"]]
    )
    return pd.DataFrame(
        {
            **{name: names[name] for name in names.columns},
            "verdict_before": old["verdict"].fillna(""),
            "verdict_after": now["verdict"].fillna(""),
            "provided_before_m2": old["provided_m2"],
            "provided_after_m2": now["provided_m2"],
            "deficit_before_m2": old["deficit_m2"],
            "deficit_after_m2": now["deficit_m2"],
            "why": _why([None if side is None else _state(side) for side in sides]),
        }
    ).reset_index(drop=True)


def indicator_changes(steps: Steps) -> pd.DataFrame:
    """Return the indicators: value and whether met before and after, target, and the parts."""
    tables = [None if step is None else _by_key(step.indicators) for step in steps]
    last, first = tables[-1], tables[0]
    if last is None or first is None:
        return pd.DataFrame()
    index = last.index.append(first.index.difference(last.index, sort=False))
    values = [None if one is None else one["value"].reindex(index) for one in tables]
    told = last.reindex(index)
    told = told.fillna(first.reindex(index)) if len(first) else told
    return pd.concat(
        [
            told[["key", "name", "unit"]],
            levels(values),
            told[["target"]],
            *(
                one["met"].reindex(index).rename(name)
                for one, name in ((first, "met_before"), (last, "met_after"))
            ),
        ],
        axis=1,
    ).reset_index(drop=True)


def _ids_are_rows(coverage: pd.DataFrame) -> bool:
    """Tell whether the ids of areas are the numbers of rows, which two files do not share."""
    own = coverage.loc[~coverage["area_id"].isin([STUDY, OUTSIDE]), "area_id"]
    return bool(len(own) and own.astype("str").str.match(_AREA_ID_OF_ROW).all())


def _areas(coverage: pd.DataFrame, *, by_name: bool) -> pd.DataFrame:
    """Return the rows of the levels told, by level and id, or name where ids say nothing."""
    rows = coverage[coverage["level"].isin(LEVELS)].reset_index(drop=True)
    ids = rows["area_id"].astype("str")
    told = ids.where(ids.isin([STUDY, OUTSIDE]) | (not by_name), words(rows, "name"))
    again = rows.groupby([rows["level"], told]).cumcount()
    return rows.set_axis(pd.MultiIndex.from_arrays([rows["level"], told, again]))


def _verdicts(provision: pd.DataFrame) -> pd.DataFrame:
    """Return the estates in scope with their verdict, the others without; deficits as printed."""
    scope = provision["in_scope"].astype(bool)
    return provision.assign(
        verdict=words(provision, "verdict").where(scope),
        deficit_m2=provision["deficit_m2"].where(scope),
    ).set_index(provision["residential_id"].astype("str"))


def _state(side: pd.DataFrame) -> pd.Series:
    """Return verdict and deficit as one text; empty for an estate without a verdict."""
    deficits = side["deficit_m2"].astype("float64").round(DECIMALS)
    told = [
        f"{verdict}:{'' if pd.isna(deficit) else deficit}"
        for verdict, deficit in zip(side["verdict"].fillna(""), deficits, strict=True)
    ]
    return pd.Series(told, index=side.index, dtype="str")


def _why(states: Sequence[pd.Series | None]) -> pd.Series:
    first, last = states[0], states[-1]
    if first is None or last is None:
        return pd.Series(dtype="str")
    same = first.eq(last)
    why = pd.Series("", index=first.index)
    for part, earlier, later in zip(PARTS, states, states[1:], strict=False):
        if earlier is not None and later is not None:
            differs = earlier.ne(later)
            why = why.mask(differs, why + ";" + part)
    return why.str.lstrip(";").mask(same, UNCHANGED)


def _by_key(indicators: pd.DataFrame) -> pd.DataFrame:
    """Return indicators by key; keys that stand several times by their turn too."""
    told = indicators.assign(
        met=indicators["met"].map({"True": True, "False": False, True: True, False: False})
        .astype("boolean")
    )
    turn = told.groupby("key").cumcount()
    return told.set_axis(pd.MultiIndex.from_arrays([told["key"], turn]))
