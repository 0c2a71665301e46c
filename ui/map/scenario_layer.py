"""What a scenario changes on the map of things as they stand: one small document a change.

It names only what differs: estates by id and class, people out of reach by place, facilities that
are closed; and brings what is new: facilities opened or moved, links, gates and blocks.
"""

import json
from collections.abc import Collection
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.scenario import Scenario
from analysis.what_if.by_place import ByPlace, changed
from analysis.what_if.live import Live, Outcome
from report.palette import FACILITIES, reach_classes
from ui.seen import plain

LEAST_PEOPLE: Final = 1.0  # whole people have a bubble, as `scene.uncovered_people` draws them
_DECIMALS: Final = 6  # of a degree: 11 cm


def draw_change(live: Live, by_place: ByPlace, outcome: Outcome) -> bytes:
    """Return what differs from the baseline under a scenario, as GeoJSON with further members.

    Features: people left out only now, links, gates, blocks, facilities opened or moved. Members:
    `estates`, the class by id of those whose reach changes; `people`, those left out of
    reach by place; `closed`, facilities that are not where they were; `title`, of the scenario.
    """
    before, after = (by_place.estate_shares(each) for each in (live.baseline, outcome))
    nearer = changed(before, after)
    classes = reach_classes(nearer, before.loc[nearer.index])
    before_left = by_place.left(live.baseline)
    left = changed(before_left, by_place.left(outcome))
    fresh = left[before_left.loc[left.index].lt(LEAST_PEOPLE) & left.ge(LEAST_PEOPLE)]
    scenario = outcome.scenario
    document = {
        "type": "FeatureCollection",
        "features": [
            *_people(by_place, fresh), *works(scenario), *_care(live, scenario),
        ],
        "estates": dict(zip(classes.index, classes, strict=True)),
        "people": _by_place(left),
        "title": plain(scenario.title),
        "closed": [*scenario.close, *(move.facility_id for move in scenario.move)],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _by_place(people: "pd.Series[float]") -> dict[str, int]:
    """Return whole people by place, called as the bubbles call it."""
    layer, place = (people.index.get_level_values(level).astype(str) for level in (0, 1))
    return dict(zip(layer + "/" + place, np.rint(people).astype(int).tolist(), strict=True))


def _people(by_place: ByPlace, people: "pd.Series[float]") -> list[dict[str, Any]]:
    """Return the places that have no bubble as things stand."""
    at = by_place.at.loc[people.index].to_crs("EPSG:4326")
    return [
        _feature(_spot(x, y), kind="people", people=round(number))
        for x, y, number in zip(at.x, at.y, people, strict=True)
    ]


def _care(live: Live, scenario: Scenario) -> list[dict[str, Any]]:
    """Return the facilities that a scenario opens or moves, where they then stand."""
    study = live.study_of(scenario)
    facilities = study.layer("facilities")
    new = [*live.opened_in(scenario), *(move.facility_id for move in scenario.move)]
    if facilities is None or not new:
        return []
    rows = facilities[facilities["id"].isin(new)]
    is_open = rows["id"].isin(live.opened_in(scenario))
    categories = set(study.description.walking.categories)
    counted = set(rows.loc[rows["category"].isin(categories), "id"])
    return [
        *care_features(rows[is_open], kind="opened", counted=counted),
        *care_features(rows[~is_open], kind="moved", counted=counted),
    ]


def care_features(
    rows: gpd.GeoDataFrame, *, kind: str, counted: Collection[str]
) -> list[dict[str, Any]]:
    """Return facilities, each with its sign; `counted` are the ids of those that count."""
    shown = rows[~(rows.geometry.isna() | rows.geometry.is_empty)]
    points = gpd.GeoSeries(shapely.point_on_surface(shown.geometry.to_numpy()), crs=rows.crs)
    at = points.to_crs("EPSG:4326")
    category = shown["category"].where(shown["category"].isin(list(FACILITIES)), "other")
    told = zip(shown["id"], shown["name"], category, at.x, at.y, strict=True)
    return [
        _feature(
            _spot(x, y), kind=kind, id=id_, name=plain(name), category=code,
            operating=True, counted=id_ in counted,
        )
        for id_, name, code, x, y in told
    ]  # fmt: skip


def works(scenario: Scenario) -> list[dict[str, Any]]:
    """Return the links, gates and blocks of a scenario; each knows its position in it."""
    return [
        *(
            _feature(_line((each.start, each.end)), kind="link", id=str(number))
            for number, each in enumerate(scenario.link)
        ),
        *(
            _feature(_spot(each.lon, each.lat), kind="gate", id=str(number))
            for number, each in enumerate(scenario.gate)
        ),
        *(
            _feature(_line(each.line), kind="block", id=str(number))
            for number, each in enumerate(scenario.block)
        ),
    ]  # fmt: skip


def _spot(x: float, y: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [round(x, _DECIMALS), round(y, _DECIMALS)]}


def _line(positions: tuple[tuple[float, float], ...]) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": np.array(positions).tolist()}


def _feature(geometry: dict[str, Any], **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}
