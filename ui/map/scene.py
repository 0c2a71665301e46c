"""What the map shows of an evaluation, layer by layer, as documents for the browser.

Nothing is computed anew: classes and sizes are read from the evaluation's own tables.
"""

import json
from pathlib import PurePosixPath

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.coverage.straight_circles import straight_circle
from analysis.evaluation import Evaluation
from analysis.study import Study
from analysis.walking.placing import operating
from geo.position.far_rows import metres_outside
from geo.streets.network import WalkNetwork
from ui.map.area_layers import has_level, has_tiers, tiers, units
from ui.map.dots import dots
from ui.map.features import feature_collection
from ui.map.known import names
from ui.map.layer_store import Later
from ui.map.palette import (
    FACILITIES,
    UNKNOWN,
    minute_classes,
    reach_classes,
    street_class,
    verdict_classes,
)
from ui.seen import plain

BESIDE_M = 5_000.0  # beyond the study's areas; what lies farther is told as a finding
# Of a layer without areas: so many times farther off than half of its rows is no part of the view.
APART_TIMES = 10.0
_SURFACE = 2  # dimensions of a polygon
CIRCLE_TOLD_M = 1000.0
BUBBLE_RADIUS_MAX_PX = 20.0  # before the browser fits them to the zoom


def draw_study(study: Study) -> dict[str, bytes]:
    """Return the layers that no speed and no limit changes, by name."""
    more = {"units": units(study)} if has_level(study, "planning_unit") else {}
    return {
        **more,
        "ground": ground(study),
        "streets": streets(study.network),
        "borders": borders(study),
        "caption": caption(study),
    }


def draw_evaluation(evaluation: Evaluation) -> dict[str, bytes | Later]:
    """Return the layers that show an evaluation, by name; one without data is not among them."""
    study, homes = evaluation.study, evaluation.homes
    more: dict[str, bytes | Later] = {"names": Later(lambda: names(study))}
    if evaluation.counted:
        more["circles"] = Later(lambda: circles(evaluation))
    if has_tiers(study):
        more["tiers"] = Later(lambda: tiers(evaluation))
    if homes["elderly_60plus"].notna().any():
        more["dots"] = Later(lambda: dots(evaluation))
    return {
        **more,
        "bands": Later(lambda: bands(evaluation.isochrones)),  # drawn while the page opens
        "estates": estates(evaluation),
        "bubbles": uncovered_people(evaluation.homes),
        "facilities": facilities(evaluation),
    }


def ground(study: Study) -> bytes:
    """Return water, green and whatever else the study gives as background."""
    layer = study.layer("background")
    if layer is None:
        return _nothing(study)
    return feature_collection(layer.geometry, _columns(layer, "kind", "name"))


def streets(network: WalkNetwork) -> bytes:
    """Return the streets as one feature a class: thousands of strokes in three drawing calls."""
    lines = network.lines()
    # An unknown kind is -1, which takes the last word.
    words = np.array([*map(street_class, network.kinds), "minor"], dtype=object)
    classes = words[network.kind]
    names = [name for name in ("minor", "middle", "major") if (classes == name).any()]
    merged = [shapely.multilinestrings(lines[classes == name]) for name in names]
    return feature_collection(
        gpd.GeoSeries(merged, crs=network.crs), pd.DataFrame({"class": names}, dtype=object)
    )


def borders(study: Study) -> bytes:
    """Return the outlines of the administrative areas, each with a place for its name.

    The finest areas lie lowest, so that a street's outline is not hidden by its communities'.
    """
    layer = study.layer("boundaries")
    if layer is None:
        return _nothing(study)
    layer = layer[layer["level"].ne("planning_unit")]  # they are a layer of their own
    ordered = layer.sort_values("level", key=lambda level: level.ne("community"), kind="stable")
    inside = ordered.geometry.representative_point().to_crs("EPSG:4326")
    properties = _columns(ordered, "name", "level").assign(
        label_x=inside.x.round(6), label_y=inside.y.round(6)
    )
    return feature_collection(ordered.geometry, properties)


def bands(isochrones: gpd.GeoDataFrame) -> bytes:
    """Return the 5, 10 and 15-minute areas, the widest first so that the nearest lies on top."""
    ordered = isochrones.sort_values("minutes", ascending=False)
    return feature_collection(ordered.geometry, _columns(ordered, "minutes"))


def estates(evaluation: Evaluation) -> bytes:
    """Return the estates, each with the classes of both colourings."""
    layer = evaluation.study.layer("residential")
    if layer is None:
        return _nothing(evaluation.study)
    places = evaluation.places.loc[evaluation.places["layer"].eq("residential")]
    walks = places.set_index("place_id")
    minutes, reason = layer["id"].map(walks["minutes"]), layer["id"].map(walks["reason"])
    share = layer["id"].map(walks["share"])
    checked = evaluation.provision.set_index("residential_id")
    verdict = layer["id"].map(checked["verdict"])
    in_scope = layer["id"].map(checked["in_scope"])
    properties = _columns(layer, "id", "name").assign(
        minutes=minutes.round(1),
        minutes_class=minute_classes(minutes, reason),
        reach_class=reach_classes(share),
        verdict_class=verdict_classes(verdict, in_scope),
    )
    return feature_collection(layer.geometry, properties)


def uncovered_people(homes: gpd.GeoDataFrame) -> bytes:
    """Return a bubble where people aged 60 and over live out of reach, its area their number.

    Homes with an unknown share or an unknown number of elders have no bubble: they are not known
    to be out of reach. Whole persons are shown; fewer than one is not.
    """
    out_of_reach = homes["elderly_60plus"] * (1 - homes["share"])
    table = homes.assign(people=out_of_reach).loc[out_of_reach.notna()]
    grouped = table.groupby(["place_layer", "place_id"], sort=True)
    places = gpd.GeoDataFrame(
        {"people": grouped["people"].sum(), "geometry": grouped["geometry"].first()},
        geometry="geometry", crs=homes.crs,
    ).reset_index()
    shown = places.loc[places["people"].ge(1)].sort_values("people", ascending=False)
    most = float(shown["people"].max()) if len(shown) else 1.0
    radius = BUBBLE_RADIUS_MAX_PX * np.sqrt(shown["people"] / most)
    properties = pd.DataFrame(
        {
            "place": shown["place_layer"] + "/" + shown["place_id"].astype(str),
            "people": shown["people"].round(), "radius": radius.round(1),
        }
    )  # fmt: skip
    about = {"most": most, "samples": [_sample(people, most) for people in _round_numbers(most)]}
    return feature_collection(shown.geometry, properties, about=about)


def circles(evaluation: Evaluation) -> bytes:
    """Return what a circle of 1,000 m claims beside the streets, in whole people."""
    told = straight_circle(
        evaluation.reach, evaluation.located, radius_m=CIRCLE_TOLD_M,
        boundaries=evaluation.study.layer("boundaries"),
    )  # fmt: skip
    people = {
        name: None if value is None else round(value)
        for name, value in (("elders", told.elders), ("in_circle", told.in_circle),
                            ("walking", told.walking))
    }  # fmt: skip
    said = {"radius": CIRCLE_TOLD_M, "limit": told.limit_min, **people}
    return json.dumps(said, ensure_ascii=False).encode()


def draw_places(study: Study) -> dict[str, bytes]:
    """Return the estates and facilities that have a place, without any result."""
    homes, care = study.layer("residential"), study.layer("facilities")
    drawn = {}
    if homes is not None:
        unjudged = _columns(homes, "id", "name").assign(minutes=None, minutes_class=UNKNOWN,
                                                        reach_class=UNKNOWN,
                                                        verdict_class=UNKNOWN)  # fmt: skip
        drawn["estates"] = feature_collection(homes.geometry, unjudged)
    if care is not None:
        drawn["facilities"] = _care_places(care, care["id"].notna())
    return drawn


def facilities(evaluation: Evaluation) -> bytes:
    """Return the facilities with their category, whether they operate and whether they count."""
    layer = evaluation.study.layer("facilities")
    if layer is None:
        return _nothing(evaluation.study)
    return _care_places(layer, layer["id"].isin(evaluation.counted))


def _care_places(layer: gpd.GeoDataFrame, counted: "pd.Series[bool]") -> bytes:
    category = layer["category"].where(layer["category"].isin(list(FACILITIES)), "other")
    properties = _columns(layer, "id", "name").assign(
        category=category, operating=operating(layer), counted=counted
    )
    points = layer.geometry.representative_point()
    return feature_collection(points, properties)


def caption(study: Study) -> bytes:
    """Return the words under the map: the title, the notice, the date and the sources."""
    sources = [layer.source for layer in study.description.layers.values() if layer.source]
    streets = study.description.streets
    sources.append(streets.source or _file_name(streets.path))
    words = {
        "title": plain(study.title),
        "notice": plain(study.notice),
        "on": study.on.isoformat(),
        "sources": [plain(source) for source in dict.fromkeys(sources)],
    }
    return json.dumps(words, ensure_ascii=False).encode()


def _file_name(path: str) -> str:
    """Return what a file is called, without the folders of this computer nor a password."""
    return PurePosixPath(path.replace("\\", "/").split("?")[0]).name


def bounds_of_life(evaluation: Evaluation) -> tuple[float, float, float, float]:
    """Return the extent, in degrees, of the estates, else homes, else facilities, else streets.

    Places without geometry have no extent: the next kind stands in when none has one. A row that
    lies far off, for a slip in its coordinates, does not widen it.
    """
    study = evaluation.study
    return _extent(
        study, study.layer("residential"), evaluation.homes, study.layer("facilities")
    )


def bounds_of_study(study: Study) -> tuple[float, float, float, float]:
    """Return the extent, in degrees, of the estates, else facilities, areas or streets."""
    kinds = ("residential", "facilities", "boundaries")
    return _extent(study, *map(study.layer, kinds))


def _extent(
    study: Study, *kinds: gpd.GeoDataFrame | None
) -> tuple[float, float, float, float]:
    ground = study.layer("boundaries")
    drawn = (at_home(kind.geometry, ground) for kind in kinds if kind is not None)
    shown = next((shapes for shapes in drawn if not np.isnan(shapes.total_bounds).any()), None)
    if shown is None:
        shown = gpd.GeoSeries(study.network.lines(), crs=study.crs)
    west, south, east, north = shown.to_crs("EPSG:4326").total_bounds
    return float(west), float(south), float(east), float(north)


def at_home(shapes: gpd.GeoSeries, ground: gpd.GeoDataFrame | None) -> gpd.GeoSeries:
    """Return the shapes near the study's areas; where none is, or there are none, near each other.

    shapes, ground
        In one metric CRS.
    """
    middles = shapely.centroid(shapes.to_numpy())
    placed = ~(shapely.is_missing(middles) | shapely.is_empty(middles))
    shapes, middles = shapes[placed], middles[placed]
    if not len(middles):
        return shapes
    areas = np.empty(0, dtype=object) if ground is None else ground.geometry.to_numpy()
    areas = areas[shapely.get_dimensions(areas) == _SURFACE]
    near = metres_outside(middles, areas) <= BESIDE_M if len(areas) else np.zeros(len(middles))
    if near.any():
        return shapes[near]
    xy = shapely.get_coordinates(middles)
    away = np.hypot(*(xy - np.median(xy, axis=0)).T)
    return shapes[away <= max(APART_TIMES * np.median(away), BESIDE_M)]


def _nothing(study: Study) -> bytes:
    return feature_collection(gpd.GeoSeries([], crs=study.crs), pd.DataFrame())


def _columns(layer: gpd.GeoDataFrame, *names: str) -> pd.DataFrame:
    """Return some columns as a plain table; a column the layer lacks is unknown throughout."""
    table = pd.DataFrame({name: layer.get(name) for name in names}, index=layer.index)
    if "name" in names:
        table["name"] = table["name"].map(plain, na_action="ignore")
    return table


def _round_numbers(most: float) -> list[int]:
    """Return up to three round numbers, each about half to a tenth of `most` or below."""
    steps = [m * 10**e for e in range(6) for m in (1, 2, 5)]
    within = [step for step in steps if step <= most]
    return sorted({*within[-4:-3], *within[-2:]})


def _sample(people: int, most: float) -> dict[str, float]:
    return {"people": people, "radius": round(BUBBLE_RADIUS_MAX_PX * (people / most) ** 0.5, 1)}
