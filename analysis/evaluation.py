"""The evaluation: one study, all its numbers; the only place where they are brought together."""

import platform
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any, Final, Literal

import geopandas as gpd
import pandas as pd

from analysis.coverage.land import estates_and_land
from analysis.coverage.table import band, coverage_summary, coverage_table
from analysis.coverage.tally import Tally, tally
from analysis.detail import Detail
from analysis.districts.beds import bed_findings
from analysis.indicators.indicator import Indicator
from analysis.indicators.ledger import ledger_findings
from analysis.indicators.table import indicator_table, indicators
from analysis.people.living import home_shares, places_and_homes
from analysis.people.locating import Located, locate_people
from analysis.people.told import people_told
from analysis.placing.unplaced import unplaced_facilities
from analysis.pooling.walks import pool_walks
from analysis.provision.check import Provision, check_provision
from analysis.provision.doubted import confirmed_households
from analysis.provision.rates import provision_summary
from analysis.rulebook import Rulebook
from analysis.study import Progress, Study
from analysis.walking.catchments import Outlines, catchments
from analysis.walking.edges import edge_of_study
from analysis.walking.kept_land import has_land
from analysis.walking.placing import Placed, place_study, streets_to_step_onto
from analysis.walking.reach import Reach, walk_everywhere
from geo.findings import Finding
from geo.language import say
from geo.side_by_side import beside

BAND_MIN: Final = (5.0, 10.0, 15.0)
_LIBRARIES = ("carecircle", "geopandas", "shapely", "pyproj", "numpy", "numba", "osmium")


@dataclass(frozen=True, eq=False)
class Evaluation:
    """All numbers of one study, and what stands behind them.

    places, coverage, provision, indicators
        The tables of the terminal contract, one row a place, area, estate, indicator.
    homes
        Points where people live, in metres, with `share` and `reachable`.
    outlines
        Polygons within 5, 10 and 15 minutes of any facility that counts, in WGS84;
        `isochrones` waits until they are drawn.
    counted
        Ids of the facilities that count for the circle.
    figures
        The indicators, each with its rule.
    reach, located
        The walks of every place, and who lives where.
    detail
        The further tables, each made when it is asked for.
    walked
        `coverage` of what the headline counts: without rural places, where walking is no measure;
        None where it counts all of them.
    """

    study: Study
    rulebook: Rulebook
    places: pd.DataFrame
    homes: gpd.GeoDataFrame
    coverage: pd.DataFrame
    provision: pd.DataFrame
    indicators: pd.DataFrame
    outlines: Outlines
    findings: tuple[Finding, ...]
    summary: dict[str, Any]
    parameters: dict[str, Any]
    counted: tuple[str, ...]
    figures: tuple[Indicator, ...]
    reach: Reach
    located: Located
    detail: Detail
    walked: pd.DataFrame | None = None

    @property
    def headline_coverage(self) -> pd.DataFrame:
        """Return the table of coverage whose first row are the figures of the headline."""
        return self.coverage if self.walked is None else self.walked

    @property
    def isochrones(self) -> gpd.GeoDataFrame:
        """Return the outlines once they are drawn; empty where the study is too large."""
        return self.outlines.result()


def evaluate(
    study: Study,
    *,
    progress: Progress | None = None,
    draw: Literal["beside", "when asked"] = "beside",
) -> Evaluation:
    """Return the evaluation of a study.

    draw
        Whether the outlines are drawn beside the other work, or once `isochrones` is asked for.

    Errors: StreetsError where the streets do not cover the study; RuleError for a bad pack.
    """
    began = time.perf_counter()
    tell = progress or (lambda _what, _part: None)
    tell(say("读取规则"), 0.0)
    rulebook = Rulebook.load(study.description.rules, folder=study.path.parent)
    tell(say("安置人口"), 0.1)
    streets = beside(lambda: streets_to_step_onto(study))
    located = _locate(study, rulebook)
    tell(say("连接道路"), 0.2)
    placed = place_study(study, located.homes[located.estate < 0], streets=streets())
    tell(say("计算步行时间"), 0.4)
    reach = walk_everywhere(study, placed)
    outlines = Outlines(lambda: catchments(study, reach, minutes=_drawn(study)))
    if draw == "beside":  # they take longest and need nothing that follows
        outlines.begin()
    places, homes = places_and_homes(study, reach, located)
    tell(say("汇总覆盖情况"), 0.5)
    estates, land = estates_and_land(study, reach, places)
    boundaries = study.layer("boundaries")
    counts = tally(homes, estates, land, boundaries, estate=located.estate)
    extent = beside(
        lambda: (edge_of_study(study, homes, counts.people.where), _too_large(study, reach))
    )
    coverage = coverage_table(counts, boundaries)
    tell(say("核查配建"), 0.6)
    provision = _provision(study, rulebook, placed)
    figures = _figures(study, rulebook, provision, placed=placed, located=located)
    table = indicator_table(figures)
    tell(say("汇总指标"), 0.9)
    edge, too_large = extent()
    summary = {
        "title": study.description.title,
        "on": study.on.isoformat(),
        "notice": study.notice,
        "parameters": _parameters(study, located),
        "coverage": {
            **coverage_summary(counts, boundaries=boundaries, unlocated=located.unlocated),
            **edge.summary(),
            "lower_bound": edge.lower_bound or unplaced_facilities(study) > 0,
        },
        "band": _band(reach, located, counts),
        "provision": provision_summary(
            provision.table, study.layer("residential"), rulebook, on=study.on,
            least=provision.deficit_least_m2,
        ),
        "indicators": _summary_of(table),
        "seconds": round(time.perf_counter() - began, 3),
    }
    tell(say("完成"), 1.0)
    return Evaluation(
        study=study,
        rulebook=rulebook,
        places=places,
        homes=homes,
        coverage=coverage,
        provision=provision.table,
        indicators=table,
        figures=figures,
        outlines=outlines,
        findings=(
            *study.findings, *located.findings, *placed.findings, *edge.findings,
            *provision.findings, *bed_findings(study.layer("facilities")),
            *ledger_findings(study.description.indicators, rulebook, on=study.on), *too_large,
        ),
        summary=summary,
        parameters=_all_parameters(study, rulebook, located),
        counted=placed.counted,
        reach=reach,
        located=located,
        detail=Detail(
            study, rulebook, reach, located, homes, coverage, provision, figures
        ),
        walked=_walked(counts, boundaries),
    )  # fmt: skip


def _walked(counts: Tally, boundaries: gpd.GeoDataFrame | None) -> pd.DataFrame | None:
    """Return the coverage of what the headline counts; None where that is everything."""
    if not counts.people.where.rural.any() and not counts.estates.where.rural.any():
        return None
    return coverage_table(counts.without_rural(), boundaries)


def _drawn(study: Study) -> tuple[float, ...]:
    return (*BAND_MIN, study.description.walking.limit_min)


def _provision(study: Study, rulebook: Rulebook, placed: Placed) -> Provision:
    residential = study.layer("residential")
    return check_provision(
        residential,
        study.layer("facilities"),
        rulebook,
        on=study.on,
        assume=study.description.assume,
        pools=study.description.pools,
        walks=pool_walks(study, placed),
        settings=study.description.provision,
        confirmed=confirmed_households(
            study.findings, residential, study.headers.get("residential", {}),
            study.files.get("residential", ()),
        ),
    )  # fmt: skip


def _figures(
    study: Study, rulebook: Rulebook, provision: Provision, *, placed: Placed, located: Located
) -> tuple[Indicator, ...]:
    return indicators(
        provision.table,
        study.layer("boundaries"),
        study.layer("facilities"),
        rulebook,
        on=study.on,
        counted=placed.counted,
        pooled_m2=provision.pooled_m2,
        entered=study.description.indicators,
        residential=study.layer("residential"),
        land=study.layer("care_land"),
        located=located,
        nearby=study.description.nearby,
        people=people_told(study, located),
        covers=study.description.covers,
    )


def _too_large(study: Study, reach: Reach) -> list[Finding]:
    if has_land(study, reach.placed, reach_m=reach.search.horizon_mm / 1000):
        return []
    message = say("研究范围过大，未绘制服务圈范围图；其余结果不受影响。")
    return [Finding("warning", "streets", message, say("请按城区分别建立研究。"))]


def _locate(study: Study, rulebook: Rulebook) -> Located:
    size = household_size(study, rulebook)
    return locate_people(
        study.layers, people=study.description.people, household_size=size, crs=study.crs
    )


def household_size(study: Study, rulebook: Rulebook) -> float:
    """Return the people of a household: the study's, else the rule pack's."""
    stated = study.description.people.household_size
    if stated is not None:
        return stated
    # A census figure is a fact, not a duty: before its date the earliest known one serves.
    known = [rule for rule in rulebook.rules if rule.key == "household_size"]
    rule = rulebook.find("household_size", "all", study.on)
    return (rule or min(known, key=lambda rule: rule.in_force_from)).value


def _band(reach: Reach, located: Located, counts: Tally) -> dict[str, float | None]:
    """Return the headline share under the slow and fast end and the planning norm."""
    readings = [reading for reading in reach.budgets if reading != "headline"]
    shares = {reading: home_shares(reach, located, reading) for reading in readings}
    return band(counts, shares)


def _parameters(study: Study, located: Located) -> dict[str, Any]:
    walking = study.description.walking.model_dump(mode="json")
    people = study.description.people.model_dump(mode="json")
    return {
        **walking,
        "people_source": located.source,
        "people": people,
        "assume": study.description.assume.model_dump(mode="json"),
        "rules": list(study.description.rules),
        "crs": study.crs.to_string(),
    }


def _all_parameters(study: Study, rulebook: Rulebook, located: Located) -> dict[str, Any]:
    """Return everything needed to make these numbers again."""
    return {
        "title": study.description.title,
        "on": study.on.isoformat(),
        "parameters": _parameters(study, located),
        "description": study.description.model_dump(mode="json"),
        "scenarios": [dict(scenario) for scenario in study.scenarios],
        "rules": rulebook.rules_used(study.on),
        "inputs_sha256": dict(study.inputs),
        "network": {
            "streets": len(study.network),
            "nodes": len(study.network.x),
            "kilometres": round(float(study.network.length_mm.sum()) / 1e6, 3),
            "source_sha256": study.network.origin.get("sha256"),
        },
        "versions": {
            "python": platform.python_version(),
            **_versions(),
        },
    }


@cache
def _versions() -> Mapping[str, str]:
    return {name: version(name) for name in _LIBRARIES}


def _summary_of(indicators: pd.DataFrame) -> list[dict[str, Any]]:
    wanted = indicators[["key", "value", "target", "unit", "met", "clause"]]
    return [
        {str(key): None if pd.isna(value) else value for key, value in row.items()}
        for row in wanted.astype(object).to_dict("records")
    ]
