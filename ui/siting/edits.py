"""Changes of a scenario made in its tables: what each table says becomes another scenario."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd

from analysis.description import checked
from analysis.scenario import Opened, Scenario
from geo.errors import ScenarioError
from geo.language import say

Listed = Literal["open", "close", "move", "resize", "link", "gate", "block"]
OPENED_MAX: Final = 200
COLUMNS: Final = ("name", "category", "lon", "lat", "floor_area_m2", "beds", "candidate_id")
NEEDED: Final = ("name", "category")


def opened_table(scenario: Scenario) -> pd.DataFrame:
    """Return the facilities a scenario opens, a row each; what is unknown is empty."""
    rows = [{name: getattr(each, name) for name in COLUMNS} for each in scenario.open]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    figures = dict.fromkeys(("lon", "lat", "floor_area_m2", "beds"), "float64")
    return table.astype(figures | dict.fromkeys(("name", "category", "candidate_id"), "object"))


def with_opened_table(scenario: Scenario, edits: Mapping[str, Any]) -> Scenario:
    """Return the scenario after edits of that table, as Streamlit's editor tells them.

    Errors: ScenarioError, in words, where a row says what no facility can.
    """
    gone = set(edits.get("deleted_rows", ()))
    changed: Mapping[Any, Mapping[str, Any]] = edits.get("edited_rows", {})
    told = {int(at): dict(cells) for at, cells in changed.items()}
    kept = [
        _edited(each, told.get(at, {})) for at, each in enumerate(scenario.open) if at not in gone
    ]
    added = [_added(row) for row in edits.get("added_rows", ()) if any(row.values())]
    opened = (*kept, *added)
    if len(opened) > OPENED_MAX:
        raise ScenarioError(say("一个情景最多新增 {most} 处。", most=OPENED_MAX))
    return scenario.model_copy(update={"open": opened})


def without(scenario: Scenario, listed: Listed, at: int) -> Scenario:
    """Return the scenario without one of its changes."""
    changes: Sequence[Any] = getattr(scenario, listed)
    return scenario.model_copy(update={listed: (*changes[:at], *changes[at + 1 :])})


def without_walking(scenario: Scenario, name: str) -> Scenario:
    """Return the scenario without one of its settings of the walk."""
    rest = {key: value for key, value in scenario.walking.items() if key != name}
    return scenario.model_copy(update={"walking": rest})


def retitled(scenario: Scenario, title: str) -> Scenario:
    """Return the scenario under another title. Errors: ScenarioError for none."""
    plain = " ".join(title.split())
    if not plain:
        raise ScenarioError(say("情景要有名称。请填写后再试。"))
    return scenario.model_copy(update={"title": plain[:60]})


def _edited(opened: Opened, cells: Mapping[str, Any]) -> Opened:
    if not cells:
        return opened
    new = {**opened.model_dump(), **cells}
    if "lon" in cells or "lat" in cells:
        new["candidate_id"] = None  # it stands elsewhere now
    return _opened(new)


def _added(row: Mapping[str, Any]) -> Opened:
    return _opened({name: value for name, value in row.items() if value not in (None, "")})


def _opened(told: Mapping[str, Any]) -> Opened:
    """Return a facility to be opened. Errors: ScenarioError."""
    if any(not told.get(name) for name in NEEDED):
        raise ScenarioError(say("新增的设施要有名称和类别。请填写后再试。"))
    somewhere = told.get("lon") is not None and told.get("lat") is not None
    if told.get("candidate_id") is None and not somewhere:
        raise ScenarioError(
            say("“{name}”没有位置。请填写经度和纬度，或在地图上点击新增。", name=told["name"])
        )
    with _told():
        return Opened.model_validate(dict(told))


def _told() -> AbstractContextManager[None]:
    return checked(Path("scenario"), error=ScenarioError)
