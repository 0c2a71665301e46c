"""Why a coverage figure is what it is: the homes, estates or land behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.coverage.areas import Whereabouts
from analysis.coverage.land import estates_and_land
from analysis.coverage.tally import COVERED, Counted, Tally, tally
from analysis.evaluation import Evaluation
from analysis.explaining.explained import Explanation, amount, number
from analysis.explaining.figure_names import figure_name
from analysis.explaining.row_words import heading
from analysis.people.living import home_shares
from analysis.people.source import choose_source
from geo.language import Message, say

PEOPLE: Final = {
    "60plus": "elderly_60plus", "population": "population", "65plus": "elderly_65plus",
    "80plus": "elderly_80plus",
}  # fmt: skip
_HOME: Final = ("place_layer", "place_id", "unit_id", "minutes")
_PARAMETERS: Final = (
    "speed_m_per_s", "limit_min", "snap_max_m", "categories", "through_estates", "people_source",
)  # fmt: skip
WHOLE_NAMES: Final[Mapping[str, Message]] = {
    "elderly_60plus": say("60岁以上老年人（位置明确的）"),
    "population": say("人口（位置明确的）"),
    "elderly_65plus": say("65岁以上老年人（位置明确的）"),
    "elderly_80plus": say("80岁以上老年人（位置明确的）"),
    "households": say("户数（户数已知的小区）"),
    "areas": say("小区数"),
    "residential_m2": say("居住用地面积"),
}
PART_NAMES: Final[Mapping[str, Message]] = {
    "elderly_60plus": say("其中步行可达者"),
    "population": say("其中步行可达者"),
    "elderly_65plus": say("其中步行可达者"),
    "elderly_80plus": say("其中步行可达者"),
    "households": say("其中步行可达的户数"),
    "areas": say("其中已覆盖（一半以上面积可达）"),
    "residential_m2": say("其中步行可达的面积"),
}
NO_LINE: Final = say("政策文件没有为步行可达率规定合格线；这是空间测算，不等同于政策“服务覆盖率”。")


class Behind(NamedTuple):
    """The rows behind a ratio: one column for the whole, one for the part."""

    rows: pd.DataFrame
    whole: str
    part: str

    @property
    def sums(self) -> tuple[float, float]:
        """Return the part and the whole, unrounded."""
        return float(self.rows[self.part].sum()), float(self.rows[self.whole].sum())


@dataclass(frozen=True, eq=False)
class Coverage:
    """What the coverage of a study is counted from."""

    evaluation: Evaluation

    @cached_property
    def _estates_and_land(self) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
        evaluation = self.evaluation
        return estates_and_land(evaluation.study, evaluation.reach, evaluation.places)

    @cached_property
    def tally(self) -> Tally:
        """Return what every place counts for, as the evaluation counted it."""
        estates, land = self._estates_and_land
        homes, located = self.evaluation.homes, self.evaluation.located
        return tally(
            homes, estates, land, self.evaluation.study.layer("boundaries"), estate=located.estate
        )

    def behind(self, whole: str, *, area: tuple[str, int] | None = None) -> Behind:
        """Return the rows of a figure; in the whole study those that are not rural.

        area
            A level and the position of one of its areas: then rural places are counted too, as in
            coverage.csv; the position -1 means all of them.
        """
        if whole in PEOPLE.values():
            counted, rows = self.tally.homes, self._homes()
        elif whole == "residential_m2":
            counted, rows = self.tally.land, self._known(self._estates_and_land[1])
        else:
            counted, rows = self.tally.estates, self._known(self._estates_and_land[0])
        part = f"covered_{whole}" if whole == "areas" else COVERED[whole]
        extra = ("partly_areas",) if whole == "areas" else ()
        table = rows.assign(
            **{name: counted.figures[name] for name in (whole, part, *extra)}
        ).reset_index(drop=True)
        inside = _inside(counted.where, area)
        return Behind(table[inside & table[whole].notna().to_numpy()], whole, part)

    def unreachable(self) -> Behind:
        """Return the homes of people 60+ who have no walk to a facility."""
        counted = self.tally.homes
        rows = self._homes().assign(
            elderly_60plus=counted.figures["elderly_60plus"],
            unreachable_60plus=counted.figures["unreachable_60plus"],
        )
        cut_off = ~counted.where.rural & (rows["unreachable_60plus"] > 0).to_numpy()
        return Behind(rows[cut_off], "elderly_60plus", "unreachable_60plus")

    def unlocated(self) -> pd.DataFrame:
        """Return the units whose people 60+ found no place, and how many of them."""
        source, _ = choose_source(self.evaluation.study.layers)
        total = self.evaluation.located.unlocated.get("elderly_60plus", np.nan)
        if source is None or not total > 0 or "elderly_60plus" not in source.rows:
            return pd.DataFrame({"unit_id": [], "unlocated_60plus": []})
        told = source.rows["elderly_60plus"].groupby(source.rows["id"].astype("str")).sum()
        homes = self.evaluation.homes
        housed = homes["elderly_60plus"].groupby(homes["unit_id"].astype("str")).sum()
        left = told.sub(housed.reindex(told.index).fillna(0.0))
        if not np.isclose(left.sum(), total):  # scaled to official totals since
            return pd.DataFrame({"unit_id": ["*"], "unlocated_60plus": [total]})
        left = left[left.gt(1e-9)]
        return pd.DataFrame({"unit_id": left.index, "unlocated_60plus": left.to_numpy()})

    def at_reading(self, reading: str) -> Behind:
        """Return the homes with their share under another reading of the limit."""
        share = home_shares(self.evaluation.reach, self.evaluation.located, reading)
        people: Counted = self.tally.people
        elderly = people.figures["elderly_60plus"]
        rows = self.evaluation.homes[list(_HOME)].assign(
            elderly_60plus=elderly, share=share, covered_60plus=elderly * share
        )
        kept = ~people.where.rural & ~np.isnan(elderly)
        return Behind(pd.DataFrame(rows[kept]), "elderly_60plus", "covered_60plus")

    def _homes(self) -> pd.DataFrame:
        known = ~np.isnan(self.tally.share)
        rows = pd.DataFrame(self.evaluation.homes[[*_HOME, "share"]])
        return rows.loc[known].reset_index(drop=True)

    @staticmethod
    def _known(layer: gpd.GeoDataFrame) -> pd.DataFrame:
        names = [name for name in ("id", "name", "share") if name in layer.columns]
        known = layer["share"].notna().to_numpy(dtype=bool)
        rows: pd.DataFrame = pd.DataFrame(layer[names]).loc[known]
        return rows.reset_index(drop=True)


def explain_share(coverage: Coverage, key: str) -> Explanation:
    """Return why a share of the whole study is what it is."""
    whole = _whole_of(key)
    value = coverage.evaluation.summary["coverage"][key]
    return ratio_explained(coverage.evaluation, key, value, coverage.behind(whole))


def explain_band(coverage: Coverage, reading: str) -> Explanation:
    """Return why the headline share is what it is under another reading."""
    value = coverage.evaluation.summary["band"][reading]
    walking = coverage.evaluation.study.description.walking
    metres = coverage.evaluation.reach.budgets[reading] / 1000
    note = say("按 {metres:.0f} 米计（时限 {limit:g} 分钟）。", metres=metres,
               limit=walking.limit_min)  # fmt: skip
    told = coverage.at_reading(reading)
    return ratio_explained(coverage.evaluation, reading, value, told, notes=(note,))


def explain_count(coverage: Coverage, key: str) -> Explanation:
    """Return why a number of people or estates is what it is."""
    value = coverage.evaluation.summary["coverage"][key]
    if key in ("elderly_60plus", "covered_60plus"):
        people = coverage.behind("elderly_60plus")
        return sum_explained(coverage.evaluation, key, value, people, key)
    if key in ("areas", "covered_areas"):
        return sum_explained(coverage.evaluation, key, value, coverage.behind("areas"), key)
    if key == "areas_without_households":
        behind = coverage.behind("areas")
        known = set(coverage.behind("households").rows["id"])
        silent = behind.rows[~behind.rows["id"].isin(known)]
        return sum_explained(coverage.evaluation, key, value, behind._replace(rows=silent), "areas")
    if key == "unreachable_60plus":
        told = coverage.unreachable()
        return sum_explained(coverage.evaluation, key, value, told, "unreachable_60plus")
    rows = coverage.unlocated()
    told = Behind(rows, "unlocated_60plus", "unlocated_60plus")
    return sum_explained(coverage.evaluation, key, value, told, "unlocated_60plus")


def explain_bound(coverage: Coverage, key: str) -> Explanation:
    """Return why a bound of the headline share is what it is."""
    evaluation = coverage.evaluation
    value = evaluation.summary["coverage"][key]
    told = coverage.behind("elderly_60plus")
    if value == evaluation.summary["coverage"]["share_60plus"]:
        note = say("位置不明的老年人不超过 5%，上下界与可达率相同。")
        return ratio_explained(evaluation, key, value, told, notes=(note,))
    adrift = coverage.unlocated().rename(columns={"unlocated_60plus": "elderly_60plus"})
    covered = adrift["elderly_60plus"] if key.endswith("high") else 0.0
    rows = pd.concat([told.rows, adrift.assign(covered_60plus=covered)], ignore_index=True)
    note = (
        say("位置不明的老年人全部按已覆盖计。") if key.endswith("high")
        else say("位置不明的老年人全部按未覆盖计。")
    )  # fmt: skip
    return ratio_explained(evaluation, key, value, told._replace(rows=rows), notes=(note,))


def ratio_explained(
    evaluation: Evaluation,
    key: str,
    value: Any,  # noqa: ANN401 - a figure as printed
    behind: Behind,
    *,
    area: str | None = None,
    notes: tuple[Message, ...] = (),
) -> Explanation:
    """Return a share of coverage explained."""
    part, whole = behind.sums
    names = PART_NAMES[behind.whole], WHOLE_NAMES[behind.whole]
    digits = 1 if behind.whole == "residential_m2" else 0
    return Explanation(
        key=key,
        title=figure_name(key).name,
        value=value,
        unit="share",
        area=area,
        formula=say(
            "{part_name} {part} ÷ {whole_name} {whole} = {value}",
            part_name=names[0],
            part=number(part, digits),
            whole_name=names[1],
            whole=number(whole, digits),
            value=amount(value, "share"),
        ),
        numerator=part,
        numerator_name=names[0],
        denominator=whole,
        denominator_name=names[1],
        parameters=walking_parameters(evaluation),
        rows=behind.rows.reset_index(drop=True),
        notes=(*notes, *scope_notes(evaluation, area), NO_LINE),
    )


def sum_explained(
    evaluation: Evaluation,
    key: str,
    value: Any,  # noqa: ANN401 - a figure as printed
    behind: Behind,
    column: str,
    *,
    area: str | None = None,
) -> Explanation:
    """Return a count or sum of coverage explained; it is one column of the rows added up."""
    total = float(behind.rows[column].sum())
    name = figure_name(key, "coverage")
    digits = 1 if name.unit == "m2" else 0
    return Explanation(
        key=key,
        title=name.name,
        value=value,
        unit=name.unit,
        area=area,
        formula=say(
            "{count} 行“{column}”相加 = {total}，列示为 {value}",
            count=len(behind.rows),
            column=heading(column),
            total=number(total, digits + 1),
            value=number(value, digits),
        ),
        numerator=total,
        numerator_name=name.name,
        parameters=walking_parameters(evaluation),
        rows=behind.rows.reset_index(drop=True),
        notes=scope_notes(evaluation, area),
    )


def walking_parameters(evaluation: Evaluation) -> dict[str, object]:
    """Return the parameters that coverage depends on."""
    known = evaluation.summary["parameters"]
    return {name: known[name] for name in _PARAMETERS if name in known}


def scope_notes(evaluation: Evaluation, area: str | None) -> tuple[Message, ...]:
    """Return what of the study a figure leaves out, or how figures of areas are printed."""
    if area is None and evaluation.summary["coverage"]["scope"] == "urban":
        return (say("只计城市：农村牧区按有没有设施衡量，不按步行。"),)
    if area is not None:
        return (say("人数按最大余数法取整，使各区域之和等于全部；比率用未取整的数。"),)
    return ()


def _whole_of(key: str) -> str:
    name = key.removeprefix("share_")
    own = {"areas": "areas", "households": "households", "residential_land": "residential_m2"}
    return {**PEOPLE, **own}[name]


def _inside(where: Whereabouts, area: tuple[str, int] | None) -> np.ndarray:
    if area is None:
        return ~where.rural
    level, position = area
    if position < 0:
        return np.ones(len(where.rural), dtype=bool)
    inside: np.ndarray = where.area[level] == position
    return inside
