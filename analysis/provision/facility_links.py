"""Which estate a facility's floor area belongs to: whom it names, else where it stands."""

from dataclasses import dataclass, replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.columns import Floats, figures, names_in, words
from analysis.matching.links import CONFIRMED
from geo.files.several_files import where_rows_stand
from geo.findings import Finding
from geo.language import Message, say

_PAIR: Final = ["facility", "project"]
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
    torn = _torn(named)
    # A facility that names estates is theirs alone; where it names none we know, its host's maybe.
    around = _around(residential, facilities, project)
    around = around[~around["facility"].isin(named["facility"])]
    several = around[around["facility"].duplicated(keep=False)]
    doubtful = pd.concat([each["facility"] for each in (stray, torn, several, far)])
    pairs = pd.concat([named[_PAIR], around[_PAIR]]).drop_duplicates(ignore_index=True)
    findings = (
        *_notes(facilities, stray, _UNKNOWN),
        *_notes(facilities, torn.drop_duplicates("token_id"), _AMBIGUOUS),
        *_notes(facilities, several, _OVERLAPPING),
        *_notes(facilities, far, _FAR, limit=within_m),
    )
    plain = named[~named["token_id"].isin(pd.concat([torn["token_id"], far["token_id"]]))]
    shares = pairs.assign(
        share=_shared_by_households(pairs, residential, project),
        clear=~pairs["facility"].isin(doubtful),
        far=pairs["facility"].isin(far["facility"]),
        named=_numbered(pairs, len(residential)).isin(_numbered(plain, len(residential))),
    )
    return Links(shares, findings)


def _numbered(pairs: pd.DataFrame, estates: int) -> pd.Series:
    """Return one number for each pair of a facility and a project."""
    return pairs["facility"] * estates + pairs["project"]


def _torn(named: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the names that mean several projects."""
    if named["token_id"].is_unique:
        return named[:0]
    return named[named.groupby("token_id")["project"].transform("nunique").gt(1)]


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
    first = _called(tokens, words(residential, "id"), project)
    rest = tokens[~tokens["token_id"].isin(first["token_id"])]
    if rest.empty:
        return first
    return pd.concat([first, _called(rest, words(residential, "name"), project)])


def _called(tokens: pd.DataFrame, called: pd.Series, project: pd.Series) -> pd.DataFrame:
    """Return the tokens with each row that is called so, and its project."""
    rows: dict[str, list[int]] = {}
    for at in np.flatnonzero(called.isin(tokens["token"])):
        rows.setdefault(called.iloc[at], []).append(int(at))
    meant = [(i, at) for i, token in enumerate(tokens["token"]) for at in rows.get(token, ())]
    token, row = np.array(meant, dtype=np.int64).reshape(-1, 2).T
    return pd.DataFrame(
        {
            **{name: column.array.take(token) for name, column in tokens.items()},
            "project": project.to_numpy()[row],
            "estate": called.index.to_numpy()[row],
        }
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
    facility = facilities.index.get_indexer(named["facility"])
    estate = residential.index.get_indexer(named["estate"])
    metres = shapely.distance(
        facilities.geometry.to_numpy()[facility], residential.geometry.to_numpy()[estate]
    )
    if not (metres > within_m).any():
        return named[:0]
    told = ~_confirmed(named, residential, facilities)
    named, metres = named[told], metres[told]
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
) -> Floats:
    """Return the share of each pair: alone all of it, several by their households."""
    code, whose = pd.factorize(pairs["project"])
    row = whose.get_indexer(pd.Index(project))
    ours = row >= 0
    households = figures(residential, "households").to_numpy()[ours]
    # Where one phase does not say its households, the sum is not known either.
    weight = np.bincount(row[ours], weights=households, minlength=len(whose))[code]
    room, _ = pd.factorize(pairs["facility"])
    with np.errstate(invalid="ignore"):
        share = weight / np.bincount(room, weights=weight)[room]
    return np.where(np.bincount(room)[room] == 1, 1.0, share)


def _notes(
    facilities: pd.DataFrame, mentions: pd.DataFrame, message: Message, **values: float
) -> tuple[Finding, ...]:
    """Return one finding a facility, about the names it mentions."""
    if mentions.empty:
        return ()
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
