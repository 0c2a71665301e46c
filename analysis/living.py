"""People and the walks from where they live: the places table, and homes with their share."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.people import Located
from analysis.reach import NO_GEOMETRY, Reach
from analysis.study import Study
from geo.streets.network import Floats

UNLOCATED: Final = "unlocated"


def places_and_homes(
    study: Study, reach: Reach, located: Located
) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """Return the places table, and the homes with the share and reach of where they are."""
    homes, placed = located.homes, reach.placed
    tables = []
    residential = study.layer("residential")
    if residential is not None:
        tables.append(reach.places(placed.residential, residential["id"], "residential"))
    free = homes[homes["place_layer"] != "residential"]
    at_points = reach.places(placed.homes, free["place_id"], "population")
    homes = _homes_reached(homes, tables[0] if tables else None, at_points)
    population = study.layer("population")
    if population is not None and located.source == "population":
        tables.append(_population_places(population, homes, at_points, free))
    candidates = study.layer("candidates")
    if candidates is not None:
        tables.append(reach.places(placed.candidates, candidates["id"], "candidates"))
    empty = reach.places(slice(0, 0), pd.Series([], dtype=str), "")
    return pd.concat([empty, *tables], ignore_index=True) if tables else empty, homes


def _homes_reached(
    homes: gpd.GeoDataFrame, estates: pd.DataFrame | None, at_points: pd.DataFrame
) -> gpd.GeoDataFrame:
    wanted = ["minutes", "share", "reachable"]
    reached = pd.DataFrame(
        {"minutes": np.nan, "share": np.nan, "reachable": False}, index=homes.index
    )
    in_estate = (homes["place_layer"] == "residential").to_numpy()
    if estates is not None and in_estate.any():
        row = pd.Index(estates["place_id"]).get_indexer(homes.loc[in_estate, "place_id"])
        reached.loc[in_estate, wanted] = estates.iloc[row][wanted].to_numpy()
    reached.loc[~in_estate, wanted] = at_points[wanted].to_numpy()
    return homes.assign(
        minutes=reached["minutes"].astype(float),
        # People nobody can place on a street are not reached: unknown is kept for no people.
        share=reached["share"].astype(float).fillna(0.0),
        reachable=reached["reachable"].astype(bool),
    )


def _population_places(
    population: gpd.GeoDataFrame,
    homes: gpd.GeoDataFrame,
    at_points: pd.DataFrame,
    free: gpd.GeoDataFrame,
) -> pd.DataFrame:
    """Return a row a population unit: a point's own walk, a polygon's over where its people are."""
    points = at_points[(free["place_layer"] == "population").to_numpy()]
    rows = points.set_index("place_id").reindex(population["id"])
    spread = homes[~homes["place_id"].isin(points["place_id"]) | homes["place_layer"].ne("population")]
    for unit, living in spread.groupby("unit_id", sort=False):
        if unit in rows.index and pd.isna(rows.at[unit, "layer"]):
            rows.loc[unit, ["minutes", "share", "reachable"]] = _typical(living)
    absent = rows["layer"].isna()
    rows["layer"] = "population"
    rows.loc[absent & rows["reachable"].isna(), "reason"] = UNLOCATED
    nowhere = population.geometry.isna() | population.geometry.is_empty
    rows.loc[nowhere.to_numpy(), "reason"] = NO_GEOMETRY
    rows["reachable"] = rows["reachable"].eq(True).fillna(False).astype(bool)  # noqa: FBT003
    for column in ("nearest_facility_id", "exit", "reason"):
        rows[column] = rows[column].fillna("")
    return rows.rename_axis("place_id").reset_index()[at_points.columns]


def _typical(living: gpd.GeoDataFrame) -> tuple[float, float, bool]:
    """Return the lower median walk, the share within the limit, and whether most are reached."""
    weight = living["population"].fillna(living["elderly_60plus"]).fillna(1.0).to_numpy()
    total = weight.sum()
    if total <= 0:
        return np.nan, np.nan, False
    order = np.argsort(living["minutes"].fillna(np.inf).to_numpy(), kind="stable")
    # Tiny slack: halves that meet in the middle are halves in spite of rounding.
    middle = int((np.cumsum(weight[order]) >= total / 2 * (1 - 1e-12)).argmax())
    minutes = float(living["minutes"].to_numpy()[order[middle]])
    share = float((living["share"].to_numpy() * weight).sum() / total)
    return minutes, share, bool(np.isfinite(minutes))


def home_shares(reach: Reach, located: Located, reading: str) -> Floats:
    """Return the share of every home within the limit under another reading."""
    homes, placed = located.homes, reach.placed
    in_estate = (homes["place_layer"] == "residential").to_numpy()
    share = np.zeros(len(homes))
    share[~in_estate] = reach.share(placed.homes, int((~in_estate).sum()), reading)
    if in_estate.any():
        estates = reach.share(placed.residential, len(placed.estates), reading)
        share[in_estate] = estates[placed.estates.get_indexer(homes.loc[in_estate, "place_id"])]
    return np.nan_to_num(share)
