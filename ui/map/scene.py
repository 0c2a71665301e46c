"""What the map shows of an evaluation, layer by layer, as documents for the browser.

Nothing is computed anew: classes and sizes are read from the evaluation's own tables.
"""

import json
from pathlib import PurePosixPath

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.coverage.straight_circles import straight_circle
from analysis.evaluation import Evaluation
from analysis.study import Study
from geo.streets.network import WalkNetwork
from report import map_layers
from ui.map.area_layers import has_level, has_tiers, tiers, units
from ui.map.dots import dots
from ui.map.features import feature_collection
from ui.map.known import names
from ui.map.layer_store import Later
from ui.seen import plain

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
    if study.scenarios:  # the caption of the study itself names none
        more["caption"] = caption(study)
    return {
        **more,
        "bands": Later(lambda: bands(evaluation.isochrones)),  # drawn while the page opens
        "estates": estates(evaluation),
        "bubbles": uncovered_people(evaluation.homes),
        "facilities": facilities(evaluation),
    }


def ground(study: Study) -> bytes:
    """Return water, green and whatever else the study gives as background."""
    return _document(map_layers.ground(study))


def streets(network: WalkNetwork) -> bytes:
    """Return the streets as one feature a class."""
    return _document(map_layers.streets(network))


def borders(study: Study) -> bytes:
    """Return the outlines of the administrative areas, each with a place for its name."""
    return _document(map_layers.borders(study))


def bands(isochrones: gpd.GeoDataFrame) -> bytes:
    """Return the 5, 10 and 15-minute areas, the widest first so that the nearest lies on top."""
    return _document(map_layers.bands(isochrones))


def estates(evaluation: Evaluation) -> bytes:
    """Return the estates, each with the classes of both colourings."""
    return _document(map_layers.estates(evaluation))


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
    drawn = {"estates": map_layers.unjudged_estates, "facilities": map_layers.facilities}
    layers = {"estates": "residential", "facilities": "facilities"}
    return {name: _document(draw(study)) for name, draw in drawn.items()
            if study.layer(layers[name]) is not None}  # fmt: skip


def facilities(evaluation: Evaluation) -> bytes:
    """Return the facilities with their category, whether they operate and whether they count."""
    return _document(map_layers.facilities(evaluation.study, map_layers.counting(evaluation)))


def caption(study: Study) -> bytes:
    """Return the words under the map: the title, the notice, the date and the sources."""
    sources = [layer.source for layer in study.description.layers.values() if layer.source]
    streets = study.description.streets
    sources.append(streets.source or _file_name(streets.path))
    words = {
        "title": plain(study.title),
        "notice": plain(study.notice),
        "scenario": _scenarios(study),
        "on": study.on.isoformat(),
        "sources": [plain(source) for source in dict.fromkeys(sources)],
    }
    return json.dumps(words, ensure_ascii=False).encode()


def _scenarios(study: Study) -> str:
    """Return which scenario is shown, by its title; empty for things as they stand."""
    titles = [plain(each.get("title", "")) for each in study.scenarios]
    return "、".join(title for title in titles if title)


def _file_name(path: str) -> str:
    """Return what a file is called, without the folders of this computer nor a password."""
    return PurePosixPath(path.replace("\\", "/").split("?")[0]).name


def _document(layer: gpd.GeoDataFrame) -> bytes:
    """Return a layer as GeoJSON; of its names every sign is seen."""
    properties = pd.DataFrame(layer.drop(columns=layer.geometry.name))
    if "name" in properties:
        properties["name"] = properties["name"].map(plain, na_action="ignore")
    return feature_collection(layer.geometry, properties)


def _round_numbers(most: float) -> list[int]:
    """Return up to three round numbers, each about half to a tenth of `most` or below."""
    steps = [m * 10**e for e in range(6) for m in (1, 2, 5)]
    within = [step for step in steps if step <= most]
    return sorted({*within[-4:-3], *within[-2:]})


def _sample(people: int, most: float) -> dict[str, float]:
    return {"people": people, "radius": round(BUBBLE_RADIUS_MAX_PX * (people / most) ** 0.5, 1)}
