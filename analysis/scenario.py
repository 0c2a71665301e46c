"""A scenario: what would be opened, closed, moved, enlarged, built or barred.

A value; the baseline is the empty one. Positions are WGS84 degrees, longitude first.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Annotated, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pydantic import Field, PrivateAttr
from pyproj import CRS

from analysis.description import Category, Described, Walking, checked
from analysis.scenario_keys import unknown_walking
from analysis.study import Study
from analysis.walking.alterations import JOIN_M, Alterations, Block, Gate, Link, Spot
from geo.errors import ScenarioError
from geo.findings import Finding
from geo.language import Message, say
from geo.position.coordinates import WGS84

FAR_M = 50_000.0  # no study reaches further beyond its streets: the position must be wrong

Degrees = Annotated[float, Field(strict=True)]
Longitude = Annotated[Degrees, Field(ge=-180, le=180)]
Latitude = Annotated[Degrees, Field(ge=-90, le=90)]
Position = tuple[Longitude, Latitude]


class Opened(Described):
    """A facility to be opened at a WGS84 position, or at a candidate's.

    allocated_m2
        What of its floor area is for estates; all of it where absent.
    """

    name: str
    category: Category
    lon: float | None = Field(default=None, ge=-180, le=180)
    lat: float | None = Field(default=None, ge=-90, le=90)
    candidate_id: str | None = None
    floor_area_m2: float | None = Field(default=None, ge=0)
    allocated_m2: float | None = Field(default=None, ge=0)
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


class Linked(Described):
    """A way to be built, straight from one position to another; `from` and `to` in files."""

    start: Position = Field(alias="from")
    end: Position = Field(alias="to")


class Gated(Described):
    """An entrance to be opened in an estate, besides those it has."""

    residential_id: str
    lon: Longitude
    lat: Latitude


class Blocked(Described):
    """A line across which no street is to be walked; off the streets it bars nobody."""

    line: tuple[Position, ...] = Field(min_length=2)


class Scenario(Described):
    """Changes to a study; the empty one is the baseline."""

    title: str = ""
    open: tuple[Opened, ...] = ()
    close: tuple[str, ...] = ()
    move: tuple[Moved, ...] = ()
    resize: tuple[Resized, ...] = ()
    link: tuple[Linked, ...] = ()
    gate: tuple[Gated, ...] = ()
    block: tuple[Blocked, ...] = ()
    walking: dict[str, Any] = Field(default_factory=dict)

    _file: str = PrivateAttr(default="")

    def model_post_init(self, context: object) -> None:
        """Note the name of the file that the scenario is read from."""
        self._file = context if isinstance(context, str) else ""

    def __eq__(self, other: object) -> bool:
        """Return whether another says the same, wherever either was read from."""
        return isinstance(other, Scenario) and self.model_dump() == other.model_dump()

    def __hash__(self) -> int:
        """Return a hash of what it says."""
        return hash(self.model_dump_json())

    @property
    def file(self) -> str:
        """Return the name of the file it was read from; empty for none."""
        return self._file

    @property
    def called(self) -> str:
        """Return what messages call the scenario: its file, else its title."""
        return self._file or self.title or "scenario"


def apply(scenario: Scenario, study: Study) -> Study:
    """Return the study as it would be. Errors: ScenarioError for ids the study does not have."""
    facilities = study.layers.get("facilities")
    if facilities is None:
        facilities = gpd.GeoDataFrame(
            {"id": pd.Series(dtype=str), "row": pd.Series(dtype=int)}, geometry=[], crs=study.crs
        )
    _require_known(scenario, study, facilities)
    _require_near(scenario, study)
    alterations = _alterations(scenario, study)
    changed = _closed(facilities, scenario)
    changed = _moved(changed, scenario)
    changed = _resized(changed, scenario)
    changed = _opened(changed, scenario, study)
    study = replace(
        study,
        layers={**study.layers, "facilities": changed},
        alterations=study.alterations.and_(alterations),
        scenarios=(
            *study.scenarios,
            scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        ),
    )
    told = say("按情景“{title}”计算。", title=scenario.title) if scenario.title else None
    note = Finding("info", "facilities", told or say("按情景计算。"))
    study = replace(study, findings=(*study.findings, note))
    called = Path(scenario.called)
    with checked(
        called, "walking", error=ScenarioError, rather=lambda one: unknown_walking(called, one)
    ):
        Walking.model_validate({**study.description.walking.model_dump(), **scenario.walking})
    return study.with_walking(**scenario.walking)


def _require_known(scenario: Scenario, study: Study, facilities: gpd.GeoDataFrame) -> None:
    known = set(facilities["id"])
    named = [("close", name) for name in scenario.close]
    named += [(f"move.{n}.facility_id", m.facility_id) for n, m in enumerate(scenario.move)]
    named += [(f"resize.{n}.facility_id", r.facility_id) for n, r in enumerate(scenario.resize)]
    unknown = [(key, name) for key, name in named if name not in known]
    candidates = study.layer("candidates")
    plots = set() if candidates is None else set(candidates["id"])
    unknown += [
        (f"open.{number}.candidate_id", opened.candidate_id)
        for number, opened in enumerate(scenario.open)
        if opened.candidate_id is not None and opened.candidate_id not in plots
    ]
    problems = [
        say(
            "{file}：{key} “{name}”不在研究中。请核对编号。",
            file=scenario.called,
            key=key,
            name=name,
        )
        for key, name in unknown
    ]
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


def _require_near(scenario: Scenario, study: Study) -> None:
    """Refuse positions of facilities that lie far from all streets."""
    spots = {
        f"open.{number}": (opened.lon, opened.lat)
        for number, opened in enumerate(scenario.open)
        if opened.candidate_id is None and opened.lon is not None and opened.lat is not None
    }
    spots |= {f"move.{number}": (move.lon, move.lat) for number, move in enumerate(scenario.move)}
    if not spots:
        return
    problems = [
        say(
            "{file}：“{key}”离研究的道路超过 {cap:.0f} 公里。"
            "请核对坐标（WGS84，先经度后纬度）。",
            file=scenario.called,
            key=key,
            cap=FAR_M / 1000,
        )
        for key, here in zip(spots, _in_metres([*spots.values()], study.crs), strict=True)
        if not study.network.has_near(*here, within_m=FAR_M)
    ]
    if problems:
        raise ScenarioError(*problems)


def _closed(facilities: gpd.GeoDataFrame, scenario: Scenario) -> gpd.GeoDataFrame:
    return facilities[~facilities["id"].isin(scenario.close)].copy()


def _moved(facilities: gpd.GeoDataFrame, scenario: Scenario) -> gpd.GeoDataFrame:
    if not scenario.move:
        return facilities
    geometry = facilities.geometry.copy()
    here = _in_metres([(move.lon, move.lat) for move in scenario.move], facilities.crs)
    for move, spot in zip(scenario.move, here, strict=True):
        geometry[facilities["id"] == move.facility_id] = shapely.Point(spot)
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
    positions = _positions(scenario.open, study)
    rows = [
        {
            "id": next(free),
            "row": 0,
            "name": opened.name,
            "category": opened.category,
            "status": "operating",
            "floor_area_m2": opened.floor_area_m2,
            "allocated_m2": opened.allocated_m2,
            "beds": opened.beds,
            "geometry": position,
        }
        for opened, position in zip(scenario.open, positions, strict=True)
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


def _positions(opened: Sequence[Opened], study: Study) -> list[shapely.Point]:
    """Return where facilities are opened: at their candidate's, else at their own position."""
    candidates = study.layer("candidates")
    plots = {} if candidates is None else dict(
        zip(candidates["id"][::-1], candidates.geometry.array[::-1], strict=True)
    )
    own = [(one.lon or 0.0, one.lat or 0.0) for one in opened if one.candidate_id not in plots]
    spots = iter(_in_metres(own, study.crs) if own else ())
    at = (plots.get(one.candidate_id) for one in opened)
    return [shapely.Point(next(spots)) if p is None else shapely.point_on_surface(p) for p in at]


def _alterations(scenario: Scenario, study: Study) -> Alterations:
    """Return links, gates and blocks in metres.

    Errors: ScenarioError with one line for everything that can be told wrong without streets.
    """
    file, crs = scenario.called, study.crs
    links = tuple(
        Link(file, f"link.{number}", *_in_metres((link.start, link.end), crs))
        for number, link in enumerate(scenario.link)
    )
    gates = tuple(
        Gate(file, f"gate.{number}", gate.residential_id, *_in_metres([(gate.lon, gate.lat)], crs))
        for number, gate in enumerate(scenario.gate)
    )
    blocks = tuple(
        Block(file, f"block.{number}", _in_metres(block.line, crs))
        for number, block in enumerate(scenario.block)
    )
    problems = [
        *(_no_length(link.file, link.key) for link in links if _short((link.start, link.end))),
        *(_no_length(block.file, block.key) for block in blocks if _short(block.line)),
        *_unknown_estates(gates, study),
        *_twice({link.key: frozenset((link.start, link.end)) for link in links}, file),
        *_twice({gate.key: (gate.residential_id, gate.at) for gate in gates}, file),
        *_twice({block.key: min(block.line, block.line[::-1]) for block in blocks}, file),
    ]
    if problems:
        raise ScenarioError(*problems)
    return Alterations(links, gates, blocks)


def _in_metres(positions: Sequence[Position], crs: CRS) -> tuple[Spot, ...]:
    here = gpd.GeoSeries(gpd.points_from_xy(*zip(*positions, strict=True)), crs=WGS84).to_crs(crs)
    return tuple(zip(here.x.tolist(), here.y.tolist(), strict=True))


def _short(line: Sequence[Spot]) -> bool:
    """Return whether a line is too short to lead from anywhere to anywhere else."""
    return bool(np.hypot(*np.diff(np.array(line), axis=0).T).sum() <= JOIN_M)


def _no_length(file: str, key: str) -> Message:
    return say("{file}：“{key}”没有长度。请写两个不同的位置。", file=file, key=key)


def _unknown_estates(gates: Sequence[Gate], study: Study) -> list[Message]:
    residential = study.layer("residential")
    known = set() if residential is None or not gates else set(residential["id"])
    return [
        say(
            "{file}：“{key}”的小区“{name}”不在研究中。请核对编号。",
            file=gate.file,
            key=f"{gate.key}.residential_id",
            name=gate.residential_id,
        )
        for gate in gates
        if gate.residential_id not in known
    ]


def _twice(told: Mapping[str, Hashable], file: str) -> list[Message]:
    """Return a line for everything that has been told before under another key."""
    first: dict[Hashable, str] = {}
    return [
        say("{file}：“{key}”与“{first}”相同。请只保留一次。", file=file, key=key, first=before)
        for key, what in told.items()
        if (before := first.setdefault(what, key)) != key
    ]
