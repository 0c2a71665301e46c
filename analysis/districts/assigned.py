"""Which communities a facility is formally assigned to: those of the estates that it serves."""

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import names_in, words
from analysis.coverage.areas import Indices, members, place_points
from analysis.districts.standing import named


def assigned_communities(
    facilities: pd.DataFrame,
    residential: gpd.GeoDataFrame | None,
    communities: gpd.GeoDataFrame,
) -> pd.DataFrame:
    """Return every pair of a facility and a community that it serves, by position.

    facility, community
        A facility serves the community of each estate that its `serves` names, by id or by name.
        A name that estates of several communities bear assigns nothing.
    """
    nothing = pd.DataFrame({"facility": [], "community": []}, dtype="int64")
    if residential is None:
        return nothing
    meant = _estates_named(facilities, residential)
    if meant.empty:
        return nothing
    estates = np.unique(meant["estate"])
    home = pd.Series(_community_of(residential.iloc[estates], communities), index=estates)
    meant = meant.assign(community=home[meant["estate"]].to_numpy())
    clear = meant.groupby("token")["community"].transform("nunique").eq(1)
    pairs = meant.loc[clear & meant["community"].ge(0), ["facility", "community"]]
    return pairs.drop_duplicates().sort_values(["facility", "community"], ignore_index=True)


def _estates_named(facilities: pd.DataFrame, residential: pd.DataFrame) -> pd.DataFrame:
    """Return facility, token, estate for every estate that is named, by position."""
    tokens = names_in(facilities, "serves")
    said = pd.DataFrame({"facility": tokens.index, "token": tokens.to_numpy(dtype=object)})
    by_id = said.merge(_called(residential, "id"), on="token")
    rest = said[~said["token"].isin(by_id["token"])]
    return pd.concat([by_id, rest.merge(_called(residential, "name"), on="token")])


def _called(residential: pd.DataFrame, column: str) -> pd.DataFrame:
    called = words(residential, column)
    known = called.notna().to_numpy(dtype=bool)
    return pd.DataFrame(
        {"token": called[known].to_numpy(dtype=object), "estate": np.flatnonzero(known)}
    )


def _community_of(residential: gpd.GeoDataFrame, communities: gpd.GeoDataFrame) -> Indices:
    """Return the community each estate says it is of, else the one it lies in; -1: none."""
    lies = members(place_points(residential.geometry), communities.geometry.to_numpy()).first
    said = named(words(residential, "community"), words(communities, "name"))
    home: Indices = np.where(said >= 0, said, lies)
    return home
