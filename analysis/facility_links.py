"""Which estate a facility's floor area belongs to: whom it names, else where it stands."""

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import figures, words
from geo.findings import Finding
from geo.language import Message, say

# The separators that offices put between names.
_BETWEEN_NAMES = r"[;；、，,\n]"

_UNKNOWN = say("服务小区“{names}”在小区表中找不到，其面积未计入这些小区。")
_AMBIGUOUS = say("服务小区“{names}”在小区表中不止一个，面积归属无法确定。")
_OVERLAPPING = say("所在位置同时落在“{names}”等多个小区范围内，面积归属无法确定。")


@dataclass(frozen=True)
class Links:
    """Shares of facilities.

    shares
        facility, project: indexes; share: the part of the facility that households make this
        project's, 0-1, NaN where households are unknown; clear: False where it is not certain
        that the facility is this project's at all. A facility's shares never exceed 1.
    """

    shares: pd.DataFrame
    findings: tuple[Finding, ...]


def link_facilities(
    residential: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame, *, project: pd.Series
) -> Links:
    """Return whose each facility is: by `serves` and households, else the one estate around it."""
    tokens = _tokens(facilities)
    named = _named(tokens, residential, project)
    stray = tokens[~tokens["token_id"].isin(named["token_id"])]
    torn = named[named.groupby("token_id")["project"].transform("nunique").gt(1)]
    # A facility that names estates is theirs alone; where it names none we know, its host's maybe.
    around = _around(residential, facilities, project)
    around = around[~around["facility"].isin(named["facility"])]
    several = around[around.groupby("facility")["project"].transform("size").gt(1)]
    doubtful = pd.concat([stray["facility"], torn["facility"], several["facility"]])
    pairs = pd.concat([named, around])[["facility", "project"]].drop_duplicates(ignore_index=True)
    shares = _shared_by_households(pairs, residential, project)
    findings = (
        *_notes(facilities, stray, _UNKNOWN),
        *_notes(facilities, torn.drop_duplicates("token_id"), _AMBIGUOUS),
        *_notes(facilities, several, _OVERLAPPING),
    )
    return Links(shares.assign(clear=~shares["facility"].isin(doubtful)), findings)


def _tokens(facilities: pd.DataFrame) -> pd.DataFrame:
    """Return every name or id that a facility says it serves."""
    tokens = words(facilities, "serves").str.split(_BETWEEN_NAMES, regex=True).explode()
    tokens = tokens.astype("str").str.strip()
    tokens = tokens[tokens.notna() & tokens.ne("")]
    return pd.DataFrame(
        {
            "facility": tokens.index.to_numpy(),
            "token": tokens.astype("str").to_numpy(),
            "token_id": np.arange(len(tokens)),
        }
    ).astype({"token": "str"})


def _named(tokens: pd.DataFrame, residential: pd.DataFrame, project: pd.Series) -> pd.DataFrame:
    """Return the projects that tokens name: by id, else by name."""
    by_id, by_name = (
        pd.DataFrame({"token": words(residential, column), "project": project}).dropna()
        for column in ("id", "name")
    )
    first = tokens.merge(by_id, on="token")
    rest = tokens[~tokens["token_id"].isin(first["token_id"])]
    return pd.concat([first, rest.merge(by_name, on="token")]).drop_duplicates()


def _around(
    residential: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame, project: pd.Series
) -> pd.DataFrame:
    """Return the projects inside whose polygons a facility stands; `token` is their name."""
    estates = residential.geometry
    polygons = estates[estates.geom_type.isin(["Polygon", "MultiPolygon"])]
    points = facilities.geometry.representative_point()
    standing, host = polygons.sindex.query(points, predicate="within")
    return pd.DataFrame(
        {
            "facility": facilities.index.to_numpy()[standing],
            "project": project.loc[polygons.index].to_numpy()[host],
            "token": words(residential, "name").fillna("")[polygons.index].to_numpy()[host],
        }
    ).drop_duplicates(["facility", "project"])


def _shared_by_households(
    pairs: pd.DataFrame, residential: pd.DataFrame, project: pd.Series
) -> pd.DataFrame:
    """Return pairs with shares: alone all of it, several by their households."""
    households = figures(residential, "households").groupby(project)
    total = households.sum(min_count=1).where(households.count().eq(households.size()))
    weight = pairs["project"].map(total).groupby(pairs["facility"])
    alone = weight.transform("size").eq(1)
    known = weight.transform("count").eq(weight.transform("size"))
    share = pairs["project"].map(total) / weight.transform("sum")
    return pairs.assign(share=share.where(known).mask(alone, 1.0))


def _notes(
    facilities: pd.DataFrame, mentions: pd.DataFrame, message: Message
) -> tuple[Finding, ...]:
    """Return one finding a facility, about the names it mentions."""
    mentioned = mentions.groupby("facility")["token"].agg("、".join)
    told = facilities.loc[mentioned.index]
    rows = told["row"] if "row" in told.columns else [None] * len(told)
    return tuple(
        Finding(
            "warning",
            "facilities",
            replace(message, values={"names": names}),
            say("请在“服务小区”一列写明小区编号。"),
            row=None if row is None else int(row),
            column="服务小区",
            value=name,
        )
        for names, name, row in zip(mentioned, words(told, "name").fillna(""), rows, strict=True)
    )
