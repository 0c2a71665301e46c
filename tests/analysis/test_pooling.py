"""Confirmed pools: a facility and an estate serve one pool only, and pooled area counts once."""

import datetime as dt
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point, box

from analysis.pooling.confirmed import may_pool
from analysis.provision.check import Provision, check_provision
from analysis.rulebook import Rulebook

METRIC = "EPSG:4549"
ON = dt.date(2025, 12, 31)


@dataclass(frozen=True)
class Confirmed:
    """A pool that a document confirms."""

    name: str
    estates: tuple[str, ...]
    facilities: tuple[str, ...]
    date: dt.date | None = None


def homes(**care_m2: float) -> gpd.GeoDataFrame:
    """Return built estates of 500 households, which owe 100 m² each, with their own area."""
    return gpd.GeoDataFrame(
        {
            "id": [*care_m2], "name": [*care_m2], "kind": "built", "households": 500.0,
            "care_floor_area_m2": [*care_m2.values()], "care_area_basis": "building",
            "care_status": "operating",
        },
        geometry=[box(200 * k, 0, 200 * k + 100, 100) for k in range(len(care_m2))],
        crs=METRIC,
    )  # fmt: skip


def rooms(**floor_m2: float) -> gpd.GeoDataFrame:
    """Return stations that are no estate's, with their area."""
    return gpd.GeoDataFrame(
        {
            "id": [*floor_m2], "name": [*floor_m2], "category": "community_station",
            "status": "operating", "floor_area_m2": [*floor_m2.values()],
        },
        geometry=[Point(-900, 100 * k) for k in range(len(floor_m2))],
        crs=METRIC,
    )  # fmt: skip


def check(
    estates: gpd.GeoDataFrame, stations: gpd.GeoDataFrame, *pools: Confirmed, minutes: float = 3
) -> Provision:
    return check_provision(
        estates,
        stations,
        Rulebook.load(["chifeng"]),
        on=ON,
        assume=None,
        pools=pools,
        walks={
            (estate, station): minutes for estate in estates["id"] for station in stations["id"]
        },
    )


def verdicts(provision: Provision) -> list[str]:
    return provision.table["verdict"].tolist()


def test_a_facility_serves_the_first_pool_in_the_file_only() -> None:
    pools = (Confirmed("A", ("r1",), ("f1",)), Confirmed("B", ("r2",), ("f1",)))
    provision = check(homes(r1=0, r2=0), rooms(f1=100), *pools)
    assert verdicts(provision) == ["met_pooled", "short"]
    assert provision.table["deficit_m2"].tolist() == [0, 100]
    assert [(f.severity, f.value) for f in provision.findings] == [("warning", "B")]
    assert "f1" in str(provision.findings[0].message)
    assert verdicts(check(homes(r1=0, r2=0), rooms(f1=100), *pools[::-1])) == [
        "short",
        "met_pooled",
    ]


def test_an_estate_is_in_the_first_pool_in_the_file_only() -> None:
    pools = (Confirmed("A", ("r1",), ("f1",)), Confirmed("B", ("r1", "r2"), ("f2",)))
    provision = check(homes(r1=0, r2=0), rooms(f1=60, f2=200), *pools)
    assert verdicts(provision) == ["short", "met_pooled"]
    assert provision.table["deficit_m2"].tolist() == [40, 0]
    assert [(f.severity, f.value) for f in provision.findings] == [("warning", "B")]


def test_a_pool_confirmed_later_than_the_study_keeps_nothing() -> None:
    later = Confirmed("A", ("r1",), ("f1",), date=dt.date(2026, 1, 1))
    provision = check(homes(r1=0, r2=0), rooms(f1=100), later, Confirmed("B", ("r2",), ("f1",)))
    assert verdicts(provision) == ["short", "met_pooled"]


@pytest.mark.parametrize(("minutes", "verdict"), [(5.0, "met_pooled"), (5.05, "short")])
def test_five_minutes_are_near_enough_and_no_more(minutes: float, verdict: str) -> None:
    pool = Confirmed("A", ("r1",), ("f1",))
    assert verdicts(check(homes(r1=0), rooms(f1=100), pool, minutes=minutes)) == [verdict]


@pytest.mark.parametrize(("area", "verdict"), [(200.0, "met_pooled"), (199.996, "short")])
def test_a_pool_is_compared_unrounded(area: float, verdict: str) -> None:
    provision = check(homes(r1=0, r2=0), rooms(f1=area), Confirmed("A", ("r1", "r2"), ("f1",)))
    assert verdicts(provision) == [verdict] * 2


def test_pooled_area_is_told_once_beside_the_estates_own() -> None:
    pools = (Confirmed("A", ("r1",), ("f1",)), Confirmed("B", ("r2",), ("f1", "f2")))
    provision = check(homes(r1=0, r2=0, r3=100), rooms(f1=120, f2=30, f3=900), *pools)
    # B keeps f2 alone: 30 of 100. Nobody's pool names f3.
    assert verdicts(provision) == ["met_pooled", "short", "met"]
    assert provision.pooled_m2 == 150
    assert provision.table["provided_m2"].tolist() == [0, 0, 100]


def test_rooms_that_a_ledger_may_tell_of_are_not_pooled_again() -> None:
    provision = check(homes(r1=0, r2=200), rooms(f1=200), Confirmed("A", ("r1", "r2"), ("f1",)))
    assert verdicts(provision) == ["met_pooled", "met"]
    assert provision.pooled_m2 == 0


def test_area_that_stands_in_for_nobody_is_not_pooled() -> None:
    pool = Confirmed("A", ("r1", "r2"), ("f1",))
    too_far = check(homes(r1=0, r2=0), rooms(f1=200), pool, minutes=6)
    assert (verdicts(too_far), too_far.pooled_m2) == (["short", "short"], 0)
    alone = check(homes(r1=100, r2=100), rooms(f1=500), pool)
    assert (verdicts(alone), alone.pooled_m2) == (["met", "met"], 0)


@pytest.mark.parametrize(
    ("pack", "expected"),
    [
        ("chifeng", [True, True, True]),
        ("anhui", [True, True, True]),
        ("guizhou", [False, True, None]),
    ],
)
def test_packs_say_which_kinds_may_pool(pack: str, expected: list[bool | None]) -> None:
    kinds = pd.Series(["new", "built", None], dtype="str")
    found = may_pool(kinds, Rulebook.load([pack]), on=ON)
    pd.testing.assert_series_equal(found, pd.Series(expected, dtype="boolean"))


def test_before_any_rule_everybody_may_pool() -> None:
    kinds = pd.Series(["new", "built", None], dtype="str")
    assert may_pool(kinds, Rulebook.load([]), on=dt.date(2021, 12, 29)).tolist() == [True] * 3
