"""What a gesture on the map means: the scenario that it makes of another.

A gesture comes from the browser and is believed in nothing: positions and ids are checked as those
of a scenario file are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

import numpy as np
import shapely

from analysis.placing.far_places import metres_between
from analysis.scenario import Scenario
from analysis.what_if.changes import (
    with_block,
    with_gate,
    with_linked,
    with_moved,
    with_opened,
)
from analysis.what_if.live import Live
from geo.errors import ScenarioError
from geo.language import say

SAME_SPOT_M: Final = 1.0
LAYER: Final = "gesture"  # what the map calls it among the places one can choose


@dataclass(frozen=True)
class NewCare:
    """What is opened where the map is clicked."""

    category: str
    floor_area_m2: float | None


def is_gesture(told: object) -> TypeGuard[Mapping[str, Any]]:
    """Return whether the map tells a gesture, not a place that is chosen."""
    return isinstance(told, Mapping) and told.get("layer") == LAYER


def after(
    told: Mapping[str, Any], scenario: Scenario, live: Live, *, new: NewCare
) -> Scenario:
    """Return the scenario after a gesture. Errors: ScenarioError where it makes no sense."""
    spots = told.get("spots")
    if not isinstance(spots, list) or not spots:
        raise _senseless()
    try:
        first = dict(zip(("lon", "lat"), map(float, spots[0]), strict=True))
        match told.get("gesture"):
            case "open":
                return _with_new_care(scenario, new, **first)
            case "move":
                opened = live.opened_in(scenario)
                return with_moved(scenario, str(told.get("facility")), **first, opened=opened)
            case "gate":
                return with_gate(scenario, str(told.get("estate")), **first)
            case "link":
                return with_linked(scenario, tuple(spots[0]), tuple(spots[1]))
            case "block":
                return with_block(scenario, [tuple(spot) for spot in spots])
            case _:
                raise _senseless()
    except (TypeError, ValueError, IndexError) as error:
        raise _senseless() from error


def _with_new_care(scenario: Scenario, new: NewCare, *, lon: float, lat: float) -> Scenario:
    """Return the scenario with one facility more. Errors: ScenarioError for a spot just taken.

    The second click of a hasty hand means no second facility.
    """
    taken = _standing_at(scenario, lon=lon, lat=lat)
    if taken:
        raise ScenarioError(
            say("这里刚刚新增过“{name}”，没有重复新增。确实要两处的，请点在 1 米以外，"
                "或在下面的表中添加。", name=taken)
        )  # fmt: skip
    told: dict[str, Any] = {"name": str(say("新增{n}", n=len(scenario.open) + 1))}
    if new.floor_area_m2 is not None:
        told["floor_area_m2"] = new.floor_area_m2
    return with_opened(scenario, category=new.category, lon=lon, lat=lat, **told)


def _standing_at(scenario: Scenario, *, lon: float, lat: float) -> str:
    """Return what the scenario opens within a metre of a spot; empty where nothing."""
    placed = [each for each in scenario.open if each.lon is not None and each.lat is not None]
    if not placed:
        return ""
    spots = shapely.points([[each.lon, each.lat] for each in placed])
    metres = metres_between(spots, np.full(len(placed), shapely.Point(lon, lat), dtype=object))
    nearest = int(metres.argmin())
    return placed[nearest].name if metres[nearest] <= SAME_SPOT_M else ""


def _senseless() -> ScenarioError:
    return ScenarioError(say("这一步没有看懂，没有改动。请再点一次。"))
