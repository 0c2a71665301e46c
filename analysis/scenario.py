"""A scenario: what would be opened, closed, moved or enlarged. A value; the baseline is empty."""

import tomllib
from collections import Counter
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely
from pydantic import Field

from analysis.study import Category, Described, Study, Walking, checked
from geo.coordinates import WGS84
from geo.errors import ScenarioError
from geo.findings import Finding
from geo.language import say

NOT_YET: Final = ("link", "gate", "block")


class Opened(Described):
    """A facility to be opened at a WGS84 position, or at a candidate's."""

    name: str
    category: Category
    lon: float | None = Field(default=None, ge=-180, le=180)
    lat: float | None = Field(default=None, ge=-90, le=90)
    candidate_id: str | None = None
    floor_area_m2: float | None = Field(default=None, ge=0)
    beds: float | None = Field(default=None, ge=0)


class Moved(Described):
    """A facility to be moved to a WGS84 position."""

    facility_id: str
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)


class Resized(Described):
    """A facility to be given another floor area or number of beds."""

    facility_id: str
    floor_area_m2: float | None = Field(default=None, ge=0)
    beds: float | None = Field(default=None, ge=0)


class Scenario(Described):
    """Changes to a study; the empty one is the baseline."""

    title: str = ""
    open: tuple[Opened, ...] = ()
    close: tuple[str, ...] = ()
    move: tuple[Moved, ...] = ()
    resize: tuple[Resized, ...] = ()
    walking: dict[str, Any] = Field(default_factory=dict)


def read_scenario(path: Path) -> Scenario:
    """Return the scenario of a TOML file. Errors: ScenarioError naming file, key and value."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ScenarioError(say("{file}：找不到情景文件。请检查路径。", file=str(path))) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ScenarioError(
            say(
                "{file}：情景文件无法读取（{reason}）。请按 TOML 格式改正，编码用 UTF-8。",
                file=path.name,
                reason=str(error).splitlines()[0],
            )
        ) from None
    for key in NOT_YET:
        if key in raw:
            raise ScenarioError(
                say("{file}：本版本还不能计算情景中的“{key}”。请先删除。", file=path.name, key=key)
            )
    with checked(path, error=ScenarioError):
        return Scenario.model_validate(raw)


def apply(scenario: Scenario, study: Study) -> Study:
    """Return the study as it would be. Errors: ScenarioError for ids the study does not have."""
    facilities = study.layers.get("facilities")
    if facilities is None:
        facilities = gpd.GeoDataFrame(
            {"id": pd.Series(dtype=str), "row": pd.Series(dtype=int)}, geometry=[], crs=study.crs
        )
    _require_known(scenario, study, facilities)
    changed = _closed(facilities, scenario)
    changed = _moved(changed, scenario)
    changed = _resized(changed, scenario)
    changed = _opened(changed, scenario, study)
    study = replace(study, layers={**study.layers, "facilities": changed})
    note = Finding("info", "facilities", say("按情景“{title}”计算。", title=scenario.title))
    study = replace(study, findings=(*study.findings, note))
    with checked(Path(scenario.title or "scenario"), "walking", error=ScenarioError):
        Walking.model_validate({**study.description.walking.model_dump(), **scenario.walking})
    return study.with_walking(**scenario.walking)


def _require_known(scenario: Scenario, study: Study, facilities: gpd.GeoDataFrame) -> None:
    named = [*scenario.close, *(m.facility_id for m in scenario.move)]
    named += [r.facility_id for r in scenario.resize]
    unknown = [name for name in named if name not in set(facilities["id"])]
    candidates = study.layer("candidates")
    known = set() if candidates is None else set(candidates["id"])
    wished = [opened.candidate_id for opened in scenario.open if opened.candidate_id is not None]
    unknown += [name for name in wished if name not in known]
    problems = [say("情景中的“{name}”不在研究中。请核对编号。", name=name) for name in unknown]
    changes = [
        *(("move", m.facility_id) for m in scenario.move),
        *(("resize", r.facility_id) for r in scenario.resize),
        *((change, name) for name in scenario.close for change in ("move", "resize")),
    ]
    twice = sorted({name for (_, name), times in Counter(changes).items() if times > 1})
    problems += [
        say("情景中的“{name}”不止一次改动。请只保留一次。", name=name) for name in twice
    ]
    problems += [
        say("情景中新开的“{name}”没有位置。请写 lon、lat 或 candidate_id。", name=opened.name)
        for opened in scenario.open
        if opened.candidate_id is None and (opened.lon is None or opened.lat is None)
    ]
    if problems:
        raise ScenarioError(*problems)


def _closed(facilities: gpd.GeoDataFrame, scenario: Scenario) -> gpd.GeoDataFrame:
    return facilities[~facilities["id"].isin(scenario.close)].copy()


def _moved(facilities: gpd.GeoDataFrame, scenario: Scenario) -> gpd.GeoDataFrame:
    geometry = facilities.geometry.copy()
    for move in scenario.move:
        here = gpd.GeoSeries([shapely.Point(move.lon, move.lat)], crs=WGS84).to_crs(facilities.crs)
        geometry[facilities["id"] == move.facility_id] = here.iloc[0]
    return facilities.set_geometry(geometry)


def _resized(facilities: gpd.GeoDataFrame, scenario: Scenario) -> gpd.GeoDataFrame:
    facilities = facilities.copy()
    for resize in scenario.resize:
        for column in ("floor_area_m2", "beds"):
            value = getattr(resize, column)
            if value is not None:
                facilities.loc[facilities["id"] == resize.facility_id, column] = value
    return facilities


def _opened(
    facilities: gpd.GeoDataFrame, scenario: Scenario, study: Study
) -> gpd.GeoDataFrame:
    if not scenario.open:
        return facilities
    taken = set(facilities["id"])
    free = (f"s{number}" for number in count(1) if f"s{number}" not in taken)
    rows = [
        {
            "id": next(free),
            "row": 0,
            "name": opened.name,
            "category": opened.category,
            "status": "operating",
            "floor_area_m2": opened.floor_area_m2,
            "beds": opened.beds,
            "geometry": _position(opened, study),
        }
        for opened in scenario.open
    ]
    added = gpd.GeoDataFrame(rows, geometry="geometry", crs=facilities.crs)
    if "status" not in facilities.columns:
        added = added.drop(columns="status")
    added = added.dropna(axis="columns", how="all")
    if facilities.empty:
        return added
    return gpd.GeoDataFrame(
        pd.concat([facilities, added], ignore_index=True), geometry="geometry", crs=facilities.crs
    )


def _position(opened: Opened, study: Study) -> shapely.Point:
    candidates = study.layer("candidates")
    if opened.candidate_id is not None and candidates is not None:
        shape = candidates.geometry[candidates["id"] == opened.candidate_id].iloc[0]
        return shapely.point_on_surface(shape)
    here = gpd.GeoSeries([shapely.Point(opened.lon, opened.lat)], crs=WGS84).to_crs(study.crs)
    return here.iloc[0]
