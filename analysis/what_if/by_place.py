"""What a scenario changes place by place: which estates are nearer to care, who is left where."""

from dataclasses import dataclass
from typing import Final, Self

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.evaluation import Evaluation
from analysis.what_if.elders import Elders
from analysis.what_if.live import Outcome
from geo.streets.network import Floats, Ints

SAME: Final = 1e-9  # shares that differ by less do not differ


@dataclass(frozen=True, eq=False)
class ByPlace:
    """The places of one study, before and after a scenario.

    estates
        Ids of the residential layer, in order.
    places
        `place_layer, place_id` of every place where people live, sorted.
    of_home
        Of each home its position among these.
    elderly
        People aged 60+ of each home; NaN unknown.
    at
        A point of each place, in the study's CRS.
    """

    elders: Elders
    estates: pd.Index
    places: pd.MultiIndex
    of_home: Ints
    elderly: Floats
    at: gpd.GeoSeries

    @classmethod
    def of(cls, evaluation: Evaluation, elders: Elders) -> Self:
        """Return the places of an evaluation."""
        homes = evaluation.homes
        keys = pd.MultiIndex.from_frame(homes[["place_layer", "place_id"]])
        places = keys.unique().sort_values()
        elderly = homes["elderly_60plus"].to_numpy(dtype=np.float64)
        first = ~keys.duplicated()
        at = gpd.GeoSeries(homes.geometry.array[first], index=keys[first], crs=homes.crs)
        return cls(
            elders, evaluation.reach.placed.estates, places, places.get_indexer(keys), elderly,
            at.reindex(places),
        )

    def estate_shares(self, outcome: Outcome) -> "pd.Series[float]":
        """Return the part of each estate within the limit, by id; NaN where it has no place."""
        shares = self.elders.place_shares(outcome.reached.within)[: len(self.estates)]
        return pd.Series(shares, index=self.estates)

    def left(self, outcome: Outcome) -> "pd.Series[float]":
        """Return the people aged 60+ out of reach at each place where any number is known."""
        out_of_reach = self.elderly * (1 - self.elders.shares(outcome.reached.within))
        known = ~np.isnan(out_of_reach)
        some = np.bincount(self.of_home[known], minlength=len(self.places)) > 0
        people = np.bincount(
            self.of_home[known], out_of_reach[known], minlength=len(self.places)
        )
        return pd.Series(people, index=self.places)[some]


def changed(before: "pd.Series[float]", after: "pd.Series[float]") -> "pd.Series[float]":
    """Return the rows of `after` that differ from `before`; both have the same index."""
    differs = (after - before).abs() > SAME
    return after[differs]
