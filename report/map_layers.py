"""What maps show of a study and its evaluation: one frame a layer, with the classes it is drawn by.

Nothing is computed anew: classes are read from the evaluation's own tables. Frames are in the CRS
of what they show; a layer that the study lacks is an empty one.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.evaluation import Evaluation
from analysis.study import Study
from analysis.walking.placing import operating
from geo.position.coordinates import WGS84
from geo.streets.network import WalkNetwork
from report.palette import (
    FACILITIES,
    UNKNOWN,
    minute_classes,
    reach_classes,
    street_class,
    verdict_classes,
)


def ground(study: Study) -> gpd.GeoDataFrame:
    """Return water, green and whatever else the study gives as background: `kind, name`."""
    layer = study.layer("background")
    return _nothing(study) if layer is None else _columns(layer, "kind", "name")


def streets(network: WalkNetwork) -> gpd.GeoDataFrame:
    """Return the streets as one row a `class`: thousands of strokes in three drawing calls."""
    lines = network.lines()
    # An unknown kind is -1, which takes the last word.
    words = np.array([*map(street_class, network.kinds), "minor"], dtype=object)
    classes = words[network.kind]
    names = [name for name in ("minor", "middle", "major") if (classes == name).any()]
    merged = [shapely.multilinestrings(lines[classes == name]) for name in names]
    return gpd.GeoDataFrame(
        {"class": pd.Series(names, dtype=object)}, geometry=merged, crs=network.crs
    )


def borders(study: Study) -> gpd.GeoDataFrame:
    """Return the administrative areas: `id, name, level` and `label_x, label_y` in degrees.

    The finest areas lie lowest, so that a street's outline is not hidden by its communities'.
    """
    layer = study.layer("boundaries")
    if layer is None:
        return _nothing(study)
    layer = layer[layer["level"].ne("planning_unit")]  # they are a layer of their own
    ordered = layer.sort_values("level", key=lambda level: level.ne("community"), kind="stable")
    inside = ordered.geometry.representative_point().to_crs(WGS84)
    return _columns(ordered, "id", "name", "level").assign(
        label_x=inside.x.round(6), label_y=inside.y.round(6)
    )


def bands(isochrones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the 5, 10 and 15-minute areas by `minutes`, the nearest last so that it is on top."""
    return _columns(isochrones.sort_values("minutes", ascending=False), "minutes")


def estates(evaluation: Evaluation) -> gpd.GeoDataFrame:
    """Return the estates with the classes of every colouring.

    Columns: id, name, minutes, minutes_class, reach_class, verdict_class.
    """
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
    return _columns(layer, "id", "name").assign(
        minutes=minutes.round(1),
        minutes_class=minute_classes(minutes, reason),
        reach_class=reach_classes(share),
        verdict_class=verdict_classes(verdict, in_scope),
    )


def unjudged_estates(study: Study) -> gpd.GeoDataFrame:
    """Return the estates as `estates` does, of which nothing is known yet."""
    layer = study.layer("residential")
    if layer is None:
        return _nothing(study)
    return _columns(layer, "id", "name").assign(
        minutes=None, minutes_class=UNKNOWN, reach_class=UNKNOWN, verdict_class=UNKNOWN
    )


def facilities(study: Study, counted: "pd.Series[bool] | None" = None) -> gpd.GeoDataFrame:
    """Return the facilities: `id, name, category, operating, counted`.

    counted
        Whether each counts for the circle; all where None.
    """
    layer = study.layer("facilities")
    if layer is None:
        return _nothing(study)
    category = layer["category"].where(layer["category"].isin(list(FACILITIES)), "other")
    return (
        _columns(layer, "id", "name")
        .assign(category=category, operating=operating(layer),
                counted=layer["id"].notna() if counted is None else counted)
        .set_geometry(layer.geometry.representative_point())
    )  # fmt: skip


def counting(evaluation: Evaluation) -> "pd.Series[bool]":
    """Return whether each facility counts for the circle; empty without facilities."""
    layer = evaluation.study.layer("facilities")
    ids = pd.Series(dtype=object) if layer is None else layer["id"]
    return ids.isin(evaluation.counted)


def _nothing(study: Study) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=[], crs=study.crs)


def _columns(layer: gpd.GeoDataFrame, *names: str) -> gpd.GeoDataFrame:
    """Return some columns; one that the layer lacks is unknown throughout."""
    table = pd.DataFrame({name: layer.get(name) for name in names}, index=layer.index)
    return gpd.GeoDataFrame(table, geometry=layer.geometry, crs=layer.crs)
