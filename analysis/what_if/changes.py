"""One change more to a scenario: what a gesture on the map, or a press of a button, makes of it.

Each takes a scenario and returns another; whether the study knows what is named, `apply` says.
Facilities opened by the scenario itself are known by the ids that `apply` gives them.
"""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from itertools import count, islice
from pathlib import Path
from typing import Any

from analysis.description import checked
from analysis.scenario import Blocked, Gated, Linked, Moved, Opened, Position, Resized, Scenario
from geo.errors import ScenarioError
from geo.language import say


def opened_ids(scenario: Scenario, taken: Collection[str]) -> tuple[str, ...]:
    """Return the ids that `apply` gives the facilities a scenario opens.

    taken
        The ids of the study's own facilities.

    Closing one renames those opened after it.
    """
    free = (f"s{number}" for number in count(1) if f"s{number}" not in taken)
    return tuple(islice(free, len(scenario.open)))


def with_opened(
    scenario: Scenario,
    *,
    category: str,
    lon: float | None = None,
    lat: float | None = None,
    candidate_id: str | None = None,
    **more: Any,  # noqa: ANN401 - name, floor_area_m2, beds
) -> Scenario:
    """Open a facility at a WGS84 position or a candidate's. Errors: ScenarioError."""
    told = {"category": category, "name": candidate_id or f"{lon}, {lat}", **more}
    with _told():
        opened = Opened(lon=lon, lat=lat, candidate_id=candidate_id, **told)
    return _with(scenario, open=(*scenario.open, opened))


def with_closed(scenario: Scenario, facility_id: str, *, opened: Sequence[str]) -> Scenario:
    """Close a facility of the study, or one opened before. Errors: ScenarioError."""
    if facility_id in opened:
        at = opened.index(facility_id)
        return _with(scenario, open=(*scenario.open[:at], *scenario.open[at + 1 :]))
    _require_open(scenario, facility_id)
    return _with(
        scenario,
        close=(*scenario.close, facility_id),
        move=tuple(each for each in scenario.move if each.facility_id != facility_id),
        resize=tuple(each for each in scenario.resize if each.facility_id != facility_id),
    )


def with_moved(
    scenario: Scenario, facility_id: str, *, lon: float, lat: float, opened: Sequence[str]
) -> Scenario:
    """Move a facility of the study, or one opened before. Errors: ScenarioError."""
    with _told():
        move = Moved(facility_id=facility_id, lon=lon, lat=lat)
    if facility_id in opened:
        at = opened.index(facility_id)
        there = {"lon": lon, "lat": lat, "candidate_id": None}
        moved = scenario.open[at].model_copy(update=there)
        return _with(scenario, open=(*scenario.open[:at], moved, *scenario.open[at + 1 :]))
    _require_open(scenario, facility_id)
    others = (each for each in scenario.move if each.facility_id != facility_id)
    return _with(scenario, move=(*others, move))


def with_resized(
    scenario: Scenario,
    facility_id: str,
    *,
    floor_area_m2: float | None = None,
    beds: float | None = None,
    opened: Sequence[str],
) -> Scenario:
    """Enlarge a facility, or one opened before; None leaves a figure as it is.

    Errors: ScenarioError.
    """
    with _told():
        resize = Resized(facility_id=facility_id, floor_area_m2=floor_area_m2, beds=beds)
    told = resize.model_dump(exclude={"facility_id"}, exclude_none=True)
    if facility_id in opened:
        at = opened.index(facility_id)
        resized = scenario.open[at].model_copy(update=told)
        return _with(scenario, open=(*scenario.open[:at], resized, *scenario.open[at + 1 :]))
    _require_open(scenario, facility_id)
    before = [each for each in scenario.resize if each.facility_id == facility_id]
    others = (each for each in scenario.resize if each.facility_id != facility_id)
    new = before[0].model_copy(update=told) if before else resize
    return _with(scenario, resize=(*others, new))


def with_linked(scenario: Scenario, start: Position, end: Position) -> Scenario:
    """Build a way from one WGS84 position to another. Errors: ScenarioError."""
    with _told():
        built = Linked.model_validate({"from": start, "to": end})
    return _with(scenario, link=(*scenario.link, built))


def with_gate(scenario: Scenario, residential_id: str, *, lon: float, lat: float) -> Scenario:
    """Open an entrance in an estate. Errors: ScenarioError."""
    with _told():
        gate = Gated(residential_id=residential_id, lon=lon, lat=lat)
    return _with(scenario, gate=(*scenario.gate, gate))


def with_block(scenario: Scenario, line: Sequence[Position]) -> Scenario:
    """Bar every street that a line of WGS84 positions crosses. Errors: ScenarioError."""
    with _told():
        blocked = Blocked(line=tuple(line))
    return _with(scenario, block=(*scenario.block, blocked))


def with_walking(scenario: Scenario, **changes: object) -> Scenario:
    """Walk otherwise: `speed_m_per_s`, `limit_min` and so on; `apply` checks them."""
    return _with(scenario, walking={**scenario.walking, **changes})


def _with(scenario: Scenario, **changes: object) -> Scenario:
    return scenario.model_copy(update=changes)


def _require_open(scenario: Scenario, facility_id: str) -> None:
    if facility_id in scenario.close:
        raise ScenarioError(say("设施“{name}”已经关闭。", name=facility_id))


def _told() -> AbstractContextManager[None]:
    """Return what refuses a change that no scenario may say, in words. Errors: ScenarioError."""
    return checked(Path("scenario"), error=ScenarioError)
