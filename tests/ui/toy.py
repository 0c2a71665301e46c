"""A toy city of eight estates and four facilities, evaluated by hand, with hostile names."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS
from shapely import Point, box

from analysis.description import StudyDescription
from analysis.evaluation import Evaluation
from analysis.provision.check import Provision
from analysis.rulebook import Rulebook
from analysis.study import Study
from analysis.walking.catchments import Outlines
from geo.findings import Finding
from geo.language import say
from geo.streets import WalkNetwork

EAST, NORTH = 414_000.0, 4_680_000.0
METRIC = CRS.from_epsg(4549)
HOSTILE = '<img src=x onerror="window.__xss=1">'
BACKTICK = "${window.__xss=2}`;window.__xss=3//</script><script>window.__xss=4</script>"

RULE = "chifeng/care_floor_area_per_100_households/new/2023-08-25"


def toy_evaluation() -> Evaluation:
    """Return the evaluation of the toy city."""
    study = Study(
        description=StudyDescription.model_validate(
            {
                "title": f"测试城 {HOSTILE}",
                "on": date(2025, 12, 31),
                "notice": "街道、小区与设施为模拟数据",
                "streets": {"path": "streets.geojson", "source": "模拟道路"},
            }
        ),
        path=Path("toy.study.toml"),
        crs=METRIC,
        layers={
            "residential": _estates(),
            "facilities": _facilities(),
            "boundaries": _boundaries(),
        },
        network=_network(),
    )
    homes = _homes()
    return Evaluation(
        study=study, rulebook=Rulebook.load(["chifeng"]), places=_places(), homes=homes,
        coverage=_coverage(), provision=_provision(),
        indicators=pd.DataFrame(), outlines=_outlines(),
        findings=(
            Finding("info", "residential", say("无关紧要")),
            Finding("warning", "residential", say("户数读作 500"), file="小区.csv", row=3),
        ),
        summary=_summary(), parameters={"walking": {"speed_m_per_s": 0.9}},
        counted=("f1", "f2"), figures=(), reach=_no_walks(),
        located=SimpleNamespace(
            source="population",
            homes=pd.DataFrame({"unit_id": ["p1", "p2"], "elderly_60plus": [800.0, 600.0]}),
        ),
        detail=SimpleNamespace(check=Provision(_provision(), ())),
    )


def _no_walks() -> Any:  # noqa: ANN401
    """Return what no route can be read from: the figures of this city are written by hand."""
    return SimpleNamespace(placed=SimpleNamespace(estates=pd.Index([], dtype=object)))


def _estates() -> gpd.GeoDataFrame:
    column, row = np.arange(8) % 4, np.arange(8) // 4
    squares = [
        box(EAST + 400 * i, NORTH + 400 * j, EAST + 400 * i + 300, NORTH + 400 * j + 300)
        for i, j in zip(column, row, strict=True)
    ]
    names = ["一号院", HOSTILE, BACKTICK, "四号院", "五号院", "六号院", "七号院", None]
    return gpd.GeoDataFrame(
        {"id": [f"r{n}" for n in range(1, 9)], "name": names, "row": range(2, 10)},
        geometry=squares, crs=METRIC,
    )


def _facilities() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "id": ["f1", "f2", "f3", "f4"],
            "name": ["一站", HOSTILE, "三院", "四学"],
            "category": ["community_station", "day_care", "care_home", "elder_university"],
            "status": ["operating", "operating", "planned", "operating"],
            "floor_area_m2": [250.0, np.nan, 3000.0, 800.0],
        },
        geometry=[Point(EAST + 350 + 400 * n, NORTH + 350) for n in range(4)], crs=METRIC,
    )


def _boundaries() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"id": ["b1"], "name": [HOSTILE], "level": ["street"]},
        geometry=[box(EAST - 50, NORTH - 50, EAST + 1650, NORTH + 850)], crs=METRIC,
    )


def _network() -> WalkNetwork:
    x = np.array([0.0, 1600.0, 0.0, 1600.0]) + EAST
    y = np.array([350.0, 350.0, 0.0, 0.0]) + NORTH
    return WalkNetwork(
        crs=METRIC, x=x, y=y,
        tail=np.array([0, 2], dtype=np.int32), head=np.array([1, 3], dtype=np.int32),
        length_mm=np.array([1_600_000, 1_600_000]), oneway=np.zeros(2, dtype=np.int8),
        private=np.zeros(2, dtype=bool), kind=np.array([0, -1], dtype=np.int8),
        vertex_xy=np.column_stack([x, y]), vertex_start=np.array([0, 2, 4]), kinds=("primary",),
    )


def _places() -> pd.DataFrame:
    minutes = [2.0, 5.0, 5.1, 14.9, 15.1, 29.0, 45.0, np.nan]
    return pd.DataFrame(
        {
            "place_id": [f"r{n}" for n in range(1, 9)], "layer": "residential",
            "minutes": minutes, "share": [1.0, 1.0, 1.0, 0.75, 0.25, 0.0, 0.0, 0.0],
            "nearest_facility_id": ["f1", "f2", "f1", "f1", "f2", "f2", "f2", ""],
            "off_street_m": 10.0, "reachable": [True] * 7 + [False], "exit": "street",
            "reason": [""] * 7 + ["off_street_too_far"],
        }
    )


def _homes() -> gpd.GeoDataFrame:
    estates = _estates()
    return gpd.GeoDataFrame(
        {
            "home_id": estates["id"], "place_layer": "residential", "place_id": estates["id"],
            "unit_id": estates["id"], "population": 1000.0,
            "elderly_60plus": [200.0] * 7 + [np.nan],
            "share": [1.0, 1.0, 1.0, 0.75, 0.25, 0.0, 0.0, 0.0],
        },
        geometry=estates.geometry.centroid, crs=METRIC,
    )


def _provision() -> pd.DataFrame:
    verdicts = ["met", "short", "unknown", "met_pooled", "short", "met", "met", "unknown"]
    return pd.DataFrame(
        {
            "residential_id": [f"r{n}" for n in range(1, 9)], "name": _estates()["name"],
            "street": "街道", "kind": "new", "in_scope": [True] * 7 + [False],
            "scope_reason": [""] * 7 + ["not_housing"],
            "households": [1250.0, 1000.0, np.nan, 800, 800, 100, 60, np.nan],
            "required_m2": [250.0, 200.0, np.nan, 160, 160, 20, 12, np.nan],
            "provided_m2": [250.0, 130.0, 300.0, 0, 0, 20, 12, np.nan],
            "deficit_m2": [0.0, 70.0, np.nan, 0, 160, 0, 0, np.nan],
            "verdict": verdicts, "reasons": ["", "", "households_unknown", "", "", "", "", ""],
            "rule": RULE,
        }
    )


def _coverage() -> pd.DataFrame:
    row = {
        "elderly_60plus": 1400.0, "covered_60plus": 800.0, "share_60plus": 800 / 1400,
        "population": 8000.0, "covered_population": 4000.0, "share_population": 0.5,
        "residential_m2": 720_000.0, "covered_residential_m2": 360_000.0,
        "areas": 8, "covered_areas": 4, "partly_areas": 2,
        "households": 4010.0, "covered_households": 2000.0,
    }
    nobody = dict.fromkeys(row, 0) | {"share_60plus": np.nan, "share_population": np.nan}
    return pd.DataFrame(
        [
            {"area_id": "ALL", "level": "study", "name": "ALL", **row},
            {"area_id": "b1", "level": "street", "name": HOSTILE, **row},
            {"area_id": "OUTSIDE", "level": "street", "name": "OUTSIDE", **nobody},
        ]
    )


def _outlines() -> Outlines:
    return Outlines(_isochrones)


def _isochrones() -> gpd.GeoDataFrame:
    middle = Point(EAST + 500, NORTH + 350)
    return gpd.GeoDataFrame(
        {"minutes": [5.0, 10.0, 15.0]},
        geometry=[middle.buffer(270 * n) for n in (1, 2, 3)], crs=METRIC,
    ).to_crs("EPSG:4326")


def _summary() -> dict[str, object]:
    return {
        "coverage": {
            "lower_bound": False, "edge_60plus": 0,
            "share_60plus": 800 / 1400, "share_areas": 0.5, "share_population": 0.5,
            "areas": 8, "covered_areas": 4,
            "elderly_60plus": 1400, "covered_60plus": 800,
            "unreachable_60plus": 0, "unlocated_60plus": 12,
        },
        "band": {"0.8": 0.5, "1.0": 0.6125, "norm_1000m": 0.66},
        "provision": {
            "areas": 8, "in_scope": 7, "met": 3, "met_pooled": 1, "short": 2, "unknown": 1,
            "assumed": 0, "deficit_m2": 230.0, "rate": 4 / 6, "rate_own": 0.5,
            "rate_floor": 4 / 7, "rate_new": 4 / 6, "rate_2014": 4 / 6,
        },
    }
