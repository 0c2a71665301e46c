"""What is looked at only when somebody asks: every further table of an evaluation.

Coverage and verdicts come at once; these take walks or sums of their own, and most readers of a
map never open them. Each is worked out once, from the same places, walks and rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import pandas as pd

from analysis.coverage.adequacy import Adequacy, adequacy
from analysis.coverage.equity import Equity, equity
from analysis.districts.beds import bed_table, everybody_60plus
from analysis.districts.care_land import care_land
from analysis.districts.neighbours import neighbour_table
from analysis.districts.presence import county_table, rural_network
from analysis.districts.standing import Standing
from analysis.districts.station_walks import station_walks
from analysis.districts.stock import stock_table
from analysis.districts.street_centres import street_table
from analysis.districts.tiers import community_tiers
from analysis.future.forecast import Projection, forecast_of
from analysis.future.street_demand import StreetDemand, street_demand
from analysis.indicators.indicator import Indicator
from analysis.indicators.ledger import ledger_table
from analysis.people.locating import Located
from analysis.pooling.proposals import CareLayers, NearWalks, propose_pools
from analysis.provision.check import Provision
from analysis.provision.estate_review import Looked, estate_review
from analysis.provision.synchrony import synchrony
from analysis.rule_keys import POOL_WALK
from analysis.rulebook import Rulebook
from analysis.study import Study
from analysis.walking.near_walks import near_walks
from analysis.walking.reach import Reach
from geo.findings import Finding


@dataclass(frozen=True, eq=False)
class Detail:
    """The further tables of one evaluation, each made when it is first asked for.

    check
        The provision check with what stands behind its table.
    """

    study: Study
    rulebook: Rulebook
    reach: Reach
    located: Located
    homes: gpd.GeoDataFrame
    coverage: pd.DataFrame
    check: Provision
    figures: tuple[Indicator, ...]

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """Return every indicator with its quote, gap, office and source."""
        return ledger_table(self.figures, on=self.study.on)

    @cached_property
    def pools(self) -> pd.DataFrame:
        """Return proposed pools; they change no verdict."""
        return propose_pools(
            self.check, self._layers, self._near, self.rulebook,
            on=self.study.on, pools=self.study.description.pools,
        )  # fmt: skip

    @cached_property
    def estates(self) -> pd.DataFrame:
        """Return the review of every estate: cohort, steps, warnings, remedy."""
        residential = self._layers.residential
        steps = synchrony(
            self.check, residential, self._layers.facilities, self.rulebook,
            on=self.study.on, settings=self.study.description.provision,
        )  # fmt: skip
        return estate_review(
            self.check, self._layers, self._near, self.rulebook,
            on=self.study.on, looked=Looked(steps, self.pools),
        )  # fmt: skip

    @cached_property
    def tiers(self) -> pd.DataFrame:
        """Return the three tiers of every community."""
        return community_tiers(
            self._standing,
            self.study.layer("residential"),
            counted=self.reach.placed.counted,
            coverage=self.coverage,
        )

    @cached_property
    def streets(self) -> pd.DataFrame:
        """Return every street with its centre and what that can do."""
        return street_table(self._standing, self.rulebook, on=self.study.on)

    @cached_property
    def stations(self) -> pd.DataFrame:
        """Return the walk from every station to the centre of its street."""
        return station_walks(self.study, self.reach.placed)

    @cached_property
    def counties(self) -> pd.DataFrame:
        """Return what every county has to have."""
        covers = self.study.description.covers
        return county_table(self._standing, whole=covers != "part")

    @cached_property
    def rural(self) -> pd.DataFrame:
        """Return the four kinds of the rural network by county."""
        return rural_network(self._standing)

    @cached_property
    def beds(self) -> pd.DataFrame:
        """Return beds of the study, of counties and of streets."""
        elderly = everybody_60plus(self.located, self.study.layer("boundaries"))
        return bed_table(
            self._standing, self.rulebook, on=self.study.on,
            elderly_60plus=elderly, coverage=self.coverage,
        )  # fmt: skip

    @cached_property
    def land(self) -> pd.DataFrame:
        """Return land for care by planning unit, else by street."""
        study = self.study
        return care_land(
            study.layer("boundaries"), study.layer("care_land"), study.layer("facilities"),
            self.rulebook, on=study.on,
        ).table  # fmt: skip

    @cached_property
    def neighbours(self) -> pd.DataFrame:
        """Return what stands next to every care facility: health and childcare."""
        return neighbour_table(self._standing, self.study.description.nearby)

    @cached_property
    def candidates(self) -> pd.DataFrame:
        """Return the candidates, usable ones first, with what speaks against the others."""
        return stock_table(self.study.layer("candidates"), self.rulebook, on=self.study.on)

    @cached_property
    def adequacy(self) -> Adequacy:
        """Return floor area and beds for each elder in reach."""
        return adequacy(self.study, self.reach, self.located, self.coverage)

    @cached_property
    def equity(self) -> Equity:
        """Return whom the circle leaves out, the oldest first."""
        return equity(self.homes, self.coverage, self.study.layer("boundaries"))

    @cached_property
    def forecast(self) -> Projection | None:
        """Return old people in the years asked for; None where the study names no ages."""
        return forecast_of(self.study, self.rulebook)

    @cached_property
    def demand(self) -> StreetDemand | None:
        """Return old people and beds by street in the years asked for; None without a forecast."""
        if self.forecast is None:
            return None
        return street_demand(
            self.study, self.located, self.coverage, self.forecast, self.rulebook
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return what was noticed while the tables were made."""
        return tuple(self._noticed())

    def _noticed(self) -> Iterator[Finding]:
        yield from self.adequacy.findings
        if self.forecast is not None:
            yield from self.forecast.findings
        if self.demand is not None:
            yield from self.demand.findings

    @cached_property
    def _standing(self) -> Standing:
        return Standing.of(self.study.layer("facilities"), self.study.layer("boundaries"))

    @cached_property
    def _layers(self) -> CareLayers:
        residential, study = self.study.layer("residential"), self.study
        if residential is None:
            residential = self.located.homes.iloc[:0][["geometry"]]
        return CareLayers(residential, study.layer("facilities"), study.layer("candidates"))

    @cached_property
    def _near(self) -> NearWalks:
        rule = self.rulebook.find(POOL_WALK, "all", self.study.on)
        least = 0.0 if rule is None else rule.value
        return near_walks(self.study, self.reach.placed, pool_walk_min=least)

