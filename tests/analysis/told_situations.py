"""Situations that a civil servant can read, made into layers and checked."""

import datetime as dt
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point, box

from analysis.description import ProvisionSettings
from analysis.provision.check import Provision, check_provision
from analysis.rulebook import Rulebook

SITUATIONS = Path(__file__).resolve().parent.parent / "situations"
METRIC = "EPSG:4549"
ON = date(2025, 12, 31)

ESTATE = {
    "小区": "name", "户数": "households", "养老用房面积": "care_floor_area_m2",
    "口径": "care_area_basis", "状态": "care_status", "规划面积": "care_planned_m2",
    "性质": "kind", "规划条件": "conditions_on", "出让": "land_granted_on",
    "许可": "permitted_on", "竣工": "completed_on", "已交付户数": "delivered_households",
    "项目": "project_id", "分期": "phase", "交付": "handed_over_on", "街道": "street",
}  # fmt: skip
FACILITY = {
    "设施": "name",
    "类别": "category",
    "建筑面积": "floor_area_m2",
    "分摊面积": "allocated_m2",
    "服务小区": "serves",
    "运营状态": "status",
    "验收": "accepted_on",
    "移交日期": "handed_over_on",
    "位于": "stands_in",
    "楼层": "floor",
    "电梯": "lift",
    "投用": "opened_on",
    "停业": "closed_on",
    "床位": "beds",
    "护理型床位": "nursing_beds",
    "离小区": "metres_off",
}
CANDIDATE = {
    "备选点": "name",
    "类型": "kind",
    "面积": "area_m2",
    "费用": "cost_wan",
    "楼层": "floor",
    "电梯": "lift",
    "禁选": "forbidden",
    "可用年限": "available_years",
    "类别": "category",
}
SETTINGS = {
    "户数进位": "household_step", "免配下限": "exempt_below", "主用房比例": "main_room_share",
    "服务距离上限": "serves_within_m", "沉默月数": "silent_months",
}  # fmt: skip
WORDS = {
    "建筑面积": "building", "使用面积": "usable", "已投用": "operating", "运营": "operating",
    "规划": "planned", "在建": "building", "挪用": "misused", "停用": "closed",
    "新建": "new", "已建成": "built", "有": True, "无": False, "": None,
}  # fmt: skip
VERDICTS = {"达标": "met", "统筹达标": "met_pooled", "不达标": "short", "无法判定": "unknown"}
DATES = ["conditions_on", "land_granted_on", "permitted_on", "completed_on", "accepted_on",
         "handed_over_on", "opened_on", "closed_on"]  # fmt: skip


@dataclass(frozen=True)
class Assumed:
    """What a study assumes."""

    care_area_basis: str | None = None
    care_status: str | None = None


@dataclass(frozen=True)
class Confirmed:
    """A pool that a document confirms."""

    estates: tuple[str, ...]
    facilities: tuple[str, ...]
    name: str = "统筹组"
    date: dt.date | None = None


def situations(*files: str) -> Iterator[Any]:
    """Yield the situations of some files, of all where none is named."""
    for path in sorted(SITUATIONS.glob("*.toml")):
        if files and path.stem not in files:
            continue
        for situation in tomllib.loads(path.read_text(encoding="utf-8"))["situation"]:
            yield pytest.param(situation, id=f"{path.stem}-{situation['title']}")


def estates(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    """Estates as 100 m squares in a row; what is not told is the plainest case."""
    plain = {"口径": "建筑面积", "状态": "已投用", "性质": "已建成"}
    frame = _frame([{**plain, **row} for row in rows], ESTATE)
    frame["id"] = frame["name"]
    squares = [box(200 * i, 0, 200 * i + 100, 100) for i in range(len(frame))]
    return gpd.GeoDataFrame(frame, geometry=squares, crs=METRIC)


def facilities(rows: list[dict[str, Any]], homes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Facilities in the middle of the estate they stand in, else west of the first estate."""
    frame = _frame([{"运营状态": "运营", **row} for row in rows], FACILITY)
    middle = homes.set_index("name").geometry.centroid
    points = [middle.get(row.get("位于"), Point(-row.get("离小区", 300), 50)) for row in rows]
    frame["id"] = frame["name"]
    if "lift" in frame:
        frame["lift"] = frame["lift"].astype("boolean")
    return gpd.GeoDataFrame(frame, geometry=points, crs=METRIC)


def candidates(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    """Candidates, wherever they are."""
    frame = _frame(rows, CANDIDATE)
    frame["id"] = frame["name"]
    for flag in {"lift", "forbidden"} & set(frame.columns):
        frame[flag] = frame[flag].astype("boolean")
    return gpd.GeoDataFrame(frame, geometry=[Point(0, 900)] * len(frame), crs=METRIC)


def positions(rows: list[dict[str, Any]], kind: str, *names: pd.Series) -> pd.DataFrame:
    """Return walks told by name as walks by position: estate, `kind`, minutes."""
    where = [pd.Index(each) for each in names]
    header = {"facility": "设施", "candidate": "备选点"}[kind]
    told = [row for row in rows if header in row]
    return pd.DataFrame(
        {
            "estate": [where[0].get_loc(row["小区"]) for row in told],
            kind: [where[1].get_loc(row[header]) for row in told],
            "minutes": [float(row["分钟"]) for row in told],
        }
    ).astype({"estate": "int64", kind: "int64"})


def _frame(rows: list[dict[str, Any]], headers: dict[str, str]) -> pd.DataFrame:
    told = [{headers[k]: WORDS.get(v, v) if isinstance(v, str) else v for k, v in row.items()}
            for row in rows]  # fmt: skip
    frame = pd.DataFrame(told)
    for name in set(DATES) & set(frame.columns):
        frame[name] = pd.to_datetime(frame[name])
    return frame.assign(row=range(2, len(frame) + 2))


@cache
def rulebook_of(rules: str) -> Rulebook:
    return Rulebook.load([rules], folder=SITUATIONS / "packs")


_ANSWERS: dict[str, Provision] = {}


def run(situation: dict[str, Any]) -> Provision:
    """Return the check of a situation, worked out once; no test may change it."""
    told = repr(situation)
    if told not in _ANSWERS:
        _ANSWERS[told] = _run(situation)
    return _ANSWERS[told]


def _run(situation: dict[str, Any]) -> Provision:
    homes = estates(situation["estates"])
    rooms = situation.get("facilities")
    return check_provision(
        homes,
        facilities(rooms, homes) if rooms else None,
        rulebook_of(situation.get("rules", "chifeng")),
        on=situation.get("on", ON),
        assume=Assumed(**situation.get("assume", {})),
        pools=[
            Confirmed(tuple(pool["小区"]), tuple(pool["设施"]))
            for pool in situation.get("pools", [])
        ],
        walks={(w["小区"], w["设施"]): w["分钟"] for w in situation["walks"]}
        if "walks" in situation
        else None,
        settings=ProvisionSettings(
            **{SETTINGS[word]: value for word, value in situation.get("parameters", {}).items()}
        ),
    )
