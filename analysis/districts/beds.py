"""Beds by class of facility and by area, beside the people they are for.

Two methods stand side by side and are never added or mixed: beds of every class per thousand
people aged 60+, and beds of the affordable kind for the part of them who move into a home.
"""

import math
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.columns import figures, words
from analysis.coverage.areas import members, place_points
from analysis.districts.care_kinds import COMMUNITY, INSTITUTIONS, MUTUAL_AID
from analysis.districts.standing import COUNTED_IN, Standing, area_ids, area_names, codes, says
from analysis.people.locating import Located
from analysis.rulebook import Rulebook
from geo.files.several_files import where_rows_stand
from geo.findings import Finding
from geo.language import say

Floats = npt.NDArray[np.float64]

CLASSES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "institution": INSTITUTIONS,
        "community": COMMUNITY,
        "mutual_aid": MUTUAL_AID,
    }
)
LEVELS = ("county", "street")
STUDY, INSIDE, OUTSIDE = "ALL", "INSIDE", "OUTSIDE"


def bed_table(
    standing: Standing,
    rulebook: Rulebook,
    *,
    on: date,
    elderly_60plus: float = math.nan,
    coverage: pd.DataFrame | None = None,
    levels: tuple[str, ...] = LEVELS,
) -> pd.DataFrame:
    """Return beds of the study, then of every county and street; each level adds up to `ALL`.

    `INSIDE` is what stands in a county or street, where the study has any: the rates of the study,
    in both rows, are of that alone. A facility without a place may stand inside: it is counted
    there as one that says nothing.

    elderly_60plus
        Those aged 60+ who live inside, or find no home; NaN where unknown.
    coverage
        The coverage table: people of an area whose boundary does not say.

    facilities_without_beds
        Of those that may have beds, how many say nothing of them: sums are then lower bounds.
    nursing_share_of_institution_beds
        Of the institutions that tell both figures.
    affordable_beds_needed, affordable_bed_gap
        By the other method: see `analysis.districts.beds`.
    """
    each = facility_beds(standing.facilities)
    blocks = [_block(_sums(each, np.zeros(len(each), dtype=np.int64), 1), STUDY, "study")]
    blocks += _inside(standing)
    blocks = [block.assign(elderly_60plus=elderly_60plus, elderly_are="homes") for block in blocks]
    blocks += [_level(standing, each, level, coverage) for level in levels]
    table = pd.concat(blocks, ignore_index=True)
    table["elderly_are"] = table["elderly_are"].where(table["elderly_60plus"].notna(), "")
    table = _with_rates(table, rulebook, on=on)[_COLUMNS]
    if INSIDE in table["area_id"].to_numpy():
        table.loc[0, _RATES] = table.loc[1, _RATES]
    return table


def study_row(table: pd.DataFrame) -> pd.Series:
    """Return the row of a bed table that the study's figures are of: what stands inside."""
    inside = table[table["level"].eq("inside")]
    return (table if inside.empty else inside).iloc[0]


def _block(sums: pd.DataFrame, area_id: str, level: str) -> pd.DataFrame:
    return sums.assign(area_id=area_id, level=level, name="")


def _inside(standing: Standing) -> list[pd.DataFrame]:
    """Return the row of what stands inside; none where the study has no county and no street."""
    if not standing.bounded:
        return []
    lost = ~standing.placed
    here = standing.facilities
    silent = [name for name in ("beds", "nursing_beds", "price_class") if name in here]
    here = here.assign(**{name: here[name].mask(lost) for name in silent})
    each = facility_beds(here)[standing.inside | lost]
    return [_block(_sums(each, np.zeros(len(each), dtype=np.int64), 1), INSIDE, "inside")]


def _level(
    standing: Standing, each: pd.DataFrame, level: str, coverage: pd.DataFrame | None
) -> pd.DataFrame:
    """Return the areas of a level and what stands in none of them; no rows without areas."""
    areas = standing.areas(level)
    if areas is None:
        return pd.DataFrame()
    area = standing.area_of(level)
    people, said_by = _people_of(areas, coverage)
    return _sums(each, np.where(area < 0, len(areas), area), len(areas) + 1).assign(
        area_id=[*area_ids(areas), OUTSIDE],
        level=level,
        name=[*area_names(areas), ""],
        elderly_60plus=np.append(people, np.nan),
        elderly_are=[*said_by, ""],
    )


_COLUMNS = [
    "area_id", "level", "name", "facilities", "facilities_without_beds", "beds",
    "institution_beds", "community_beds", "mutual_aid_beds", "nursing_beds",
    "institution_nursing_beds", "institutions", "institutions_without_beds",
    "institutions_without_nursing", "basic_beds", "affordable_beds", "beds_of_known_price",
    "institutions_without_price", "elderly_60plus", "elderly_are",
    "beds_per_1000_elderly", "nursing_share_of_institution_beds", "nursing_share_of_all_beds",
    "affordable_beds_needed", "affordable_bed_gap",
]  # fmt: skip


_RATES = [
    "beds_per_1000_elderly", "nursing_share_of_institution_beds", "nursing_share_of_all_beds",
    "affordable_beds_needed", "affordable_bed_gap",
]  # fmt: skip


def everybody_60plus(located: Located | None, boundaries: gpd.GeoDataFrame | None) -> float:
    """Return the people aged 60+ of a study, those without a home too; NaN where unknown.

    Homes in no county and no street are left out where the study has any, as facilities are.
    """
    if located is None or "elderly_60plus" not in located.homes:
        return math.nan
    homes, here = located.homes, np.ones(len(located.homes), dtype=bool)
    if boundaries is not None and "level" in boundaries:
        wide = boundaries[boundaries["level"].isin(COUNTED_IN)]
        if len(wide):
            here = members(place_points(homes.geometry), wide.geometry.to_numpy()).first >= 0
    at_home = float(homes.loc[here, "elderly_60plus"].sum(min_count=1))
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
    spelled = {
        "basic": r"(?<!非)(?:兜底|保障|特困)",
        "affordable": r"(?<!非)普惠",
        "market": r"(?<!非)(?:市场|营利)",
    }
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


def bed_findings(facilities: gpd.GeoDataFrame | None) -> tuple[Finding, ...]:
    """Return a finding for each facility that claims more nursing beds than beds."""
    if facilities is None:
        return ()
    beds, nursing = figures(facilities, "beds"), figures(facilities, "nursing_beds")
    told = facilities[nursing.gt(beds)]
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
            file=file,
            row=row,
            column="护理型床位",
        )
        for name, (file, row), more, less in zip(
            words(told, "name").fillna(""), where_rows_stand(told), nursing[told.index],
            beds[told.index], strict=True,
        )
    )
