"""What one facility serves: the estates to which it is the nearest, and who lives there."""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd


@dataclass(frozen=True)
class ServiceArea:
    """The estates to which one facility is the nearest.

    estates
        Their ids, in file order.
    elders, covered
        People aged 60+ in them, and of these within the limit; None where no estate's are known.
    unknown
        How many of the estates have an unknown number of elders.
    """

    estates: tuple[str, ...]
    elders: float | None
    covered: float | None
    unknown: int


def service_area(places: pd.DataFrame, homes: gpd.GeoDataFrame, facility_id: str) -> ServiceArea:
    """Return what a facility serves. No walk, no estate: it may be far or not count.

    places, homes
        As in an evaluation.
    """
    nearest = places["layer"].eq("residential") & places["nearest_facility_id"].eq(facility_id)
    estates = places.loc[nearest, "place_id"]
    here = homes[homes["place_layer"].eq("residential") & homes["place_id"].isin(estates)]
    told = here[here["elderly_60plus"].notna()]
    known = told["place_id"].nunique()
    elders = told["elderly_60plus"]
    return ServiceArea(
        estates=tuple(estates),
        elders=float(elders.sum()) if known else None,
        covered=float((elders * told["share"]).sum()) if known else None,
        unknown=len(estates) - known,
    )
