"""Which estate a facility's floor area belongs to: whom it names, else where it stands."""

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.columns import figures, names_in, words
from analysis.matching.links import CONFIRMED
from geo.files.several_files import where_rows_stand
from geo.findings import Finding
from geo.language import Message, say

POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)

_UNKNOWN = say("服务小区“{names}”没有对应到小区表中的某一个小区，其面积未计入。")
_AMBIGUOUS = say("服务小区“{names}”在小区表中不止一个，面积归属无法确定。")
_FAR = say("服务小区“{names}”离设施超过 {limit:.0f} 米，服务关系存疑，面积归属无法确定。")
_OVERLAPPING = say("所在位置同时落在“{names}”等多个小区范围内，面积归属无法确定。")


@dataclass(frozen=True)
class Links:
    """Shares of facilities.

    shares
        facility, project: indexes; share: the part of the facility that households make this
        project's, 0-1, NaN where households are unknown; clear: False where it is not certain
        whose all of the facility is; far: the facility names an estate that lies too far off;
        named: this project at least is named beyond doubt. A facility's shares never exceed 1.
    """

    shares: pd.DataFrame
    findings: tuple[Finding, ...]


def link_facilities(
    residential: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
    *,
    project: pd.Series,
    within_m: float = np.inf,
) -> Links:
    """Return whose each facility is: by `serves` and households, else the one estate around it.

    within_m
        Straight metres beyond which it is doubted that a facility serves an estate.
    """
    tokens = _tokens(facilities)
    named = _named(tokens, residential, project)
    far = _too_far(named, residential, facilities, within_m=within_m)
    stray = tokens[~tokens["token_id"].isin(named["token_id"])]
    torn = named[named.groupby("token_id")["project"].transform("nunique").gt(1)]
    # A facility that names estates is theirs alone; where it names none we know, its host's maybe.
    around = _around(residential, facilities, project)
    around = around[~around["facility"].isin(named["facility"])]
    several = around[around.groupby("facility")["project"].transform("size").gt(1)]
    doubtful = pd.concat([each["facility"] for each in (stray, torn, several, far)])
    pairs = pd.concat([named, around])[["facility", "project"]].drop_duplicates(ignore_index=True)
    shares = _shared_by_households(pairs, residential, project)
    findings = (
        *_notes(facilities, stray, _UNKNOWN),
        *_notes(facilities, torn.drop_duplicates("token_id"), _AMBIGUOUS),
        *_notes(facilities, several, _OVERLAPPING),
        *_notes(facilities, far, _FAR, limit=within_m),
    )
    plain = named[~named["token_id"].isin(pd.concat([torn["token_id"], far["token_id"]]))]
    pair, facility = ["facility", "project"], shares["facility"]
    shares = shares.assign(
        clear=~facility.isin(doubtful),
        far=facility.isin(far["facility"]),
        named=pd.MultiIndex.from_frame(shares[pair]).isin(pd.MultiIndex.from_frame(plain[pair])),
    )
    return Links(shares, findings)


def _tokens(facilities: pd.DataFrame) -> pd.DataFrame:
    """Return every name or id that a facility says it serves."""
    tokens = names_in(facilities, "serves")
    return pd.DataFrame(
        {
            "facility": tokens.index.to_numpy(),
            "token": tokens.astype("str").to_numpy(),
            "token_id": np.arange(len(tokens)),
        }
    ).astype({"token": "str"})


def _named(tokens: pd.DataFrame, residential: pd.DataFrame, project: pd.Series) -> pd.DataFrame:
    """Return the projects that tokens name: by id, else by name."""
    first = tokens.merge(_called(tokens, words(residential, "id"), project), on="token")
    rest = tokens[~tokens["token_id"].isin(first["token_id"])]
    by_name = rest.merge(_called(rest, words(residential, "name"), project), on="token")
    return pd.concat([first, by_name]).drop_duplicates()


def _called(tokens: pd.DataFrame, called: pd.Series, project: pd.Series) -> pd.DataFrame:
    """Return the projects of the rows that are called by one of the tokens."""
    meant = called.isin(tokens["token"])
    return pd.DataFrame(
        {"token": called[meant], "project": project[meant], "estate": called.index[meant]}
    )


def _too_far(
    named: pd.DataFrame,
    residential: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
    *,
    within_m: float,
) -> pd.DataFrame:
    """Return the names that mean only estates too far from their facility, one row each.

    What has no place is not too far, nor what a person confirmed; `token` is the name with the
    distance.
    """
    named = named[~_confirmed(named, residential, facilities)]
    metres = shapely.distance(
        facilities.geometry.loc[named["facility"]].to_numpy(),
        residential.geometry.loc[named["estate"]].to_numpy(),
    )
    # A name may mean several phases, or estates of one name: the nearest speaks for it.
    nearest = (
        named.assign(metres=metres)
        .groupby("token_id", as_index=False)
        .agg(facility=("facility", "first"), token=("token", "first"), metres=("metres", "min"))
    )
    far = nearest[nearest["metres"].gt(within_m)]
    shown = [f"{name} ({m:.0f} m)" for name, m in zip(far["token"], far["metres"], strict=True)]
    return far.assign(token=pd.array(shown, dtype="str"))


def _confirmed(
    named: pd.DataFrame, residential: pd.DataFrame, facilities: pd.DataFrame
) -> "pd.Series[bool]":
    """Return which pairs of a facility and an estate a person confirmed."""
    told = names_in(facilities, CONFIRMED)
    pairs = pd.MultiIndex.from_arrays([told.index, told.to_numpy(dtype=object)])
    ids = words(residential, "id").reindex(named["estate"])
    whose = pd.MultiIndex.from_arrays([named["facility"], ids.to_numpy(dtype=object)])
    return pd.Series(whose.isin(pairs), index=named.index)


def _around(
    residential: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame, project: pd.Series
) -> pd.DataFrame:
    """Return the projects inside whose polygons a facility stands; `token` is their name."""
    outlines = residential.geometry.to_numpy()
    polygons = np.flatnonzero(np.isin(shapely.get_type_id(outlines), POLYGONS))
    points = facilities.geometry.representative_point()
    standing, host = shapely.STRtree(outlines[polygons]).query(points, predicate="within")
    hosts = residential.iloc[polygons[host]]
    return pd.DataFrame(
        {
            "facility": facilities.index.to_numpy()[standing],
            "project": project[hosts.index].to_numpy(),
            "token": words(hosts, "name").fillna("").to_numpy(),
        }
    ).drop_duplicates(["facility", "project"])


def _shared_by_households(
    pairs: pd.DataFrame, residential: pd.DataFrame, project: pd.Series
) -> pd.DataFrame:
    """Return pairs with shares: alone all of it, several by their households."""
    sharing = project[project.isin(pairs["project"])]
    households = figures(residential.loc[sharing.index], "households").groupby(sharing)
    total = households.sum(min_count=1).where(households.count().eq(households.size()))
    weight = pairs["project"].map(total).groupby(pairs["facility"])
    alone = weight.transform("size").eq(1)
    known = weight.transform("count").eq(weight.transform("size"))
    share = pairs["project"].map(total) / weight.transform("sum")
    return pairs.assign(share=share.where(known).mask(alone, 1.0))


def _notes(
    facilities: pd.DataFrame, mentions: pd.DataFrame, message: Message, **values: float
) -> tuple[Finding, ...]:
    """Return one finding a facility, about the names it mentions."""
    mentioned = mentions.groupby("facility")["token"].agg("、".join)
    told = facilities.loc[mentioned.index]
    return tuple(
        Finding(
            "warning",
            "facilities",
            replace(message, values={"names": names, **values}),
            say("请在“服务小区”一列写明小区编号。"),
            file=file,
            row=row,
            column="服务小区",
            value=name,
        )
        for names, name, (file, row) in zip(
            mentioned, words(told, "name").fillna(""), where_rows_stand(told), strict=True
        )
    )
