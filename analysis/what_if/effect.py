"""What a change does to anybody's walk: it moves people across the limit, alters walks, or neither.

A change may be made and still help or harm nobody; who made it is to be told so, and why.
"""

from typing import Final, Literal

import numpy as np

from analysis.scenario import Scenario
from analysis.what_if.live import Changed, Outcome
from analysis.what_if.standing import Reached
from geo.streets.network import Ints
from geo.walks.nearest_walks import nearest_facility

Effect = Literal["reach", "walks", "nothing"]
Reason = Literal["far", "uncounted", "crosses nothing", "no nearer", "on no way"]
Part = Literal["open", "close", "move", "link", "gate", "block"]
PARTS: Final[tuple[Part, ...]] = ("open", "close", "move", "link", "gate", "block")


def effect(changed: Changed) -> Effect:
    """Return whether somebody is within the limit who was not, or no longer; else whether any walk.

    Both outcomes walk by the same rules.
    """
    before, after = changed.before.reached, changed.after.reached
    if not np.array_equal(before.within, after.within):
        return "reach"
    same = np.array_equal(shortest_walks(before), shortest_walks(after))
    return "nothing" if same else "walks"


def shortest_walks(reached: Reached) -> Ints:
    """Return the walk of each point to the nearest facility that counts, in whole millimetres.

    `FAR` beyond the horizon, and where there is no way.
    """
    standing = reached.standing
    sites = standing.sites(_positions(reached))
    walks = nearest_facility(
        standing.graph, sites, standing.exits, horizon_mm=reached.horizon_mm
    )
    return walks.walk_mm


def part_changed(before: Scenario, after: Scenario) -> Part | None:
    """Return which part of a scenario a change is of; None where none of these, or several."""
    parts = [part for part in PARTS if getattr(before, part) != getattr(after, part)]
    alike = before.walking == after.walking
    return parts[0] if alike and len(parts) == 1 else None


def reason(changed: Changed, part: Part) -> Reason | None:
    """Return why a change to one part alters no walk at all; None where nobody knows.

    The last entry is looked at, which a gesture on the map adds.
    """
    after = changed.after
    entries = getattr(after.scenario, part)
    if len(entries) <= len(getattr(changed.before.scenario, part)):
        return None
    match part:
        case "link" | "gate":
            return "no nearer"
        case "block":
            return "crosses nothing" if _meets_nothing(after, len(entries) - 1) else "on no way"
        case "open":
            return _of_new(changed)
        case "close" | "move":
            facility = entries[-1] if part == "close" else entries[-1].facility_id
            counted = set(changed.before.reached.facilities["id"])
            return None if facility in counted else "uncounted"


def _of_new(changed: Changed) -> Reason:
    """Return why a facility that is opened last is nobody's nearest."""
    before, after = (each.reached for each in (changed.before, changed.after))
    fresh = ~after.facilities["id"].isin(before.facilities["id"]).to_numpy()
    if not fresh.any():
        return "uncounted"
    ways = after.standing.sites(_positions(after)[fresh]).ways
    return "no nearer" if np.diff(ways.first).any() else "far"


def _positions(reached: Reached) -> np.ndarray:
    return np.array(reached.spots, dtype=np.float64).reshape(-1, 2)


def _meets_nothing(outcome: Outcome, number: int) -> bool:
    """Return whether a block meets no street, as those who walk by it are warned."""
    altered = outcome.reached.standing.altered
    found = () if altered is None else altered.findings
    key = f"block.{number}"
    return any(
        each.severity == "warning" and each.message.values.get("key") == key for each in found
    )
