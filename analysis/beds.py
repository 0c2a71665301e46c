"""Beds by class of facility and by area, beside the people they are for.

Two methods stand side by side and are never added or mixed: beds of every class per thousand
people aged 60+, and beds of the affordable kind for the part of them who move into a home.
"""

import math
from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.areas import Flags
from analysis.columns import dates, figures, words
from analysis.indicator import Indicator, notes, ratio
from analysis.people import Located
from analysis.rulebook import Rulebook
from analysis.standing import Standing, area_ids, area_names, codes, says
from geo.findings import Finding
from geo.language import Message, say

Floats = npt.NDArray[np.float64]

CLASSES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "institution": ("care_home", "welfare_home"),
        "community": ("community_station", "day_care", "embedded", "street_centre"),
        "mutual_aid": ("mutual_aid",),
    }
)
LEVELS = ("county", "street")
STUDY, OUTSIDE = "ALL", "OUTSIDE"
_PUBLIC = r"公办|公建|公益|国有"


def bed_table(
    standing: Standing,
    rulebook: Rulebook,
    *,
    on: date,
    elderly_60plus: float = math.nan,
    coverage: pd.DataFrame | None = None,
    levels: tuple[str, ...] = LEVELS,
) -> pd.DataFrame:
    """Return beds of the study, then of every county and street; each level adds up to the study.

    elderly_60plus
        Everybody aged 60+ of the study, with a home or without; NaN where unknown.
    coverage
        The coverage table: people of an area whose boundary does not say.

    facilities_without_beds
        Of those that may have beds, how many say nothing of them: sums are then lower bounds.
    nursing_share_of_institution_beds
        Of the institutions that tell both figures.
    affordable_beds_needed, affordable_bed_gap
        By the other method: see `analysis.beds`.
    """
    each = facility_beds(standing.facilities)
    tables = [_sums(each, np.zeros(len(each), dtype=np.int64), 1)]
    ids, told, names = [STUDY], ["study"], [""]
    people, said_by = [np.array([elderly_60plus])], ["homes"]
    for level in levels:
        areas = standing.areas(level)
        if areas is None:
            continue
        area = standing.area_of(level)
        tables.append(_sums(each, np.where(area < 0, len(areas), area), len(areas) + 1))
        ids += [*area_ids(areas), OUTSIDE]
        told += [level] * (len(areas) + 1)
        names += [*area_names(areas), ""]
        own, by = _people_of(areas, coverage)
        people.append(np.append(own, np.nan))
        said_by += [*by, ""]
    table = pd.concat(tables, ignore_index=True).assign(
        area_id=ids, level=told, name=names, elderly_60plus=np.concatenate(people)
    )
    table["elderly_are"] = np.where(table["elderly_60plus"].notna(), said_by, "")
    return _with_rates(table, rulebook, on=on)[_COLUMNS]


_COLUMNS = [
    "area_id", "level", "name", "facilities", "facilities_without_beds", "beds",
    "institution_beds", "community_beds", "mutual_aid_beds", "nursing_beds",
    "institution_nursing_beds", "institutions", "institutions_without_beds",
    "institutions_without_nursing", "basic_beds", "affordable_beds", "beds_of_known_price",
    "institutions_without_price", "elderly_60plus", "elderly_are",
    "beds_per_1000_elderly", "nursing_share_of_institution_beds", "nursing_share_of_all_beds",
    "affordable_beds_needed", "affordable_bed_gap",
]  # fmt: skip


def everybody_60plus(located: Located | None) -> float:
    """Return the people aged 60+ of a study, those without a home too; NaN where unknown."""
    if located is None or "elderly_60plus" not in located.homes:
        return math.nan
    at_home = float(located.homes["elderly_60plus"].sum(min_count=1))
    elsewhere = located.unlocated.get("elderly_60plus", math.nan)
    return float(np.nansum([at_home, elsewhere])) if not math.isnan(at_home) else elsewhere


def facility_beds(facilities: pd.DataFrame) -> pd.DataFrame:
    """Return what each facility counts for; NaN where it does not say, 0 where it is another's.

    More nursing beds than beds is a contradiction: the nursing beds are unknown.
    """
    category = words(facilities, "category")
    beds, nursing = figures(facilities, "beds"), nursing_beds(facilities)
    price = price_class(facilities)
    of = {name: category.isin(kinds) for name, kinds in CLASSES.items()}
    bedded = pd.concat(of, axis=1).any(axis=1)
    home = of["institution"]
    priced = home & price.notna()
    return pd.DataFrame(
        {
            "facilities": bedded.astype(float),
            "facilities_without_beds": (bedded & beds.isna()).astype(float),
            "beds": beds.where(bedded, 0.0),
            **{f"{name}_beds": beds.where(flags, 0.0) for name, flags in of.items()},
            "nursing_beds": nursing.where(bedded, 0.0),
            "institution_nursing_beds": nursing.where(home & beds.notna(), 0.0),
            "institutions": home.astype(float),
            "institutions_without_beds": (home & beds.isna()).astype(float),
            "institutions_without_nursing": (home & nursing.isna()).astype(float),
            "basic_beds": beds.where(home & price.eq("basic"), 0.0),
            "affordable_beds": beds.where(home & price.eq("affordable"), 0.0),
            "beds_of_known_price": beds.where(priced, 0.0),
            "institutions_without_price": (home & price.isna()).astype(float),
        }
    )


def nursing_beds(facilities: pd.DataFrame) -> "pd.Series[float]":
    """Return nursing beds; NaN where unknown, or where they are more than all beds."""
    beds, nursing = figures(facilities, "beds"), figures(facilities, "nursing_beds")
    return nursing.mask(nursing.gt(beds))


def price_class(facilities: pd.DataFrame) -> "pd.Series[str]":
    """Return basic 兜底, affordable 普惠 or market 市场; missing where it says none, or two."""
    said = words(facilities, "price_class")
    spelled = {"basic": r"兜底|保障|特困", "affordable": r"普惠", "market": r"市场|营利"}
    is_one = pd.DataFrame({code: says(said, pattern) for code, pattern in spelled.items()})
    price = codes(is_one)
    return price.where(is_one.sum(axis=1).eq(1))


def _sums(each: pd.DataFrame, row: npt.NDArray[np.int64], count: int) -> pd.DataFrame:
    """Return sums by row; NaN where facilities that count in it say nothing at all."""
    sums: dict[str, Floats] = {}
    for name in each.columns.astype(str):
        values = each[name].to_numpy(dtype=np.float64)
        known = ~np.isnan(values)
        total = np.bincount(row, weights=np.where(known, values, 0.0), minlength=count)
        silent = np.bincount(row, weights=~known, minlength=count) > 0
        # Zeros of others say nothing: a sum is told where somebody tells a figure of his own.
        told = np.bincount(row, weights=known & (values > 0), minlength=count) > 0
        sums[name] = np.where(silent & ~told, np.nan, total)
    whole = [name for name in sums if name.split("_")[0] in ("facilities", "institutions")]
    return pd.DataFrame(sums).astype(dict.fromkeys(whole, "int64"))


def _people_of(
    areas: gpd.GeoDataFrame, coverage: pd.DataFrame | None
) -> tuple[Floats, npt.NDArray[np.str_]]:
    """Return the people aged 60+ of each area, and who says so."""
    own = figures(areas, "elderly_60plus").to_numpy(dtype=np.float64)
    found = np.full(len(areas), np.nan)
    if coverage is not None and len(areas):
        rows = coverage[coverage["level"] == areas["level"].iloc[0]].drop_duplicates("area_id")
        found = rows.set_index("area_id")["elderly_60plus"].astype("float64").reindex(
            area_ids(areas)
        ).to_numpy()  # fmt: skip
    return np.where(np.isnan(own), found, own), np.where(np.isnan(own), "homes", "boundaries")


def _with_rates(table: pd.DataFrame, rulebook: Rulebook, *, on: date) -> pd.DataFrame:
    elderly = table["elderly_60plus"].where(table["elderly_60plus"].gt(0))
    method = rulebook.find("institution_beds_per_elderly", "all", on)
    needed = elderly * (np.nan if method is None else method.value)
    home = table["institution_beds"]
    all_told = table["institutions_without_nursing"].eq(0)
    return table.assign(
        beds_per_1000_elderly=table["beds"] / elderly * 1000,
        nursing_share_of_institution_beds=(
            table["institution_nursing_beds"] / home.where(home.gt(0) & all_told)
        ),
        nursing_share_of_all_beds=table["nursing_beds"] / table["beds"].where(table["beds"].gt(0)),
        affordable_beds_needed=needed,
        affordable_bed_gap=(needed - table["affordable_beds"]).clip(lower=0),
    )


def bed_indicators(
    table: pd.DataFrame, standing: Standing, rulebook: Rulebook, *, on: date
) -> Iterator[Indicator]:
    """Yield the bed figures of the study.

    table
        As `bed_table` gives it; its first row is the study.
    """
    study = table.iloc[0]
    yield _per_1000(study, standing, rulebook, on=on)
    yield _nursing(study, standing, rulebook, on=on)
    yield _affordable_gap(study, standing, rulebook, on=on)
    yield _basic_and_affordable(study, standing, rulebook, on=on)
    yield _new_public(standing, rulebook, on=on)


def _per_1000(study: pd.Series, standing: Standing, rulebook: Rulebook, *, on: date) -> Indicator:
    unknown = int(study["facilities_without_beds"])
    return ratio(
        rulebook.find("beds_per_1000_elderly", "all", on),
        key="beds_per_1000_elderly",
        name=say("每千名老年人养老床位数"),
        parts=(_if_known(study["beds"], standing), study["elderly_60plus"]),
        per=1000,
        unit="张/千人",
        bound="at_least" if unknown else "",
        on=on,
        note=notes(
            say(
                "分子为养老机构 {institution} 张、社区 {community} 张、"
                "互助养老 {mutual} 张合计，分母为 60 岁及以上老年人 {elderly} 人。",
                institution=_whole(study["institution_beds"]),
                community=_whole(study["community_beds"]),
                mutual=_whole(study["mutual_aid_beds"]),
                elderly=_whole(study["elderly_60plus"]),
            ),
            _without_beds(unknown),
            _outside(standing),
        ),
    )


def _without_beds(unknown: int) -> Message | None:
    if not unknown:
        return None
    return say("{count} 处设施没有填写床位，合计为下限，未达到目标时不作结论。", count=unknown)


def _outside(standing: Standing) -> Message | None:
    """Return what of the beds stands in no area of the study."""
    kinds = [kind for kinds in CLASSES.values() for kind in kinds]
    lost = standing.adrift & standing.of_category(kinds)
    if not lost.any():
        return None
    return say(
        "其中 {count} 处设施、{beds:.0f} 张床位在边界以外或没有坐标。",
        count=int(lost.sum()),
        beds=float(figures(standing.facilities, "beds")[lost].sum()),
    )


def _if_known(value: float, standing: Standing) -> float:
    """Return a sum over facilities; NaN where the study has no layer of them."""
    return float(value) if standing.known else math.nan


def _nursing(study: pd.Series, standing: Standing, rulebook: Rulebook, *, on: date) -> Indicator:
    silent = int(study["institutions_without_nursing"] - study["institutions_without_beds"])
    homes = max(int(study["institutions"]), 1)
    return ratio(
        rulebook.find("nursing_share_of_institution_beds", "all", on),
        key="nursing_share_of_institution_beds",
        name=say("养老机构护理型床位占比（分母只计养老机构床位）"),
        parts=(
            _if_known(study["institution_nursing_beds"], standing),
            float(study["institution_beds"]),
        ),
        unknown=float(study["institutions_without_beds"]) / homes,
        bound="at_least" if silent > 0 else "",
        on=on,
        note=notes(
            say(
                "分母为养老机构床位 {beds} 张；全部设施护理型床位占全部床位 {share}，口径不同。",
                beds=_whole(study["institution_beds"]),
                share=_percent(study["nursing_share_of_all_beds"]),
            ),
            say("{count} 家机构没有填写护理型床位，占比为下限。", count=silent)
            if silent > 0
            else None,
        ),
    )


def _whole(figure: float) -> Message | str:
    return say("未知") if math.isnan(figure) else f"{figure:.0f}"


def _percent(share: float) -> Message | str:
    return say("未知") if math.isnan(share) else f"{share:.1%}"


def _affordable_gap(
    study: pd.Series, standing: Standing, rulebook: Rulebook, *, on: date
) -> Indicator:
    method = rulebook.find("institution_beds_per_elderly", "all", on)
    unknown = int(study["institutions_without_price"])
    gap = _if_known(study["affordable_bed_gap"], standing)
    return Indicator(
        key="affordable_bed_gap",
        name=say("普惠型养老床位缺口（按老年人口入住比例测算，是方法，不是目标）"),
        value=None if math.isnan(gap) else gap,
        unit="张",
        basis=method,
        numerator=float(study["affordable_beds"]),
        denominator=float(study["affordable_beds_needed"]),
        worked="shortfall",
        year=on.year,
        bound="at_most" if unknown else "",
        note=notes(
            say(
                "按 {share:.1%} 的 60 岁及以上老年人入住机构测算，减去养老机构普惠床位；"
                "与每千名老年人床位数是两种口径，不相加、不混用。",
                share=method.value,
            )
            if method is not None
            else say("规则包没有给出入住比例。"),
            say("{count} 家机构的收费类型不明，缺口为上限。", count=unknown) if unknown else None,
        ),
    )


def _basic_and_affordable(
    study: pd.Series, standing: Standing, rulebook: Rulebook, *, on: date
) -> Indicator:
    unknown = int(study["institutions_without_price"])
    return ratio(
        rulebook.find("basic_and_affordable_beds_share", "all", on),
        key="basic_and_affordable_beds_share",
        name=say("兜底线和普惠性养老床位合计占比"),
        parts=(
            _if_known(study["basic_beds"] + study["affordable_beds"], standing),
            float(study["beds_of_known_price"]),
        ),
        unknown=unknown / max(int(study["institutions"]), 1),
        on=on,
        note=notes(
            say(
                "分母为收费类型已知的养老机构床位 {beds} 张。",
                beds=_whole(study["beds_of_known_price"]),
            ),
            say("{count} 家机构的收费类型不明，未计入。", count=unknown) if unknown else None,
        ),
    )


def _new_public(standing: Standing, rulebook: Rulebook, *, on: date) -> Indicator:
    """Return the beds of public institutions that opened since the rule came into force."""
    rule = rulebook.find("new_public_beds", "all", on)
    homes = standing.facilities[standing.of_category(CLASSES["institution"])]
    opened, beds = dates(homes, "opened_on"), figures(homes, "beds")
    owner = words(homes, "ownership")
    since = pd.Timestamp(on if rule is None else rule.in_force_from)
    new = opened.gt(since) & opened.le(pd.Timestamp(on))
    public = says(owner, _PUBLIC)
    doubtful = (new | opened.isna()) & (public | owner.isna())
    certain: Flags = (new & public & beds.notna()).to_numpy(dtype=bool)
    unknown = int((doubtful & ~certain).sum())
    told = rule is not None and standing.known and (bool(certain.any()) or not unknown)
    return Indicator(
        key="new_public_beds",
        name=say("新增公益性养老机构床位"),
        value=float(beds[certain].sum()) if told else None,
        unit="张",
        rule=rule,
        year=on.year,
        bound="at_least" if unknown else "",
        note=notes(
            say("计文件施行（{since}）以后投用的公办养老机构床位。", since=f"{since:%Y-%m-%d}"),
            say("{count} 家机构的投用日期、权属或床位不明，合计为下限。", count=unknown)
            if unknown
            else None,
        ),
    )


def bed_findings(facilities: gpd.GeoDataFrame | None) -> tuple[Finding, ...]:
    """Return a finding for each facility that claims more nursing beds than beds."""
    if facilities is None:
        return ()
    beds, nursing = figures(facilities, "beds"), figures(facilities, "nursing_beds")
    told = facilities[nursing.gt(beds)]
    rows = told["row"] if "row" in told else [None] * len(told)
    return tuple(
        Finding(
            "warning",
            "facilities",
            say(
                "{name}：护理型床位 {nursing:g} 张，多于床位 {beds:g} 张，护理型床位按未知处理。",
                name=name,
                nursing=more,
                beds=less,
            ),
            say("请核对床位数。"),
            row=None if row is None else int(row),
            column="护理型床位",
        )
        for name, row, more, less in zip(
            words(told, "name").fillna(""), rows, nursing[told.index], beds[told.index], strict=True
        )
    )
