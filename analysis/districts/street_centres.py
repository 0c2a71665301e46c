"""Care centres of streets and towns: who has one, what it can do, how large it is."""

import math
from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType

import numpy as np
import pandas as pd

from analysis.columns import figures, words
from analysis.districts.standing import Standing, area_ids, area_names, codes, says
from analysis.indicators.indicator import Indicator, notes, ratio
from analysis.rulebook import Rulebook
from geo.language import Message, say

CENTRE = ("street_centre",)
FUNCTIONS: Mapping[str, tuple[Message, str]] = MappingProxyType(
    {
        "full_time_care": (say("全日托养"), r"全日|全托|长期托养|住养|24小时"),
        # 全日托养 holds 日托 too.
        "day_care": (say("日间照料"), r"日间|日照|(?<!全)日托"),
        "home_visits": (say("上门服务"), r"上门|居家服务"),
        "matching": (say("供需对接"), r"供需|对接"),
        "coordination": (say("资源统筹"), r"统筹|资源整合"),
    }
)
"""The five functions a centre is to have, by code: what they are called, how ledgers write them."""
_MISSING = "functions_missing"


def centre_table(standing: Standing, rulebook: Rulebook, *, on: date) -> pd.DataFrame:
    """Return the operating centres by id: where each stands, what it can do, how large it is.

    street_id, street
        The one in which it stands; a centre that two share counts for its host alone.
    functions
        How many of the five its `functions` name; empty where the ledger says nothing of them.
    functions_missing
        Codes of `FUNCTIONS` that are not named, joined by `;`.
    large_enough
        Against `min_m2` of the packs; empty where they set none or the floor area is unknown.
    """
    centres = standing.facilities[standing.of_category(CENTRE)]
    told = words(centres, "functions")
    has = pd.DataFrame(
        {code: says(told, spelled) for code, (_, spelled) in FUNCTIONS.items()},
        index=centres.index,
    )
    rule = rulebook.find("street_centre_min_m2", "all", on)
    floor = figures(centres, "floor_area_m2")
    enough = pd.Series(pd.NA, index=centres.index, dtype="boolean")
    if rule is not None:
        enough = floor.ge(rule.value).astype("boolean").mask(floor.isna())
    known = told.notna()
    street = standing.area_of("street")[centres.index]
    streets = standing.areas("street")
    ids, names = (
        np.append([] if streets is None else called(streets), "").astype(object)
        for called in (area_ids, area_names)
    )
    return pd.DataFrame(
        {
            "facility_id": words(centres, "id"),
            "name": words(centres, "name"),
            "street_id": ids[street],
            "street": names[street],
            "functions": has.sum(axis=1).astype("Int64").where(known),
            _MISSING: codes(~has).where(known, ""),
            "floor_area_m2": floor,
            "min_m2": np.nan if rule is None else rule.value,
            "large_enough": enough,
        }
    ).reset_index(drop=True)


def street_table(standing: Standing, rulebook: Rulebook, *, on: date) -> pd.DataFrame:
    """Return the streets and towns in file order, with the ablest centre of each.

    centres, has_centre
        Empty where no facilities are known, or the ledger never holds a centre.
    subdistrict
        Whether it is a 街道: by `unit_type`, else by its name; empty where neither tells.
    centre_id, functions, functions_missing, floor_area_m2, large_enough
        Of the centre that names most functions; of equals the largest, then the smallest id.
    """
    streets = standing.areas("street")
    if streets is None:
        return pd.DataFrame(columns=_COLUMNS)
    centres = pd.Series(standing.count_in("street", standing.of_category(CENTRE)), dtype="Int64")
    if not standing.tells_of(*CENTRE):
        centres = centres.mask(centres.notna())
    table = pd.DataFrame(
        {
            "area_id": area_ids(streets),
            "level": "street",
            "name": area_names(streets),
            "unit_type": words(streets, "unit_type").to_numpy(),
            "subdistrict": _is_subdistrict(streets).to_numpy(),
            "centres": centres,
            "has_centre": centres.gt(0),
        }
    )
    best = _ablest(centre_table(standing, rulebook, on=on), standing, streets=len(streets))
    return pd.concat([table, best], axis=1)[_COLUMNS]


_STREET, _TOWN = r"街道", r"镇|乡|苏木"
_END = r"(街道|镇|乡|苏木)(?:办事处)?(?:[(（].*)?$"
_BEST = ["functions", _MISSING, "floor_area_m2", "min_m2", "large_enough"]
_COLUMNS = [
    "area_id", "level", "name", "unit_type", "subdistrict", "centres", "has_centre", "centre_id",
    *_BEST,
]  # fmt: skip


def _is_subdistrict(streets: pd.DataFrame) -> pd.Series:
    """Return which are 街道 and not towns; what neither type nor name tells is NA."""
    kind, name = words(streets, "unit_type"), words(streets, "name")
    # 乡镇(街道) names both; 镇东街道 is a street by its end.
    told = kind.where(says(kind, _STREET) ^ says(kind, _TOWN))
    told = told.where(told.notna(), name.str.extract(_END, expand=False))
    return says(told, _STREET).astype("boolean").mask(told.isna())


def _ablest(centres: pd.DataFrame, standing: Standing, *, streets: int) -> pd.DataFrame:
    """Return the centre of most functions of each street, one a row; empty where it has none."""
    street = standing.area_of("street")[standing.of_category(CENTRE)]
    ranked = centres.assign(street=street)[street >= 0].sort_values(
        ["functions", "floor_area_m2", "facility_id"],
        ascending=[False, False, True],
        na_position="last",
    )
    best = ranked.drop_duplicates("street").set_index("street")
    best = best.rename(columns={"facility_id": "centre_id"})[["centre_id", *_BEST]]
    return best.reindex(range(streets)).reset_index(drop=True)


def centre_indicators(table: pd.DataFrame, rulebook: Rulebook, *, on: date) -> Iterator[Indicator]:
    """Yield the rate of all streets and towns with a centre, then that of the subdistricts.

    table
        As `street_table` gives it; without streets nothing is said.
    """
    if table.empty:
        return
    yield ratio(
        rulebook.find("street_centre_rate_target", "all", on),
        key="street_centre_rate",
        name=say("乡镇(街道)区域养老服务中心建有率"),
        parts=(_with_one(table), float(len(table))),
        on=on,
        note=notes(
            say(
                "分母为全部乡镇(街道) {total} 个；两个乡镇共用的中心只计入所在地。",
                total=len(table),
            ),
            _untold(table),
            _about_functions(table),
            _about_size(table),
        ),
    )
    subdistrict = table["subdistrict"]
    unknown = int(subdistrict.isna().sum())
    of_streets = table[subdistrict.fillna(value=False).to_numpy(dtype=bool)]
    yield ratio(
        rulebook.find("street_centre_rate_target", "subdistrict", on),
        key="street_centre_rate_subdistricts",
        name=say("街道区域养老服务中心建有率（只计街道）"),
        parts=(_with_one(of_streets), float(len(of_streets))),
        unknown=unknown / len(table),
        on=on,
        note=notes(
            say("分母为街道 {total} 个，不含镇、乡、苏木。", total=len(of_streets)),
            say("文件说的是“具备综合功能的社区养老服务机构”，这里按街道区域养老服务中心计，是一种读法。"),
            say("{count} 个不知是街道还是乡镇，未计入。", count=unknown) if unknown else None,
            _untold(table),
        ),
    )


def _with_one(table: pd.DataFrame) -> float:
    """Return how many have a centre; NaN where that is unknown."""
    has = table["has_centre"]
    return float(has.sum()) if has.notna().all() else math.nan


def _untold(table: pd.DataFrame) -> Message | None:
    if table["has_centre"].notna().all():
        return None
    return say("没有设施资料或运营状态，或设施表没有登记区域养老服务中心，无法判定。")


def _about_functions(table: pd.DataFrame) -> Message | None:
    if table["has_centre"].isna().any():
        return None
    k = table["functions"]
    return say(
        "有中心的 {with_one} 个中，五项功能齐全的 {full} 个，台账没有填写功能的 {unknown} 个。",
        with_one=int(table["has_centre"].sum()),
        full=int(k.eq(len(FUNCTIONS)).sum()),
        unknown=int((table["has_centre"] & k.isna()).sum()),
    )


def _about_size(table: pd.DataFrame) -> Message | None:
    least = table["min_m2"].dropna()
    if least.empty:
        return None
    return say(
        "达到 {least:g} 平方米的 {enough} 个，面积未知的 {unknown} 个。",
        least=float(least.iloc[0]),
        enough=int(table["large_enough"].fillna(value=False).sum()),
        unknown=int((table["has_centre"] & table["large_enough"].isna()).sum()),
    )
